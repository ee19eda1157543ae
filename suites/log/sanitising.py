"""Entries of a log with other values of the same shape."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

from privnum import contracts
from privnum.suites.log.fields import (
    IDS,
    KEYS,
    NUMBERS,
    SETTINGS,
    beginning,
    is_plain_code,
    is_plain_name,
    is_plain_word,
    reserved_words,
)
from privnum.suites.log.header_values import HEADERS, TOKENS, other_header, other_token
from privnum.suites.log.replacing import NUMBER, Replacer
from privnum.suites.log.signatures import is_masked
from privnum.suites.transport.client import digest_of, read_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Sanitiser", "UnreplacedError"]

_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_WORDS: Final = frozenset({"", "true", "false", "null", "on", "off"})
_ENTRY: Final = (
    *(
        "number",
        "kind",
        "at",
        "time",
        "world_time",
        "ms",
        "accepted",
        "headers",
        "body",
        "body_bytes",
        "method",
        "path",
    ),
    *("query", "status", "app_key", "url", "attempt", "outcome", "answer", "operation", "push"),
)
"""Fields of an entry of ours that are kept; others are left out."""
_PAIR: Final = re.compile(
    r"""(?:"(?P<name>(?:[^"\\]|\\.)*)"(?P<colon>\s*:\s*))?(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?[0-9]{5,}))""",
    re.DOTALL,
)
_TOLD: Final = frozenset({"resultdesc", "stateDesc"})
"""Fields of texts of the platform."""
_BARE: Final = re.compile(r"\+?[0-9]*", re.ASCII)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
_FORMS: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(("number", "attempt", "body_bytes"), (int,)),
    **dict.fromkeys(("status", "outcome"), (int, str)),
    "ms": (int, float),
    "accepted": (bool,),
}
"""Of which type a field of an entry is; one of another is left out."""
_TIMES: Final = frozenset({"at", "time", "world_time"})
_OTHER: Final = {
    "startedDateTime": "",
    "request": {"method": "GET", "url": "https://other.invalid/"},
    "response": {"status": 0},
}


class UnreplacedError(contracts.ContractError):
    """Something that looks like a number would have been left."""


