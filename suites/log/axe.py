"""AXE applications of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume, common_claims, in_every_choice
from privnum.suites.log.live import IndexedState
from privnum.suites.log.replay import Replay
from privnum.suites.log.versions import NEVER
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


class _State(IndexedState, AxeOracle):
    """The oracle with an index."""


class AxeReplay(Replay):
    """One AXE application."""

    mode = "AXE"
    x_field = "virtualNum"
    gone_codes: ClassVar = frozenset({"1016001"})
    bound_codes: ClassVar = frozenset({"1013102"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(_State(AxeSurroundings({}, more=True), assume(known), 0), known)
        self._without_end: set[str] = set()
        """Bindings of which nobody knows how long they live."""
        self._of_user: dict[tuple[str, str], list[str]] = {}
        """The ids of every binding of an A on an X."""

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

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """See Replay."""
        super().note_version(binding, exchange)
        rows = self._of_user.setdefault((binding.x, binding.a), [])
        if binding.subscription_id not in rows[-1:]:
            rows.append(binding.subscription_id)

    def bound_to(self, x: str, a: str, begin: float, end: float) -> str:
        """The id of the one binding of an A on an X at a time.

        Empty where nobody knows it.
        """
        found = [sub for sub in self._of_user.get((x, a), ()) if self.versions.about(sub, begin, end)]
        return found[0] if len(found) == 1 else ""

    def is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:  # noqa: ARG002
        """See Replay."""
        sub, x, extension = (str(chosen.get(name) or "") for name in ("subscriptionId", "virtualNum", "extendNum"))
        if sub:
            return self.knows(sub)
        return bool(x and extension) and self.oracle.by_extension(x, extension) is not None

    def note_unbind(self, expected: Any, exchange: Exchange, query: Mapping[str, str]) -> None:  # noqa: ARG002
        """See Replay."""
        self.dissolve([expected.binding], expected.requirement, exchange)

    def take_unknown_unbind(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay.

        Forget what might have ended at an extension that was dissolved.
        """
        if not exchange.answer.ok:
            return
        self.settle_unknown(exchange, query.get("subscriptionId"), "")
        for binding in self._pending.on(query.get("virtualNum", "")):
            if binding.extension == query.get("extendNum"):
                self.drop_knowledge(binding)

    def compare_shown(self, expected: Any, exchange: Exchange, query: Mapping[str, str], findings: Findings) -> None:  # noqa: ARG002
        """See Replay."""
        binding = getattr(expected, "binding", None)
        if binding is None:
            return
        info = exchange.answer.body or {}
        claims = in_every_choice(
            self.oracle, self.known, lambda: list(compare_query(binding, info, self.oracle.assumptions))
        )
        lines = self.versions.lines_of(binding.subscription_id)
        findings.claim_all(common_claims(claims), exchange.line, *lines)

    def learn(self, exchange: Exchange, query: Mapping[str, str]) -> None:  # noqa: ARG002
        """See Replay.

        When the binding ends nobody knows: the times that are shown may be those of its bind.
        """
        names = ("subscriptionId", "virtualNum", "extendNum", "bindNum")
        sub, x, extension, a = (str(exchange.answer[name] or "") for name in names)
        if self.is_new(sub) and x and extension and a:
            self.own(x)
            never = dict.fromkeys(("bindExpiredTime", "callbackExpiredTime"), 0)
            binding = self.oracle.record_bind({"bindNum": a, **never}, sub, x, extension)
            self.keep_shown(binding, exchange, NEVER)

    def record_modify(self, expected: Any, body: Mapping[str, Any]) -> Any:
        """See Replay."""
        self.oracle.record_modify(body)
        if expected.binding is None:
            raise Undecided("nobody knows which binding was changed")
        if body.get("bindExpiredTime") is not None:
            self._without_end.discard(expected.binding.subscription_id)
        return expected.binding
