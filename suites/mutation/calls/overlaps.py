"""Seeded bugs where a call meets a change of its binding.

Or another call of it; for every mode.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Bug, Fields, mode_operator
from privnum.suites.mutation.operators.bindings import after_bind, after_modify, after_unbind, on_expiry
from privnum.suites.mutation.operators.calls import (
    await_next_anew,
    calls_of,
    change_connect,
    count_limit_from,
    cut_calls,
)
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.pushes import change_cdr, change_event, drop_cdrs, drop_events
from privnum.suites.mutation.operators.requests import serve_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.suites.mutation.model import Operator, Patch, ServerMode

__all__ = ["RINGING", "bugs", "cut_in_states"]

RINGING = ("forwarded", "alerting")


# ── a modify while a call runs ───────────────────────────────────────────────────────────────────────────────────────


def cut_in_states(*states: str) -> Callable[[World, Any, Params], None]:
    """Hang up the calls of a binding that are in one of these states."""

    def cut(world: World, binding: Any, _params: Params) -> None:
        for call in calls_of(world, binding):
            if call.state in states:
                world.call_engine.end(call, 0, world.now_ms)
        world.run_due()

    return cut


def _of_fields(mode: ServerMode) -> Iterator[Bug]:
    """A modify of each field hangs up."""
    cut = cut_in_states(*RINGING, "answered")
    for name in mode.modified_in_calls:
        yield Bug(f"{name}-ends-calls", "CALL-012", f"A modify of {name} hangs up.", after_modify(cut, name))


def _lift_limit(world: World, binding: Any, params: Params) -> None:
    """Take the limit from the calls that run, where a modify carries none."""
    for call in () if "maxDuration" in params else calls_of(world, binding):
        if call.terms is not None:
            call.terms = call.terms._replace(max_duration=0)
            await_next_anew(world, call)


def _restart_limit() -> Operator:
    """Let the limit of the calls that run count anew with every modify."""
    begun: dict[Call, int] = {}

    def restart(world: World, binding: Any, _params: Params) -> None:
        for call in calls_of(world, binding):
            if call.answered_ms is not None:
                begun[call] = world.now_ms
                await_next_anew(world, call)

    return together(count_limit_from(begun.get), after_modify(restart))


def _limit_of_first_call() -> Operator:
    """Count the limit from the answer of the first call of the binding."""
    answered: dict[str, int] = {}

    def since(call: Call) -> int | None:
        if call.answered_ms is None or call.terms is None:
            return None
        return max(answered.setdefault(call.terms.subscription_id, call.answered_ms), call.answered_ms - 50_000)

    return count_limit_from(since)


def _cut_by_modified_end() -> Operator:
    """Let a binding whose end a modify has set take its calls with it."""
    modified: set[str] = set()

    def mark(_world: World, binding: Any, _params: Params) -> None:
        modified.add(binding.subscription_id)

    def cut(world: World, binding: Any) -> None:
        if binding.subscription_id in modified:
            cut_calls(world, binding)

    return together(_after_modified_end(mark), on_expiry(cut))


@mode_operator
def _after_modified_end(mode: ServerMode, then: Callable[[World, Any, Params], None]) -> Patch:
    return after_modify(then, mode.lifetime).apply(mode)


@mode_operator
def _refuse_in_call(mode: ServerMode, operation: str) -> Patch:
    """Refuse an operation while a call of the binding runs."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if any(found.x.app is app and calls_of(world, found) for found in mode.selected(world, params)):
            raise Refusal("403/1010002", "A call of the binding is in progress.")
        fields: Fields = right(world, app, params)
        return fields

    return serve_by(operation, perform).apply(mode)


DURING_MODIFY = (
    Bug("limit-lifted", "CALL-011", "Any modify lifts the limit of running calls.", after_modify(_lift_limit)),
    Bug("limit-restarts", "CALL-011", "Any modify restarts the limit of running calls.", _restart_limit()),
    Bug("limit-of-first", "CALL-011", "The limit counts from the first call of the binding.", _limit_of_first_call()),
    Bug("modified-end-cuts", "CALL-010", "An end set by modify cuts calls.", _cut_by_modified_end()),
    Bug("no-modify-in-call", "MODIFY-006", "No modify during a call.", _refuse_in_call("modify")),
    Bug("no-unbind-in-call", "CALL-009", "No unbind during a call.", _refuse_in_call("unbind")),
)


