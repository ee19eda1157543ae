"""Seeded bugs of AXE where two features meet: a modify or an unbind and calls, records and new bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension, LastCall
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axe.operators import (
    by_digits,
    by_user,
    events_unless,
    mutant,
    on_leaving,
    routed,
    selected,
)
from privnum.suites.mutation.operators import (
    around,
    calls_of,
    cut_calls,
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

MODIFY = "axe.modify"


# ── a modify while a call runs ───────────────────────────────────────────────────────────────────────────────────────


def _after_modify(then: Callable[[World, Extension], object], *names: str) -> Patch:
    """Do something when a modify that carries one of these fields, or any, has been carried out."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        there = selected(world, params)
        there = [b for b in there if "subscriptionId" in params or b.digits == params.get("extendNum")]
        for binding in there if not names or not params.keys().isdisjoint(names) else ():
            then(world, binding)
        return fields

    return around(MODIFY, perform)


def _cuts_calls(name: str) -> Seed:
    """A modify of a field hangs up the calls of the binding."""
    return lambda: _after_modify(cut_calls, name)


def _ends_collecting() -> Patch:
    """A modify ends the calls to its X that are asked for an extension."""

    def end(world: World, binding: Extension) -> None:
        for view in world.call_engine.view():
            call = world.call_engine.get(view["id"])
            if call is not None and call.x is binding.x and call.state == "collecting":
                world.call_engine.end(call, 8022, world.now_ms)

    return _after_modify(end)


def _forget_record(_world: World, binding: Extension) -> None:
    binding.last_call = None


def _now(call: Call) -> Extension | None:
    """The binding of a call as it is now."""
    held = by_digits(call.x).values()
    return next((b for b in held if call.terms and b.subscription_id == call.terms.subscription_id), None)


def _callee_now(call: Call, fee: Fields) -> None:
    """Tell of a call-back whom A would reach now."""
    binding = _now(call)
    if binding is not None and call.extension is None and call.forwarded_to is not None:
        fee["fwdDstNum"] = binding.callback_num or call.forwarded_to


def _modified_end_cuts() -> Patch:
    """A binding whose end a modify has set takes its calls with it."""
    modified: set[str] = set()
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        run(world, rank, thing)
        if isinstance(thing, Extension) and thing.subscription_id in modified:
            cut_calls(world, thing)

    marked: Seed = lambda: _after_modify(lambda _, b: modified.add(b.subscription_id), "bindExpiredTime")  # noqa: E731
    return together(marked, lambda: patch.object(World, "_run", running))


