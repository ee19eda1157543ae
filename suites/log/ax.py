"""AX applications of a log."""

from __future__ import annotations

import copy
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume
from privnum.suites.log.listing import compare_rows, new_rows
from privnum.suites.log.live import IndexedState
from privnum.suites.log.replay import Replay
from privnum.suites.oracle import AxOracle, AxSurroundings
from privnum.suites.oracle.ax.compare import compare_binding
from privnum.suites.oracle.ax.types import TemporaryCallee
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxReplay"]

_AREA: Final = ("areaCode", "areaMatchMode", "privateNumType")
_LATER: Final = 1 << 40
"""Later than any second of a log."""


class _State(IndexedState, AxOracle):
    """The oracle with an index."""


class AxReplay(Replay):
    """One AX application."""

    mode = "AX"
    x_field = "privateNum"
    gone_codes: ClassVar = frozenset({"1016001"})
    bound_codes: ClassVar = frozenset({"1011005", "1016002"})
    empty_codes: ClassVar = frozenset({"1016001", "1011004"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(_State(AxSurroundings({}, more=True), assume(known), 0), known)
        self._callees: list[tuple[float, str]] = []
        """When temporary callees end, the first one first."""
        self._ending: list[str] = []
        """Bindings whose temporary callee ends about now."""

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

    def is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:
        """See Replay."""
        sub, x, a = (str(chosen.get(name) or "") for name in ("subscriptionId", "privateNum", "origNum"))
        if sub:
            return self.knows(sub)
        if by_a and a:
            return bool(self.oracle.of(a))
        return bool(x) and (bool(self.oracle.on(x)) or x in self.whole_x)

    def take_unknown_unbind(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay; one that names neither id nor X may be of every X of an A."""
        if query.get("subscriptionId") or query.get("privateNum"):
            super().take_unknown_unbind(exchange, query)
        elif exchange.answer.ok:
            a = query.get("origNum")
            for binding in list(self.oracle.bindings.values()) if a is None else self.oracle.of(a):
                self.drop_knowledge(binding)

    def note_unbind(self, expected: Any, exchange: Exchange, query: Mapping[str, str]) -> None:  # noqa: ARG002
        """See Replay."""
        self.dissolve(expected.bindings, expected.requirement, exchange)
        self.whole_x.update(binding.x for binding in expected.bindings)  # an X carries one binding

    def compare_shown(self, expected: Any, exchange: Exchange, query: Mapping[str, str], findings: Findings) -> None:  # noqa: ARG002
        """See Replay."""
        rows = exchange.answer.items("privateNumList")
        compare_rows(self, exchange, findings, expected, rows, compare_binding, whole=True)

    def learn(self, exchange: Exchange, query: Mapping[str, str]) -> None:  # noqa: ARG002
        """See Replay; of a temporary callee nothing is known."""
        for sub, at, row in new_rows(self, exchange, "privateNumList", ("origNum", "privateNum")):
            x = str(row["privateNum"])
            self.own(x)
            binding = self.oracle.record_bind(row, sub, x)
            binding.bound_at = at
            binding.callee = TemporaryCallee("", _LATER, "AX-CALL-102", "AX-CALLEE-110", is_open=True)
            self.keep_shown(binding, exchange, None)

    def record_modify(self, expected: Any, body: Mapping[str, Any]) -> Any:
        """See Replay."""
        if body.get("origNum") and not body.get("subscriptionId"):
            raise Undecided("whether A beside X is the new one")
        self.oracle.record_modify(expected.bindings[0], body)
        return expected.bindings[0]

    def take_set_callee(self, exchange: Exchange, findings: Findings) -> None:
        """The setting of a temporary callee."""
        body = dict(exchange.body or {})
        self.own(body.get("privateNum"))
        if not self.is_known(body):
            return
        expected = self.settle(exchange, findings, lambda: self.oracle.expect_set_callee(body))
        for binding in () if expected is None else expected.bindings:
            self.oracle.callee_set(binding, body)
            self.note_version(binding, exchange)
            heappush(self._callees, (binding.callee.ends_at, binding.subscription_id))

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """See Replay; the temporary callee is kept as he is now."""
        super().note_version(binding, exchange)
        kept = self.versions[binding.subscription_id][-1].binding
        kept.callee = copy.copy(binding.callee)

    def _note_time(self, at: float, slack: int) -> None:
        """See Replay: a temporary callee may be gone, or is."""
        while self._callees and self._callees[0][0] <= at + slack:
            self._ending.append(heappop(self._callees)[1])
        ending, self._ending = self._ending, []
        for sub in ending:
            binding = self.oracle.bindings.get(sub)
            if binding is None or binding.callee is None or binding.callee.ends_at > at + slack:
                continue
            if at > binding.callee.ends_at + slack:
                binding.without_callee, binding.callee = binding.callee.lifetime, None
            else:
                binding.callee.is_open = True
                self._ending.append(sub)
