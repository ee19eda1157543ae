"""Lists of the control plane: calls, pushes, entries of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.history import Page
from privnum.mockserver.journal.formats import FORMATS, Look
from privnum.mockserver.journal.select import Wait, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.history import Kept
    from privnum.mockserver.journal.ring import Journal

__all__ = ["journal_list", "listed", "page_of"]


def journal_list(journal: Journal, query: Mapping[str, str], base_url: str) -> tuple[Callable[[], Any], Wait | None]:
    """Return what makes the answer, and what is waited for before.

    `query` fits its schema (driver/journal.query).
    """
    wanted, shape = Wanted.of(query), FORMATS[query.get("format", "json")]
    masked, seconds = query.get("secrets") != "shown", float(query.get("wait", 0))
    wait = Wait(journal, wanted, seconds) if seconds else None
    return (lambda: shape(Look(journal, wanted.of_journal(journal), base_url, masked))), wait


def page_of(query: Mapping[str, str]) -> Page:
    """Return which of many are asked for."""
    limit = query.get("limit")
    return Page(query.get("after"), None if limit is None else int(limit))


def listed(name: str, found: list[dict[str, Any]], more: bool, kept: Kept) -> dict[str, Any]:
    """Return a list with what says whether it is all.

    `next` is the id to ask behind, `dropped` what is no more.
    """
    return {name: found, "next": found[-1]["id"] if more and found else None, "dropped": kept.dropped}
