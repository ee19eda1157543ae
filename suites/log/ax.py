"""AX applications of a log."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume
from privnum.suites.log.listing import compare_rows
from privnum.suites.log.replay import Replay
from privnum.suites.oracle import AxOracle, AxSurroundings
from privnum.suites.oracle.ax.compare import compare_binding
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxReplay"]

_AREA: Final = ("areaCode", "areaMatchMode", "privateNumType")
_GONE: Final = frozenset({"1016001", "1011004"})


class AxReplay(Replay):
    """One AX application."""

    mode = "AX"
    x_field = "privateNum"
    gone_codes: ClassVar = frozenset({"1016001"})
    bound_codes: ClassVar = frozenset({"1011005", "1016002"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(AxOracle(AxSurroundings({}, more=True), assume(known), 0), known)

    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        body = dict(exchange.body or {})
        x = str(body.get("privateNum") or exchange.answer["privateNum"] or "")
        if not x:
            return
        self.own(x)
        full = {name: value for name, value in body.items() if name not in _AREA} | {"privateNum": x}
        asked = self.ask(exchange, lambda: self.oracle.expect_bind(full))
        if not self.claim(asked, findings):
            return
        binding = self.oracle.record_bind(full, str(exchange.answer["subscriptionId"]), x)
        self.note_version(binding, exchange)

    def _is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:
        """Whether the log says what a request selects."""
        sub, x, a = (str(chosen.get(name) or "") for name in ("subscriptionId", "privateNum", "origNum"))
        if sub:
            return self.knows(sub)
        if by_a and a:
            return bool(self.oracle.of(a))
        return bool(x) and (bool(self.oracle.on(x)) or x in self.whole_x)

    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        sub, x, a = query.get("subscriptionId"), query.get("privateNum", ""), query.get("origNum")
        self.own(x)
        if not sub and not x:
            if exchange.answer.ok:
                self._forget_a(a)
            return
        if not self._is_known(query):
            if exchange.answer.ok or (exchange.answer.code in _GONE):
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
                self.whole_x.add(binding.x)  # an X carries one binding
            self.oracle.record_unbind(expected.bindings, expected.requirement)

    def _forget_a(self, a: str | None) -> None:
        for binding in list(self.oracle.bindings.values()):
            if a is None or binding.a == a:
                self._drop_knowledge(binding)

    def take_query(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        self.own(query.get("privateNum"))
        if not self._is_known(query, by_a=True):
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_query(query))
        if not self.claim(asked, findings) or asked.allowed_by_all is None:
            return
        rows = exchange.answer.items("privateNumList")
        compare_rows(self, exchange, findings, asked.allowed_by_all, rows, compare_binding, whole=True)

    def take_modify(self, exchange: Exchange, findings: Findings) -> None:
        """A modify."""
        body = dict(exchange.body or {})
        self.own(body.get("privateNum"))
        if not self._is_known(body):
            self.lose(exchange)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_modify(body))
        if not self.claim(asked, findings):
            return
        expected: Any = asked.allowed_by_all
        if expected is None or (body.get("origNum") and not body.get("subscriptionId")):
            self.lose(exchange)  # whether A beside X is the new one is open
            return
        binding = expected.bindings[0]
        try:
            self.oracle.record_modify(binding, body)
        except Undecided:
            self.lose(exchange)
            return
        self.note_version(binding, exchange)

    def take_set_callee(self, exchange: Exchange, findings: Findings) -> None:
        """The setting of a temporary callee."""
        body = dict(exchange.body or {})
        self.own(body.get("privateNum"))
        if not self._is_known(body):
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_set_callee(body))
        if not self.claim(asked, findings) or asked.allowed_by_all is None:
            return
        expected: Any = asked.allowed_by_all
        for binding in expected.bindings:
            self.oracle.callee_set(binding, body)
            self.note_version(binding, exchange)

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """See Replay; the temporary callee is kept as he is now."""
        super().note_version(binding, exchange)
        kept = self.versions[binding.subscription_id][-1].binding
        kept.callee = copy.copy(binding.callee)

    def _note_time(self, at: float, slack: int) -> None:
        """See Replay: a temporary callee may be gone, or is."""
        for binding in self.oracle.bindings.values():
            if binding.callee is not None and binding.callee.ends_at <= at + slack:
                if at > binding.callee.ends_at + slack:
                    binding.without_callee, binding.callee = binding.callee.lifetime, None
                else:
                    binding.callee.is_open = True
