"""CDRs: one for each call, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    PATIENCE,
    course,
    finished,
    has_one_cdr,
    longest_wait,
    succeeds,
)
from privnum.suites.checks.assertions import cdr_of as cdr_by
from privnum.suites.checks.axe.scenarios import answered, bound
from privnum.suites.checks.axe.test_event import (
    call_back,
    in_vain,
    with_record,
    wrong_digits,
)
from privnum.suites.oracle.axb.compare import NOT_MANDATORY, names_recording, seconds
from privnum.suites.oracle.release_causes import fits
from privnum.suites.runner.call_timing import entry_delay, reached
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

NEEDS = ("calls", "receiver", "clock")
TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")
ZERO_IS_NOTHING = ("recordFlag", "ulFailReason")
"""Fields that need not be there to say 0."""
MANDATORY = {"direction", "spId", "appKey", "bindNum", "sessionId", "calleeNum"}


def cdr_of(bench: Bench, call: CallView) -> dict[str, Any]:
    """The CDR of an ended call, which must come."""
    return cdr_by(bench, call, "AXE-CDR-001")


def is_told(bench: Bench, cdr: dict[str, Any], name: str) -> bool:
    """Claim that a field stands there that need not; whether there is something to judge."""
    if name not in NOT_MANDATORY:
        return True
    bench.claim("AXE-CDR-016", bool(cdr.get(name)), f"the CDR does not tell {name}")
    return bool(cdr.get(name))


def has(bench: Bench, requirement: str, cdr: dict[str, Any], **fields: object) -> None:
    """Claim that the CDR has these values; one that need not be there breaks a rule of its own where it lacks."""
    for name, value in fields.items():
        came = cdr.get(name)
        if is_told(bench, cdr, name):
            ok = came == value or (came is None and value == 0 and name in ZERO_IS_NOTHING)
            bench.claim(requirement, ok, f"CDR {name}: expected {value!r}, came {came!r}")


@check("AXE-CDR-001", "AXE-CDR-018", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", "busy", "reject", "no_answer", "silent", "not_exist"])
def test_every_call_has_one_cdr(bench: Bench, behaviour: str) -> None:
    """A call yields exactly one CDR after its end, answered or not, and none before; so does a call-back."""
    binding, _ = with_record(bench)
    for caller, digits in ((bench.user(), [binding.extension]), (binding.a, None)):
        call = bench.call(caller, binding.x, behaviour=behaviour, hang_up_after=60, digits=digits)
        bench.claim("AXE-CDR-001", not bench.cdrs(call), "a CDR came before the call ended")
        bench.advance(200)
        cdr_of(bench, call)
        bench.advance(PATIENCE)
        has_one_cdr(bench, call, "AXE-CDR-018")


@check("AXE-CDR-001", "AXE-CDR-018", needs=NEEDS)
def test_a_call_that_reached_nobody_has_a_cdr(bench: Bench) -> None:
    """A wrong extension, none, a hang-up before it, and no record: exactly one CDR each."""
    for what, call in in_vain(bench, bound(bench)).items():
        cdr_of(bench, call)
        has_one_cdr(bench, call, "AXE-CDR-018", what)


@check("AXE-CDR-002", needs=NEEDS)
def test_mandatory_fields(bench: Bench) -> None:
    """Every CDR has its mandatory fields; appKey is the application's."""
    binding, _ = with_record(bench)
    calls = [answered(bench, binding), answered(bench, binding, behaviour="busy"), call_back(bench, binding)]
    for call in (*calls, *in_vain(bench, binding).values()):
        cdr = cdr_of(bench, call)
        missing = MANDATORY - cdr.keys()
        bench.claim("AXE-CDR-002", not missing, f"the CDR lacks {sorted(missing)}")
        has(bench, "AXE-CDR-002", cdr, appKey=bench.axe.app.key)


