"""CDRs: one for each call, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    CLOCKS_APART,
    bound,
    cdr_of,
    course,
    finished,
    has_one_cdr,
    linger,
    over,
    succeeds,
    talking,
)
from privnum.suites.oracle.axb.compare import NOT_MANDATORY, names_recording, seconds
from privnum.suites.oracle.release_causes import fits
from privnum.suites.runner.call_timing import reached
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

NEEDS = ("calls", "receiver", "clock")
TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")
ZERO_IS_NOTHING = ("recordFlag", "ulFailReason")
"""Fields that need not be there to say 0."""
MANDATORY = {"direction", "spId", "appKey", "bindNum", "sessionId", "calleeNum"}
CAPTURED = (
    "direction",
    "spId",
    "appKey",
    "icid",
    "bindNum",
    "sessionId",
    "subscriptionId",
    "callerNum",
    "calleeNum",
    "fwdDisplayNum",
    "fwdDstNum",
    "callInTime",
    "fwdStartTime",
    "fwdAlertingTime",
    "fwdAnswerTime",
    "callEndTime",
    "fwdUnaswRsn",
    "ulFailReason",
    "sipStatusCode",
    "callOutUnaswRsn",
    "recordFlag",
    "recordStartTime",
    "recordDomain",
    "recordBucketName",
    "recordObjectName",
    "ttsPlayTimes",
    "ttsTransDuration",
    "mptyId",
    "serviceType",
    "hostName",
    "voiceCheckType",
)
"""Keys of the captured push of 2022, in its order."""
WHERE = "recordObjectName with recordDomain, or recordFileDownloadUrl"


def is_told(bench: Bench, cdr: dict[str, Any], name: str) -> bool:
    """Claim that a field stands there that need not; whether there is something to judge."""
    if name not in NOT_MANDATORY:
        return True
    bench.claim("AXB-CDR-016", bool(cdr.get(name)), f"the CDR does not tell {name}")
    return bool(cdr.get(name))


def has(bench: Bench, requirement: str, cdr: dict[str, Any], **fields: object) -> None:
    """Claim that the CDR has these values; one that need not be there breaks a rule of its own where it lacks."""
    for name, value in fields.items():
        came = cdr.get(name)
        if is_told(bench, cdr, name):
            ok = came == value or (came is None and value == 0 and name in ZERO_IS_NOTHING)
            bench.claim(requirement, ok, f"CDR {name}: expected {value!r}, came {came!r}")


@check("AXB-CDR-001", "AXB-CDR-018", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", "busy", "reject", "no_answer", "silent", "not_exist"])
def test_every_call_has_one_cdr(bench: Bench, behaviour: str) -> None:
    """A call yields exactly one CDR after its end, answered or not, and none before."""
    pair = bound(bench)
    call = bench.call(pair.a, pair.x, behaviour=behaviour, hang_up_after=8)
    early = bench.cdrs(call)
    if bench.look(call).state != "ended":
        bench.claim("AXB-CDR-001", not early, "a CDR came before the call ended")
    cdr_of(bench, over(bench, call))
    linger(bench)
    has_one_cdr(bench, call, "AXB-CDR-018")


@check("AXB-CDR-001", "AXB-CDR-018", needs=NEEDS)
def test_a_refused_call_has_a_cdr(bench: Bench) -> None:
    """A call that reached nobody yields exactly one CDR."""
    pair = bound(bench, callDirection=1)
    for caller in (pair.b, bench.user()):
        call = bench.call(caller, pair.x)
        cdr_of(bench, call)
        has_one_cdr(bench, call, "AXB-CDR-018")


@check("AXB-CDR-002", needs=NEEDS)
def test_mandatory_fields(bench: Bench) -> None:
    """Every CDR has its mandatory fields, for calls answered, unanswered and refused."""
    pair = bound(bench)
    calls = [finished(bench, pair.a, pair.x, behaviour=how, hang_up_after=4) for how in ("answer", "busy")]
    for call in (*calls, bench.call(bench.user(), pair.x)):
        missing = MANDATORY - cdr_of(bench, call).keys()
        bench.claim("AXB-CDR-002", not missing, f"the CDR lacks {sorted(missing)}")


@check("AXB-CDR-003", "AXB-CDR-018", needs=(*NEEDS, "some_users"))
def test_up_to_50_cdrs_a_message(bench: Bench) -> None:
    """60 calls that end together come in messages of 1 to 50 CDRs, each call once."""
    bench.by_itself()
    pairs = [bound(bench) for _ in range(30)]
    calls = [bench.call(user, pair.x, behaviour="busy") for pair in pairs for user in (pair.a, pair.b)]
    bench.advance(5)
    for call in calls:
        ended = reached(bench, call, "ended", 0)
        if not bench.still:
            cdr_of(bench, over(bench, ended))
    linger(bench)
    messages = [push for push in bench.messages() if push.kind == "cdr"]
    sizes = [len(push.cdrs) for push in messages]
    bench.claim("AXB-CDR-003", all(1 <= size <= 50 for size in sizes), f"messages hold {sizes} CDRs")
    expected = sorted(call.session_id for call in calls)
    told = sorted(str(cdr.get("sessionId")) for push in messages for cdr in push.cdrs)
    if not bench.session.owns_worlds:
        told = [session for session in told if session in expected]  # others may call meanwhile
    bench.claim("AXB-CDR-001", set(told) >= set(expected), f"60 calls ended, CDRs came of {len(set(told))}")
    bench.claim("AXB-CDR-018", told == expected, f"60 calls ended, {len(told)} CDRs came")


@check("AXB-CDR-004", needs=NEEDS)
def test_direction(bench: Bench) -> None:
    """Direction is 1 when A called, 0 when B called, 2 without a binding, answered or not."""
    pair = bound(bench)
    for caller, direction in ((pair.a, 1), (pair.b, 0), (bench.user(), 2)):
        for behaviour in ("answer", "busy"):
            call = finished(bench, caller, pair.x, behaviour=behaviour, hang_up_after=4)
            has(bench, "AXB-CDR-004", cdr_of(bench, call), direction=direction)


@check("AXB-CDR-005", "AXB-CDR-016", needs=NEEDS)
def test_numbers(bench: Bench) -> None:
    """A CDR names X, who called, what he dialled, what the callee saw and who was called."""
    pair = bound(bench)
    for caller, callee in ((pair.a, pair.b), (pair.b, pair.a)):
        cdr = cdr_of(bench, finished(bench, caller, pair.x, hang_up_after=4))
        x = pair.x
        has(bench, "AXB-CDR-005", cdr, bindNum=x, callerNum=caller, calleeNum=x, fwdDisplayNum=x, fwdDstNum=callee)
    stranger = bench.user()
    cdr = cdr_of(bench, bench.call(stranger, pair.x))
    has(bench, "AXB-CDR-005", cdr, bindNum=pair.x, callerNum=stranger, calleeNum=pair.x)


@check("AXB-CDR-006", "AXB-CDR-016", needs=NEEDS)
def test_times(bench: Bench) -> None:
    """The times of a CDR have the platform's form, are UTC and in order; the talk lasted end minus answer."""
    pair = bound(bench)
    start = int(bench.now().timestamp())
    call = finished(bench, pair.a, pair.x, ring_after=3, answer_after=4, hang_up_after=7)
    cdr = cdr_of(bench, call)
    times = {name: seconds(cdr.get(name)) for name in TIMES}
    for name, at in times.items():
        if is_told(bench, cdr, name):
            bench.claim("AXB-CDR-006", at is not None, f"{name}: expected yyyy-MM-dd HH:mm:ss, came {cdr.get(name)!r}")
    came = {name: at for name, at in times.items() if at is not None}
    ordered = list(came.values()) == sorted(came.values())
    bench.claim("AXB-CDR-006", ordered, f"times out of order: {[cdr.get(name) for name in TIMES]}")
    off = came.get("callInTime", start) - start
    ok = abs(off) <= (1 if bench.still else CLOCKS_APART)
    bench.claim("AXB-CDR-006", ok, f"callInTime: expected the call's start in UTC, is {off} s off")
    talk, real = came["callEndTime"] - came["fwdAnswerTime"], course(bench, call, answer=7, disconnect=14)
    if {"answer", "disconnect"} <= real.keys():
        wanted = real["disconnect"] - real["answer"]
        ok = abs(talk - wanted) <= (1 if bench.still else 2)
        bench.claim("AXB-CDR-006", ok, f"callEndTime - fwdAnswerTime: expected {wanted:g} s, came {talk}")


