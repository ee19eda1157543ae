"""Bugs that are made of the rows of tables which only AXB has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.suites.mutation.model import operator
from privnum.suites.mutation.operators.bindings import stand_against_bind
from privnum.suites.mutation.tables import of_mapping, others, row_bug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug, Patch

__all__ = ["bugs"]


def _of_bind_faults() -> Iterator[Bug]:
    """What may stand against a bind. A flipped fault has the code of the next."""
    table = axb_bind.BIND_FAULTS
    codes = list(table)
    for place, code in enumerate(codes):
        fault = table[code]
        dropped = stand_against_bind(code, _never)
        yield row_bug(f"fault-{code}-dropped", fault.rule, f"{code} does not stand against a bind.", dropped)
        # Which code a fault has may be assumed.
        rule = fault.rule if fault.choice is None else contracts.assumptions()[fault.choice].requirement
        flipped = _flip_fault(code, others(codes, place)[0])
        yield row_bug(f"fault-{code}-flipped", rule, f"{code} has the code of another.", flipped)


def _never(_: object) -> bool:
    return False


@operator
def _flip_fault(code: str, other: str) -> Patch:
    """Let the test of a fault lead to the code of another.

    The order of faults names codes.
    """
    right, wrong = axb_bind.BIND_FAULTS[code], axb_bind.BIND_FAULTS[other]

    def either(wish: Any) -> bool:
        return bool(right.stands(wish) or wrong.stands(wish))

    return patch.dict(axb_bind.BIND_FAULTS, {code: right._replace(stands=_never), other: wrong._replace(stands=either)})


def bugs() -> Iterator[Bug]:
    """All of them."""
    directions = of_mapping("cdr-direction", axb_calls._CDR_DIRECTION, lambda _: "CDR-004", None)
    return chain(_of_bind_faults(), directions)
