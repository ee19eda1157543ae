"""The status of numbers: causes, and whether pushes are repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_calls
from privnum.suites.checks.common.number_pushes import change_status, news, wait_for_status_pushes
from privnum.suites.runner.check import CannotSettle, NotExercised, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

NEEDS = ("number_status", "receiver", "clock")
CHOICES = {
    frozenset({"10"}): "unavailable",
    frozenset({"9", "10"}): "unusable",
    frozenset({"5", "9", "10", "11"}): "any",
}
"""The choice, by the statuses that have a cause."""


@probe("number_status.cause", needs=NEEDS)
def cause(context: CheckContext) -> str:
    """A number that has each status in turn, each for a cause."""
    x, carried = any_calls(context).side.x(), set[str]()
    for status, why in (("9", "2"), ("10", "3"), ("11", "5"), ("5", "6")):
        try:
            infos = change_status(context, x, status, why)
        except NotExercised as error:
            raise CannotSettle(str(error)) from None
        if not infos:
            raise CannotSettle(f"the status {status} of a number brought no push")
        carried |= {status} if infos[0].get("cause") else set()
    return CHOICES.get(frozenset(carried), " ".join(sorted(carried)) or "none")


@probe("number_status.retry", needs=NEEDS)
def retry(context: CheckContext) -> str:
    """A push that is answered with 500, and five minutes."""
    context.receiver.answer(500)
    mark = len(context.pushes())
    context.set_number(any_calls(context).side.x(), "9")
    if not news(context, mark) and not wait_for_status_pushes(context, mark):
        raise CannotSettle("the status of a number brought no push")
    mark = len(context.pushes())
    context.advance(300)
    return "repeated" if wait_for_status_pushes(context, mark) else "once"
