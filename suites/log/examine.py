"""A log held against the contract, by message and as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.suites.base.printing import plural
from privnum.suites.log.asked_calls import claim_answers
from privnum.suites.log.ax import AxReplay
from privnum.suites.log.axb import AxbReplay
from privnum.suites.log.axe import AxeReplay
from privnum.suites.log.axyb import AxybReplay
from privnum.suites.log.call_check import CallCheck, Surrounded
from privnum.suites.log.calls import Calls
from privnum.suites.log.fees import Fees
from privnum.suites.log.fields import shown_field
from privnum.suites.log.findings import Findings
from privnum.suites.log.messages import check_message
from privnum.suites.log.repeats import Repeats
from privnum.suites.log.sms import claim_notice
from privnum.suites.log.verdicts import Verdicts
from privnum.suites.log.versions import slack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from privnum.suites.log.applications import Applications
    from privnum.suites.log.calls import Session
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.reading import Log
    from privnum.suites.log.replay import Replay

__all__ = ["describe", "examine"]

_REPLAYS: Final[Mapping[str, Callable[[Mapping[str, contracts.Value]], Replay]]] = {
    AxReplay.mode: AxReplay,
    AxbReplay.mode: AxbReplay,
    AxeReplay.mode: AxeReplay,
    AxybReplay.mode: AxybReplay,
}


def examine(
    log: Log,
    applications: Applications,
    known: Mapping[str, contracts.Value],
    *,
    alone: bool = False,
) -> Findings:
    """The claims about a log.

    `known` are choices of the platform at open points; of all others every choice is allowed. With `alone` nothing is
    concluded from one request about another: requests may be missing.
    """
    applications.learn(log.exchanges())
    findings = Findings(log.unit, split=applications.split)
    _Examination(applications, known, findings, alone=alone, whole=not log.torn).run(log)
    return findings


class _Examination:
    def __init__(
        self, applications: Applications, known: Mapping[str, Any], findings: Findings, *, alone: bool, whole: bool
    ) -> None:
        self.applications = applications
        self.known = known
        self.findings = findings
        self.alone = alone
        self.whole = whole and not alone
        """Whether no message is missing."""
        self.since = 0.0
        self.replays: dict[tuple[str, str], Any] = {}
        self.calls = Calls()
        self.repeats = Repeats()
        self.verdicts = Verdicts(known, whole=self.whole)
        self.fees = Fees(whole=self.whole)

    def run(self, log: Log) -> None:
        """Claim everything, in the order of the log."""
        self.since = log.since
        for exchange in log.exchanges():
            if exchange.gap:
                for replay in self.replays.values():
                    replay.forget()
            mode = exchange.operation.mode if exchange.operation else self.applications.mode_of_push(exchange)
            self.applications.note_mode(mode)
            check_message(exchange, mode, self.applications, self.findings)
            if exchange.kind == "request":
                self._take_request(exchange)
            else:
                self._take_push(exchange, mode)
            if exchange.when is not None:
                self._claim_calls(self.calls.over(exchange.when), exchange.when)
                self.repeats.claim_over(exchange.when, self.findings)
        self._claim_calls(self.calls.rest(), log.last)
        self.repeats.claim_all(self.findings)
        self.fees.claim_all(log.last, self.findings)

    def _take_request(self, exchange: Exchange) -> None:
        row = exchange.operation
        if row is not None and row.id == "common.stop_call":
            self._claim_stop(exchange)
        kind = _REPLAYS.get(row.mode) if row is not None else None
        if kind is None or self.alone or row is None or exchange.app_key in self.findings.split:
            return
        key = (row.mode, exchange.app_key)
        if key not in self.replays:
            self.replays[key] = kind(self.known)
        self.replays[key].take(exchange, self.findings)

    def _claim_stop(self, exchange: Exchange) -> None:
        """A call that has ended is stopped no more."""
        session = str((exchange.body or {}).get("sessionid") or "")
        if exchange.answer.ok and exchange.when is not None:
            ended, lines = self.calls.end_of(session)
            late = ended + slack_of(exchange) < exchange.when
            text = "stop call of a call that had ended was accepted"
            self.findings.claim("COM-STOP-002", not late, text, exchange.line, *(lines if late else ()))

    def _take_push(self, exchange: Exchange, mode: str | None) -> None:
        self.repeats.take(exchange)
        self.calls.take(exchange, mode)
        claim_notice(exchange, mode, self.replays.values(), self.findings)
        self.verdicts.take(exchange, mode, self.replays.values(), self.findings)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _claim_calls(self, sessions: Iterable[Session], end: float) -> None:
        """Claim what calls show of which nothing more comes."""
        for session in sessions:
            around = Surrounded(self.calls, self.since, end, whole=self.whole)
            CallCheck(session, self._replay_of(session), self.findings, around).run()
            claim_answers(session, self.known, self.findings)
            self.fees.take(session)

    def _replay_of(self, session: Session) -> Replay | None:
        """The application of a call.

        Where no push is signed, the one that knows its binding.
        """
        parts = [body.get("statusInfo", {}) for _, body in session.events] + [fee for _, fee in session.cdrs]
        named = {str(part.get("subscriptionId") or "") for part in parts} - {""}
        same = [
            each for (mode, _), each in self.replays.items() if mode == session.mode and named & each.versions.keys()
        ]
        if not named and session.app_key:
            found: Replay | None = self.replays.get((session.mode, session.app_key))
            return found
        return same[0] if len(same) == 1 else None


def describe(exchange: Exchange) -> str:
    """An entry in a line: what was sent, what came.

    Numbers are masked, and texts of the customer are not shown.
    """
    if exchange.kind == "request":
        row = exchange.operation
        name = row.id if row is not None else contracts.mask(f"{exchange.method:.20} {exchange.path:.200}")
        fields = ", ".join(shown_field(field, value) for field, value in list(exchange.given.items())[:6])
        return f"{name} ({fields}) -> {exchange.answer.key if exchange.status else 'no answer'}"
    body = exchange.body or {}
    info = body.get("statusInfo")
    what = body.get("eventType") if isinstance(info, dict) else exchange.push
    fields = (
        ", ".join(_shown_parts(info))
        if isinstance(info, dict)
        else plural(len(body.get("feeLst") or ()), "CDR")
        if exchange.push == "cdr"
        else ""
    )
    return f"push {contracts.mask(str(what)[:40])} ({fields}) -> {exchange.status or 'no answer'}"


def _shown_parts(info: Mapping[str, Any]) -> Iterator[str]:
    """Who calls whom, and when."""
    yield from (shown_field(name, info[name]) for name in ("caller", "called") if info.get(name))
    if info.get("timestamp"):
        yield f"timestamp {contracts.mask(str(info['timestamp'])[:40])}"
