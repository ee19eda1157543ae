"""Seeded bugs of SMS of which the customer is asked, and of his verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.sms import engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.sms.notices import Discard, Route
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.sms import change_event, change_verdict, send_kind_to, set_extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator
    from privnum.suites.mutation.operators.sms import Verdict

__all__ = ["BUGS"]


def _only_lists(right: Any, body: bytes, *given: Any) -> Verdict:
    verdict: Verdict = right(body, *given)
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


def _route_to(to: str) -> Callable[[Verdict], Verdict]:
    return lambda verdict: verdict._replace(to=to) if isinstance(verdict, Route) else verdict


def _refuse_unasked(_right: Any, box: SmsEngine, sms: Sms, now_ms: int) -> None:
    """Let an SMS fail of which the customer should be asked."""
    box._end(sms, 2, now_ms)


def _end_what_is_asked(right: Any, box: SmsEngine, sms: Sms, now_ms: int) -> None:
    """Ask the customer, and do not wait for what he says."""
    right(box, sms, now_ms)
    box._end(sms, 7, now_ms)


def _number_in(body: bytes) -> str | None:
    """The first number in an answer, wherever it stands."""
    words = body.decode(errors="replace").replace('"', " ").split()
    return next((word for word in words if numbers.kind(word) is not None), None)


def _any_number(right: Any, body: bytes, *given: Any) -> Verdict:
    """Send the SMS to whatever number stands in an answer that is no verdict."""
    verdict: Verdict = right(body, *given)
    found = _number_in(body)
    return Route(found, None) if verdict is None and found is not None else verdict


BUGS = (
    Bug(
        "sms-refused-unasked",
        "SMS-025",
        "An SMS without a receiver fails unasked.",
        wrap(SmsEngine, "_ask", _refuse_unasked),
    ),
    Bug(
        "sms-asked-in-vain",
        "SMS-025",
        "An SMS of which the customer is asked does not wait.",
        wrap(SmsEngine, "_ask", _end_what_is_asked),
    ),
    Bug(
        "block-names-x",
        "SMS-026",
        "A Block names X as the receiver.",
        change_event(lambda event: event.update(called=event["virtualNumber"]), "Block"),
    ),
    Bug(
        "block-without-parts",
        "SMS-026",
        "A Block says that nothing was sent.",
        change_event(lambda event: set_extra(event, "splitNum", "0"), "Block"),
    ),
    Bug(
        "block-direction",
        "SMS-026",
        "A Block does not know the direction.",
        change_event(lambda event: set_extra(event, "direction", "2"), "Block"),
    ),
    Bug(
        "block-mode",
        "SMS-025",
        "A Block calls itself Notify.",
        change_event(lambda event: event.update(notificationMode="Notify"), "Block"),
    ),
    Bug("verdict-elsewhere", "SMS-027", "The SMS goes to somebody else.", change_verdict(_route_to("+8613800000099"))),
    Bug(
        "verdict-untold",
        "SMS-027",
        "What the verdict did is not told.",
        wrap(SmsEngine, "_take_answer", _untold_by_verdict),
    ),
    Bug(
        "verdict-discards",
        "SMS-027",
        "vNumberRoute discards.",
        change_verdict(lambda verdict: Discard(None) if isinstance(verdict, Route) else verdict),
    ),
    Bug("discard-as-7", "SMS-028", "What was discarded has 7.", replace(engine, "_DISCARDED", 7)),
    Bug(
        "discard-goes",
        "SMS-028",
        "What was discarded is sent.",
        change_verdict(lambda verdict: Route("+8613800000099", None) if isinstance(verdict, Discard) else verdict),
    ),
    Bug("sms-waits-for-ever", "SMS-029", "An SMS waits for ever.", wrap(SmsEngine, "time_is_over", _wait_for_ever)),
    Bug("over-with-6", "SMS-029", "Without a verdict the result is 6.", _end_with(6)),
    Bug(
        "sent-when-over",
        "SMS-029",
        "Without a verdict it is sent.",
        wrap(SmsEngine, "time_is_over", _send_when_over),
    ),
    Bug(
        "block-to-notify",
        "SMS-030",
        "A Block goes to the address of notices.",
        send_kind_to("sms_block", "sms_notify_url"),
    ),
    Bug(
        "notify-to-control",
        "SMS-030",
        "A Notify goes to the address for questions.",
        send_kind_to("sms_notify", "sms_control_url"),
    ),
    Bug(
        "verdict-as-list",
        "SMS-031",
        "A verdict that is one object is none.",
        wrap(engine, "verdict_of", _only_lists),
    ),
    Bug(
        "verdict-by-any-number",
        "SMS-032",
        "A number in what is no verdict counts.",
        wrap(engine, "verdict_of", _any_number),
    ),
)
