"""A line of log for each request and for each attempt to push.

An attempt that was not accepted is a warning. The loggers are privnum.request and privnum.push: below INFO, or below
WARNING, no line is made. On DEBUG it has the bodies too.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.core.timestamps import precise
from privnum.mockserver.journal.entries import RequestEntry
from privnum.mockserver.journal.formats import result_of, sent_of
from privnum.mockserver.journal.remarks import remarks_of
from privnum.mockserver.pushes.addresses import INBOX, masked_address
from privnum.mockserver.pushes.outcomes import first_signs

if TYPE_CHECKING:
    from privnum.mockserver.journal.entries import Entry, PushEntry

__all__ = ["LOGGERS", "as_line", "hears_requests", "tell"]

#: Names of the loggers.
LOGGERS: Final = ("privnum.request", "privnum.push")
#: The world that a line does not name.
USUAL_WORLD: Final = "default"
#: Bytes of a body in a line.
_LONGEST_BODY: Final = 2_000

_requests, _pushes = (logging.getLogger(name) for name in LOGGERS)


def hears_requests() -> bool:
    """Whether lines of requests are shown."""
    return _requests.isEnabledFor(logging.INFO)


def tell(world_id: str, entry: Entry) -> None:
    """Log an entry, if somebody wants to see it."""
    if isinstance(entry, RequestEntry):
        if _requests.isEnabledFor(logging.INFO):  # as hears_requests has it, a call less for each request
            _tell_request(world_id, entry)
    elif _pushes.isEnabledFor(logging.INFO if entry.accepted else logging.WARNING):
        _tell_push(world_id, entry)


def _tell_request(world_id: str, entry: RequestEntry) -> None:
    code, text = result_of(entry)
    remarks = [f"{found.remark.id} ({found.where})" for found in remarks_of(sent_of(entry))]
    fields: dict[str, Any] = {
        "event": "request",
        "world": world_id,
        "method": entry.method,
        "path": contracts.mask(entry.path),
        "operation": entry.operation or None,
        "status": entry.status,
        "resultcode": code,
        "rule": entry.rule or None,
        "fault": entry.fault or None,
        "ms": entry.ms,
        "remarks": remarks,
    }
    text = text.removesuffix(f" [{entry.rule}]")
    refused = "" if entry.accepted or not text else f": {contracts.mask(text)}"
    where = "" if world_id == USUAL_WORLD else f"[{world_id}] "
    words = [entry.method, fields["path"], str(entry.status), code or "-", entry.rule, f"{entry.ms:g} ms"]
    line = where + " ".join(word for word in words if word) + refused + _fault_text(entry)
    if remarks:
        line += f"; may not be taken: {', '.join(remarks)}"
    _log(_requests, logging.INFO, line, fields, entry)


def _tell_push(world_id: str, entry: PushEntry) -> None:
    again = None if entry.next_ms is None else precise(entry.next_ms)
    first = first_signs(entry.answer)
    fields: dict[str, Any] = {
        "event": "push",
        "world": world_id,
        "kind": entry.kind,
        "push": entry.push_id,
        "url": masked_address(entry.url),
        "attempt": entry.attempt,
        "outcome": entry.outcome,
        "detail": contracts.mask(entry.detail),
        "answer": first,
        "accepted": entry.accepted,
        "fault": entry.fault or None,
        "next_attempt_at": again,
        "ms": entry.ms,
    }
    where = "" if world_id == USUAL_WORLD else f"[{world_id}] "
    spent = "" if entry.ms is None else f" {entry.ms:g} ms"
    receiver = "" if entry.url == INBOX else f" to {fields['url']}"
    line = f"{where}push {entry.kind} {entry.push_id}{receiver}: {fields['detail']}{spent}"
    if not entry.accepted:
        line = f"{line}, not accepted{_seconds_to(entry)}"
        if first:
            line += f"; the answer begins {first!r}"
    line += _fault_text(entry)
    _log(_pushes, logging.INFO if entry.accepted else logging.WARNING, line, fields, entry)


def _fault_text(entry: Entry) -> str:
    """Return which fault was made of it, in words."""
    return f"; injected: {entry.fault}" if entry.fault else ""


def _seconds_to(entry: PushEntry) -> str:
    """Return when a push is tried again, in words."""
    if entry.next_ms is None:
        return f" (attempt {entry.attempt}); it is not tried again"
    seconds = (entry.next_ms - entry.world_ms) // 1000
    return f" (attempt {entry.attempt}); next attempt at {precise(entry.next_ms)} of world time, in {seconds} s"


def _log(logger: logging.Logger, level: int, line: str, fields: dict[str, Any], entry: Entry) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        for sign, name, body in ((">", "body", entry.body), ("<", "answer", entry.answer)):
            text = fields[name] = contracts.mask(body[:_LONGEST_BODY].decode(errors="backslashreplace"))
            if text:
                line += f"\n  {sign} {text}"
        if isinstance(entry, RequestEntry) and entry.query:
            fields["query"] = contracts.mask(entry.query)
    logger.log(level, "%s", line, extra={"privnum": fields})


def as_line(record: logging.LogRecord, time: str) -> str:
    """Return a record as one line of JSON.

    It is ASCII, so that nothing in it acts on a terminal.
    """
    fields = getattr(record, "privnum", None) or {"event": "log", "message": record.getMessage()}
    if record.exc_info:
        fields = {**fields, "traceback": logging.Formatter().formatException(record.exc_info)}
    return json.dumps({"time": time, "level": record.levelname.lower(), **fields})
