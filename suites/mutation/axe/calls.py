"""Seeded bugs of AXE's calls to A."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import FROZEN_FOR_BINDING, NO_CALLS
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension
from privnum.suites.mutation.axe.operators import (
    a_of,
    by_digits,
    mutant,
    on_expiry,
    routed,
    seen_by_callers,
    without_rows,
)
from privnum.suites.mutation.calls import wrong_causes
from privnum.suites.mutation.operators import (
    calls_unbind,
    cut_calls,
    together,
    unbind_cuts_calls,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Patch

__all__ = ["MUTANTS"]

Index = dict[str, Extension]


def _answered_to_n(bend: Callable[[Connect, Extension, str], Connect | Reject]) -> Patch:
    """Bend what becomes of a caller who is to be put through to A."""
    right = axe_calls._answer_to_n

    def bent(assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Connect | Reject:
        decision = right(assumptions, a, caller, cause)
        return bend(decision, a, caller) if isinstance(decision, Connect) else decision

    return patch.object(axe_calls, "_answer_to_n", bent)


def _only_a_at_once() -> Patch:
    """On an X with one binding the caller is put through without being asked."""

    def route(find: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        right: Decision = find(assumptions, x, caller, now_ms)
        held = list(by_digits(x).values())
        if len(held) != 1 or caller == held[0].a or isinstance(right, Reject):
            return right
        return axe_calls._answer_to_n(assumptions, held[0], caller, None)

    return routed(route)


class _Anything(dict[str, Extension]):
    """An index in which every extension is that of the first binding."""

    def get(self, digits: str, default: Any = None) -> Any:
        return next(iter(self.values()), default) if digits else default


class _SilenceToo(dict[str, Extension]):
    """An index in which no extension is that of the first binding."""

    def get(self, digits: str, default: Any = None) -> Any:
        return super().get(digits, default) if digits else next(iter(self.values()), default)


def _all_x_in_one() -> Patch:
    """Extensions are looked up among those of all X of the application."""

    def everywhere(call: Call, held: Index, _now_ms: int) -> Index:
        found: Index = {}
        for x in call.x.app.numbers:
            found |= by_digits(x)
        return found | held

    return seen_by_callers(everywhere)


def _as_when_he_dialled() -> Patch:
    """What is bound is looked up when the caller dials X, not when he has entered the extension."""
    at_first: dict[str, Index] = {}
    place = calls.CallEngine.place

    def placing(engine: calls.CallEngine, mode: Any, x: XNumber, *rest: Any) -> Call:
        known = dict(by_digits(x))
        call = place(engine, mode, x, *rest)
        at_first[call.session_id] = known
        return call

    return together(
        lambda: patch.object(calls.CallEngine, "place", placing),
        lambda: seen_by_callers(lambda call, held, _: at_first.get(call.session_id, held)),
    )


def _asks_three_times() -> Patch:
    def again(_assumptions: Assumptions, _x: XNumber, entries: tuple[str, ...]) -> bool:
        return len(entries) < 3

    return patch.object(axe_calls, "_asked_again", again)


def _fixed_line_is_deaf(decision: Connect, a: Extension, _caller: str) -> Connect | Reject:
    if numbers.kind(a.a) != "fixed_line":
        return decision
    return Reject(8023, decision.direction, decision.terms, decision.extension)


def _four_hours() -> Patch:
    """Calls are cut after four hours, as in a mode that has a maxDuration."""
    terms = axe_calls._terms
    return patch.object(axe_calls, "_terms", lambda extension: terms(extension)._replace(max_duration=240))


def _a_everywhere() -> Patch:
    """Who is A on one X of the application is A on all."""

    def route(find: Any, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        own = next((other for other in x.app.numbers if a_of(other, caller) is not None), x)
        found: Decision = find(assumptions, x if a_of(x, caller) is not None else own, caller, now_ms)
        return found

    return routed(route)


MUTANTS = (
    mutant(
        "a-sees-caller",
        "AXE-CALL-101",
        "A sees the number of the caller.",
        lambda: _answered_to_n(lambda decision, _, caller: decision._replace(shown=caller)),
    ),
    mutant("not-asked", "AXE-CALL-101", "With one binding on X nobody is asked for the extension.", _only_a_at_once),
    mutant(
        "any-extension",
        "AXE-CALL-102",
        "Every extension reaches the first A of X.",
        lambda: seen_by_callers(lambda _, held, __: _Anything(held)),
    ),
    mutant("one-index", "AXE-CALL-103", "An extension of another X of the application reaches its A.", _all_x_in_one),
    mutant("expired-when-dialled", "AXE-CALL-104", "What is bound is looked up at the dialling.", _as_when_he_dialled),
    mutant(
        "silence-reaches",
        "AXE-CALL-105",
        "Who enters nothing is put through to the first A.",
        lambda: seen_by_callers(lambda _, held, __: _SilenceToo(held)),
    ),
    mutant(
        "given-up-as-ever",
        "AXE-CALL-106",
        "Hanging up at the prompt has the cause of hanging up before the ringing.",
        lambda: patch.dict(calls._GAVE_UP, collecting=calls._GAVE_UP["forwarded"]),
    ),
    mutant("asks-three-times", "AXE-CALL-107", "Everybody is asked three times.", _asks_three_times),
    mutant(
        "fixed-line-calls",
        "AXE-CALL-007",
        "A caller on a fixed line is asked for an extension.",
        lambda: without_rows("AXE-CALL-007"),
    ),
    mutant(
        "fixed-line-not-reached",
        "AXE-CALL-008",
        "A on a fixed line is not called.",
        lambda: _answered_to_n(_fixed_line_is_deaf),
    ),
    mutant("unbind-cuts-calls", "AXE-CALL-009", "Unbind hangs up the calls of the binding.", unbind_cuts_calls),
    mutant("calls-unbind", "AXE-CALL-001", "A call that is over takes its binding with it.", calls_unbind),
    mutant("expiry-cuts-calls", "AXE-CALL-010", "Expiry hangs up the calls.", lambda: on_expiry(cut_calls)),
    mutant("four-hours", "AXE-CALL-012", "A call ends after four hours.", _four_hours),
    *wrong_causes("AXE", mutant),
    mutant(
        "suspended-x-carries",
        "AXE-CALL-003",
        "A suspended X carries calls.",
        lambda: patch.object(axe_calls, "NO_CALLS", frozenset()),
    ),
    mutant(
        "frozen-x-is-closed",
        "AXE-CALL-004",
        "An X that is frozen for binding carries no calls.",
        lambda: patch.object(axe_calls, "NO_CALLS", NO_CALLS | {FROZEN_FOR_BINDING}),
    ),
    mutant("a-everywhere", "AXE-CALL-109", "A is A on every X.", _a_everywhere),
    mutant(
        "frozen-tenant-calls",
        "AXE-CALL-002",
        "A frozen tenant has calls.",
        lambda: patch.object(axe_calls, "FROZEN", "never"),
    ),
)
