"""Any history of AXB.

Binds, modifies, unbinds, queries, calls and time, in whatever order Hypothesis thinks of.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from privnum.suites.checks.axb.model_based import AxbPair
from privnum.suites.checks.axb.strategies import bind_settings, changes
from privnum.suites.checks.state_machine.machine import WorldMachine
from privnum.suites.checks.state_machine.sms import texts, write
from privnum.suites.checks.state_machine.strategies import USERS, pairs_of_users, places, plans, some
from privnum.suites.oracle import CallPlan

__all__ = ["AxbMachine", "AxbRules"]

AREAS = ("", "", "0755", "020", "010", "0512", "0757")
a_user, an_x, a_pair = places(USERS), places(AxbPair.x_count), pairs_of_users()


class AxbRules(WorldMachine):
    """What a world with AXB has on top.

    Three X numbers, and pairs of users on them.
    """

    axb: AxbPair

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        api = self.context.axb
        self.axb = AxbPair(self.context, api.app, self.strangers_to(api.app), loose=loose)
        self.pairs.append(self.axb)

    @property
    def has_axb(self) -> bool:
        """Whether there is a live AXB binding to do something with."""
        return self.goes_on and bool(self.axb.oracle.bindings)

    def bind_axb_users(self, pair: tuple[int, int], x: str | None, **fields: Any) -> None:
        """Bind two users."""
        if self.goes_on:
            a, b = pair
            self.axb.bind(self.users[a], self.users[b], x, **fields)

    @initialize(pairs=st.tuples(a_pair, a_pair, a_pair), settings=bind_settings(), x=an_x)
    def begin_axb(self, pairs: tuple[tuple[int, int], ...], settings: dict[str, Any], x: int) -> None:
        """There is something to begin with: up to three pairs, one with settings."""
        for pair, number, fields in zip(pairs, (x, x, x + 1), (settings, {}, {}), strict=True):
            self.bind_axb_users(pair, self.axb.x_at(number), **fields)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, pair=a_pair, settings=bind_settings())
    def bind_axb(self, x: int, pair: tuple[int, int], settings: dict[str, Any]) -> None:
        """A and B on an X."""
        self.bind_axb_users(pair, self.axb.x_at(x), **settings)

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, pair=a_pair)
    def bind_axb_plainly(self, x: int, pair: tuple[int, int]) -> None:
        """A and B on an X, without settings."""
        self.bind_axb_users(pair, self.axb.x_at(x))

    @precondition(lambda self: self.goes_on and "any_x" in self.axb.offers)
    @rule(pair=a_pair, area=st.sampled_from(AREAS), mode=st.sampled_from((None, "0", "1")))
    def bind_axb_by_area(self, pair: tuple[int, int], area: str, mode: str | None) -> None:
        """The platform picks X by areaCode, or by the area of A."""
        fields = ({} if area == "" else {"areaCode": area}) | ({} if mode is None else {"areaMatchMode": mode})
        self.bind_axb_users(pair, None, **fields)

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_axb)
    @rule(which=some, fields=changes())
    def modify_axb(self, which: int, fields: dict[str, Any]) -> None:
        """New settings."""
        self.axb.modify(self.axb.live(which).subscription_id, **fields)

    @precondition(lambda self: self.has_axb)
    @rule(which=some, pair=a_pair, sides=st.sampled_from(("a", "b", "ab")), fields=changes())
    def modify_axb_numbers(self, which: int, pair: tuple[int, int], sides: str, fields: dict[str, Any]) -> None:
        """A new A, a new B, or both."""
        numbers = {"callerNum": self.users[pair[0]]} if "a" in sides else {}
        numbers |= {"calleeNum": self.users[pair[1]]} if "b" in sides else {}
        self.axb.modify(self.axb.live(which).subscription_id, **numbers, **fields)

    @precondition(lambda self: self.has_axb)
    @rule(which=some)
    def swap_axb_numbers(self, which: int) -> None:
        """A becomes B and B becomes A."""
        binding = self.axb.live(which)
        self.axb.modify(binding.subscription_id, callerNum=binding.b, calleeNum=binding.a)

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on and "sms" in self.axb.offers)
    @rule(x=an_x, sender=places(USERS), text=texts(USERS))
    def write_to_axb_x(self, x: int, sender: int, text: tuple[str, int | None]) -> None:
        """Anybody writes to an X."""
        write(self.axb, self.users[sender], self.axb.x_at(x), text, self.users)

    @precondition(lambda self: self.has_axb and "sms" in self.axb.offers)
    @rule(which=some, from_a=st.booleans(), text=texts(USERS))
    def write_in_axb(self, which: int, from_a: bool, text: tuple[str, int | None]) -> None:
        """One of a pair writes to the other."""
        binding = self.axb.live(which)
        write(self.axb, binding.a if from_a else binding.b, binding.x, text, self.users)

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_axb)
    @rule(which=some, x=st.none() | an_x)
    def unbind_axb(self, which: int, x: int | None) -> None:
        """By subscriptionId, now and then with an X that must not count."""
        beside = None if x is None else self.axb.xs[x % len(self.axb.xs)]
        self.axb.ask("unbind", self.axb.live(which).subscription_id, beside)

    @precondition(lambda self: self.has_axb)
    @rule(which=some, x=st.none() | an_x)
    def unbind_axb_x(self, which: int, x: int | None) -> None:
        """All of an X: mostly of one that has bindings."""
        self.axb.unbind(relationNum=self.axb.live(which).x if x is None else self.axb.x_at(x))

    @precondition(lambda self: self.has_axb)
    @rule(which=some, by=st.sampled_from(("id", "x", "a", "b", "ab")), other=st.none() | a_pair, page=st.booleans())
    def query_axb(self, which: int, by: str, other: tuple[int, int] | None, page: bool) -> None:
        """By subscriptionId, by X, by X and users: those of a binding, or others."""
        binding = self.axb.live(which)
        a, b = (binding.a, binding.b) if other is None else (self.users[place] for place in other)
        query = {"subscriptionId": binding.subscription_id} if by == "id" else {"relationNum": binding.x}
        query |= {"callerNum": a} if "a" in by or (by == "id" and other) else {}
        query |= {"calleeNum": b} if "b" in by else {}
        query |= {"pageIndex": "2"} if page else {}
        self.axb.query(**query)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call(self.axb))
    @rule(x=an_x, caller=a_user)
    def call_axb_x(self, x: int, caller: int) -> None:
        """Anybody calls an X."""
        self.axb.call(self.users[caller], self.axb.xs[x % len(self.axb.xs)], CallPlan())

    @precondition(lambda self: self.has_axb and self.can_call(self.axb))
    @rule(which=some, plan=plans())
    def call_from_a(self, which: int, plan: CallPlan) -> None:
        """A of a binding calls its X."""
        binding = self.axb.live(which)
        self.axb.call(binding.a, binding.x, plan)

    @precondition(lambda self: self.has_axb and self.can_call(self.axb))
    @rule(which=some, plan=plans())
    def call_from_b(self, which: int, plan: CallPlan) -> None:
        """B of a binding calls its X."""
        binding = self.axb.live(which)
        self.axb.call(binding.b, binding.x, plan)


class AxbMachine(AxbRules):
    """A world of AXB, with another application of it."""

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        for app in self.second_apps("AXB"):
            self.others.append(AxbPair(self.context, app, [self.axb.app], loose=loose))
