"""Edits of the pushes that the customer gets of a call: events and CDRs."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import orjson

from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.outbox import Outbox
from privnum.suites.mutation.model import Fields, Operator, mode_operator, operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = [
    "change_cdr",
    "change_event",
    "change_push",
    "drop_cdr_field",
    "drop_cdrs",
    "drop_event",
    "drop_event_field",
    "drop_events",
    "move_event_last",
    "repeat_event",
    "set_cdr_field",
    "set_event_field",
    "write_cdr_a_leg",
]

COLLECT = "collectInfo"


@operator
def change_push(change: Callable[[Fields], object]) -> Patch:
    """Change the body of each push as it leaves; an emptied one is not sent."""
    send = Outbox.send

    def sending(outbox: Outbox, app: Application, kind: str, url: str, body: bytes, **where: Any) -> None:
        fields = orjson.loads(body)
        change(fields)
        if fields:
            send(outbox, app, kind, url, orjson.dumps(fields), **where)

    return patch.object(Outbox, "send", sending)


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@operator
@contextmanager
def change_event(kind: str | None, change: Callable[[Call, Fields], object]) -> Iterator[None]:
    """Change the statusInfo of each event of that eventType, None: of all."""
    event, push_digits = Notifier.event, Notifier.push_collect_info
    reported: list[Call] = []

    def noting(notifier: Notifier, call: Call, event_type: str, now_ms: int) -> None:
        reported[:] = [call]
        event(notifier, call, event_type, now_ms)

    def noting_digits(notifier: Notifier, call: Call, digits: str, now_ms: int) -> None:
        reported[:] = [call]
        push_digits(notifier, call, digits, now_ms)

    def changing(body: Fields) -> None:
        if "statusInfo" in body and kind in (None, body["eventType"]):
            change(reported[0], body["statusInfo"])

    with ExitStack() as stack:
        stack.enter_context(patch.multiple(Notifier, event=noting, push_collect_info=noting_digits))
        stack.enter_context(change_push(changing).apply())
        yield


def set_event_field(kind: str | None, name: str, value: Callable[[Call, Fields], Any]) -> Operator:
    """Have another value in a field of an event, where it has the field."""

    def change(call: Call, info: Fields) -> None:
        if name in info:
            info[name] = value(call, info)

    return change_event(kind, change)


def drop_event_field(kind: str, name: str) -> Operator:
    """Leave a field out of an event."""

    def drop(_call: Call, info: Fields) -> None:
        info.pop(name, None)

    return change_event(kind, drop)


@operator
def drop_events(where: Callable[[Call, str], bool]) -> Patch:
    """Send no event where `where` says so.

    It gets the call and the eventType.
    """
    event, push_digits = Notifier.event, Notifier.push_collect_info

    def send_event(notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if not where(call, kind):
            event(notifier, call, kind, now_ms)

    def send_digits(notifier: Notifier, call: Call, digits: str, now_ms: int) -> None:
        if not where(call, COLLECT):
            push_digits(notifier, call, digits, now_ms)

    return patch.multiple(Notifier, event=send_event, push_collect_info=send_digits)


@mode_operator
def drop_event(mode: ServerMode, kind: str, *, of_call_backs: bool = False) -> Patch:
    """Send no event of that eventType, of call-backs alone or of others."""

    def is_dropped(call: Call, event_type: str) -> bool:
        return event_type == kind and mode.is_call_back(call) == of_call_backs

    return drop_events(is_dropped).apply()


@operator
def repeat_event(kind: str) -> Patch:
    """Send an event again a second later.

    The very same message again would be a copy, which may come.
    """
    event, push_digits = Notifier.event, Notifier.push_collect_info

    def send_event(notifier: Notifier, call: Call, event_type: str, now_ms: int) -> None:
        for late in range(1 + (event_type == kind)):
            event(notifier, call, event_type, now_ms + late * 1000)

    def send_digits(notifier: Notifier, call: Call, digits: str, now_ms: int) -> None:
        for late in range(1 + (kind == COLLECT)):
            push_digits(notifier, call, digits, now_ms + late * 1000)

    return patch.multiple(Notifier, event=send_event, push_collect_info=send_digits)


@operator
def move_event_last(kind: str) -> Patch:
    """Send an event with the next one, behind it."""
    event = Notifier.event
    late: dict[str, int] = {}

    def send_event(notifier: Notifier, call: Call, event_type: str, now_ms: int) -> None:
        if event_type == kind:
            late[call.session_id] = now_ms
            return
        event(notifier, call, event_type, now_ms)
        if call.session_id in late:
            event(notifier, call, kind, late.pop(call.session_id))

    return patch.object(Notifier, "event", send_event)


# ── CDRs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@operator
def change_cdr(change: Callable[[Call, Fields], object]) -> Patch:
    """Change each CDR as it is written."""
    fee_info = Notifier._fee_info

    def changed_fee(notifier: Notifier, call: Call) -> Fields:
        fee = fee_info(notifier, call)
        change(call, fee)
        return fee

    return patch.object(Notifier, "_fee_info", changed_fee)


def set_cdr_field(name: str, value: Callable[[Call, Fields], Any]) -> Operator:
    """Have another value in a field of every CDR."""

    def change(call: Call, fee: Fields) -> None:
        fee[name] = value(call, fee)

    return change_cdr(change)


def drop_cdr_field(name: str) -> Operator:
    """Leave a field out of every CDR as it leaves.

    The server itself goes by sessionId.
    """

    def drop(body: Fields) -> None:
        for fee in body.get("feeLst", ()):
            fee.pop(name, None)

    return change_push(drop)


@operator
def drop_cdrs(where: Callable[[Call], bool]) -> Patch:
    """Write no CDR of some calls."""
    cdr = Notifier.cdr

    def writing(notifier: Notifier, call: Call, now_ms: int) -> None:
        if not where(call):
            cdr(notifier, call, now_ms)

    return patch.object(Notifier, "cdr", writing)


@operator
def write_cdr_a_leg() -> Patch:
    """Write a CDR for each leg of a call that was put through."""
    cdr = Notifier.cdr

    def writing(notifier: Notifier, call: Call, now_ms: int) -> None:
        cdr(notifier, call, now_ms)
        if call.forwarded_to is not None:
            cdr(notifier, call, now_ms)

    return patch.object(Notifier, "cdr", writing)
