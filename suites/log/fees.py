"""Calls of a log that have no CDR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from privnum.suites.log.calls import Session
    from privnum.suites.log.findings import Findings

__all__ = ["Fees"]

_PATIENCE: Final = 120
"""Seconds in which a CDR comes, at the latest."""


class _Unpaid(NamedTuple):
    """A call without a CDR."""

    mode: str
    app_key: str
    last: float
    lines: tuple[int, ...]


class Fees:
    """When CDRs of each application came, and the calls without one.

    Only the platform's own journal shows that one was never sent: `whole`, and every event of it.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._times: dict[str, tuple[float, float]] = {}
        self._unpaid: list[_Unpaid] = []

    def take(self, session: Session) -> None:
        """Note a call of which nothing more comes."""
        if not self._whole:
            return
        times = [exchange.when or 0.0 for exchange, _ in session.cdrs]
        if times:
            known = self._times.get(session.app_key, (times[0], times[0]))
            self._times[session.app_key] = (min(known[0], *times), max(known[1], *times))
        elif session.infos("disconnect") and all(exchange.exact for exchange, _ in session.events):
            self._unpaid.append(_Unpaid(session.mode, session.app_key, session.last, tuple(session.lines)))

    def claim_all(self, end: float, findings: Findings) -> None:
        """Claim that every call has a CDR.

        Where CDRs of calls before it and behind it came.
        """
        for call in self._unpaid:
            first, latest = self._times.get(call.app_key, (end, 0.0))
            waited = min(end, latest) - call.last
            if waited > _PATIENCE and first < call.last:
                text = f"a call has no CDR {waited:.0f} seconds after its end"
                findings.claim(f"{call.mode}-CDR-001", False, text, *call.lines)
