"""Which number the platform may give as X of an A.

And which as Y of a B, or of a caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.oracle.faults import Codes
from privnum.suites.oracle.number_selection import eligible_numbers, is_loose
from privnum.suites.oracle.numbers import canonical_area
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.oracle.axyb.state import AxybState
    from privnum.suites.oracle.axyb.types import AxybBinding
    from privnum.suites.oracle.types import Fault

__all__ = ["Choice", "numbers_for_x", "numbers_for_y"]

NO_NUMBER = Codes("axyb.no_number", "AXYB-OPEN-004", ("1012008", "1011002", "1012009"))


class Choice(NamedTuple):
    """The numbers that may be given, and why not if there is none.

    That is the rule that leaves out the last of them.

    What is left out by an assumption alone is left out last: no rule of a document is broken by another choice.
    """

    free: frozenset[str]
    requirement: str
    left_out_by: str

    def faults(self, state: AxybState) -> list[Fault]:
        """What speaks against a bind for which there is no number."""
        return [] if self.free else [NO_NUMBER.fault(state, self.left_out_by)]


def area_of(body: Mapping[str, object]) -> str | None:
    """The area that a bind names."""
    return canonical_area(str(body["areaCode"])) if body.get("areaCode") else None


def numbers_for_x(state: AxybState, body: Mapping[str, object]) -> Choice:
    """What may become the X of an A.

    None that is one already, nor, by the assumption, a Y.
    """
    area, loose = area_of(body), is_loose(body)
    rules: list[tuple[str, Callable[[str], bool]]] = [
        ("AXYB-BIND-029", lambda number: not state.is_blocked(number)),
        ("AXYB-BIND-031", lambda number: state.bound_on(number) is None),
        (
            "AXYB-OPEN-010",
            lambda number: _may_be_both(state, _users_of_y(state, number), {str(body["origNum"])}),
        ),
    ]
    requirement = "AXYB-OPEN-002" if area is None else _area_rule(body, loose=loose, plain="AXYB-BIND-101")
    return _choose(state, area, rules, requirement, loose=loose)


def numbers_for_y(state: AxybState, binding: AxybBinding, b: str, body: Mapping[str, object]) -> Choice:
    """What may become the Y of `b`, a B of `binding` or a caller of its X.

    The `body` of a caller is empty.
    """
    area, loose, assumed = area_of(body), is_loose(body), False
    requirement = "AXYB-BIND-103"
    if area is not None:
        requirement = _area_rule(body, loose=loose, plain="AXYB-BIND-102")
    elif state.assumptions.choose("axyb.y_area", "any", "area_of_x") == "area_of_x":
        area, assumed = state.around.own.get(binding.x), True
        if area is None:
            raise Undecided("a Y in the area of an X of which it is not known")
    others = [each for each in state.of(binding.a) if each is not binding]
    rules: list[tuple[str, Callable[[str], bool]]] = [
        ("AXYB-BIND-029", lambda number: not state.is_blocked(number)),
        ("AXYB-BIND-102", lambda number: number != binding.x),
        ("AXYB-BIND-104", lambda number: binding.of_number(number) is None),
        ("AXYB-BIND-106", lambda number: len(state.with_y(number)) < state.around.bindings_per_y),
        ("AXYB-OPEN-010", lambda number: _may_be_both(state, {each.a for each in state.on(number)}, {binding.a, b})),
        ("AXYB-OPEN-011", lambda number: not any(each.of_number(number) for each in others) or _is_shared(state)),
    ]
    choice = _choose(state, area, rules, requirement, loose=loose)
    return choice._replace(left_out_by="AXYB-OPEN-003") if assumed else choice


def _area_rule(body: Mapping[str, object], *, loose: bool, plain: str) -> str:
    if loose:
        return "AXYB-BIND-013"
    if not str(body["areaCode"]).startswith("0"):
        return "AXYB-BIND-016"
    return "AXYB-BIND-011" if plain == "AXYB-BIND-102" else plain


def _users_of_y(state: AxybState, number: str) -> set[str]:
    """A and B of each relation in which that number is Y."""
    return {user for binding, relation in state.with_y(number) for user in (binding.a, relation.b)}


def _may_be_both(state: AxybState, holders: set[str], users: set[str]) -> bool:
    """Whether a number of `holders` may be X and Y at the same time.

    They have it as one, `users` get it as the other. Raises Undecided if one
    user is both.
    """
    if not holders:
        return True
    if state.assumptions.choose("axyb.x_as_y", "no", "yes") == "no":
        return False
    if holders & users:
        raise Undecided("a number that is X and Y to one user")
    return True


def _is_shared(state: AxybState) -> bool:
    """Whether a Y of one binding of an A is given in another of his."""
    return state.assumptions.choose("axyb.y_for_other_x_of_a", "no", "last", "first") != "no"


def _choose(
    state: AxybState,
    area: str | None,
    rules: list[tuple[str, Callable[[str], bool]]],
    requirement: str,
    *,
    loose: bool,
) -> Choice:
    """The numbers of the area that no rule leaves out.

    Raises Undecided where others may be looked for.
    """
    eligible = eligible_numbers(state, area, loose=loose)
    if not eligible:
        return Choice(frozenset(), requirement, "AXYB-BIND-012")
    free, left_out_by = set(eligible), requirement
    for rule, takes in rules:
        before, free = free, {number for number in free if takes(number)}
        left_out_by = rule if before and not free else left_out_by
    if not free and loose and area is not None and eligible != set(state.around.own):
        raise Undecided("no number of the province is free, others may be")
    return Choice(frozenset(free), requirement, left_out_by)
