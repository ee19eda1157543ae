"""CDRs: one for each call, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    CLOCKS_APART,
    answer_call,
    cdr_of,
    claim_one_cdr,
    claim_success,
    completed_call,
    seconds_to_events,
    wait_for_stragglers,
    wait_until_ended,
)
from privnum.suites.checks.axb.scenarios import bound
from privnum.suites.oracle.cdr import NOT_MANDATORY, names_recording
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.times import seconds
from privnum.suites.runner.call_timing import wait_for_state
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

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


def claim_present(context: CheckContext, cdr: dict[str, Any], name: str) -> bool:
    """Claim that a field stands there that need not; whether there is something to check."""
    if name not in NOT_MANDATORY:
        return True
    context.claim("AXB-CDR-016", bool(cdr.get(name)), f"the CDR does not tell {name}")
    return bool(cdr.get(name))


def claim_cdr_fields(context: CheckContext, requirement: str, cdr: dict[str, Any], **fields: object) -> None:
    """Claim that the CDR has these values; one that need not be there breaks a rule of its own where it lacks."""
    for name, value in fields.items():
        came = cdr.get(name)
        if claim_present(context, cdr, name):
            ok = came == value or (came is None and value == 0 and name in ZERO_IS_NOTHING)
            context.claim(requirement, ok, f"CDR {name}: expected {value!r}, came {came!r}")


@check("AXB-CDR-001", "AXB-CDR-018", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["answer", "busy", "reject", "no_answer", "silent", "not_exist"])
def test_every_call_has_one_cdr(context: CheckContext, behaviour: str) -> None:
    """A call yields exactly one CDR after its end, answered or not, and none before."""
    pair = bound(context)
    call = context.call(pair.a, pair.x, behaviour=behaviour, hang_up_after=8)
    early = context.cdrs(call)
    if context.look(call).state != "ended":
        context.claim("AXB-CDR-001", not early, "a CDR came before the call ended")
    cdr_of(context, wait_until_ended(context, call))
    wait_for_stragglers(context)
    claim_one_cdr(context, call, "AXB-CDR-018")


@check("AXB-CDR-001", "AXB-CDR-018", needs=NEEDS)
def test_a_refused_call_has_a_cdr(context: CheckContext) -> None:
    """A call that reached nobody yields exactly one CDR."""
    pair = bound(context, callDirection=1)
    for caller in (pair.b, context.user()):
        call = context.call(caller, pair.x)
        cdr_of(context, call)
        claim_one_cdr(context, call, "AXB-CDR-018")


@check("AXB-CDR-002", needs=NEEDS)
def test_mandatory_fields(context: CheckContext) -> None:
    """Every CDR has its mandatory fields, for calls answered, unanswered and refused."""
    pair = bound(context)
    calls = [completed_call(context, pair.a, pair.x, behaviour=how, hang_up_after=4) for how in ("answer", "busy")]
    for call in (*calls, context.call(context.user(), pair.x)):
        missing = MANDATORY - cdr_of(context, call).keys()
        context.claim("AXB-CDR-002", not missing, f"the CDR lacks {sorted(missing)}")


@check("AXB-CDR-003", "AXB-CDR-018", needs=(*NEEDS, "some_users"))
def test_up_to_50_cdrs_a_message(context: CheckContext) -> None:
    """60 calls that end together come in messages of 1 to 50 CDRs, each call once."""
    context.require_exclusive()
    pairs = [bound(context) for _ in range(30)]
    calls = [context.call(user, pair.x, behaviour="busy") for pair in pairs for user in (pair.a, pair.b)]
    context.advance(5)
    for call in calls:
        ended = wait_for_state(context, call, "ended", 0)
        if not context.still:
            cdr_of(context, wait_until_ended(context, ended))
    wait_for_stragglers(context)
    messages = [push for push in context.messages() if push.kind == "cdr"]
    sizes = [len(push.cdrs) for push in messages]
    context.claim("AXB-CDR-003", all(1 <= size <= 50 for size in sizes), f"messages hold {sizes} CDRs")
    expected = sorted(call.session_id for call in calls)
    told = sorted(str(cdr.get("sessionId")) for push in messages for cdr in push.cdrs)
    if not context.session.owns_worlds:
        told = [session for session in told if session in expected]  # others may call meanwhile
    context.claim("AXB-CDR-001", set(told) >= set(expected), f"60 calls ended, CDRs came of {len(set(told))}")
    context.claim("AXB-CDR-018", told == expected, f"60 calls ended, {len(told)} CDRs came")


@check("AXB-CDR-004", needs=NEEDS)
def test_direction(context: CheckContext) -> None:
    """Direction is 1 when A called, 0 when B called, 2 without a binding, answered or not."""
    pair = bound(context)
    for caller, direction in ((pair.a, 1), (pair.b, 0), (context.user(), 2)):
        for behaviour in ("answer", "busy"):
            call = completed_call(context, caller, pair.x, behaviour=behaviour, hang_up_after=4)
            claim_cdr_fields(context, "AXB-CDR-004", cdr_of(context, call), direction=direction)


@check("AXB-CDR-005", "AXB-CDR-016", needs=NEEDS)
def test_numbers(context: CheckContext) -> None:
    """A CDR names X, who called, what he dialled, what the callee saw and who was called."""
    pair = bound(context)
    for caller, callee in ((pair.a, pair.b), (pair.b, pair.a)):
        cdr = cdr_of(context, completed_call(context, caller, pair.x, hang_up_after=4))
        x = pair.x
        claim_cdr_fields(
            context, "AXB-CDR-005", cdr, bindNum=x, callerNum=caller, calleeNum=x, fwdDisplayNum=x, fwdDstNum=callee
        )
    stranger = context.user()
    cdr = cdr_of(context, context.call(stranger, pair.x))
    claim_cdr_fields(context, "AXB-CDR-005", cdr, bindNum=pair.x, callerNum=stranger, calleeNum=pair.x)


@check("AXB-CDR-006", "AXB-CDR-016", needs=NEEDS)
def test_times(context: CheckContext) -> None:
    """The times of a CDR have the platform's form, are UTC and in order; the talk lasted end minus answer."""
    pair = bound(context)
    start = int(context.now().timestamp())
    call = completed_call(context, pair.a, pair.x, ring_after=3, answer_after=4, hang_up_after=7)
    cdr = cdr_of(context, call)
    times = {name: seconds(cdr.get(name)) for name in TIMES}
    for name, at in times.items():
        if claim_present(context, cdr, name):
            context.claim(
                "AXB-CDR-006", at is not None, f"{name}: expected yyyy-MM-dd HH:mm:ss, came {cdr.get(name)!r}"
            )
    came = {name: at for name, at in times.items() if at is not None}
    ordered = list(came.values()) == sorted(came.values())
    context.claim("AXB-CDR-006", ordered, f"times out of order: {[cdr.get(name) for name in TIMES]}")
    off = came.get("callInTime", start) - start
    ok = abs(off) <= (1 if context.still else CLOCKS_APART)
    context.claim("AXB-CDR-006", ok, f"callInTime: expected the call's start in UTC, is {off} s off")
    talk, real = came["callEndTime"] - came["fwdAnswerTime"], seconds_to_events(context, call, answer=7, disconnect=14)
    if {"answer", "disconnect"} <= real.keys():
        wanted = real["disconnect"] - real["answer"]
        ok = abs(talk - wanted) <= (1 if context.still else 2)
        context.claim("AXB-CDR-006", ok, f"callEndTime - fwdAnswerTime: expected {wanted:g} s, came {talk}")