@check("AXE-CDR-101", needs=NEEDS)
def test_the_extension(bench: Bench) -> None:
    """The CDR of a call to A carries the extension, answered or not, with its leading zeros."""
    bindings = [bound(bench, extension=f"{7:0{bench.axe.app.extension_digits}d}"), bound(bench)]
    for binding in bindings:
        for behaviour in ("answer", "busy"):
            cdr = cdr_of(bench, answered(bench, binding, behaviour=behaviour))
            came = [cdr[name] for name in ("extendNumber", "extendNum") if cdr.get(name)]
            ok = bool(came) and set(came) == {binding.extension}
            bench.claim("AXE-CDR-101", ok, f"extendNumber or extendNum: expected {binding.extension}, came {came}")


@check("AXE-CDR-004", "AXE-CDR-016", needs=NEEDS)
def test_direction_and_service_type(bench: Bench) -> None:
    """ServiceType is "005"; direction is 0 when N calls A, answered or not, and 2 with a wrong extension."""
    binding, _ = with_record(bench)
    for behaviour in ("answer", "busy"):
        cdr = cdr_of(bench, answered(bench, binding, behaviour=behaviour))
        has(bench, "AXE-CDR-004", cdr, serviceType="005", direction=0)
    wrong = finished(bench, bench.user(), binding.x, digits=wrong_digits(bench, binding))
    has(bench, "AXE-CDR-004", cdr_of(bench, wrong), serviceType="005", direction=2)
    has(bench, "AXE-CDR-004", cdr_of(bench, call_back(bench, binding)), serviceType="005")


@check("AXE-CDR-005", "AXE-CDR-016", needs=NEEDS)
def test_numbers(bench: Bench) -> None:
    """A CDR names X, who called, what he dialled and who was called."""
    binding, caller = with_record(bench)
    x = binding.x
    calls = [(call_back(bench, binding), caller), (answered(bench, binding), binding.a)]
    for call, callee in calls:
        numbers = {"bindNum": x, "callerNum": call.caller, "calleeNum": x, "fwdDstNum": callee}
        has(bench, "AXE-CDR-005", cdr_of(bench, call), **numbers)
    wrong = finished(bench, bench.user(), x, digits=wrong_digits(bench, binding))
    has(bench, "AXE-CDR-005", cdr_of(bench, wrong), bindNum=x, callerNum=wrong.caller, calleeNum=x)


def tells_the_end(bench: Bench, call: CallView, reason: object) -> None:
    """Claim that a ulFailReason says why the call ended, and that it is the cause."""
    cause = call.release_cause
    ok = cause is not None and fits(reason, [cause])
    bench.claim("AXE-CDR-008", ok, f"ulFailReason of a call that ended with {cause}: {reason!r}")
    bench.claim("AXE-CDR-017", (reason or 0) == cause, f"ulFailReason: expected {cause}, came {reason!r}")


@check("AXE-CDR-008", "AXE-CDR-017", needs=NEEDS)
def test_release_point(bench: Bench) -> None:
    """UlFailReason is 0 after an answered call, else a release point that says why it ended, as a rule the cause."""
    binding, _ = with_record(bench)
    plans: list[dict[str, Any]] = [{}, {"caller_hangs_up_after": 3}, {"caller_hangs_up_after": 5}]
    plans += [{"behaviour": how} for how in ("busy", "no_answer", "reject", "silent", "powered_off")]
    calls = [answered(bench, binding, **plan) for plan in plans]
    calls += [call_back(bench, binding), call_back(bench, binding, behaviour="busy")]
    for call in (*calls, *in_vain(bench, binding).values()):
        tells_the_end(bench, call, cdr_of(bench, call).get("ulFailReason"))
    has(bench, "AXE-CDR-008", cdr_of(bench, calls[0]), ulFailReason=0)


