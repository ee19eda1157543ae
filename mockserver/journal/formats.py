"""A journal for who looks: as JSON, as HAR 1.2, as curl commands."""

from __future__ import annotations

import shlex
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

import orjson

from privnum import __version__, contracts
from privnum.mockserver.core.timestamps import milliseconds, precise
from privnum.mockserver.journal.entries import RequestEntry
from privnum.mockserver.journal.masking import headers_of
from privnum.mockserver.journal.remarks import Sent, remarks_of, unread
from privnum.mockserver.pushes.addresses import masked_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from privnum.mockserver.journal.entries import Entry, PushEntry
    from privnum.mockserver.journal.ring import Journal
    from privnum.mockserver.journal.select import Selected

__all__ = ["FORMATS", "Look", "result_of", "sent_of"]

_NO_SIZE: Final = -1
_SKIPPED: Final = frozenset({"host", "content-length", "connection"})
"""Headers that curl writes itself."""
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_HINT: Final = "# digests are masked here: ask with secrets=shown for commands that can be run again\n"


class Look(NamedTuple):
    """What somebody gets to see.

    The entries, and the address under which the server was reached.
    """

    journal: Journal
    selected: Selected
    base_url: str
    masked: bool = True


def sent_of(entry: RequestEntry) -> Sent:
    """Return a request of the journal as remarks are found in it."""
    operation = contracts.operations().get(entry.operation)
    return Sent(operation, entry.query, dict(reversed(list(entry.headers))), entry.body, entry.edge_ms)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(look: Look) -> dict[str, Any]:
    """Return the answer driver/journal."""
    entries, following, missed = look.selected
    return {
        "entries": [_view(number, entry, masked=look.masked) for number, entry in entries],
        "next": following,
        "missed": missed,
        "size": look.journal.size,
        "kept": look.journal.kept,
        "dropped": look.journal.dropped,
    }


def _view(number: int, entry: Entry, *, masked: bool) -> dict[str, Any]:
    times = {"at": precise(entry.edge_ms), "world_time": precise(entry.world_ms), "ms": entry.ms}
    own = _of_request(entry) if isinstance(entry, RequestEntry) else _of_push(entry)
    return {
        "number": number,
        "kind": entry.kind,
        **times,
        "accepted": entry.accepted,
        "fault": entry.fault or None,
        "headers": [list(header) for header in headers_of(entry.headers, masked=masked)],
        "body": _text(entry.body),
        "body_bytes": entry.length,
        **own,
        "answer": _text(entry.answer),
    }


def _of_request(entry: RequestEntry) -> dict[str, Any]:
    sent = sent_of(entry)
    remarks = [
        {"id": found.remark.id, "where": found.where, "text": found.text, "rule": found.remark.rule}
        for found in remarks_of(sent)
    ]
    return {
        "client": entry.client,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "operation": entry.operation or None,
        "status": entry.status,
        "resultcode": result_of(entry)[0],
        "rule": entry.rule or None,
        "unread": [{"name": name, "in": where} for name, where in unread(sent)],
        "remarks": remarks,
    }


def _of_push(entry: PushEntry) -> dict[str, Any]:
    return {
        "push": entry.push_id,
        "app_key": entry.app_key,
        "url": masked_address(entry.url),
        "attempt": entry.attempt,
        "outcome": entry.outcome,
        "detail": entry.detail,
        "state": entry.state,
        "next_attempt_at": None if entry.next_ms is None else precise(entry.next_ms),
    }


def result_of(entry: RequestEntry) -> tuple[str | None, str]:
    """Return resultcode (None where there is none) and resultdesc."""
    try:
        answer = orjson.loads(entry.answer)
    except ValueError:
        return None, ""
    if not isinstance(answer, dict) or "resultcode" not in answer:
        return None, ""
    return str(answer["resultcode"]), str(answer.get("resultdesc", ""))


def _text(body: bytes) -> str:
    return body.decode(errors="backslashreplace")


