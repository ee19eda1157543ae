"""Any history of AXE.

Binds, modifies, unbinds, queries, calls, call-backs and time, in whatever order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from privnum.suites.checks.axe.model_based import EXTENSIONS, AxePair
from privnum.suites.checks.axe.strategies import (
    behaviours,
    bind_settings,
    changes,
    entries,
    times,
)
from privnum.suites.checks.state_machine.machine import FIXED_LINE, MOBILE, WorldMachine
from privnum.suites.checks.state_machine.strategies import USERS, places, some, waits
from privnum.suites.oracle import AxePlan

if TYPE_CHECKING:
    from privnum.suites.checks.axe.strategies import Entry
    from privnum.suites.checks.state_machine.pair import Verb
    from privnum.suites.oracle import AxeBinding

__all__ = ["AxeMachine", "AxeRules"]

CALLERS = 4
"""The first strangers, this many, call; the others are called."""
WRONG_EXTENSIONS = ("", "1", "000", "12345"[:3])
AREAS = ("0755", "0755", "020", "010", "0512", "0757")
SELECTORS = ("id", "extension", "both")
a_user, a_caller, an_x = places(USERS), places(USERS + CALLERS), places(AxePair.x_count)
an_extension = st.none() | st.sampled_from(EXTENSIONS)
a_selector = st.sampled_from(SELECTORS)


class AxeRules(WorldMachine):
    """What a world with AXE has on top.

    Two X numbers, extensions on them, and callers who are bound nowhere.
    """

    strangers_wanted = (*[MOBILE] * CALLERS, MOBILE, FIXED_LINE)
    axe: AxePair

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        api = self.context.axe
        self.callers = [*self.users, *self.strangers[:CALLERS]]
        called = self.strangers[CALLERS:]
        self.axe = AxePair(self.context, api.app, self.strangers_to(api.app), called, loose=loose)
        self.pairs.append(self.axe)
        if "application_settings" in self.axe.offers:
            self.axe.set_up(repeats=0, no_record=None)

    @property
    def has_axe(self) -> bool:
        """Whether there is a live AXE binding to do something with."""
        return self.goes_on and bool(self.axe.oracle.bindings)

    def selector(self, binding: AxeBinding, by: str, other: int) -> dict[str, str]:
        """What selects a binding.

        With "both" X and extension are those of another one.
        """
        there = binding if by == "extension" else self.axe.live(other)
        numbers = {} if by == "id" else {"virtualNum": there.x, "extendNum": there.extension}
        return numbers if by == "extension" else numbers | {"subscriptionId": binding.subscription_id}

    def planned_digits(self, x: str, digits: list[Entry]) -> tuple[str, ...]:
        """The digits of a plan: places stand for bindings on `x`."""
        bindings = self.axe.oracle.on(x)
        words = [self.axe.extensions[0] if isinstance(e, int) and not bindings else e for e in digits]
        return tuple(bindings[e % len(bindings)].extension if isinstance(e, int) else e for e in words)

    def bind_axe_user(self, user: int, x: str | None, extension: str | None, **fields: Any) -> None:
        """Bind a user."""
        if self.goes_on:
            self.axe.bind(self.users[user], x, extension, **fields)

    @initialize(users=st.permutations(range(USERS)), settings=bind_settings(), x=an_x, second=bind_settings())
    def begin_axe(self, users: list[int], settings: dict[str, Any], x: int, second: dict[str, Any]) -> None:
        """There is something to begin with.

        Up to three bindings, two with settings, and records.
        """
        plans = zip(users, (settings, second, {"callbackExpiredTime": 24}), (0, 1, 0), (1, 2, None), strict=False)
        for user, fields, offset, place in plans:
            extension = None if place is None else self.axe.extensions[place % len(self.axe.extensions)]
            self.bind_axe_user(user, self.axe.x_at(x + offset), extension, **fields)
        for binding in list(self.axe.oracle.bindings.values()):
            if self.can_call(self.axe) and binding.subscription_id in self.axe.oracle.bindings:
                self._talk(binding, len(self.callers) - 1)

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, user=a_user, extension=an_extension, settings=bind_settings())
    def bind_axe(self, x: int, user: int, extension: str | None, settings: dict[str, Any]) -> None:
        """A on an X, with an extension given or allocated."""
        self.bind_axe_user(user, self.axe.x_at(x), extension, **settings)

    @precondition(lambda self: self.goes_on)
    @rule(x=an_x, user=a_user, extension=st.sampled_from(EXTENSIONS + WRONG_EXTENSIONS))
    def bind_axe_plainly(self, x: int, user: int, extension: str) -> None:
        """A on an X, without settings.

        Now and then with an extension of a wrong length.
        """
        self.bind_axe_user(user, self.axe.x_at(x), extension)

    @precondition(lambda self: self.goes_on and "any_x" in self.axe.offers)
    @rule(user=a_user, area=st.sampled_from(AREAS), mode=st.sampled_from((None, "0", "1")), extension=an_extension)
    def bind_axe_by_area(self, user: int, area: str, mode: str | None, extension: str | None) -> None:
        """The platform picks X by areaCode."""
        fields = {"areaCode": area} | ({} if mode is None else {"areaMatchMode": mode})
        self.bind_axe_user(user, None, extension, **fields)

    # ── modify, unbind, query ────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.has_axe)
    @rule(which=some, by=a_selector, other=some, fields=changes())
    def modify_axe(self, which: int, by: str, other: int, fields: dict[str, Any]) -> None:
        """New settings, by id, by X and extension, or by both."""
        self.axe.modify(**(self.selector(self.axe.live(which), by, other) | fields))

    @precondition(lambda self: self.has_axe)
    @rule(which=some, fields=times(), wait=waits())
    def modify_axe_times(self, which: int, fields: dict[str, Any], wait: int) -> None:
        """New times after a while, or nothing new."""
        self.advance(wait)
        if self.has_axe:
            self.axe.modify(subscriptionId=self.axe.live(which).subscription_id, **fields)

    @precondition(lambda self: self.has_axe)
    @rule(which=some, by=a_selector, other=some, dissolve=st.booleans())
    def unbind_or_query_axe(self, which: int, by: str, other: int, dissolve: bool) -> None:
        """By id, by X and extension, or by both, of which the id must count."""
        selector = self.selector(self.axe.live(which), by, other)
        (self.axe.unbind if dissolve else self.axe.query)(**selector)

    @precondition(lambda self: self.goes_on)
    @rule(verb=st.sampled_from(("unbind", "modify", "query")), x=an_x, extension=st.sampled_from(EXTENSIONS))
    def ask_for_an_extension(self, verb: Verb, x: int, extension: str) -> None:
        """An extension that may be free."""
        selector = {"virtualNum": self.axe.x_at(x), "extendNum": extension}
        if verb == "modify":
            self.axe.modify(**selector, callbackNum=0)
        else:
            (self.axe.unbind if verb == "unbind" else self.axe.query)(**selector)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.can_call(self.axe))
    @rule(x=an_x, caller=a_caller, digits=entries(EXTENSIONS), plan=behaviours())
    def call_axe_x(self, x: int, caller: int, digits: list[Entry], plan: dict[str, Any]) -> None:
        """Anybody dials an X and enters something; an A of that X is not asked."""
        number = self.axe.x_at(x)
        self.axe.call(self.callers[caller], number, AxePlan(digits=self.planned_digits(number, digits), **plan))

    @precondition(lambda self: self.has_axe and self.can_call(self.axe))
    @rule(which=some, caller=a_caller, plan=behaviours())
    def call_an_extension(self, which: int, caller: int, plan: dict[str, Any]) -> None:
        """Somebody dials the X of a binding and its extension."""
        binding = self.axe.live(which)
        self.axe.call(self.callers[caller], binding.x, AxePlan(digits=(binding.extension,), **plan))

    @precondition(lambda self: self.has_axe and self.can_call(self.axe))
    @rule(which=some, caller=a_caller)
    def talk(self, which: int, caller: int) -> None:
        """Somebody reaches A, and both have hung up.

        Mostly there is a record then.
        """
        self._talk(self.axe.live(which), caller)

    def _talk(self, binding: AxeBinding, caller: int) -> None:
        plan = AxePlan(digits=(binding.extension,), ring_after=1, answer_after=1, hang_up_after=1)
        self.axe.call(self.callers[caller], binding.x, plan)
        self.advance(6)

    @precondition(lambda self: self.has_axe and self.can_call(self.axe))
    @rule(which=some, plan=behaviours())
    def call_back(self, which: int, plan: dict[str, Any]) -> None:
        """A dials his X."""
        binding = self.axe.live(which)
        self.axe.call(binding.a, binding.x, AxePlan(**plan))

    @precondition(lambda self: self.can_call(self.axe) and self.axe.records())
    @rule(which=some, offset=st.sampled_from((-1, 1)))
    def call_back_at_the_end(self, which: int, offset: int) -> None:
        """A dials X a second before or after the end of his record.

        If his binding lives so long.
        """
        records = self.axe.records()
        binding, end = records[which % len(records)]
        self.advance_to(end + offset)
        self.axe.touch(binding)
        self.axe.call(binding.a, binding.x, AxePlan(hang_up_after=1))

    @precondition(lambda self: self.goes_on and "application_settings" in self.axe.offers and not self.axe.routing())
    @rule(repeats=st.integers(0, 2), setting=st.sampled_from(("none", "play", "transfer")))
    def set_up(self, repeats: int, setting: str) -> None:
        """Set the application's repeats, and what an A without a record gets."""
        values = {"transfer": {"transfer": self.axe.strangers[0]}}
        values |= {"play": {"play": tones[0]}} if (tones := self.axe.app.tones) else {}
        self.axe.set_up(repeats=repeats, no_record=values.get(setting))


class AxeMachine(AxeRules):
    """A world of AXE, with another application of it."""

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        for app in self.second_apps("AXE"):
            self.others.append(AxePair(self.context, app, [self.axe.app], self.axe.strangers, loose=loose))
