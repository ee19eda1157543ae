"""Seeded bugs of calls put through, and of their ends, for every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.calls import engine
from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes import call_table
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Bug, mode_operator
from privnum.suites.mutation.operators.bindings import after_unbind, on_expiry
from privnum.suites.mutation.operators.calls import (
    carry_calls_but_in,
    change_connect,
    count_limit_from,
    cut_calls,
    drop_call_rows,
    end_with,
    give_up_with,
    wait_in_silence,
)
from privnum.suites.mutation.operators.code import replace, together, wrap

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Operator, Patch, ServerMode

__all__ = ["BUGS"]

ENDS = (
    ("busy", 8101, "CALL-016"),
    ("no_answer", 7502, "CALL-017"),
    ("reject", 8102, "CALL-018"),
    ("powered_off", 8103, "CALL-019"),
    ("out_of_service", 8104, "CALL-020"),
    ("not_exist", 8105, "CALL-021"),
    ("unreachable", 8104, "CALL-005"),
    ("unregistered", 8059, "CALL-022"),
    ("silent", 8101, "CALL-006"),
)
"""How a callee does not take a call, a cause that is wrong for it, and the rule that says the right one."""


def _no_fixed_line(decision: Connect, _x: XNumber, _caller: str) -> Decision:
    if numbers.kind(decision.to) != "fixed_line":
        return decision
    return Reject(8023, decision.direction, decision.terms, decision.extension)


def _limit(minutes: int) -> Operator:
    """End a call that has no limit after this many minutes."""

    def limit_duration(decision: Connect, _x: XNumber, _caller: str) -> Decision:
        return decision._replace(terms=decision.terms._replace(max_duration=decision.terms.max_duration or minutes))

    return change_connect(limit_duration)


def _start(call: Call) -> int:
    return call.started_ms


def _unbind_by_calls() -> Operator:
    """Let a call that was put through and is over take its binding with it."""
    worlds: dict[CallEngine, World] = {}

    def placing(place: Any, world: World, *given: Any) -> Any:
        worlds[world.call_engine] = world
        return place(world, *given)

    def ending(end: Any, calls: CallEngine, call: Call, *given: Any) -> None:
        end(calls, call, *given)
        binding = worlds[calls].bindings.get(call.terms.subscription_id) if call.terms else None
        if binding is not None and call.forwarded_to is not None:
            worlds[calls].unbind(binding)

    return together(wrap(World, "place_call", placing), wrap(CallEngine, "end", ending))


@mode_operator
def _bind_anew_on_expiry(mode: ServerMode) -> Patch:
    """Bind what has expired anew, where nobody has taken its place."""

    def renew(world: World, binding: Any) -> None:
        # a Y of AXYB ends with its binding: bound anew it would end in the same instant, again and again
        if isinstance(binding, mode.binding) and mode.heir_of(binding) is None:
            world.bind(mode.bound_anew(world, binding))

    return on_expiry(renew).apply()


BUGS = (
    Bug("calls-unbind", "CALL-001", "A call that is over takes its binding with it.", _unbind_by_calls()),
    Bug("frozen-tenant-calls", "CALL-002", "A frozen tenant has calls.", replace(call_table, "FROZEN", "never")),
    Bug("unavailable-calls", "CALL-003", "An X of status 10 carries calls.", carry_calls_but_in("9")),
    Bug("suspended-calls", "CALL-003", "An X of status 9 carries calls.", carry_calls_but_in("10")),
    Bug("frozen-is-dead", "CALL-004", "An X of status 11 carries no calls.", carry_calls_but_in("9", "10", "11")),
    *(
        Bug(f"ends-{how}", rule, f"A call to {how} ends with {cause}.", end_with(how, cause))
        for how, cause, rule in ENDS
    ),
    Bug("impatient", "CALL-006", "The platform gives up after a minute.", wait_in_silence(60)),
    Bug("patient", "CALL-006", "The platform gives up after two minutes.", wait_in_silence(120)),
    Bug("fixed-line-calls", "CALL-007", "A fixed line is put through like a mobile.", drop_call_rows()),
    Bug("no-line-rings", "CALL-008", "A fixed line cannot be called.", change_connect(_no_fixed_line)),
    Bug("unbind-cuts-calls", "CALL-009", "Unbind hangs up the calls of the binding.", after_unbind(cut_calls)),
    Bug("expiry-cuts-calls", "CALL-010", "Expiry hangs up the calls of the binding.", on_expiry(cut_calls)),
    Bug("limit-from-start", "CALL-011", "maxDuration counts from the dialling.", count_limit_from(_start)),
    Bug("limit-cause", "CALL-011", "A call that lasts too long ends with cause 0.", replace(engine, "_TOO_LONG", 0)),
    Bug("day-at-most", "CALL-012", "A call ends after a day.", _limit(1440)),
    Bug("four-hours", "CALL-012", "A call ends after four hours.", _limit(240)),
    Bug("hang-up-cause", "CALL-013", "Hanging up after the answer is 7502.", replace(engine, "_ANSWERED_CAUSE", 7502)),
    Bug("gave-up-early", "CALL-014", "Giving up before it rings is 7502.", give_up_with("forwarded", 7502)),
    Bug("gave-up-late", "CALL-015", "Giving up while it rings is 7501.", give_up_with("alerting", 7501)),
    Bug("renewed", "STATE-001", "An expired binding is bound anew by itself.", _bind_anew_on_expiry()),
)