# ── an unbind while a call runs ──────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def _change_gone_cdr(mode: ServerMode, change: Callable[[Fields], object]) -> Patch:
    """Change the CDR of a call whose binding is gone."""

    def change_if_gone(call: Call, fee: Fields) -> None:
        if mode.is_gone(call):
            change(fee)

    return change_cdr(change_if_gone).apply()


@mode_operator
def _drop_gone_cdr(mode: ServerMode) -> Patch:
    return drop_cdrs(mode.is_gone).apply()


@mode_operator
def _drop_gone_disconnect(mode: ServerMode) -> Patch:
    return drop_events(lambda call, kind: kind == "disconnect" and mode.is_gone(call)).apply()


@mode_operator
def _name_heir(mode: ServerMode, change: Callable[[Callable[[Call, Fields], None]], Operator]) -> Patch:
    """Name the binding that would serve the caller now.

    Where that of the call is gone.
    """

    def name(call: Call, fields: Fields) -> None:
        heir = mode.heir_of_call(call)
        if mode.is_gone(call) and heir is not None:
            fields["subscriptionId"] = heir.subscription_id

    return change(name).apply()


def _in_events(name: Callable[[Call, Fields], None]) -> Operator:
    return change_event(None, name)


def _drop_ringing(world: World, binding: Any) -> None:
    """Take calls that ring out of the engine, and push nothing."""
    for call in calls_of(world, binding):
        if call.state in RINGING:
            if call.waiting:
                world.timers.cancel(call)
                call.waiting = False
            call.state, call.ended_ms, call.release_cause = "ended", world.now_ms, 0


@mode_operator
def _look_up_by_binding(mode: ServerMode) -> Patch:
    """Look the call that is to be stopped up by its binding."""

    def find_unless_gone(by_session: Any, calls: CallEngine, session_id: str) -> Call | None:
        call: Call | None = by_session(calls, session_id)
        return None if call is not None and mode.is_gone(call) else call

    return wrap(CallEngine, "by_session", find_unless_gone).apply()


@mode_operator
def _select_heir_by_old_id(mode: ServerMode) -> Patch:
    """Take a gone binding's id for that of the one in its place."""
    known: dict[str, Any] = {}

    def note(_world: World, binding: Any) -> None:
        known[binding.subscription_id] = binding

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        sub = params.get("subscriptionId")
        if sub in known and world.bindings.get(str(sub)) is None:
            heir = mode.heir_of(known[str(sub)])
            params = params if heir is None else params | {"subscriptionId": heir.subscription_id}
        fields: Fields = right(world, app, params)
        return fields

    operations = filter(mode.serves, ("unbind", "modify", "query"))
    return together(after_bind(note), *(serve_by(name, perform) for name in operations)).apply(mode)


@mode_operator
def _leave_timer(mode: ServerMode) -> Patch:
    """Leave the timer of what is unbound running.

    When it is over it takes whatever has the place.
    """

    def unbind(world: World, binding: Any) -> None:
        world.bindings.remove(binding)

    def running(run: Any, world: World, rank: int, thing: Any) -> None:
        if not isinstance(thing, Binding) or world.bindings.get(thing.subscription_id) is not None:
            run(world, rank, thing)
        elif (heir := mode.heir_of(thing)) is not None:
            world.bindings.remove(heir)

    return together(replace(World, "unbind", unbind), wrap(World, "_run", running)).apply(mode)


@mode_operator
def _unbind_twins(mode: ServerMode) -> Patch:
    """Dissolve the users of what is unbound wherever they are bound.

    Also on another application's X.
    """

    def unbind(right: Any, world: World, binding: Any) -> None:
        right(world, binding)
        for x in world.numbers.values():
            for twin in mode.bindings_on(x):
                if mode.users_of(twin) == mode.users_of(binding):
                    right(world, twin)

    return wrap(World, "unbind", unbind).apply()


