"""Seeded bugs of AX's SMS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.modes import SmsAsk, SmsRoute
from privnum.mockserver.modes.ax import sms as ax_sms
from privnum.mockserver.modes.ax.sms import AXSms
from privnum.mockserver.sms import engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.sms.text import parts
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.sms import change_decision, change_verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.modes import SmsDecision
    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

FROM_A, TO_A = 1, 0


def _keep_number(decision: SmsDecision, _sender: str, text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == FROM_A:
        return decision._replace(text=text)
    return decision


def _to_a(change: Callable[[str, str], str]) -> Operator:
    """Change the text that A gets, by what was written and the sender."""

    def changed_decision(decision: SmsDecision, sender: str, text: str) -> SmsDecision:
        if isinstance(decision, SmsRoute) and decision.direction == TO_A:
            return decision._replace(text=change(text, sender))
        return decision

    return change_decision(AXSms, changed_decision)


def _ask_always(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == FROM_A:
        return SmsAsk(decision.direction, decision.terms)
    return decision


def _ask_of_others(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == TO_A:
        return SmsAsk(decision.direction, decision.terms)
    return decision


def _find_receiver_by(pattern: str) -> Operator:
    """Find the receiver otherwise in what A wrote."""
    return replace(ax_sms, "_ADDRESSED", re.compile(pattern, re.DOTALL))


def _written_parts(sms: Sms, _text: str) -> int:
    return parts(sms.text)


def _sent_parts(_sms: Sms, text: str) -> int:
    return parts(text)


def _untold_with_data(right: Any, box: SmsEngine, sms: Sms, *given: Any, **more: Any) -> None:
    """Push no Notify of an SMS whose verdict has a userData."""
    app = sms.x.app
    url, app.sms_notify_url = app.sms_notify_url, None if sms.user_data == "case-7" else app.sms_notify_url
    try:
        right(box, sms, *given, **more)
    finally:
        app.sms_notify_url = url


BUGS = (
    Bug("sms-keeps-number", "AX-SMS-101", "@number stays in the text.", change_decision(AXSms, _keep_number)),
    Bug("sms-first-at", "AX-SMS-101", "The first @ begins the number.", _find_receiver_by(r"([^@]*)@(\+?[0-9]+)")),
    Bug("sms-no-from", "AX-SMS-102", "[From…] is missing.", _to_a(lambda text, _: text)),
    Bug(
        "sms-from-in-front",
        "AX-SMS-102",
        "[From…] stands in front.",
        _to_a(lambda text, sender: f"[From{sender}]{text}"),
    ),
    Bug(
        "sms-from-with-colon",
        "AX-SMS-102",
        "[From:…] has a colon.",
        _to_a(lambda text, sender: f"{text}[From:{sender}]"),
    ),
    Bug(
        "sms-blank-behind",
        "AX-SMS-025",
        "A blank behind the number is passed over.",
        _find_receiver_by(r"(.*)@(\+?[0-9]+) *"),
    ),
    Bug("sms-wide-at", "AX-SMS-025", "A full-width @ counts.", _find_receiver_by("(.*)[@＠](\\+?[0-9]+)")),
    Bug("sms-number-alone", "AX-SMS-025", "A number without @ counts.", _find_receiver_by(r"(.*?)@?(\+?[0-9]+)")),
    Bug("sms-always-asked", "AX-SMS-104", "All that A writes is asked about.", change_decision(AXSms, _ask_always)),
    Bug("sms-others-asked", "AX-SMS-104", "What others write is asked about.", change_decision(AXSms, _ask_of_others)),
    Bug("sms-written-parts", "AX-SMS-006", "[From…] does not count.", replace(engine, "parts_of", _written_parts)),
    Bug("sms-sent-parts", "AX-SMS-006", "@number does not count.", replace(engine, "parts_of", _sent_parts)),
    Bug(
        "verdict-data-untold",
        "AX-SMS-110",
        "An SMS whose verdict has a userData is not reported.",
        wrap(SmsEngine, "_end", _untold_with_data),
    ),
    Bug(
        "verdict-data-lost",
        "AX-SMS-110",
        "userData of a verdict is not pushed.",
        change_verdict(lambda verdict: verdict and verdict._replace(user_data=None)),
    ),
)
