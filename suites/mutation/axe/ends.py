"""Seeded bugs of the end of AXE's bindings: by their time, and by unbind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension, extensions_of
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axe.operators import (
    NOTHING_FOUND,
    by_user,
    fault_stands,
    mutant,
    on_expiry,
    on_leaving,
    seen_by_callers,
    selected,
)
from privnum.suites.mutation.axe.selecting import (
    answer_of_nothing,
    anybodys,
    extension_wins,
    first_of_x,
    x_is_enough,
)
from privnum.suites.mutation.operators import around, together, tolerant

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

# ── lifetime ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HOUR = 3600


def _week_for_0() -> Patch:
    """A bindExpiredTime of 0 is the default, as if it had not been carried."""
    right = axe_bind._set_times

    def times(assumptions: Assumptions, binding: Extension, params: Params) -> None:
        right(assumptions, binding, params)
        binding.duration = binding.duration or 168 * HOUR

    return patch.object(axe_bind, "_set_times", times)


def _each_modify_restarts() -> Patch:
    """Every modify lets the binding live its time from then on."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = serve(world, app, params)
        for binding in selected(world, params):
            binding.subscribed_ms = world.now_ms
            world.restart_countdown(binding)
        return fields

    return around("axe.modify", perform)


def _a_stays_bound() -> Patch:
    """The extension of an expired binding is free, its A is not."""

    def keep(_world: World, binding: Extension) -> None:
        if extensions_of(binding.x) is not None:
            by_user(binding.x)[binding.a] = binding

    return on_expiry(keep)


def _told_by_another_code() -> Patch:
    """Of an expired binding the older code of other modes tells that it is not there."""
    expired: set[str] = set()

    def seed_of(operation: str) -> Seed:
        def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
            if params.get("subscriptionId") in expired:
                raise Refusal("403/1012007", "The binding has expired.")
            fields: Fields = serve(world, app, params)
            return fields

        return lambda: around(operation, perform)

    marking: Seed = lambda: on_expiry(lambda _, binding: expired.add(binding.subscription_id))  # noqa: E731
    return together(marking, *map(seed_of, ("axe.unbind", "axe.modify", "axe.query")))


def _renewed() -> Patch:
    """A binding that expires is renewed for good, under a subscriptionId of its own."""

    def renew(world: World, binding: Extension) -> None:
        world.bind(Extension(world.identity.subscription_id(), binding.x, binding.a, binding.digits, world.now_ms))

    return on_expiry(renew)


def _all_of_x_go() -> Patch:
    """Unbind by subscriptionId clears the whole X."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        there = selected(world, params) if "subscriptionId" in params else []
        fields: Fields = serve(world, app, params)
        for binding in selected(world, {"virtualNum": there[0].x.number}) if there else ():
            world.unbind(binding)
        return fields

    return around("axe.unbind", perform)


def _never_given_again() -> Patch:
    """An extension that was bound is kept back for ever."""
    given: set[tuple[XNumber, str | None]] = set()
    taken = axe_bind.BIND_FAULTS["extension"].stands
    return together(
        lambda: on_leaving(lambda binding: given.add((binding.x, binding.digits))),
        lambda: fault_stands("extension", lambda wish: taken(wish) or (wish.x, wish.digits) in given),
    )


def _reached_after_all() -> Patch:
    """Calls look extensions up in a cache, out of which nothing is taken."""
    cache: dict[XNumber, dict[str, Extension]] = {}

    def cached(call: Call, held: dict[str, Extension], _now_ms: int) -> dict[str, Extension]:
        known = cache[call.x] = cache.get(call.x, {}) | held
        return known

    return together(
        lambda: seen_by_callers(cached),
        lambda: on_leaving(
            lambda binding: cache.setdefault(binding.x, {}).setdefault(binding.digits, binding) and None
        ),
    )


def _empty_selects_nothing() -> Patch:
    """An empty selector is one that selects nothing."""
    unbind = axe.HANDLERS["axe.unbind"]
    names = frozenset({"subscriptionId", "virtualNum", "extendNum"})
    return patch.dict(axe.HANDLERS, {"axe.unbind": unbind._replace(clears=names)})


MUTANTS = (
    mutant(
        "no-expiry",
        "AXE-LIFE-001",
        "Nothing unbinds what has expired.",
        lambda: patch.object(World, "_count_down", lambda *_: None),
    ),
    mutant(
        "minutes-are-hours",
        "AXE-LIFE-101",
        "timeUnit 1 counts hours.",
        lambda: patch.object(axe_times, "_SECONDS", (HOUR, HOUR)),
    ),
    mutant("week-for-0", "AXE-LIFE-002", "bindExpiredTime 0 is the default.", _week_for_0),
    mutant(
        "end-stays",
        "AXE-LIFE-003",
        "A modified bindExpiredTime is shown and of no effect.",
        lambda: patch.object(World, "restart_countdown", lambda *_: None),
    ),
    mutant("modify-restarts", "AXE-LIFE-003", "Every modify begins the time anew.", _each_modify_restarts),
    mutant("expired-a-stays", "AXE-LIFE-006", "A whose binding has expired is not free.", _a_stays_bound),
    mutant("expired-code", "AXE-LIFE-007", "An expired binding is told by another code.", _told_by_another_code),
    mutant("renewed", "AXE-STATE-001", "A binding that expires is bound anew by itself.", _renewed),
    mutant("unbind-all", "AXE-UNBIND-001", "Unbind by id clears the whole X.", _all_of_x_go),
    mutant("unbind-first", "AXE-UNBIND-101", "Unbind takes the first of X.", lambda: first_of_x("axe.unbind")),
    mutant("unbind-extension-wins", "AXE-UNBIND-003", "X and extension win.", lambda: extension_wins("axe.unbind")),
    mutant(
        "unbind-nothing",
        "AXE-UNBIND-004",
        "Unbinding what is not bound is a success.",
        lambda: tolerant("axe.unbind", NOTHING_FOUND, answer_of_nothing),
    ),
    mutant("unbind-anybodys", "AXE-UNBIND-006", "Any application may unbind.", lambda: anybodys("axe.unbind")),
    mutant("never-given-again", "AXE-UNBIND-007", "An unbound extension is not free.", _never_given_again),
    mutant("reached-after-all", "AXE-UNBIND-007", "An unbound extension reaches A.", _reached_after_all),
    mutant("unbind-x", "AXE-UNBIND-002", "X alone dissolves all of X.", lambda: x_is_enough("axe.unbind")),
    mutant("unbind-empty-selector", "AXE-UNBIND-102", "An empty selector hinders an unbind.", _empty_selects_nothing),
)
