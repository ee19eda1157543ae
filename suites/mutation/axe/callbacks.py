"""Seeded bugs of call-backs, which only AXE has.

Whom A reaches by dialling X.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import Connect, DigitsDecision, Reject
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.suites.mutation.axe.operators import route_by
from privnum.suites.mutation.axe.server import a_of, by_user, extensions_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_bind, after_modify, on_leaving
from privnum.suites.mutation.operators.calls import drop_call_rows
from privnum.suites.mutation.operators.code import replace, together, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.mockserver.modes.axe.bindings import LastCall
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

STRANGER = "+8613000000000"


# ── whom A reaches ───────────────────────────────────────────────────────────────────────────────────────────────────


def _change_reach(change: Callable[[Connect | Reject, Extension], Connect | Reject]) -> Operator:
    """Change what becomes of an A who dials X."""

    def answer(right: Any, assumptions: Assumptions, a: Extension, *given: Any) -> Connect | Reject:
        return change(right(assumptions, a, *given), a)

    return wrap(axe_calls, "_answer_to_a", answer)


def _ask_a(decide: Callable[[XNumber, str], Decision], x: XNumber, caller: str, now_ms: int) -> Decision:
    """Ask A with a record for an extension like anybody else."""
    a = a_of(x, caller)
    return decide(x, STRANGER if a is not None and a.caller_at(now_ms) is not None else caller)


def _call_no_fixed_line(decision: Connect | Reject, a: Extension) -> Connect | Reject:
    if isinstance(decision, Connect) and numbers.kind(decision.to) == "fixed_line" and decision.to == a.callback_num:
        return Reject(8019, decision.direction, decision.terms)
    return decision


def _play_nothing(decision: Connect | Reject, _a: Extension) -> Connect | Reject:
    return decision._replace(play=None) if isinstance(decision, Reject) else decision


def _show_a(decision: Connect | Reject, a: Extension) -> Connect | Reject:
    return decision._replace(shown=a.a) if isinstance(decision, Connect) else decision


def _application_first(right: Any, a: Extension | None) -> Any:
    """Let the application's setting go before the binding's."""
    return "none" if a is not None and settings_of(a.x.app).no_record else right(a)


def _without_application() -> Operator:
    """Route calls by the table without what an application sets."""
    rows = [row for row in axe_calls.CALL_TABLE if row.rule != "AXE-CALLBACK-107"]
    return replace(axe_calls, "CALL_TABLE", (*rows[:-1], rows[-1]._replace(app=None)))


def _end_without_record_with(cause: int) -> Operator:
    rows = axe_calls.CALL_TABLE
    return replace(axe_calls, "CALL_TABLE", (*rows[:-1], rows[-1]._replace(outcome=cause)))


REACHED = (
    Bug("a-is-asked", "CALLBACK-101", "A with a record is asked for an extension.", route_by(_ask_a)),
    Bug("mobiles-only", "CALLBACK-104", "A fixed line is no callbackNum.", _change_reach(_call_no_fixed_line)),
    Bug("silent-end", "CALLBACK-105", "The tone is not played, the call ends.", _change_reach(_play_nothing)),
    Bug(
        "application-first",
        "CALLBACK-105",
        "The application's setting goes first.",
        wrap(axe_calls, "_set_for_no_record", _application_first),
    ),
    Bug(
        "no-record-cause",
        "CALLBACK-106",
        "Without a record a call-back ends as with a wrong extension.",
        _end_without_record_with(8022),
    ),
    Bug("application-not-asked", "CALLBACK-107", "The application's setting is not used.", _without_application()),
    Bug("fixed-line-calls-back", "CALLBACK-109", "A on a fixed line calls back.", drop_call_rows("AXE-CALLBACK-109")),
    Bug("called-back-sees-a", "CALLBACK-112", "Who is called back sees A's number.", _change_reach(_show_a)),
)


# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _keep_first_caller(write: Any, assumptions: Assumptions, a: Extension, *given: Any) -> None:
    if a.last_call is None:
        write(assumptions, a, *given)


def _write_for_all_on_x(write: Any, assumptions: Assumptions, a: Extension, *given: Any) -> None:
    for each in extensions_on(a.x):
        write(assumptions, each, *given)


def _never_expire(record: Any, *given: Any) -> LastCall | None:
    found: LastCall | None = record(*given)
    return found and found._replace(until_ms=0)


def _write_for_wrong_extension(
    right: Any, assumptions: Assumptions, x: XNumber, caller: str, entries: tuple[str, ...]
) -> DigitsDecision:
    """Note a caller with a wrong extension for every A on X."""
    decision: DigitsDecision = right(assumptions, x, caller, entries)
    if isinstance(decision.then, Reject):
        for a in extensions_on(x):
            a.last_call = axe_times.record(assumptions, a, caller, a.subscribed_ms)
    return decision


def _forget_record(_world: World, binding: Extension, _params: Params) -> None:
    binding.last_call = None


def _share_records() -> Operator:
    """Let a record count on every X on which its A is bound.

    Whosever application that is.
    """
    latest: dict[str, str] = {}

    def note(write: Any, assumptions: Assumptions, a: Extension, caller: str, *given: Any) -> None:
        write(assumptions, a, caller, *given)
        latest[a.a] = caller

    def caller_at(binding: Extension, _now_ms: int) -> str | None:
        return latest.get(binding.a)

    return together(wrap(axe_calls, "_write_record", note), replace(Extension, "caller_at", caller_at))


RECORDS = (
    Bug(
        "first-caller-stays",
        "CALLBACK-102",
        "The first caller stays the one called back.",
        wrap(axe_calls, "_write_record", _keep_first_caller),
    ),
    Bug(
        "one-record-an-x",
        "CALLBACK-103",
        "A call to one A is a record of all.",
        wrap(axe_calls, "_write_record", _write_for_all_on_x),
    ),
    Bug("record-everywhere", "CALLBACK-103", "A record counts on every X of A.", _share_records()),
    Bug("record-for-ever", "CALLBACK-108", "A record does not expire.", wrap(axe_calls, "record", _never_expire)),
    Bug(
        "wrong-extension-recorded",
        "CALLBACK-113",
        "A caller with a wrong extension is noted as the last one.",
        wrap(axe_calls, "_decide_by_digits", _write_for_wrong_extension),
    ),
    Bug("modify-ends-record", "CALLBACK-101", "A modify forgets the record.", after_modify(_forget_record)),
)


# ── after an unbind ──────────────────────────────────────────────────────────────────────────────────────────────────


def _call_back_without_binding() -> Operator:
    """Keep records by A and X, and take none out when a binding ends."""
    kept: dict[tuple[XNumber, str], Extension] = {}

    def route(decide: Callable[[XNumber, str], Decision], x: XNumber, caller: str, now_ms: int) -> Decision:
        former = kept.get((x, caller))
        last = former.caller_at(now_ms) if former is not None and a_of(x, caller) is None else None
        right = decide(x, caller)
        if former is None or last is None or isinstance(right, Reject):
            return right
        return Connect(last, x.number, 1, axe_calls._terms(former))

    return together(on_leaving(lambda binding: kept.update({(binding.x, binding.a): binding})), route_by(route))


def _inherit_record(place: Callable[[Extension], object]) -> Operator:
    """Give a new binding the record of the last one that had its place on X."""
    kept: dict[tuple[XNumber, object], LastCall | None] = {}

    def keep(binding: Extension) -> None:
        kept[binding.x, place(binding)] = binding.last_call

    def inherit(_world: World, binding: Extension) -> None:
        binding.last_call = kept.get((binding.x, place(binding)))

    return together(on_leaving(keep), after_bind(inherit))


def _reach_by_habit() -> Operator:
    """Let X and an extension reach for a caller the same A for ever.

    Once they have put him through.
    """
    known: dict[tuple[XNumber, str, str], str] = {}

    def answer(right: Any, assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Any:
        decision = right(assumptions, a, caller, cause)
        if not isinstance(decision, Connect):
            return decision
        return decision._replace(to=known.setdefault((a.x, a.digits, caller), decision.to))

    return wrap(axe_calls, "_answer_to_n", answer)


def _clear_records_of_a(binding: Extension) -> None:
    """Clear the records of that A on every X."""
    for x in binding.x.app.numbers:
        other = by_user(x).get(binding.a)
        if other is not None:
            other.last_call = None


def _clear_records_of_x(binding: Extension) -> None:
    """Clear the records of all A of that X."""
    for other in extensions_on(binding.x):
        other.last_call = None


AFTER_UNBIND = (
    Bug("former-a-calls-back", "CALLBACK-110", "A former A calls back.", _call_back_without_binding()),
    Bug(
        "record-of-former-binding",
        "CALLBACK-111",
        "A who is bound anew reaches his caller of before.",
        _inherit_record(lambda binding: binding.a),
    ),
    Bug(
        "record-of-extension",
        "CALLBACK-103",
        "The next A of an extension has the record.",
        _inherit_record(lambda binding: binding.digits),
    ),
    Bug("caller-sticks", "UNBIND-007", "A known caller reaches the former A.", _reach_by_habit()),
    Bug("records-of-a-go", "CALLBACK-101", "Unbind clears A's records on other X.", on_leaving(_clear_records_of_a)),
    Bug("records-of-x-go", "CALLBACK-101", "Unbind clears the records of X.", on_leaving(_clear_records_of_x)),
)

BUGS = (*REACHED, *RECORDS, *AFTER_UNBIND)
