"""Seeded bugs of AXB where two features meet: what is told of a binding that is gone, two calls of one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb.bindings import Pair, pair_of
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.changes import MODIFY, UNBIND
from privnum.suites.mutation.axb.combined import pair_now
from privnum.suites.mutation.operators import (
    around,
    calls_of,
    cut_calls,
    events_unless,
    in_cdr,
    in_event,
    no_cdr_unless,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]


# ── an unbind while a call runs, and what comes after it ─────────────────────────────────────────────────────────────


def _is_gone(call: Call) -> bool:
    """Whether the binding of a call that was put through is gone."""
    return call.forwarded_to is not None and call.terms is not None and pair_now(call) is None


def _unless_gone(bend: Callable[[Fields], object]) -> Callable[[Call, Fields], None]:
    """Bend what is told of a call whose binding is gone."""

    def bent(call: Call, fields: Fields) -> None:
        if _is_gone(call):
            bend(fields)

    return bent


def _heirs_id(call: Call, fields: Fields) -> None:
    """Name the binding that the caller has on X now."""
    heir = pair_of(call.x, call.caller)
    if _is_gone(call) and heir is not None:
        fields["subscriptionId"] = heir.subscription_id


def _silently_dropped() -> Patch:
    """An unbind takes calls that ring out of the engine, and tells nobody."""
    unbind = World.unbind

    def dropping(world: World, binding: Any) -> None:
        unbind(world, binding)
        for call in calls_of(world, binding):
            if call.state in ("forwarded", "alerting"):
                if call.waiting:
                    world.timers.cancel(call)
                    call.waiting = False
                call.state, call.ended_ms, call.release_cause = "ended", world.now_ms, 0

    return patch.object(World, "unbind", dropping)


def _needs_a_binding() -> Patch:
    """Stop call looks the call up by its binding."""
    by_session = calls.CallEngine.by_session

    def found(engine: calls.CallEngine, session_id: str) -> Call | None:
        call = by_session(engine, session_id)
        return None if call is not None and _is_gone(call) else call

    return patch.object(calls.CallEngine, "by_session", found)


def _old_id_selects() -> Patch:
    """The id of a dissolved binding selects the one that has been bound for the same users on that X since."""
    users: dict[str, tuple[XNumber, str]] = {}
    bind = World.bind

    def noting(world: World, binding: Any) -> None:
        bind(world, binding)
        users[binding.subscription_id] = (binding.x, binding.a)

    def seed_of(operation: str) -> Seed:
        def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
            sub = params.get("subscriptionId")
            if sub is not None and world.bindings.get(sub) is None and sub in users:
                x, a = users[sub]
                pair = pair_of(x, a)
                params = params if pair is None else params | {"subscriptionId": pair.subscription_id}
            fields: Fields = right(world, app, params)
            return fields

        return lambda: around(operation, perform)

    noted: Seed = lambda: patch.object(World, "bind", noting)  # noqa: E731
    return together(noted, *map(seed_of, (UNBIND, MODIFY, "axb.query")))


def _old_timer_goes_on() -> Patch:
    """An unbind leaves the timer running; when it is over it takes whatever its A has on that X."""

    def unbind(world: World, binding: Any) -> None:
        world.bindings.remove(binding)

    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        if isinstance(thing, Pair) and world.bindings.get(thing.subscription_id) is None:
            heir = pair_of(thing.x, thing.a)
            if heir is not None:
                world.bindings.remove(heir)
            return
        run(world, rank, thing)

    return together(lambda: patch.object(World, "unbind", unbind), lambda: patch.object(World, "_run", running))


def _unbound_with_twins() -> Patch:
    """An unbind of A and B dissolves them wherever they are a pair, be it another application's."""
    unbind = World.unbind

    def everywhere(world: World, binding: Any) -> None:
        unbind(world, binding)
        for x in world.numbers.values():
            twin = pair_of(x, binding.a)
            if isinstance(twin, Pair) and (twin.a, twin.b) == (binding.a, binding.b):
                unbind(world, twin)

    return patch.object(World, "unbind", everywhere)


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


def _all_end_together() -> Patch:
    """When a call of a binding ends the others of it end too."""
    end = calls.CallEngine.end

    def ending(engine: calls.CallEngine, call: Call, cause: int, now_ms: int) -> None:
        end(engine, call, cause, now_ms)
        for other in list(engine._calls.values()):
            same = call.terms is not None and other.terms is not None
            if same and other.state != "ended" and other.terms.subscription_id == call.terms.subscription_id:  # type: ignore[union-attr]
                end(engine, other, cause, now_ms)

    return patch.object(calls.CallEngine, "end", ending)


