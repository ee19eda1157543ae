"""CDRs: one for each call, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    PATIENCE,
    claim_one_cdr,
    claim_success,
    completed_call,
    longest_wait,
    seconds_to_events,
)
from privnum.suites.checks.assertions import cdr_of as cdr_by
from privnum.suites.checks.axe.scenarios import answered_call, bound
from privnum.suites.checks.axe.test_event import (
    call_back,
    in_vain,
    with_record,
    wrong_digits,
)
from privnum.suites.oracle.cdr import NOT_MANDATORY, names_recording
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.call_timing import entry_delay, wait_for_state
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")
ZERO_IS_NOTHING = ("recordFlag", "ulFailReason")
"""Fields that need not be there to say 0."""
MANDATORY = {"direction", "spId", "appKey", "bindNum", "sessionId", "calleeNum"}


def cdr_of(context: CheckContext, call: CallView) -> dict[str, Any]:
    """The CDR of an ended call, which must come."""
    return cdr_by(context, call, "AXE-CDR-001")


def claim_present(context: CheckContext, cdr: dict[str, Any], name: str) -> bool:
    """Claim that a field stands there that need not; whether there is something to check."""
    if name not in NOT_MANDATORY:
        return True
    context.claim("AXE-CDR-016", bool(cdr.get(name)), f"the CDR does not tell {name}")
    return bool(cdr.get(name))


def claim_cdr_fields(context: CheckContext, requirement: str, cdr: dict[str, Any], **fields: object) -> None:
    """Claim that the CDR has these values; one that need not be there breaks a rule of its own where it lacks."""
    for name, value in fields.items():
        came = cdr.get(name)
        if claim_present(context, cdr, name):
            ok = came == value or (came is None and value == 0 and name in ZERO_IS_NOTHING)
            context.claim(requirement, ok, f"CDR {name}: expected {value!r}, came {came!r}")


@check("AXE-CDR-001", "AXE-CDR-018", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", "busy", "reject", "no_answer", "silent", "not_exist"])
def test_every_call_has_one_cdr(context: CheckContext, behaviour: str) -> None:
    """A call yields exactly one CDR after its end, answered or not, and none before; so does a call-back."""
    binding, _ = with_record(context)
    for caller, digits in ((context.user(), [binding.extension]), (binding.a, None)):
        call = context.call(caller, binding.x, behaviour=behaviour, hang_up_after=60, digits=digits)
        context.claim("AXE-CDR-001", not context.cdrs(call), "a CDR came before the call ended")
        context.advance(200)
        cdr_of(context, call)
        context.advance(PATIENCE)
        claim_one_cdr(context, call, "AXE-CDR-018")


@check("AXE-CDR-001", "AXE-CDR-018", needs=NEEDS)
def test_a_call_that_reached_nobody_has_a_cdr(context: CheckContext) -> None:
    """A wrong extension, none, a hang-up before it, and no record: exactly one CDR each."""
    for what, call in in_vain(context, bound(context)).items():
        cdr_of(context, call)
        claim_one_cdr(context, call, "AXE-CDR-018", what)


@check("AXE-CDR-002", "AXE-CDR-013", needs=NEEDS)
def test_mandatory_fields(context: CheckContext) -> None:
    """Every CDR has its mandatory fields; appKey is the application's."""
    binding, _ = with_record(context)
    calls = [
        answered_call(context, binding),
        answered_call(context, binding, behaviour="busy"),
        call_back(context, binding),
    ]
    for call in (*calls, *in_vain(context, binding).values()):
        cdr = cdr_of(context, call)
        missing = MANDATORY - cdr.keys()
        context.claim("AXE-CDR-002", not missing, f"the CDR lacks {sorted(missing)}")
        claim_cdr_fields(context, "AXE-CDR-013", cdr, appKey=context.axe.app.key)


