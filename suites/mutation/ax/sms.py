"""Seeded bugs of AX's SMS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.modes import SmsAsk, SmsRefuse, SmsRoute
from privnum.mockserver.modes.ax import sms as ax_sms
from privnum.mockserver.modes.ax.sms import AXSms
from privnum.mockserver.sms import engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.sms.notices import Discard, Route
from privnum.mockserver.sms.text import parts
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.sms import change_decision, change_event, send_kind_to, set_extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.modes import SmsDecision
    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

Verdict = Route | Discard | None
FROM_A, TO_A = 1, 0


def _keep_number(decision: SmsDecision, _sender: str, text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == FROM_A:
        return decision._replace(text=text)
    return decision


def _to_a(change: Callable[[str, str], str]) -> Operator:
    """Change the text that A gets, by what was written and the sender."""

    def changed(decision: SmsDecision, sender: str, text: str) -> SmsDecision:
        if isinstance(decision, SmsRoute) and decision.direction == TO_A:
            return decision._replace(text=change(text, sender))
        return decision

    return change_decision(AXSms, changed)


def _refuse(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    return SmsRefuse(2, decision.direction, decision.terms) if isinstance(decision, SmsAsk) else decision


def _ask_always(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == FROM_A:
        return SmsAsk(decision.direction, decision.terms)
    return decision


def _ask_of_others(decision: SmsDecision, _sender: str, _text: str) -> SmsDecision:
    if isinstance(decision, SmsRoute) and decision.direction == TO_A:
        return SmsAsk(decision.direction, decision.terms)
    return decision


def _addressed(pattern: str) -> Operator:
    """Find the receiver otherwise in what A wrote."""
    return replace(ax_sms, "_ADDRESSED", re.compile(pattern, re.DOTALL))


def _verdict(change: Callable[[Verdict], Verdict]) -> Operator:
    """Read a verdict otherwise."""

    def verdict_of(right: Any, body: bytes) -> Verdict:
        return change(right(body))

    return wrap(engine, "verdict_of", verdict_of)


def _only_lists(right: Any, body: bytes) -> Verdict:
    verdict: Verdict = right(body)
    return verdict if b"[" in body else None


def _wait_for_ever(right: Any, box: SmsEngine, sms: Sms, now_ms: int) -> None:
    """Forget to end the waiting."""


def _end_with(result: int) -> Operator:
    def over(_right: Any, box: SmsEngine, sms: Sms, now_ms: int) -> None:
        if sms.result is None:
            box._end(sms, result, now_ms)

    return wrap(SmsEngine, "time_is_over", over)


def _send_when_over(_right: Any, box: SmsEngine, sms: Sms, now_ms: int) -> None:
    """Send what no verdict came for to its sender."""
    box._send(sms, sms.sender, sms.text, now_ms)


def _untold_by_verdict(right: Any, box: SmsEngine, sms: Sms, *given: Any) -> bool:
    app = sms.x.app
    url, app.sms_notify_url = app.sms_notify_url, None
    try:
        return bool(right(box, sms, *given))
    finally:
        app.sms_notify_url = url


def _written(sms: Sms, _text: str) -> int:
    return parts(sms.text)


def _sent(_sms: Sms, text: str) -> int:
    return parts(text)


def _route_to(to: str) -> Callable[[Verdict], Verdict]:
    return lambda verdict: verdict._replace(to=to) if isinstance(verdict, Route) else verdict


BUGS = (
    Bug("sms-keeps-number", "AX-SMS-101", "@number stays in the text.", change_decision(AXSms, _keep_number)),
    Bug("sms-first-at", "AX-SMS-101", "The first @ begins the number.", _addressed(r"([^@]*)@(\+?[0-9]+)")),
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
    Bug("sms-refused-unasked", "AX-SMS-103", "Without @number an SMS fails unasked.", change_decision(AXSms, _refuse)),
    Bug(
        "sms-blank-behind", "AX-SMS-103", "A blank behind the number is passed over.", _addressed(r"(.*)@(\+?[0-9]+) *")
    ),
    Bug("sms-wide-at", "AX-SMS-103", "A full-width @ counts.", _addressed("(.*)[@＠](\\+?[0-9]+)")),
    Bug("sms-number-alone", "AX-SMS-103", "A number without @ counts.", _addressed(r"(.*?)@?(\+?[0-9]+)")),
    Bug("sms-always-asked", "AX-SMS-104", "All that A writes is asked about.", change_decision(AXSms, _ask_always)),
    Bug("sms-others-asked", "AX-SMS-104", "What others write is asked about.", change_decision(AXSms, _ask_of_others)),
    Bug(
        "block-names-x",
        "AX-SMS-105",
        "A Block names X as the receiver.",
        change_event(lambda event: event.update(called=event["virtualNumber"]), "Block"),
    ),
    Bug(
        "block-without-parts",
        "AX-SMS-105",
        "A Block says that nothing was sent.",
        change_event(lambda event: set_extra(event, "splitNum", "0"), "Block"),
    ),
    Bug(
        "block-direction",
        "AX-SMS-105",
        "A Block does not know the direction.",
        change_event(lambda event: set_extra(event, "direction", "2"), "Block"),
    ),
    Bug(
        "block-mode",
        "AX-SMS-103",
        "A Block calls itself Notify.",
        change_event(lambda event: event.update(notificationMode="Notify"), "Block"),
    ),
    Bug("verdict-elsewhere", "AX-SMS-106", "The SMS goes to somebody else.", _verdict(_route_to("+8613800000099"))),
    Bug(
        "verdict-untold",
        "AX-SMS-106",
        "What the verdict did is not told.",
        wrap(SmsEngine, "_answered", _untold_by_verdict),
    ),
    Bug(
        "verdict-discards",
        "AX-SMS-106",
        "vNumberRoute discards.",
        _verdict(lambda verdict: Discard(None) if isinstance(verdict, Route) else verdict),
    ),
    Bug("discard-as-7", "AX-SMS-107", "What was discarded has 7.", replace(engine, "_DISCARDED", 7)),
    Bug(
        "discard-goes",
        "AX-SMS-107",
        "What was discarded is sent.",
        _verdict(lambda verdict: Route("+8613800000099", None) if isinstance(verdict, Discard) else verdict),
    ),
    Bug("waits-for-ever", "AX-SMS-108", "An SMS waits for ever.", wrap(SmsEngine, "time_is_over", _wait_for_ever)),
    Bug("over-with-6", "AX-SMS-108", "Without a verdict the result is 6.", _end_with(6)),
    Bug(
        "sent-when-over",
        "AX-SMS-108",
        "Without a verdict it is sent.",
        wrap(SmsEngine, "time_is_over", _send_when_over),
    ),
    Bug(
        "block-to-notify",
        "AX-SMS-109",
        "A Block goes to the address of notices.",
        send_kind_to("sms_block", "sms_notify_url"),
    ),
    Bug(
        "verdict-data-lost",
        "AX-SMS-110",
        "userData of a verdict is not told.",
        _verdict(lambda verdict: verdict and verdict._replace(user_data=None)),
    ),
    Bug(
        "verdict-as-list",
        "AX-SMS-111",
        "A verdict that is one object is none.",
        wrap(engine, "verdict_of", _only_lists),
    ),
    Bug("sms-written-parts", "AX-SMS-006", "[From…] does not count.", replace(engine, "parts_of", _written)),
    Bug("sms-sent-parts", "AX-SMS-006", "@number does not count.", replace(engine, "parts_of", _sent)),
)