def _stopped_together() -> Patch:
    """Stop call releases every call of the binding."""
    stop = World.stop_call

    def stopping(world: World, call: Call) -> None:
        stop(world, call)
        binding = world.bindings.get(call.terms.subscription_id) if call.terms else None
        if binding is not None:
            cut_calls(world, binding)

    return patch.object(World, "stop_call", stopping)


def _busy_line() -> Patch:
    """While a call of a binding runs, another one finds it busy."""
    route = axb_calls.AXBCalls.route
    talking: dict[str, Call] = {}
    event = Notifier.event

    def noting(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if call.terms is not None and call.forwarded_to is not None:
            talking[call.terms.subscription_id] = call
        event(bodies, call, kind, now_ms)

    def bent(self: axb_calls.AXBCalls, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        decision = route(self, assumptions, x, caller, now_ms)
        if not isinstance(decision, Connect):
            return decision
        other = talking.get(decision.terms.subscription_id)
        busy = other is not None and other.state == "answered"
        return Reject(8102, decision.direction, decision.terms) if busy else decision

    return together(
        lambda: patch.object(Notifier, "event", noting), lambda: patch.object(axb_calls.AXBCalls, "route", bent)
    )


def _one_session() -> Patch:
    """Calls of one binding have one sessionId while they run at a time."""
    place = calls.CallEngine._forward

    def forward(engine: calls.CallEngine, call: Call, decision: Connect, now_ms: int) -> None:
        for other in engine._calls.values():
            if other is not call and other.state != "ended" and other.terms == call.terms and call.terms is not None:
                call.session_id = other.session_id
        place(engine, call, decision, now_ms)

    return patch.object(calls.CallEngine, "_forward", forward)


def _one_cdr_a_binding() -> Patch:
    """A CDR of a binding of which another call still runs is left out."""
    running: list[Call] = []
    event = Notifier.event

    def noting(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if kind == "callin":
            running.append(call)
        event(bodies, call, kind, now_ms)

    def told(call: Call) -> bool:
        return not any(
            other.state != "ended" and call.terms is not None and other.terms == call.terms for other in running
        )

    return together(lambda: patch.object(Notifier, "event", noting), lambda: no_cdr_unless(told))


AFTER_UNBIND = (
    mutant(
        "gone-cdr-id",
        "AXB-CDR-010",
        "The CDR of a dissolved binding has no subscriptionId.",
        lambda: in_cdr(_unless_gone(lambda fee: fee.update(subscriptionId=""))),
    ),
    mutant("gone-no-cdr", "AXB-CDR-001", "No CDR without a binding.", lambda: no_cdr_unless(lambda c: not _is_gone(c))),
    mutant(
        "gone-no-disconnect",
        "AXB-EVENT-001",
        "No disconnect without a binding.",
        lambda: events_unless(lambda call, kind: kind == "disconnect" and _is_gone(call)),
    ),
    mutant("heir-event-id", "AXB-EVENT-008", "Events name what is bound now.", lambda: in_event(None, _heirs_id)),
    mutant("heir-cdr-id", "AXB-CDR-010", "The CDR names what is bound now.", lambda: in_cdr(_heirs_id)),
    mutant(
        "gone-no-recording",
        "AXB-CDR-011",
        "The recording of a dissolved binding is not told.",
        lambda: in_cdr(_unless_gone(lambda fee: fee.update(recordFlag=0, recordObjectName=""))),
    ),
    mutant("ringing-dropped", "AXB-EVENT-002", "Unbind drops ringing calls without a word.", _silently_dropped),
    mutant("stop-needs-binding", "COM-STOP-001", "Stop call needs a binding.", _needs_a_binding),
    mutant("old-id-selects", "AXB-UNBIND-004", "A dissolved id selects the pair bound anew.", _old_id_selects),
    mutant("old-timer", "AXB-LIFE-002", "The timer of an unbound pair ends its successor.", _old_timer_goes_on),
    mutant("unbind-twins", "AXB-UNBIND-001", "A and B are unbound everywhere.", _unbound_with_twins),
)

TWO_CALLS = (
    mutant("end-together", "AXB-CALL-012", "Calls of a binding end together.", _all_end_together),
    mutant("stop-together", "COM-STOP-001", "Stop call stops all calls of a binding.", _stopped_together),
    mutant("busy-binding", "AXB-CALL-102", "A binding carries one call at a time.", _busy_line),
    mutant("one-session", "AXB-EVENT-004", "Calls of a binding share a session.", _one_session),
    mutant("one-cdr", "AXB-CDR-001", "A binding has one CDR for its calls.", _one_cdr_a_binding),
)

MUTANTS = (*AFTER_UNBIND, *TWO_CALLS)
