"""A binding as it was from one second of a log to another."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from privnum.suites.log.exchange import Exchange

__all__ = ["EXACT", "LOOSE", "NEVER", "Version", "Versions", "slack_of"]

EXACT: Final = 2
"""Seconds by which times may differ that are both of a world's clock."""
LOOSE: Final = 120
"""The same of the clock of who recorded, and that of the platform."""
NEVER: Final = float("inf")


def slack_of(exchange: Exchange) -> int:
    """By how many seconds a time of the exchange may be off."""
    return LOOSE if exchange.world is None else EXACT


@dataclass(slots=True)
class Version:
    """A binding as it was from one second to another.

    `since` and `until` are by the clock of the log; `gone_by` is the rule by which it went then. Where that is
    empty nobody knows what it was from then on. `shown`: it was not bound in the log but shown by a query, which need
    not show every setting.
    """

    binding: Any
    since: float
    line: int
    until: float = NEVER
    gone_by: str = ""
    gone_line: int = 0
    shown: bool = False


class Versions(dict[str, list[Version]]):
    """The versions of each binding of an application, by its id."""

    def note(self, binding: Any, exchange: Exchange, *, shown: bool = False) -> None:
        """Keep a binding as it is from now on."""
        at, sub = exchange.when or 0.0, binding.subscription_id
        kept = copy.copy(binding)
        kept.fields = dict(binding.fields)
        rows = self.setdefault(sub, [])
        shown = shown or bool(rows and rows[-1].shown and rows[-1].until == NEVER)
        if rows and rows[-1].until == NEVER:
            rows[-1].until = at
        rows.append(Version(kept, at, exchange.line, shown=shown))

    def end(self, sub: str, at: float, by: str, line: int) -> None:
        """Note that a binding is gone by a rule.

        By none: that nobody knows what it is from then on.
        """
        rows = self.get(sub)
        if rows and rows[-1].until == NEVER:
            rows[-1].until, rows[-1].gone_by, rows[-1].gone_line = at, by, line

    def about(self, sub: str, begin: float, end: float, shown_by: float = NEVER) -> list[Version]:
        """The versions of a binding that were in force at some time of these.

        None where what it was is not known all that time; one that a query has shown must have been shown by a second.
        """
        rows = self.get(sub, ())
        if rows and rows[-1].until < end and not rows[-1].gone_by:
            return []
        found = [row for row in rows if row.since <= end and row.until >= begin]
        if found and found[0].shown and found[0].since > shown_by:
            return []
        return [] if any(then.since > row.until for row, then in pairwise(found)) else found

    def lines_of(self, sub: str) -> list[int]:
        """The entries that made a binding what it is."""
        return [row.line for row in self.get(sub, ())]
