"""The assumptions as the contract settles them, for oracles."""

from __future__ import annotations

from typing import Any

from privnum import contracts
from privnum.suites.oracle import Assumptions

__all__ = ["assumed_choices", "refused_keys"]


def assumed_choices(unsettled: tuple[str, ...] = (), **other: str | int) -> Assumptions:
    """The choices of the contract, but for `other`.

    `ax__callee_use` is ax.callee_use.
    """
    values: dict[str, str | int] = {a.id: a.value for a in contracts.assumptions().values()}
    known = set(values)
    values |= {name.replace("__", "."): value for name, value in other.items()}
    assert values.keys() == known
    return Assumptions(values, unsettled)


def refused_keys(expected: Any) -> set[tuple[str, str]]:
    """The requirement and the code of each fault; no code where any will do."""
    return {(fault.requirement, key) for fault in expected.faults for key in fault.keys or {""}}
