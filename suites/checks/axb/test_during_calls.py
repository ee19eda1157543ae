"""Calls whose binding is modified, unbound or expires meanwhile, in each phase; two calls of one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    bound,
    kept,
    listed,
    over,
    reaches,
    refuses_call,
    succeeds,
    talking,
)
from privnum.suites.checks.axb.expected_pushes import PHASES, begun, is_told
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from privnum.suites.checks.assertions import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

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


def change(bench: Bench, field: str) -> dict[str, Any]:
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
        return {field: bench.tone()}
    return {field: {"callerHintTone": bench.tone()} if field == "preVoice" else values[field]}


def runs(bench: Bench, requirement: str, call: CallView, callee: str, when: str) -> None:
    """Claim that the call runs and is with whom it was."""
    now = bench.look(call)
    ok = now.state != "ended" and now.forwarded_to == callee
    what = f"expected the call to go on with {callee}, is {now.state} {now.release_cause}, with {now.forwarded_to}"
    bench.claim(requirement, ok, f"{when}: {what}")


def goes_its_way(bench: Bench, requirement: str, call: CallView, pair: Pair, caller: str, *data: str) -> dict[str, Any]:
    """Claim that the call is answered and hung up as planned, with cause 0, and that this is told. Gives the CDR."""
    call = over(bench, call)
    kept(call, ("answer",))
    bench.claim(requirement, call.release_cause == 0, f"expected an end with 0, came {call.release_cause}")
    return is_told(bench, call, pair, caller, data)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


TOLD = ("AXB-EVENT-001", "AXB-EVENT-007", "AXB-EVENT-008", "AXB-CDR-004", "AXB-CDR-005", "AXB-CDR-010")


@check("AXB-CALL-101", "AXB-CALL-102", "AXB-MODIFY-006", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("phase", ["forwarded", "alerting"])
def test_a_setting_is_modified_before_the_answer(bench: Bench, field: str, phase: str) -> None:
    """Whatever setting is modified, a call is put through to its end and told by what it began with."""
    modified_during_a_call(bench, "AXB-CALL-101", field, phase)


@check("AXB-CALL-012", "AXB-CALL-102", "AXB-MODIFY-006", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_is_modified_after_the_answer(bench: Bench, field: str) -> None:
    """Whatever setting is modified, a talk goes on and is told by what it began with."""
    modified_during_a_call(bench, "AXB-CALL-012", field, "answered")


def modified_during_a_call(bench: Bench, requirement: str, field: str, phase: str) -> None:
    """Modify a setting in a phase of a call; claim that the call goes on, by the requirement, and what comes after."""
    fields: dict[str, Any] = {"duration": HOUR, "maxDuration": 60, "userData": "first"}
    pair = bound(bench, **fields)
    call = begun(bench, pair.a, pair.x, phase)
    succeeds(
        bench, "AXB-MODIFY-006", bench.modify(pair.sub, **change(bench, field)), f"modify of {field} during a call"
    )
    runs(bench, requirement, call, pair.b, f"after a modify of {field}")
    goes_its_way(bench, requirement, call, pair, pair.a, "first", "later")
    if field == "callDirection":
        refuses_call(bench, "AXB-MODIFY-007", pair.a, pair.x, 8016)
    again = reaches(bench, "AXB-CALL-102", pair.b, pair, pair.a)
    bench.hang_up(again)
    if field == "userData":
        info = next((push.info for push in bench.events(again) if push.event_type == "callin"), {})
        ok = info.get("userData") == "later"
        bench.claim("AXB-EVENT-010", ok, f"callin after a modify to 'later' says {info.get('userData')!r}")


@check("AXB-CALL-011", needs=NEEDS)
@pytest.mark.parametrize("field", [field for field in FIELDS if field != "maxDuration"])
def test_the_limit_of_a_call_stays(bench: Bench, field: str) -> None:
    """A modify of anything but maxDuration leaves the end of a call that maxDuration limits where it was."""
    pair = bound(bench, maxDuration=1)
    call = bench.call(pair.a, pair.x)
    answered = talking(bench, call)
    bench.advance(answered.until(30))
    succeeds(bench, "AXB-MODIFY-006", bench.modify(pair.sub, **change(bench, field)), f"modify of {field}")
    bench.advance(answered.until(56))
    state = bench.look(call).state
    answered.certain(60)
    bench.claim("AXB-CALL-011", state == "answered", f"shortly before the limit the call is {state}")
    bench.advance(answered.until(62))
    now = bench.look(call)
    ok = now.state == "ended" and now.release_cause == 8010
    bench.claim("AXB-CALL-011", ok, f"a minute of talk is over, the call is {now.state} {now.release_cause}")


def _replaced(requirement: str, side: str) -> Any:
    @check(requirement, needs=NEEDS)
    @pytest.mark.parametrize("phase", PHASES)
    def replaced(bench: Bench, phase: str) -> None:
        """A call whose A or B is replaced is told with the numbers that it had; the new user is in the next call."""
        replaced_during_a_call(bench, requirement, side, phase)

    return replaced


test_a_new_a_during_a_call = _replaced("AXB-MODIFY-003", "callerNum")
test_a_new_b_during_a_call = _replaced("AXB-MODIFY-101", "calleeNum")


def replaced_during_a_call(bench: Bench, rule: str, side: str, phase: str) -> None:
    """Give the binding of a call a new user; claim that the call is told with the numbers that it had."""
    pair, other = bound(bench), bench.user()
    call = begun(bench, pair.a, pair.x, phase)
    succeeds(bench, rule, bench.modify(pair.sub, **{side: other}), f"modify of {side} during a call")
    if bench.assumptions["axb.users_of_running_call"] == "goes_on":
        runs(bench, "AXB-OPEN-050", call, pair.b, f"after a modify of {side}")
        goes_its_way(bench, "AXB-OPEN-050", call, pair, pair.a)
    a, b = (other, pair.b) if side == "callerNum" else (pair.a, other)
    bench.hang_up(reaches(bench, rule, a, pair, b))
    refuses_call(bench, rule, pair.a if side == "callerNum" else pair.b, pair.x, 8014)


# ── unbind and expiry ────────────────────────────────────────────────────────────────────────────────────────────────


SELECTORS = ("subscriptionId", "relationNum")


def unbound_during_a_call(bench: Bench, phase: str, selector: str) -> tuple[Pair, CallView]:
    """A pair, unbound in that phase of a call of B, and the call."""
    pair = bound(bench, userData="mark")
    call = begun(bench, pair.b, pair.x, phase)
    answer = bench.unbind(**{selector: pair.sub if selector == "subscriptionId" else pair.x})
    succeeds(bench, "AXB-CALL-009", answer, "unbind during a call")
    return pair, call


@check("AXB-CALL-009", "AXB-CDR-001", *TOLD, needs=NEEDS)
@pytest.mark.parametrize("selector", SELECTORS)
def test_unbound_after_the_answer(bench: Bench, selector: str) -> None:
    """A talk goes on, and is told to its end by the binding that it had."""
    pair, call = unbound_during_a_call(bench, "answered", selector)
    runs(bench, "AXB-CALL-009", call, pair.a, "after the unbind")
    goes_its_way(bench, "AXB-CALL-009", call, pair, pair.b, "mark")
    refuses_call(bench, "AXB-CALL-009", pair.b, pair.x, 8014)


@check("AXB-CALL-009", "AXB-CDR-001", *TOLD[2:], needs=NEEDS)
@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("phase", ["forwarded", "alerting"])
def test_unbound_before_the_answer(bench: Bench, selector: str, phase: str) -> None:
    """A call that is not answered yet "may" go on; it is told to its end, however it ends."""
    pair, call = unbound_during_a_call(bench, phase, selector)
    call = over(bench, call)
    is_told(bench, call, pair, pair.b, ("mark",), answered=call.answered_at is not None)
    refuses_call(bench, "AXB-CALL-009", pair.b, pair.x, 8014)


@check("AXB-CALL-009", "AXB-CDR-011", needs=(*NEEDS, "recording"))
def test_a_recorded_call_outlives_its_binding(bench: Bench) -> None:
    """The recording of a call whose binding was unbound meanwhile is told."""
    pair = bound(bench, recordFlag="true", recordHintTone=bench.tone())
    call = begun(bench, pair.a, pair.x, "answered")
    bench.unbind(subscriptionId=pair.sub)
    cdr = goes_its_way(bench, "AXB-CALL-009", call, pair, pair.a)
    ok = cdr.get("recordFlag") == 1 and (cdr.get("recordObjectName") or cdr.get("recordFileDownloadUrl"))
    bench.claim("AXB-CDR-011", bool(ok), f"expected a recording, came recordFlag {cdr.get('recordFlag')!r}")


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_stop_call_after_the_unbind(bench: Bench) -> None:
    """A call that goes on without its binding can be stopped."""
    pair = bound(bench)
    call = begun(bench, pair.a, pair.x, "answered")
    succeeds(bench, "AXB-UNBIND-001", bench.unbind(subscriptionId=pair.sub), "unbind")
    succeeds(bench, "COM-STOP-001", bench.stop_call(call.session_id), "stop call after the unbind")
    state = bench.look(call).state
    bench.claim("COM-STOP-001", state == "ended", f"after stop call: expected ended, the call is {state}")


@check("AXB-UNBIND-007", "AXB-EVENT-008", "AXB-CDR-004", "AXB-CDR-005", "AXB-CDR-010", needs=NEEDS)
@pytest.mark.parametrize("side", ["a", "b"])
def test_bound_anew_during_a_call(bench: Bench, side: str) -> None:
    """A caller who is unbound and bound with somebody else on that X: his call is told by the binding that it had."""
    pair, other = bound(bench), bench.user()
    caller = pair.a if side == "a" else pair.b
    call = begun(bench, caller, pair.x, "answered")
    succeeds(bench, "AXB-UNBIND-007", bench.unbind(subscriptionId=pair.sub), "unbind")
    # in the other role, so that its direction is the other one
    users = (other, caller) if side == "a" else (caller, other)
    again = bound(bench, *users, pair.x, by="AXB-UNBIND-007")
    goes_its_way(bench, "AXB-CALL-009", call, pair, caller)
    bench.hang_up(reaches(bench, "AXB-UNBIND-007", caller, again, other))


@check("AXB-CALL-010", "AXB-LIFE-003", needs=("calls", "clock"))
def test_a_new_end_does_not_cut_a_call(bench: Bench) -> None:
    """An end that a modify set while the call ran does not cut the call; the next one is refused."""
    pair = bound(bench, duration=HOUR)
    call = begun(bench, pair.a, pair.x, "answered", hang_up_after=None)
    life = span(bench, 20, real=5)
    succeeds(bench, "AXB-LIFE-003", bench.modify(pair.sub, duration=life), "modify of duration")
    bench.advance(life + 1)
    bench.claim("AXB-LIFE-003", pair.sub not in listed(bench, pair.x), "the binding is there after its new end")
    runs(bench, "AXB-CALL-010", call, pair.b, "after the new end of its binding")
    refuses_call(bench, "AXB-CALL-010", pair.a, pair.x, 8014)


# ── two calls of one binding ─────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-102", "AXB-CALL-012", "AXB-EVENT-004", "AXB-CDR-001", *TOLD, needs=NEEDS)
def test_two_calls_at_a_time(bench: Bench) -> None:
    """Both calls of a binding are put through; one ends without the other; each has its session, events and CDR."""
    pair = bound(bench)
    one = begun(bench, pair.a, pair.x, "answered", hang_up_after=None)
    two = reaches(bench, "AXB-CALL-102", pair.b, pair, pair.a)
    talking(bench, two)
    bench.claim("AXB-EVENT-004", one.session_id != two.session_id, "two calls have one sessionId")
    one = bench.hang_up(one)
    runs(bench, "AXB-CALL-012", two, pair.a, "after the other call was hung up")
    is_told(bench, one, pair, pair.a)
    is_told(bench, bench.hang_up(two), pair, pair.b)


@check("AXB-CALL-011", needs=("calls", "clock"))
def test_each_call_has_its_own_limit(bench: Bench) -> None:
    """MaxDuration counts for each call of a binding from its own answer."""
    pair = bound(bench, maxDuration=1)
    one = begun(bench, pair.a, pair.x, "answered", hang_up_after=None)
    bench.advance(20)
    two = bench.call(pair.b, pair.x)
    answered = talking(bench, two)
    bench.advance(answered.until(50))
    state = bench.look(two).state
    answered.certain(60)
    bench.claim("AXB-CALL-011", bench.look(one).release_cause == 8010, "the first call goes on after its limit")
    bench.claim("AXB-CALL-011", state == "answered", f"50 seconds after the answer the second call is {state}")
    bench.advance(answered.until(62))
    bench.claim("AXB-CALL-011", bench.look(two).release_cause == 8010, "the second call goes on after its limit")


@check("COM-STOP-001", needs=("calls", "stop_call", "clock"))
def test_one_of_two_calls_is_stopped(bench: Bench) -> None:
    """Stop call releases the call of that session and not the other one of the binding."""
    pair = bound(bench)
    one = begun(bench, pair.a, pair.x, "answered", hang_up_after=None)
    two = begun(bench, pair.b, pair.x, "answered", hang_up_after=None)
    succeeds(bench, "COM-STOP-001", bench.stop_call(one.session_id), "stop call of one of two calls")
    runs(bench, "COM-STOP-001", two, pair.a, "after stop call of the other call")
