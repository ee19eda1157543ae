"""How bindings of AXYB are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.safety.search import Search, bindings_in, same_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.safety.cleanup_journal import Entry
    from privnum.suites.safety.search import Ask, Found
    from privnum.suites.target.config import App

__all__ = ["SEARCH"]


def _of_entry(_: Entry, x: str, app: App, ask: Ask) -> Iterator[Found]:
    return _on_x(x, app, ask)


def _on_x(x: str, app: App, ask: Ask) -> Iterator[Found]:
    yield from bindings_in(ask("axyb.query", app, {"relationNum": x}))


def _is_that(entry: Entry, found: Found) -> bool:
    """Whether it is that of the bind of A, or of that of a B.

    Both are bound by one id.
    """
    return same_number(entry.a, found.get("numA")) or same_number(entry.a, found.get("numB"))


#: What the entry names may be a Y, by which nothing is found.
SEARCH = Search(_of_entry, _on_x, _is_that, x_finds=False)
