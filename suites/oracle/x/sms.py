"""Whom an SMS to X reaches, by what the customer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.sms import ExpectedSms, counted_action
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from privnum.suites.oracle.x.calls import XOracle

__all__ = ["expect_sms"]


def expect_sms(state: XOracle, sender: str, x: str, text: str, verdict: object) -> ExpectedSms:
    """What must become of an SMS that is written now, by that verdict.

    Raises Undecided where no page says it.
    """
    if state.status.get(x) in {"9", "10"}:
        return ExpectedSms("X-SMS-011")
    if kind_of(sender) != "mobile":
        return ExpectedSms("X-SMS-024")
    action = counted_action(verdict, state.assumptions)
    operation = action.get("operation")
    if operation == "DiscardMessage":
        return ExpectedSms("X-SMS-028")
    message = action.get("message")
    called = message.get("called") if isinstance(message, dict) else None
    if operation != "vNumberRoute" or not isinstance(called, str) or kind_of(called) == "malformed":
        return ExpectedSms("X-SMS-032")
    if called == sender or called in state.around.own:
        raise Undecided("a verdict whose receiver is the sender or an X")
    return ExpectedSms("X-SMS-101", called, text) if kind_of(called) == "mobile" else ExpectedSms("X-SMS-024")
