"""How bindings of AXE are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.safety.search import PAGE, PAGES, Search, bindings_in, same_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.safety.cleanup_journal import Entry
    from privnum.suites.safety.search import Ask, Found
    from privnum.suites.target.config import App

__all__ = ["SEARCH"]


def _of_entry(entry: Entry, x: str, app: App, ask: Ask) -> Iterator[Found]:
    if entry.extension is not None:
        yield from bindings_in(ask("axe.query", app, {"virtualNum": x, "extendNum": entry.extension}))
        return
    yield from _on_x(x, app, ask)


def _on_x(x: str, app: App, ask: Ask) -> Iterator[Found]:
    cursor: str | None = None
    for _ in range(PAGES):
        answer = ask("axe.query_v2", app, {"virtualNum": x, "limit": PAGE, "cursor": cursor})
        yield from bindings_in(answer)
        following = answer["nextCusor"]
        if not isinstance(following, str) or following in ("", cursor):
            return
        cursor = following


def _is_that(entry: Entry, found: Found) -> bool:
    return entry.extension in (None, found.get("extendNum")) and same_number(entry.a, found.get("bindNum"))


SEARCH = Search(_of_entry, _on_x, _is_that)
