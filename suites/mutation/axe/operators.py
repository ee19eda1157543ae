"""With what the AXE mutants are made, besides what is in seeding.py: ends of bindings, lookups of callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension, extensions_of
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.suites.mutation.model import Patch, Seed

__all__ = [
    "NOTHING_FOUND",
    "a_of",
    "by_digits",
    "by_user",
    "events_unless",
    "fault_stands",
    "mutant",
    "on_expiry",
    "on_leaving",
    "routed",
    "seen_by_callers",
    "selected",
    "without_rows",
]

NOTHING_FOUND = "1016001"


def by_digits(x: XNumber) -> dict[str, Extension]:
    """The bindings on an X by extension; empty before the first bind."""
    held = extensions_of(x)
    return {} if held is None else held.by_digits


def by_user(x: XNumber) -> dict[str, Extension]:
    """The bindings on an X by A; empty before the first bind."""
    held = extensions_of(x)
    return {} if held is None else held.by_user


def mutant(name: str, breaks: str, description: str, seed: Seed, made: Literal["hand", "table"] = "hand") -> Mutant:
    """A bug of AXE; its id is `name` with the mode before it."""
    return Mutant(f"axe-{name}", breaks, description, seed, "AXE", made)


# ── bindings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def selected(world: World, params: Params) -> list[Extension]:
    """The binding of a subscriptionId, or every binding on virtualNum; whosever they are."""
    if "subscriptionId" in params:
        binding = world.bindings.get(params["subscriptionId"])
        return [binding] if isinstance(binding, Extension) else []
    x = world.numbers.get(str(params.get("virtualNum")))
    return list(by_digits(x).values()) if x is not None else []


def fault_stands(word: str, stands: Callable[[axe_bind.BindRequest], bool]) -> Patch:
    """Bind with another test for one of its faults."""
    return patch.dict(axe_bind.BIND_FAULTS, {word: axe_bind.BIND_FAULTS[word]._replace(stands=stands)})


# ── the end of a binding ─────────────────────────────────────────────────────────────────────────────────────────────


def on_expiry(then: Callable[[World, Extension], object]) -> Patch:
    """Do something when a binding has expired."""
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        run(world, rank, thing)
        if isinstance(thing, Extension):
            then(world, thing)

    return patch.object(World, "_run", running)


def on_leaving(then: Callable[[Extension], object]) -> Patch:
    """Do something when a binding has ended, in whatever way."""
    leave = Extension.leave

    def leaving(binding: Extension) -> None:
        leave(binding)
        then(binding)

    return patch.object(Extension, "leave", leaving)


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen_by_callers(look: Callable[[Call, dict[str, Extension], int], dict[str, Extension]]) -> Patch:
    """Look extensions that are dialled up in another index: `look` makes it of the call, the right one and the time."""
    collected = calls.CallEngine._collected

    def bent(engine: calls.CallEngine, call: Call, now_ms: int) -> None:
        held = extensions_of(call.x)
        if held is None:
            collected(engine, call, now_ms)
            return
        right, held.by_digits = held.by_digits, look(call, held.by_digits, now_ms)
        try:
            collected(engine, call, now_ms)
        finally:
            held.by_digits = right

    return patch.object(calls.CallEngine, "_collected", bent)


def a_of(x: XNumber, caller: str) -> Extension | None:
    """The binding of `caller` on `x`, where he is an A of it."""
    return by_user(x).get(caller)


def routed(route: Callable[[Any, Assumptions, XNumber, str, int], Decision]) -> Patch:
    """Decide by `route`, which gets the right way first, what becomes of a call."""
    right = axe_calls.AXECalls.route

    def bent(mode: axe_calls.AXECalls, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        def find(assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
            return right(mode, assumptions, x, caller, now_ms)

        return route(find, assumptions, x, caller, now_ms)

    return patch.object(axe_calls.AXECalls, "route", bent)


def without_rows(*rules: str) -> Patch:
    """Route calls by the table without some of its rows."""
    return patch.object(axe_calls, "CALL_TABLE", tuple(row for row in axe_calls.CALL_TABLE if row.rule not in rules))


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def events_unless(silent: Callable[[Call, str], bool]) -> Patch:
    """Send no event of a call where `silent`, which gets the call and the eventType, says so."""
    event, collected = Notifier.event, Notifier.collected

    def telling(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if not silent(call, kind):
            event(bodies, call, kind, now_ms)

    def digits_told(bodies: Notifier, call: Call, digits: str, now_ms: int) -> None:
        if not silent(call, "collectInfo"):
            collected(bodies, call, digits, now_ms)

    return patch.multiple(Notifier, event=telling, collected=digits_told)