# ── HAR 1.2 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_har(look: Look) -> dict[str, Any]:
    """Return a HAR 1.2 document, which browsers and proxies open."""
    creator = {"name": "privnum", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_har(look, *each) for each in look.selected[0]]}}


def _har(look: Look, number: int, entry: Entry) -> dict[str, Any]:
    ms = entry.ms or 0
    began = entry.edge_ms if isinstance(entry, RequestEntry) else entry.edge_ms - int(ms)
    return {
        "startedDateTime": milliseconds(began),
        "time": ms,
        "request": _har_request(look, entry),
        "response": _har_response(entry, masked=look.masked),
        "cache": {},
        "timings": {"send": 0, "wait": ms, "receive": 0},
        "comment": _caption(number, entry),
        "_worldTime": precise(entry.world_ms),
    }


def _har_request(look: Look, entry: Entry) -> dict[str, Any]:
    query = parse_qsl(entry.query, keep_blank_values=True) if isinstance(entry, RequestEntry) else []
    headers = headers_of(entry.headers, masked=look.masked)
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    posted = {"postData": {"mimeType": kind, "text": _text(entry.body)}} if entry.body else {}
    return {
        "method": _method(entry),
        "url": _url(look, entry),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": _pairs(query),
        **posted,
        "headersSize": _NO_SIZE,
        "bodySize": entry.length,
    }


def _har_response(entry: Entry, *, masked: bool) -> dict[str, Any]:
    if isinstance(entry, RequestEntry):
        status, headers, said = entry.status, headers_of(entry.answer_headers, masked=masked), ""
    else:
        status, headers, said = int(entry.outcome) if entry.outcome.isdecimal() else 0, [], entry.detail
    return {
        "status": status,
        "statusText": _PHRASES.get(status, said),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {
            "size": len(entry.answer),
            "mimeType": dict(headers).get("content-type", ""),
            "text": _text(entry.answer),
        },
        "redirectURL": dict(headers).get("location", ""),
        "headersSize": _NO_SIZE,
        "bodySize": len(entry.answer),
    }


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


# ── curl ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_curl(look: Look) -> str:
    """Return commands that send the same again.

    Each stands behind a line that says what came.
    """
    commands = [_curl(look, number, entry) for number, entry in look.selected[0]]
    return "\n".join([_HINT, *commands] if look.masked and commands else commands)


def _curl(look: Look, number: int, entry: Entry) -> str:
    words = ["curl", "-s", "-X", _method(entry), _url(look, entry)]
    for name, value in headers_of(entry.headers, masked=look.masked):
        if name.lower() not in _SKIPPED:
            words += ["-H", f"{name}: {value}"]
    if entry.body:
        words += ["--data-binary", _text(entry.body)]
    return f"# {_caption(number, entry)}\n{shlex.join(words)}\n"


def _caption(number: int, entry: Entry) -> str:
    if isinstance(entry, RequestEntry):
        code, rule = result_of(entry)[0], f" [{entry.rule}]" if entry.rule else ""
        return f"{number} {precise(entry.edge_ms)} {entry.operation or 'no API'}: {entry.status}/{code or '-'}{rule}"
    at = "" if entry.next_ms is None else f", next attempt at {precise(entry.next_ms)}"
    return (
        f"{number} {precise(entry.edge_ms)} {entry.kind} {entry.push_id}, attempt {entry.attempt}: {entry.detail}{at}"
    )


def _method(entry: Entry) -> str:
    return entry.method if isinstance(entry, RequestEntry) else "POST"


def _url(look: Look, entry: Entry) -> str:
    if not isinstance(entry, RequestEntry):
        return masked_address(entry.url)
    return look.base_url + entry.path + (f"?{entry.query}" if entry.query else "")


FORMATS: Final[Mapping[str, Callable[[Look], dict[str, Any] | str]]] = {
    "json": as_json,
    "har": as_har,
    "curl": as_curl,
}
