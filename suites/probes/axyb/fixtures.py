"""What the AXYB probes have in common: bindings to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.axyb.scenarios import Pair
from privnum.suites.runner.check import CannotSettle

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["given_a", "given_b", "require_binding", "smallest", "with_all_taken"]


def given_a(context: CheckContext, a: str | None = None, *, app: Any = None, **fields: Any) -> Pair:
    """A on an X. Raises CannotSettle where the target takes none."""
    app = app or context.axyb.app
    a = a or context.user()
    body = {**context.axyb.mode.body(app.numbers[0], a), **fields}
    answer = _request_bind(context, app, body)
    return Pair(a, str(answer["relationNumber"]), str(answer["subscriptionId"]), answer)


def given_b(context: CheckContext, pair: Pair, b: str | None = None, *, app: Any = None, **fields: Any) -> Pair:
    """A B of that A on a Y. Raises CannotSettle where the target takes none."""
    b = b or context.user()
    app = app or context.axyb.app
    answer = _request_bind(context, app, {**context.axyb.body_of_b(b, pair.sub, app), **fields})
    return Pair(pair.a, pair.x, pair.sub, answer, b, str(answer["relationNumber"]), str(answer["subscriptionId"]))


def require_binding(context: CheckContext, **fields: Any) -> Pair:
    """A with a B; `fields` are of the bind of A.

    Raises CannotSettle where the target takes none.
    """
    return given_b(context, given_a(context, **fields))


def _request_bind(context: CheckContext, app: App, body: dict[str, Any]) -> Answer:
    context.require_exclusive()
    answer = context.request("axyb.bind", body=body, app=app)
    if not answer.ok:
        raise CannotSettle(f"a bind with {sorted(body)} was answered with {answer.key}")
    return answer


def smallest(context: CheckContext) -> App:
    """The application with the fewest private numbers, all of which are known.

    Raises CannotSettle where none is.
    """
    known = [app for app in context.axyb.apps if app.more_numbers is False and len(app.numbers) > 1]
    if not known:
        raise CannotSettle("no application says that it has no other private numbers (more_numbers = false)")
    return min(known, key=lambda app: len(app.numbers))


def with_all_taken(context: CheckContext, app: App, *, but: int = 0) -> list[Pair]:
    """As many A as leave this many private numbers unbound."""
    return [given_a(context, app=app) for _ in range(len(app.numbers) - but)]
