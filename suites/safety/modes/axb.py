"""How bindings of AXB are found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from privnum.suites.safety.search import PAGE, PAGES, CannotTell, Search, bindings_in, same_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.safety.cleanup_journal import Entry
    from privnum.suites.safety.search import Ask, Found
    from privnum.suites.target.config import App

__all__ = ["SEARCH"]


def _of_entry(entry: Entry, x: str, app: App, ask: Ask) -> Iterator[Found]:
    """First what is asked for by its users, then page by page.

    A refusal of the first may mean that there is none.
    """
    with suppress(CannotTell):
        yield from bindings_in(ask("axb.query", app, {"relationNum": x, "callerNum": entry.a, "calleeNum": entry.b}))
    yield from _on_x(x, app, ask)


def _on_x(x: str, app: App, ask: Ask) -> Iterator[Found]:
    for page in range(1, PAGES + 1):
        found = bindings_in(ask("axb.query", app, {"relationNum": x, "pageIndex": page, "pageSize": PAGE}))
        yield from found
        if len(found) < PAGE:
            return


def _is_that(entry: Entry, found: Found) -> bool:
    return same_number(entry.a, found.get("callerNum")) and same_number(entry.b, found.get("calleeNum"))


SEARCH = Search(_of_entry, _on_x, _is_that)
