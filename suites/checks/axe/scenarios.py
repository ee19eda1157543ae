"""The few sentences in which the AXE checks speak.

Those of all modes are in checks/assertions.py.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import UNKNOWN, completed_call, known_fields, set_up_succeeds
from privnum.suites.runner.call_timing import collection_seconds, wait_for_state
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = [
    "GONE",
    "PROMPTS",
    "UNKNOWN",
    "Binding",
    "answered_call",
    "bind_users",
    "claim_caller_refused",
    "claim_calls_back_to",
    "claim_ended",
    "claim_reaches",
    "claim_unchanged",
    "info_of",
    "is_gone",
    "is_shown",
    "is_there",
    "known_caller",
    "other_extension",
    "shows",
    "wait_for_entry",
    "with_both_times",
]

GONE = "1016001"
PROMPTS = 11
"""As often as any application asks for an extension; who enters a wrong one each time has surely failed."""
ENTERING = 2
"""Seconds from a prompt to the digits, where a check does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding that a check made: A is reached through X and the extension."""

    a: str
    x: str
    extension: str
    sub: str
    answer: Answer


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bind_users(
    context: CheckContext,
    a: str | None = None,
    x: str | None = None,
    extension: str | None = None,
    *,
    app: App | None = None,
    by: str | None = None,
    **fields: Any,
) -> Binding:
    """Bind A (a fresh mobile unless given) on X (the first unless given).

    A refusal breaks `by`, where given.

    Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
    """
    a, x = a or context.user(), x or context.axe.x(app=app)
    answer = context.axe.bind(a, x, extension, app=app, **with_both_times(fields))
    if not set_up_succeeds(context, by, "AXE-BIND-001", answer, f"bind of {a} on {x}"):
        raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")
    return Binding(a, x, str(answer["extendNum"]), str(answer["subscriptionId"]), answer)


def with_both_times(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with a callbackExpiredTime beside a bindExpiredTime.

    The default might be too long for it.
    """
    ends = bool(fields.get("bindExpiredTime")) and "callbackExpiredTime" not in fields
    return fields | {"callbackExpiredTime": 1} if ends else fields


def other_extension(context: CheckContext, *taken: str, app: App | None = None) -> str:
    """An extension of the application's digits that is none of `taken`."""
    digits = (app or context.axe.app).extension_digits
    return next(text for number in range(1, 10**digits) if (text := f"{number:0{digits}d}") not in taken)


def info_of(context: CheckContext, requirement: str, binding: Binding, **query: Any) -> dict[str, Any]:
    """What a query shows of a binding that must be there.

    By `requirement`; by its id unless `query` says how.
    """
    answer = context.axe.query(**(query or {"subscriptionId": binding.sub}))
    found = answer["subscriptionId"] if answer.ok else None
    context.expect(requirement, found == binding.sub, f"query: expected {binding.sub}, came {found}, {answer.key}")
    return dict(answer.body or {})


def is_there(
    context: CheckContext, requirement: str, binding: Binding, when: str, *, sure: Callable[[], None] = lambda: None
) -> None:
    """Claim that queries by id and by X and extension find the binding.

    `sure` is asked once the answers are there; it raises NotExercised where they cannot be trusted.
    """
    queries = ({"subscriptionId": binding.sub}, {"virtualNum": binding.x, "extendNum": binding.extension})
    answers = [context.axe.query(**query) for query in queries]
    sure()
    for query, answer in zip(queries, answers, strict=True):
        ok = answer.ok and answer["subscriptionId"] == binding.sub
        context.claim(requirement, ok, f"{when}: expected {binding.sub}, a query by {sorted(query)} gives {answer.key}")


def is_gone(context: CheckContext, requirement: str, binding: Binding, when: str) -> None:
    """Claim that queries by id and by X and extension find no binding."""
    answer = context.axe.query(subscriptionId=binding.sub)
    context.claim(requirement, answer.code == GONE, f"{when}: expected {GONE}, a query by id gives {answer.key}")
    answer = context.axe.query(virtualNum=binding.x, extendNum=binding.extension)
    ok = not answer.ok or answer["subscriptionId"] != binding.sub
    context.claim(requirement, ok, f"{when}: X and extension still show {binding.sub}")


def is_shown(context: CheckContext, info: Mapping[str, Any], name: str) -> bool:
    """Claim that an answer shows a field that it need not show.

    Whether it does.
    """
    shown = info.get(name) not in (None, "")
    context.claim("AXE-QUERY-008", shown, f"the answer to a query does not show {name}")
    return shown


