"""AXE applications of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume, common_claims, in_every_choice
from privnum.suites.log.replay import Replay
from privnum.suites.oracle import AxeOracle, AxeSurroundings
from privnum.suites.oracle.axe.compare import compare_query
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxeReplay"]

_AREA: Final = ("areaCode", "areaMatchMode")
_LIFE: Final = "axe.bind_expired_default"
_DEFAULTS: Final[Mapping[str, contracts.Value]] = {
    _LIFE: 168,
    "axe.callback_expired_default": 0,
    "axe.callback_default_longer": "accept",
}
"""Choices under which a binding that carried no time is kept; that time is then no ground of a claim."""


class AxeReplay(Replay):
    """One AXE application."""

    mode = "AXE"
    x_field = "virtualNum"
    gone_codes: ClassVar = frozenset({"1016001"})
    bound_codes: ClassVar = frozenset({"1013102"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(AxeOracle(AxeSurroundings({}, more=True), assume(known), 0), known)
        self._without_end: set[str] = set()
        """Bindings of which nobody knows how long they live."""

    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        body = dict(exchange.body or {})
        x = str(body.get("virtualNum") or exchange.answer["virtualNum"] or "")
        given = exchange.answer["extendNum"]
        if not x:
            return
        self.own(x)
        if exchange.answer.ok and isinstance(given, str) and given.isdigit():
            self.oracle.around.digits = len(given)
        full = {name: value for name, value in body.items() if name not in _AREA} | {"virtualNum": x}
        if not body.get("virtualNum") or body.get("areaCode"):
            full.pop("extendNum", None)  # whether it counts beside an area is open
        asked = self.ask(exchange, lambda: self.oracle.expect_bind(full))
        if not self.claim(asked, findings):
            return
        self._claim_extension(full, str(given), x, exchange, findings)
        self._record_bind(full, exchange, x, str(given))

    def _claim_extension(
        self, body: Mapping[str, Any], given: str, x: str, exchange: Exchange, findings: Findings
    ) -> None:
        asked = str(body.get("extendNum") or "")
        if asked:
            text = f"bind with the extension {asked} was answered with {given}"
            findings.claim("AXE-BIND-101", asked == given, text, exchange.line)
            return
        there = self.oracle.by_extension(x, given)
        lines = [] if there is None else [row.line for row in self.versions.get(there.subscription_id, ())[-1:]]
        text = f"the extension {given} was allocated, which is bound on {x}"
        findings.claim("AXE-BIND-102", there is None, text, exchange.line, *lines)
        findings.claim("AXE-BIND-105", bool(given.strip("0")), f"the extension {given} was allocated", exchange.line)

    def _record_bind(self, body: Mapping[str, Any], exchange: Exchange, x: str, extension: str) -> None:
        sub = str(exchange.answer["subscriptionId"])
        try:
            binding = self.oracle.record_bind(body, sub, x, extension)
        except Undecided:
            self._without_end.add(sub)
            self.oracle.assumptions = assume({**_DEFAULTS, **self.known})
            binding = self.oracle.record_bind(body, sub, x, extension)
            self.oracle.assumptions = assume(self.known)
        self.note_version(binding, exchange)

    def _surely_ends(self, binding: Any) -> bool:
        """See Replay: what ends by a default that is open may go on for ever."""
        return binding.subscription_id not in self._without_end

    def _is_known(self, chosen: Mapping[str, Any]) -> bool:
        sub, x, extension = (str(chosen.get(name) or "") for name in ("subscriptionId", "virtualNum", "extendNum"))
        if sub:
            return self.knows(sub)
        return bool(x and extension) and self.oracle.by_extension(x, extension) is not None

    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        self.own(query.get("virtualNum"))
        if not self._is_known(query):
            if exchange.answer.ok:
                self.settle_unknown(exchange, query.get("subscriptionId"), "")
                self._settle_extension(query)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_unbind(query))
        if not self.claim(asked, findings):
            return
        expected: Any = asked.allowed_by_all
        if expected is None:
            self.lose(exchange)
            return
        self.note_end(expected.binding, expected.requirement, exchange)
        self.oracle.record_unbind(expected.binding, expected.requirement)

    def _settle_extension(self, query: Mapping[str, str]) -> None:
        """Forget what might have ended at an extension that was dissolved."""
        for sub, (binding, _) in list(self._pending.items()):
            if (binding.x, getattr(binding, "extension", "")) == (query.get("virtualNum"), query.get("extendNum")):
                del self._pending[sub]

    def take_query(self, exchange: Exchange, findings: Findings) -> None:
        """See Replay."""
        query = dict(exchange.parameters)
        self.own(query.get("virtualNum"))
        if not self._is_known(query):
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_query(query))
        if not self.claim(asked, findings) or asked.allowed_by_all is None:
            return
        binding = getattr(asked.allowed_by_all, "binding", None)
        if binding is None:
            return
        info = exchange.answer.body or {}
        claims = in_every_choice(
            self.oracle, self.known, lambda: list(compare_query(binding, info, self.oracle.assumptions))
        )
        lines = [row.line for row in self.versions.get(binding.subscription_id, ())]
        findings.claim_all(common_claims(claims), exchange.line, *lines)

    def take_modify(self, exchange: Exchange, findings: Findings) -> None:
        """A modify."""
        body = dict(exchange.body or {})
        self.own(body.get("virtualNum"))
        if not self._is_known(body):
            self.lose(exchange)
            return
        asked = self.ask(exchange, lambda: self.oracle.expect_modify(body))
        if not self.claim(asked, findings):
            return
        expected: Any = asked.allowed_by_all
        try:
            self.oracle.record_modify(body)
        except (Undecided, KeyError, AssertionError):
            expected = None
        if expected is None or expected.binding is None:
            self.lose(exchange)
            self.oracle.bindings.pop(str(body.get("subscriptionId")), None)
            return
        if body.get("bindExpiredTime") is not None:
            self._without_end.discard(expected.binding.subscription_id)
        self.note_version(expected.binding, exchange)
