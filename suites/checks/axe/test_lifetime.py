"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.scenarios import (
    bind_users,
    is_gone,
    is_there,
)
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext

MINUTE, HOUR, DAY = 60, 3600, 86400


def ends_after(context: CheckContext, requirement: str, seconds: int, **fields: Any) -> Iterator[float]:
    """Bind so, and claim that the binding ends after `seconds`.

    It is there shortly before, and gone a second after.
    """
    span(context, seconds, real=seconds, whole=seconds + 1)
    with Moment(context) as made:
        binding = bind_users(context, **fields)
    yield from _ends(context, requirement, binding, made, seconds)


def _ends(context: CheckContext, requirement: str, binding: Binding, made: Moment, seconds: int) -> Iterator[float]:
    yield made.until(seconds - (1 if context.controls_clock else 3))
    is_there(context, requirement, binding, f"before {seconds} s are over", sure=lambda: made.certain(seconds))
    yield made.until(seconds + 1)
    is_gone(context, requirement, binding, f"a second after {seconds} s are over")


@check("AXE-LIFE-001")
@pytest.mark.parametrize("hours", [1, 24, 720])
def test_bind_expired_time_ends_the_binding(context: CheckContext, hours: int) -> Iterator[float]:
    """A binding of h hours is there a second before, and gone after."""
    yield from ends_after(context, "AXE-LIFE-001", hours * HOUR, bindExpiredTime=hours)


def a_while(context: CheckContext, more: int = 1) -> tuple[int, str, dict[str, Any]]:
    """The seconds of a bindExpiredTime of 1, its unit in words and as fields.

    An hour, or a minute in real time.

    `more` is how many seconds the check goes on behind them.
    """
    seconds = span(context, HOUR, real=MINUTE, whole=MINUTE + more)
    return (seconds, "hour", {}) if seconds == HOUR else (seconds, "minute", {"timeUnit": "1"})


@check("AXE-LIFE-101")
@pytest.mark.parametrize("unit", [{}, {"timeUnit": "0"}, {"timeUnit": "1"}], ids=str)
def test_hours_and_minutes(context: CheckContext, unit: dict[str, Any]) -> Iterator[float]:
    """TimeUnit 0 and none count hours, 1 counts minutes."""
    in_minutes = unit.get("timeUnit") == "1"
    count = 1 if in_minutes and not context.controls_clock else 5
    seconds = count * (MINUTE if in_minutes else HOUR)
    yield from ends_after(context, "AXE-LIFE-101", seconds, bindExpiredTime=count, **unit)


@check("AXE-LIFE-002")
def test_0_never_ends(context: CheckContext) -> Iterator[float]:
    """A binding with bindExpiredTime 0 is there after a year.

    In hours and in minutes.
    """
    year = span(context, 366 * DAY, real=366 * DAY)
    bindings = [bind_users(context, bindExpiredTime=0, timeUnit=unit) for unit in ("0", "1")]
    yield year
    for binding in bindings:
        is_there(context, "AXE-LIFE-002", binding, "after a year")


@check("AXE-LIFE-003")
@pytest.mark.parametrize(("before", "after"), [(1, 5), (5, 1), (0, 1)])
def test_modify_of_bind_expired_time(context: CheckContext, before: int, after: int) -> Iterator[float]:
    """A new bindExpiredTime ends the binding.

    Be it longer or shorter, and after none.
    """
    seconds = span(context, after * HOUR, real=after * MINUTE, whole=after * MINUTE + 1)
    unit = "0" if seconds == after * HOUR else "1"
    binding = bind_users(context, bindExpiredTime=before, timeUnit=unit)
    with Moment(context) as changed:
        answer = context.axe.modify(binding.sub, timeUnit=unit, bindExpiredTime=after, callbackExpiredTime=1)
    claim_success(context, "AXE-LIFE-003", answer, f"modify of bindExpiredTime from {before} to {after}")
    yield from _ends(context, "AXE-LIFE-003", binding, changed, seconds)


@check("AXE-LIFE-003")
def test_modify_in_minutes(context: CheckContext) -> Iterator[float]:
    """A modify with timeUnit 1 counts minutes, also after a bind in hours."""
    minutes = span(context, 90 * MINUTE, real=MINUTE, whole=MINUTE + 1) // MINUTE
    binding = bind_users(context, bindExpiredTime=1)
    with Moment(context) as changed:
        answer = context.axe.modify(binding.sub, timeUnit="1", bindExpiredTime=minutes, callbackExpiredTime=1)
    claim_success(context, "AXE-LIFE-003", answer, f"modify of bindExpiredTime to {plural(minutes, 'minute')}")
    yield from _ends(context, "AXE-LIFE-003", binding, changed, minutes * MINUTE)


@check("AXE-LIFE-003")
def test_modify_to_0_lifts_the_limit(context: CheckContext) -> Iterator[float]:
    """After a modify to bindExpiredTime 0 the binding does not end."""
    seconds, _, fields = a_while(context, more=3)
    with Moment(context) as made:
        binding = bind_users(context, bindExpiredTime=1, **fields)
    yield made.until(seconds // 2)
    answer = context.axe.modify(binding.sub, bindExpiredTime=0, **fields)
    made.certain(seconds)
    claim_success(context, "AXE-LIFE-003", answer, "modify of bindExpiredTime to 0")
    yield made.until(span(context, 366 * DAY, real=MINUTE + 3))
    is_there(context, "AXE-LIFE-003", binding, "long after the modify to 0")


@check("AXE-LIFE-003")
def test_modify_of_something_else_leaves_the_end(context: CheckContext) -> Iterator[float]:
    """A modify without bindExpiredTime leaves the end where it was."""
    seconds, _, fields = a_while(context)
    with Moment(context) as made:
        binding = bind_users(context, bindExpiredTime=1, **fields)
    yield made.until(seconds // 2)
    answer = context.axe.modify(binding.sub, callbackNum=context.user())
    made.certain(seconds)
    claim_success(context, "AXE-LIFE-003", answer, "modify of callbackNum")
    yield from _ends(context, "AXE-LIFE-003", binding, made, seconds)


@check("AXE-LIFE-006")
def test_expiry_frees_a_and_the_extension(context: CheckContext) -> Iterator[float]:
    """After the end A can be bound again, and the extension is free."""
    seconds, _, fields = a_while(context)
    with Moment(context) as made:
        first, second = (bind_users(context, bindExpiredTime=1, **fields) for _ in range(2))
    yield made.until(seconds + 1)
    again = bind_users(context, first.a, first.x, second.extension, by="AXE-LIFE-006")
    bind_users(context, second.a, second.x, first.extension, by="AXE-LIFE-006")
    is_there(context, "AXE-LIFE-006", again, "bound again")
