"""AXYB applications of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.log.choices import assume, common_claims, in_every_choice
from privnum.suites.log.live import IndexedState
from privnum.suites.log.replay import Replay
from privnum.suites.log.versions import NEVER
from privnum.suites.oracle import AxybExpected, AxybOracle, AxybSurroundings
from privnum.suites.oracle.axyb.compare import compare_relations
from privnum.suites.oracle.axyb.types import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxybReplay"]


class _State(IndexedState, AxybOracle):
    """The oracle with an index."""


class AxybReplay(Replay):
    """One AXYB application.

    A caller may be given a Y by his call: so what is known of the Y of a binding is never all.
    """

    mode = "AXYB"
    x_field = "relationNum"
    gone_codes: ClassVar = frozenset({"1016001", "1012007"})
    bound_codes: ClassVar = frozenset()

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(_State(AxybSurroundings({}, more=True), assume(known), 0), known)

    def _end_of(self, binding: Any) -> float | None:
        """See Replay: a binding one Y of which ends is followed no more."""
        ends = [binding.expires_at, *(relation.ends_at for relation in binding.relations)]
        return min((end for end in ends if end is not None), default=None)

    def _surely_ends(self, binding: Any) -> bool:
        """See Replay.

        A Y may end before the binding, of which nothing more is claimed then.
        """
        return binding.expires_at is not None and self._end_of(binding) == binding.expires_at

    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay; of the numbers that can be picked nothing is known."""
        body, number = dict(exchange.body or {}), str(exchange.answer["relationNumber"] or "")
        sub = str(exchange.answer["subscriptionId"] or "")
        if not exchange.answer.ok or not (number and sub):
            return
        self.own(number)
        if body.get("subscriptionId"):
            self._take_bind_b(exchange, body, sub, number, findings)
        else:
            self._take_bind_a(exchange, body, sub, number, findings)

    def _take_bind_a(self, exchange: Exchange, body: dict[str, Any], sub: str, x: str, findings: Findings) -> None:
        a = str(body.get("origNum"))
        lines = [self.versions[binding.subscription_id][-1].line for binding in self.oracle.of(a)]
        there = self.oracle.bound_on(x)
        text = f"A was bound to {len(lines) + 1} X; five at most"
        findings.claim("AXYB-BIND-032", len(lines) < self.oracle.around.x_per_a, text, exchange.line, *lines)
        held = [] if there is None else [self.versions[there.subscription_id][-1].line]
        text = f"{x} was given as X, which is the X of another binding"
        findings.claim("AXYB-BIND-031", there is None, text, exchange.line, *held)
        self.note_version(self.oracle.record_bind(body, sub, x), exchange)

    def _take_bind_b(self, exchange: Exchange, body: dict[str, Any], came: str, y: str, findings: Findings) -> None:
        sub, b = str(body["subscriptionId"]), str(body.get("origNum"))
        binding = self.oracle.bindings.get(sub)
        if binding is None:
            if sub in self.oracle.dissolved:
                lines = [row.gone_line or row.line for row in self.versions.get(sub, ())[-1:]]
                text = f"a B was bound to {sub}, which was gone"
                findings.claim("AXYB-BIND-110", False, text, exchange.line, *lines)
            else:
                self.lose(exchange)  # a binding that a query showed has one Y more
            return
        lines = [row.line for row in self.versions.get(sub, ())]
        text = f"{y} was given as Y, which is the X of the binding"
        findings.claim("AXYB-BIND-102", y != binding.x, text, exchange.line, *lines)
        other = binding.of_number(y)
        text = f"{y} was given as Y, which another B of the binding has"
        findings.claim("AXYB-BIND-104", other is None or other.b == b, text, exchange.line, *lines)
        again = binding.of_user(b)
        self.oracle.bound_b(AxybExpected("AXYB-BIND-102", binding=binding, again=again), body, came, y)
        self.note_version(binding, exchange)

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """See Replay; with the Y that there are now."""
        super().note_version(binding, exchange)
        self.versions[binding.subscription_id][-1].binding.relations = list(binding.relations)

    def is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:  # noqa: ARG002
        """See Replay."""
        sub = str(chosen.get("subscriptionId") or "")
        return bool(sub) and self.knows(sub)

    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay.

        Where one Y of a binding is dissolved its callers may have been given others.
        """
        query = exchange.parameters
        sub = str(query.get("subscriptionId") or "")
        if (query.get("yNum") or query.get("bNum")) and sub not in self.oracle.dissolved:
            if exchange.answer.ok:
                self.lose(exchange)
            return
        super().take_unbind(exchange, findings)

    def take_unknown_unbind(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay."""
        sub = query.get("subscriptionId")
        if sub and exchange.answer.ok:
            self.settle_unknown(exchange, sub, "")

    def note_unbind(self, expected: Any, exchange: Exchange, query: Mapping[str, str]) -> None:  # noqa: ARG002
        """See Replay."""
        if expected.binding is None or expected.relations is not None:
            self.lose(exchange)
        else:
            self.dissolve([expected.binding], expected.requirement, exchange)

    def compare_shown(self, expected: Any, exchange: Exchange, query: Mapping[str, str], findings: Findings) -> None:
        """See Replay; the Y that are known are shown as they are."""
        rows = exchange.answer.items("xyRelationNumList")
        known = {(relation.y, relation.b) for relation in expected.relations or ()}
        shown = {(str(row.get("numY")), str(row.get("numB"))) for row in rows}
        if not known or known != shown:
            return
        claims = in_every_choice(
            self.oracle, self.known, lambda: list(compare_relations(expected, rows, self.oracle.assumptions))
        )
        lines = self.versions.lines_of(str(query.get("subscriptionId")))
        moments = [expected.binding.bound_at, *(relation.bound_at for relation in expected.relations or ())]
        row = rows[0] if rows else {}
        for claim in self.timely(common_claims(claims), row, exchange, moments):
            findings.claim(*claim, exchange.line, *lines)

    def learn(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay; of a binding and its Y nobody knows when they end."""
        sub, rows = str(query.get("subscriptionId") or ""), exchange.answer.items("xyRelationNumList")
        named = {(str(row.get("numA") or ""), str(row.get("numX") or "")) for row in rows}
        if not self.is_new(sub) or len(named) != 1 or not all(*named):
            return
        ((a, x),) = named
        self.own(x)
        direction = next((row["callDirection"] for row in rows if type(row.get("callDirection")) is int), 0)
        binding = self.oracle.record_bind({"origNum": a, "callDirection": direction}, sub, x)
        now = self.oracle.now
        binding.relations = [
            Relation(str(y), str(b), subscription_id=sub, bound_at=now, ends_at=None, lifetime="AXYB-LIFE-102")
            for y, b in ((row.get("numY"), row.get("numB")) for row in rows)
            if y and b
        ]
        self.keep_shown(binding, exchange, NEVER)
