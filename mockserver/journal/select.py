"""Which entries of a journal are wanted."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from privnum.mockserver.journal.entries import PushEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.journal.entries import Entry
    from privnum.mockserver.journal.ring import Journal

__all__ = ["MOST", "Selected", "Wait", "Wanted"]

#: Entries of one answer where no `limit` is given: more would keep other worlds waiting.
MOST: Final = 1_000


class Selected(NamedTuple):
    """Entries with their numbers.

    `next` is the number behind which to ask for the rest. `missed` counts those behind the given number that were
    dropped before anybody looked.
    """

    entries: list[tuple[int, Entry]]
    next: int
    missed: int


class Wait(NamedTuple):
    """Somebody waits for a wanted entry, `seconds` of real time at most."""

    journal: Journal
    wanted: Wanted
    seconds: float

    @property
    def over(self) -> bool:
        """Whether such an entry is there already."""
        return bool(self.wanted._replace(limit=1).of_journal(self.journal).entries)


class Wanted(NamedTuple):
    """What an entry must be like; None: it may be anything.

    `kind` is "request", "push", or a kind of push. `session_id` and `number` stand somewhere in query, body or answer,
    `find` there, in the path or the rule, or it is the id of the push. `last`: only the last ones, this many.
    """

    since: int = 0
    limit: int = MOST
    kind: str | None = None
    operation: str | None = None
    accepted: bool | None = None
    session_id: str | None = None
    number: str | None = None
    find: str | None = None
    last: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return what a message asks for.

        It fits its schema (driver/journal.query).
        """
        accepted = query.get("accepted")
        return cls(
            since=int(query.get("since", 0)),
            limit=min(int(query.get("limit", MOST)), MOST),
            kind=query.get("kind"),
            operation=query.get("operation"),
            accepted=None if accepted is None else accepted == "true",
            session_id=query.get("session_id"),
            number=query.get("number"),
            find=query.get("find"),
            last=None if query.get("last") is None else int(query["last"]),
        )

    def fits(self, entry: Entry) -> bool:
        """Return whether an entry is wanted."""
        if self.kind is not None and entry.kind != self.kind and (self.kind != "push" or entry.kind == "request"):
            return False
        if self.operation is not None and getattr(entry, "operation", None) != self.operation:
            return False
        if self.accepted is not None and entry.accepted is not self.accepted:
            return False
        if self.session_id is not None and not _has(entry, self.session_id):
            return False
        if self.find is not None and not _mentions(entry, self.find):
            return False
        return self.number is None or _has(entry, self.number.lstrip("+ "))

    def of_journal(self, journal: Journal) -> Selected:
        """Return the entries of a journal that are wanted.

        A number that no entry has yet stands for the newest: what comes next is behind it.
        """
        found: list[tuple[int, Entry]] = []
        missed = journal.count_missed(self.since)
        if self.last is not None:
            newest = islice((each for each in journal.newest(self.since) if self.fits(each[1])), self.last)
            return Selected(list(newest)[::-1], journal.made, missed)
        for number, entry in journal.behind(self.since):
            if self.fits(entry):
                found.append((number, entry))
                if len(found) == self.limit:
                    return Selected(found, number, missed)
        return Selected(found, journal.made, missed)


def _mentions(entry: Entry, text: str) -> bool:
    """Whether a text is in what was sent or answered, or names the entry."""
    if isinstance(entry, PushEntry):
        named = text == entry.push_id  # push-1 is no part of push-10
    else:
        named = any(text in word for word in (entry.path, entry.operation, entry.rule))
    return named or _has(entry, text) or _has(entry, quote(text))


def _has(entry: Entry, text: str) -> bool:
    """Return whether a text stands in what was sent or answered."""
    raw = text.encode()
    return raw in entry.body or raw in entry.answer or text in getattr(entry, "query", "")