@check("AXB-CDR-007", needs=NEEDS)
@pytest.mark.parametrize("behaviour", ["busy", "reject", "no_answer", "silent"])
def test_no_answer_time_without_an_answer(context: CheckContext, behaviour: str) -> None:
    """The CDR of an unanswered call has no fwdAnswerTime."""
    pair = bound(context)
    at = cdr_of(context, completed_call(context, pair.a, pair.x, behaviour=behaviour)).get("fwdAnswerTime")
    context.claim("AXB-CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


def tells_the_end(context: CheckContext, call: CallView, reason: object) -> None:
    """Claim that a ulFailReason says why the call ended, and that it is the cause."""
    cause = call.release_cause
    ok = cause is not None and fits(reason, [cause])
    context.claim("AXB-CDR-008", ok, f"ulFailReason of a call that ended with {cause}: {reason!r}")
    context.claim("AXB-CDR-017", (reason or 0) == cause, f"ulFailReason: expected {cause}, came {reason!r}")


@check("AXB-CDR-008", "AXB-CDR-017", needs=NEEDS)
def test_release_point(context: CheckContext) -> None:
    """UlFailReason is 0 after an answered call, else a release point that says why it ended, as a rule the cause."""
    pair = bound(context, callDirection=1)
    plans: list[dict[str, Any]] = [{"hang_up_after": 4}, {"caller_hangs_up_after": 1}, {"caller_hangs_up_after": 3}]
    plans += [{"behaviour": how} for how in ("busy", "no_answer", "reject", "silent", "powered_off")]
    calls = [completed_call(context, pair.a, pair.x, **plan) for plan in plans]
    for call in (*calls, context.call(pair.b, pair.x), context.call(context.user(), pair.x)):
        tells_the_end(context, call, cdr_of(context, call).get("ulFailReason"))


@check("AXB-CDR-014", "AXB-CDR-019", needs=NEEDS)
def test_a_call_that_was_answered_has_not_failed(context: CheckContext) -> None:
    """The CDR of an answered call tells no failTime and no SIP status but 0, whoever called and whoever hung up."""
    pair = bound(context)
    for caller in (pair.a, pair.b):
        for plan in ({"hang_up_after": 4}, {"caller_hangs_up_after": 20}):
            cdr = cdr_of(context, completed_call(context, caller, pair.x, **plan))
            at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
            context.claim("AXB-CDR-014", not at, f"failTime of a call that was answered: {at!r}")
            context.claim("AXB-CDR-019", not status, f"sipStatusCode of a call that was answered: {status!r}")


@check("AXB-CDR-020", "AXB-CDR-021", needs=(*NEEDS, "recording"))
def test_names_of_a_recording(context: CheckContext) -> None:
    """RecordObjectName ends with .wav, and recordBucketName is sp- and the app_key in small letters."""
    pair = bound(context, recordFlag="true", recordHintTone=context.axb.tone())
    cdr = cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=10))
    name, folder = str(cdr.get("recordObjectName") or ""), cdr.get("recordBucketName")
    wanted = f"sp-{context.axb.app.key.lower()}"
    context.claim("AXB-CDR-020", not name or name.endswith(".wav"), f"recordObjectName: expected a .wav, came {name!r}")
    ok = not folder or folder == wanted
    context.claim("AXB-CDR-021", ok, f"recordBucketName: expected {wanted!r}, came {folder!r}")