@check("AXE-CDR-010", needs=NEEDS)
def test_cdr_names_the_binding(bench: Bench) -> None:
    """SubscriptionId is that of the binding by which the call was put through, also if it is unbound meanwhile."""
    bound(bench)
    binding, _ = with_record(bench)
    for call in (answered(bench, binding), call_back(bench, binding)):
        has(bench, "AXE-CDR-010", cdr_of(bench, call), subscriptionId=binding.sub)
    call = bench.call(bench.user(), binding.x, digits=[binding.extension])
    bench.advance(10)
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind while a call runs")
    has(bench, "AXE-CDR-010", cdr_of(bench, bench.hang_up(call)), subscriptionId=binding.sub)


@check("AXE-CDR-006", needs=NEEDS)
def test_times(bench: Bench) -> None:
    """The times of a CDR have the platform's form, are UTC and in order; the talk lasted end minus answer."""
    binding = bound(bench)
    start = int(bench.now().timestamp())
    enters = entry_delay(bench, 5)
    plan: dict[str, Any] = {"digits_after": enters, "ring_after": 10, "answer_after": 20, "hang_up_after": 65}
    call = answered(bench, binding, **plan)
    cdr = cdr_of(bench, call)
    times = {name: seconds(cdr.get(name)) for name in TIMES}
    for name, at in times.items():
        if is_told(bench, cdr, name):
            bench.claim("AXE-CDR-006", at is not None, f"{name}: expected yyyy-MM-dd HH:mm:ss, came {cdr.get(name)!r}")
    came = {name: at for name, at in times.items() if at is not None}
    ordered = list(came.values()) == sorted(came.values())
    bench.claim("AXE-CDR-006", ordered, f"times out of order: {[cdr.get(name) for name in TIMES]}")
    planned = {"callin": 0, "callout": enters, "alerting": 15, "answer": 35, "disconnect": 100}
    expected = course(bench, call, **planned)
    events = dict(zip(TIMES, planned, strict=True))
    off = {name: at - start - expected[events[name]] for name, at in came.items() if events[name] in expected}
    bench.claim("AXE-CDR-006", all(abs(o) <= 1 for o in off.values()), f"seconds off the call's course in UTC: {off}")


