"""Seeded bugs of AXE's call-backs: whom A reaches by dialling X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import Connect, DigitsDecision, Reject
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.axe.operators import (
    a_of,
    by_user,
    mutant,
    on_leaving,
    routed,
    without_rows,
)
from privnum.suites.mutation.operators import together

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision
    from privnum.mockserver.modes.axe.bindings import Extension, LastCall
    from privnum.suites.mutation.model import Patch

__all__ = ["MUTANTS"]


def _answered_to_a(bend: Callable[[Connect | Reject, Extension], Connect | Reject]) -> Patch:
    """Bend what becomes of an A who dials X."""
    right = axe_calls._answer_to_a

    def bent(assumptions: Assumptions, a: Extension, last: str | None, outcome: str | int) -> Connect | Reject:
        return bend(right(assumptions, a, last, outcome), a)

    return patch.object(axe_calls, "_answer_to_a", bent)


def _nobody_asked() -> Patch:
    """A with a record is asked for an extension like anybody else."""

    def route(find: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        a = a_of(x, caller)
        stranger = "+8613000000000" if a is not None and a.caller_at(now_ms) is not None else caller
        found: Decision = find(assumptions, x, stranger, now_ms)
        return found

    return routed(route)


def _first_caller_stays() -> Patch:
    write = axe_calls._write_record

    def keep(assumptions: Assumptions, a: Extension, caller: str, moment: str, now_ms: int) -> None:
        if a.last_call is None:
            write(assumptions, a, caller, moment, now_ms)

    return patch.object(axe_calls, "_write_record", keep)


def _one_record_an_x() -> Patch:
    write = axe_calls._write_record

    def everybody(assumptions: Assumptions, a: Extension, caller: str, moment: str, now_ms: int) -> None:
        for each in by_user(a.x).values():
            write(assumptions, each, caller, moment, now_ms)

    return patch.object(axe_calls, "_write_record", everybody)


def _record_for_ever() -> Patch:
    record = axe_times.record

    def endless(assumptions: Assumptions, extension: Extension, caller: str, written_ms: int) -> LastCall | None:
        found = record(assumptions, extension, caller, written_ms)
        return found and found._replace(until_ms=0)

    return patch.object(axe_calls, "record", endless)


def _mobiles_only(decision: Connect | Reject, a: Extension) -> Connect | Reject:
    """A callbackNum that is a fixed line is not called."""
    if isinstance(decision, Connect) and numbers.kind(decision.to) == "fixed_line" and decision.to == a.callback_num:
        return Reject(8019, decision.direction, decision.terms)
    return decision


def _silent_end(decision: Connect | Reject, _a: Extension) -> Connect | Reject:
    """No tone is played to A."""
    return decision._replace(play=None) if isinstance(decision, Reject) else decision


def _application_first() -> Patch:
    """The application's setting goes before the binding's."""
    chosen = axe_calls._set_for_no_record

    def bent(a: Extension | None) -> str:
        return "none" if a is not None and settings_of(a.x.app).no_record else chosen(a)

    return patch.object(axe_calls, "_set_for_no_record", bent)


def _application_not_asked() -> Patch:
    rows = [row for row in axe_calls.CALL_TABLE if row.rule != "AXE-CALLBACK-107"]
    return patch.object(axe_calls, "CALL_TABLE", (*rows[:-1], rows[-1]._replace(app=None)))


def _record_outlives_binding() -> Patch:
    """Call-back records are kept by A and X, and nothing is taken out when a binding ends."""
    kept: dict[tuple[XNumber, str], Extension] = {}

    def route(find: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        former = kept.get((x, caller))
        last = former.caller_at(now_ms) if former is not None and a_of(x, caller) is None else None
        if former is not None and last is not None:
            return Connect(last, x.number, 1, axe_calls._terms(former))
        found: Decision = find(assumptions, x, caller, now_ms)
        return found

    return together(
        lambda: on_leaving(lambda binding: kept.update({(binding.x, binding.a): binding})),
        lambda: routed(route),
    )


def _record_of_a_former_binding() -> Patch:
    """A binding takes over the record of the last one of its A on X."""
    kept: dict[tuple[XNumber, str], Extension] = {}
    bind = World.bind

    def binding_anew(world: World, binding: Any) -> None:
        bind(world, binding)
        former = kept.get((binding.x, binding.a))
        binding.last_call = former.last_call if former is not None else None

    return together(
        lambda: on_leaving(lambda binding: kept.update({(binding.x, binding.a): binding})),
        lambda: patch.object(World, "bind", binding_anew),
    )


def _sees_a(decision: Connect | Reject, a: Extension) -> Connect | Reject:
    return decision._replace(shown=a.a) if isinstance(decision, Connect) else decision


def _everybody_who_dialled() -> Patch:
    """A caller with a wrong extension is noted for every A on X."""
    right = axe_calls._entered

    def entered(assumptions: Assumptions, x: XNumber, caller: str, entries: tuple[str, ...]) -> DigitsDecision:
        checked = right(assumptions, x, caller, entries)
        if isinstance(checked.then, Reject) and extensions_of(x) is not None:
            for a in by_user(x).values():
                a.last_call = axe_times.record(assumptions, a, caller, a.subscribed_ms)
        return checked

    return patch.object(axe_calls, "_entered", entered)


MUTANTS = (
    mutant("a-is-asked", "AXE-CALLBACK-101", "A with a record is asked for an extension.", _nobody_asked),
    mutant(
        "first-caller-stays", "AXE-CALLBACK-102", "The first caller stays the one called back.", _first_caller_stays
    ),
    mutant("one-record-an-x", "AXE-CALLBACK-103", "A call to one A is a record of all.", _one_record_an_x),
    mutant(
        "mobiles-only",
        "AXE-CALLBACK-104",
        "A callbackNum on a fixed line is not called.",
        lambda: _answered_to_a(_mobiles_only),
    ),
    mutant(
        "silent-end", "AXE-CALLBACK-105", "The tone is not played, the call ends.", lambda: _answered_to_a(_silent_end)
    ),
    mutant("application-first", "AXE-CALLBACK-105", "The application's setting goes first.", _application_first),
    mutant(
        "no-record-cause",
        "AXE-CALLBACK-106",
        "Without a record a call-back ends as with a wrong extension.",
        lambda: patch.object(
            axe_calls, "CALL_TABLE", (*axe_calls.CALL_TABLE[:-1], axe_calls.CALL_TABLE[-1]._replace(outcome=8022))
        ),
    ),
    mutant(
        "application-not-asked", "AXE-CALLBACK-107", "The application's setting is not used.", _application_not_asked
    ),
    mutant("record-for-ever", "AXE-CALLBACK-108", "A call-back record does not expire.", _record_for_ever),
    mutant(
        "fixed-line-calls-back",
        "AXE-CALLBACK-109",
        "A on a fixed line calls back.",
        lambda: without_rows("AXE-CALLBACK-109"),
    ),
    mutant(
        "record-outlives-binding",
        "AXE-CALLBACK-110",
        "After the unbind A still reaches his caller.",
        _record_outlives_binding,
    ),
    mutant(
        "record-of-former-binding",
        "AXE-CALLBACK-111",
        "A who is bound anew reaches his caller of before.",
        _record_of_a_former_binding,
    ),
    mutant(
        "called-back-sees-a", "AXE-CALLBACK-112", "Who is called back sees A's number.", lambda: _answered_to_a(_sees_a)
    ),
    mutant(
        "wrong-extension-recorded",
        "AXE-CALLBACK-113",
        "A caller with a wrong extension is noted as the last one.",
        _everybody_who_dialled,
    ),
)
