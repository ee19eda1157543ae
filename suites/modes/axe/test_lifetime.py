"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.check import check
from privnum.suites.modes.axe.laws import GONE, bound, is_gone, is_there
from privnum.suites.modes.laws import refused, succeeds

if TYPE_CHECKING:
    from privnum.suites.bench import Bench

MINUTE, HOUR, DAY = 60, 3600, 86400


def ends_after(bench: Bench, requirement: str, seconds: int, **fields: Any) -> None:
    """Bind so, and claim that the binding is there a second before `seconds` are over and gone a second after."""
    binding = bound(bench, by=requirement, **fields)
    bench.advance(seconds - 1)
    is_there(bench, requirement, binding, f"a second before {seconds} s are over")
    bench.advance(2)
    is_gone(bench, requirement, binding, f"a second after {seconds} s are over")


@check("AXE-LIFE-001")
@pytest.mark.parametrize("hours", [1, 24, 720])
def test_bind_expired_time_ends_the_binding(bench: Bench, hours: int) -> None:
    """A binding of h hours is there a second before they are over and gone a second after."""
    ends_after(bench, "AXE-LIFE-001", hours * HOUR, bindExpiredTime=hours)


@check("AXE-LIFE-001", needs=("clock",))
def test_each_binding_has_its_own_end(bench: Bench) -> None:
    """Of two bindings on one X the shorter ends alone."""
    short, long = bound(bench, bindExpiredTime=1), bound(bench, bindExpiredTime=2)
    bench.advance(HOUR + 1)
    is_gone(bench, "AXE-LIFE-001", short, "after its hour")
    is_there(bench, "AXE-LIFE-001", long, "after one of two hours")


@check("AXE-LIFE-002")
@pytest.mark.parametrize("unit", [{}, {"timeUnit": "0"}, {"timeUnit": "1"}], ids=str)
def test_hours_and_minutes(bench: Bench, unit: dict[str, Any]) -> None:
    """TimeUnit 0 and none count hours, 1 counts minutes."""
    ends_after(bench, "AXE-LIFE-002", 5 * (MINUTE if unit.get("timeUnit") == "1" else HOUR), bindExpiredTime=5, **unit)


@check("AXE-LIFE-003")
def test_0_never_ends(bench: Bench) -> None:
    """A binding with bindExpiredTime 0, in hours and in minutes, is there after a year."""
    bindings = [bound(bench, bindExpiredTime=0, timeUnit=unit) for unit in ("0", "1")]
    bench.advance(366 * DAY)
    for binding in bindings:
        is_there(bench, "AXE-LIFE-003", binding, "after a year")


@check("AXE-LIFE-004")
@pytest.mark.parametrize(("before", "after"), [(1, 5), (5, 1), (0, 1)])
def test_modify_of_bind_expired_time(bench: Bench, before: int, after: int) -> None:
    """A new bindExpiredTime ends the binding, be it longer or shorter, and after none."""
    binding = bound(bench, bindExpiredTime=before)
    answer = bench.axe.modify(binding.sub, timeUnit="0", bindExpiredTime=after)
    succeeds(bench, "AXE-LIFE-004", answer, f"modify of bindExpiredTime from {before} to {after} hours")
    bench.advance(after * HOUR - 1)
    is_there(bench, "AXE-LIFE-004", binding, f"a second before {after} hours are over")
    bench.advance(2)
    is_gone(bench, "AXE-LIFE-004", binding, f"a second after {after} hours are over")


@check("AXE-LIFE-004")
def test_modify_in_minutes(bench: Bench) -> None:
    """A modify with timeUnit 1 counts minutes, also for a binding that was bound in hours."""
    binding = bound(bench, bindExpiredTime=1)
    answer = bench.axe.modify(binding.sub, timeUnit="1", bindExpiredTime=90)
    succeeds(bench, "AXE-LIFE-004", answer, "modify of bindExpiredTime to 90 minutes")
    bench.advance(90 * MINUTE - 1)
    is_there(bench, "AXE-LIFE-004", binding, "a second before 90 minutes are over")
    bench.advance(2)
    is_gone(bench, "AXE-LIFE-004", binding, "a second after 90 minutes are over")


@check("AXE-LIFE-004")
def test_modify_to_0_lifts_the_limit(bench: Bench) -> None:
    """After a modify to bindExpiredTime 0 the binding does not end."""
    binding = bound(bench, bindExpiredTime=1)
    bench.advance(HOUR // 2)
    succeeds(bench, "AXE-LIFE-004", bench.axe.modify(binding.sub, bindExpiredTime=0), "modify of bindExpiredTime to 0")
    bench.advance(366 * DAY)
    is_there(bench, "AXE-LIFE-004", binding, "a year after the modify to 0")


@check("AXE-LIFE-004")
def test_modify_of_something_else_leaves_the_end(bench: Bench) -> None:
    """A modify without bindExpiredTime leaves the end where it was."""
    binding = bound(bench, bindExpiredTime=1)
    bench.advance(HOUR // 2)
    answer = bench.axe.modify(binding.sub, callbackNum=bench.user(), userData="later")
    succeeds(bench, "AXE-LIFE-004", answer, "modify of callbackNum and userData")
    bench.advance(HOUR // 2 - 1)
    is_there(bench, "AXE-LIFE-004", binding, "a second before its end")
    bench.advance(2)
    is_gone(bench, "AXE-LIFE-004", binding, "a second after its end")


@check("AXE-LIFE-005")
def test_expiry_frees_a_and_the_extension(bench: Bench) -> None:
    """After the end A can be bound again on that X, and another one gets the extension."""
    first, second = bound(bench, bindExpiredTime=1), bound(bench, bindExpiredTime=1)
    bench.advance(HOUR + 1)
    again = bound(bench, first.a, first.x, second.extension, by="AXE-LIFE-005")
    bench.claim("AXE-LIFE-005", again.sub != first.sub, "the new binding has the subscriptionId of the expired one")
    bound(bench, second.a, second.x, first.extension, by="AXE-LIFE-005")
    is_there(bench, "AXE-LIFE-005", again, "bound again")


@check("AXE-LIFE-006")
def test_an_expired_binding_is_gone(bench: Bench) -> None:
    """Unbind, modify and query of an expired binding by its id are refused with 1016001, and revive nothing."""
    binding = bound(bench, bindExpiredTime=1)
    bench.advance(HOUR + 1)
    for operation in ("modify", "unbind", "query"):
        fields: dict[str, Any] = {"bindExpiredTime": 5} if operation == "modify" else {}
        answer = bench.axe.request(f"axe.{operation}", subscriptionId=binding.sub, **fields)
        refused(bench, "AXE-LIFE-006", answer, f"{operation} of an expired binding", GONE)
    is_gone(bench, "AXE-LIFE-006", binding, "after the refused modify")
