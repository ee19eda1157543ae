"""Seeded bugs of the notices of SMS, and of how they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.timestamps import milliseconds
from privnum.mockserver.pushes.outbox import RETRY_MINUTES, Outbox
from privnum.mockserver.sms import notices as sms_notices
from privnum.mockserver.sms import text as sms_text
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.sms.message import Sms
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.sms import change_event, change_sms, send_kind_to, send_kind_twice, set_extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.pushes.push import Push
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

Event = dict[str, Any]
_TURNED = {"0": "1", "1": "0", "2": "2"}
IN_CHINA = 8 * 3_600_000


def _tell_failures_alone(right: Any, box: SmsEngine, sms: Sms, result: Any, *given: Any, **more: Any) -> None:
    """Push no Notify of an SMS that was sent."""
    app = sms.x.app
    url, app.sms_notify_url = app.sms_notify_url, None if result == 0 else app.sms_notify_url
    try:
        right(box, sms, result, *given, **more)
    finally:
        app.sms_notify_url = url


def _tell_each_part(right: Any, box: SmsEngine, sms: Sms, result: Any, now_ms: int, *, sent: int = 0) -> None:
    """Push a Notify of each part."""
    for part in range(1, max(sent, 1) + 1):
        right(box, sms, result, now_ms, sent=part)
        box.kept._ids.pop() if part < sent else None


def _show_sender(right: Any, sms: Sms) -> Event:
    view: Event = right(sms)
    return view | {"displayed": sms.sender if sms.delivered_to else None}


def _same_id(right: Any, identity: Ids) -> tuple[str, str]:
    return right(identity)[0], "1f4e6a70c9d84b1ca3c0f1e2d3b4a596"


def _forget_data(sms: Sms) -> None:
    sms.user_data = None


def _no_minutes(_engine: SmsEngine) -> tuple[int, ...]:
    return ()


def _seven_minutes(_engine: SmsEngine) -> tuple[int, ...]:
    return (*RETRY_MINUTES, 400)


def _repeat_after(minutes: Callable[[SmsEngine], tuple[int, ...]]) -> Operator:
    return replace(SmsEngine, "_repeat_minutes", minutes)


def _ignore_success(right: Any, box: Outbox, push: Push, outcome: str, *given: Any) -> None:
    right(box, push, "500" if push.kind == "sms_notify" and len(push.attempts) < 2 else outcome, *given)


def _to_first_address() -> Operator:
    """Send every Notify of an application where its first went."""
    first: dict[Application, str] = {}

    def end(right: Any, box: SmsEngine, sms: Sms, *given: Any, **more: Any) -> None:
        app = sms.x.app
        url = app.sms_notify_url
        if url is not None:
            first.setdefault(app, url)
        app.sms_notify_url = first.get(app)
        try:
            right(box, sms, *given, **more)
        finally:
            app.sms_notify_url = url

    return wrap(SmsEngine, "_end", end)


def _limit(whole: int, part: int) -> Any:
    return sms_text._Limit(whole, part)


def _extra(event: Event, key: str) -> str:
    return next(str(para["value"]) for para in event["extInfo"]["extParas"] if para["key"] == key)


def _late(ms: int) -> str:
    return milliseconds(ms + IN_CHINA)


BUGS = (
    Bug(
        "sms-untold", "SMS-001", "An SMS that was sent is not reported.", wrap(SmsEngine, "_end", _tell_failures_alone)
    ),
    Bug("sms-told-twice", "SMS-001", "An SMS is reported again a minute later.", send_kind_twice("sms_notify")),
    Bug("sms-by-parts", "SMS-001", "A long SMS is reported part by part.", wrap(SmsEngine, "_end", _tell_each_part)),
    Bug(
        "sms-mode-in-small",
        "SMS-002",
        "notificationMode is written in small letters.",
        change_event(lambda event: event.update(notificationMode="notify")),
    ),
    Bug("sms-no-event", "SMS-002", "event is missing.", change_event(lambda event: event.pop("event"))),
    Bug(
        "sms-result-as-text",
        "SMS-002",
        "sendResult is a text.",
        change_event(lambda event: event.update(sendResult=str(event["sendResult"]))),
    ),
    Bug(
        "sms-calling-x",
        "SMS-003",
        "calling is X.",
        change_event(lambda event: event.update(calling=event["virtualNumber"])),
    ),
    Bug("sms-no-called", "SMS-003", "called is never sent.", change_event(lambda event: event.pop("called", None))),
    Bug(
        "sms-called-x",
        "SMS-003",
        "called is X.",
        change_event(lambda event: event.update(called=event["virtualNumber"]) if "called" in event else None),
    ),
    Bug("sms-shows-sender", "SMS-004", "The receiver sees who wrote.", wrap(Sms, "view", _show_sender)),
    Bug("sms-time-of-china", "SMS-005", "timeStamp is the time of China.", replace(sms_notices, "milliseconds", _late)),
    Bug(
        "sms-whole-seconds",
        "SMS-005",
        "timeStamp has no milliseconds.",
        change_event(lambda event: event.update(timeStamp=event["timeStamp"][:19] + "Z")),
    ),
    Bug(
        "sms-english-153",
        "SMS-006",
        "English parts have 153 characters.",
        replace(sms_text, "_ENGLISH", _limit(160, 153)),
    ),
    Bug(
        "sms-english-140",
        "SMS-006",
        "One English SMS has 140 characters.",
        replace(sms_text, "_ENGLISH", _limit(140, 154)),
    ),
    Bug(
        "sms-chinese-70", "SMS-006", "Chinese parts have 70 characters.", replace(sms_text, "_CHINESE", _limit(70, 70))
    ),
    Bug(
        "sms-all-english", "SMS-006", "Chinese is counted as English.", replace(sms_text, "_CHINESE", _limit(160, 154))
    ),
    Bug(
        "sms-direction-turned",
        "SMS-007",
        "direction is the other one.",
        change_event(lambda event: set_extra(event, "direction", _TURNED[_extra(event, "direction")])),
    ),
    Bug(
        "sms-success-1",
        "SMS-008",
        "Success is 1.",
        change_event(lambda event: event.update(sendResult=event["sendResult"] or 1)),
    ),
    Bug(
        "sms-other-binding",
        "SMS-016",
        "subscriptionId is that of another binding.",
        change_event(lambda event: event.update(subscriptionId="00000000-0000-4000-8000-000000000001")),
    ),
    Bug("sms-no-user-data", "SMS-017", "userData of the binding is not sent.", change_sms(_forget_data)),
    Bug(
        "sms-cut-content",
        "SMS-018",
        "smsContent is cut at ten characters.",
        change_event(lambda event: event.update(smsContent=event["smsContent"][:10])),
    ),
    Bug("sms-one-id", "SMS-019", "Every SMS has the same id.", wrap(Ids, "sms_ids", _same_id)),
    Bug(
        "sms-never-repeated",
        "SMS-020",
        "A Notify that failed is not sent again.",
        _repeat_after(_no_minutes),
    ),
    Bug(
        "sms-seven-repeats",
        "SMS-020",
        "It is sent again seven times.",
        _repeat_after(_seven_minutes),
    ),
    Bug(
        "sms-never-content",
        "SMS-020",
        "A Notify that was answered with 200 is sent again.",
        wrap(Outbox, "record", _ignore_success),
    ),
    Bug(
        "sms-to-control",
        "SMS-021",
        "A Notify goes to the control address.",
        send_kind_to("sms_notify", "sms_control_url"),
    ),
    Bug("sms-address-kept", "SMS-021", "A Notify goes to an address that was taken away.", _to_first_address()),
    Bug(
        "sms-to-events",
        "COM-PUSH-001",
        "A Notify goes to the address of call events.",
        send_kind_to("sms_notify", "event_url"),
    ),
)
