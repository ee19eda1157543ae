"""Headers of a log with other values: what names nobody stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum.suites.log.signatures import is_masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.log.replacing import Replacer

__all__ = ["HEADERS", "TOKENS", "other_header", "other_token"]

HEADERS: Final = frozenset({"content-type", "authorization", "x-aksk", "x-wsse"})
"""Headers that are kept, in lower case."""
TOKENS: Final = frozenset({"x-aksk", "x-wsse"})
_SCHEMES: Final = frozenset({"aksk", "wsse"})
_WORDS: Final = frozenset({*_SCHEMES, "realm", "profile", "type", "sdp", "usernametoken", "appkey"})
"""Words of Authorization and of the beginning of a token, in lower case."""
_ATTRIBUTES: Final = frozenset({"username", "passworddigest", "nonce", "created"})
_WORD: Final = re.compile(r"[^\s\"=,;]+")
_PAIR: Final = re.compile(r'((?<!\w)(\w+)(\s*=\s*"))([^"]*)(")')
_TYPE: Final = re.compile(
    r"[a-z]+/[a-z.+-]+(\s*;\s*charset\s*=\s*\"?(utf-?8|gbk|gb2312|iso-8859-1)\"?)?", re.IGNORECASE
)
_CREATED: Final = re.compile(
    r"20\d{2}\D?\d{2}\D?\d{2}([^0-9A-Za-z]?[T ]?\d{2}:?\d{2}:?\d{2}(\.\d{1,9})?.{0,6})?", re.ASCII
)


def other_header(replacer: Replacer, name: str, value: str) -> str:
    """Content-Type or Authorization, without what names somebody."""
    if name == "content-type":
        return value if _TYPE.fullmatch(value.strip()) else replacer.text("text", value)
    if value[:4].lower() in _SCHEMES or is_masked(value):
        return _other_words(replacer, value, _WORDS)
    return replacer.value("authorization", value)


def other_token(replacer: Replacer, value: str, new: Mapping[str, str]) -> str:
    """X-AKSK or X-WSSE with these attributes in the place of its own."""
    parts, end = [], 0
    for match in _PAIR.finditer(value):
        parts.append(_other_words(replacer, value[end : match.start()], _WORDS))
        parts.append(_other_attribute(replacer, match, new))
        end = match.end()
    parts.append(_other_words(replacer, value[end:], _WORDS | _ATTRIBUTES))
    return "".join(parts)


def _other_attribute(replacer: Replacer, match: re.Match[str], new: Mapping[str, str]) -> str:
    name, given = match[2], match[4]
    if name in new:
        return f"{match[1]}{new[name]}{match[5]}"
    if name == "Created" and _CREATED.fullmatch(given):
        return match[0]
    head = match[1] if name.lower() in _ATTRIBUTES else _other_words(replacer, match[1], _WORDS)
    return f"{head}{_other_words(replacer, given, frozenset())}{match[5]}"


def _other_words(replacer: Replacer, text: str, kept: frozenset[str]) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        return word if word.lower() in kept or is_masked(word) else replacer.text("text", word)

    return _WORD.sub(other, text)
