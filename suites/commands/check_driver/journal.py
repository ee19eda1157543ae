"""The journal of a driver: what was requested and pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.commands.check_driver.client import as_json

if TYPE_CHECKING:
    from privnum.suites.commands.check_driver.client import Asker

__all__ = ["try_journal"]

_QUERY = "kind=request"


def try_journal(asker: Asker, world: str) -> None:
    """The requests of the trial are in the journal, in order."""
    asker.refuses("journal.list", "unknown", world="no-such-world")
    asker.refuses("journal.list", "bad_message", query="limit=none", world=world)
    listed = asker.ask("journal.list", query=_QUERY, world=world)
    numbers = [] if listed is None else [entry["number"] for entry in listed["entries"]]
    if numbers != sorted(set(numbers)):
        sent = asker.as_sent("journal.list", None, _QUERY, {"world": world})
        asker.breaks("journal.list", "journal", sent, as_json(numbers[:10]), "each number comes once, in order")