AFTER_UNBIND = (
    Bug("gone-no-cdr", "CDR-001", "No CDR without a binding.", _drop_gone_cdr()),
    Bug("gone-no-disconnect", "EVENT-001", "No disconnect without a binding.", _drop_gone_disconnect()),
    Bug(
        "gone-cdr-id",
        "CDR-010",
        "The CDR of a dissolved binding has no subscriptionId.",
        _change_gone_cdr(lambda fee: fee.update(subscriptionId="")),
    ),
    Bug(
        "gone-cdr-direction",
        "CDR-004",
        "The CDR of a dissolved binding has direction 2.",
        _change_gone_cdr(lambda fee: fee.update(direction=2)),
    ),
    Bug(
        "gone-no-recording",
        "CDR-011",
        "The CDR of a dissolved binding has no recording.",
        _change_gone_cdr(lambda fee: fee.update(recordFlag=0, recordObjectName="")),
    ),
    Bug("heir-event-id", "EVENT-008", "Events name what is bound now.", _name_heir(_in_events)),
    Bug("heir-cdr-id", "CDR-010", "The CDR names what is bound now.", _name_heir(change_cdr)),
    Bug("ringing-dropped", "EVENT-002", "Unbind drops ringing calls without a word.", after_unbind(_drop_ringing)),
    Bug("stop-needs-binding", "COM-STOP-001", "Stop call needs a binding.", _look_up_by_binding()),
    Bug("old-id-selects", "UNBIND-004", "A dissolved id selects what was bound anew.", _select_heir_by_old_id()),
    Bug("old-timer", "LIFE-002", "The timer of an unbound binding ends its successor.", _leave_timer()),
    Bug("unbind-twins", "UNBIND-001", "The users of a binding are unbound everywhere.", _unbind_twins()),
)


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


def _have_one_binding(one: Call, other: Call) -> bool:
    if one is other or one.terms is None or other.terms is None:
        return False
    return one.terms.subscription_id == other.terms.subscription_id


def _end_together(end: Any, calls: CallEngine, call: Call, cause: int, now_ms: int) -> None:
    """End the other calls of the binding too."""
    end(calls, call, cause, now_ms)
    for other in list(calls._calls.values()):
        if other.state != "ended" and _have_one_binding(call, other):
            end(calls, other, cause, now_ms)


def _stop_together(stop: Any, world: World, call: Call) -> None:
    """Release every call of the binding."""
    stop(world, call)
    binding = world.bindings.get(call.terms.subscription_id) if call.terms else None
    if binding is not None:
        cut_calls(world, binding)


def _busy_in_call() -> Operator:
    """Let a call of a binding find another one of it in the line."""
    latest: dict[str, Call] = {}

    def note(event: Any, notifier: Notifier, call: Call, *given: Any) -> None:
        if call.terms is not None and call.forwarded_to is not None:
            latest[call.terms.subscription_id] = call
        event(notifier, call, *given)

    def busy(decision: Connect, _x: XNumber, _caller: str) -> Decision:
        other = latest.get(decision.terms.subscription_id)
        if other is None or other.state != "answered":
            return decision
        return Reject(8102, decision.direction, decision.terms, decision.extension)

    return together(wrap(Notifier, "event", note), change_connect(busy))


def _share_session(forward: Any, calls: CallEngine, call: Call, *given: Any) -> None:
    """Give a call the sessionId of another one of the binding that runs."""
    for other in calls._calls.values():
        if other.state != "ended" and _have_one_binding(call, other):
            call.session_id = other.session_id
    forward(calls, call, *given)


def _one_cdr_a_binding() -> Operator:
    """Write no CDR of a call while another one of the binding runs."""
    begun: list[Call] = []

    def note(event: Any, notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if kind == "callin":
            begun.append(call)
        event(notifier, call, kind, now_ms)

    def is_dropped(call: Call) -> bool:
        return any(other.state != "ended" and _have_one_binding(call, other) for other in begun)

    return together(wrap(Notifier, "event", note), drop_cdrs(is_dropped))


TWO_CALLS = (
    Bug("end-together", "CALL-012", "Calls of a binding end together.", wrap(CallEngine, "end", _end_together)),
    Bug("stop-together", "COM-STOP-001", "Stop call stops all of a binding.", wrap(World, "stop_call", _stop_together)),
    Bug("busy-binding", "CALL-102", "A binding carries one call at a time.", _busy_in_call()),
    Bug(
        "one-session", "EVENT-004", "Calls of a binding share a session.", wrap(CallEngine, "_forward", _share_session)
    ),
    Bug("one-cdr", "CDR-001", "A binding has one CDR for the calls of a time.", _one_cdr_a_binding()),
)


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return chain(_of_fields(mode), DURING_MODIFY, AFTER_UNBIND, TWO_CALLS)
