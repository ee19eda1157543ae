"""Seeded bugs of AXB where two features meet: a modify and a call that runs, a binding and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.changes import MODIFY, UNBIND, pair_of
from privnum.suites.mutation.axb.operators import pairs_by_id
from privnum.suites.mutation.operators import (
    around,
    calls_of,
    cut_calls,
    in_cdr,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS", "pair_now"]


# ── a modify while a call runs ───────────────────────────────────────────────────────────────────────────────────────


def _after_modify(then: Callable[[World, Pair, Params], object], *names: str) -> Patch:
    """Do something when a modify that carries one of these fields, or any, has been carried out."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        pair = pair_of(world, params)
        if pair is not None and (not names or not params.keys().isdisjoint(names)):
            then(world, pair, params)
        return fields

    return around(MODIFY, perform)


def _cuts_calls(*names: str, states: tuple[str, ...] = ("forwarded", "alerting", "answered")) -> Seed:
    """A modify of one of these fields hangs up the calls of the binding that are in one of these states."""

    def cut(world: World, pair: Pair, _params: Params) -> None:
        for call in calls_of(world, pair):
            if call.state in states:
                world.call_engine.end(call, 0, world.now_ms)
        world.run_due()

    return lambda: _after_modify(cut, *names)


def _again(world: World, call: Call) -> None:
    """Work out anew what happens next on a call."""
    if call.waiting:
        world.timers.cancel(call)
        call.waiting = False
    world.call_engine._await_next(call)


def _limit_lifted() -> Patch:
    """A modify without maxDuration takes the limit from the calls that run."""

    def lift(world: World, pair: Pair, params: Params) -> None:
        for call in () if "maxDuration" in params else calls_of(world, pair):
            if call.terms is not None:
                call.terms = call.terms._replace(max_duration=0)
                _again(world, call)

    return _after_modify(lift)


def _counted_from(since: Callable[[Call], int | None]) -> Patch:
    """The limit of a call counts from another instant."""
    next_step = calls.CallEngine._next_step

    def bent(engine: calls.CallEngine, call: Call) -> tuple[int, int | str] | None:
        step = next_step(engine, call)
        at = since(call)
        if step is not None and step[1] == calls._TOO_LONG and at is not None and call.answered_ms is not None:
            return step[0] + at - call.answered_ms, step[1]
        return step

    return patch.object(calls.CallEngine, "_next_step", bent)


def _limit_restarts() -> Patch:
    """Every modify lets the limit of a call that runs count anew."""
    begun: dict[Call, int] = {}

    def restart(world: World, pair: Pair, _params: Params) -> None:
        for call in calls_of(world, pair):
            if call.answered_ms is not None:
                begun[call] = world.now_ms
                _again(world, call)

    return together(lambda: _counted_from(begun.get), lambda: _after_modify(restart))


def _limit_of_first_call() -> Patch:
    """The limit counts from the answer of the first call of the binding."""
    answered: dict[str, int] = {}

    def since(call: Call) -> int | None:
        if call.answered_ms is None or call.terms is None:
            return None
        return max(answered.setdefault(call.terms.subscription_id, call.answered_ms), call.answered_ms - 50_000)

    return _counted_from(since)


def pair_now(call: Call) -> Pair | None:
    """The binding of a call as it is now."""
    return None if call.terms is None else pairs_by_id(call.x).get(call.terms.subscription_id)


def _callee_now(call: Call, fields: Fields, name: str) -> None:
    """Tell the callee by the binding as it is now."""
    pair = pair_now(call)
    if pair is not None and call.forwarded_to is not None and name in fields:
        fields[name] = pair.b if call.direction == 1 else pair.a


def _caller_now(call: Call, fee: Fields) -> None:
    """Tell the caller by the binding as it is now."""
    pair = pair_now(call)
    if pair is not None and call.forwarded_to is not None:
        fee["callerNum"] = pair.a if call.direction == 1 else pair.b


def _direction_now(call: Call, fee: Fields) -> None:
    """Find out at the end of a call who called whom."""
    pair = pair_now(call)
    if call.forwarded_to is not None:
        fee["direction"] = 2 if pair is None else 1 if call.caller == pair.a else 0 if call.caller == pair.b else 2


