"""Seeded bugs of how long an AXB binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import selectors as axb_selectors
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axb.bind import mutant, stands_against
from privnum.suites.mutation.axb.operators import pairs_by_user
from privnum.suites.mutation.operators import around, together, tolerant

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Patch
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]


def _duration_in_minutes() -> Patch:
    count_down = World._count_down

    def in_minutes(world: World, binding: Binding) -> None:
        seconds, binding.duration = binding.duration, (binding.duration or 0) * 60
        count_down(world, binding)
        binding.duration = seconds

    return patch.object(World, "_count_down", in_minutes)


def _ninety_days_at_most() -> Patch:
    count_down = World._count_down

    def limited(world: World, binding: Binding) -> None:
        given, binding.duration = binding.duration, binding.duration or 90 * 86400
        count_down(world, binding)
        binding.duration = given

    return patch.object(World, "_count_down", limited)


def _countdown_goes_on() -> Patch:
    """A modified duration counts from the bind, not from the modify."""

    def from_bind(world: World, binding: Binding) -> None:
        left = binding.expires_ms - world.now_ms if binding.expires_ms else 0
        if binding.expires_ms:
            world.timers.cancel(binding)
            binding.expires_ms = 0
        world._count_down(binding)
        if left and binding.expires_ms:
            world.timers.cancel(binding)
            binding.expires_ms = world.now_ms + left
            world.timers.add(binding.expires_ms, 0, binding)

    return patch.object(World, "restart_countdown", from_bind)


def _zero_changes_nothing() -> Patch:
    restart = World.restart_countdown

    def unless_zero(world: World, binding: Binding) -> None:
        if binding.duration:
            restart(world, binding)

    return patch.object(World, "restart_countdown", unless_zero)


def _any_modify_restarts() -> Patch:
    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        binding = axb_selectors.own_binding(world, app, params["subscriptionId"], axb_selectors.MODIFY)
        world.restart_countdown(binding)
        return fields

    return around("axb.modify", perform)


def _on_expiry(then: Callable[[World, Pair, dict[str, Pair]], object]) -> Patch:
    """Do something when a pair has expired; `then` gets the users that stood on its X before."""
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        before = dict(pairs_by_user(thing.x)) if isinstance(thing, Pair) else {}
        run(world, rank, thing)
        if isinstance(thing, Pair):
            then(world, thing, before)

    return patch.object(World, "_run", running)


def _expired_stand_on() -> Patch:
    """What has expired is in nobody's way to a query, but its users cannot be bound."""
    left: dict[int, set[str]] = {}

    def remember(_world: World, pair: Pair, _before: dict[str, Pair]) -> None:
        left.setdefault(id(pair.x), set()).update((pair.a, pair.b))

    right = axb_bind.BIND_FAULTS["1012010"].stands

    def stands(wish: axb_bind.BindRequest) -> bool:
        return right(wish) or bool({wish.a, wish.b} & left.get(id(wish.x), set()))

    return together(lambda: _on_expiry(remember), lambda: stands_against("1012010", stands))


def _expired_can_be_modified() -> Patch:
    gone: set[str] = set()

    def answer(_world: World, _app: Application, params: Params) -> Fields:
        if params["subscriptionId"] not in gone:
            raise Refusal("1012007")
        return {}

    return together(
        lambda: _on_expiry(lambda _world, pair, _before: gone.add(pair.subscription_id)),
        lambda: tolerant("axb.modify", "1012007", answer),
    )


MUTANTS = (
    mutant("duration-in-minutes", "AXB-LIFE-001", "duration counts minutes.", _duration_in_minutes),
    mutant("ninety-days", "AXB-LIFE-002", "Without duration a binding ends after 90 days.", _ninety_days_at_most),
    mutant(
        "countdown-goes-on", "AXB-LIFE-003", "A modify of duration does not restart the countdown.", _countdown_goes_on
    ),
    mutant("zero-changes-nothing", "AXB-LIFE-004", "A modify to duration 0 leaves the end.", _zero_changes_nothing),
    mutant("any-modify-restarts", "AXB-LIFE-005", "Any modify restarts the countdown.", _any_modify_restarts),
    mutant("expired-stand-on", "AXB-LIFE-006", "Users of an expired binding cannot be bound.", _expired_stand_on),
    mutant("expired-modified", "AXB-LIFE-007", "An expired binding can be modified.", _expired_can_be_modified),
)
