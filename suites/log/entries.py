"""Exchanges made of entries: of our journal, the short form, HAR."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson

from privnum.suites.base.answer import json_object
from privnum.suites.log.exchange import Exchange, is_api_path, push_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EntryError", "of_har", "of_line"]

_NUMBERED: Final = "number"
"""A field that only entries of our journal have."""
_KINDS: Final = frozenset({"request", "call_event", "cdr", "number_status", "sms_notify", "sms_block"})


class EntryError(Exception):
    """An entry cannot be read; the text says why, and what would be right."""


# ── lines of JSON ────────────────────────────────────────────────────────────────────────────────────────────────────


def of_line(entry: Any, line: int) -> Exchange:
    """The exchange of an entry of our journal, or of the short form.

    Raises EntryError.
    """
    if not isinstance(entry, dict):
        raise EntryError("no JSON object; an entry is one, as docs/check-log.md shows")
    own = isinstance(entry.get(_NUMBERED), int)
    host, path, query = _address(entry)
    content, answer = _bytes(entry, "body"), _bytes(entry, "answer")
    kind = entry.get("kind")
    if kind is not None and (not isinstance(kind, str) or kind not in _KINDS):
        raise EntryError(f"kind is {kind!r:.40}; it must be one of {', '.join(sorted(_KINDS))}")
    pushed = kind not in (None, "request") or (kind is None and _is_push(path, content))
    method = str(entry.get("method") or "POST")
    if not pushed and not (entry.get("method") and path):
        raise EntryError("method and path (or url) are missing; a request has both")
    status = _status(entry)
    length = entry.get("body_bytes")
    return Exchange(
        line=line,
        kind="push" if pushed else "request",
        method=method.upper(),
        path=path,
        query=query,
        headers=_headers(entry.get("headers")),
        content=content,
        status=status,
        answer_content=answer,
        at=_moment(entry, "at", "time"),
        world=_moment(entry, "world_time"),
        named_key=str(entry.get("app_key") or ""),
        whole=not isinstance(length, int) or length <= len(content),
        answer_whole=not own or len(answer) < 1 << 14,
        exact=own,
        seconds=_milliseconds(entry.get("ms")) / 1000,
        host=host,
        number=entry[_NUMBERED] if own else None,
    )


def _address(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """Host, path and query; no host where there is a path alone."""
    url = entry.get("url")
    if entry.get("path") is None and isinstance(url, str):
        return _split(url)
    path, query = entry.get("path") or "", entry.get("query") or ""
    if not (isinstance(path, str) and isinstance(query, str)):
        raise EntryError("path or query is no text")
    bare, _, behind = path.partition("?")
    return "", bare, query or behind


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        _ = parts.port  # one that is out of range is told when it is asked for
    except ValueError:
        raise EntryError(f"url {url!r:.80} is no address") from None
    return parts.netloc.rpartition("@")[2].lower(), parts.path, parts.query


def _is_push(path: str, content: bytes) -> bool:
    body = json_object(content)
    return body is not None and not is_api_path(path) and bool(push_kind(body))


def _status(entry: Mapping[str, Any]) -> int:
    """The HTTP status; of a push of our journal it is its outcome."""
    status = entry.get("status", entry.get("outcome"))
    if isinstance(status, int) and not isinstance(status, bool):
        return status
    text = str(status or "")
    if text.isascii() and text.isdigit() and len(text) == 3:
        return int(text)
    return 200 if entry.get("accepted") is True else 0


def _bytes(entry: Mapping[str, Any], name: str) -> bytes:
    """A body: text as it was sent, or the JSON itself."""
    value = entry.get(name)
    if value is None:
        return b""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else orjson.dumps(value)


def _headers(given: Any) -> tuple[tuple[str, str], ...] | None:
    if given is None:
        return None
    if isinstance(given, dict):
        given = list(given.items())
    found = []
    for pair in given if isinstance(given, list) else [None]:
        if not (isinstance(pair, list | tuple) and len(pair) == 2):
            raise EntryError("headers are no pairs of name and value")
        found.append((str(pair[0]).lower(), str(pair[1])))
    return tuple(found)


def _moment(entry: Mapping[str, Any], *names: str) -> float | None:
    name = next((name for name in names if entry.get(name) is not None), None)
    return None if name is None else _seconds(entry[name], name)


def _seconds(value: Any, name: str) -> float:
    """Seconds since the epoch of a time as text or number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        moment = datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise EntryError(f"{name} is {str(value)!r:.40}; a time is like 2026-03-01T00:00:00Z") from None


def _milliseconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0


# ── HAR 1.2 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_har(entry: Any, number: int) -> Exchange:
    """The exchange of an entry of a HAR file. Raises EntryError."""
    try:
        request, response = entry["request"], entry["response"]
        url, method = str(request["url"]), str(request["method"]).upper()
        began = entry["startedDateTime"]
    except (KeyError, TypeError):
        raise EntryError("request, response or startedDateTime is missing; HAR 1.2 has them") from None
    if not isinstance(response, dict):
        raise EntryError("response is no object; in HAR 1.2 it is one, with status and content")
    host, path, query = _split(url)
    content = _request_body(request.get("postData"))
    seconds = _milliseconds(entry.get("time")) / 1000
    pushed = method in ("POST", "PUT") and _is_push(path, content)
    return Exchange(
        line=number,
        kind="push" if pushed else "request" if is_api_path(path) else "other",
        method=method,
        path=path,
        query=query,
        headers=_har_headers(request.get("headers")),
        content=content,
        status=_har_status(response.get("status")),
        answer_content=_answer_body(response.get("content")),
        at=_seconds(began, "startedDateTime"),
        world=_moment(entry, "_worldTime"),
        seconds=seconds,
        host=host,
        whole=_is_whole(request.get("bodySize"), content),
    )


def _har_headers(given: Any) -> tuple[tuple[str, str], ...]:
    rows = given or ()
    if not (isinstance(rows, list | tuple) and all(isinstance(row, dict) for row in rows)):
        raise EntryError("headers are no list of objects; in HAR 1.2 each has name and value")
    return tuple((str(row.get("name")).lower(), str(row.get("value"))) for row in rows)


def _har_status(given: Any) -> int:
    """The HTTP status; 0 or none: no answer came."""
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int):
        raise EntryError(f"status is {given!r:.40}; in HAR 1.2 it is a number like 200")
    return given


def _request_body(data: Any) -> bytes:
    if not isinstance(data, dict):
        return b""
    text = str(data.get("text") or "")
    if data.get("encoding") == "base64":
        return _from_base64(text)
    return text.encode("utf-8", "surrogatepass")


def _answer_body(content: Any) -> bytes:
    if not isinstance(content, dict):
        return b""
    text = str(content.get("text") or "")
    return _from_base64(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EntryError("a body that is said to be in Base64 is not") from None


def _is_whole(size: Any, content: bytes) -> bool:
    """Whether the body is there.

    Size -1 says nothing, nor does one before a coding was taken off.
    """
    return bool(content) or not (isinstance(size, int) and size > 0)
