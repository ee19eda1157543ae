"""Seeded bugs of what is pushed of the status of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.worlds import setup
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

Info = dict[str, Any]


def _push_if(which: Callable[[XNumber], bool]) -> Operator:
    """Push the status of some numbers alone."""

    def number_status(right: Any, notifier: Notifier, x: XNumber, now_ms: int) -> None:
        if which(x):
            right(notifier, x, now_ms)

    return wrap(Notifier, "number_status", number_status)


def _say(change: Callable[[Info], object]) -> Operator:
    """Change what a push says of a number."""

    def send(right: Any, box: Outbox, app: Application, kind: str, url: str, body: bytes, **where: Any) -> None:
        if kind == "number_status":
            message = orjson.loads(body)
            change(message["numInfo"][0])
            body = orjson.dumps(message)
        right(box, app, kind, url, body, **where)

    return wrap(Outbox, "send", send)


def _change_number(right: Any, x: XNumber, spec: Mapping[str, Any]) -> bool:
    """Take a new cause without a new status for no change."""
    before = x.status
    right(x, spec)
    return x.status != before


def _keep_first_cause(right: Any, x: XNumber, spec: Mapping[str, Any]) -> bool:
    first = x.cause
    changed: bool = right(x, spec)
    x.cause = first or x.cause
    return changed


def _always(right: Any, x: XNumber, spec: Mapping[str, Any]) -> bool:
    right(x, spec)
    return True


def _again_unless_normal(right: Any, x: XNumber, spec: Mapping[str, Any]) -> bool:
    return bool(right(x, spec)) or x.status != "5"


def _at(address: Callable[[Application], str | None]) -> Operator:
    """Push the status of numbers to another address."""

    def number_status(right: Any, notifier: Notifier, x: XNumber, now_ms: int) -> None:
        own, x.app.number_status_url = x.app.number_status_url, address(x.app)
        try:
            right(notifier, x, now_ms)
        finally:
            x.app.number_status_url = own

    return wrap(Notifier, "number_status", number_status)


def _to_both(right: Any, notifier: Notifier, x: XNumber, now_ms: int) -> None:
    right(notifier, x, now_ms)
    own, x.app.number_status_url = x.app.number_status_url, None
    try:
        if own is not None:
            right(notifier, x, now_ms)
    finally:
        x.app.number_status_url = own


BUGS = (
    Bug("status-untold", "COM-STATUS-001", "The status of numbers is never pushed.", _push_if(lambda _: False)),
    Bug(
        "recovery-untold",
        "COM-STATUS-001",
        "That a number is normal again is not reported.",
        _push_if(lambda x: x.status != "5"),
    ),
    Bug(
        "suspension-as-loss",
        "COM-STATUS-001",
        "A suspended number is reported as unavailable.",
        _say(lambda info: info.update(status="10") if info["status"] == "9" else None),
    ),
    Bug(
        "status-in-words",
        "COM-STATUS-002",
        "A status is sent as a word.",
        _say(lambda info: info.update(status="suspended") if info["status"] == "9" else None),
    ),
    Bug(
        "status-as-number",
        "COM-STATUS-002",
        "A status is sent as a number.",
        _say(lambda info: info.update(status=int(info["status"]))),
    ),
    Bug("status-to-events", "COM-STATUS-003", "A status goes to the address of call events.", _at(lambda _: None)),
    Bug(
        "status-to-own-alone",
        "COM-STATUS-003",
        "Without an address of its own a status goes nowhere.",
        _push_if(lambda x: x.app.number_status_url is not None),
    ),
    Bug(
        "status-to-both",
        "COM-STATUS-003",
        "A status goes to both addresses.",
        wrap(Notifier, "number_status", _to_both),
    ),
    Bug(
        "status-to-fee",
        "COM-PUSH-001",
        "Without an address for it a status goes to that of CDRs.",
        _at(lambda app: app.number_status_url or app.event_url or app.fee_url),
    ),
    Bug(
        "first-cause-stays",
        "COM-STATUS-004",
        "A number keeps the first cause that it had.",
        wrap(setup, "change_number", _keep_first_cause),
    ),
    Bug(
        "no-cause",
        "COM-STATUS-005",
        "The cause is never sent.",
        _say(lambda info: info.pop("cause", None)),
    ),
    Bug(
        "freezing-untold",
        "COM-STATUS-006",
        "That a number is frozen for binding is not reported.",
        _push_if(lambda x: x.status != "11"),
    ),
    Bug(
        "new-cause-untold",
        "COM-STATUS-007",
        "Another cause of the same status is not reported.",
        wrap(setup, "change_number", _change_number),
    ),
    Bug(
        "cause-untold",
        "COM-STATUS-001",
        "A number that is unavailable for a cause is not reported.",
        _push_if(lambda x: x.cause is None),
    ),
    Bug(
        "status-said-again",
        "COM-STATUS-008",
        "That a number cannot be used is pushed whenever it is set.",
        wrap(setup, "change_number", _again_unless_normal),
    ),
    Bug(
        "status-as-ever",
        "COM-STATUS-008",
        "A status is pushed whenever it is set, changed or not.",
        wrap(setup, "change_number", _always),
    ),
)
