"""Every mutant there is."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation import ax, axb, axe, axyb, bindings, calls, common, mixed, races, sms, tables, x
from privnum.suites.mutation.model import Bug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum.suites.mutation.model import Mutant, ServerMode, ServerPart

__all__ = ["MODES", "UNBREAKABLE", "family_bugs", "mutants"]

MODES = (ax, axb, axe, axyb, x)
"""Each has its SERVER, and bugs of its own."""

UNBREAKABLE: Mapping[str, str] = {
    "AX-STATE-001": "Whatever the state machine of AX finds breaks the rule that it names.",
    "AXYB-STATE-001": "Whatever the state machine of AXYB finds breaks the rule that it names.",
    "X-STATE-001": "Whatever the state machine of X finds breaks the rule that it names.",
}
"""Documented rules that have no mutant, with the reason why none differs from a server that keeps the rule."""


def family_bugs(mode: ServerMode) -> Iterator[Bug]:
    """The bugs that are written once for every mode.

    Whether this mode can have them or not.
    """
    of_bindings = bindings.bugs(mode) if mode.users else ()
    return chain(of_bindings, calls.bugs(mode), sms.bugs(), tables.bugs(mode))


@cache
def mutants() -> Mapping[str, Mutant]:
    """All mutants by id, in their order.

    Raises ValueError where two have one id.
    """
    found: dict[str, Mutant] = {}
    parts: list[tuple[ServerPart, Iterable[Bug]]] = [(common.SERVER, chain(common.bugs(), tables.of_all_modes()))]
    parts += [(mode.SERVER, chain(family_bugs(mode.SERVER), mode.bugs())) for mode in MODES]
    parts += [*mixed.parts(), *races.parts()]
    for part, bugs in parts:
        for mutant in Bug.all_of(part, bugs):
            if mutant.id in found:
                raise ValueError(f"two mutants are called {mutant.id}")
            found[mutant.id] = mutant
    return found
