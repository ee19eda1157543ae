"""Calls to X: whom they reach and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import answer_call, claim_success, completed_call, require_course
from privnum.suites.checks.axb.scenarios import bound, claim_call_refused, claim_reaches, listed
from privnum.suites.runner.call_timing import setup_seconds, wait_for_state
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, poll_call, span

if TYPE_CHECKING:
    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext


def sees_x(context: CheckContext, requirement: str, call: CallView, pair: Pair) -> None:
    """Claim that the callee sees X."""
    context.claim(requirement, call.displayed == pair.x, f"the callee: expected to see {pair.x}, sees {call.displayed}")


def claim_ended(context: CheckContext, requirement: str, call: CallView, *causes: int) -> None:
    """Claim that the call is over, for one of these causes."""
    ok = call.state == "ended" and call.release_cause in causes
    message = f"expected an end with {causes}, the call is {call.state} with {call.release_cause}"
    context.expect(requirement, ok, message)


def goes_on(
    context: CheckContext, requirement: str, call: CallView, when: str, since: Moment | None = None, end: int = 0
) -> None:
    """Claim that the call is still answered; with `since`, only where that was seen surely before `end` seconds."""
    state = context.look(call)
    if since is not None:
        since.certain(end)
    context.claim(requirement, state.state == "answered", f"{when}: the call is {state.state} {state.release_cause}")


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-101")
@pytest.mark.parametrize("direction", [None, 0, 1])
def test_a_reaches_b(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 1 a call from A is forwarded to B, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bound(context, **fields)
    sees_x(context, "AXB-CALL-101", claim_reaches(context, "AXB-CALL-101", pair.a, pair, pair.b), pair)


@check("AXB-CALL-102")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_b_reaches_a(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 2 a call from B is forwarded to A, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bound(context, **fields)
    sees_x(context, "AXB-CALL-102", claim_reaches(context, "AXB-CALL-102", pair.b, pair, pair.a), pair)


@check("AXB-CALL-103")
def test_direction_1_bars_b(context: CheckContext) -> None:
    """With direction 1 a call from B is refused with 8016."""
    pair = bound(context, callDirection=1)
    claim_call_refused(context, "AXB-CALL-103", pair.b, pair.x, 8016)


@check("AXB-CALL-104")
def test_direction_2_bars_a(context: CheckContext) -> None:
    """With direction 2 a call from A is refused with 8016."""
    pair = bound(context, callDirection=2)
    claim_call_refused(context, "AXB-CALL-104", pair.a, pair.x, 8016)


@check("AXB-CALL-105")
def test_a_stranger_reaches_nobody(context: CheckContext) -> None:
    """A number without a binding on X is refused with 8014, whether X has bindings or not."""
    stranger = context.user()
    claim_call_refused(context, "AXB-CALL-105", stranger, context.axb.x(), 8014)
    bound(context)
    claim_call_refused(context, "AXB-CALL-105", stranger, context.axb.x(), 8014)


@check("AXB-CALL-105", needs=("calls", "two_x"))
def test_a_binding_counts_on_its_own_x_only(context: CheckContext) -> None:
    """A and B of one X are strangers to another."""
    pair = bound(context, x=context.axb.x(0))
    bound(context, x=context.axb.x(1))
    for caller in (pair.a, pair.b):
        claim_call_refused(context, "AXB-CALL-105", caller, context.axb.x(1), 8014)


@check("AXB-CALL-106")
def test_each_caller_reaches_his_partner(context: CheckContext) -> None:
    """With three pairs on X each side reaches the other of its own pair."""
    for pair in [bound(context) for _ in range(3)]:
        context.hang_up(claim_reaches(context, "AXB-CALL-106", pair.a, pair, pair.b))
        context.hang_up(claim_reaches(context, "AXB-CALL-106", pair.b, pair, pair.a))


@check("AXB-CALL-106", needs=("calls", "two_x"))
def test_x_decides_whom_a_reaches(context: CheckContext) -> None:
    """The same A on two X reaches the partner of the X that he calls."""
    one = bound(context, x=context.axb.x(0))
    two = bound(context, a=one.a, x=context.axb.x(1))
    context.hang_up(claim_reaches(context, "AXB-CALL-106", one.a, one, one.b))
    context.hang_up(claim_reaches(context, "AXB-CALL-106", two.a, two, two.b))


@check("AXB-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A bound fixed line that the direction allows to call is refused with 8023, an unbound one is refused too."""
    line, mobile = context.user("fixed_line"), context.user()
    pair = bound(context, line, mobile)
    claim_call_refused(context, "AXB-CALL-007", line, pair.x, 8023)
    other = bound(context, a=mobile, b=line, x=context.axb.x(1)) if "two_x" in context.capabilities else pair
    claim_call_refused(context, "AXB-CALL-007", line, other.x, 8023)
    claim_call_refused(context, "AXB-CALL-007", context.user("fixed_line"), pair.x)


