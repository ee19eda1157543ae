"""Pushes: how they are signed, and when they count as failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_calls, binds
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.probes.fixtures import one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

NEEDS = ("calls", "receiver", "clock")


def first_push(context: CheckContext) -> Push:
    """A stranger calls; the first push of it.

    In X its CDR: the customer has to answer the callin in his own way, and which events are repeated is a choice.
    Raises CannotSettle where none comes.
    """
    any_calls(context).refused_call()
    for _ in range(PATIENCE):
        pushes = [push for push in context.pushes() if binds(context) or push.kind == "cdr"]
        if pushes:
            return pushes[0]
        context.advance(1)
    raise CannotSettle("a call brought no push")


def copies(context: CheckContext, push: Push) -> int:
    """How often the message has come.

    What comes twice at one instant counts twice.
    """
    return sum(1 for other in context.pushes() if other.kind == push.kind and other.body == push.body)


@probe("push.scheme", needs=NEEDS)
def scheme(context: CheckContext) -> str:
    """The header that carries the token."""
    headers = first_push(context).headers
    return one(name for name in ("aksk", "wsse") if f"x-{name}" in headers) or "none"


@probe("push.separator", needs=NEEDS)
def separator(context: CheckContext) -> str:
    """What stands between two attributes of the token."""
    headers = first_push(context).headers
    token = headers.get("x-aksk") or headers.get("x-wsse") or ""
    parts = token.split('"')[2::2][:-1]
    if not parts:
        raise CannotSettle("the token has no attributes in quotes")
    return one(part[: len(part) - len(part.lstrip(", "))] for part in parts)


@probe("push.retry_clock", needs=NEEDS)
def retry_clock(context: CheckContext) -> str:
    """Whether repeats count from the first attempt or the one before.

    The second comes after 4 minutes of either.
    """
    context.receiver.answer(500)
    push = first_push(context)
    first = copies(context, push)
    context.advance(65)
    second = copies(context, push)
    if second == first:
        raise CannotSettle("a push that failed was not repeated in the first minute")
    context.advance(4 * 60 - 65 + 5)
    if copies(context, push) > second:
        return "first_attempt"
    context.advance(60)
    return "last_failure" if copies(context, push) > second else "neither"


def _fails(context: CheckContext, status: int, body: bytes = b"") -> bool:
    """Whether a push with that answer is repeated."""
    context.receiver.answer(status, body)
    push = first_push(context)
    first = copies(context, push)
    context.advance(65)
    return copies(context, push) > first


@probe("push.success_status", needs=NEEDS)
def success_status(context: CheckContext) -> str:
    """An answer 204."""
    return "200" if _fails(context, 204) else "2xx"


@probe("push.answer_resultcode", needs=NEEDS)
def answer_resultcode(context: CheckContext) -> str:
    """An answer 200 with a resultcode other than 0."""
    return "read" if _fails(context, 200, b'{"resultcode":"1","resultdesc":"no"}') else "ignore"
