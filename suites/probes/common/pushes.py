"""Pushes: how they are signed, and when they count as failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import plain
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.probes.fixtures import one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.runner.context import Bench

__all__: list[str] = []

NEEDS = ("calls", "receiver", "clock")


def first_push(bench: Bench) -> Push:
    """A stranger calls; the first push of it. Raises CannotSettle where none comes."""
    plain(bench).refused_call()
    for _ in range(PATIENCE):
        if pushes := bench.pushes():
            return pushes[0]
        bench.advance(1)
    raise CannotSettle("a call brought no push")


def copies(bench: Bench, push: Push) -> int:
    """How often the message has come; what comes twice at one instant counts twice."""
    return sum(1 for other in bench.pushes() if other.kind == push.kind and other.body == push.body)


@probe("push.scheme", needs=NEEDS)
def scheme(bench: Bench) -> str:
    """The header that carries the token."""
    headers = first_push(bench).headers
    return one(name for name in ("aksk", "wsse") if f"x-{name}" in headers) or "none"


@probe("push.separator", needs=NEEDS)
def separator(bench: Bench) -> str:
    """What stands between two attributes of the token."""
    headers = first_push(bench).headers
    token = headers.get("x-aksk") or headers.get("x-wsse") or ""
    parts = token.split('"')[2::2][:-1]
    if not parts:
        raise CannotSettle("the token has no attributes in quotes")
    return one(part[: len(part) - len(part.lstrip(", "))] for part in parts)


@probe("push.retry_clock", needs=NEEDS)
def retry_clock(bench: Bench) -> str:
    """Whether the second repeat comes 4 minutes after the first attempt, or after the first repeat."""
    bench.receiver.answer(500)
    push = first_push(bench)
    first = copies(bench, push)
    bench.advance(65)
    second = copies(bench, push)
    if second == first:
        raise CannotSettle("a push that failed was not repeated in the first minute")
    bench.advance(4 * 60 - 65 + 5)
    if copies(bench, push) > second:
        return "first_attempt"
    bench.advance(60)
    return "last_failure" if copies(bench, push) > second else "neither"


def _fails(bench: Bench, status: int, body: bytes = b"") -> bool:
    """Whether a push with that answer is repeated."""
    bench.receiver.answer(status, body)
    push = first_push(bench)
    first = copies(bench, push)
    bench.advance(65)
    return copies(bench, push) > first


@probe("push.success_status", needs=NEEDS)
def success_status(bench: Bench) -> str:
    """An answer 204."""
    return "200" if _fails(bench, 204) else "2xx"


@probe("push.answer_resultcode", needs=NEEDS)
def answer_resultcode(bench: Bench) -> str:
    """An answer 200 with a resultcode other than 0."""
    return "read" if _fails(bench, 200, b'{"resultcode":"1","resultdesc":"no"}') else "ignore"
