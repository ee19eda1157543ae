"""The calls of a log, each with its events and its CDR."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from privnum.suites.oracle import events
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.times import seconds

if TYPE_CHECKING:
    from privnum.suites.log.exchange import Exchange

__all__ = ["Calls", "Session"]

Json = dict[str, Any]


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


class Calls:
    """Every call of a log, by its sessionId."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}

    def take(self, exchange: Exchange, mode: str | None) -> None:
        """Keep what a push says of calls."""
        body = exchange.body
        if mode is None or body is None or not exchange.whole:
            return
        if exchange.push == "call_event" and isinstance(body.get("statusInfo"), dict):
            session = self._session(body["statusInfo"], exchange, mode)
            if session is not None:
                session.add_event(exchange, body)
        fees = body.get("feeLst") if exchange.push == "cdr" else None
        for fee in fees if isinstance(fees, list) else ():
            session = self._session(fee, exchange, mode) if isinstance(fee, dict) else None
            if session is not None:
                session.add_cdr(exchange, fee)

    def _session(self, part: Json, exchange: Exchange, mode: str) -> Session | None:
        id_ = part.get("sessionId")
        if not isinstance(id_, str) or not id_:
            return None
        key = str(part.get("appKey") or exchange.app_key)
        return self.sessions.setdefault(id_, Session(id_, mode, key))

    def ended_at(self, session_id: str) -> int:
        """When a call has ended, as far as it was recorded so far."""
        session = self.sessions.get(session_id)
        return NEVER if session is None else session.at("disconnect")
