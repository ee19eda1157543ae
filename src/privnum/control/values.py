"""Values that options take."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

from privnum import contracts

__all__ = ["BEHAVIOURS", "add_page_options", "identifier", "number", "page_of", "seconds", "sought_number", "whole"]

_callee = contracts.schema("driver/call.create")["properties"]["callee"]
BEHAVIOURS: Final[tuple[str, ...]] = tuple(_callee["properties"]["behaviour"]["enum"])
_TIME: Final = re.compile("([0-9]{1,9})([smhd]?)")
_NUMBER: Final = re.compile("[+]?[0-9]{1,31}")
#: What people write between the digits of a number.
_BETWEEN: Final = str.maketrans("", "", " -()")
_MOBILE: Final = re.compile(contracts.number_kinds()["mobile"])
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


def number(text: str) -> str:
    """Return a phone number as the platform writes it: a mobile with +86.

    It may be written without the +86, with 86 or 0086, and with blanks and hyphens. Other numbers stay as they are.
    """
    bare = text.translate(_BETWEEN)
    if _NUMBER.fullmatch(bare) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write +86 and its digits, as in +8613800000001")
    forms = (f"+86{bare}", f"+{bare}", f"+{bare.removeprefix('00')}")
    return bare if bare.startswith("+") else next((form for form in forms if _MOBILE.fullmatch(form)), bare)


def sought_number(text: str) -> str:
    """Return a number that is looked for in what was sent, in any form.

    A mobile is looked for by its own 11 digits: so it is found with its +86 and without.
    """
    whole_form = number(text)
    return whole_form.removeprefix("+86") if _MOBILE.fullmatch(whole_form) else whole_form


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every list that comes in pages."""
    parser.add_argument("--after", metavar="ID", help="those behind the one of this id")
    parser.add_argument("--limit", type=whole, metavar="N", help="N at most")


def page_of(given: argparse.Namespace) -> dict[str, Any]:
    """Return which page is asked for."""
    return {"after": given.after, "limit": given.limit}
