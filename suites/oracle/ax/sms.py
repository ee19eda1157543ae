"""Whom an SMS to X reaches in AX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.sms import ExpectedSms, from_mark, has_sms, may_write, named_receiver

if TYPE_CHECKING:
    from privnum.suites.oracle.ax.state import AxState
    from privnum.suites.oracle.ax.types import AxBinding

__all__ = ["expect_sms"]


def expect_sms(state: AxState, sender: str, x: str, text: str) -> ExpectedSms:
    """What must become of an SMS that `sender` writes to `x` now."""
    binding = state.bound_on(x)
    if binding is None:
        return ExpectedSms("AX-SMS-010")
    if not has_sms(binding):
        return ExpectedSms("AX-SMS-015")
    from_a = sender == binding.a
    if not may_write(state.assumptions, binding.direction, from_a=from_a):
        return ExpectedSms("AX-SMS-101" if from_a else "AX-SMS-102")
    if kind_of(sender) != "mobile" or (not from_a and kind_of(binding.a) != "mobile"):
        return ExpectedSms("AX-SMS-024")
    if not _carries(state, binding, from_a=from_a):
        return ExpectedSms("AX-OPEN-027")
    if not from_a:
        return ExpectedSms("AX-SMS-102", binding.a, text + from_mark(sender))
    left, receiver = named_receiver(text)
    return ExpectedSms("AX-SMS-025") if receiver is None else ExpectedSms("AX-SMS-101", receiver, left)


def _carries(state: AxState, binding: AxBinding, *, from_a: bool) -> bool:
    """Whether an X carries SMS, which may be switched off.

    Raises Undecided where nobody says what that does.
    """
    if binding.fields.get("turnFlag") != "off":
        return True
    carries_not = state.assumptions.choose("ax.turned_off_sms", "none", "to_a", "all")
    return carries_not == "none" or (carries_not == "to_a" and from_a)