def shows(context: CheckContext, requirement: str, binding: Binding, **fields: Any) -> None:
    """Claim that a query shows these values.

    Flags count as text or boolean, None and "" as absent.

    A value that is not shown breaks no more than AXE-QUERY-008.
    """
    info = info_of(context, requirement, binding)
    for name, value in fields.items():
        if value not in (None, "") and not is_shown(context, info, name):
            continue
        came = info.get(name)
        if isinstance(value, bool):
            same = str(came).lower() == str(value).lower()
        else:
            same = (came or None) == (value or None) and type(came or None) is type(value or None)
        context.claim(requirement, same, f"query shows {name}: expected {value!r}, came {came!r}")


@contextmanager
def claim_unchanged(
    context: CheckContext, requirement: str, *bindings: Binding, app: App | None = None
) -> Iterator[None]:
    """Claim that what a query by id shows of each binding stays the same."""
    before = [_shown_fields(context, binding, app) for binding in bindings]
    yield
    for binding, was in zip(bindings, before, strict=True):
        now = _shown_fields(context, binding, app)
        names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        changes = ", ".join(f"{name}: {was.get(name)!r} became {now.get(name)!r}" for name in names)
        context.claim(requirement, was == now, f"binding {binding.sub} changed: {changes}")


def _shown_fields(context: CheckContext, binding: Binding, app: App | None) -> dict[str, Any]:
    """What a query by id shows of a binding, without what may change.

    That is texts, and fields that no document names.
    """
    answer = context.axe.query(subscriptionId=binding.sub, app=app)
    fields = known_fields("axe.query", answer).body or {}
    return {name: value for name, value in fields.items() if name not in ("resultcode", "resultdesc")}


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wait_for_entry(context: CheckContext, call: CallView, seconds: int = ENTERING) -> CallView:
    """The call after the caller entered his digits, within this many seconds."""
    if call.state != "collecting":
        return context.look(call)
    return wait_for_state(context, call, "forwarded", seconds)


def claim_reaches(
    context: CheckContext,
    requirement: str,
    binding: Binding,
    caller: str | None = None,
    digits: Any = None,
    **plan: Any,
) -> CallView:
    """A caller (a fresh one unless given) dials X and the extension.

    Claim that he reaches A, who sees X.
    """
    caller = caller or context.user()
    call = wait_for_entry(context, context.call(caller, binding.x, digits=digits or [binding.extension], **plan))
    message = f"{caller} dials X and {binding.extension}: expected to reach {binding.a}, reached {call.forwarded_to}"
    context.expect(requirement, call.forwarded_to == binding.a, f"{message}, {call.state} {call.release_cause}")
    context.expect(requirement, call.displayed == binding.x, f"A sees {call.displayed}; expected X")
    return call


def known_caller(context: CheckContext, binding: Binding, caller: str | None = None, by: str = "AXE-CALL-101") -> str:
    """A caller in A's call-back record, a fresh one unless given."""
    call = claim_reaches(context, by, binding, caller)
    wait_for_state(context, call, "answered", 10)
    context.hang_up(call)
    return call.caller


def claim_calls_back_to(
    context: CheckContext, requirement: str, binding: Binding, callee: str, **plan: Any
) -> CallView:
    """A dials X; claim that he is put through to `callee` at once.

    The call is left running.
    """
    call = context.call(binding.a, binding.x, **plan)
    message = f"A dials X: expected to reach {callee}, reached {call.forwarded_to}, {call.state} {call.release_cause}"
    context.expect(requirement, call.forwarded_to == callee, message)
    return call


def claim_ended(context: CheckContext, requirement: str, call: CallView, *causes: int) -> None:
    """Claim that the call has ended with one of these causes."""
    ok = call.state == "ended" and call.release_cause in causes
    context.expect(requirement, ok, f"call: expected ended with {causes}, is {call.state} with {call.release_cause}")


def claim_caller_refused(
    context: CheckContext, requirement: str, caller: str, x: str, *causes: int, digits: Any = None
) -> CallView:
    """Place a call and claim that it reaches nobody.

    With `causes`, that it is released with one of them.
    """
    call = context.call(caller, x, digits=digits)
    if call.state == "collecting":
        call = wait_for_entry(context, call, collection_seconds(context) * PROMPTS + 1)
    message = f"{caller} dials X: expected nobody, reached {call.forwarded_to}, state {call.state}"
    context.expect(requirement, call.forwarded_to is None and call.state == "ended", message)
    if causes:
        claim_ended(context, requirement, call, *causes)
    return call


def answered_call(context: CheckContext, binding: Binding, caller: str | None = None, **plan: Any) -> CallView:
    """A finished call through X and the extension.

    A answers and hangs up after 10 seconds unless `plan` differs.
    """
    whole: dict[str, Any] = {"hang_up_after": 10, "digits": [binding.extension]} | plan
    return completed_call(context, caller or context.user(), binding.x, **whole)
