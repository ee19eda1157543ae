"""Values that options take."""

from __future__ import annotations

import argparse
import re
from typing import Final

from privnum import contracts

__all__ = ["BEHAVIOURS", "identifier", "seconds", "whole"]

_callee = contracts.schema("driver/call.create")["properties"]["callee"]
BEHAVIOURS: Final[tuple[str, ...]] = tuple(_callee["properties"]["behaviour"]["enum"])
_TIME: Final = re.compile("([0-9]{1,9})([smhd]?)")
_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """Return the seconds of a time like 90, 30s, 5m, 2h or 1d."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write seconds, or a number with s, m, h or d, as in 5m")
    return int(found[1]) * _UNITS[found[2]]


def whole(text: str) -> int:
    """Return a whole number from 1."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write a whole number from 1")
    return int(text)


def identifier(text: str) -> str:
    """Return an id; an empty one would name all of them."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; write an id, as the command's list has it")
    return text
