"""What a log says of the bindings of one application.

A log begins at some time, of what was bound before nothing is known until a query shows it, and a message may be
missing. So the oracle of the mode holds what the log has shown; of anything else no word is said.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.log.choices import assume
from privnum.suites.log.live import Bindings
from privnum.suites.log.versions import NEVER, Versions, slack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.live import IndexedState

__all__ = ["Knowledge"]


class Knowledge:
    """The bindings of one application, as far as the log shows them."""

    x_field: ClassVar[str]

    def __init__(self, oracle: IndexedState, known: Mapping[str, contracts.Value]) -> None:
        self.oracle: Any = oracle
        self.known = dict(known)
        self.oracle.assumptions = assume(known)
        self.whole_x: set[str] = set()
        """X numbers of which every binding is known."""
        self.versions = Versions()
        self._pending = Bindings()
        """Bindings that may have ended by now."""
        self._gone_from: list[tuple[float, str]] = []
        """The second from which each of these has surely ended; the first one first."""
        self._ends: list[tuple[float, str]] = []
        """When live bindings end by themselves, the first one first; one that was changed may be here twice."""
        self._began = False
        self._at = 0.0
        """The time of the request in hand."""

    def knows(self, sub: object) -> bool:
        """Whether the log says what became of an id."""
        return str(sub) in self.oracle.bindings or str(sub) in self.oracle.dissolved

    def own(self, *numbers: object) -> None:
        """Take numbers for the application's own."""
        for number in numbers:
            if isinstance(number, str) and number:
                self.oracle.around.own.setdefault(number, None)

    # ── what was done ────────────────────────────────────────────────────────────────────────────────────────────────

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """Keep a binding as it is from now on."""
        self.versions.note(binding, exchange)
        self.watch(binding)

    def watch(self, binding: Any) -> None:
        """Let a live binding be found by its users, and end in its time."""
        sub = binding.subscription_id
        if sub in self.oracle.bindings:
            self.oracle.bindings.note_users(binding)
        end = self._end_of(binding)
        if end is not None:
            heappush(self._ends, (end, sub))

    def dissolve(self, bindings: Iterable[Any], by: str, exchange: Exchange) -> None:
        """Note that bindings were dissolved by a request."""
        for binding in list(bindings):
            self.versions.end(binding.subscription_id, exchange.when or 0.0, by, exchange.line)
            self.oracle.drop(binding, by, self.oracle.rule("UNBIND-007"))

    def keep_shown(self, binding: Any, exchange: Exchange, gone_from: float | None) -> None:
        """Keep a binding that a query shows, and that nobody has bound in the log.

        `gone_from` is the second from which it is surely gone; None: it does not end by itself. One that may end at a
        time which nobody knows counts as one that may have ended.
        """
        sub = binding.subscription_id
        self.versions.note(binding, exchange, shown=True)
        if gone_from is None:
            self.oracle.bindings[sub] = binding
            self.watch(binding)
        else:
            self.oracle.bindings.pop(sub)
            self._suspect(binding, gone_from)

    def is_new(self, sub: str) -> bool:
        """Whether the log has said nothing yet of an id."""
        return bool(sub) and not self.knows(sub) and sub not in self._pending

    def settle_unknown(self, exchange: Exchange, sub: str | None, x: str) -> None:
        """Enter that something unknown was dissolved, or is not there.

        Where that is all of an X, every binding on it is known: there is none.
        """
        gone = [self._pending[sub]] if sub and sub in self._pending else []
        for binding in gone if sub or not x else self._pending.on(x):
            self._end_suspect(binding, exchange.when or 0.0, exchange.line)
        if x and not sub:
            self.whole_x.add(x)
        if sub and exchange.answer.ok and sub not in self.oracle.bindings:
            self.oracle.dissolved[sub] = self.oracle.rule("UNBIND-007")

    # ── what nobody knows ────────────────────────────────────────────────────────────────────────────────────────────

    def lose(self, exchange: Exchange) -> None:
        """Forget what a request of unknown effect was about."""
        if exchange.operation is None or exchange.operation.id.endswith(".query"):
            return
        given = exchange.given
        sub = str(given.get("subscriptionId") or exchange.answer["subscriptionId"] or "")
        x = str(given.get(self.x_field) or exchange.answer[self.x_field] or "")
        for kept in (self.oracle.bindings, self._pending):
            for binding in [*([kept[sub]] if sub in kept else ()), *(kept.on(x) if x else ())]:
                self.drop_knowledge(binding)
        self.oracle.dissolved.pop(sub, None)
        self.whole_x.discard(x)
        if not x:
            self.whole_x.clear()

    def forget(self) -> None:
        """Forget everything: entries are missing."""
        for binding in [*self.oracle.bindings.values(), *self._pending.values()]:
            self.drop_knowledge(binding)
        self.whole_x.clear()

    def drop_knowledge(self, binding: Any) -> None:
        """Forget a binding: nobody knows what it is from now on."""
        self.oracle.bindings.pop(binding.subscription_id)
        self._pending.pop(binding.subscription_id)
        self.versions.end(binding.subscription_id, self._at, "", 0)
        self.whole_x.discard(binding.x)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def pass_time(self, exchange: Exchange) -> None:
        """Let time pass up to a request.

        A binding that ends about now may be there or not; nothing is claimed of it until it surely is gone.
        """
        at, slack = exchange.when or 0.0, slack_of(exchange)
        self._at, now = at, int(at)
        if not self._began:
            self.oracle.now, self._began = now, True
        while self._ends and self._ends[0][0] <= at + slack:
            _, sub = heappop(self._ends)
            binding = self.oracle.bindings.get(sub)
            ends = None if binding is None else self._end_of(binding)
            if ends is not None and ends <= at + slack:
                self._end_by_itself(binding, ends, slack, exchange.line)
        while self._gone_from and self._gone_from[0][0] < at:
            surely, sub = heappop(self._gone_from)
            if sub in self._pending:
                self._end_suspect(self._pending[sub], surely, exchange.line)
        self.oracle.now = max(self.oracle.now, now)
        self._note_time(at, slack)

    def _end_by_itself(self, binding: Any, ends: float, slack: int, line: int) -> None:
        if not self._surely_ends(binding):
            self.drop_knowledge(binding)
            return
        del self.oracle.bindings[binding.subscription_id]
        self.whole_x.discard(binding.x)
        self.versions.end(binding.subscription_id, ends, binding.lifetime, line)
        self._suspect(binding, ends + slack)

    def _suspect(self, binding: Any, gone_from: float) -> None:
        """Keep a binding as one that may have ended."""
        self._pending[binding.subscription_id] = binding
        if gone_from < NEVER:
            heappush(self._gone_from, (gone_from, binding.subscription_id))

    def _end_suspect(self, binding: Any, at: float, line: int) -> None:
        sub = binding.subscription_id
        del self._pending[sub]
        self.oracle.dissolved[sub] = binding.lifetime
        self.versions.end(sub, at, binding.lifetime, line)

    def _end_of(self, binding: Any) -> float | None:
        """When a binding, or a part of it, ends by itself."""
        end: float | None = binding.expires_at
        return end

    def _surely_ends(self, binding: Any) -> bool:  # noqa: ARG002 - a mode looks at it
        """Whether a binding as a whole is gone at its end, whatever was chosen."""
        return True

    def _note_time(self, at: float, slack: int) -> None:
        """What else time does; a mode adds it."""