@check("AXE-CDR-101", needs=NEEDS)
def test_the_extension(context: CheckContext) -> None:
    """The CDR of a call to A carries the extension, answered or not, with its leading zeros."""
    bindings = [bound(context, extension=f"{7:0{context.axe.app.extension_digits}d}"), bound(context)]
    for binding in bindings:
        for behaviour in ("answer", "busy"):
            cdr = cdr_of(context, answered_call(context, binding, behaviour=behaviour))
            came = [cdr[name] for name in ("extendNumber", "extendNum") if cdr.get(name)]
            ok = bool(came) and set(came) == {binding.extension}
            context.claim("AXE-CDR-101", ok, f"extendNumber or extendNum: expected {binding.extension}, came {came}")


@check("AXE-CDR-004", "AXE-CDR-009", "AXE-CDR-016", needs=NEEDS)
def test_direction_and_service_type(context: CheckContext) -> None:
    """ServiceType is "005"; direction is 0 when N calls A, answered or not, and 2 with a wrong extension."""
    binding, _ = with_record(context)
    for behaviour in ("answer", "busy"):
        cdr = cdr_of(context, answered_call(context, binding, behaviour=behaviour))
        claim_cdr_fields(context, "AXE-CDR-004", cdr, direction=0)
        claim_cdr_fields(context, "AXE-CDR-009", cdr, serviceType="005")
    wrong = completed_call(context, context.user(), binding.x, digits=wrong_digits(context, binding))
    claim_cdr_fields(context, "AXE-CDR-004", cdr_of(context, wrong), direction=2)
    claim_cdr_fields(context, "AXE-CDR-009", cdr_of(context, wrong), serviceType="005")
    claim_cdr_fields(context, "AXE-CDR-009", cdr_of(context, call_back(context, binding)), serviceType="005")


@check("AXE-CDR-005", "AXE-CDR-016", needs=NEEDS)
def test_numbers(context: CheckContext) -> None:
    """A CDR names X, who called, what he dialled and who was called."""
    binding, caller = with_record(context)
    x = binding.x
    calls = [(call_back(context, binding), caller), (answered_call(context, binding), binding.a)]
    for call, callee in calls:
        numbers = {"bindNum": x, "callerNum": call.caller, "calleeNum": x, "fwdDstNum": callee}
        claim_cdr_fields(context, "AXE-CDR-005", cdr_of(context, call), **numbers)
    wrong = completed_call(context, context.user(), x, digits=wrong_digits(context, binding))
    claim_cdr_fields(context, "AXE-CDR-005", cdr_of(context, wrong), bindNum=x, callerNum=wrong.caller, calleeNum=x)


def tells_the_end(context: CheckContext, call: CallView, reason: object) -> None:
    """Claim that a ulFailReason says why the call ended, and that it is the cause."""
    cause = call.release_cause
    ok = cause is not None and fits(reason, [cause])
    context.claim("AXE-CDR-008", ok, f"ulFailReason of a call that ended with {cause}: {reason!r}")
    context.claim("AXE-CDR-017", (reason or 0) == cause, f"ulFailReason: expected {cause}, came {reason!r}")


@check("AXE-CDR-008", "AXE-CDR-017", needs=NEEDS)
def test_release_point(context: CheckContext) -> None:
    """UlFailReason is 0 after an answered call, else a release point that says why it ended, as a rule the cause."""
    binding, _ = with_record(context)
    plans: list[dict[str, Any]] = [{}, {"caller_hangs_up_after": 3}, {"caller_hangs_up_after": 5}]
    plans += [{"behaviour": how} for how in ("busy", "no_answer", "reject", "silent", "powered_off")]
    calls = [answered_call(context, binding, **plan) for plan in plans]
    calls += [call_back(context, binding), call_back(context, binding, behaviour="busy")]
    for call in (*calls, *in_vain(context, binding).values()):
        tells_the_end(context, call, cdr_of(context, call).get("ulFailReason"))
    claim_cdr_fields(context, "AXE-CDR-008", cdr_of(context, calls[0]), ulFailReason=0)


