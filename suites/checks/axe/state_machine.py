"""Any AXE history: binds, modifies, unbinds, queries, calls, call-backs and time, in whatever order comes to mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from privnum.suites.checks.assertions import PATIENCE, longest_wait, take_users
from privnum.suites.checks.axe.model_based import ModelBasedPair
from privnum.suites.checks.axe.scenarios import UNKNOWN
from privnum.suites.checks.axe.strategies import (
    behaviours,
    bind_settings,
    changes,
    entries,
    places,
    times,
    waits,
)
from privnum.suites.oracle import AxePlan
from privnum.suites.target.tones import with_known_tones

if TYPE_CHECKING:
    from privnum.suites.checks.axe.strategies import Entry
    from privnum.suites.oracle import AxeBinding
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.number_pool import Kind

__all__ = ["AxeMachine"]

XS, USERS, CALLERS, SOME = 2, 6, 10, 12
"""X numbers, users and callers (the users first) of an example, and a number to choose one of what is there."""
EXTENSIONS = ("0001", "0002", "0101", "9999")
WRONG_EXTENSIONS = ("", "1", "000", "12345"[:3])
AREAS = ("0755", "0755", "020", "010", "0512", "0757")
MAX_CALLS = 3
"""Calls that run at a time."""
SELECTORS = ("id", "extension", "both")
a_user, a_caller, an_x, some = places(USERS), places(CALLERS), places(XS), places(SOME)
an_extension = st.none() | st.sampled_from(EXTENSIONS)
a_selector = st.sampled_from(SELECTORS)


class AxeMachine(RuleBasedStateMachine):
    """Small pools, so that things collide: two X numbers and a foreign one, six users, one of them on a fixed line.

    Where time cannot be held, none passes: bindings last longer than an example takes, and nobody calls.
    """

    def __init__(self, context: CheckContext, *, loose: bool = True) -> None:
        super().__init__()
        self.context = context
        self.steps = 0
        self.offers = context.capabilities if context.still else context.capabilities - {"clock", "calls"}
        self.any_x = context.session.words_of("AXE")["any_x"] is None
        app = context.axe.app
        second = next((other for other in reversed(context.axe.apps) if other is not app), None)
        self.first = ModelBasedPair(context, app, [second] if second else [], loose=loose)
        self.second = ModelBasedPair(context, second, [app]) if second else None
        self.xs = [x.number for x in app.numbers][:XS]
        self.foreign = second.numbers[0].number if second and second.numbers else None
        mobile: tuple[Kind, str] = ("mobile", "0755")
        line: tuple[Kind, str] = ("fixed_line", "0755")
        people = take_users(context, *[mobile] * (USERS - 1), line, *[mobile] * (CALLERS - USERS), mobile, line)
        self.users, self.callers, self.others = people[:USERS], people[:CALLERS], people[CALLERS:]
        self.extensions = tuple(dict.fromkeys(text[-app.extension_digits :] for text in EXTENSIONS))
        self.touched = (self.xs[0], self.extensions[0])
        if "application_settings" in self.offers:
            self.first.set_up(repeats=0, no_record=None)

    def _fit(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Settings with known tones, and a number in place of its place; without a clock, a life that does not end."""
        fields = with_known_tones(fields, self.first.app.tones)
        place = fields.get("callbackNum")
        fields = fields | {"callbackNum": self.others[place]} if isinstance(place, int) else fields
        short = "clock" not in self.offers and fields.get("bindExpiredTime")
        return fields | {"bindExpiredTime": 100} if short else fields

    @property
    def goes_on(self) -> bool:
        """Whether the oracle still knows what must be."""
        return not self.first.lost and not (self.second and self.second.lost)

    @property
    def has_bindings(self) -> bool:
        """Whether there is a live binding to do something with."""
        return self.goes_on and bool(self.first.oracle.bindings)

    @property
    def can_call(self) -> bool:
        """Whether the driver places calls, and not too many run."""
        return self.goes_on and "calls" in self.offers and len(self.first.running()) < MAX_CALLS

    def x_at(self, place: int) -> str:
        """An own X."""
        return self.xs[place % len(self.xs)]

    def live(self, place: int) -> AxeBinding:
        """A live binding; the invariant looks at it next."""
        bindings = list(self.first.oracle.bindings.values())
        binding = bindings[place % len(bindings)]
        self.touched = (binding.x, binding.extension)
        return binding

    def selector(self, binding: AxeBinding, by: str, other: int) -> dict[str, str]:
        """What selects a binding; with "both" X and extension are those of another one."""
        there = binding if by == "extension" else self.live(other)
        numbers = {} if by == "id" else {"virtualNum": there.x, "extendNum": there.extension}
        return numbers if by == "extension" else numbers | {"subscriptionId": binding.subscription_id}

    def entered(self, x: str, digits: list[Entry]) -> tuple[str, ...]:
        """The digits of a plan: places stand for bindings on `x`."""
        bindings = self.first.oracle.on(x)
        words = [self.extensions[0] if isinstance(e, int) and not bindings else e for e in digits]
        return tuple(bindings[e % len(bindings)].extension if isinstance(e, int) else e for e in words)

    def bind_on(self, user: int, x: str | None, extension: str | None, **fields: Any) -> None:
        """Bind a user; the invariant looks at the extension next."""
        if not self.goes_on:
            return
        binding = self.first.bind(self.users[user], x, extension, **self._fit(fields))
        if binding is not None:
            self.touched = (binding.x, binding.extension)
        elif x in self.xs and extension in self.extensions:
            self.touched = (x, extension)

    @initialize(users=st.permutations(range(USERS)), settings=bind_settings(), x=an_x, second=bind_settings())
    def begin(self, users: list[int], settings: dict[str, Any], x: int, second: dict[str, Any]) -> None:
        """There is something to begin with: up to three bindings, two with settings, and records."""
        plans = zip(users, (settings, second, {"callbackExpiredTime": 24}), (0, 1, 0), (1, 2, None), strict=False)
        for user, fields, offset, place in plans:
            extension = None if place is None else self.extensions[place % len(self.extensions)]
            self.bind_on(user, self.x_at(x + offset), extension, **fields)
        for binding in list(self.first.oracle.bindings.values()):
            if self.can_call and binding.subscription_id in self.first.oracle.bindings:
                self._talk(binding, CALLERS - 1)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, user=a_user, extension=an_extension, settings=bind_settings())
    def bind(self, x: int, user: int, extension: str | None, settings: dict[str, Any]) -> None:
        """A on an X, with an extension given or allocated."""
        self.bind_on(user, self.x_at(x), extension, **settings)

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, user=a_user, extension=st.sampled_from(EXTENSIONS + WRONG_EXTENSIONS))
    def bind_plainly(self, x: int, user: int, extension: str) -> None:
        """A on an X, without settings; now and then with an extension of a wrong length."""
        self.bind_on(user, self.x_at(x), extension)

    @precondition(lambda self: self.goes_on and self.any_x)
    @rule(user=a_user, area=st.sampled_from(AREAS), mode=st.sampled_from((None, "0", "1")), extension=an_extension)
    def bind_by_area(self, user: int, area: str, mode: str | None, extension: str | None) -> None:
        """The platform picks X by areaCode."""
        fields = {"areaCode": area} | ({} if mode is None else {"areaMatchMode": mode})
        self.bind_on(user, None, extension, **fields)

    # ── modify, unbind, query ────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, by=a_selector, other=some, fields=changes())
    def modify(self, which: int, by: str, other: int, fields: dict[str, Any]) -> None:
        """New settings, by id, by X and extension, or by both."""
        self.first.modify(**(self.selector(self.live(which), by, other) | self._fit(fields)))

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, fields=times(), wait=waits())
    def modify_times(self, which: int, fields: dict[str, Any], wait: int) -> None:
        """New times after a while, or nothing new."""
        self.advance(wait)
        if self.has_bindings:
            self.first.modify(subscriptionId=self.live(which).subscription_id, **self._fit(fields))

    @precondition(lambda self: self.has_bindings)
    @rule(which=some, by=a_selector, other=some, dissolve=st.booleans())
    def unbind_or_query(self, which: int, by: str, other: int, dissolve: bool) -> None:
        """By id, by X and extension, or by both, of which the id must count."""
        selector = self.selector(self.live(which), by, other)
        (self.first.unbind if dissolve else self.first.query)(**selector)

    @precondition(lambda self: self.goes_on)
    @rule(which=some, how=st.sampled_from(("unbind", "modify", "query")), x=an_x, extension=an_extension)
    def ask_for_what_is_gone(self, which: int, how: str, x: int, extension: str | None) -> None:
        """An id that must not be found, or an extension that may be free."""
        foreign = list(self.second.oracle.bindings) if self.second else []
        subs = [UNKNOWN, *foreign, *self.first.oracle.dissolved]
        selector = {"subscriptionId": subs[which % len(subs)]}
        if extension is not None:
            selector = {"virtualNum": self.x_at(x), "extendNum": extension}
        if how == "modify":
            self.first.modify(**selector, callbackNum=self.others[0])
        else:
            (self.first.unbind if how == "unbind" else self.first.query)(**selector)

    # ── the other application ────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on and self.second and self.foreign)
    @rule(user=a_user, what=st.sampled_from(("bind", "bind", "unbind", "our bind", "our unbind", "our query")))
    def other_application(self, user: int, what: str) -> None:
        """Another application binds the same users on its own X, which is out of bounds for ours."""
        assert self.second is not None
        assert self.foreign is not None
        theirs = list(self.second.oracle.bindings.values())
        extension = theirs[user % len(theirs)].extension if theirs else "1"
        side = self.first if what.startswith("our") else self.second
        if what.endswith("bind") and not what.endswith("unbind"):
            side.bind(self.users[user], self.foreign)
        elif what.endswith("unbind"):
            side.unbind(virtualNum=self.foreign, extendNum=extension)
        else:
            side.query(virtualNum=self.foreign, extendNum=extension)
        self.first.oracle.foreign_bindings = dict.fromkeys(self.second.oracle.bindings, self.foreign)
        if self.goes_on and extension not in {b.extension for b in theirs}:
            return
        if self.goes_on:
            self.second.check_place(self.foreign, extension)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def advance(self, seconds: int) -> None:
        """Let time pass on both sides, if it can be held; an instant of which nothing is known is passed over."""
        if "clock" not in self.offers:
            return
        sides = [side for side in (self.first, self.second) if side]
        while not all(side.oracle.decided_at(side.oracle.now + seconds) for side in sides):
            seconds += 1
        self.context.advance(seconds)
        for side in sides:
            side.passed(seconds)

    @rule(seconds=waits())
    def wait(self, seconds: int) -> None:
        """Time passes; this is left to do where the oracle knows nothing any more."""
        if self.goes_on:
            self.advance(seconds)

    @precondition(lambda self: self.goes_on and "clock" in self.offers and self.first.oracle.next_expiry() is not None)
    @rule(offset=st.sampled_from((-1, 0, 1)))
    def wait_for_an_end(self, offset: int) -> None:
        """The next end of a binding or a record comes near: the second before, that second, the second after."""
        end = self.first.oracle.next_expiry()
        if end is not None and end + offset > self.first.oracle.now:
            self.advance(end + offset - self.first.oracle.now)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call)
    @rule(x=an_x, caller=a_caller, digits=entries(EXTENSIONS), plan=behaviours())
    def call(self, x: int, caller: int, digits: list[Entry], plan: dict[str, Any]) -> None:
        """Anybody dials an X and enters something; an A of that X is not asked."""
        number = self.x_at(x)
        self.first.call(self.callers[caller], number, AxePlan(digits=self.entered(number, digits), **plan))

    @precondition(lambda self: self.can_call and self.has_bindings)
    @rule(which=some, caller=a_caller, plan=behaviours())
    def call_an_extension(self, which: int, caller: int, plan: dict[str, Any]) -> None:
        """Somebody dials the X of a binding and its extension."""
        binding = self.live(which)
        self.first.call(self.callers[caller], binding.x, AxePlan(digits=(binding.extension,), **plan))

    @precondition(lambda self: self.can_call and self.has_bindings)
    @rule(which=some, caller=a_caller)
    def talk(self, which: int, caller: int) -> None:
        """Somebody reaches A, and both have hung up; mostly there is a record then."""
        self._talk(self.live(which), caller)

    def _talk(self, binding: AxeBinding, caller: int) -> None:
        plan = AxePlan(digits=(binding.extension,), ring_after=1, answer_after=1, hang_up_after=1)
        self.first.call(self.callers[caller], binding.x, plan)
        self.advance(6)

    @precondition(lambda self: self.can_call and self.has_bindings)
    @rule(which=some, plan=behaviours())
    def call_back(self, which: int, plan: dict[str, Any]) -> None:
        """A dials his X."""
        binding = self.live(which)
        self.first.call(binding.a, binding.x, AxePlan(**plan))

    @precondition(lambda self: self.can_call and self.first.records())
    @rule(which=some, offset=st.sampled_from((-1, 1)))
    def call_back_at_the_end(self, which: int, offset: int) -> None:
        """A dials X a second before or after the end of his record, if his binding lives so long."""
        records = self.first.records()
        binding, end = records[which % len(records)]
        if end + offset > self.first.oracle.now:
            self.advance(end + offset - self.first.oracle.now)
        self.touched = (binding.x, binding.extension)
        self.first.call(binding.a, binding.x, AxePlan(hang_up_after=1))

    @precondition(lambda self: self.goes_on and self.first.running())
    @rule(which=some, by=st.sampled_from(("caller", "caller", "callee")))
    def hang_up(self, which: int, by: Literal["caller", "callee"]) -> None:
        """One side of a running call hangs up."""
        running = self.first.running()
        self.first.hang_up(running[which % len(running)], by)

    @precondition(lambda self: self.goes_on and "application_settings" in self.offers and not self.first.collecting())
    @rule(repeats=st.integers(0, 2), setting=st.sampled_from(("none", "play", "transfer")))
    def set_up(self, repeats: int, setting: str) -> None:
        """The application repeats collections so often, and does this for an A without a record."""
        values = {"transfer": {"transfer": self.others[0]}}
        values |= {"play": {"play": tones[0]}} if (tones := self.first.app.tones) else {}
        self.first.set_up(repeats=repeats, no_record=values.get(setting))

    @precondition(lambda self: self.has_bindings and "number_status" in self.offers and not self.first.collecting())
    @rule(which=some, user=a_user, status=st.sampled_from(("9", "10", "11")), from_a=st.booleans())
    def block(self, which: int, user: int, status: Literal["9", "10", "11"], from_a: bool) -> None:
        """While an X is blocked it takes no binding, and carries calls or does not."""
        binding = self.live(which)
        self.context.set_number(binding.x, status)
        self.first.oracle.status[binding.x] = status
        self.bind_on(user, binding.x, None)
        if self.can_call:
            plan = AxePlan(digits=(binding.extension,))
            self.first.call(binding.a if from_a else self.users[user], binding.x, plan)
            self.advance(3)
        self.context.set_number(binding.x, "5")
        self.first.oracle.status[binding.x] = "5"

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def is_as_it_should_be(self) -> None:
        """What was touched last, and a binding in turn, live or gone, is as it should be; so is each call."""
        self.steps += 1
        if self.goes_on:
            self.first.look()
        if self.goes_on:
            self.first.check_place(*self.touched)
        if not self.goes_on:
            return
        oracle = self.first.oracle
        subs = [*oracle.bindings, *oracle.dissolved]
        if subs:
            self._check(subs[self.steps % len(subs)])

    def _check(self, sub: str) -> None:
        binding = self.first.oracle.bindings.get(sub)
        if binding is None:
            self.first.check_gone(sub)
        else:
            self.first.check(binding)

    def teardown(self) -> None:
        """In the end: every binding, every extension, every call with its pushes."""
        for sub in [*self.first.oracle.bindings, *self.first.oracle.dissolved]:
            if self.goes_on:
                self._check(sub)
        for x in self.xs:
            for extension in self.extensions:
                if self.goes_on:
                    self.first.check_place(x, extension)
        for place in self.first.running() if self.goes_on else ():
            if self.goes_on:
                self.first.hang_up(place, "caller")
        if self.first.calls and self.goes_on:
            self.advance(300 + PATIENCE + longest_wait(self.context))
            self.first.look()
        if self.goes_on:
            self.context.claim("AXE-STATE-001", not self.first.calls, "a call has not ended")
