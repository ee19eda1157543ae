"""Calls to X: whom they reach and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    bound,
    finished,
    kept,
    listed,
    reaches,
    refuses_call,
    succeeds,
    talking,
)
from privnum.suites.runner.call_timing import reached, setup_seconds
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span, watch

if TYPE_CHECKING:
    from privnum.suites.checks.assertions import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench


def sees_x(bench: Bench, requirement: str, call: CallView, pair: Pair) -> None:
    """Claim that the callee sees X."""
    bench.claim(requirement, call.displayed == pair.x, f"the callee: expected to see {pair.x}, sees {call.displayed}")


def ended(bench: Bench, requirement: str, call: CallView, *causes: int) -> None:
    """Claim that the call is over, for one of these causes."""
    ok = call.state == "ended" and call.release_cause in causes
    message = f"expected an end with {causes}, the call is {call.state} with {call.release_cause}"
    bench.expect(requirement, ok, message)


def goes_on(
    bench: Bench, requirement: str, call: CallView, when: str, since: Moment | None = None, end: int = 0
) -> None:
    """Claim that the call is still answered; with `since`, only where that was seen surely before `end` seconds."""
    state = bench.look(call)
    if since is not None:
        since.certain(end)
    bench.claim(requirement, state.state == "answered", f"{when}: the call is {state.state} {state.release_cause}")


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-101")
@pytest.mark.parametrize("direction", [None, 0, 1])
def test_a_reaches_b(bench: Bench, direction: int | None) -> None:
    """With direction 0 or 1 a call from A is forwarded to B, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bound(bench, **fields)
    sees_x(bench, "AXB-CALL-101", reaches(bench, "AXB-CALL-101", pair.a, pair, pair.b), pair)