@check("AXB-CDR-007", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["busy", "reject", "no_answer", "silent"])
def test_no_answer_time_without_an_answer(bench: Bench, behaviour: str) -> None:
    """The CDR of an unanswered call has no fwdAnswerTime."""
    pair = bound(bench)
    at = cdr_of(bench, finished(bench, pair.a, pair.x, behaviour=behaviour)).get("fwdAnswerTime")
    bench.claim("AXB-CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


def tells_the_end(bench: Bench, call: CallView, reason: object) -> None:
    """Claim that a ulFailReason says why the call ended, and that it is the cause."""
    cause = call.release_cause
    ok = cause is not None and fits(reason, [cause])
    bench.claim("AXB-CDR-008", ok, f"ulFailReason of a call that ended with {cause}: {reason!r}")
    bench.claim("AXB-CDR-017", (reason or 0) == cause, f"ulFailReason: expected {cause}, came {reason!r}")


@check("AXB-CDR-008", "AXB-CDR-017", needs=NEEDS)
def test_release_point(bench: Bench) -> None:
    """UlFailReason is 0 after an answered call, else a release point that says why it ended, as a rule the cause."""
    pair = bound(bench, callDirection=1)
    plans: list[dict[str, Any]] = [{"hang_up_after": 4}, {"caller_hangs_up_after": 1}, {"caller_hangs_up_after": 3}]
    plans += [{"behaviour": how} for how in ("busy", "no_answer", "reject", "silent", "powered_off")]
    calls = [finished(bench, pair.a, pair.x, **plan) for plan in plans]
    for call in (*calls, bench.call(pair.b, pair.x), bench.call(bench.user(), pair.x)):
        tells_the_end(bench, call, cdr_of(bench, call).get("ulFailReason"))


@check("AXB-CDR-014", "AXB-CDR-019", needs=NEEDS)
def test_a_call_that_was_answered_has_not_failed(bench: Bench) -> None:
    """The CDR of an answered call tells no failTime and no SIP status but 0, whoever called and whoever hung up."""
    pair = bound(bench)
    for caller in (pair.a, pair.b):
        for plan in ({"hang_up_after": 4}, {"caller_hangs_up_after": 20}):
            cdr = cdr_of(bench, finished(bench, caller, pair.x, **plan))
            at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
            bench.claim("AXB-CDR-014", not at, f"failTime of a call that was answered: {at!r}")
            bench.claim("AXB-CDR-019", not status, f"sipStatusCode of a call that was answered: {status!r}")


@check("AXB-CDR-020", "AXB-CDR-021", needs=(*NEEDS, "recording"))
def test_names_of_a_recording(bench: Bench) -> None:
    """RecordObjectName ends with .wav, and recordBucketName is sp- and the app_key in small letters."""
    pair = bound(bench, recordFlag="true", recordHintTone=bench.tone())
    cdr = cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=10))
    name, folder = str(cdr.get("recordObjectName") or ""), cdr.get("recordBucketName")
    wanted = f"sp-{bench.app.key.lower()}"
    bench.claim("AXB-CDR-020", not name or name.endswith(".wav"), f"recordObjectName: expected a .wav, came {name!r}")
    ok = not folder or folder == wanted
    bench.claim("AXB-CDR-021", ok, f"recordBucketName: expected {wanted!r}, came {folder!r}")


