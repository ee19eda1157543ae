"""The requests of one application, each held against those before it.

What the oracle of the mode expects is asked under every choice of the open points, and a rule is broken only where it
is by all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from privnum import contracts
from privnum.suites.log.asked import Asked
from privnum.suites.log.choices import in_every_choice
from privnum.suites.log.knowledge import Knowledge
from privnum.suites.log.versions import slack_of
from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings
    from privnum.suites.oracle.types import Claim, Expected, Fault

__all__ = ["Replay"]


class Replay(Knowledge, ABC):
    """One application of a mode, from the requests of a log."""

    mode: ClassVar[str]
    gone_codes: ClassVar[frozenset[str]]
    """Codes of a refusal that says: there is no such binding."""
    bound_codes: ClassVar[frozenset[str]]
    """Codes of a refusal that says: somebody is bound already."""
    empty_codes: ClassVar[frozenset[str]] = frozenset()
    """Codes of an unbind that says: nothing is bound on that X."""

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, exchange: Exchange, findings: Findings) -> None:
        """Claim what a request shows, and enter what it did."""
        row = exchange.operation
        if row is None or exchange.when is None:
            return
        if exchange.gap:
            self.forget()
        self.pass_time(exchange)
        name = row.id.partition(".")[2]
        if exchange.overlaps or exchange.names_twice or not exchange.whole:
            self.lose(exchange)
            return
        if exchange.status == 0 or exchange.status >= 500 or exchange.answer.body is None:
            self.lose(exchange)
            return
        handle = getattr(self, f"take_{name}", None)
        if handle is not None:
            try:
                handle(exchange, findings)
            except (Undecided, KeyError, ValueError, TypeError, AssertionError):
                self.lose(exchange)  # a message that no oracle can read: its schema has been claimed

    # ── requests that name a binding ─────────────────────────────────────────────────────────────────────────────────

    def settle(self, exchange: Exchange, findings: Findings, expect: Callable[[], Any]) -> Any:
        """Claim success or refusal; what was expected of what was carried out.

        None where it was refused, or where nobody can say what it did: what it was about is forgotten then.
        """
        asked = self.ask(exchange, expect)
        if not self.claim(asked, findings):
            return None
        if asked.allowed_by_all is None:
            self.lose(exchange)
        return asked.allowed_by_all

    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """An unbind."""
        query = dict(exchange.parameters)
        self.own(query.get(self.x_field))
        if not self.is_known(query):
            self.take_unknown_unbind(exchange, query)
            return
        expected = self.settle(exchange, findings, lambda: self.oracle.expect_unbind(query))
        if expected is not None:
            self.note_unbind(expected, exchange, query)

    def take_query(self, exchange: Exchange, findings: Findings) -> None:
        """A query."""
        query = dict(exchange.parameters)
        self.own(query.get(self.x_field))
        if self.is_known(query, by_a=True):
            expected = self.settle(exchange, findings, lambda: self.oracle.expect_query(query))
            if expected is None:
                return
            self.compare_shown(expected, exchange, query, findings)
        elif not exchange.answer.ok:
            self.take_unknown_query(exchange, query)
            return
        self.learn(exchange, query)

    def take_modify(self, exchange: Exchange, findings: Findings) -> None:
        """A modify."""
        body = dict(exchange.body or {})
        self.own(body.get(self.x_field))
        if not self.is_known(body):
            self.lose(exchange)
            return
        expected = self.settle(exchange, findings, lambda: self.oracle.expect_modify(body))
        if expected is None:
            return
        try:
            binding = self.record_modify(expected, body)
        except (Undecided, KeyError, AssertionError):
            self.lose(exchange)
            return
        self.note_version(binding, exchange)

    @abstractmethod
    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """A bind."""

    @abstractmethod
    def is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:
        """Whether the log says what a request selects.

        `by_a`: it may select by A alone.
        """

    @abstractmethod
    def note_unbind(self, expected: Any, exchange: Exchange, query: Mapping[str, str]) -> None:
        """Enter what an unbind dissolved."""

    @abstractmethod
    def compare_shown(self, expected: Any, exchange: Exchange, query: Mapping[str, str], findings: Findings) -> None:
        """Claim what a query shows of what is known."""

    def record_modify(self, expected: Any, body: Mapping[str, Any]) -> Any:
        """Enter a modify into the oracle; the binding.

        Raises Undecided where nobody knows what it did.
        """
        raise Undecided(expected, body)

    def take_unknown_unbind(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """Enter an unbind of something unknown."""
        if exchange.answer.ok or exchange.answer.code in self.empty_codes:
            self.settle_unknown(exchange, query.get("subscriptionId"), query.get(self.x_field, ""))

    def take_unknown_query(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """Enter that a query of something unknown was refused."""

    def learn(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """Keep what a query shows of bindings that nobody has bound in the log."""

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, exchange: Exchange, what: Any) -> Asked:
        """What the oracle expects of a request in every choice."""
        name = exchange.operation.id if exchange.operation else ""
        return Asked(exchange, name, in_every_choice(self.oracle, self.known, what))

    def claim(self, asked: Asked, findings: Findings) -> bool:
        """Claim success or refusal; whether it was carried out."""
        exchange = asked.exchange
        ok, key = exchange.answer.ok, exchange.answer.key
        fault, allowed = asked.refused_by_all, asked.allowed_by_all
        if ok:
            if fault is not None:
                lines = self._lines_of(exchange)
                text = f"{asked.name} was accepted: {self._why(exchange, fault.requirement)}"
                findings.claim(fault.requirement, False, text, exchange.line, *lines)
                # what is there now is not as the rules have it: nothing more is concluded from it
                self.oracle.dissolved.pop(str(exchange.given.get("subscriptionId") or ""), None)
                self.lose(exchange)
                return False
            if allowed is not None:
                findings.claim(allowed.requirement, True, "")
        elif allowed is not None and self._is_refuted(exchange, allowed):
            rule = allowed.requirement
            if allowed.collision and exchange.answer.code in self.bound_codes:
                rule = allowed.collision
            text = f"{asked.name} was refused with {key}; by what the {findings.unit}s before it say it had to succeed"
            findings.claim(rule, False, text, exchange.line, *self._lines_of(exchange))
        elif fault is not None and not ok:
            findings.claim(fault.requirement, True, "")
            self._claim_code(asked, fault, findings)
        return ok

    def _claim_code(self, asked: Asked, fault: Fault, findings: Findings) -> None:
        """The code of a refusal, where no other fault can have it."""
        exchange, row = asked.exchange, asked.exchange.operation
        keys = asked.keys
        by_id = bool(exchange.given.get("subscriptionId")) and asked.name.endswith((".unbind", ".query"))
        if row is None or not keys or not by_id or exchange.answer.key not in row.own_codes:
            return
        ok = exchange.answer.key in keys
        text = f"{asked.name}: expected {' or '.join(sorted(keys))}, came {exchange.answer.key}"
        findings.claim(fault.code_requirement, ok, text, exchange.line)

    def _is_refuted(self, exchange: Exchange, allowed: Expected) -> bool:
        """Whether what is known says that the reason of a refusal is none."""
        code = exchange.answer.code
        sub = exchange.given.get("subscriptionId")
        if code in self.gone_codes and sub:
            return str(sub) in self.oracle.bindings
        x = str(exchange.given.get(self.x_field) or "")
        if code in self.bound_codes and exchange.operation is not None and exchange.operation.id.endswith(".bind"):
            return x in self.whole_x and allowed.ok
        return False

    def _why(self, exchange: Exchange, rule: str) -> str:
        described = contracts.requirements().get(rule)
        x = exchange.given.get(self.x_field) or exchange.answer[self.x_field] or ""
        place = f" (X {x})" if x else ""
        return f"{described.title if described else rule}{place}: it had to be refused"

    def _lines_of(self, exchange: Exchange) -> list[int]:
        """Entries that show why: those that bound, or dissolved, what it is about."""
        sub = str(exchange.given.get("subscriptionId") or "")
        if sub in self.versions:
            last = self.versions[sub][-1]
            return [line for line in (last.line, last.gone_line) if line]
        x = exchange.given.get(self.x_field) or exchange.answer[self.x_field]
        live = [
            self.versions[b.subscription_id][-1].line for b in self.oracle.on(x) if b.subscription_id in self.versions
        ]
        return live[-3:]

    def timely(
        self, claims: Iterable[Claim], row: Mapping[str, Any], exchange: Exchange, times: Iterable[float]
    ) -> Iterator[Claim]:
        """The claims, that about a moment with the patience that clocks need."""
        moment, slack = f"{self.mode}-QUERY-002", slack_of(exchange)
        for claim in claims:
            if claim.requirement == moment and not claim.ok:
                at = seconds(row.get("subscribeTime"))
                near = at is not None and any(abs(at - zone - t) <= slack for t in times for zone in (0, CHINA))
                if near:
                    continue
            yield claim
