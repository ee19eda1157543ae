"""The bindings of one application, as far as a log shows them.

A log begins at some time, of what was bound before nothing is known, and a message may be missing. So the oracle
of the mode holds what was bound in the log; of anything else no word is said. What it expects is asked under
every choice of the open points, and a rule is broken only where it is by all of them.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum import contracts
from privnum.suites.base.claims import fails_a_target
from privnum.suites.log.choices import assume, in_every_choice
from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings
    from privnum.suites.oracle.state import OracleState
    from privnum.suites.oracle.types import Binding, Claim, Expected, Fault

__all__ = ["EXACT", "LOOSE", "Replay", "Version", "slack_of"]

EXACT: Final = 2
"""Seconds by which times may differ that are both of a world's clock."""
LOOSE: Final = 120
"""The same of the clock of who recorded, and that of the platform."""
NEVER: Final = float("inf")


def slack_of(exchange: Exchange) -> int:
    """By how many seconds a time of the exchange may be off."""
    return LOOSE if exchange.world is None else EXACT


@dataclass(slots=True)
class Version:
    """A binding as it was from one second to another.

    `since` and `until` are by the clock of the log; `gone_by` is the rule by which it went then. Where that is
    empty nobody knows what it was from then on.
    """

    binding: Any
    since: float
    line: int
    until: float = NEVER
    gone_by: str = ""
    gone_line: int = 0


@dataclass(slots=True)
class _Asked:
    """A request, what was expected of it in every choice, and what came."""

    exchange: Exchange
    name: str
    worlds: list[Any] | None
    lines: list[int] = field(default_factory=list)

    @property
    def refused_by_all(self) -> Fault | None:
        """The surest reason to refuse it, where every choice has one."""
        if not self.worlds or not all(world.faults for world in self.worlds):
            return None
        common = set.intersection(*({fault.requirement for fault in world.faults} for world in self.worlds))
        faults = [fault for fault in self.worlds[0].faults if fault.requirement in common]
        faults.sort(key=lambda fault: not fails_a_target(fault.requirement))
        return faults[0] if faults else None

    @property
    def allowed_by_all(self) -> Expected | None:
        """What is expected, where no choice refuses it."""
        if not self.worlds or any(world.faults for world in self.worlds):
            return None
        found: Expected = self.worlds[0]
        return found


