"""What the oracle expects under every choice at the open points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from privnum import contracts
from privnum.suites.oracle.types import Assumptions, Undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from privnum.suites.oracle.types import Claim

__all__ = ["MOST", "assume", "common_claims", "in_every_choice"]

MOST: Final = 256
"""Combinations of choices that are tried; where there are more nothing is claimed."""
T = TypeVar("T")


def assume(values: Mapping[str, contracts.Value]) -> Assumptions:
    """Assumptions of which only these are known."""
    return Assumptions(values)


def in_every_choice(
    state: Any, known: Mapping[str, contracts.Value], ask: Callable[[], T], most: int = MOST
) -> list[T] | None:
    """What `ask` gives under each choice that it turns on.

    None: nobody can say.

    `state` is an oracle, of which nothing is changed but the choices, and these only meanwhile.
    """
    before, found = state.assumptions, list[T]()
    waiting: list[dict[str, contracts.Value]] = [dict(known)]
    tried = 0
    try:
        while waiting:
            values = waiting.pop()
            tried += 1
            if tried > most:
                return None
            state.assumptions = Assumptions(values)
            try:
                found.append(ask())
            except Undecided as error:
                open_point = contracts.assumptions().get(str(error.args[0]))
                if open_point is None or open_point.id in values or open_point.id in contracts.OPEN_ENDED:
                    return None
                waiting += [{**values, open_point.id: value} for value in open_point.values]
    finally:
        state.assumptions = before
    return found


def common_claims(worlds: Sequence[Sequence[Claim]] | None) -> list[Claim]:
    """The claims without breaches that a choice allows.

    Where each choice is broken, though by another rule, that of the last one is named.
    """
    if not worlds:
        return []
    broken = [{claim.requirement for claim in world if not claim.ok} for world in worlds]
    common = set.intersection(*broken) or (broken[-1] if all(broken) else set())
    return [claim for claim in worlds[-1] if claim.ok or claim.requirement in common]
