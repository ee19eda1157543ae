"""Seeded bugs of AXB's SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.modes import SmsAsk, SmsRoute
from privnum.mockserver.modes.axb.sms import AXBSms
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.sms import change_decision

if TYPE_CHECKING:
    from privnum.mockserver.core.modes import SmsDecision

__all__ = ["BUGS"]


def _to_sender(decision: SmsDecision, sender: str, _text: str) -> SmsDecision:
    return decision._replace(to=sender) if isinstance(decision, SmsRoute) else decision


def _from_b_nowhere(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    """Send B's SMS to somebody who has nothing to do with it."""
    if isinstance(decision, SmsRoute) and decision.direction == 0:
        return decision._replace(to="+8613800000099")
    return decision


def _cut(decision: SmsDecision, _sender: str, text: str) -> SmsDecision:
    return decision._replace(text=text[:70]) if isinstance(decision, SmsRoute) else decision


def _ask(decision: SmsDecision, _sender: str, text: str) -> SmsDecision:
    """Ask about an SMS that names somebody, as AX does where it names nobody."""
    if isinstance(decision, SmsRoute) and "@" in text:
        return SmsAsk(decision.direction, decision.terms)
    return decision


BUGS = (
    Bug("sms-to-sender", "AXB-SMS-101", "An SMS comes back to who wrote it.", change_decision(AXBSms, _to_sender)),
    Bug("sms-of-b-lost", "AXB-SMS-101", "B's SMS goes astray.", change_decision(AXBSms, _from_b_nowhere)),
    Bug("sms-text-cut", "AXB-SMS-101", "A long text is cut.", change_decision(AXBSms, _cut)),
    Bug("sms-asked-about", "AXB-SMS-102", "An SMS with an @ is asked about.", change_decision(AXBSms, _ask)),
)
