"""AXB applications of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.log.choices import assume
from privnum.suites.log.listing import compare_rows, is_whole_list, new_rows
from privnum.suites.log.live import IndexedState
from privnum.suites.log.replay import Replay
from privnum.suites.log.versions import NEVER, slack_of
from privnum.suites.oracle import AxbOracle, AxbSurroundings
from privnum.suites.oracle.axb.compare import compare_binding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["AxbReplay"]

_AREA: Final = ("areaCode", "areaMatchMode")
_USERS: Final = ("callerNum", "calleeNum")
_PAGE: Final = 50


class _State(IndexedState, AxbOracle):
    """The oracle with an index."""


class AxbReplay(Replay):
    """One AXB application."""

    mode = "AXB"
    x_field = "relationNum"
    gone_codes: ClassVar = frozenset({"1012007"})
    bound_codes: ClassVar = frozenset({"1012010"})
    empty_codes: ClassVar = frozenset({"1012007"})

    def __init__(self, known: Mapping[str, contracts.Value]) -> None:
        super().__init__(_State(AxbSurroundings({}, more=True), assume(known), 0), known)

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

    def is_known(self, chosen: Mapping[str, Any], *, by_a: bool = False) -> bool:  # noqa: ARG002
        """See Replay."""
        sub, x = (str(chosen.get(name) or "") for name in ("subscriptionId", "relationNum"))
        return self.knows(sub) if sub else x in self.whole_x or bool(self.oracle.on(x))

    def note_unbind(self, expected: Any, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay."""
        self.dissolve(expected.bindings, expected.requirement, exchange)
        if not query.get("subscriptionId"):
            self.settle_unknown(exchange, None, query.get("relationNum", ""))

    def take_unknown_query(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay: an X of which nothing is found is empty."""
        if exchange.answer.code in self.empty_codes and not {*_USERS, "subscriptionId"} & query.keys():
            self.settle_unknown(exchange, None, query.get("relationNum", ""))

    def compare_shown(self, expected: Any, exchange: Exchange, query: Mapping[str, str], findings: Findings) -> None:
        """See Replay."""
        rows = exchange.answer.items("relationNumList")
        whole = bool(query.get("subscriptionId")) or is_whole_list(exchange, rows, query, _PAGE)
        compare_rows(self, exchange, findings, expected, rows, compare_binding, whole=whole)

    def learn(self, exchange: Exchange, query: Mapping[str, str]) -> None:
        """See Replay.

        One that lasts for some time ends within that time, at the latest. Where everything on an X was shown, and
        lasts, the whole of it is known.
        """
        rows = exchange.answer.items("relationNumList")
        for sub, at, row in new_rows(self, exchange, "relationNumList", ("callerNum", "calleeNum", "relationNum")):
            lasts = row.get("duration")
            x = str(row["relationNum"])
            self.own(x)
            binding = self.oracle.record_bind({**row, "duration": 0 if lasts is None else lasts}, sub, x)
            binding.changed_at = at
            gone_from = None if lasts == 0 else NEVER
            if type(lasts) is int and lasts > 0:
                gone_from = (exchange.when or 0.0) + lasts + slack_of(exchange)
            binding.expires_at = None
            self.keep_shown(binding, exchange, gone_from)
        x, alone = query.get("relationNum", ""), not {*_USERS, "subscriptionId"} & query.keys()
        if x and alone and rows and is_whole_list(exchange, rows, query, _PAGE):
            shown = {str(row.get("subscriptionId")) for row in rows}
            if shown <= {binding.subscription_id for binding in self.oracle.on(x)}:
                self.whole_x.add(x)

    def record_modify(self, expected: Any, body: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """See Replay."""
        self.oracle.record_modify(body)
        return self.oracle.bindings[str(body["subscriptionId"])]