def _refused_while_running() -> Patch:
    """No modify while a call of the binding runs."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" in params and any(calls_of(world, b) for b in selected(world, params)):
            raise Refusal("403/1010002", "A call of the binding is in progress.")
        fields: Fields = right(world, app, params)
        return fields

    return around(MODIFY, perform)


# ── after an unbind ──────────────────────────────────────────────────────────────────────────────────────────────────


def _record_of_extension() -> Patch:
    """A record belongs to X and extension: whoever is bound with it next has it."""
    kept: dict[tuple[XNumber, str], LastCall | None] = {}
    enter = Extension.enter

    def entering(binding: Extension) -> None:
        enter(binding)
        binding.last_call = kept.get((binding.x, binding.digits))

    return together(
        lambda: on_leaving(lambda b: kept.update({(b.x, b.digits): b.last_call})),
        lambda: patch.object(Extension, "enter", entering),
    )


def _caller_sticks() -> Patch:
    """Who was once put through by X and an extension reaches the same A ever after."""
    known: dict[tuple[XNumber, str, str], str] = {}
    right = axe_calls._answer_to_n

    def bent(assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Connect | Reject:
        decision = right(assumptions, a, caller, cause)
        if not isinstance(decision, Connect):
            return decision
        return decision._replace(to=known.setdefault((a.x, a.digits, caller), decision.to))

    return patch.object(axe_calls, "_answer_to_n", bent)


def _called_back_anyway() -> Patch:
    """Whom a user without a binding has had in his record on X, he reaches as long as X is bound."""
    left: dict[tuple[XNumber, str], Extension] = {}

    def route(find: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        right: Decision = find(assumptions, x, caller, now_ms)
        former = left.get((x, caller))
        held = by_user(x)
        last = former.caller_at(now_ms) if former is not None and caller not in held else None
        if former is None or last is None or isinstance(right, Reject):
            return right
        return Connect(last, x.number, 1, axe_calls._terms(former))

    return together(lambda: routed(route), lambda: on_leaving(lambda b: left.update({(b.x, b.a): b})))


def _records_of_a_go() -> Patch:
    """An unbind clears the records of that A on every X."""

    def clear(binding: Extension) -> None:
        for x in binding.x.app.numbers:
            other = by_user(x).get(binding.a)
            if other is not None:
                other.last_call = None

    return on_leaving(clear)


def _records_of_x_go() -> Patch:
    """An unbind clears the records of all A of its X."""

    def clear(binding: Extension) -> None:
        for other in by_user(binding.x).values():
            other.last_call = None

    return on_leaving(clear)


def _record_everywhere() -> Patch:
    """A record counts on every X on which its A is bound, whosever application that is."""
    latest: dict[str, str] = {}
    write = axe_calls._write_record

    def noting(assumptions: Assumptions, a: Extension, caller: str, moment: str, now_ms: int) -> None:
        write(assumptions, a, caller, moment, now_ms)
        latest[a.a] = caller

    def caller_at(binding: Extension, now_ms: int) -> str | None:
        del now_ms
        return latest.get(binding.a)

    return together(
        lambda: patch.object(axe_calls, "_write_record", noting),
        lambda: patch.object(Extension, "caller_at", caller_at),
    )


def _old_timer_goes_on() -> Patch:
    """An unbind leaves the timer running; when it is over it takes whatever has that extension on X."""
    run = World._run

    def running(world: World, rank: int, thing: Any) -> None:
        if isinstance(thing, Extension) and world.bindings.get(thing.subscription_id) is None:
            heir = by_digits(thing.x).get(thing.digits)
            if heir is not None:
                world.bindings.remove(heir)
            return
        run(world, rank, thing)

    return together(
        lambda: patch.object(World, "unbind", lambda world, binding: world.bindings.remove(binding)),
        lambda: patch.object(World, "_run", running),
    )


def _is_gone(call: Call) -> bool:
    """Whether the binding of a call that was put through is gone."""
    return call.forwarded_to is not None and call.terms is not None and _now(call) is None


def _of_gone(bend: Callable[[Fields], object]) -> Seed:
    """Bend the CDR of a call whose binding is gone."""

    def bent(call: Call, fee: Fields) -> None:
        if _is_gone(call):
            bend(fee)

    return lambda: in_cdr(bent)


def _heirs_id(call: Call, fields: Fields) -> None:
    """Name the binding that has the extension now."""
    heir = by_digits(call.x).get(call.extension or "")
    if _is_gone(call) and heir is not None:
        fields["subscriptionId"] = heir.subscription_id


def _needs_a_binding() -> Patch:
    """Stop call looks the call up by its binding."""
    by_session = calls.CallEngine.by_session

    def found(engine: calls.CallEngine, session_id: str) -> Call | None:
        call = by_session(engine, session_id)
        return None if call is not None and _is_gone(call) else call

    return patch.object(calls.CallEngine, "by_session", found)


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


def _busy_a() -> Patch:
    """While A talks, another caller finds him busy."""
    right = axe_calls._answer_to_n
    reached: dict[str, Call] = {}
    event = Notifier.event

    def noting(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if call.forwarded_to is not None:
            reached[call.forwarded_to] = call
        event(bodies, call, kind, now_ms)

    def bent(assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Connect | Reject:
        other = reached.get(a.a)
        busy = other is not None and other.state == "answered"
        return right(assumptions, a, caller, 8102 if busy else cause)

    return together(
        lambda: patch.object(Notifier, "event", noting), lambda: patch.object(axe_calls, "_answer_to_n", bent)
    )


def _one_prompt_an_x() -> Patch:
    """Who dials an X at which another caller is being asked is asked in his stead: the first one's call ends."""
    ask = calls.CallEngine._ask

    def asking(engine: calls.CallEngine, call: Call, decision: Any, now_ms: int) -> None:
        for other in list(engine._calls.values()):
            if other is not call and other.x is call.x and other.state == "collecting":
                engine.end(other, 8008, now_ms)
        ask(engine, call, decision, now_ms)

    return patch.object(calls.CallEngine, "_ask", asking)