def _moves_to_new_callee() -> Patch:
    """A call that rings goes on at the new B."""

    def move(world: World, pair: Pair, _params: Params) -> None:
        for call in calls_of(world, pair):
            if call.state in ("forwarded", "alerting"):
                call.forwarded_to = pair.b if call.caller == pair.a else pair.a

    return _after_modify(move, "callerNum", "calleeNum")


def _terms_kept() -> Patch:
    """Calls go by what the binding said when it was first called."""
    kept: dict[str, Any] = {}
    terms = axb_calls._terms

    def first(pair: Pair) -> Any:
        return kept.setdefault(pair.subscription_id, terms(pair))

    return patch.object(axb_calls, "_terms", first)


def _renamed_everywhere() -> Patch:
    """A new A or B takes the place of the former one on every X of the application."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        before = (pair.a, pair.b) if pair is not None else ()
        fields: Fields = right(world, app, params)
        renamed = dict(zip(before, (pair.a, pair.b), strict=True)) if pair is not None else {}
        for x in app.numbers:
            for other in list(pairs_by_id(x).values()):
                a, b = renamed.get(other.a, other.a), renamed.get(other.b, other.b)
                if other is not pair and (a, b) != (other.a, other.b) and a != b:
                    other.rename(a, b)
        return fields

    return around(MODIFY, perform)


def _modified_end_cuts() -> Patch:
    """A binding that ends by a duration of a modify takes its calls with it."""
    modified: set[str] = set()
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        run(world, rank, thing)
        if isinstance(thing, Pair) and thing.subscription_id in modified:
            cut_calls(world, thing)

    return together(
        lambda: _after_modify(lambda _world, pair, _params: modified.add(pair.subscription_id), "duration"),
        lambda: patch.object(World, "_run", running),
    )


def _refused_while_running(operation: str) -> Seed:
    """An operation is refused while a call of the binding runs."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        if pair is not None and pair.x.app is app and calls_of(world, pair):
            raise Refusal("403/1010002", "A call of the binding is in progress.")
        fields: Fields = right(world, app, params)
        return fields

    return lambda: around(operation, perform)


MUTANTS = (
    *(
        mutant(f"{name}-ends-calls", "AXB-CALL-012", f"A modify of {name} hangs up.", _cuts_calls(name))
        for name in ("callDirection", "duration", "userData", "privateSms", "preVoice")
    ),
    mutant(
        "direction-ends-ringing",
        "AXB-CALL-101",
        "A modify of callDirection ends calls that ring.",
        _cuts_calls("callDirection", states=("forwarded", "alerting")),
    ),
    mutant("user-ends-calls", "AXB-OPEN-050", "A new A or B ends calls.", _cuts_calls("callerNum", "calleeNum")),
    mutant("ringing-moves", "AXB-OPEN-050", "A call that rings goes on at the new B.", _moves_to_new_callee),
    mutant("limit-lifted", "AXB-CALL-011", "Any modify lifts the limit of running calls.", _limit_lifted),
    mutant("limit-of-first", "AXB-CALL-011", "The limit counts from the first call.", _limit_of_first_call),
    mutant("limit-restarts", "AXB-CALL-011", "Any modify restarts the limit of running calls.", _limit_restarts),
    mutant(
        "cdr-callee-now",
        "AXB-CDR-005",
        "The CDR tells the callee of the binding at the end.",
        lambda: in_cdr(lambda call, fee: _callee_now(call, fee, "fwdDstNum")),
    ),
    mutant("cdr-caller-now", "AXB-CDR-005", "The CDR tells the A or B at the end.", lambda: in_cdr(_caller_now)),
    mutant("cdr-direction-now", "AXB-CDR-004", "direction is that of the end.", lambda: in_cdr(_direction_now)),
    mutant("terms-kept", "AXB-EVENT-010", "Calls go by the settings at the first call.", _terms_kept),
    mutant("renamed-everywhere", "AXB-MODIFY-005", "A new A stands on every X of the former.", _renamed_everywhere),
    mutant("modified-end-cuts", "AXB-CALL-010", "An end set by modify cuts calls.", _modified_end_cuts),
    mutant("no-modify-in-call", "AXB-MODIFY-006", "No modify during a call.", _refused_while_running(MODIFY)),
    mutant("no-unbind-in-call", "AXB-CALL-009", "No unbind during a call.", _refused_while_running(UNBIND)),
)
