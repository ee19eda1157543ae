"""Any history of AX.

Binds, modifies, unbinds, queries, temporary callees, calls and time, in whatever order.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.checks.ax.model_based import AxPair
from privnum.suites.checks.ax.strategies import bind_settings, callee_settings, changes
from privnum.suites.checks.state_machine.machine import WorldMachine
from privnum.suites.checks.state_machine.sms import texts, write
from privnum.suites.checks.state_machine.strategies import USERS, mostly_mobiles, places, plans, some
from privnum.suites.oracle import AxBinding, CallPlan

__all__ = ["AxMachine", "AxRules"]

AREAS = ("0755", "0755", "020", "010", "0512", "0757", "")
SELECTORS = ("id", "x", "both")
a_user, an_x, a_selector = mostly_mobiles(), places(AxPair.x_count), st.sampled_from(SELECTORS)


class AxRules(WorldMachine):
    """What a world with AX has on top.

    Six X numbers, each with one A, who sets whom he calls.
    """

    ax: AxPair

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        api = self.context.ax
        self.ax = AxPair(self.context, api.app, self.strangers_to(api.app), self.users, loose=loose)
        self.pairs.append(self.ax)

    @property
    def has_ax(self) -> bool:
        """Whether there is a live AX binding to do something with."""
        return self.goes_on and bool(self.ax.oracle.bindings)

    def select_ax(self, binding: AxBinding, by: str, beside: int = 0) -> dict[str, Any]:
        """Name a binding by its id, or by its X.

        Or by its id, beside an X that must not count.
        """
        x = self.ax.xs[beside % len(self.ax.xs)] if by == "both" else binding.x
        selector = {} if by == "x" else {"subscriptionId": binding.subscription_id}
        return selector | ({} if by == "id" else {"privateNum": x})

    @initialize(users=st.tuples(a_user, a_user, a_user), settings=bind_settings(), x=an_x)
    def begin_ax(self, users: tuple[int, ...], settings: dict[str, Any], x: int) -> None:
        """There is something to begin with: up to three A, one with settings."""
        for at, (user, fields) in enumerate(zip(users, (settings, {}, {}), strict=True)):
            if self.goes_on:
                self.ax.bind(self.users[user], self.ax.x_at(x + at), **fields)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, user=a_user, settings=bind_settings(), area=st.none() | st.sampled_from(AREAS[:3]))
    def bind_ax(self, x: int, user: int, settings: dict[str, Any], area: str | None) -> None:
        """A on an X, now and then beside an area, which must not count."""
        beside = {} if area is None else {"areaCode": area}
        self.ax.bind(self.users[user], self.ax.x_at(x), **beside, **settings)

    @precondition(lambda self: self.has_ax)
    @rule(which=some, x=an_x)
    def bind_ax_again(self, which: int, x: int) -> None:
        """The A of a binding on one X more, or on one that somebody has."""
        self.ax.bind(self.ax.live(which).a, self.ax.x_at(x))

    @precondition(lambda self: self.goes_on)
    @rule(user=a_user)
    def bind_ax_everywhere(self, user: int) -> None:
        """One A on every X, up to the one that is too many."""
        for place in range(len(self.ax.xs)):
            if self.goes_on and self.ax.oracle.bound_on(self.ax.xs[place]) is None:
                self.ax.bind(self.users[user], self.ax.x_at(place))

    @precondition(lambda self: self.goes_on and "any_x" in self.ax.offers and self.context.session.owns_worlds)
    @rule(user=a_user, area=st.sampled_from(AREAS), mode=st.sampled_from((None, "0", "1")), typed=st.booleans())
    def bind_ax_by_area(self, user: int, area: str, mode: str | None, typed: bool) -> None:
        """The platform picks X by areaCode; without one the bind is refused."""
        fields = ({"areaCode": area} if area else {}) | ({} if mode is None else {"areaMatchMode": mode})
        self.ax.bind(self.users[user], **fields, **({"privateNumType": "mobile-virtual"} if typed else {}))

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_ax)
    @rule(which=some, by=a_selector, beside=an_x, fields=changes())
    def modify_ax(self, which: int, by: str, beside: int, fields: dict[str, Any]) -> None:
        """New settings."""
        self.ax.modify(**self.select_ax(self.ax.live(which), by, beside), **fields)

    @precondition(lambda self: self.has_ax)
    @rule(which=some, by=a_selector, beside=an_x, user=a_user, fields=changes())
    def modify_ax_a(self, which: int, by: str, beside: int, user: int, fields: dict[str, Any]) -> None:
        """A new A, or the present one."""
        selector = self.select_ax(self.ax.live(which), by, beside)
        self.ax.modify(**selector, origNum=self.users[user], **fields)

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_ax)
    @rule(which=some, by=a_selector, beside=an_x, user=st.none() | a_user)
    def unbind_ax(self, which: int, by: str, beside: int, user: int | None) -> None:
        """By id or X, now and then with an A who must not count."""
        a = {} if user is None else {"origNum": self.users[user]}
        self.ax.unbind(**self.select_ax(self.ax.live(which), by, beside), **a)

    @precondition(lambda self: self.goes_on)
    @rule(x=st.none() | an_x, user=st.none() | a_user)
    def unbind_ax_anything(self, x: int | None, user: int | None) -> None:
        """By an X that may be free, by an A alone, or by nothing."""
        query = {} if x is None else {"privateNum": self.ax.x_at(x)}
        self.ax.unbind(**query, **({} if user is None else {"origNum": self.users[user]}))

    @precondition(lambda self: self.goes_on)
    @rule(which=st.none() | some, x=st.none() | an_x, user=st.none() | a_user)
    def query_ax(self, which: int | None, x: int | None, user: int | None) -> None:
        """By id, A and X, or some of them: the id wins, then A."""
        query = {} if x is None else {"privateNum": self.ax.x_at(x)}
        query |= {} if user is None else {"origNum": self.users[user]}
        if which is not None and self.ax.oracle.bindings:
            query["subscriptionId"] = self.ax.live(which).subscription_id
        self.ax.query(**query)

    # ── temporary callee ─────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_ax)
    @rule(which=some, by=a_selector, beside=an_x, user=a_user, fields=callee_settings(), a=st.none() | a_user)
    def set_callee(self, which: int, by: str, beside: int, user: int, fields: dict[str, Any], a: int | None) -> None:
        """Whom A reaches by his next call.

        Now and then with an origNum, which must not count.
        """
        beside_it = {} if a is None else {"origNum": self.users[a]}
        selector = self.select_ax(self.ax.live(which), by, beside)
        self.ax.set_callee(**selector, calleeNum=self.users[user], **beside_it, **fields)

    @precondition(lambda self: self.goes_on)
    @rule(x=st.none() | an_x, which=some, user=a_user)
    def set_callee_of_anything(self, x: int | None, which: int, user: int) -> None:
        """By an X that may be free, or by an id that must not be found."""
        subs = [sub for other in self.ax.oracle.neighbours for sub in other.bindings]
        subs += [*self.ax.oracle.dissolved, UNKNOWN]
        selector = {"subscriptionId": subs[which % len(subs)]} if x is None else {"privateNum": self.ax.x_at(x)}
        self.ax.set_callee(**selector, calleeNum=self.users[user])

    @precondition(lambda self: self.has_ax and self.can_call(self.ax))
    @rule(which=some, user=a_user, fields=callee_settings(), plan=plans(), wait=st.sampled_from((0, 0, 1, 59, 60, 61)))
    def set_callee_and_call(self, which: int, user: int, fields: dict[str, Any], plan: CallPlan, wait: int) -> None:
        """A sets whom he calls, and calls him a little later."""
        binding = self.ax.live(which)
        self.ax.set_callee(**self.select_ax(binding, "id"), calleeNum=self.users[user], **fields)
        if wait and self.goes_on:
            self.advance(wait)
        if self.can_call(self.ax):
            self.ax.call(binding.a, binding.x, plan)

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on and "sms" in self.ax.offers)
    @rule(x=an_x, sender=a_user, text=texts(USERS))
    def write_to_ax_x(self, x: int, sender: int, text: tuple[str, int | None]) -> None:
        """Anybody writes to an X, that may be free."""
        write(self.ax, self.users[sender], self.ax.x_at(x), text, self.users)

    @precondition(lambda self: self.has_ax and "sms" in self.ax.offers)
    @rule(which=some, text=texts(USERS))
    def write_from_ax_a(self, which: int, text: tuple[str, int | None]) -> None:
        """A writes, mostly to somebody whom he names."""
        binding = self.ax.live(which)
        write(self.ax, binding.a, binding.x, text, self.users)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call(self.ax))
    @rule(x=an_x, caller=a_user)
    def call_ax_x(self, x: int, caller: int) -> None:
        """Anybody calls an X."""
        self.ax.call(self.users[caller], self.ax.xs[x % len(self.ax.xs)], CallPlan())

    @precondition(lambda self: self.has_ax and self.can_call(self.ax))
    @rule(which=some, caller=a_user, plan=plans())
    def call_to_ax_a(self, which: int, caller: int, plan: CallPlan) -> None:
        """Somebody calls the X of a binding; mostly he reaches A."""
        self.ax.call(self.users[caller], self.ax.live(which).x, plan)

    @precondition(lambda self: self.has_ax and self.can_call(self.ax))
    @rule(which=some, plan=plans())
    def call_from_ax_a(self, which: int, plan: CallPlan) -> None:
        """A calls his X, with a temporary callee or without."""
        binding = self.ax.live(which)
        self.ax.call(binding.a, binding.x, plan)


class AxMachine(AxRules):
    """A world of AX, with another application of it."""

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        for app in self.second_apps("AX"):
            self.others.append(AxPair(self.context, app, [self.ax.app], self.users, loose=loose))
