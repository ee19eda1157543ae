"""Seeded bugs of calls to A, and of their pushes, of AXE alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension
from privnum.mockserver.pushes.bodies import Notifier
from privnum.suites.mutation.axe.operators import change_reach_of_a, look_up_in, route_by
from privnum.suites.mutation.axe.server import SERVER, a_of, by_digits, extensions_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import after_modify
from privnum.suites.mutation.operators.calls import give_up_with
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
    change_event,
    drop_cdr_field,
    drop_event,
    set_cdr_field,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision, Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

Index = dict[str, Extension]

# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


def _show_caller(decision: Connect, _a: Extension, caller: str) -> Connect:
    return decision._replace(shown=caller)


def _connect_only_binding(
    decide: Callable[[XNumber, str], Decision], x: XNumber, caller: str, _now_ms: int
) -> Decision:
    """Put a caller through without asking him where X has one binding."""
    right, held = decide(x, caller), extensions_on(x)
    if len(held) != 1 or caller == held[0].a or isinstance(right, Reject):
        return right
    return Connect(held[0].a, x.number, 0, axe_calls._terms(held[0]), held[0].digits)


class _AnyDigits(Index):
    """An index in which every extension is that of the first binding."""

    def get(self, digits: str, default: Any = None) -> Any:
        return next(iter(self.values()), default) if digits else default


class _SilenceToo(Index):
    """An index in which no extension is that of the first binding."""

    def get(self, digits: str, default: Any = None) -> Any:
        return super().get(digits, default) if digits else next(iter(self.values()), default)


def _any_digits(_call: Call, held: Index, _now_ms: int) -> Index:
    return _AnyDigits(held)


def _silence_too(_call: Call, held: Index, _now_ms: int) -> Index:
    return _SilenceToo(held)


def _all_x_in_one(call: Call, held: Index, _now_ms: int) -> Index:
    """Look among the extensions of all X of the application."""
    found: Index = {}
    for x in call.x.app.numbers:
        found |= by_digits(x)
    return found | held


def _look_up_as_dialled() -> Operator:
    """Look up what was bound when the caller dialled X.

    It should be what is bound when he has entered the extension.
    """
    at_first: dict[str, Index] = {}

    def place(right: Any, calls: CallEngine, mode: Any, x: XNumber, *rest: Any) -> Call:
        known = dict(by_digits(x))
        call: Call = right(calls, mode, x, *rest)
        at_first[call.session_id] = known
        return call

    def as_dialled(call: Call, held: Index, _now_ms: int) -> Index:
        return at_first.get(call.session_id, held)

    return together(wrap(CallEngine, "place", place), look_up_in(as_dialled))


def _ask_three_times(_assumptions: Assumptions, _x: XNumber, entries: tuple[str, ...]) -> bool:
    return len(entries) < 3


def _a_everywhere(decide: Callable[[XNumber, str], Decision], x: XNumber, caller: str, _now_ms: int) -> Decision:
    """Take who is A on one X of the application for A on all."""
    own = next((other for other in x.app.numbers if a_of(other, caller) is not None), x)
    return decide(x if a_of(x, caller) is not None else own, caller)


def _one_prompt_an_x(ask: Any, calls: CallEngine, call: Call, decision: Any, now_ms: int) -> None:
    """End the call of another caller who is being asked on that X."""
    for other in list(calls._calls.values()):
        if other is not call and other.x is call.x and other.state == "collecting":
            calls.end(other, 8008, now_ms)
    ask(calls, call, decision, now_ms)


def _end_asking(world: World, binding: Extension, _params: Params) -> None:
    """End calls to a modified binding's X that are asked for an extension."""
    for view in world.call_engine.view():
        call = world.call_engine.get(view["id"])
        if call is not None and call.x is binding.x and call.state == "collecting":
            world.call_engine.end(call, 8022, world.now_ms)


