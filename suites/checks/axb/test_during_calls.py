"""Calls whose binding is modified, unbound or expires meanwhile, in each phase; two calls of one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import answer_call, claim_success, require_course, wait_until_ended
from privnum.suites.checks.axb.expected_pushes import PHASES, call_in_phase, claim_pushes
from privnum.suites.checks.axb.scenarios import bound, claim_call_refused, claim_reaches, listed
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
FIELDS = (
    "callDirection",
    "duration",
    "maxDuration",
    "lastMinVoice",
    "recordFlag",
    "privateSms",
    "preVoice",
    "userData",
)
"""Every setting that a modify may carry."""
HOUR = 3600


def change(context: CheckContext, field: str) -> dict[str, Any]:
    """A modify of that field to something that no call of this check may notice."""
    values: dict[str, Any] = {
        "callDirection": 2,
        "duration": 2 * HOUR,
        "maxDuration": 600,
        "recordFlag": "false",
        "privateSms": "false",
        "userData": "later",
    }
    if field == "lastMinVoice":
        return {field: context.axb.tone()}
    return {field: {"callerHintTone": context.axb.tone()} if field == "preVoice" else values[field]}


def runs(context: CheckContext, requirement: str, call: CallView, callee: str, when: str) -> None:
    """Claim that the call runs and is with whom it was."""
    now = context.look(call)
    ok = now.state != "ended" and now.forwarded_to == callee
    what = f"expected the call to go on with {callee}, is {now.state} {now.release_cause}, with {now.forwarded_to}"
    context.claim(requirement, ok, f"{when}: {what}")


def goes_its_way(
    context: CheckContext, requirement: str, call: CallView, pair: Pair, caller: str, *data: str
) -> dict[str, Any]:
    """Claim that the call is answered and hung up as planned, with cause 0, and that this is told. Gives the CDR."""
    call = wait_until_ended(context, call)
    require_course(call, ("answer",))
    context.claim(requirement, call.release_cause == 0, f"expected an end with 0, came {call.release_cause}")
    return claim_pushes(context, call, pair, caller, data)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


TOLD = ("AXB-EVENT-001", "AXB-EVENT-007", "AXB-EVENT-008", "AXB-CDR-004", "AXB-CDR-005", "AXB-CDR-010")


@check("AXB-CALL-101", "AXB-CALL-102", "AXB-MODIFY-006", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("phase", ["forwarded", "alerting"])
def test_a_setting_is_modified_before_the_answer(context: CheckContext, field: str, phase: str) -> None:
    """Whatever setting is modified, a call is put through to its end and told by what it began with."""
    modified_during_a_call(context, "AXB-CALL-101", field, phase)


@check("AXB-CALL-012", "AXB-CALL-102", "AXB-MODIFY-006", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_is_modified_after_the_answer(context: CheckContext, field: str) -> None:
    """Whatever setting is modified, a talk goes on and is told by what it began with."""
    modified_during_a_call(context, "AXB-CALL-012", field, "answered")


def modified_during_a_call(context: CheckContext, requirement: str, field: str, phase: str) -> None:
    """Modify a setting in a phase of a call; claim that the call goes on, by the requirement, and what comes after."""
    fields: dict[str, Any] = {"duration": HOUR, "maxDuration": 60, "userData": "first"}
    pair = bound(context, **fields)
    call = call_in_phase(context, pair.a, pair.x, phase)
    claim_success(
        context,
        "AXB-MODIFY-006",
        context.axb.modify(pair.sub, **change(context, field)),
        f"modify of {field} during a call",
    )
    runs(context, requirement, call, pair.b, f"after a modify of {field}")
    goes_its_way(context, requirement, call, pair, pair.a, "first", "later")
    if field == "callDirection":
        claim_call_refused(context, "AXB-MODIFY-007", pair.a, pair.x, 8016)
    again = claim_reaches(context, "AXB-CALL-102", pair.b, pair, pair.a)
    context.hang_up(again)
    if field == "userData":
        info = next((push.info for push in context.events(again) if push.event_type == "callin"), {})
        ok = info.get("userData") == "later"
        context.claim("AXB-EVENT-010", ok, f"callin after a modify to 'later' says {info.get('userData')!r}")


@check("AXB-CALL-011", needs=NEEDS)
@pytest.mark.parametrize("field", [field for field in FIELDS if field != "maxDuration"])
def test_the_limit_of_a_call_stays(context: CheckContext, field: str) -> None:
    """A modify of anything but maxDuration leaves the end of a call that maxDuration limits where it was."""
    pair = bound(context, maxDuration=1)
    call = context.call(pair.a, pair.x)
    answered = answer_call(context, call)
    context.advance(answered.until(30))
    claim_success(
        context, "AXB-MODIFY-006", context.axb.modify(pair.sub, **change(context, field)), f"modify of {field}"
    )
    context.advance(answered.until(56))
    state = context.look(call).state
    answered.certain(60)
    context.claim("AXB-CALL-011", state == "answered", f"shortly before the limit the call is {state}")
    context.advance(answered.until(62))
    now = context.look(call)
    ok = now.state == "ended" and now.release_cause == 8010
    context.claim("AXB-CALL-011", ok, f"a minute of talk is over, the call is {now.state} {now.release_cause}")


def _replaced(requirement: str, side: str) -> Any:
    @check(requirement, needs=NEEDS)
    @pytest.mark.parametrize("phase", PHASES)
    def replaced(context: CheckContext, phase: str) -> None:
        """A call whose A or B is replaced is told with the numbers that it had; the new user is in the next call."""
        replaced_during_a_call(context, requirement, side, phase)

    return replaced


test_a_new_a_during_a_call = _replaced("AXB-MODIFY-003", "callerNum")
test_a_new_b_during_a_call = _replaced("AXB-MODIFY-101", "calleeNum")


def replaced_during_a_call(context: CheckContext, rule: str, side: str, phase: str) -> None:
    """Give the binding of a call a new user; claim that the call is told with the numbers that it had."""
    pair, other = bound(context), context.user()
    call = call_in_phase(context, pair.a, pair.x, phase)
    claim_success(context, rule, context.axb.modify(pair.sub, **{side: other}), f"modify of {side} during a call")
    if context.assumptions["call.users_of_running_call"] == "goes_on":
        runs(context, "AXB-OPEN-050", call, pair.b, f"after a modify of {side}")
        goes_its_way(context, "AXB-OPEN-050", call, pair, pair.a)
    a, b = (other, pair.b) if side == "callerNum" else (pair.a, other)
    context.hang_up(claim_reaches(context, rule, a, pair, b))
    claim_call_refused(context, rule, pair.a if side == "callerNum" else pair.b, pair.x, 8014)


# ── unbind and expiry ────────────────────────────────────────────────────────────────────────────────────────────────


SELECTORS = ("subscriptionId", "relationNum")


def unbound_during_a_call(context: CheckContext, phase: str, selector: str) -> tuple[Pair, CallView]:
    """A pair, unbound in that phase of a call of B, and the call."""
    pair = bound(context, userData="mark")
    call = call_in_phase(context, pair.b, pair.x, phase)
    answer = context.axb.unbind(**{selector: pair.sub if selector == "subscriptionId" else pair.x})
    claim_success(context, "AXB-CALL-009", answer, "unbind during a call")
    return pair, call


@check("AXB-CALL-009", "AXB-CDR-001", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("selector", SELECTORS)
def test_unbound_after_the_answer(context: CheckContext, selector: str) -> None:
    """A talk goes on, and is told to its end by the binding that it had."""
    pair, call = unbound_during_a_call(context, "answered", selector)
    runs(context, "AXB-CALL-009", call, pair.a, "after the unbind")
    goes_its_way(context, "AXB-CALL-009", call, pair, pair.b, "mark")
    claim_call_refused(context, "AXB-CALL-009", pair.b, pair.x, 8014)


@check("AXB-CALL-009", "AXB-CDR-001", *TOLD[2:], needs=NEEDS)
@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("phase", ["forwarded", "alerting"])
def test_unbound_before_the_answer(context: CheckContext, selector: str, phase: str) -> None:
    """A call that is not answered yet "may" go on; it is told to its end, however it ends."""
    pair, call = unbound_during_a_call(context, phase, selector)
    call = wait_until_ended(context, call)
    claim_pushes(context, call, pair, pair.b, ("mark",), answered=call.answered_at is not None)
    claim_call_refused(context, "AXB-CALL-009", pair.b, pair.x, 8014)


@check("AXB-CALL-009", "AXB-CDR-011", needs=(*NEEDS, "recording"))
def test_a_recorded_call_outlives_its_binding(context: CheckContext) -> None:
    """The recording of a call whose binding was unbound meanwhile is told."""
    pair = bound(context, recordFlag="true", recordHintTone=context.axb.tone())
    call = call_in_phase(context, pair.a, pair.x, "answered")
    context.axb.unbind(subscriptionId=pair.sub)
    cdr = goes_its_way(context, "AXB-CALL-009", call, pair, pair.a)
    ok = cdr.get("recordFlag") == 1 and (cdr.get("recordObjectName") or cdr.get("recordFileDownloadUrl"))
    context.claim("AXB-CDR-011", bool(ok), f"expected a recording, came recordFlag {cdr.get('recordFlag')!r}")


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_after_the_unbind(context: CheckContext) -> None:
    """A call that goes on without its binding can be stopped."""
    pair = bound(context)
    call = call_in_phase(context, pair.a, pair.x, "answered")
    claim_success(context, "AXB-UNBIND-001", context.axb.unbind(subscriptionId=pair.sub), "unbind")
    claim_success(context, "COM-STOP-001", context.stop_call(call.session_id), "stop call after the unbind")
    state = context.look(call).state
    context.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")


@check("AXB-UNBIND-007", "AXB-EVENT-008", "AXB-CDR-004", "AXB-CDR-005", "AXB-CDR-010", needs=NEEDS)
@pytest.mark.parametrize("side", ["a", "b"])
def test_bound_anew_during_a_call(context: CheckContext, side: str) -> None:
    """A caller who is unbound and bound with somebody else on that X: his call is told by the binding that it had."""
    pair, other = bound(context), context.user()
    caller = pair.a if side == "a" else pair.b
    call = call_in_phase(context, caller, pair.x, "answered")
    claim_success(context, "AXB-UNBIND-007", context.axb.unbind(subscriptionId=pair.sub), "unbind")
    # in the other role, so that its direction is the other one
    users = (other, caller) if side == "a" else (caller, other)
    again = bound(context, *users, pair.x, by="AXB-UNBIND-007")
    goes_its_way(context, "AXB-CALL-009", call, pair, caller)
    context.hang_up(claim_reaches(context, "AXB-UNBIND-007", caller, again, other))


@check("AXB-CALL-010", "AXB-LIFE-003", needs=("calls", "clock"))
def test_a_new_end_does_not_cut_a_call(context: CheckContext) -> None:
    """An end that a modify set while the call ran does not cut the call; the next one is refused."""
    pair = bound(context, duration=HOUR)
    call = call_in_phase(context, pair.a, pair.x, "answered", hang_up_after=None)
    life = span(context, 20, real=5)
    claim_success(context, "AXB-LIFE-003", context.axb.modify(pair.sub, duration=life), "modify of duration")
    context.advance(life + 1)
    context.claim("AXB-LIFE-003", pair.sub not in listed(context, pair.x), "the binding is there after its new end")
    runs(context, "AXB-CALL-010", call, pair.b, "after the new end of its binding")
    claim_call_refused(context, "AXB-CALL-010", pair.a, pair.x, 8014)


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-102", "AXB-CALL-012", "AXB-EVENT-004", "AXB-CDR-001", *TOLD, needs=NEEDS)
def test_two_calls_at_a_time(context: CheckContext) -> None:
    """Both calls of a binding are put through; one ends without the other; each has its session, events and CDR."""
    pair = bound(context)
    one = call_in_phase(context, pair.a, pair.x, "answered", hang_up_after=None)
    two = claim_reaches(context, "AXB-CALL-102", pair.b, pair, pair.a)
    answer_call(context, two)
    context.claim("AXB-EVENT-004", one.session_id != two.session_id, "two calls have one sessionId")
    one = context.hang_up(one)
    runs(context, "AXB-CALL-012", two, pair.a, "after the other call was hung up")
    claim_pushes(context, one, pair, pair.a)
    claim_pushes(context, context.hang_up(two), pair, pair.b)


@check("AXB-CALL-011", needs=("calls", "clock"))
def test_each_call_has_its_own_limit(context: CheckContext) -> None:
    """MaxDuration counts for each call of a binding from its own answer."""
    pair = bound(context, maxDuration=1)
    one = call_in_phase(context, pair.a, pair.x, "answered", hang_up_after=None)
    context.advance(20)
    two = context.call(pair.b, pair.x)
    answered = answer_call(context, two)
    context.advance(answered.until(50))
    state = context.look(two).state
    answered.certain(60)
    context.claim("AXB-CALL-011", context.look(one).release_cause == 8010, "the first call goes on after its limit")
    context.claim("AXB-CALL-011", state == "answered", f"50 seconds after the answer the second call is {state}")
    context.advance(answered.until(62))
    context.claim("AXB-CALL-011", context.look(two).release_cause == 8010, "the second call goes on after its limit")


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_one_of_two_calls_is_stopped(context: CheckContext) -> None:
    """Stop call releases the call of that session and not the other one of the binding."""
    pair = bound(context)
    one = call_in_phase(context, pair.a, pair.x, "answered", hang_up_after=None)
    two = call_in_phase(context, pair.b, pair.x, "answered", hang_up_after=None)
    claim_success(context, "COM-STOP-001", context.stop_call(one.session_id), "stop call of one of two calls")
    runs(context, "COM-STOP-001", two, pair.a, "after stop call of the other call")
