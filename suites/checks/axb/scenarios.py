"""What AXB checks say and do again and again.

checks/assertions.py has what is of all modes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import claim_put_through, known_fields, set_up_succeeds
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = [
    "Pair",
    "bind_users",
    "claim_call_refused",
    "claim_query_shows",
    "claim_reaches",
    "claim_shown",
    "claim_unchanged",
    "info_of",
    "listed_bindings",
]

Listing = dict[str, dict[str, dict[str, Any]]]
"""X -> subscriptionId -> what a query shows of it."""


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Pair:
    """A binding that a check made."""

    a: str
    b: str
    x: str
    sub: str
    answer: Answer


def bind_users(
    context: CheckContext,
    a: str | None = None,
    b: str | None = None,
    x: str | None = None,
    *,
    app: App | None = None,
    by: str | None = None,
    **fields: Any,
) -> Pair:
    """Bind A and B (fresh mobiles unless given) on X (the first unless given).

    A refusal breaks `by`, where given.

    Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
    """
    a, b = a or context.user(), b or context.user()
    x = x or (app.numbers[0].number if app else context.axb.x())
    body = {"callerNum": a, "calleeNum": b, "relationNum": x, **fields}
    answer = context.request("axb.bind", body=body, app=app)
    if not set_up_succeeds(context, by, "AXB-BIND-001", answer, f"bind on {x}"):
        raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")
    return Pair(a, b, x, str(answer["subscriptionId"]), answer)


def listed_bindings(context: CheckContext, x: str) -> dict[str, dict[str, Any]]:
    """The bindings on `x` by subscriptionId.

    Empty where the platform says that there are none.
    """
    known = known_fields("axb.query", context.axb.query(relationNum=x))
    return {str(info.get("subscriptionId")): info for info in known.items("relationNumList")}


def info_of(context: CheckContext, requirement: str, sub: str) -> dict[str, Any]:
    """What a query by subscriptionId shows of a binding.

    It must be there, by `requirement`.
    """
    answer = context.axb.query(subscriptionId=sub)
    found = known_fields("axb.query", answer).items("relationNumList")
    came = f"query of {sub}: expected that binding, came {answer.key} {answer.desc}"
    context.expect(requirement, len(found) == 1, came)
    return dict(found[0]) if found else {}


UNSHOWN = {
    **dict.fromkeys(("relationNum", "callerNum", "calleeNum"), "AXB-QUERY-108"),
    "totalCount": "AXB-QUERY-109",
}
"""The rules of what real clients need; of any other field that is not shown it is AXB-QUERY-008."""


def claim_shown(context: CheckContext, info: Mapping[str, Any], name: str) -> bool:
    """Claim that an answer shows a field that it need not show.

    Whether it does.
    """
    shown = info.get(name) not in (None, "")
    context.claim(UNSHOWN.get(name, "AXB-QUERY-008"), shown, f"the answer to a query does not show {name}")
    return shown


def claim_query_shows(
    context: CheckContext, requirement: str, sub: str, *, before: Mapping[str, Any] | None = None, **fields: Any
) -> None:
    """Claim that the query answer of a binding shows these values.

    Flags count as text or boolean.

    A field that need not be shown, and is not, breaks the rule that says so alone, unless it stood there `before`.
    """
    info = info_of(context, requirement, sub)
    for name, value in fields.items():
        stays = name == "subscriptionId" or (before or {}).get(name) not in (None, "")
        if not stays and not claim_shown(context, info, name):
            continue
        came = info.get(name)
        same = str(came).lower() == str(value).lower() if isinstance(value, bool) else came == value
        context.claim(requirement, same, f"query shows {name}: expected {value!r}, came {came!r}")


@contextmanager
def claim_unchanged(context: CheckContext, requirement: str, *xs: str) -> Iterator[None]:
    """Claim that what a query shows of each X stays the same.

    The first X unless others are given.
    """
    numbers = xs or (context.axb.x(),)
    before = {x: listed_bindings(context, x) for x in numbers}
    yield
    after = {x: listed_bindings(context, x) for x in numbers}
    context.claim(requirement, before == after, f"bindings changed: {_differences(before, after)}")


def _differences(before: Listing, after: Listing) -> str:
    """What changed between two listings, in words."""
    was = {sub: info for there in before.values() for sub, info in there.items()}
    now = {sub: info for there in after.values() for sub, info in there.items()}
    words = [f"{sub} is gone" for sub in was.keys() - now.keys()]
    words += [f"{sub} is new" for sub in now.keys() - was.keys()]
    for sub in was.keys() & now.keys():
        names = [name for name in was[sub] | now[sub] if was[sub].get(name) != now[sub].get(name)]
        words += [f"{sub} {name}: {was[sub].get(name)!r} became {now[sub].get(name)!r}" for name in names]
    return ", ".join(words)


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_reaches(
    context: CheckContext, requirement: str, caller: str, pair: Pair, callee: str, **plan: Any
) -> CallView:
    """Place a call to the pair's X and claim that `callee` gets it."""
    call = context.call(caller, pair.x, **plan)
    claim_put_through(context, requirement, call, callee)
    return call


def claim_call_refused(context: CheckContext, requirement: str, caller: str, x: str, *causes: int) -> CallView:
    """Place a call and claim that it reaches nobody.

    With `causes`, that it is released with one of them.
    """
    call = context.call(caller, x)
    message = f"{caller} calls X: expected nobody, reached {call.forwarded_to}"
    context.expect(requirement, call.forwarded_to is None and call.state == "ended", f"{message}, state {call.state}")
    if causes:
        cause = call.release_cause
        context.expect(requirement, cause in causes, f"release cause: expected {causes}, came {cause}")
    return call