@check("AXB-CALL-102")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_b_reaches_a(bench: Bench, direction: int | None) -> None:
    """With direction 0 or 2 a call from B is forwarded to A, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bound(bench, **fields)
    sees_x(bench, "AXB-CALL-102", reaches(bench, "AXB-CALL-102", pair.b, pair, pair.a), pair)


@check("AXB-CALL-103")
def test_direction_1_bars_b(bench: Bench) -> None:
    """With direction 1 a call from B is refused with 8016."""
    pair = bound(bench, callDirection=1)
    refuses_call(bench, "AXB-CALL-103", pair.b, pair.x, 8016)


@check("AXB-CALL-104")
def test_direction_2_bars_a(bench: Bench) -> None:
    """With direction 2 a call from A is refused with 8016."""
    pair = bound(bench, callDirection=2)
    refuses_call(bench, "AXB-CALL-104", pair.a, pair.x, 8016)


@check("AXB-CALL-105")
def test_a_stranger_reaches_nobody(bench: Bench) -> None:
    """A number without a binding on X is refused with 8014, whether X has bindings or not."""
    stranger = bench.user()
    refuses_call(bench, "AXB-CALL-105", stranger, bench.x(), 8014)
    bound(bench)
    refuses_call(bench, "AXB-CALL-105", stranger, bench.x(), 8014)


@check("AXB-CALL-105", needs=("calls", "two_x"))
def test_a_binding_counts_on_its_own_x_only(bench: Bench) -> None:
    """A and B of one X are strangers to another."""
    pair = bound(bench, x=bench.x(0))
    bound(bench, x=bench.x(1))
    for caller in (pair.a, pair.b):
        refuses_call(bench, "AXB-CALL-105", caller, bench.x(1), 8014)


@check("AXB-CALL-106")
def test_each_caller_reaches_his_partner(bench: Bench) -> None:
    """With three pairs on X each side reaches the other of its own pair."""
    for pair in [bound(bench) for _ in range(3)]:
        bench.hang_up(reaches(bench, "AXB-CALL-106", pair.a, pair, pair.b))
        bench.hang_up(reaches(bench, "AXB-CALL-106", pair.b, pair, pair.a))


@check("AXB-CALL-106", needs=("calls", "two_x"))
def test_x_decides_whom_a_reaches(bench: Bench) -> None:
    """The same A on two X reaches the partner of the X that he calls."""
    one = bound(bench, x=bench.x(0))
    two = bound(bench, a=one.a, x=bench.x(1))
    bench.hang_up(reaches(bench, "AXB-CALL-106", one.a, one, one.b))
    bench.hang_up(reaches(bench, "AXB-CALL-106", two.a, two, two.b))


@check("AXB-CALL-007")
def test_a_fixed_line_never_calls(bench: Bench) -> None:
    """A bound fixed line that the direction allows to call is refused with 8023, an unbound one is refused too."""
    line, mobile = bench.user("fixed_line"), bench.user()
    pair = bound(bench, line, mobile)
    refuses_call(bench, "AXB-CALL-007", line, pair.x, 8023)
    other = bound(bench, a=mobile, b=line, x=bench.x(1)) if "two_x" in bench.capabilities else pair
    refuses_call(bench, "AXB-CALL-007", line, other.x, 8023)
    refuses_call(bench, "AXB-CALL-007", bench.user("fixed_line"), pair.x)


@check("AXB-CALL-008")
def test_a_fixed_line_is_called(bench: Bench) -> None:
    """A fixed line as B is reached by A, one as A by B."""
    one = bound(bench, b=bench.user("fixed_line"))
    reaches(bench, "AXB-CALL-008", one.a, one, one.b)
    two = bound(bench, a=bench.user("fixed_line"))
    reaches(bench, "AXB-CALL-008", two.b, two, two.a)


# ── calls that outlive their binding ─────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-001")
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_a_binding_outlives_its_calls(bench: Bench, behaviour: str) -> None:
    """After calls of A and of B, answered or not, the binding is there and the next call reaches its callee."""
    pair = bound(bench)
    for caller, callee in ((pair.a, pair.b), (pair.b, pair.a)):
        finished(bench, caller, pair.x, behaviour=behaviour, hang_up_after=4)
        answer = bench.query(subscriptionId=pair.sub)
        succeeds(bench, "AXB-CALL-001", answer, f"query after a call that ended ({behaviour})")
        bench.hang_up(reaches(bench, "AXB-CALL-001", caller, pair, callee))


@check("AXB-CALL-009", needs=("calls", "clock"))
@pytest.mark.parametrize("selector", ["subscriptionId", "relationNum"])
def test_unbind_does_not_cut_a_call(bench: Bench, selector: str) -> None:
    """An answered call goes on after its binding was unbound; the next call is refused."""
    pair = bound(bench)
    call = bench.call(pair.a, pair.x)
    talking(bench, call)
    answer = bench.unbind(**{selector: pair.sub if selector == "subscriptionId" else pair.x})
    succeeds(bench, "AXB-CALL-009", answer, "unbind during a call")
    goes_on(bench, "AXB-CALL-009", call, "directly after the unbind")
    bench.advance(600 if bench.still else 5)
    goes_on(bench, "AXB-CALL-009", call, "a while after the unbind")
    refuses_call(bench, "AXB-CALL-009", pair.a, pair.x, 8014)
    ended(bench, "AXB-CALL-013", bench.hang_up(call), 0)


@check("AXB-CALL-010")
def test_expiry_does_not_cut_a_call(bench: Bench) -> None:
    """An answered call goes on after its binding expired; the next call is refused."""
    life = span(bench, 60, real=8)
    with Moment(bench) as made:
        pair = bound(bench, duration=life)
    call = bench.call(pair.b, pair.x)
    talking(bench, call)
    if not bench.still:  # only a call that was answered before the end can outlive it
        made.certain(life)
    bench.advance(made.until(life + 1))
    bench.claim("AXB-LIFE-001", pair.sub not in listed(bench, pair.x), "the binding is there after its end")
    goes_on(bench, "AXB-CALL-010", call, "after the binding expired")
    refuses_call(bench, "AXB-CALL-010", pair.a, pair.x, 8014)
    ended(bench, "AXB-CALL-013", bench.hang_up(call, by="callee"), 0)


# ── how calls end ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-011")
@pytest.mark.parametrize("minutes", [1, 3])
def test_max_duration_hangs_up(bench: Bench, minutes: int) -> None:
    """A call is hung up maxDuration minutes after the answer, with 8010."""
    pair = bound(bench, maxDuration=minutes)
    call = bench.call(pair.a, pair.x, ring_after=10, answer_after=20)
    answered = talking(bench, call, 30)
    bench.advance(answered.until(60 * minutes - (2 if bench.still else 4)))
    goes_on(bench, "AXB-CALL-011", call, f"shortly before {minutes} min of talk", answered, 60 * minutes)
    bench.advance(answered.until(60 * minutes + 2))
    ended(bench, "AXB-CALL-011", bench.look(call), 8010)


@check("AXB-CALL-012")
def test_no_max_duration_is_no_limit(bench: Bench) -> None:
    """Without maxDuration, or with 0, a call goes on for two days."""
    calls = [bench.call(pair.a, pair.x) for pair in (bound(bench), bound(bench, maxDuration=0))]
    bench.advance(2 * 86400)
    for call in calls:
        goes_on(bench, "AXB-CALL-012", call, "after two days")


@check("AXB-CALL-013", needs=("calls", "clock"))
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_hang_up_after_the_answer(bench: Bench, by: Any) -> None:
    """An answered call that either side hangs up ends with cause 0."""
    pair = bound(bench)
    call = bench.call(pair.a, pair.x)
    talking(bench, call)
    ended(bench, "AXB-CALL-013", bench.hang_up(call, by=by), 0)


@check("AXB-CALL-013", needs=("calls", "clock"))
def test_callee_and_caller_hang_up_by_themselves(bench: Bench) -> None:
    """The same when they hang up as planned."""
    pair = bound(bench)
    for plan in ({"hang_up_after": 5}, {"caller_hangs_up_after": 15 + setup_seconds(bench)}):
        call = finished(bench, pair.a, pair.x, **plan)
        kept(call, ("answer",))
        ended(bench, "AXB-CALL-013", call, 0)


@check("AXB-CALL-014")
def test_caller_gives_up_before_it_rings(bench: Bench) -> None:
    """A caller who hangs up before the callee rings: 7501."""
    pair = bound(bench)
    call = finished(bench, pair.a, pair.x, ring_after=20, caller_hangs_up_after=5)
    kept(call, ("callout",), without=("alerting",))
    ended(bench, "AXB-CALL-014", call, 7501)
    with Moment(bench) as placed:
        call = reached(bench, bench.call(pair.b, pair.x, ring_after=20), "forwarded", 3)
    call = bench.hang_up(call)
    placed.certain(20)
    kept(call, without=("alerting",))
    ended(bench, "AXB-CALL-014", call, 7501)


@check("AXB-CALL-015")
def test_caller_gives_up_while_it_rings(bench: Bench) -> None:
    """A caller who hangs up while the callee rings: 7502."""
    pair = bound(bench)
    leaves = 10 + setup_seconds(bench)
    call = finished(bench, pair.a, pair.x, ring_after=2, answer_after=20, caller_hangs_up_after=leaves)
    kept(call, ("alerting",), without=("answer",))
    ended(bench, "AXB-CALL-015", call, 7502)
    with Moment(bench) as placed:
        call = reached(bench, bench.call(pair.b, pair.x, ring_after=2, answer_after=20), "alerting", 5)
    call = bench.hang_up(call)
    placed.certain(20)
    kept(call, ("alerting",), without=("answer",))
    ended(bench, "AXB-CALL-015", call, 7502)


CAUSES = [
    ("AXB-CALL-016", "busy", (8102,)),
    ("AXB-CALL-017", "no_answer", (8101, 8035)),
    ("AXB-CALL-018", "reject", (7503, 7504)),
    ("AXB-CALL-019", "powered_off", (8104,)),
    ("AXB-CALL-020", "out_of_service", (8105,)),
    ("AXB-CALL-021", "not_exist", (8100,)),
    ("AXB-CALL-005", "unreachable", (8103,)),
]


def _ends_with(requirement: str, behaviour: str, causes: tuple[int, ...]) -> Any:
    @check(requirement, needs=("calls", "clock"))
    def ends(bench: Bench) -> None:
        """A call that the callee does not take ends with the cause of its kind, for A's call and for B's."""
        pair = bound(bench)
        for caller in (pair.a, pair.b):
            call = bench.call(caller, pair.x, behaviour=behaviour)
            bench.claim(requirement, call.forwarded_to is not None, "the call was not forwarded")
            ended(bench, requirement, watch(bench, call, lambda view: view.state == "ended", 200), *causes)

    return ends


test_busy, test_no_answer, test_reject, test_powered_off, test_out_of_service, test_not_exist, test_unreachable = (
    _ends_with(*row) for row in CAUSES
)


@check("AXB-CALL-006")
def test_no_connection_in_90_seconds(bench: Bench) -> None:
    """A callee's network that says nothing: the platform gives up after about 90 seconds, with 8035."""
    pair = bound(bench)
    with Moment(bench) as placed:
        call = bench.call(pair.a, pair.x, behaviour="silent")
    bench.advance(80)
    state = bench.look(call).state
    placed.certain(90)
    bench.claim("AXB-CALL-006", state != "ended", "the platform gave up within 80 seconds")
    bench.advance(20)
    ended(bench, "AXB-CALL-006", bench.look(call), 8035)