class Sanitiser:
    """Makes other entries of entries.

    `secrets` are those of the log by app_key; `new_secrets` are those that fit the new digests.
    """

    def __init__(self, key: bytes, secrets: Mapping[str, str]) -> None:
        self.replacer = Replacer(key, reserved_words() | {method.lower() for method in _METHODS})
        self._secrets = secrets
        self.new_secrets: dict[str, str] = {}
        self.left_out: set[str] = set()
        """Names of fields and headers that are left out."""

    # ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, text: str) -> None:
        """Note the numbers of the whole log, before any is replaced."""
        self.replacer.note_numbers(text)
        self.replacer.note_numbers(unquote(text))

    def entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry of our journal, or of the short form."""
        found: dict[str, Any] = {}
        for name, value in entry.items():
            if name not in _ENTRY or not _has_form(name, value):
                self.left_out.add(name if is_plain_name(name) else "****")
            else:
                found[name] = None if value is None else self._field(name, value)
        if isinstance(entry.get("body"), str) and entry.get("body_bytes") == len(_raw(entry["body"])):
            found["body_bytes"] = len(_raw(found["body"]))
        return found

    def _field(self, name: str, value: Any) -> Any:
        handlers: Mapping[str, Callable[[Any], Any]] = {
            "headers": self._headers,
            "body": self._content,
            "answer": self._content,
            "path": self._path,
            "query": self.query,
            "url": self._url,
            "app_key": self._key,
            "method": self._method,
            "status": self._word,
            "outcome": self._word,
            "operation": self._operation,
            "push": lambda push: self.replacer.value("id", str(push)),
        }
        return handlers[name](value) if name in handlers else value

    def _method(self, method: Any) -> str:
        return str(method) if str(method).upper() in _METHODS else self.replacer.text("text", str(method))

    def _word(self, value: Any) -> Any:
        return value if not isinstance(value, str) or is_plain_code(value) else self.replacer.text("text", value)

    def _operation(self, name: Any) -> str:
        return str(name) if name in contracts.operations() else self.replacer.text("text", str(name))

    def har_entry(self, entry: Any) -> dict[str, Any]:
        """An entry of a HAR file that can be read."""
        request, response = entry["request"], entry["response"]
        posted = request.get("postData")
        body = _text_of(posted) if isinstance(posted, dict) else None
        content = response.get("content")
        answer = _text_of(content) if isinstance(content, dict) else ""
        self.left_out |= {"cookies", "comment", "timings"} & {*entry, *request, *response}
        return {
            "startedDateTime": entry.get("startedDateTime"),
            "time": entry.get("time") if isinstance(entry.get("time"), int | float) else 0,
            "request": {
                "method": self._method(request["method"]),
                "url": self._url(request["url"]),
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": self._har_headers(request.get("headers")),
                "queryString": [],
                **({} if body is None else {"postData": {"mimeType": "application/json", "text": self._content(body)}}),
                "headersSize": -1,
                "bodySize": -1,
            },
            "response": {
                "status": response.get("status"),
                "statusText": "",
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": [],
                "content": {"size": -1, "mimeType": "", "text": self._content(answer)},
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": -1,
            },
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
            **({"_worldTime": entry["_worldTime"]} if "_worldTime" in entry else {}),
        }

    @staticmethod
    def har_other(entry: Mapping[str, Any]) -> dict[str, Any]:
        """In the place of an entry about something else.

        So the numbers of the others stay.
        """
        return {**_OTHER, "startedDateTime": entry.get("startedDateTime")}

    # ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _headers(self, given: Any) -> list[list[str]]:
        pairs = given.items() if isinstance(given, dict) else given
        return [[str(name), value] for name, value in self._kept_headers((str(n), str(v)) for n, v in pairs)]

    def _har_headers(self, given: Any) -> list[dict[str, str]]:
        pairs = ((str(pair.get("name")), str(pair.get("value"))) for pair in given or ())
        return [{"name": name, "value": value} for name, value in self._kept_headers(pairs)]

    def _kept_headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        found = []
        for name, value in pairs:
            lower = name.lower()
            if lower not in HEADERS:
                self.left_out.add(f"header {lower if is_plain_name(lower) else '****'}")
            elif lower in TOKENS:
                found.append((name, self._token(value, lower)))
            else:
                found.append((name, other_header(self.replacer, lower, value)))
        return found

    def _token(self, value: str, header: str) -> str:
        """X-AKSK or X-WSSE with another key, nonce and digest."""
        given = dict(read_token(value))
        key = given.get("Username", "")
        new = {"Username": self._key(key), "Nonce": self.replacer.value("nonce", given.get("Nonce", ""))}
        new["PasswordDigest"] = self._digest(given, new["Nonce"], header)
        return other_token(self.replacer, value, new)

    def _digest(self, given: Mapping[str, str], nonce: str, header: str) -> str:
        """A digest that verifies where the recorded one did."""
        digest, key, created = given.get("PasswordDigest", ""), given.get("Username", ""), given.get("Created", "")
        secret = self._secrets.get(key)
        if not digest or is_masked(digest):
            return digest
        scheme: Any = "wsse" if header == "x-wsse" else "aksk"
        if secret is None or digest != digest_of(scheme, given.get("Nonce", ""), created, secret):
            return self.replacer.base64(digest)
        other = self.new_secrets.setdefault(self._key(key), self.replacer.value("secret", secret))
        return digest_of(scheme, nonce, created, other)

    def _key(self, key: Any) -> str:
        return self.replacer.value("key", str(key))

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _path(self, path: Any) -> str:
        """A path: that of the API stays, what stands before it does not."""
        text, sign, query = str(path).partition("?")
        rows = {row.path for row in contracts.operations().values() if text.endswith(row.path)}
        own = max(rows, key=len, default="")
        before = text[: len(text) - len(own)]
        return self.replacer.text("path", before) + own + (f"?{self.query(query)}" if sign else "")

    def _url(self, url: Any) -> str:
        parts = urlsplit(str(url))
        host = self.replacer.value("host", (parts.hostname or "").replace(":", "-"))  # an IPv6 address becomes a name
        port = f":{parts.port}" if _port(parts.netloc) else ""
        query = f"?{self.query(parts.query)}" if parts.query else ""
        scheme = parts.scheme if parts.scheme in ("http", "https") else self.replacer.text("text", parts.scheme)
        return f"{scheme}://{host}{port}{self._path(parts.path)}{query}"

    def query(self, query: Any) -> str:
        """A query string; each value is written as it was."""
        return "&".join(map(self._parameter, str(query).split("&"))) if query else ""

    def _parameter(self, part: str) -> str:
        name, sign, raw = part.partition("=")
        known = unquote(name)
        if not is_plain_name(known):
            name = quote(self.replacer.text("text", known), safe="-_.~")
        plain = unquote(raw)
        bare = plain[:1] == "+" and raw[:1] == "+"
        new = self._value(known, plain)
        if new == plain:
            return f"{name}{sign}{raw}"
        return f"{name}{sign}{quote(new, safe='-_.~+' if bare or '+' in raw else '-_.~')}"

    # ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _content(self, content: Any) -> Any:
        """A body: its JSON as it was written, with other values."""
        if not isinstance(content, str):
            return json.loads(self._content(json.dumps(content, ensure_ascii=False)))
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            return self.replacer.text("text", self.replacer.digit_runs(content)) if content.strip() else content
        self._name = ""
        return _PAIR.sub(self._pair, content)

    _name: str = ""

    def _pair(self, match: re.Match[str]) -> str:
        """A string of a JSON text, or a long number, behind its name."""
        head = "" if match["name"] is None else f"{self._written_name(match['name'])}{match['colon']}"
        name = self._name if match["name"] is None else str(json.loads(f'"{match["name"]}"'))
        if match["name"] is None and match.string[match.end() :].lstrip()[:1] == ":":
            self._name = str(json.loads(match[0], strict=False)) if match["text"] is not None else name
            return self._written_name(match["text"] or "")  # a name whose value is an object, a list, or short
        if match["number"] is not None:
            return head + (
                match["number"]
                if name in SETTINGS or not (name in NUMBERS or _is_long(match["number"]))
                else self.replacer.digit_runs(match["number"])
            )
        plain = str(json.loads(f'"{match["text"]}"', strict=False))
        new = self._value(name, plain)
        if new == plain:
            return f'{head}"{match["text"]}"'
        return head + json.dumps(new, ensure_ascii="\\u" in match["text"])

    def _written_name(self, written: str) -> str:
        """The name of a field; one that is no word of a program is another."""
        name = str(json.loads(f'"{written}"', strict=False))
        return f'"{written}"' if is_plain_name(name) else json.dumps(self.replacer.text("text", name))

    def _value(self, name: str, value: str) -> str:
        """Another value of a field."""
        if value.lower() in _WORDS or _TIME.fullmatch(value):
            return value
        if name in SETTINGS and is_plain_word(name, value):
            return value
        if name in _TOLD:
            begin = beginning(value)
            return begin + self.replacer.text("text", value[len(begin) :])
        if name in NUMBERS and _BARE.fullmatch(value):
            return self.replacer.digit_runs(value)
        if name in IDS:
            return self.replacer.value("id", value)
        if name in KEYS:
            return self.replacer.value("key", value)
        return self.replacer.text("text", value)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def require_nothing_left(self, text: str) -> None:
        """Raise UnreplacedError where a number of the log is left."""
        for match in NUMBER.finditer(text):
            digits = next(match[name] for name in ("digits", "digits2", "digits3") if match[name])
            if digits in self.replacer.originals and len(digits) > 5:
                around = contracts.mask(text[max(match.start() - 40, 0) : match.end()])
                raise UnreplacedError(f"a number would be left unreplaced, behind {around[:60]!r}")


def _has_form(name: str, value: Any) -> bool:
    """Whether the value of a field of an entry is what it has to be."""
    if name in _TIMES and isinstance(value, str):
        try:
            return bool(datetime.fromisoformat(value))
        except ValueError:
            return False
    if name in _TIMES:
        return value is None or isinstance(value, int | float)
    return value is None or name not in _FORMS or isinstance(value, _FORMS[name])


def _is_long(number: str) -> bool:
    return len(number.lstrip("-")) >= 10


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _port(netloc: str) -> bool:
    return bool(re.search(r":[0-9]+$", netloc))


def _text_of(part: Mapping[str, Any]) -> str:
    """The text of a body of a HAR file."""
    text = str(part.get("text") or "")
    return b64decode(text).decode("utf-8", "replace") if part.get("encoding") == "base64" else text
