"""Any history: binds, modifies, unbinds, queries, calls and time, in whatever order Hypothesis thinks of."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from privnum.suites.checks.assertions import PATIENCE, UNKNOWN, longest_wait, take_users
from privnum.suites.checks.axb.model_based import ModelBasedPair
from privnum.suites.checks.axb.strategies import (
    bind_settings,
    changes,
    places,
    plans,
    waits,
)
from privnum.suites.oracle import CallPlan
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.number_pool import Kind


__all__ = ["AxbMachine"]

XS, USERS, SOME = 3, 6, 12
"""X numbers and users of an example, and a number to choose one of what is there."""
AREAS = ("", "", "0755", "020", "010", "0512", "0757")
MAX_CALLS = 3
"""Calls that run at a time."""
MOBILES = 4
"""The first so many users are mobiles; fixed lines only receive calls, so most pairs are of mobiles."""
PAIRS = (*permutations(range(MOBILES), 2), *permutations(range(MOBILES), 2), *permutations(range(USERS), 2), (0, 0))
a_user, an_x, some, a_pair = places(USERS), places(XS), places(SOME), st.sampled_from(PAIRS)


class AxbMachine(RuleBasedStateMachine):
    """Small pools, so that things collide: three X numbers and a foreign one, six users, two of them on fixed lines.

    Where time cannot be held, none passes: bindings last longer than an example takes, and nobody calls.
    """

    def __init__(self, context: CheckContext, *, loose: bool = True) -> None:
        super().__init__()
        self.context = context
        self.offers = context.capabilities if context.still else context.capabilities - {"clock", "calls"}
        self.steps = 0
        second = next((app for app in context.axb.apps if app is not context.axb.app), None)
        self.first = ModelBasedPair(context, context.axb.app, [second] if second else [], loose=loose)
        self.second = ModelBasedPair(context, second, [context.axb.app]) if second else None
        self.xs = [x.number for x in context.axb.app.numbers][:XS]
        self.foreign = second.numbers[0].number if second else None
        home: tuple[Kind, str] = ("mobile", "0755")
        line: tuple[Kind, str] = ("fixed_line", "0755")
        self.users = take_users(context, home, home, home, ("mobile", "020"), line, line)
        self.touched = self.xs[0]

    @property
    def goes_on(self) -> bool:
        """Whether the oracle still knows what must be."""
        return not self.first.lost and not (self.second and self.second.lost)

    def x_at(self, place: int) -> str:
        """An own X; the invariant looks at it next."""
        self.touched = self.xs[place % len(self.xs)]
        return self.touched

    @property
    def has_bindings(self) -> bool:
        """Whether there is a live binding to do something with."""
        return self.goes_on and bool(self.first.oracle.bindings)

    @property
    def can_call(self) -> bool:
        """Whether the driver places calls, and not too many run."""
        return self.goes_on and "calls" in self.offers and len(self.first.running()) < MAX_CALLS

    def live(self, place: int) -> str:
        """The subscriptionId of a live binding; the invariant looks at its X next."""
        subs = list(self.first.oracle.bindings)
        sub = subs[place % len(subs)]
        self.touched = self.first.oracle.bindings[sub].x
        return sub

    def gone(self, place: int) -> str:
        """A subscriptionId that must not be found: dissolved, another application's, or never given out."""
        foreign = list(self.second.oracle.bindings) if self.second else []
        subs = [UNKNOWN, *foreign, *self.first.oracle.dissolved]
        return subs[place % len(subs)]

    def bind_on(self, pair: tuple[int, int], x: str | None, **fields: Any) -> None:
        """Bind two users; the invariant looks at the X that came of it."""
        if not self.goes_on:
            return
        a, b = pair
        fields = self.fitting(fields)
        self.touched = self.first.bind(self.users[a], self.users[b], x, **fields) or self.touched

    def fitting(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields with known tones, and with a duration that does not end by itself where time cannot be held."""
        fields = with_known_tones(fields, self.context.axb.app.tones)
        short = "clock" not in self.offers and fields.get("duration")
        return fields | {"duration": fields["duration"] + 3600} if short else fields

    @initialize(pairs=st.tuples(a_pair, a_pair, a_pair), settings=bind_settings(), x=an_x)
    def begin(self, pairs: tuple[tuple[int, int], ...], settings: dict[str, Any], x: int) -> None:
        """There is something to begin with: up to three pairs, one with settings."""
        for pair, number, fields in zip(pairs, (x, x, x + 1), (settings, {}, {}), strict=True):
            self.bind_on(pair, self.x_at(number), **fields)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, pair=a_pair, settings=bind_settings())
    def bind(self, x: int, pair: tuple[int, int], settings: dict[str, Any]) -> None:
        """A and B on an X."""
        self.bind_on(pair, self.x_at(x), **settings)

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, pair=a_pair)
    def bind_plainly(self, x: int, pair: tuple[int, int]) -> None:
        """A and B on an X, without settings."""
        self.bind_on(pair, self.x_at(x))

    @precondition(lambda self: self.goes_on and "any_x" in self.offers)
    @rule(pair=a_pair, area=st.sampled_from(AREAS), mode=st.sampled_from((None, "0", "1")))
    def bind_by_area(self, pair: tuple[int, int], area: str, mode: str | None) -> None:
        """The platform picks X by areaCode, or by the area of A."""
        fields = ({} if area == "" else {"areaCode": area}) | ({} if mode is None else {"areaMatchMode": mode})
        self.bind_on(pair, None, **fields)

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, fields=changes())
    def modify(self, which: int, fields: dict[str, Any]) -> None:
        """New settings."""
        self.first.modify(self.live(which), **self.fitting(fields))

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, pair=a_pair, sides=st.sampled_from(("a", "b", "ab")), fields=changes())
    def modify_numbers(self, which: int, pair: tuple[int, int], sides: str, fields: dict[str, Any]) -> None:
        """A new A, a new B, or both."""
        numbers = {"callerNum": self.users[pair[0]]} if "a" in sides else {}
        numbers |= {"calleeNum": self.users[pair[1]]} if "b" in sides else {}
        self.first.modify(self.live(which), **numbers, **self.fitting(fields))

    @precondition(lambda self: self.has_bindings)
    @rule(which=some)
    def swap(self, which: int) -> None:
        """A becomes B and B becomes A."""
        binding = self.first.oracle.bindings[self.live(which)]
        self.first.modify(binding.subscription_id, callerNum=binding.b, calleeNum=binding.a)

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, x=st.none() | an_x)
    def unbind(self, which: int, x: int | None) -> None:
        """By subscriptionId, now and then with an X that must not count."""
        beside = {} if x is None else {"relationNum": self.xs[x % len(self.xs)]}
        self.first.unbind(subscriptionId=self.live(which), **beside)

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, x=st.none() | an_x)
    def unbind_x(self, which: int, x: int | None) -> None:
        """All of an X: mostly of one that has bindings."""
        number = self.first.oracle.bindings[self.live(which)].x if x is None else self.x_at(x)
        self.first.unbind(relationNum=number)

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, by=st.sampled_from(("id", "x", "a", "b", "ab")), other=st.none() | a_pair, page=st.booleans())
    def query(self, which: int, by: str, other: tuple[int, int] | None, page: bool) -> None:
        """By subscriptionId, by X, by X and users: those of a binding, or others."""
        binding = self.first.oracle.bindings[self.live(which)]
        a, b = (binding.a, binding.b) if other is None else (self.users[place] for place in other)
        query = {"subscriptionId": binding.subscription_id} if by == "id" else {"relationNum": binding.x}
        query |= {"callerNum": a} if "a" in by or (by == "id" and other) else {}
        query |= {"calleeNum": b} if "b" in by else {}
        query |= {"pageIndex": "2"} if page else {}
        self.first.query(**query)

    @precondition(lambda self: self.goes_on)
    @rule(which=some, how=st.sampled_from(("unbind", "modify", "query")), x=st.none() | an_x)
    def ask_for_what_is_gone(self, which: int, how: str, x: int | None) -> None:
        """An id that must not be found, by itself or with an X."""
        sub = self.gone(which)
        beside = {} if x is None else {"relationNum": self.x_at(x)}
        if how == "modify":
            self.first.modify(sub, callDirection=1)
        elif how == "unbind":
            self.first.unbind(subscriptionId=sub, **beside)
        else:
            self.first.query(subscriptionId=sub, **beside)

    # ── the other application ────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on and self.second)
    @rule(pair=a_pair, what=st.sampled_from(("bind", "bind", "unbind", "our bind", "our unbind", "our query")))
    def other_application(self, pair: tuple[int, int], what: str) -> None:
        """Another application binds the same users on its own X, which is out of bounds for ours."""
        if self.second is None or self.foreign is None:
            return
        a, b = (self.users[place] for place in pair)
        side = self.first if what.startswith("our") else self.second
        if what.endswith("unbind"):
            side.unbind(relationNum=self.foreign)
        elif what.endswith("bind"):
            side.bind(a, b, self.foreign)
        else:
            side.query(relationNum=self.foreign)
        self.first.oracle.foreign_bindings = dict.fromkeys(self.second.oracle.bindings, self.foreign)
        if self.goes_on:
            self.second.check(self.foreign)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def advance(self, seconds: int) -> None:
        """Let time pass on both sides; an instant of which nothing is known is passed over."""
        sides = [side for side in (self.first, self.second) if side]
        while not all(side.oracle.decided_at(side.oracle.now + seconds) for side in sides):
            seconds += 1
        self.context.advance(seconds)
        for side in sides:
            side.passed(seconds)

    @rule(seconds=waits())
    def wait(self, seconds: int) -> None:
        """A little while, now and then days; this is left to do where the oracle knows nothing any more."""
        if self.goes_on and "clock" in self.offers:
            self.advance(seconds)

    @precondition(lambda self: self.goes_on and "clock" in self.offers and self.first.oracle.next_expiry() is not None)
    @rule(around=st.sampled_from((-1, 0, 1)))
    def wait_for_expiry(self, around: int) -> None:
        """To the second before, at, or after the next end of a binding."""
        ends = [b for b in self.first.oracle.bindings.values() if b.expires_at is not None]
        binding = min(ends, key=lambda b: b.expires_at or 0)
        seconds = (binding.expires_at or 0) + around - self.first.oracle.now
        if seconds > 0:
            self.touched = binding.x
            self.advance(seconds)

    @precondition(lambda self: self.goes_on and self.first.next_change() is not None)
    @rule(around=st.sampled_from((-1, 0, 0, 1)))
    def wait_for_calls(self, around: int) -> None:
        """To the second before, at, or after the next thing that happens in a call."""
        seconds = (self.first.next_change() or 0) + around - self.first.oracle.now
        if seconds > 0:
            self.advance(seconds)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call)
    @rule(x=an_x, caller=a_user)
    def call_anybody(self, x: int, caller: int) -> None:
        """Anybody calls an X."""
        self.first.call(self.users[caller], self.xs[x % len(self.xs)], CallPlan())

    @precondition(lambda self: self.can_call and self.has_bindings)
    @rule(which=some, plan=plans())
    def call_from_a(self, which: int, plan: CallPlan) -> None:
        """A of a binding calls its X."""
        binding = self.first.oracle.bindings[self.live(which)]
        self.first.call(binding.a, binding.x, plan)

    @precondition(lambda self: self.can_call and self.has_bindings)
    @rule(which=some, plan=plans())
    def call_from_b(self, which: int, plan: CallPlan) -> None:
        """B of a binding calls its X."""
        binding = self.first.oracle.bindings[self.live(which)]
        self.first.call(binding.b, binding.x, plan)

    @precondition(lambda self: self.goes_on and self.first.running())
    @rule(which=some, by=st.sampled_from(("caller", "callee")))
    def hang_up(self, which: int, by: Literal["caller", "callee"]) -> None:
        """One side of a running call hangs up."""
        running = self.first.running()
        self.first.hang_up(running[which % len(running)], by)

    @precondition(lambda self: self.has_bindings and "number_status" in self.offers)
    @rule(which=some, pair=a_pair, status=st.sampled_from(("9", "10", "11")), act=st.sampled_from("abmu"))
    def block(self, which: int, pair: tuple[int, int], status: Literal["9", "10", "11"], act: str) -> None:
        """While an X is blocked it takes no binding; A or B call, the binding is modified or unbound."""
        binding = self.first.oracle.bindings[self.live(which)]
        self.context.set_number(binding.x, status)
        self.first.oracle.status[binding.x] = status
        self.bind_on(pair, binding.x)
        if act in "ab" and self.can_call:
            self.first.call(binding.a if act == "a" else binding.b, binding.x, CallPlan())
        elif act == "m" and self.goes_on:
            self.first.modify(binding.subscription_id, callDirection=1)
        elif act == "u" and self.goes_on:
            self.first.unbind(subscriptionId=binding.subscription_id)
        self.context.set_number(binding.x, "5")
        self.first.oracle.status[binding.x] = "5"

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def is_as_it_should_be(self) -> None:
        """The X that was touched last, or the next in turn, shows the live bindings; each call is as it should be."""
        self.steps += 1
        if self.goes_on:
            self.first.look()
        if self.goes_on:
            self.first.check(self.touched)
            self.touched = self.xs[self.steps % len(self.xs)]

    def teardown(self) -> None:
        """In the end: every X, every call with its pushes."""
        if not self.goes_on:
            return
        for x in self.context.axb.app.numbers:
            self.first.check(x.number)
        if self.second and self.foreign and self.goes_on:
            self.second.check(self.foreign)
        for place in self.first.endless():
            if self.goes_on:
                self.first.hang_up(place, "caller")
        if self.first.calls and self.goes_on:
            self.advance(300 + PATIENCE + longest_wait(self.context))
            self.first.look()
        if self.goes_on:
            self.context.claim("AXB-STATE-001", not self.first.calls, "a call has not ended")
