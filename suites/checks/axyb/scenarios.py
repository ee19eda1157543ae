"""What AXYB checks say and do again and again.

checks/assertions.py has what is of all modes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import known_fields, set_up_succeeds
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = [
    "Pair",
    "bind_users",
    "bound_a",
    "bound_b",
    "bound_or_none_left",
    "claim_call_refused",
    "claim_field_shown",
    "claim_reaches",
    "claim_relations",
    "claim_unchanged",
    "in_a_wide_area",
    "listed_bindings",
    "relations",
]


# ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Pair:
    """A on X, and where a check bound one, a B of his on a Y.

    `sub_b` is the id that the bind of B gave.
    """

    a: str
    x: str
    sub: str
    answer: Answer
    b: str = ""
    y: str = ""
    sub_b: str = ""

    @property
    def relation(self) -> tuple[str, str, str, str]:
        """A, X, Y and B as `relations` gives them."""
        return self.a, self.x, self.y, self.b


def bound_a(
    context: CheckContext, a: str | None = None, *, app: App | None = None, by: str | None = None, **fields: Any
) -> Pair:
    """Bind A (a fresh mobile unless given) to an X of any area.

    A refusal breaks `by`, where given.

    Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
    """
    a, app = a or context.user(), app or context.axyb.app
    body = {**context.axyb.mode.body(app.numbers[0], a), **fields}
    answer = _request_bind(context, body, app)
    _stands(context, by or "", "AXYB-BIND-101", answer, "bind of A")
    return Pair(a, str(answer["relationNumber"]), str(answer["subscriptionId"]), answer)


def in_a_wide_area(context: CheckContext, others: int = 1, **fields: Any) -> Pair:
    """Bind A where enough B can be given a Y without an area.

    Or where that many callers can.

    Raises NotExercised where the platform looks for it in the area of X only, which has too few numbers.
    """
    a = bound_a(context, **fields)
    areas = {x.number: x.area_code for x in context.axyb.app.numbers}
    near = [x for x, area in areas.items() if x != a.x and area == areas.get(a.x)]
    if context.assumptions["axyb.y_area"] != "any" and len(near) < others:
        raise NotExercised(f"in the area of X there are {len(near)} other private numbers; {others} are needed")
    context.axyb.require_numbers(others + 1)
    return a


def bound_b(
    context: CheckContext,
    pair: Pair,
    b: str | None = None,
    *,
    app: App | None = None,
    by: str | None = None,
    **fields: Any,
) -> Pair:
    """Bind B to a Y of any area in the binding of that A.

    B is a fresh mobile unless given; the rest is as in `bound_a`.
    """
    b = b or context.user()
    app = app or context.axyb.app
    answer = _request_bind(context, {**context.axyb.body_of_b(b, pair.sub, app), **fields}, app)
    _stands(context, by or "", "AXYB-BIND-102", answer, "bind of B")
    y, sub_b = str(answer["relationNumber"]), str(answer["subscriptionId"])
    return Pair(pair.a, pair.x, pair.sub, answer, b, y, sub_b)


def bind_users(
    context: CheckContext,
    a: str | None = None,
    b: str | None = None,
    *,
    app: App | None = None,
    by: str | None = None,
    of_b: dict[str, Any] | None = None,
    **fields: Any,
) -> Pair:
    """Bind A and a B of his.

    `fields` are further ones of the bind of A, `of_b` of that of B.
    """
    return bound_b(context, bound_a(context, a, app=app, by=by, **fields), b, app=app, by=by, **of_b or {})


def bound_or_none_left(context: CheckContext, numbers: int, **fields: Any) -> Pair:
    """As `bind_users`, for a check that takes this many private numbers.

    Raises NotExercised where there are fewer.
    """
    context.axyb.require_numbers(numbers)
    return bind_users(context, **fields)


def _request_bind(context: CheckContext, body: dict[str, Any], app: App) -> Answer:
    context.require_exclusive()
    body = {name: value for name, value in body.items() if value is not None}
    return context.request("axyb.bind", body=body, app=app)


def _stands(context: CheckContext, by: str, plain: str, answer: Answer, what: str) -> None:
    if not set_up_succeeds(context, by or None, plain, answer, what):
        raise NotExercised(f"the {what} that the check stands on was answered with {answer.key}")


# `app` is not typed in these, so that a query can be given as **mapping.

# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def listed_bindings(context: CheckContext, *, app: Any = None, **query: Any) -> list[dict[str, Any]]:
    """What a query lists, without fields that no document names.

    Nothing where it is refused.
    """
    answer = context.request("axyb.query", query=query, app=app or context.axyb.app)
    return known_fields("axyb.query", answer).items("xyRelationNumList")


def claim_field_shown(context: CheckContext, info: dict[str, Any], name: str) -> bool:
    """Claim that a query shows a field that it need not show; whether it does."""
    there = info.get(name) not in (None, "")
    context.claim("AXYB-QUERY-008", there, f"the answer to a query does not show {name}")
    return there


def relations(context: CheckContext, *, app: Any = None, **query: Any) -> set[tuple[str, ...]]:
    """A, X, Y and B of each relation that a query lists.

    Raises NotExercised where it does not show them all.

    A binding in which nobody has a Y need not be listed, and is left out.
    """
    found = [info for info in listed_bindings(context, app=app, **query) if info.get("numY") or info.get("numB")]
    names = ("numA", "numX", "numY", "numB")
    values = [claim_field_shown(context, info, name) for info in found for name in names]
    if not all(values):
        raise NotExercised("a query does not show every number of a relation")
    return {tuple(str(info[name]) for name in names) for info in found}


def claim_relations(context: CheckContext, rule: str, when: str, *pairs: Pair) -> None:
    """Claim that queries by id and by X list just these relations.

    They are those of one binding, at least one.
    """
    wanted = {pair.relation for pair in pairs}
    for query in ({"subscriptionId": pairs[0].sub}, {"relationNum": pairs[0].x}):
        came = relations(context, **query)
        context.claim(rule, came == wanted, f"{when}: by {sorted(query)} expected {wanted}, came {came}")


@contextmanager
def claim_unchanged(context: CheckContext, rule: str, *pairs: Pair) -> Iterator[None]:
    """Claim that the relations of these bindings stay as they are."""
    subs = dict.fromkeys(pair.sub for pair in pairs)
    before = {sub: relations(context, subscriptionId=sub) for sub in subs}
    yield
    after = {sub: relations(context, subscriptionId=sub) for sub in subs}
    context.claim(rule, before == after, f"relations changed: {before} became {after}")


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_reaches(
    context: CheckContext, rule: str, caller: str, dialled: str, callee: str, sees: str | None = None
) -> CallView:
    """Place a call, claim that it reaches `callee`, and that he sees `sees`.

    It is hung up.
    """
    call = context.call(caller, dialled)
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    context.expect(rule, call.forwarded_to == callee, f"{caller} calls {dialled}: expected {callee}, {came}")
    if sees is not None:
        message = f"the callee: expected to see {sees}, sees {call.displayed}"
        context.claim(rule, call.displayed == sees, message)
    return context.hang_up(call)


def claim_call_refused(context: CheckContext, rule: str, caller: str, dialled: str, *causes: int) -> CallView:
    """Place a call and claim that it reaches nobody.

    With `causes`, that it is released with one of them.
    """
    call = context.call(caller, dialled)
    came = f"reached {call.forwarded_to}, is {call.state} {call.release_cause}"
    ok = call.forwarded_to is None and call.state == "ended"
    context.expect(rule, ok, f"{caller} calls {dialled}: expected nobody, {came}")
    if causes:
        cause = call.release_cause
        context.expect(rule, cause in causes, f"release cause: expected {causes}, came {cause}")
    return call