@check("AXE-CDR-010", needs=NEEDS)
def test_cdr_names_the_binding(context: CheckContext) -> None:
    """SubscriptionId is that of the binding by which the call was put through, also if it is unbound meanwhile."""
    bound(context)
    binding, _ = with_record(context)
    for call in (answered_call(context, binding), call_back(context, binding)):
        claim_cdr_fields(context, "AXE-CDR-010", cdr_of(context, call), subscriptionId=binding.sub)
    call = context.call(context.user(), binding.x, digits=[binding.extension])
    context.advance(10)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind while a call runs")
    claim_cdr_fields(context, "AXE-CDR-010", cdr_of(context, context.hang_up(call)), subscriptionId=binding.sub)


@check("AXE-CDR-006", needs=NEEDS)
def test_times(context: CheckContext) -> None:
    """The times of a CDR have the platform's form, are UTC and in order; the talk lasted end minus answer."""
    binding = bound(context)
    start = int(context.now().timestamp())
    enters = entry_delay(context, 5)
    plan: dict[str, Any] = {"digits_after": enters, "ring_after": 10, "answer_after": 20, "hang_up_after": 65}
    call = answered_call(context, binding, **plan)
    cdr = cdr_of(context, call)
    times = {name: seconds(cdr.get(name)) for name in TIMES}
    for name, at in times.items():
        if claim_present(context, cdr, name):
            context.claim(
                "AXE-CDR-006", at is not None, f"{name}: expected yyyy-MM-dd HH:mm:ss, came {cdr.get(name)!r}"
            )
    came = {name: at for name, at in times.items() if at is not None}
    ordered = list(came.values()) == sorted(came.values())
    context.claim("AXE-CDR-006", ordered, f"times out of order: {[cdr.get(name) for name in TIMES]}")
    planned = {"callin": 0, "callout": enters, "alerting": 15, "answer": 35, "disconnect": 100}
    expected = seconds_to_events(context, call, **planned)
    events = dict(zip(TIMES, planned, strict=True))
    off = {name: at - start - expected[events[name]] for name, at in came.items() if events[name] in expected}
    context.claim("AXE-CDR-006", all(abs(o) <= 1 for o in off.values()), f"seconds off the call's course in UTC: {off}")