@check("AXB-CDR-009", "AXB-CDR-016", needs=NEEDS)
def test_service_type(bench: Bench) -> None:
    """ServiceType of AXB is "004", a text."""
    pair = bound(bench)
    for call in (finished(bench, pair.a, pair.x, hang_up_after=4), bench.call(bench.user(), pair.x)):
        has(bench, "AXB-CDR-009", cdr_of(bench, call), serviceType="004")


@check("AXB-CDR-010", needs=NEEDS)
def test_cdr_names_the_binding(bench: Bench) -> None:
    """SubscriptionId is that of the binding by which the call was put through, also if it is unbound meanwhile."""
    bound(bench)
    pair = bound(bench)
    call = finished(bench, pair.a, pair.x, hang_up_after=4)
    has(bench, "AXB-CDR-010", cdr_of(bench, call), subscriptionId=pair.sub)
    call = bench.call(pair.b, pair.x)
    talking(bench, call)
    bench.unbind(subscriptionId=pair.sub)
    has(bench, "AXB-CDR-010", cdr_of(bench, bench.hang_up(call)), subscriptionId=pair.sub)


@check("AXB-CDR-011", needs=(*NEEDS, "recording"))
def test_recording(bench: Bench) -> None:
    """RecordFlag is 1, with a place of the recording, when the binding records and the call was answered, else 0."""
    pair = bound(bench, recordFlag="true", recordHintTone=bench.tone())
    cdr = cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=4))
    has(bench, "AXB-CDR-011", cdr, recordFlag=1)
    bench.claim("AXB-CDR-011", names_recording(cdr), f"a recorded call: {WHERE} expected, the CDR has {sorted(cdr)}")
    plain = bound(bench)
    for caller, how in ((plain.a, "answer"), (pair.a, "busy"), (pair.a, "reject")):
        call = finished(bench, caller, pair.x, behaviour=how, hang_up_after=4)
        has(bench, "AXB-CDR-011", cdr_of(bench, call), recordFlag=0)


