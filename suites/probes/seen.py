"""What probes have in common: a binding to try things on, and words for what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.check import CannotSettle
from privnum.suites.modes.laws import PATIENCE, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.bench import Bench
    from privnum.suites.client import Answer
    from privnum.suites.driver import CallView

__all__ = ["cdr_of", "code_or", "given", "key_or", "one"]


def given(bench: Bench, a: str | None = None, b: str | None = None, x: str | None = None, **fields: Any) -> Pair:
    """A binding. Raises CannotSettle where the target takes none."""
    a, b, x = a or bench.user(), b or bench.user(), x or bench.x()
    answer = bench.bind(a, b, x, **fields)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return Pair(a, b, x, str(answer["subscriptionId"]), answer)


def code_or(answer: Answer, success: str) -> str:
    """The code of a refusal, or the word for a success."""
    return success if answer.ok else str(answer.code)


def key_or(answer: Answer, success: str) -> str:
    """Status and code of a refusal, or the word for a success."""
    return success if answer.ok else answer.key


def one(seen: Iterable[str]) -> str:
    """The one word that was seen each time; where there were several, all of them, which is no reading."""
    return " / ".join(dict.fromkeys(seen))


def cdr_of(bench: Bench, call: CallView) -> dict[str, Any]:
    """The CDR of an ended call. Raises CannotSettle where none comes."""
    for _ in range(PATIENCE):
        if cdrs := bench.cdrs(call):
            return cdrs[0]
        bench.advance(1)
    raise CannotSettle(f"no CDR came within {PATIENCE} seconds")