@check("AXE-CDR-006", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["busy", "reject", "no_answer", "silent"])
def test_no_answer_time_without_an_answer(bench: Bench, behaviour: str) -> None:
    """The CDR of an unanswered call, and of one that reached nobody, has no fwdAnswerTime."""
    binding = bound(bench)
    for call in (answered(bench, binding, behaviour=behaviour), *in_vain(bench, binding).values()):
        at = cdr_of(bench, call).get("fwdAnswerTime")
        bench.claim("AXE-CDR-006", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


@check("AXE-CDR-011", needs=(*NEEDS, "recording"))
def test_recording(bench: Bench) -> None:
    """RecordFlag is 1 with a name when the binding records and the call was answered, else 0."""
    recorded, _ = with_record(bench, recordFlag="true", recordHintTone=bench.axe.tone(1))
    for call in (answered(bench, recorded, hang_up_after=30), call_back(bench, recorded, hang_up_after=30)):
        cdr = cdr_of(bench, call)
        has(bench, "AXE-CDR-011", cdr, recordFlag=1)
        ok = names_recording(cdr, domain=False)
        bench.claim("AXE-CDR-011", ok, f"a recorded call: recordObjectName or an address expected, came {sorted(cdr)}")
    plain = bound(bench)
    for binding, how in ((plain, "answer"), (recorded, "busy"), (recorded, "reject")):
        call = answered(bench, binding, behaviour=how, hang_up_after=30)
        has(bench, "AXE-CDR-011", cdr_of(bench, call), recordFlag=0)


@check("AXE-CDR-020", "AXE-CDR-021", needs=(*NEEDS, "recording"))
def test_names_of_a_recording(bench: Bench) -> None:
    """RecordObjectName ends with .wav, and recordBucketName is sp- and the app_key in small letters."""
    binding = bound(bench, recordFlag="true", recordHintTone=bench.axe.tone(1))
    cdr = cdr_of(bench, answered(bench, binding))
    name, folder = str(cdr.get("recordObjectName") or ""), cdr.get("recordBucketName")
    wanted = f"sp-{bench.axe.app.key.lower()}"
    bench.claim("AXE-CDR-020", not name or name.endswith(".wav"), f"recordObjectName: expected a .wav, came {name!r}")
    ok = not folder or folder == wanted
    bench.claim("AXE-CDR-021", ok, f"recordBucketName: expected {wanted!r}, came {folder!r}")


@check("AXE-CDR-014", "AXE-CDR-019", needs=NEEDS)
def test_a_call_that_was_answered_has_not_failed(bench: Bench) -> None:
    """The CDR of an answered call tells no failTime and no SIP status but 0, to A and when A calls back."""
    binding, _ = with_record(bench)
    for plan in ({"hang_up_after": 4}, {"hang_up_after": None, "caller_hangs_up_after": 30}):
        for call in (answered(bench, binding, **plan), call_back(bench, binding, **plan)):
            cdr = cdr_of(bench, call)
            at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
            bench.claim("AXE-CDR-014", not at, f"failTime of a call that was answered: {at!r}")
            bench.claim("AXE-CDR-019", not status, f"sipStatusCode of a call that was answered: {status!r}")


@check("AXE-CDR-015", needs=(*NEEDS, "recording"))
def test_short_calls_are_not_recorded(bench: Bench) -> None:
    """A talk of 2 seconds has no recording file, of a call to A and of a call-back; one of 4 has."""
    binding, _ = with_record(bench, recordFlag="true", recordHintTone=bench.axe.tone(1))
    for call in (answered(bench, binding, hang_up_after=2), call_back(bench, binding, hang_up_after=2)):
        name = cdr_of(bench, call).get("recordObjectName")
        bench.claim("AXE-CDR-015", not name, f"a talk of 2 seconds has the recording {name!r}")
    cdr = cdr_of(bench, answered(bench, binding, hang_up_after=4))
    bench.claim("AXE-CDR-011", names_recording(cdr, domain=False), "a talk of 4 seconds has no recording")


@check("AXE-CDR-012", "AXE-CDR-016", needs=NEEDS)
def test_user_data(bench: Bench) -> None:
    """UserData of the bind stands in the CDR of a call to A and of a call-back, each binding's own."""
    bound(bench, userData="order-41")
    binding, _ = with_record(bench, userData="order-42")
    for call in (answered(bench, binding), call_back(bench, binding)):
        has(bench, "AXE-CDR-012", cdr_of(bench, call), userData="order-42")


@check("AXE-CDR-003", "AXE-CDR-018", needs=(*NEEDS, "some_users"))
def test_up_to_50_cdrs_a_message(bench: Bench) -> None:
    """55 calls that end together come in messages of 1 to 50 CDRs, each call once."""
    binding = bound(bench)
    calls = [bench.call(bench.user(), binding.x, behaviour="busy", digits=[binding.extension]) for _ in range(55)]
    bench.advance(5)
    for call in calls:
        reached(bench, call, "ended", 0)
    bench.advance(longest_wait(bench))
    messages = [push for push in bench.messages() if push.kind == "cdr"]
    sizes = [len(push.cdrs) for push in messages]
    bench.claim("AXE-CDR-003", all(1 <= size <= 50 for size in sizes), f"messages hold {sizes} CDRs")
    expected = sorted(call.session_id for call in calls)
    told = sorted(str(cdr.get("sessionId")) for push in messages for cdr in push.cdrs)
    if not bench.session.owns_worlds:
        told = [session for session in told if session in expected]  # others may call meanwhile
    ended = f"{len(calls)} calls ended"
    bench.claim("AXE-CDR-001", set(told) >= set(expected), f"{ended}, CDRs came of {len(set(told))}")
    bench.claim("AXE-CDR-018", told == expected, f"{ended}, {len(told)} CDRs came")
    kinds = {push.body.get("eventType") for push in messages}
    bench.claim("AXE-CDR-003", kinds == {"fee"}, f"eventType: expected fee, came {kinds}")