@check("AXB-CALL-008")
def test_a_fixed_line_is_called(context: CheckContext) -> None:
    """A fixed line as B is reached by A, one as A by B."""
    one = bound(context, b=context.user("fixed_line"))
    claim_reaches(context, "AXB-CALL-008", one.a, one, one.b)
    two = bound(context, a=context.user("fixed_line"))
    claim_reaches(context, "AXB-CALL-008", two.b, two, two.a)


# ── calls that outlive their binding ─────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-001")
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_a_binding_outlives_its_calls(context: CheckContext, behaviour: str) -> None:
    """After calls of A and of B, answered or not, the binding is there and the next call reaches its callee."""
    pair = bound(context)
    for caller, callee in ((pair.a, pair.b), (pair.b, pair.a)):
        completed_call(context, caller, pair.x, behaviour=behaviour, hang_up_after=4)
        answer = context.axb.query(subscriptionId=pair.sub)
        claim_success(context, "AXB-CALL-001", answer, f"query after a call that ended ({behaviour})")
        context.hang_up(claim_reaches(context, "AXB-CALL-001", caller, pair, callee))


@check("AXB-CALL-009", needs=("calls", "clock"))
@pytest.mark.parametrize("selector", ["subscriptionId", "relationNum"])
def test_unbind_does_not_cut_a_call(context: CheckContext, selector: str) -> None:
    """An answered call goes on after its binding was unbound; the next call is refused."""
    pair = bound(context)
    call = context.call(pair.a, pair.x)
    answer_call(context, call)
    answer = context.axb.unbind(**{selector: pair.sub if selector == "subscriptionId" else pair.x})
    claim_success(context, "AXB-CALL-009", answer, "unbind during a call")
    goes_on(context, "AXB-CALL-009", call, "directly after the unbind")
    context.advance(600 if context.still else 5)
    goes_on(context, "AXB-CALL-009", call, "a while after the unbind")
    claim_call_refused(context, "AXB-CALL-009", pair.a, pair.x, 8014)
    claim_ended(context, "AXB-CALL-013", context.hang_up(call), 0)


@check("AXB-CALL-010")
def test_expiry_does_not_cut_a_call(context: CheckContext) -> None:
    """An answered call goes on after its binding expired; the next call is refused."""
    life = span(context, 60, real=8)
    with Moment(context) as made:
        pair = bound(context, duration=life)
    call = context.call(pair.b, pair.x)
    answer_call(context, call)
    if not context.still:  # only a call that was answered before the end can outlive it
        made.certain(life)
    context.advance(made.until(life + 1))
    context.claim("AXB-LIFE-001", pair.sub not in listed(context, pair.x), "the binding is there after its end")
    goes_on(context, "AXB-CALL-010", call, "after the binding expired")
    claim_call_refused(context, "AXB-CALL-010", pair.a, pair.x, 8014)
    claim_ended(context, "AXB-CALL-013", context.hang_up(call, by="callee"), 0)


# ── how calls end ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-011")
@pytest.mark.parametrize("minutes", [1, 3])
def test_max_duration_hangs_up(context: CheckContext, minutes: int) -> None:
    """A call is hung up maxDuration minutes after the answer, with 8010."""
    pair = bound(context, maxDuration=minutes)
    call = context.call(pair.a, pair.x, ring_after=10, answer_after=20)
    answered = answer_call(context, call, 30)
    context.advance(answered.until(60 * minutes - (2 if context.still else 4)))
    goes_on(context, "AXB-CALL-011", call, f"shortly before {minutes} min of talk", answered, 60 * minutes)
    context.advance(answered.until(60 * minutes + 2))
    claim_ended(context, "AXB-CALL-011", context.look(call), 8010)


@check("AXB-CALL-012")
def test_no_max_duration_is_no_limit(context: CheckContext) -> None:
    """Without maxDuration, or with 0, a call goes on for two days."""
    calls = [context.call(pair.a, pair.x) for pair in (bound(context), bound(context, maxDuration=0))]
    context.advance(2 * 86400)
    for call in calls:
        goes_on(context, "AXB-CALL-012", call, "after two days")


@check("AXB-CALL-013", needs=("calls", "clock"))
@pytest.mark.parametrize("by", ["caller", "callee"])
def test_hang_up_after_the_answer(context: CheckContext, by: Any) -> None:
    """An answered call that either side hangs up ends with cause 0."""
    pair = bound(context)
    call = context.call(pair.a, pair.x)
    answer_call(context, call)
    claim_ended(context, "AXB-CALL-013", context.hang_up(call, by=by), 0)


