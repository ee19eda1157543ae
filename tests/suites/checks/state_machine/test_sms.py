"""What a state machine sees of an SMS, where the target pushes after it has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from privnum.suites.checks.state_machine.sms import SmsPair, compare_sms
from privnum.suites.driver.protocol import SmsView
from privnum.suites.oracle.sms import ExpectedSms

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

A, B, C, X = "+8613800000001", "+8613900000002", "+8613900000003", "+8617000000041"


class SlowTarget:
    """A target whose SMS waits at first, and is then `decided`."""

    def __init__(self, decided: SmsView) -> None:
        self.decided = decided

    def sms(self, _sender: str, _x: str, _text: str) -> SmsView:
        """It is written."""
        return SmsView("sms-1", "1", "waiting", None, None, None, None)

    def look_at_sms(self, _sms: SmsView) -> SmsView:
        """The customer has been asked."""
        return self.decided

    def pushes(self) -> list[Any]:
        """What came of it, though not whom it was of."""
        return []

    def advance(self, _seconds: float) -> None:
        """Time passes."""


class Claims:
    """A pair that keeps what was claimed."""

    def __init__(self, target: SlowTarget) -> None:
        self.context = cast("CheckContext", target)
        self.found: list[bool] = []

    def claim(self, _requirement: str, ok: bool, _message: str) -> None:
        """See SmsPair."""
        self.found.append(ok)


@pytest.mark.parametrize("expected", [ExpectedSms("X-SMS-028"), ExpectedSms("X-SMS-101", C, "hello")])
@pytest.mark.parametrize("to", [None, B, C])
def test_an_sms_is_looked_at_when_it_is_decided(expected: ExpectedSms, to: str | None) -> None:
    """Also one that must go nowhere."""
    state = "not_sent" if to is None else "sent"
    text = None if to is None else "hello"
    pair = Claims(SlowTarget(SmsView("sms-1", "1", state, to, None if to is None else X, text, 0)))
    compare_sms(cast("SmsPair", pair), A, X, "hello", expected)
    assert pair.found == [to == expected.receiver]
