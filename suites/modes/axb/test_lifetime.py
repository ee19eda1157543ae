"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.check import check
from privnum.suites.modes.laws import bound, info_of, listed, reaches, refused, refuses_call, succeeds

if TYPE_CHECKING:
    from privnum.suites.bench import Bench
    from privnum.suites.modes.laws import Pair

DAY = 86400


def lives(bench: Bench, requirement: str, pair: Pair, when: str) -> None:
    """Claim that the binding is there, for a query by id and by X."""
    info_of(bench, requirement, pair.sub)
    bench.claim(requirement, pair.sub in listed(bench, pair.x), f"{when}: the binding is not listed on its X")


def is_gone(bench: Bench, requirement: str, pair: Pair, when: str) -> None:
    """Claim that the binding is gone, for a query by id and by X."""
    answer = bench.query(subscriptionId=pair.sub)
    bench.claim(requirement, not answer["relationNumList"], f"{when}: a query by id still shows the binding")
    bench.claim(requirement, pair.sub not in listed(bench, pair.x), f"{when}: the binding is still listed on its X")


@check("AXB-LIFE-001")
def test_duration_ends_the_binding(bench: Bench) -> None:
    """A binding of d seconds is there after d - 1 and gone after d + 1."""
    for duration in (2, 60, DAY, 7776000):
        pair = bound(bench, duration=duration)
        bench.advance(duration - 1)
        lives(bench, "AXB-LIFE-001", pair, f"a second before {duration} s are over")
        bench.advance(2)
        is_gone(bench, "AXB-LIFE-001", pair, f"a second after {duration} s are over")


@check("AXB-LIFE-001", needs=("clock",))
def test_each_binding_has_its_own_end(bench: Bench) -> None:
    """Of two bindings on one X the shorter ends alone."""
    short, long = bound(bench, duration=60), bound(bench, duration=120)
    bench.advance(61)
    is_gone(bench, "AXB-LIFE-001", short, "after its 60 s")
    lives(bench, "AXB-LIFE-001", long, "after 61 of 120 s")


@check("AXB-LIFE-001", needs=("clock", "calls"))
def test_an_expired_binding_carries_no_calls(bench: Bench) -> None:
    """After its end X does not put A and B through any more."""
    pair = bound(bench, duration=60)
    bench.advance(59)
    bench.hang_up(reaches(bench, "AXB-LIFE-001", pair.a, pair, pair.b))
    bench.advance(2)
    for caller in (pair.a, pair.b):
        refuses_call(bench, "AXB-LIFE-001", caller, pair.x, 8014)


@check("AXB-LIFE-002")
def test_no_duration_never_ends(bench: Bench) -> None:
    """A binding without duration, or with 0, is there after a year."""
    pairs = [bound(bench), bound(bench, duration=0)]
    bench.advance(366 * DAY)
    for pair in pairs:
        lives(bench, "AXB-LIFE-002", pair, "after a year")


@check("AXB-LIFE-003")
def test_modify_restarts_the_countdown(bench: Bench) -> None:
    """A new duration counts from the modify, be it longer, shorter or the same, and after none."""
    for before, passed, after in ((60, 50, 60), (60, 50, 20), (600, 10, 60), (0, 100, 60)):
        pair = bound(bench, duration=before)
        bench.advance(passed)
        succeeds(bench, "AXB-LIFE-003", bench.modify(pair.sub, duration=after), f"modify of duration to {after}")
        bench.advance(after - 1)
        lives(bench, "AXB-LIFE-003", pair, f"{after - 1} s after the modify to {after} s")
        bench.advance(2)
        is_gone(bench, "AXB-LIFE-003", pair, f"{after + 1} s after the modify to {after} s")


@check("AXB-LIFE-004")
def test_modify_to_0_lifts_the_limit(bench: Bench) -> None:
    """After a modify to duration 0 the binding does not end."""
    pair = bound(bench, duration=60)
    bench.advance(30)
    succeeds(bench, "AXB-LIFE-004", bench.modify(pair.sub, duration=0), "modify of duration to 0")
    bench.advance(100 * DAY)
    lives(bench, "AXB-LIFE-004", pair, "100 days after the modify to 0")


@check("AXB-LIFE-005")
def test_modify_of_something_else_leaves_the_countdown(bench: Bench) -> None:
    """A modify without duration leaves the end where it was."""
    pair = bound(bench, duration=60)
    bench.advance(30)
    answer = bench.modify(pair.sub, callDirection=1, userData="later", calleeNum=bench.user())
    succeeds(bench, "AXB-LIFE-005", answer, "modify of direction, userData and B")
    bench.advance(29)
    lives(bench, "AXB-LIFE-005", pair, "a second before its end")
    bench.advance(2)
    is_gone(bench, "AXB-LIFE-005", pair, "a second after its end")


@check("AXB-LIFE-006")
def test_expiry_frees_the_numbers(bench: Bench) -> None:
    """After the end A and B can be bound again on that X, in either role."""
    pair = bound(bench, duration=60)
    bench.advance(61)
    again = bound(bench, pair.b, pair.a, pair.x, by="AXB-LIFE-006")
    bench.claim("AXB-LIFE-006", again.sub != pair.sub, "the new binding has the subscriptionId of the expired one")


@check("AXB-LIFE-007")
def test_an_expired_binding_is_gone_for_unbind_and_modify(bench: Bench) -> None:
    """Unbind and modify of an expired binding are refused with 1012007."""
    pair = bound(bench, duration=60)
    bench.advance(61)
    refused(bench, "AXB-LIFE-007", bench.modify(pair.sub, duration=60), "modify of an expired binding", "1012007")
    refused(bench, "AXB-LIFE-007", bench.unbind(subscriptionId=pair.sub), "unbind of an expired binding", "1012007")
    refused(bench, "AXB-LIFE-007", bench.unbind(relationNum=pair.x), "unbind of an X without bindings", "1012007")
    bench.claim("AXB-LIFE-007", not listed(bench, pair.x), "the refused modify revived the binding")
