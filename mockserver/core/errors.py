"""What the core refuses, one error per plane.

CoreError
├── Refusal        the API plane answers with a result code and resultdesc
└── ControlError   the control plane answers with {"error", "where"}
"""

from __future__ import annotations

from functools import lru_cache

import orjson

from privnum import contracts

__all__ = ["ControlError", "Refusal", "answer_body", "as_sentence", "full_key", "printable"]

#: Longest resultdesc of every operation but stop call (COM-ENV-001).
LONGEST_TEXT = 256
#: Digits of an HTTP status.
_STATUS = 3


class CoreError(Exception):
    """Something the caller asked for is refused; nothing has changed."""


class Refusal(CoreError):
    """An API request is answered with a result code.

    Args:
        key: a result code ("1010002"), HTTP status and code ("403/1010002"), or a status alone ("404").
        detail: what was wrong, where, and what would be right; follows the code's own text.
        rule: the requirement that says so.
    """

    __slots__ = ("detail", "key", "rule")

    def __init__(self, key: str, detail: str = "", rule: str = "") -> None:
        super().__init__(key, detail)
        self.key = full_key(key)
        self.detail = detail
        self.rule = rule

    @property
    def code(self) -> str:
        """The resultcode of the answer."""
        return self.key[4:]

    @property
    def status(self) -> int:
        """HTTP status of the answer (COM-ENV-004)."""
        return int(self.key[:3])

    def body(self, longest: int = LONGEST_TEXT) -> bytes:
        """The answer: resultcode and an ASCII resultdesc.

        The text has at most `longest` characters (COM-ENV-001, COM-ENV-007).

        Nothing where there is no code: plain HTTP.
        """
        return b"" if not self.code else _refusal_body(self.key, self.detail, self.rule, longest)


class ControlError(CoreError):
    """A control message is refused.

    Args:
        status: HTTP status, 4xx.
        error: a plain sentence.
        where: the field or path that is at fault.
    """

    def __init__(self, status: int, error: str, where: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.where = where


def answer_body(code: str, text: str) -> bytes:
    """Return the JSON of an answer that has nothing but a result.

    COM-ENV-001.
    """
    return orjson.dumps({"resultcode": code, "resultdesc": text})


def printable(text: str) -> str:
    """Return `text` in printable ASCII; whatever else it held is escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in text)


@lru_cache(maxsize=256)
def _refusal_body(key: str, detail: str, rule: str, longest: int) -> bytes:
    """Clients make the same mistakes again and again."""
    text = code_text(key)
    if detail:
        text = f"{as_sentence(text)} {detail}"
    cited = f" [{rule}]" if rule else ""
    room = longest - len(cited)
    text = printable(text)
    if len(text) > room:
        text = text[: room - 3] + "..."
    return answer_body(key[4:], text + cited)


def as_sentence(text: str) -> str:
    """Return a text that ends as a sentence does.

    The code tables print some of theirs without a full stop.
    """
    return text if text.endswith((".", "!", "?")) else f"{text}."


@lru_cache(maxsize=256)
def full_key(key: str) -> str:
    """Return "403/1010002" for "1010002".

    The HTTP status under which the table prints the code (COM-ENV-004).
    """
    if "/" in key or len(key) == _STATUS:
        return key
    for known in contracts.result_codes():
        if known.endswith("/" + key):
            return known
    raise KeyError(f"result code {key} is in no table")


@lru_cache(maxsize=256)
def code_text(key: str) -> str:
    """Return the English text of a code, with whatever status it is sent."""
    codes = contracts.result_codes()
    if key in codes:
        return codes[key].text
    return codes[full_key(key[4:])].text
