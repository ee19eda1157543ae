"""Any history of AXYB.

Binds of A and of B, unbinds, queries, calls and time, in whatever order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from privnum.suites.checks.axyb.model_based import AxybPair
from privnum.suites.checks.axyb.strategies import places_of_a, places_of_b, settings_of_a, settings_of_b
from privnum.suites.checks.state_machine.machine import WorldMachine
from privnum.suites.checks.state_machine.strategies import mostly_mobiles, places, plans, some
from privnum.suites.oracle import AxybBinding, CallPlan

if TYPE_CHECKING:
    from privnum.suites.oracle.axyb.types import Relation
    from privnum.suites.target.config import App

__all__ = ["AxybMachine", "AxybRules"]

LEAST = 3
"""Numbers with which an A has an X, and two of his B a Y."""
a_user, a_number = mostly_mobiles(), places(AxybPair.x_count)


class AxybRules(WorldMachine):
    """What a world with AXYB has on top.

    Numbers that are X or Y, as the platform picks them.
    """

    axyb: AxybPair

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        app = self.axyb_app()
        self.axyb = AxybPair(self.context, app, self.strangers_to(app), self.users, loose=loose)
        self.pairs.append(self.axyb)

    def axyb_app(self) -> App:
        """The application with the fewest numbers that will do.

        There things collide.
        """
        api = self.context.axyb
        enough = [app for app in api.apps if len(app.numbers) >= LEAST]
        return min(enough, key=lambda app: len(app.numbers), default=api.app)

    @property
    def has_axyb(self) -> bool:
        """Whether there is a live AXYB binding to do something with."""
        return self.goes_on and bool(self.axyb.oracle.bindings)

    @property
    def has_y(self) -> bool:
        """Whether somebody has a Y."""
        return self.has_axyb and any(binding.relations for binding in self.axyb.oracle.bindings.values())

    def pick_y(self, which: int) -> tuple[AxybBinding, Relation]:
        """A binding, and one Y of it."""
        every = [(each, y) for each in self.axyb.oracle.bindings.values() for y in each.relations]
        binding, relation = every[which % len(every)]
        self.axyb.touch(binding)
        return binding, relation

    @initialize(users=st.tuples(*[a_user] * 4), settings=settings_of_a(), of_b=settings_of_b())
    def begin_axyb(self, users: tuple[int, ...], settings: dict[str, Any], of_b: dict[str, Any]) -> None:
        """There is something to begin with.

        Two A, one with settings, and a B of each.
        """
        for user, fields in zip(users[:2], (settings, {"duration": 0}), strict=True):
            if self.goes_on:
                self.axyb.bind_a(self.users[user], areaCode="0755", **fields)
        for at, (user, fields) in enumerate(zip(users[2:], (of_b, {}), strict=True)):
            if self.has_axyb:
                self.axyb.bind_b(self.users[user], self.axyb.live(at).subscription_id, **fields)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(user=a_user, place=places_of_a(), settings=settings_of_a())
    def bind_axyb_a(self, user: int, place: dict[str, Any], settings: dict[str, Any]) -> None:
        """An A, who is given an X."""
        self.axyb.bind_a(self.users[user], **place, **settings)

    @precondition(lambda self: self.has_axyb)
    @rule(which=some, user=a_user, place=places_of_b(), settings=settings_of_b())
    def bind_axyb_b(self, which: int, user: int, place: dict[str, Any], settings: dict[str, Any]) -> None:
        """A B of a binding, who is given a Y."""
        self.axyb.bind_b(self.users[user], self.axyb.live(which).subscription_id, **place, **settings)

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_axyb)
    @rule(which=some)
    def unbind_axyb(self, which: int) -> None:
        """A whole binding."""
        self.axyb.unbind(subscriptionId=self.axyb.live(which).subscription_id)

    @precondition(lambda self: self.has_y)
    @rule(which=some, by=st.sampled_from(("y", "b", "both")), other=st.none() | a_user)
    def unbind_y(self, which: int, by: str, other: int | None) -> None:
        """One Y, by its number or by its B; beside the number B does not count."""
        binding, relation = self.pick_y(which)
        b = self.users[other] if other is not None and by == "both" else relation.b
        query = {} if by == "b" else {"yNum": relation.y}
        self.axyb.unbind(subscriptionId=binding.subscription_id, **query, **({} if by == "y" else {"bNum": b}))

    @precondition(lambda self: self.has_axyb)
    @rule(which=some, number=st.none() | a_number, user=st.none() | a_user, named=st.booleans())
    def unbind_axyb_anything(self, which: int, number: int | None, user: int | None, named: bool) -> None:
        """A number or a user that may have no Y there.

        Without subscriptionId nothing is dissolved.
        """
        query = {} if number is None else {"yNum": self.axyb.xs[number % len(self.axyb.xs)]}
        query |= {} if user is None else {"bNum": self.users[user]}
        if query or not named:
            self.axyb.unbind(**query, **({"subscriptionId": self.axyb.live(which).subscription_id} if named else {}))

    @precondition(lambda self: self.goes_on)
    @rule(which=st.none() | some, number=st.none() | a_number)
    def query_axyb(self, which: int | None, number: int | None) -> None:
        """By id, by a number that may be X, Y or free, or by both: the id wins."""
        query = {} if number is None else {"relationNum": self.axyb.xs[number % len(self.axyb.xs)]}
        if which is not None and self.axyb.oracle.bindings:
            query["subscriptionId"] = self.axyb.live(which).subscription_id
        self.axyb.query(**query)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call(self.axyb))
    @rule(number=a_number, caller=a_user)
    def call_axyb_number(self, number: int, caller: int) -> None:
        """Anybody calls a number, be it X, Y or nobody's."""
        self.axyb.call(self.users[caller], self.axyb.xs[number % len(self.axyb.xs)], CallPlan())

    @precondition(lambda self: self.has_axyb and self.can_call(self.axyb))
    @rule(which=some, caller=a_user, plan=plans())
    def call_axyb_a(self, which: int, caller: int, plan: CallPlan) -> None:
        """Somebody calls an X: he has a Y, or is given one."""
        self.axyb.call(self.users[caller], self.axyb.live(which).x, plan)

    @precondition(lambda self: self.has_y and self.can_call(self.axyb))
    @rule(which=some, plan=plans(), by=st.sampled_from(("a", "a", "a", "b", "own y")))
    def call_by_y(self, which: int, plan: CallPlan, by: str) -> None:
        """A calls a Y, B calls X, or B the Y that is his own."""
        binding, relation = self.pick_y(which)
        caller = binding.a if by == "a" else relation.b
        self.axyb.call(caller, binding.x if by == "b" else relation.y, plan)

    @precondition(lambda self: self.has_y and "number_status" in self.axyb.offers)
    @rule(which=some, user=a_user, status=st.sampled_from(("9", "10", "11")), act=st.sampled_from(("a", "b", "bind")))
    def block_y(self, which: int, user: int, status: Literal["9", "10", "11"], act: str) -> None:
        """While a Y is blocked nobody is given it.

        A calls it, its B calls X, or others are bound.
        """
        binding, relation = self.pick_y(which)
        self.axyb.set_status(relation.y, status)
        if act == "bind":
            self.axyb.bind_b(self.users[user], binding.subscription_id)
        elif self.can_call(self.axyb):
            caller, number = (binding.a, relation.y) if act == "a" else (relation.b, binding.x)
            self.axyb.call(caller, number, CallPlan())
        self.axyb.set_status(relation.y, "5")


class AxybMachine(AxybRules):
    """A world of AXYB, with another application of it."""

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        for app in [app for app in self.context.axyb.apps if app is not self.axyb.app][:1]:
            self.others.append(AxybPair(self.context, app, [self.axyb.app], self.users, loose=loose))
