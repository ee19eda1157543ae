"""Seeded bugs of extensions that look alike.

One the beginning of the other, one digit apart, leading zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension
from privnum.suites.mutation.axe.operators import look_up_in
from privnum.suites.mutation.axe.server import extensions_on, named_bindings
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import widen_fault
from privnum.suites.mutation.operators.code import wrap
from privnum.suites.mutation.operators.pushes import change_cdr, change_event
from privnum.suites.mutation.operators.requests import change_answer, serve_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import DigitsDecision, Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator, ServerMode

__all__ = ["BUGS"]

Index = dict[str, Extension]

# ── ways to look alike ───────────────────────────────────────────────────────────────────────────────────────────────


def _beginning(asked: str, held: str) -> bool:
    return len(asked) < len(held) and held.startswith(asked)


def _number(asked: str, held: str) -> bool:
    return asked.isdecimal() and int(asked) == int(held)


def _but_last(asked: str, held: str) -> bool:
    return len(asked) == len(held) and asked[:-1] == held[:-1]


def _but_first(asked: str, held: str) -> bool:
    return len(asked) == len(held) and asked[1:] == held[1:]


def _is_permutation(asked: str, held: str) -> bool:
    return asked != held and sorted(asked) == sorted(held)


# ── who takes them for one ───────────────────────────────────────────────────────────────────────────────────────────


def _reach(alike: Callable[[str, str], bool]) -> Operator:
    """Put a caller through to the first extension like what he entered."""

    class Alike(Index):
        """An index that finds what is alike."""

        def get(self, digits: str, default: Any = None) -> Any:
            if not digits or digits in self:
                return super().get(digits, default)
            return next((self[held] for held in self if alike(digits, held)), default)

    def index(_call: Call, held: Index, _now_ms: int) -> Index:
        return Alike(held)

    return look_up_in(index)


def _select(operation: str, alike: Callable[[str, str], bool]) -> Operator:
    """Take the first extension on X that is like the one which is named."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        asked = params.get("extendNum")
        if "subscriptionId" not in params and asked:
            held = [binding.digits for binding in named_bindings(world, params)]
            found = next((digits for digits in held if alike(asked, digits)), asked)
            params = params if asked in held else params | {"extendNum": found}
        fields: Fields = right(world, app, params)
        return fields

    return serve_by(operation, perform)


def _neighbour_is_bound(_mode: ServerMode, wish: Any) -> bool:
    return bool(wish.digits) and any(_but_last(wish.digits, held.digits) for held in extensions_on(wish.x))


def _drop_zeros(name: str) -> Callable[[Fields], None]:
    """Return an extension as a number."""

    def drop(fields: Fields) -> None:
        if str(fields.get(name, "")).isdecimal():
            fields[name] = str(int(fields[name]))

    return drop


def _drop_zeros_in_cdr(_call: Call, fee: Fields) -> None:
    _drop_zeros("extendNumber")(fee)


def _drop_zeros_in_event(_call: Call, info: Fields) -> None:
    _drop_zeros("digitInfo")(info)


def _add_entries_up(
    right: Any, assumptions: Assumptions, x: XNumber, caller: str, entries: tuple[str, ...]
) -> DigitsDecision:
    """Append what is entered to what was entered at the prompts before."""
    decision: DigitsDecision = right(assumptions, x, caller, (*entries[:-1], "".join(entries)))
    return decision


BUGS = (
    Bug("prefix-reaches", "CALL-103", "The beginning of an extension reaches it.", _reach(_beginning)),
    Bug("number-reaches", "CALL-103", "Leading zeros need not be entered.", _reach(_number)),
    Bug("last-digit-free", "CALL-103", "The last digit does not count.", _reach(_but_last)),
    Bug("first-digit-free", "CALL-103", "The first digit does not count.", _reach(_but_first)),
    Bug("any-order", "CALL-103", "The order of digits does not count.", _reach(_is_permutation)),
    Bug("prefix-unbinds", "UNBIND-004", "A beginning unbinds.", _select("unbind", _beginning)),
    Bug("prefix-shows", "QUERY-005", "A beginning is shown.", _select("query", _beginning)),
    Bug("number-modifies", "MODIFY-002", "A number is modified.", _select("modify", _number)),
    Bug("neighbour-unbinds", "UNBIND-004", "Unbind does not read the last digit.", _select("unbind", _but_last)),
    Bug("neighbour-shows", "QUERY-005", "Query does not read the last digit.", _select("query", _but_last)),
    Bug("neighbour-modified", "MODIFY-002", "Modify does not read the last digit.", _select("modify", _but_last)),
    Bug("neighbour-taken", "BIND-101", "One digit apart is taken.", widen_fault("extension", _neighbour_is_bound)),
    Bug("cdr-zeros", "CDR-101", "A CDR carries an extension without its zeros.", change_cdr(_drop_zeros_in_cdr)),
    Bug("digits-zeros", "EVENT-102", "digitInfo loses zeros.", change_event("collectInfo", _drop_zeros_in_event)),
    Bug("query-zeros", "QUERY-101", "A query drops zeros.", change_answer("query", _drop_zeros("extendNum"))),
    Bug(
        "entries-add-up",
        "CALL-107",
        "What was entered before stays.",
        wrap(axe_calls, "_decide_by_digits", _add_entries_up),
    ),
)