class Replay(ABC):
    """One application of a mode, from the requests of a log."""

    mode: ClassVar[str]
    x_field: ClassVar[str]
    gone_codes: ClassVar[frozenset[str]]
    """Codes of a refusal that says: there is no such binding."""
    bound_codes: ClassVar[frozenset[str]]
    """Codes of a refusal that says: somebody is bound already."""

    def __init__(self, oracle: OracleState[Any, Any, Any], known: Mapping[str, contracts.Value]) -> None:
        self.oracle: Any = oracle
        self.known = dict(known)
        self.oracle.assumptions = assume(known)
        self.whole_x: set[str] = set()
        """X numbers of which every binding is known."""
        self.versions: dict[str, list[Version]] = {}
        self._pending: dict[str, tuple[Binding, float]] = {}
        """Bindings that may have ended by now, and the second from which they surely have."""
        self._began = False
        self._at = 0.0
        """The time of the request in hand."""

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, exchange: Exchange, findings: Findings) -> None:
        """Claim what a request shows, and enter what it did."""
        row = exchange.operation
        if row is None or exchange.when is None:
            return
        if exchange.gap:
            self.forget()
        self._pass_time(exchange)
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

    def lose(self, exchange: Exchange) -> None:
        """Forget what a request of unknown effect was about."""
        if exchange.operation is None or exchange.operation.id.endswith(".query"):
            return
        given = exchange.given
        sub = str(given.get("subscriptionId") or exchange.answer["subscriptionId"] or "")
        x = str(given.get(self.x_field) or exchange.answer[self.x_field] or "")
        for binding in list(self.oracle.bindings.values()):
            if binding.subscription_id == sub or (x and binding.x == x):
                self._drop_knowledge(binding)
        self._pending.pop(sub, None)
        self.oracle.dissolved.pop(sub, None)
        self.whole_x.discard(x)
        if not x:
            self.whole_x.clear()

    def forget(self) -> None:
        """Forget everything: entries are missing."""
        for binding in list(self.oracle.bindings.values()):
            self._drop_knowledge(binding)
        self._pending.clear()
        self.whole_x.clear()

    def _drop_knowledge(self, binding: Any) -> None:
        self.oracle.bindings.pop(binding.subscription_id, None)
        self._end_version(binding.subscription_id, self._at, "", 0)
        self.whole_x.discard(binding.x)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pass_time(self, exchange: Exchange) -> None:
        """Let time pass up to a request.

        A binding that ends about now may be there or not; nothing is claimed of it until it surely is gone.
        """
        at, slack = exchange.when or 0.0, slack_of(exchange)
        self._at, now = at, int(at)
        if not self._began:
            self.oracle.now, self._began = now, True
        for binding in list(self.oracle.bindings.values()):
            ends = self._end_of(binding)
            if ends is None or ends > at + slack:
                continue
            if not self._surely_ends(binding):
                self._drop_knowledge(binding)
            else:
                self._pending[binding.subscription_id] = (binding, ends + slack)
                del self.oracle.bindings[binding.subscription_id]
                self.whole_x.discard(binding.x)
                self._end_version(binding.subscription_id, ends, binding.lifetime, exchange.line)
        for sub, (binding, surely) in list(self._pending.items()):
            if at > surely:
                del self._pending[sub]
                self.oracle.dissolved[sub] = binding.lifetime
        self.oracle.now = max(self.oracle.now, now)
        self._note_time(at, slack)

    def _end_of(self, binding: Any) -> float | None:
        """When a binding, or a part of it, ends by itself."""
        end: float | None = binding.expires_at
        return end

    def _surely_ends(self, binding: Any) -> bool:  # noqa: ARG002 - a mode looks at it
        """Whether a binding as a whole is gone at its end, whatever was chosen."""
        return True

    def _note_time(self, at: float, slack: int) -> None:  # noqa: B027 - most modes have nothing more
        """What else time does; a mode adds it."""

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, exchange: Exchange, what: Any) -> _Asked:
        """What the oracle expects of a request in every choice."""
        name = exchange.operation.id if exchange.operation else ""
        return _Asked(exchange, name, in_every_choice(self.oracle, self.known, what))

    def claim(self, asked: _Asked, findings: Findings) -> bool:
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

    def _claim_code(self, asked: _Asked, fault: Fault, findings: Findings) -> None:
        """The code of a refusal, where no other fault can have it."""
        exchange, row = asked.exchange, asked.exchange.operation
        keys = {key for world in asked.worlds or () for each in world.faults for key in each.keys}
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

    def knows(self, sub: object) -> bool:
        """Whether the log says what became of an id."""
        return str(sub) in self.oracle.bindings or str(sub) in self.oracle.dissolved

    def settle_unknown(self, exchange: Exchange, sub: str | None, x: str) -> None:
        """Enter that something unknown was dissolved, or is not there.

        Where that is all of an X, every binding on it is known: there is none.
        """
        for other, (binding, _) in list(self._pending.items()):
            if other == sub or (not sub and x and binding.x == x):
                del self._pending[other]
                self.oracle.dissolved[other] = binding.lifetime
        if x and not sub:
            self.whole_x.add(x)
        if sub and exchange.answer.ok and sub not in self.oracle.bindings:
            self.oracle.dissolved[sub] = self.oracle.rule("UNBIND-007")

    # ── what was done ────────────────────────────────────────────────────────────────────────────────────────────────

    def note_version(self, binding: Any, exchange: Exchange) -> None:
        """Keep a binding as it is from now on."""
        at, sub = exchange.when or 0.0, binding.subscription_id
        kept = copy.copy(binding)
        kept.fields = dict(binding.fields)
        rows = self.versions.setdefault(sub, [])
        if rows and rows[-1].until == NEVER:
            rows[-1].until = at
        rows.append(Version(kept, at, exchange.line))

    def _end_version(self, sub: str, at: float, by: str, line: int) -> None:
        rows = self.versions.get(sub)
        if rows and rows[-1].until == NEVER:
            rows[-1].until, rows[-1].gone_by, rows[-1].gone_line = at, by, line

    def note_end(self, binding: Any, by: str, exchange: Exchange) -> None:
        """Note that a binding was dissolved by a request."""
        self._end_version(binding.subscription_id, exchange.when or 0.0, by, exchange.line)

    def own(self, *numbers: object) -> None:
        """Take numbers for the application's own."""
        for number in numbers:
            if isinstance(number, str) and number:
                self.oracle.around.own.setdefault(number, None)

    def versions_about(self, sub: str, begin: float, end: float) -> list[Version]:
        """The versions of a binding that were in force at some time of these.

        None where what it was is not known all that time.
        """
        rows = self.versions.get(sub, ())
        if rows and rows[-1].until < end and not rows[-1].gone_by:
            return []
        return [row for row in rows if row.since <= end and row.until >= begin]

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

    @abstractmethod
    def take_bind(self, exchange: Exchange, findings: Findings) -> None:
        """A bind."""

    @abstractmethod
    def take_unbind(self, exchange: Exchange, findings: Findings) -> None:
        """An unbind."""

    @abstractmethod
    def take_query(self, exchange: Exchange, findings: Findings) -> None:
        """A query."""