@check("AXE-CDR-007", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["busy", "reject", "no_answer", "silent"])
def test_no_answer_time_without_an_answer(context: CheckContext, behaviour: str) -> None:
    """The CDR of an unanswered call, and of one that reached nobody, has no fwdAnswerTime."""
    binding = bound(context)
    for call in (answered_call(context, binding, behaviour=behaviour), *in_vain(context, binding).values()):
        at = cdr_of(context, call).get("fwdAnswerTime")
        context.claim("AXE-CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


@check("AXE-CDR-011", needs=(*NEEDS, "recording"))
def test_recording(context: CheckContext) -> None:
    """RecordFlag is 1 with a name when the binding records and the call was answered, else 0."""
    recorded, _ = with_record(context, recordFlag="true", recordHintTone=context.axe.tone(1))
    for call in (answered_call(context, recorded, hang_up_after=30), call_back(context, recorded, hang_up_after=30)):
        cdr = cdr_of(context, call)
        claim_cdr_fields(context, "AXE-CDR-011", cdr, recordFlag=1)
        ok = names_recording(cdr, domain=False)
        context.claim(
            "AXE-CDR-011", ok, f"a recorded call: recordObjectName or an address expected, came {sorted(cdr)}"
        )
    plain = bound(context)
    for binding, how in ((plain, "answer"), (recorded, "busy"), (recorded, "reject")):
        call = answered_call(context, binding, behaviour=how, hang_up_after=30)
        claim_cdr_fields(context, "AXE-CDR-011", cdr_of(context, call), recordFlag=0)


@check("AXE-CDR-020", "AXE-CDR-021", needs=(*NEEDS, "recording"))
def test_names_of_a_recording(context: CheckContext) -> None:
    """RecordObjectName ends with .wav, and recordBucketName is sp- and the app_key in small letters."""
    binding = bound(context, recordFlag="true", recordHintTone=context.axe.tone(1))
    cdr = cdr_of(context, answered_call(context, binding))
    name, folder = str(cdr.get("recordObjectName") or ""), cdr.get("recordBucketName")
    wanted = f"sp-{context.axe.app.key.lower()}"
    context.claim("AXE-CDR-020", not name or name.endswith(".wav"), f"recordObjectName: expected a .wav, came {name!r}")
    ok = not folder or folder == wanted
    context.claim("AXE-CDR-021", ok, f"recordBucketName: expected {wanted!r}, came {folder!r}")


@check("AXE-CDR-014", "AXE-CDR-019", needs=NEEDS)
def test_a_call_that_was_answered_has_not_failed(context: CheckContext) -> None:
    """The CDR of an answered call tells no failTime and no SIP status but 0, to A and when A calls back."""
    binding, _ = with_record(context)
    for plan in ({"hang_up_after": 4}, {"hang_up_after": None, "caller_hangs_up_after": 30}):
        for call in (answered_call(context, binding, **plan), call_back(context, binding, **plan)):
            cdr = cdr_of(context, call)
            at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
            context.claim("AXE-CDR-014", not at, f"failTime of a call that was answered: {at!r}")
            context.claim("AXE-CDR-019", not status, f"sipStatusCode of a call that was answered: {status!r}")


@check("AXE-CDR-015", needs=(*NEEDS, "recording"))
def test_short_calls_are_not_recorded(context: CheckContext) -> None:
    """A talk of 2 seconds has no recording file, of a call to A and of a call-back; one of 4 has."""
    binding, _ = with_record(context, recordFlag="true", recordHintTone=context.axe.tone(1))
    for call in (answered_call(context, binding, hang_up_after=2), call_back(context, binding, hang_up_after=2)):
        name = cdr_of(context, call).get("recordObjectName")
        context.claim("AXE-CDR-015", not name, f"a talk of 2 seconds has the recording {name!r}")
    cdr = cdr_of(context, answered_call(context, binding, hang_up_after=4))
    context.claim("AXE-CDR-011", names_recording(cdr, domain=False), "a talk of 4 seconds has no recording")


@check("AXE-CDR-012", "AXE-CDR-016", needs=NEEDS)
def test_user_data(context: CheckContext) -> None:
    """UserData of the bind stands in the CDR of a call to A and of a call-back, each binding's own."""
    bound(context, userData="order-41")
    binding, _ = with_record(context, userData="order-42")
    for call in (answered_call(context, binding), call_back(context, binding)):
        claim_cdr_fields(context, "AXE-CDR-012", cdr_of(context, call), userData="order-42")


@check("AXE-CDR-003", "AXE-CDR-018", needs=(*NEEDS, "some_users"))
def test_up_to_50_cdrs_a_message(context: CheckContext) -> None:
    """55 calls that end together come in messages of 1 to 50 CDRs, each call once."""
    binding = bound(context)
    calls = [context.call(context.user(), binding.x, behaviour="busy", digits=[binding.extension]) for _ in range(55)]
    context.advance(5)
    for call in calls:
        wait_for_state(context, call, "ended", 0)
    context.advance(longest_wait(context))
    messages = [push for push in context.messages() if push.kind == "cdr"]
    sizes = [len(push.cdrs) for push in messages]
    context.claim("AXE-CDR-003", all(1 <= size <= 50 for size in sizes), f"messages hold {sizes} CDRs")
    expected = sorted(call.session_id for call in calls)
    told = sorted(str(cdr.get("sessionId")) for push in messages for cdr in push.cdrs)
    if not context.session.owns_worlds:
        told = [session for session in told if session in expected]  # others may call meanwhile
    ended = f"{len(calls)} calls ended"
    context.claim("AXE-CDR-001", set(told) >= set(expected), f"{ended}, CDRs came of {len(set(told))}")
    context.claim("AXE-CDR-018", told == expected, f"{ended}, {len(told)} CDRs came")
    kinds = {push.body.get("eventType") for push in messages}
    context.claim("AXE-CDR-003", kinds == {"fee"}, f"eventType: expected fee, came {kinds}")
