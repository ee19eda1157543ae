"""The state at one moment.

Live bindings, what is gone and why, running calls, the clock.

The base of each mode's state. A mode adds what only it has; time, calls and the ends of bindings are the same in all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from privnum.suites.oracle.calls import ExpectedCall
from privnum.suites.oracle.types import Assumptions, Binding, Expected, Surroundings, Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["OracleState"]

B = TypeVar("B", bound=Binding)
C = TypeVar("C", bound=ExpectedCall)
S = TypeVar("S", bound=Surroundings)


class OracleState(ABC, Generic[B, C, S]):
    """The state of one application, and how time changes it.

    `now` is world time in whole seconds since the epoch.
    """

    mode: ClassVar[str]

    def __init__(self, surroundings: S, assumptions: Assumptions, now: int) -> None:
        self.around = surroundings
        self.assumptions = assumptions
        self.now = now
        self.bindings: dict[str, B] = {}
        self.neighbours: list[OracleState[Any, Any, Any]] = []
        """The states of other applications in the same world, of this mode or of another."""
        self.dissolved: dict[str, str] = {}
        """subscriptionId of what is gone -> the requirement by which it went."""
        self.freed: dict[tuple[str, str], str] = {}
        """(X, a key of a binding) that may be bound again -> the requirement that says so."""
        self.status: dict[str, str] = {}
        self.calls: list[C] = []

    def rule(self, family: str) -> str:
        """The requirement of this mode in a family.

        "BIND-005" is AXB-BIND-005 for AXB.
        """
        return f"{self.mode}-{family}"

    def can_stop(self, call: C) -> bool:
        """Whether stop call releases a call that runs.

        Raises Undecided where it has no callee yet and the choice for that is open.
        """
        if call.state(self.now) != "collecting":
            return True
        return self.assumptions.choose("stop_call.without_callee", "release", "refuse") == "release"

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def on(self, x: str) -> list[B]:
        """The live bindings on `x`."""
        return [b for b in self.bindings.values() if b.x == x]

    def is_foreign(self, subscription_id: str) -> bool:
        """Whether another application has this binding."""
        return any(subscription_id in other.bindings for other in self.neighbours)

    def binds_elsewhere(self, *users: str) -> bool:
        """Whether one of these users is bound on any X.

        By whatever application and in whatever mode.
        """
        wanted = {*users}
        return any(wanted & b.keys for state in (self, *self.neighbours) for b in state.bindings.values())

    def is_blocked(self, x: str) -> bool:
        """Whether `x` takes no bindings now."""
        return self.status.get(x, "5") != "5"

    def running(self) -> list[C]:
        """Calls that are followed and have not surely ended."""
        return [call for call in self.calls if not call.lost and call.state(self.now) != "ended"]

    def give_up(self, binding: B, which: Callable[[C], bool] = lambda _: True) -> None:
        """Follow no more such running calls of `binding`."""
        for call in self.running():
            if call.subscription_id == binding.subscription_id and which(call):
                call.give_up()

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def ends(self) -> Iterator[int]:
        """The seconds in which something ends by itself.

        A mode adds what its bindings have.
        """
        return (b.expires_at for b in self.bindings.values() if b.expires_at is not None)

    def next_expiry(self) -> int | None:
        """The second in which the next binding ends, or something of one."""
        return min((end for end in self.ends() if end >= self.now), default=None)

    def decided_at(self, second: int) -> bool:
        """Whether the state at `second` is decided.

        It is not at the very end of a binding, if that is open.
        """
        try:
            self.assumptions.choose("binding.expiry_instant", "gone", "alive")
        except Undecided:
            return second not in self.ends()
        return True

    def advance(self, seconds: int) -> None:
        """Let time pass: bindings end and calls go on, in the order of time.

        Raises Undecided where nobody knows what is there at the end of it.
        """
        end = self.now + seconds
        if not self.decided_at(end):
            raise Undecided("binding.expiry_instant")
        while (at := self._next_act(end)) is not None:
            self.now = at
            self.expire()
            for call in list(self.calls):
                call.act(self)
        self.now = end
        self.expire()

    def _next_act(self, end: int) -> int | None:
        """The next second up to `end` in which a call or a binding changes.

        A call does something, or a binding ends.
        """
        acts = [call.acts_at for call in self.calls if call.acts_at is not None]
        acts += [at for at in self.ends() if at > self.now]
        return min((at for at in acts if at <= end), default=None)

    def expire(self) -> None:
        """Drop what has ended by now."""
        for binding in list(self.bindings.values()):
            if not self.lives_until(binding.expires_at):
                self.drop(binding, binding.lifetime, self.rule("LIFE-006"))

    def lives_until(self, end: int | None) -> bool:
        """Whether what ends at `end` is still there."""
        if end is None or self.now < end:
            return True
        if self.now > end:
            return False
        try:
            return self.assumptions.choose("binding.expiry_instant", "gone", "alive") == "alive"
        except Undecided:
            return True  # time goes on at once; a call that turns on it is given up

    def drop(self, binding: B, by: str, frees: str) -> None:
        """Forget `binding`, which went by the rule `by`.

        Its keys are free on its X by the rule `frees`.
        """
        del self.bindings[binding.subscription_id]
        self.dissolved[binding.subscription_id] = by
        for key in binding.keys:
            self.freed[binding.x, key] = frees
        if self.may_be_cut(by):
            self.give_up(binding, lambda call: call.state(self.now) != "answered")

    def may_be_cut(self, by: str) -> bool:  # noqa: ARG002 - a mode looks at it
        """Whether an unanswered call may end with its binding.

        That goes by the rule `by`.

        That it goes on is said of a call; whether it is one before the answer is not.
        """
        return True

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def expect_unbind(self, query: Any) -> Expected:
        """What an unbind must bring. Raises Undecided where that is open."""

    @abstractmethod
    def expect_query(self, query: Any) -> Expected:
        """What a query must show. Raises Undecided where that is open."""

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def expect_call(self, caller: str, x: str, plan: Any) -> C:
        """How a call that is placed now must go.

        Raises Undecided where the contract leaves it open.
        """

    def record_call(self, call: C) -> None:
        """A call was placed as expected."""
        self.calls.append(call)
