"""Whom A reaches by a call-back in AXE.

That is the latest caller, or whom the binding names where there is none.
The record of the latest caller is worked out from the calls that the log has put through before, in every choice of
the open points; where one of them leaves it open, or a setting of the application counts, nothing is claimed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from privnum.suites.log.choices import common_claims, in_every_choice
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from privnum.suites.log.axe import AxeReplay
    from privnum.suites.log.calls import Calls, Session, Transfer
    from privnum.suites.log.versions import Version

__all__ = ["callback_claims"]

_NO_RECORD = 8019
"""The cause of a call-back that reaches nobody, for there is no record."""


class _Reach(NamedTuple):
    """Whom A may reach in one choice, and the rule that says so.

    `to` None: nobody knows.
    """

    to: frozenset[str] | None
    rule: str = ""


class _Moment(NamedTuple):
    """When A calls, in seconds that may be off by `slack`.

    `seen`: calls before the bind were recorded, too.
    """

    at: int
    slack: int
    seen: bool


_OPEN = _Reach(None)


def callback_claims(replay: AxeReplay, calls: Calls, session: Session, slack: int) -> Iterator[tuple[Claim, list[int]]]:
    """The claims about a call of A's to X, each with the entries that say why."""
    callin, callout = session.info("callin") or {}, session.info("callout")
    a, x, at = str(callin.get("caller") or ""), str(callin.get("called") or ""), session.at("callin")
    ended = (session.info("disconnect") or {}).get("stateCode")
    if at == NEVER or not (a and x) or (callout is None and ended != _NO_RECORD):
        return
    sub = replay.bound_to(x, a, at - slack, at + slack)
    rows = replay.versions.get(sub, [])
    if not rows or rows[0].shown:
        return
    earlier = [row for row in calls.transfers.get(sub, ()) if row.at <= at + slack and row.session != session.id]
    seen = calls.began.get(session.app_key, float(NEVER)) < rows[0].since - slack
    worlds: list[_Reach] = []
    for version in replay.versions.about(sub, at - slack, at + slack):
        ask = partial(_reach, replay.oracle, version.binding, rows, earlier, _Moment(at, slack, seen))
        worlds += in_every_choice(replay.oracle, replay.known, ask) or [_OPEN]
    to = None if callout is None else str(callout.get("called"))
    lines = [*(row.line for row in earlier[-2:]), rows[-1].line]
    for claim in common_claims([list(_claims(world, a, x, to)) for world in worlds]):
        yield claim, lines


def _claims(reach: _Reach, a: str, x: str, to: str | None) -> Iterator[Claim]:
    if reach.to is None:
        return
    wanted = " or ".join(sorted(reach.to)) or "nobody"
    if to is None:
        yield Claim(reach.rule, not reach.to, f"A, {a}, called {x} and reached nobody (8019); {wanted} is right")
        return
    yield Claim(reach.rule, to in reach.to, f"A, {a}, called {x} and reached {to}; {wanted} is right")


def _reach(state: Any, binding: Any, rows: Sequence[Version], earlier: Sequence[Transfer], moment: _Moment) -> _Reach:
    """Whom A reaches in one choice.

    Raises Undecided at an open point that counts.
    """
    at, slack, seen = moment
    if any(row.binding.callback != binding.callback for row in rows if row.since <= at + slack):
        return _OPEN  # the lifetime of records was changed: what that does to one is open
    times = _record_times(state, [row for row in earlier if row.to == binding.a])
    sure, maybe = [row for row in times if row[0] < at - slack], [row for row in times if row[0] >= at - slack]
    lasts = state.record_seconds(binding) if times else None
    if not times or lasts is None:
        return _without_record(state, binding) if seen else _OPEN
    if not sure:
        return _OPEN
    latest = max(time for time, _ in sure)
    callers = frozenset(caller for time, caller in (*sure, *maybe) if time >= latest - slack)
    gone = latest + lasts
    if at < gone - slack:
        several = len({caller for _, caller in times}) > 1
        return _Reach(callers, "AXE-CALLBACK-102" if several else "AXE-CALLBACK-101")
    back = any(row.to != binding.a and row.at > latest for row in earlier)
    if (
        maybe
        or at <= gone + slack
        or (back and state.assumptions.choose("axe.callback_refreshes_record", "no", "yes") == "yes")
    ):
        return _OPEN
    return _without_record(state, binding, "AXE-CALLBACK-108")


def _record_times(state: Any, calls: Sequence[Transfer]) -> list[tuple[int, str]]:
    """When a record was written of which caller."""
    if not calls:
        return []
    by_transfer = state.assumptions.choose("axe.record_written", "transfer", "answer") == "transfer"
    found = [(row.at if by_transfer else row.answered_at, row.caller) for row in calls]
    return sorted((time, caller) for time, caller in found if time != NEVER and caller)


def _without_record(state: Any, binding: Any, rule: str = "") -> _Reach:
    """Whom A reaches where there is no record of a caller."""
    number, tone = binding.text("callbackNum"), binding.text("callbackTone")
    if not (number or tone):
        return _OPEN  # the application may name somebody
    both = number and tone and binding.tone_alone
    if both and state.assumptions.choose("axe.modify_tone_beside_number", "number", "tone") == "tone":
        number = ""
    if number:
        return _Reach(frozenset((number,)), rule or "AXE-CALLBACK-104")
    return _Reach(frozenset(), rule or "AXE-CALLBACK-105")
