"""Which X the platform may pick for a bind.

By an area, by its province, or any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.numbers import province
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.oracle.state import OracleState

    State = OracleState[Any, Any, Any]

__all__ = ["eligible_numbers", "free_numbers", "is_loose"]


def is_loose(body: Mapping[str, object]) -> bool:
    """Whether any X of the province will do.

    Or any at all where the province has none.
    """
    return body.get("areaMatchMode") in ("1", 1)


def eligible_numbers(state: State, area: str | None, *, loose: bool) -> set[str]:
    """The X numbers of the area, None: all.

    Raises Undecided where it is not known which X there are, and where.
    """
    own = state.around.own
    if state.around.more or (area is not None and None in own.values()):
        raise Undecided("which X numbers there are, and in which area each is")
    if area is None:
        return set(own)
    if loose:
        return {x for x, of in own.items() if province(of) == province(area)} or set(own)
    return {x for x, of in own.items() if of == area}


def free_numbers(state: State, eligible: set[str], takes: Callable[[str], bool], *, loose: bool) -> frozenset[str]:
    """Those of the eligible X that have room and take the users.

    Raises Undecided where others may be looked for.
    """
    if any(state.is_blocked(x) for x in eligible):
        raise Undecided("a blocked X while the platform picks one")
    free = frozenset(x for x in eligible if takes(x) and len(state.on(x)) < state.around.capacity)
    if not free and loose and eligible != set(state.around.own):
        raise Undecided("no X of the province is free, others may be")
    return free