@check("AXB-CALL-013", needs=("calls", "clock"))
def test_callee_and_caller_hang_up_by_themselves(context: CheckContext) -> None:
    """The same when they hang up as planned."""
    pair = bound(context)
    for plan in ({"hang_up_after": 5}, {"caller_hangs_up_after": 15 + setup_seconds(context)}):
        call = completed_call(context, pair.a, pair.x, **plan)
        require_course(call, ("answer",))
        claim_ended(context, "AXB-CALL-013", call, 0)


@check("AXB-CALL-014")
def test_caller_gives_up_before_it_rings(context: CheckContext) -> None:
    """A caller who hangs up before the callee rings: 7501."""
    pair = bound(context)
    call = completed_call(context, pair.a, pair.x, ring_after=20, caller_hangs_up_after=5)
    require_course(call, ("callout",), without=("alerting",))
    claim_ended(context, "AXB-CALL-014", call, 7501)
    with Moment(context) as placed:
        call = wait_for_state(context, context.call(pair.b, pair.x, ring_after=20), "forwarded", 3)
    call = context.hang_up(call)
    placed.certain(20)
    require_course(call, without=("alerting",))
    claim_ended(context, "AXB-CALL-014", call, 7501)


@check("AXB-CALL-015")
def test_caller_gives_up_while_it_rings(context: CheckContext) -> None:
    """A caller who hangs up while the callee rings: 7502."""
    pair = bound(context)
    leaves = 10 + setup_seconds(context)
    call = completed_call(context, pair.a, pair.x, ring_after=2, answer_after=20, caller_hangs_up_after=leaves)
    require_course(call, ("alerting",), without=("answer",))
    claim_ended(context, "AXB-CALL-015", call, 7502)
    with Moment(context) as placed:
        call = wait_for_state(context, context.call(pair.b, pair.x, ring_after=2, answer_after=20), "alerting", 5)
    call = context.hang_up(call)
    placed.certain(20)
    require_course(call, ("alerting",), without=("answer",))
    claim_ended(context, "AXB-CALL-015", call, 7502)


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
    def ends(context: CheckContext) -> None:
        """A call that the callee does not take ends with the cause of its kind, for A's call and for B's."""
        pair = bound(context)
        for caller in (pair.a, pair.b):
            call = context.call(caller, pair.x, behaviour=behaviour)
            context.claim(requirement, call.forwarded_to is not None, "the call was not forwarded")
            claim_ended(
                context, requirement, poll_call(context, call, lambda view: view.state == "ended", 200), *causes
            )

    return ends


test_busy, test_no_answer, test_reject, test_powered_off, test_out_of_service, test_not_exist, test_unreachable = (
    _ends_with(*row) for row in CAUSES
)


@check("AXB-CALL-006")
def test_no_connection_in_90_seconds(context: CheckContext) -> None:
    """A callee's network that says nothing: the platform gives up after about 90 seconds, with 8035."""
    pair = bound(context)
    with Moment(context) as placed:
        call = context.call(pair.a, pair.x, behaviour="silent")
    context.advance(80)
    state = context.look(call).state
    placed.certain(90)
    context.claim("AXB-CALL-006", state != "ended", "the platform gave up within 80 seconds")
    context.advance(20)
    claim_ended(context, "AXB-CALL-006", context.look(call), 8035)


# ── the status of X ──────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-003")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_calls(context: CheckContext, status: Any) -> None:
    """While X is suspended or unavailable calls are refused with 8055; afterwards they go through again."""
    pair = bound(context)
    context.set_number(pair.x, status)
    for caller in (pair.a, pair.b):
        claim_call_refused(context, "AXB-CALL-003", caller, pair.x, 8055)
    context.set_number(pair.x, "5")
    claim_reaches(context, "AXB-CALL-003", pair.a, pair, pair.b)


@check("AXB-CALL-002")
def test_a_frozen_tenant_has_no_calls(context: CheckContext) -> None:
    """While the tenant is frozen calls of A, of B and of a stranger end with 7108; afterwards they go as before."""
    pair = bound(context)
    context.set_application(context.axb.app, status="frozen")
    for caller in (pair.a, pair.b, context.user()):
        claim_call_refused(context, "AXB-CALL-002", caller, pair.x, 7108)
    context.set_application(context.axb.app, status="normal")
    claim_reaches(context, "AXB-CALL-002", pair.a, pair, pair.b)


@check("AXB-CALL-004")
def test_a_frozen_x_keeps_its_calls(context: CheckContext) -> None:
    """While X is frozen for binding both sides still reach each other."""
    pair = bound(context)
    context.set_number(pair.x, "11")
    context.hang_up(claim_reaches(context, "AXB-CALL-004", pair.a, pair, pair.b))
    context.hang_up(claim_reaches(context, "AXB-CALL-004", pair.b, pair, pair.a))
