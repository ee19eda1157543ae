"""In which order the items of a run stand, and what that order goes by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.runner.check import Check, check_of
from privnum.suites.runner.pytest_items import module_of

if TYPE_CHECKING:
    import pytest

__all__ = [
    "ANY_TIME",
    "PROBE",
    "assumption_of",
    "check_of_item",
    "concerns",
    "rank",
    "rules_checked_by",
    "weight",
]


def check_of_item(item: pytest.Item) -> Check | None:
    """What the item checks; one that is run for each mode, in its own."""
    found, callspec = check_of(getattr(item, "function", None)), getattr(item, "callspec", None)
    return found.of(callspec.params.get("mode")) if found is not None and callspec is not None else found


def assumption_of(item: pytest.Item) -> str | None:
    """The assumption whose probe the item runs, if it runs one."""
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get("assumption") if callspec else None
    return found if module_of(item).endswith("test_probes") else None


def rules_checked_by(item: pytest.Item) -> frozenset[str]:
    """The requirements that the item cites.

    Those of a check, or the one that a probe's assumption stands for.
    """
    check, assumption = check_of_item(item), assumption_of(item)
    if assumption is not None:
        return frozenset((contracts.assumptions()[assumption].requirement,))
    return frozenset(check.requirements if check else ())


def concerns(item: pytest.Item, wanted: frozenset[str]) -> bool:
    """Whether the item is run where these modes are checked."""
    found = {contracts.requirements()[id_].mode for id_ in rules_checked_by(item)}
    return not (found - {"common"}) or bool(found & wanted)


PROBE = 0
"""The rank of a probe."""
_MACHINE = 3
"""The rank of a state machine."""
ANY_TIME = (1, 2, _MACHINE)
"""Ranks of checks that may come earlier; those before are probes, those behind disturb others."""


def rank(item: pytest.Item) -> int:
    """The place of an item's kind among the others.

    Probes, checks, those that wait, machines, what disrupts; a lock-out last.
    """
    check = check_of_item(item)
    if check is not None and check.disruptive:
        return 5 if "lockout_count" in check.needs else 4
    if assumption_of(item) is not None:
        return PROBE
    if "machine" in f"{module_of(item)}::{item.name}":
        return _MACHINE
    return 2 if check is not None and check.timed else 1


def weight(item: pytest.Item) -> float:
    """How much of the run's time an item takes, roughly.

    Probes come first in any case: what they say of the target is said as in one process.
    """
    if assumption_of(item) is not None:
        return math.inf
    check = check_of_item(item)
    return len(check.requirements) if check is not None and rank(item) == _MACHINE else 0
