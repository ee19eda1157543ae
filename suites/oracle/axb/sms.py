"""Whom an SMS to X reaches in AXB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.sms import ExpectedSms, has_sms, may_write

if TYPE_CHECKING:
    from privnum.suites.oracle.axb.state import AxbState

__all__ = ["expect_sms"]


def expect_sms(state: AxbState, sender: str, x: str, text: str) -> ExpectedSms:
    """What must become of an SMS that `sender` writes to `x` now."""
    binding = next((b for b in state.on(x) if sender in b.users), None)
    if binding is None:
        return ExpectedSms("AXB-SMS-010")
    if not has_sms(binding):
        return ExpectedSms("AXB-SMS-015")
    if not may_write(state.assumptions, binding.direction, from_a=sender == binding.a):
        return ExpectedSms("AXB-SMS-101")
    if {kind_of(sender), kind_of(binding.partner(sender))} != {"mobile"}:
        return ExpectedSms("AXB-SMS-024")
    return ExpectedSms("AXB-SMS-101", binding.partner(sender), text)