DURING_MODIFY = (
    *(
        mutant(f"{name}-ends-calls", "AXE-CALL-012", f"A modify of {name} hangs up.", _cuts_calls(name))
        for name in ("callbackNum", "callbackTone", "recordFlag", "bindExpiredTime", "callbackExpiredTime")
    ),
    mutant("modify-ends-asking", "AXE-CALL-101", "A modify ends calls that are asked.", _ends_collecting),
    mutant(
        "modify-ends-record", "AXE-CALLBACK-101", "A modify forgets the record.", lambda: _after_modify(_forget_record)
    ),
    mutant("cdr-callee-now", "AXE-CDR-005", "The CDR tells callbackNum of the end.", lambda: in_cdr(_callee_now)),
    mutant("modified-end-cuts", "AXE-CALL-010", "An end set by modify cuts calls.", _modified_end_cuts),
    mutant("no-modify-in-call", "AXE-MODIFY-104", "No modify during a call.", _refused_while_running),
)

AFTER_UNBIND = (
    mutant("record-of-extension", "AXE-CALLBACK-103", "The next A has the record.", _record_of_extension),
    mutant("caller-sticks", "AXE-UNBIND-007", "A known caller reaches the former A.", _caller_sticks),
    mutant("former-a-calls-back", "AXE-CALLBACK-110", "A former A calls back.", _called_back_anyway),
    mutant("records-of-a-go", "AXE-CALLBACK-101", "Unbind clears A's records on other X.", _records_of_a_go),
    mutant("records-of-x-go", "AXE-CALLBACK-101", "Unbind clears the records of others on X.", _records_of_x_go),
    mutant("record-everywhere", "AXE-CALLBACK-103", "A record counts on every X of A.", _record_everywhere),
    mutant("old-timer", "AXE-LIFE-002", "The timer of an unbound extension goes on.", _old_timer_goes_on),
    mutant("gone-cdr-id", "AXE-CDR-010", "No subscriptionId.", _of_gone(lambda fee: fee.update(subscriptionId=""))),
    mutant("gone-cdr-extension", "AXE-CDR-101", "No extension.", _of_gone(lambda fee: fee.pop("extendNumber", 0))),
    mutant("gone-cdr-direction", "AXE-CDR-004", "direction 2.", _of_gone(lambda fee: fee.update(direction=2))),
    mutant("gone-no-cdr", "AXE-CDR-001", "No CDR without a binding.", lambda: no_cdr_unless(lambda c: not _is_gone(c))),
    mutant(
        "gone-no-disconnect",
        "AXE-EVENT-001",
        "No disconnect without a binding.",
        lambda: events_unless(lambda call, kind: kind == "disconnect" and _is_gone(call)),
    ),
    mutant("heir-event-id", "AXE-EVENT-008", "Events name what is bound now.", lambda: in_event(None, _heirs_id)),
    mutant("heir-cdr-id", "AXE-CDR-010", "The CDR names what is bound now.", lambda: in_cdr(_heirs_id)),
    mutant("stop-needs-binding", "COM-STOP-001", "Stop call needs a binding.", _needs_a_binding),
)

TWO_CALLS = (
    mutant("busy-a", "AXE-CALL-102", "A who talks cannot be called.", _busy_a),
    mutant("one-prompt", "AXE-CALL-101", "An X asks one caller at a time.", _one_prompt_an_x),
)

MUTANTS = (*DURING_MODIFY, *AFTER_UNBIND, *TWO_CALLS)
