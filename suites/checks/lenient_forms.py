"""Forms of values that no page prints and real clients send.

A target need not take them, so machines ask first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer

__all__ = ["as_printed", "is_taken"]

_ENUMERATIONS = ("displayNumMode", "timeUnit", "calleeNumDisplay")
"""Enumerations of texts that look like numbers."""


def as_printed(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a bind or modify, all as texts that the pages print.

    Flags and enumerations, too.
    """
    return {name: _text(name, value) for name, value in fields.items()}


def _text(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if name in _ENUMERATIONS and value is not None else value


def is_taken(printed: Answer, loose: Answer) -> bool:
    """Whether the clients' forms may be sent.

    Not where a bind is taken as printed, and the same in theirs refused.
    """
    return loose.ok or not printed.ok
