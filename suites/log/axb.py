"""AXB applications of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume
from privnum.suites.log.listing import compare_rows, is_whole_list
from privnum.suites.log.replay import Replay
from privnum.suites.oracle import AxbOracle, AxbSurroundings
from privnum.suites.oracle.axb.compare import compare_binding
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxbReplay"]

_AREA: Final = ("areaCode", "areaMatchMode")
_PAGE: Final = 50


class AxbReplay(Replay):
    """One AXB application."""

    mode = "AXB"
    x_field = "relationNum"
    gone_codes: ClassVar = frozenset({"1012007"})
    bound_codes: ClassVar = frozenset({"1012010"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(AxbOracle(AxbSurroundings({}, more=True), assume(known), 0), known)

    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay.

        Of an X that the platform picked the same is claimed as of one that was named.
        """
        body = dict(exchange.body or {})
        named = str(body.get("relationNum") or "")
        x = named or str(exchange.answer["relationNum"] or "")
        if not x:
            return
        self.own(x)
        full = {name: value for name, value in body.items() if name not in _AREA} | {"relationNum": x}
        asked = self.ask(exchange, lambda: self.oracle.expect_bind(full))
        if not self.claim(asked, findings):
            return
        binding = self.oracle.record_bind(full, str(exchange.answer["subscriptionId"]), x)
        self.note_version(binding, exchange)

    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        sub, x = query.get("subscriptionId"), query.get("relationNum", "")
        self.own(x)
        gone = exchange.answer.key == "403/1012007"
        if (sub and not self.knows(sub)) or (not sub and not self.oracle.on(x) and x not in self.whole_x):
            if exchange.answer.ok or gone:
                self.settle_unknown(exchange, sub, x)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_unbind(query))
        if self.claim(asked, findings):
            if asked.allowed_by_all is None:
                self.lose(exchange)
                return
            expected: Any = asked.allowed_by_all
            for binding in expected.bindings:
                self.note_end(binding, expected.requirement, exchange)
            self.oracle.record_unbind(expected.bindings, expected.requirement)
            if not sub:
                self.settle_unknown(exchange, None, x)

    def take_query(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        sub, x = query.get("subscriptionId"), query.get("relationNum", "")
        self.own(x)
        if sub and not self.knows(sub):
            return
        if not sub and x not in self.whole_x and not self.oracle.on(x):
            if exchange.answer.key == "403/1012007" and not {"callerNum", "calleeNum"} & query.keys():
                self.settle_unknown(exchange, None, x)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_query(query))
        if not self.claim(asked, findings) or asked.allowed_by_all is None:
            return
        expected: Any = asked.allowed_by_all
        rows = exchange.answer.items("relationNumList")
        whole = bool(sub) or is_whole_list(exchange, rows, query, _PAGE)
        compare_rows(self, exchange, findings, expected, rows, compare_binding, whole=whole)

    def take_modify(self, exchange: Exchange, findings: Findings) -> None:
        """A modify."""
        body = dict(exchange.body or {})
        sub = str(body.get("subscriptionId") or "")
        if not self.knows(sub):
            self.lose(exchange)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_modify(body))
        if not self.claim(asked, findings):
            return
        try:
            self.oracle.record_modify(body)
        except (Undecided, KeyError):
            self.lose(exchange)
            return
        self.note_version(self.oracle.bindings[sub], exchange)