# ── the status of X ──────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-003")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_calls(bench: Bench, status: Any) -> None:
    """While X is suspended or unavailable calls are refused with 8055; afterwards they go through again."""
    pair = bound(bench)
    bench.set_number(pair.x, status)
    for caller in (pair.a, pair.b):
        refuses_call(bench, "AXB-CALL-003", caller, pair.x, 8055)
    bench.set_number(pair.x, "5")
    reaches(bench, "AXB-CALL-003", pair.a, pair, pair.b)


@check("AXB-CALL-002")
def test_a_frozen_tenant_has_no_calls(bench: Bench) -> None:
    """While the tenant is frozen calls of A, of B and of a stranger end with 7108; afterwards they go as before."""
    pair = bound(bench)
    bench.set_application(bench.app, status="frozen")
    for caller in (pair.a, pair.b, bench.user()):
        refuses_call(bench, "AXB-CALL-002", caller, pair.x, 7108)
    bench.set_application(bench.app, status="normal")
    reaches(bench, "AXB-CALL-002", pair.a, pair, pair.b)


@check("AXB-CALL-004")
def test_a_frozen_x_keeps_its_calls(bench: Bench) -> None:
    """While X is frozen for binding both sides still reach each other."""
    pair = bound(bench)
    bench.set_number(pair.x, "11")
    bench.hang_up(reaches(bench, "AXB-CALL-004", pair.a, pair, pair.b))
    bench.hang_up(reaches(bench, "AXB-CALL-004", pair.b, pair, pair.a))
