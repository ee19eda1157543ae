"""The state machine of a world.

Whatever its modes are, these are the rules of time, calls, blocked X and neighbours.

A mode adds its operations as rules of a class of its own (`AxbRules`), and a machine is made of those of one mode or
of several: `class MixedMachine(AxbRules, AxeRules)` has both in one world, with the same users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from privnum.suites.checks.assertions import PATIENCE, UNKNOWN, longest_wait, take_users
from privnum.suites.checks.state_machine.strategies import pairs_of_users, some, waits

if TYPE_CHECKING:
    from privnum.suites.checks.state_machine.pair import ModelBasedPair, Verb
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App
    from privnum.suites.target.number_pool import Kind

    Pair = ModelBasedPair[Any]

__all__ = ["FIXED_LINE", "MOBILE", "WorldMachine"]

MOBILE: tuple[Kind, str] = ("mobile", "0755")
FIXED_LINE: tuple[Kind, str] = ("fixed_line", "0755")
MAX_CALLS = 3
"""Calls of an application that run at a time."""
AROUND = st.sampled_from((-1, 0, 0, 1))
"""Seconds beside one in which something happens."""


class WorldMachine(RuleBasedStateMachine):
    """Any history of one world with small pools, so that things collide.

    Six users, some of them on fixed lines.

    `pairs` are the applications that are compared after each step, one per mode. `neighbours` are couples of an
    application and another whose X and bindings it must not reach; another one of a single mode is only there for that.
    Where time cannot be held, none passes: bindings last longer than an example takes, and nobody calls.
    """

    users_wanted: ClassVar[tuple[tuple[Kind, str], ...]] = (
        MOBILE,
        MOBILE,
        MOBILE,
        ("mobile", "020"),
        FIXED_LINE,
        FIXED_LINE,
    )
    strangers_wanted: ClassVar[tuple[tuple[Kind, str], ...]] = ()
    """People who are never bound."""

    def __init__(self, context: CheckContext, *, loose: bool = True) -> None:
        super().__init__()
        self.context = context
        self.steps = 0
        context.ledger.examples += 1
        people = take_users(context, *self.users_wanted, *self.strangers_wanted)
        self.users, self.strangers = people[: len(self.users_wanted)], people[len(self.users_wanted) :]
        self.pairs: list[Pair] = []
        self.others: list[Pair] = []
        """Second applications of a mode."""
        self.make_pairs(loose=loose)
        self.everyone = (*self.pairs, *self.others)
        self.offers = self.pairs[0].offers
        self.neighbours = [(ours, theirs) for ours in self.pairs for theirs in self._other_pairs(ours) if theirs.xs]
        for pair in self.everyone:
            pair.oracle.neighbours += [other.oracle for other in self._other_pairs(pair)]

    def make_pairs(self, *, loose: bool) -> None:
        """Fill `pairs` and `others`. Each mode of the machine adds its own."""

    def strangers_to(self, app: App) -> list[App]:
        """The applications whose X numbers are out of bounds for one.

        Of this world, in whatever mode.
        """
        return [other for other in self.context.environment.apps if other is not app]

    def second_apps(self, mode: str) -> list[App]:
        """Another application of a mode, if there is one."""
        api = self.context.of(mode)
        return [other for other in reversed(api.apps) if other is not api.app][:1]

    def _other_pairs(self, pair: Pair) -> list[Pair]:
        """The other applications of the world."""
        return [other for other in self.everyone if other is not pair]

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def goes_on(self) -> bool:
        """Whether the oracles still know what must be."""
        for pair in self.everyone:  # noqa: SIM110 - asked before each rule, and faster than all()
            if pair.diverged:
                return False
        return True

    @property
    def has_bindings(self) -> bool:
        """Whether there is a live binding to do something with."""
        return self.goes_on and any(pair.oracle.bindings for pair in self.pairs)

    @property
    def has_running_calls(self) -> bool:
        """Whether a call runs that can be ended."""
        return self.goes_on and any(pair.running() for pair in self.pairs)

    def can_call(self, pair: Pair) -> bool:
        """Whether the driver places calls, and not too many run."""
        return self.goes_on and "calls" in self.offers and len(pair.running()) < MAX_CALLS

    def pick(self, which: int) -> tuple[Pair, int]:
        """An application, and what is left of `which` to choose something of it."""
        return self.pairs[which % len(self.pairs)], which // len(self.pairs)

    def pick_call(self, which: int) -> tuple[Pair, int]:
        """A running call: its application, and its place there."""
        running = [(pair, place) for pair in self.pairs for place in pair.running()]
        return running[which % len(running)]

    # ── ids and X that are none of the application's ─────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(which=some, verb=st.sampled_from(("unbind", "modify", "query")), x=st.none() | some)
    def ask_for_what_is_gone(self, which: int, verb: Verb, x: int | None) -> None:
        """An id that must not be found.

        Dissolved, another application's, or never given out.
        """
        pair, place = self.pick(which)
        foreign = [sub for other in self._other_pairs(pair) for sub in other.oracle.bindings]
        subs = [UNKNOWN, *foreign, *pair.oracle.dissolved]
        pair.ask(verb, subs[place % len(subs)], None if x is None else pair.xs[x % len(pair.xs)])

    @precondition(lambda self: self.goes_on and self.neighbours)
    @rule(
        which=some,
        users=pairs_of_users(),
        what=st.sampled_from(("bind", "bind", "unbind", "our bind", "our unbind", "our query")),
    )
    def other_application(self, which: int, users: tuple[int, int], what: str) -> None:
        """Another application binds the same users on its own X.

        That X is out of bounds for ours.
        """
        ours, theirs = self.neighbours[which % len(self.neighbours)]
        x = theirs.xs[0]
        side = ours if what.startswith("our") else theirs
        if what.endswith("unbind"):
            side.ask_by_x("unbind", x)
        elif what.endswith("bind"):
            side.bind_plainly([self.users[place] for place in users], x)
        else:
            side.ask_by_x("query", x)
        if self.goes_on:
            theirs.check_x(x)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def advance(self, seconds: int) -> None:
        """Let time pass on all sides.

        An instant of which nothing is known is passed over.
        """
        if "clock" not in self.offers:
            return
        while not all(pair.oracle.decided_at(pair.oracle.now + seconds) for pair in self.everyone):
            seconds += 1
        self.context.advance(seconds)
        for pair in self.everyone:
            pair.advance_oracle(seconds)

    def advance_to(self, second: int) -> None:
        """Let time pass up to a second of world time, if it is still to come."""
        now = self.pairs[0].oracle.now
        if second > now:
            self.advance(second - now)

    @rule(seconds=waits())
    def wait(self, seconds: int) -> None:
        """A little while, now and then days.

        This is left to do where the oracles know nothing any more.
        """
        if self.goes_on:
            self.advance(seconds)

    @precondition(lambda self: self.has_bindings and "clock" in self.offers)
    @rule(around=AROUND)
    def wait_for_expiry(self, around: int) -> None:
        """To the second before, at, or after the next end of a binding.

        Or of what belongs to a binding.
        """
        ends = [(end, pair) for pair in self.pairs if (end := pair.oracle.next_expiry()) is not None]
        if ends:
            end, pair = min(ends, key=lambda each: each[0])
            ending = [b for b in pair.oracle.bindings.values() if b.expires_at == end]
            if ending:
                pair.touch(ending[0])
            self.advance_to(end + around)

    @precondition(lambda self: self.goes_on and any(pair.calls for pair in self.pairs))
    @rule(around=AROUND)
    def wait_for_calls(self, around: int) -> None:
        """To the second before, at, or after the next thing in a call."""
        changes = [at for pair in self.pairs if (at := pair.next_change()) is not None]
        if changes:
            self.advance_to(min(changes) + around)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_running_calls)
    @rule(which=some, by=st.sampled_from(("caller", "caller", "callee")))
    def hang_up(self, which: int, by: Literal["caller", "callee"]) -> None:
        """One side of a running call hangs up."""
        pair, place = self.pick_call(which)
        pair.hang_up(place, by)

    @precondition(lambda self: self.has_running_calls and "stop_call" in self.offers)
    @rule(which=some)
    def stop_call(self, which: int) -> None:
        """The customer stops a running call, and no other."""
        pair, place = self.pick_call(which)
        pair.stop(place)

    @precondition(lambda self: self.has_bindings and "number_status" in self.offers)
    @rule(which=some, users=pairs_of_users(), status=st.sampled_from(("9", "10", "11")), act=st.sampled_from("abmu"))
    def block(self, which: int, users: tuple[int, int], status: Literal["9", "10", "11"], act: str) -> None:
        """While an X is blocked it takes no binding.

        A calls or is called, a binding is modified or unbound.
        """
        bound = [pair for pair in self.pairs if pair.oracle.bindings and not pair.routing()]
        if not bound:
            return
        pair, place = bound[which % len(bound)], which // len(bound)
        binding = pair.live(place)
        pair.set_status(binding.x, status)
        pair.bind_plainly([self.users[place] for place in users], binding.x)
        if act in "ab" and self.can_call(pair):
            pair.call_binding(binding, from_a=act == "a")
            if pair.routing_seconds:
                self.advance(pair.routing_seconds)
        elif act in "mu" and self.goes_on:
            pair.ask("modify" if act == "m" else "unbind", binding.subscription_id)
        pair.set_status(binding.x, "5")

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def is_as_it_should_be(self) -> None:
        """Claim that what was touched last is right in each mode.

        And something in turn, and each call.
        """
        if self.steps:  # Hypothesis asks before the first step, too
            self.context.ledger.steps += 1
        self.steps += 1
        for pair in self.pairs:
            if self.goes_on:
                pair.look()
            if self.goes_on:
                pair.check_step(self.steps)

    def teardown(self) -> None:
        """In the end: every binding, every X, every call with its pushes."""
        for pair in self.everyone:
            if self.goes_on:
                pair.check_all()
        for pair in self.pairs:
            for place in pair.endless() if self.goes_on else ():
                if self.goes_on:
                    pair.hang_up(place, "caller")
        if any(pair.calls for pair in self.pairs) and self.goes_on:
            self.advance(300 + PATIENCE + longest_wait(self.context))
        for pair in self.pairs:
            if self.goes_on:
                pair.look()
            if self.goes_on:
                self.context.claim(pair.oracle.rule("STATE-001"), not pair.calls, "a call has not ended")
