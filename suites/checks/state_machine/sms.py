"""SMS in a state machine: written on both sides, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hypothesis import strategies as st

from privnum.suites.checks.sms.notices import notices
from privnum.suites.oracle import Undecided
from privnum.suites.oracle.numbers import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.oracle.sms import ExpectedSms
    from privnum.suites.runner.context import CheckContext

__all__ = ["WORDS", "SmsPair", "WritingPair", "compare_sms", "texts", "write"]

WORDS = st.sampled_from(("hello", "", "a @ b", "你好", "x" * 161))


class _Oracle(Protocol):
    def expect_sms(self, sender: str, x: str, text: str) -> ExpectedSms: ...


class SmsPair(Protocol):
    """An application, in a mode with SMS."""

    context: CheckContext

    def claim(self, requirement: str, ok: bool, message: str) -> None:
        """Claim on the context."""
        ...


class WritingPair(SmsPair, Protocol):
    """One with an oracle that knows what must become of an SMS."""

    @property
    def oracle(self) -> _Oracle:
        """What must become of an SMS."""
        ...


def texts(users: int) -> st.SearchStrategy[tuple[str, int | None]]:
    """What is written, and the place of the user whom it names, if any."""
    return st.tuples(WORDS, st.none() | st.integers(0, users - 1))


def write(pair: WritingPair, sender: str, x: str, drawn: tuple[str, int | None], users: Sequence[str]) -> None:
    """Write on both sides; compare whom it reaches, with which text."""
    word, named = drawn
    # no page says what becomes of an SMS of A to himself
    names = named is not None and users[named] != sender and kind_of(users[named]) == "mobile"
    text = (f"{word}@{users[named]}" if named is not None and names else word) or "hello"
    try:
        expected = pair.oracle.expect_sms(sender, x, text)
    except Undecided:
        return
    compare_sms(pair, sender, x, text, expected)


def compare_sms(pair: SmsPair, sender: str, x: str, text: str, expected: ExpectedSms) -> None:
    """Write to the target; compare whom it reaches, with which text."""
    sms = pair.context.sms(sender, x, text)
    if sms.state == "waiting":  # of one that must go nowhere, too: the verdict may send it
        notices(pair.context, sms, "sms_block")
        sms = pair.context.look_at_sms(sms)
    came = sms.delivered_to, sms.delivered_text
    right = expected.receiver, expected.text
    pair.claim(expected.requirement, came == right, f"{sender} writes {text!r} to {x}: expected {right}, came {came}")
