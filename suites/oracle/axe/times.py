"""The times of AXE.

What a request carries, which of them are too long, what a query shows of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axe.types import Shown, Span
from privnum.suites.oracle.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axe.types import AxeBinding
    from privnum.suites.oracle.types import Assumptions

__all__ = [
    "LONGEST",
    "TIMES",
    "both_too_long",
    "carried_span",
    "carried_unit",
    "faults_of_range",
    "lifetime_rule",
    "note_shown",
    "shown_times",
]

TIMES = ("bindExpiredTime", "callbackExpiredTime")
LONGEST = {"0": (720, 168), "1": (43200, 10080)}
"""The longest bindExpiredTime and callbackExpiredTime by unit."""


def carried_unit(body: Mapping[str, object]) -> str | None:
    """The timeUnit that is carried, if one is."""
    return None if body.get("timeUnit") is None else str(body["timeUnit"])


def carried_span(body: Mapping[str, object], name: str, unit: str) -> Span | None:
    """The time of that name, if it is carried, in a unit."""
    return None if body.get(name) is None else Span(int(str(body[name])), unit)


def faults_of_range(life: Span | None, callback: Span | None, unit: str) -> list[Fault]:
    """What speaks against the times of a bind by themselves."""
    faults = []
    if life is not None and not 0 <= life.amount <= LONGEST[unit][0]:
        faults.append(Fault("AXE-BIND-108" if unit == "0" else "AXE-BIND-109", frozenset(), "AXE-BIND-108"))
    if callback is not None and not 0 <= callback.amount <= LONGEST[unit][1]:
        faults.append(Fault("AXE-BIND-111", frozenset(), "AXE-BIND-111"))
    return faults


def both_too_long(callback: Span, life: Span, requirement: str) -> list[Fault]:
    """The fault of a record that would outlive its binding; whichever code."""
    too_long = bool(life.amount) and callback.seconds > life.seconds
    return [Fault(requirement, frozenset(), requirement)] if too_long else []


def lifetime_rule(carried: Span | None, unit: str) -> str:
    """The requirement that rules the end of a binding."""
    if carried is None:
        return "AXE-OPEN-001"
    if not carried.amount:
        return "AXE-LIFE-002"
    return "AXE-LIFE-101" if unit == "1" else "AXE-LIFE-001"


# ── what a query shows ───────────────────────────────────────────────────────────────────────────────────────────────


def note_shown(binding: AxeBinding, life: Span | None, unit: str | None) -> None:
    """Note what a query may show after a modify with `life` or `unit`.

    By each choice of the assumption.
    """
    kept = binding.bind_time is not None and (unit is None or binding.bind_unit is not None)
    if life is not None:
        binding.shown_now = {(life.amount, life.unit)}
        binding.shown_where_carried = {binding.shown_at_bind} if kept else binding.shown_now
    elif unit is not None:  # which of them a unit alone changes, nobody says
        binding.shown_now = binding.shown_now | {(time, unit) for time, _ in binding.shown_now}
        if binding.bind_unit is None:
            more = {(time, unit) for time, _ in binding.shown_where_carried}
            binding.shown_where_carried = binding.shown_where_carried | more


def shown_times(binding: AxeBinding, assumptions: Assumptions) -> set[Shown]:
    """What a query may show as bindExpiredTime and timeUnit.

    Each None where none was carried.
    """
    by_choice: dict[str | int, set[Shown]] = {
        "bind": {binding.shown_at_bind},
        "bind_where_carried": binding.shown_where_carried,
        "current": binding.shown_now,
    }
    choices = assumptions.any_of("axe.query_times_after_modify", *by_choice)
    return set().union(*(by_choice[choice] for choice in choices))
