"""How the bindings of a mode are found.

What each mode says, and what the modes share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from privnum.suites.safety.phone_numbers import spelled_number

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.safety.cleanup_journal import Entry
    from privnum.suites.target.config import App

__all__ = ["NOT_THERE", "OK", "PAGE", "PAGES", "Ask", "CannotTell", "Found", "Search", "bindings_in", "same_number"]

OK = 200
NOT_THERE = frozenset({"1011004", "1012007", "1016001"})
"""How the platform answers that there is no such binding."""
PAGES = 60
"""Pages of a list that are looked at; with 100 bindings each, more than an X can have."""
PAGE = 100

Found = dict[str, Any]
Ask = Callable[[str, "App", dict[str, Any]], "Answer"]
"""Sends a signed request of an operation with query parameters. Raises NoAnswer."""


class CannotTell(Exception):
    """A query was answered in a way that tells nothing."""


class Search(NamedTuple):
    """How one mode finds bindings.

    `of_entry` yields those on an X among which that of an entry may be, `on_x` all on it; `is_that` says whether one
    is that of the entry. `x_finds`: a binding is found by the X that its entry names.
    """

    of_entry: Callable[[Entry, str, App, Ask], Iterator[Found]]
    on_x: Callable[[str, App, Ask], Iterator[Found]]
    is_that: Callable[[Entry, Found], bool]
    x_finds: bool = True


def same_number(ours: str | None, theirs: Any) -> bool:
    """Whether two spellings are of one number."""
    return ours is not None and (ours == theirs or spelled_number(ours) == spelled_number(theirs) is not None)


def bindings_in(answer: Answer) -> list[Found]:
    """What a query shows.

    The items of whatever list there is, else the binding itself. Raises CannotTell.
    """
    if answer.status != OK or str(answer["resultcode"]) != "0":
        if str(answer["resultcode"]) in NOT_THERE:
            return []
        raise CannotTell(f"the query was answered with {answer.key}")
    body = answer.body or {}
    items = [item for value in body.values() if isinstance(value, list) for item in value if isinstance(item, dict)]
    return items or [body]
