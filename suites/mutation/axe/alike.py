"""Seeded bugs of AXE's extensions that look alike: one the beginning of the other, one digit apart, leading zeros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe.bindings import Extension
from privnum.suites.mutation.axe.operators import (
    by_digits,
    fault_stands,
    mutant,
    seen_by_callers,
    selected,
)
from privnum.suites.mutation.operators import (
    around,
    bent_answer,
    bent_pushes,
    in_cdr,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import DigitsDecision, Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS"]

MODIFY = "axe.modify"
Index = dict[str, Extension]


def _found_by(alike: Callable[[str, str], bool]) -> Seed:
    """What was entered reaches the first extension that is alike."""

    class Alike(Index):
        """An index that takes what is alike."""

        def get(self, digits: str, default: Any = None) -> Any:
            if not digits or digits in self:
                return super().get(digits, default)
            return next((self[held] for held in self if alike(digits, held)), default)

    return lambda: seen_by_callers(lambda _call, held, _now_ms: Alike(held))


def _selects(operation: str, alike: Callable[[str, str], bool]) -> Seed:
    """An operation by X and extension takes the first extension that is alike."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        asked = params.get("extendNum")
        if "subscriptionId" not in params and asked:
            held = [binding.digits for binding in selected(world, params)]
            found = next((digits for digits in held if alike(asked, digits)), asked)
            params = params if asked in held else params | {"extendNum": found}
        fields: Fields = right(world, app, params)
        return fields

    return lambda: around(operation, perform)


def _beginning(asked: str, held: str) -> bool:
    return len(asked) < len(held) and held.startswith(asked)


def _number(asked: str, held: str) -> bool:
    return asked.isdecimal() and int(asked) == int(held)


def _but_last(asked: str, held: str) -> bool:
    return len(asked) == len(held) and asked[:-1] == held[:-1]


def _but_first(asked: str, held: str) -> bool:
    return len(asked) == len(held) and asked[1:] == held[1:]


def _turned(asked: str, held: str) -> bool:
    return asked != held and sorted(asked) == sorted(held)


def _taken_if(alike: Callable[[str, str], bool]) -> Seed:
    """An extension cannot be bound beside one that is alike."""
    taken = axe_bind.BIND_FAULTS["extension"].stands

    def stands(wish: Any) -> bool:
        held = by_digits(wish.x)
        return bool(taken(wish)) or any(wish.digits and alike(wish.digits, digits) for digits in held)

    return lambda: fault_stands("extension", stands)


def _without_zeros(name: str) -> Callable[[Fields], object]:
    def bend(fields: Fields) -> None:
        if fields.get(name):
            fields[name] = str(int(fields[name]))

    return bend


def _cdr_without_zeros(_call: Call, fee: Fields) -> None:
    _without_zeros("extendNumber")(fee)


def _digit_info_without_zeros(body: Fields) -> None:
    info = body.get("statusInfo", {})
    if str(info.get("digitInfo", "")).isdecimal():
        info["digitInfo"] = str(int(info["digitInfo"]))


def _entries_add_up() -> Patch:
    """What was entered at one prompt stays, and the next entry is appended."""
    right = axe_calls._entered

    def bent(assumptions: Assumptions, x: XNumber, caller: str, entries: tuple[str, ...]) -> DigitsDecision:
        return right(assumptions, x, caller, (*entries[:-1], "".join(entries)))

    return patch.object(axe_calls, "_entered", bent)


MUTANTS = (
    mutant("prefix-reaches", "AXE-CALL-103", "The beginning of an extension reaches it.", _found_by(_beginning)),
    mutant("number-reaches", "AXE-CALL-103", "Leading zeros need not be entered.", _found_by(_number)),
    mutant("last-digit-free", "AXE-CALL-103", "The last digit does not count.", _found_by(_but_last)),
    mutant("first-digit-free", "AXE-CALL-103", "The first digit does not count.", _found_by(_but_first)),
    mutant("any-order", "AXE-CALL-103", "The order of digits does not count.", _found_by(_turned)),
    mutant("prefix-unbinds", "AXE-UNBIND-004", "A beginning unbinds.", _selects("axe.unbind", _beginning)),
    mutant("prefix-shows", "AXE-QUERY-005", "A beginning is shown.", _selects("axe.query", _beginning)),
    mutant("number-modifies", "AXE-MODIFY-002", "A number is modified.", _selects(MODIFY, _number)),
    mutant("neighbour-unbinds", "AXE-UNBIND-004", "The last digit is not read.", _selects("axe.unbind", _but_last)),
    mutant("neighbour-shows", "AXE-QUERY-005", "The last digit is not read.", _selects("axe.query", _but_last)),
    mutant("neighbour-modified", "AXE-MODIFY-002", "The last digit is not read.", _selects(MODIFY, _but_last)),
    mutant("neighbour-taken", "AXE-BIND-101", "One digit apart is taken.", _taken_if(_but_last)),
    mutant("cdr-zeros", "AXE-CDR-101", "CDRs lose zeros.", lambda: in_cdr(_cdr_without_zeros)),
    mutant("digits-zeros", "AXE-EVENT-102", "digitInfo loses zeros.", lambda: bent_pushes(_digit_info_without_zeros)),
    mutant(
        "query-zeros",
        "AXE-QUERY-101",
        "Queries show an extension without its zeros.",
        lambda: bent_answer("axe.query", _without_zeros("extendNum")),
    ),
    mutant("entries-add-up", "AXE-CALL-107", "What was entered before stays.", _entries_add_up),
)