@check("AXB-CDR-009", "AXB-CDR-016", needs=NEEDS)
def test_service_type(context: CheckContext) -> None:
    """ServiceType of AXB is "004", a text."""
    pair = bound(context)
    for call in (completed_call(context, pair.a, pair.x, hang_up_after=4), context.call(context.user(), pair.x)):
        claim_cdr_fields(context, "AXB-CDR-009", cdr_of(context, call), serviceType="004")


@check("AXB-CDR-010", needs=NEEDS)
def test_cdr_names_the_binding(context: CheckContext) -> None:
    """SubscriptionId is that of the binding by which the call was put through, also if it is unbound meanwhile."""
    bound(context)
    pair = bound(context)
    call = completed_call(context, pair.a, pair.x, hang_up_after=4)
    claim_cdr_fields(context, "AXB-CDR-010", cdr_of(context, call), subscriptionId=pair.sub)
    call = context.call(pair.b, pair.x)
    answer_call(context, call)
    context.axb.unbind(subscriptionId=pair.sub)
    claim_cdr_fields(context, "AXB-CDR-010", cdr_of(context, context.hang_up(call)), subscriptionId=pair.sub)


@check("AXB-CDR-011", needs=(*NEEDS, "recording"))
def test_recording(context: CheckContext) -> None:
    """RecordFlag is 1, with a place of the recording, when the binding records and the call was answered, else 0."""
    pair = bound(context, recordFlag="true", recordHintTone=context.axb.tone())
    cdr = cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=4))
    claim_cdr_fields(context, "AXB-CDR-011", cdr, recordFlag=1)
    context.claim("AXB-CDR-011", names_recording(cdr), f"a recorded call: {WHERE} expected, the CDR has {sorted(cdr)}")
    plain = bound(context)
    for caller, how in ((plain.a, "answer"), (pair.a, "busy"), (pair.a, "reject")):
        call = completed_call(context, caller, pair.x, behaviour=how, hang_up_after=4)
        claim_cdr_fields(context, "AXB-CDR-011", cdr_of(context, call), recordFlag=0)


