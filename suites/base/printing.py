"""The one way by which text that came from strangers reaches a screen."""

from __future__ import annotations

import re

from privnum import contracts

__all__ = ["plural", "printable", "visible"]

# What a page or an XML file cannot hold, what nobody sees, and what turns the direction of the text that follows it.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""The text in one line, masked, with unsafe signs written out.

    Such command a terminal, or hide something: \\x1b, \\u202e.
    """
    return visible(contracts.mask(" ".join(text.rstrip().splitlines())))


def visible(text: str) -> str:
    r"""The text with invisible and unstorable signs written out.

    Such as \\x00 and \\u202e.
    """
    return _HIDDEN.sub(_written_out, text.replace("\r\n", "\n"))


def plural(count: int, one: str, many: str = "") -> str:
    """1 rule, 1,058 rules."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _written_out(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
