"""The calls of a log, each with its events and its CDR."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.suites.log.waiting import Waiting
from privnum.suites.oracle import events
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.times import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.log.exchange import Exchange

__all__ = ["Calls", "Session", "Shown", "Transfer"]

Json = dict[str, Any]
_LAST: Final = 60
"""Calls of a binding among which a copy of a CDR is looked for."""


@dataclass(slots=True)
class Session:
    """The messages of one call, each once, in the order in which they came."""

    id: str
    mode: str
    app_key: str
    events: list[tuple[Exchange, Json]] = field(default_factory=list)
    cdrs: list[tuple[Exchange, Json]] = field(default_factory=list)
    times_sent: Counter[bytes] = field(default_factory=Counter)
    """How often each event was sent, by its body."""
    transfer: Transfer | None = None

    def add_event(self, exchange: Exchange, body: Json) -> None:
        """Keep an event; a repeat says the same to the letter."""
        self.times_sent[exchange.content] += 1
        if self.times_sent[exchange.content] == 1:
            self.events.append((exchange, body))

    def add_cdr(self, exchange: Exchange, fee: Json) -> None:
        """Keep a CDR; a copy says the same."""
        if all(fee != other for _, other in self.cdrs):
            self.cdrs.append((exchange, fee))

    def infos(self, kind: str) -> list[Json]:
        """The statusInfo of the events of a kind."""
        return [info for name, info in events.infos_of([body for _, body in self.events]) if name == kind]

    @property
    def kinds(self) -> list[str]:
        """The eventType of each event, in the order in which they came."""
        return [kind for kind, _ in events.infos_of([body for _, body in self.events])]

    def info(self, kind: str) -> Json | None:
        """The first of them; None: there is none."""
        return next(iter(self.infos(kind)), None)

    def at(self, kind: str) -> int:
        """The second of an event; NEVER where there is none, or none can be read."""
        info = self.info(kind)
        found = None if info is None else seconds(info.get("timestamp"))
        return NEVER if found is None else found

    @property
    def lines(self) -> list[int]:
        """The entries of all messages."""
        return sorted({exchange.line for exchange, _ in (*self.events, *self.cdrs)})

    def lines_of(self, *kinds: str) -> list[int]:
        """The entries of events of these kinds."""
        return [exchange.line for exchange, body in self.events if body.get("eventType") in kinds]

    @property
    def last(self) -> float:
        """When the last message came."""
        return max((exchange.when or 0.0 for exchange, _ in (*self.events, *self.cdrs)), default=0.0)


@dataclass(slots=True)
class Transfer:
    """A call that was put through by a binding: when, by whom, to whom.

    `answered_at` is NEVER where it was not.
    """

    session: str
    to: str
    at: int
    line: int
    caller: str = ""
    answered_at: int = NEVER


class Shown(NamedTuple):
    """What a CDR says of a call that was put through.

    Who called which number when, and what the callee saw.
    """

    session: str
    caller: str
    dialled: str
    display: str
    at: int
    line: int


class Calls:
    """The calls of a log, and what is kept of each when it is over."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.transfers: dict[str, list[Transfer]] = {}
        """The calls that each binding put through."""
        self.shown: dict[str, list[Shown]] = {}
        """What callees of each binding saw."""
        self.began: dict[str, float] = {}
        """When the first message about calls of an application came."""
        self._ended: dict[str, tuple[int, list[int]]] = {}
        self._waiting = Waiting[str]()

    def take(self, exchange: Exchange, mode: str | None) -> None:
        """Keep what a push says of calls."""
        body = exchange.body
        if mode is None or body is None or not exchange.whole:
            return
        if exchange.push == "call_event" and isinstance(body.get("statusInfo"), dict):
            session = self._session(body["statusInfo"], exchange, mode)
            if session is not None:
                session.add_event(exchange, body)
                self._note_transfer(session, exchange, body)
        fees = body.get("feeLst") if exchange.push == "cdr" else None
        for fee in fees if isinstance(fees, list) else ():
            session = self._session(fee, exchange, mode) if isinstance(fee, dict) else None
            if session is not None:
                session.add_cdr(exchange, fee)
                self._note_shown(session, exchange, fee)

    def _session(self, part: Json, exchange: Exchange, mode: str) -> Session | None:
        id_ = part.get("sessionId")
        if not isinstance(id_, str) or not id_ or id_ in self._ended:
            return None
        key = str(part.get("appKey") or exchange.app_key)
        if exchange.when is not None:
            self._waiting.touch(id_, exchange.when)
            self.began.setdefault(key, exchange.when)
        return self.sessions.setdefault(id_, Session(id_, mode, key))

    def _note_transfer(self, session: Session, exchange: Exchange, body: Json) -> None:
        info, kind = body["statusInfo"], body.get("eventType")
        if kind == "callout" and session.transfer is None and isinstance(info.get("called"), str):
            session.transfer = Transfer(session.id, info["called"], session.at("callout"), exchange.line)
            self.transfers.setdefault(str(info.get("subscriptionId") or ""), []).append(session.transfer)
        if session.transfer is not None:
            session.transfer.caller = str((session.info("callin") or {}).get("caller") or "")
            session.transfer.answered_at = session.at("answer")

    def _note_shown(self, session: Session, exchange: Exchange, fee: Json) -> None:
        sub, at = fee.get("subscriptionId"), seconds(fee.get("callInTime"))
        numbers = (fee.get("callerNum"), fee.get("calleeNum"), fee.get("fwdDisplayNum"))
        if sub and at is not None and all(isinstance(number, str) and number for number in numbers):
            caller, dialled, display = map(str, numbers)
            found = Shown(session.id, caller, dialled, display, at, exchange.line)
            rows = self.shown.setdefault(str(sub), [])
            if all(row.session != session.id for row in rows[-_LAST:]):
                rows.append(found)

    def over(self, now: float) -> Iterator[Session]:
        """Take out the calls of which nothing more comes."""
        for id_ in self._waiting.over(now):
            session = self.sessions.pop(id_)
            self._ended[id_] = (session.at("disconnect"), session.lines_of("disconnect"))
            yield session

    def rest(self) -> Iterator[Session]:
        """All others, at the end of the log."""
        yield from self.sessions.values()

    def end_of(self, session_id: str) -> tuple[int, list[int]]:
        """When a call has ended, as far as is known, and the entries of that."""
        session = self.sessions.get(session_id)
        if session is None:
            return self._ended.get(session_id, (NEVER, []))
        return session.at("disconnect"), session.lines_of("disconnect")