@check("AXB-CDR-015", needs=(*NEEDS, "recording"))
def test_short_calls_are_not_recorded(context: CheckContext) -> None:
    """A talk of 2 seconds has no recording file, one of 4 has."""
    pair = bound(context, recordFlag="true", recordHintTone=context.axb.tone())
    name = cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=2)).get("recordObjectName")
    context.claim("AXB-CDR-015", not name, f"a talk of 2 seconds has the recording {name!r}")
    cdr = cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=4))
    context.claim("AXB-CDR-011", names_recording(cdr), "a talk of 4 seconds has no recording")


@check("AXB-CDR-012", "AXB-CDR-016", needs=NEEDS)
def test_user_data(context: CheckContext) -> None:
    """UserData of the bind, and then that of a modify, stands in the CDR."""
    pair = bound(context, userData="order-42")
    claim_cdr_fields(
        context,
        "AXB-CDR-012",
        cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=4)),
        userData="order-42",
    )
    claim_success(context, "AXB-CDR-012", context.axb.modify(pair.sub, userData="order-43"), "modify of userData")
    claim_cdr_fields(
        context,
        "AXB-CDR-012",
        cdr_of(context, completed_call(context, pair.b, pair.x, hang_up_after=4)),
        userData="order-43",
    )


@check("AXB-CDR-013", needs=NEEDS)
def test_app_key(context: CheckContext) -> None:
    """AppKey is the application's app_key."""
    pair = bound(context)
    for call in (completed_call(context, pair.a, pair.x, hang_up_after=4), context.call(context.user(), pair.x)):
        claim_cdr_fields(context, "AXB-CDR-013", cdr_of(context, call), appKey=context.axb.app.key)


@check("AXB-CDR-101", needs=NEEDS)
def test_order_of_the_keys(context: CheckContext) -> None:
    """The keys of a CDR stand in the order of the captured push."""
    pair = bound(context)
    cdr = cdr_of(context, completed_call(context, pair.a, pair.x, hang_up_after=4))
    came = [key for key in cdr if key in CAPTURED]
    order = [key for key in CAPTURED if key in cdr]
    wrong = next(((own, other) for own, other in zip(order, came, strict=True) if own != other), None)
    told = f"where {wrong[0]} was expected, {wrong[1]} came; the keys came as {', '.join(came)}" if wrong else ""
    context.claim("AXB-CDR-101", wrong is None, told)
