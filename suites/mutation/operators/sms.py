"""Edits of the server's SMS: notices, and what stands against one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum.mockserver.pushes import outbox
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.sms import engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.mockserver.sms.notices import Discard, Route
from privnum.suites.mutation.operators.code import set_entry, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import SmsDecision
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator

__all__ = [
    "change_decision",
    "change_event",
    "change_sms",
    "change_verdict",
    "drop_row",
    "result_of_row",
    "send_kind_to",
    "send_kind_twice",
    "set_extra",
]

Event = dict[str, Any]
Verdict = Route | Discard | None


def change_event(change: Callable[[Event], object], mode: str = "Notify") -> Operator:
    """Change what a notice of that mode says of its SMS."""

    def body_of(right: Any, sms: Sms, of: str, *given: Any) -> bytes:
        body: bytes = right(sms, of, *given)
        if of != mode:
            return body
        message = orjson.loads(body)
        change(message["smsEvent"])
        return orjson.dumps(message)

    return wrap(engine, "body_of", body_of)


def set_extra(event: Event, key: str, value: str) -> None:
    """Have another value in extInfo."""
    for para in event["extInfo"]["extParas"]:
        if para["key"] == key:
            para["value"] = value


def change_sms(change: Callable[[Sms], object]) -> Operator:
    """Change an SMS just before it is settled."""

    def end(right: Any, box: SmsEngine, sms: Sms, *given: Any, **more: Any) -> None:
        change(sms)
        right(box, sms, *given, **more)

    return wrap(SmsEngine, "_end", end)


def change_decision(owner: type, change: Callable[[Any, str, str], SmsDecision]) -> Operator:
    """Change what a mode decides of an SMS.

    `change` gets that, the sender and the text.
    """

    def route_sms(right: Any, mode: Any, assumptions: Any, x: Any, sender: str, text: str) -> SmsDecision:
        return change(right(mode, assumptions, x, sender, text), sender, text)

    return wrap(owner, "route_sms", route_sms)


def change_verdict(change: Callable[[Verdict], Verdict]) -> Operator:
    """Read a verdict otherwise."""

    def verdict_of(right: Any, *given: Any) -> Verdict:
        return change(right(*given))

    return wrap(engine, "verdict_of", verdict_of)


def drop_row(word: str) -> Operator:
    """Let the reason of that word stand against no SMS."""
    _, result, rule = engine._AGAINST[word]
    return set_entry(engine._AGAINST, word, (lambda _: False, result, rule))


def result_of_row(word: str, result: int) -> Operator:
    """Have another result for the reason of that word."""
    stands, _, rule = engine._AGAINST[word]
    return set_entry(engine._AGAINST, word, (stands, result, rule))


def send_kind_to(kind: str, setting: str) -> Operator:
    """Send pushes of a kind to the address of another setting."""

    def send(right: Any, box: Outbox, app: Application, of: str, url: str, body: bytes, **more: Any) -> None:
        right(box, app, of, getattr(app, setting) or url if of == kind else url, body, **more)

    return wrap(Outbox, "send", send)


def send_kind_twice(kind: str) -> Operator:
    """Send pushes of a kind again a minute after they were accepted.

    They say the same to the letter.
    """

    def record(right: Any, box: Outbox, push: Push, *given: Any) -> None:
        right(box, push, *given)
        if push.kind == kind and push.state == "delivered" and len(push.attempts) == 1:
            push.state, push.due_ms = "pending", push.sent_ms + 60_000
            box._timers.add(push.due_ms, outbox.RANK, push)

    return wrap(Outbox, "record", record)