REACHED = (
    Bug("a-sees-caller", "CALL-101", "A sees the number of the caller.", change_reach_of_a(_show_caller)),
    Bug("not-asked", "CALL-101", "With one binding on X nobody is asked.", route_by(_connect_only_binding)),
    Bug("one-prompt", "CALL-101", "An X asks one caller at a time.", wrap(CallEngine, "_ask", _one_prompt_an_x)),
    Bug("modify-ends-asking", "CALL-101", "A modify ends calls that are asked.", after_modify(_end_asking)),
    Bug("any-extension", "CALL-102", "Every extension reaches the first A of X.", look_up_in(_any_digits)),
    Bug("one-index", "CALL-103", "An extension of another X reaches its A.", look_up_in(_all_x_in_one)),
    Bug("expired-when-dialled", "CALL-104", "What is bound is looked up at the dialling.", _look_up_as_dialled()),
    Bug("silence-reaches", "CALL-105", "Who enters nothing reaches the first A.", look_up_in(_silence_too)),
    Bug("given-up-as-ever", "CALL-106", "Hanging up at the prompt is 7501.", give_up_with("collecting", 7501)),
    Bug(
        "asks-three-times",
        "CALL-107",
        "All are asked three times.",
        replace(axe_calls, "_asked_again", _ask_three_times),
    ),
    Bug("a-everywhere", "CALL-109", "A is A on every X.", route_by(_a_everywhere)),
)

# ── what is pushed ───────────────────────────────────────────────────────────────────────────────────────────────────


def _ask_in_call_back(event: Any, notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
    """Report a call-back like a call to A, with a collectInfo."""
    if kind == "callout" and call.collection is None:
        notifier.push_collect_info(call, "", now_ms)
    event(notifier, call, kind, now_ms)


def _digits_as_number(_call: Call, info: Fields) -> None:
    info["digitInfo"] = str(int(info["digitInfo"] or "0"))


def _name_caller(_call: Call, info: Fields) -> None:
    info["caller"] = "+8613800000021"


def _callee_of_end(call: Call, fee: Fields) -> None:
    """Report a call-back whom A would reach now."""
    binding = SERVER.binding_now(call)
    if binding is not None and call.extension is None and call.forwarded_to is not None:
        fee["fwdDstNum"] = binding.callback_num or call.forwarded_to


def _drop_extension_of_gone(call: Call, fee: Fields) -> None:
    if SERVER.is_gone(call):
        fee.pop("extendNumber", None)


REPORTED = (
    *(
        Bug(f"call-back-no-{kind}", "EVENT-101", f"Call-backs have no {kind}.", drop_event(kind, of_call_backs=True))
        for kind in SERVER.event_kinds
        if kind != "collectInfo"
    ),
    Bug(
        "asked-in-call-back",
        "EVENT-101",
        "A call-back has a collectInfo.",
        wrap(Notifier, "event", _ask_in_call_back),
    ),
    Bug(
        "digits-as-number",
        "EVENT-102",
        "digitInfo is a number.",
        change_event("collectInfo", _digits_as_number),
    ),
    Bug(
        "numbers-in-collect-info",
        "EVENT-103",
        "collectInfo names the caller.",
        change_event("collectInfo", _name_caller),
    ),
    Bug(
        "binding-in-callin",
        "EVENT-104",
        "callin names the binding.",
        replace(axe_calls.AXECalls, "callin_names_binding", True),
    ),
    Bug("cdr-callee-now", "CDR-005", "A CDR names the callbackNum of the end.", change_cdr(_callee_of_end)),
    Bug("cdr-without-extendNumber", "CDR-101", "A CDR has no extendNumber.", drop_cdr_field("extendNumber")),
    Bug(
        "cdr-extension-as-number",
        "CDR-101",
        "The extension of a CDR is a number.",
        set_cdr_field("extendNumber", lambda call, _: str(int(call.extension or "0"))),
    ),
    Bug("gone-cdr-extension", "CDR-101", "No extension without a binding.", change_cdr(_drop_extension_of_gone)),
)

BUGS = (*REACHED, *REPORTED)
