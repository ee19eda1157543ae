"""Seeded bugs of X's SMS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.modes import BindingSnapshot, SmsRoute
from privnum.mockserver.modes.x.sms import XSms
from privnum.mockserver.sms.engine import SmsEngine
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import wrap
from privnum.suites.mutation.operators.sms import change_decision, send_kind_twice

if TYPE_CHECKING:
    from privnum.mockserver.core.modes import SmsDecision
    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

_NAMED: Final = re.compile(r"(.*)@(\+861[0-9]{10})", re.DOTALL)


def _as_ax(decision: SmsDecision, _sender: str, text: str) -> SmsDecision:
    """Send what names a number there, unasked."""
    found = _NAMED.fullmatch(text)
    return decision if found is None else SmsRoute(found[2], found[1], 1, BindingSnapshot("", None))


def _mark_sender(right: Any, box: SmsEngine, sms: Sms, to: str, text: str, now_ms: int) -> None:
    """Say who wrote behind the text, as AX does."""
    right(box, sms, to, f"{text}[From{sms.sender}]" if sms.terms is None else text, now_ms)


def _route_by_first_verdict() -> Operator:
    """Send an SMS where the one before it went, from the second on."""
    known: dict[str, str] = {}

    def send(right: Any, box: SmsEngine, sms: Sms, to: str, text: str, now_ms: int) -> None:
        right(box, sms, known.setdefault(sms.sender, to), text, now_ms)

    return wrap(SmsEngine, "_send", send)


def _back_to_sender(right: Any, box: SmsEngine, sms: Sms, to: str, text: str, now_ms: int) -> None:
    """Send to the sender what was given for somebody else."""
    right(box, sms, sms.sender if to else to, text, now_ms)


BUGS = (
    Bug("block-again", "X-SMS-025", "A Block that was answered comes again.", send_kind_twice("sms_block")),
    Bug("sms-named-unasked", "X-SMS-101", "A number behind an @ is the receiver.", change_decision(XSms, _as_ax)),
    Bug("sms-marked", "X-SMS-101", "[From…] is put behind the text.", wrap(SmsEngine, "_send", _mark_sender)),
    Bug(
        "sms-first-verdict",
        "X-SMS-101",
        "The first verdict on a sender holds for all his SMS.",
        _route_by_first_verdict(),
    ),
    Bug("sms-to-sender", "X-SMS-101", "An SMS comes back to who wrote it.", wrap(SmsEngine, "_send", _back_to_sender)),
)