@check("AXB-CDR-015", needs=(*NEEDS, "recording"))
def test_short_calls_are_not_recorded(bench: Bench) -> None:
    """A talk of 2 seconds has no recording file, one of 4 has."""
    pair = bound(bench, recordFlag="true", recordHintTone=bench.tone())
    name = cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=2)).get("recordObjectName")
    bench.claim("AXB-CDR-015", not name, f"a talk of 2 seconds has the recording {name!r}")
    cdr = cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=4))
    bench.claim("AXB-CDR-011", names_recording(cdr), "a talk of 4 seconds has no recording")


@check("AXB-CDR-012", "AXB-CDR-016", needs=NEEDS)
def test_user_data(bench: Bench) -> None:
    """UserData of the bind, and then that of a modify, stands in the CDR."""
    pair = bound(bench, userData="order-42")
    has(bench, "AXB-CDR-012", cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=4)), userData="order-42")
    succeeds(bench, "AXB-CDR-012", bench.modify(pair.sub, userData="order-43"), "modify of userData")
    has(bench, "AXB-CDR-012", cdr_of(bench, finished(bench, pair.b, pair.x, hang_up_after=4)), userData="order-43")


@check("AXB-CDR-013", needs=NEEDS)
def test_app_key(bench: Bench) -> None:
    """AppKey is the application's app_key."""
    pair = bound(bench)
    for call in (finished(bench, pair.a, pair.x, hang_up_after=4), bench.call(bench.user(), pair.x)):
        has(bench, "AXB-CDR-013", cdr_of(bench, call), appKey=bench.app.key)


@check("AXB-CDR-101", needs=NEEDS)
def test_order_of_the_keys(bench: Bench) -> None:
    """The keys of a CDR stand in the order of the captured push."""
    pair = bound(bench)
    cdr = cdr_of(bench, finished(bench, pair.a, pair.x, hang_up_after=4))
    came = [key for key in cdr if key in CAPTURED]
    order = [key for key in CAPTURED if key in cdr]
    wrong = next(((own, other) for own, other in zip(order, came, strict=True) if own != other), None)
    told = f"where {wrong[0]} was expected, {wrong[1]} came; the keys came as {', '.join(came)}" if wrong else ""
    bench.claim("AXB-CDR-101", wrong is None, told)
