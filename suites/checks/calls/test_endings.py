"""Every way of every mode with every end.

What events and CDR say of it: which there are, the cause, the release point, the cause of Q.850.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_cause, require_course, wait_until_ended
from privnum.suites.checks.calls.endings import INTERCEPTED, LEFT, NOT_TAKEN, TAKEN, TOO_LONG, Ending
from privnum.suites.checks.calls.profiles import NEEDS, check
from privnum.suites.oracle.release_causes import fits
from privnum.suites.printed.causes import KNOWN
from privnum.suites.printed.q850 import CAUSES
from privnum.suites.runner.call_timing import setup_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.checks.calls.profile import CallProfile, Way
    from privnum.suites.driver.protocol import CallView

SAID = ("CDR-001", "CDR-004", "CDR-005", "CDR-008", "CDR-009", "CDR-010", "CDR-013", "CDR-022")
"""Rules of the CDR of any call that was put through."""
OF_A_STATUS: Mapping[str, tuple[str, int]] = {"9": ("CALL-003", 8055), "10": ("CALL-003", 8055)}
"""Each status of X that stops calls: the rule, and the cause and release point by it."""
FROZEN = 7108
OF_A_REFUSAL = ("CDR-007", "CDR-008", "CDR-022", "CDR-024")
"""Rules of the CDR of a call that reaches nobody."""
UNTOLD = "EVENT-012"
FIXED_LINE = 8023
PUT_THROUGH = ("callout", "alerting", "answer")


def _names(endings: Iterable[Ending]) -> list[str]:
    return [ending.name for ending in endings]


# ── calls that are put through ───────────────────────────────────────────────────────────────────────────────────────


@check("EVENT-014", "EVENT-001", "EVENT-009", *SAID, "CDR-014", "CDR-019", "CDR-023", along=("EVENT-001",), needs=NEEDS)
@pytest.mark.parametrize("ending", TAKEN, ids=_names(TAKEN))
def test_a_call_that_is_taken(calls: CallProfile, ending: Ending) -> None:
    """In every way, no matter who hangs up."""
    for way in calls.ways(calls.bind_users()):
        _claim_taken(calls, way, ending)


@check(
    "EVENT-014",
    "CALL-011",
    "EVENT-001",
    "EVENT-009",
    *SAID,
    "CDR-023",
    along=("EVENT-001",),
    where=lambda mode: mode.limit,
)
def test_a_call_that_the_limit_ends(calls: CallProfile) -> None:
    """In every way; the release point is that of the limit."""
    for way in calls.ways(calls.bind_users(**calls.limit_fields(1))):
        _claim_taken(calls, way, TOO_LONG)


@check("EVENT-014", "EVENT-002", "EVENT-009", *SAID, "CDR-007", "CDR-023", "CDR-024", needs=NEEDS)
@pytest.mark.parametrize("ending", NOT_TAKEN, ids=_names(NOT_TAKEN))
def test_a_call_that_is_not_taken(calls: CallProfile, ending: Ending) -> None:
    """In every way, for every reason that a callee or his network has."""
    for way in calls.ways(calls.bind_users()):
        _claim_not_taken(calls, way, ending)


@check("EVENT-014", "EVENT-002", *SAID, "CDR-007", "CDR-024", needs=(*NEEDS, "unregistered_callees"))
@pytest.mark.parametrize("ending", INTERCEPTED, ids=_names(INTERCEPTED))
def test_a_call_that_is_intercepted(calls: CallProfile, ending: Ending) -> None:
    """In every way: the platform intercepts it, and no network has ended it."""
    for way in calls.ways(calls.bind_users()):
        _claim_not_taken(calls, way, ending)


@check("EVENT-014", "EVENT-002", "EVENT-009", *SAID, "CDR-007", "CDR-024", needs=NEEDS)
@pytest.mark.parametrize("ending", LEFT, ids=_names(LEFT))
def test_a_caller_who_does_not_wait(calls: CallProfile, ending: Ending) -> None:
    """In every way: he hangs up, and no network has ended it."""
    for way in calls.ways(calls.bind_users()):
        _claim_not_taken(calls, way, ending)


def _claim_not_taken(calls: CallProfile, way: Way, ending: Ending) -> None:
    call = _place_call(calls, way, ending)
    kinds = calls.kinds(call)
    ok = "answer" not in kinds and kinds.count("disconnect") == 1
    calls.claim("EVENT-002", ok, f"{way.name}, {ending.name}: expected a disconnect and no answer, came {kinds}")
    cdr = _claim_end(calls, way, ending, call)
    at, rang = cdr.get("fwdAnswerTime"), cdr.get("fwdAlertingTime")
    calls.claim("CDR-007", not at, f"{way.name}, {ending.name}: fwdAnswerTime {at!r}")
    calls.claim("CDR-024", ending.rings or not rang, f"{way.name}, {ending.name}: fwdAlertingTime {rang!r}")


def _claim_taken(calls: CallProfile, way: Way, ending: Ending) -> None:
    call = _place_call(calls, way, ending)
    kinds = calls.kinds(call)
    message = f"{way.name}, {ending.name}: expected {way.events}, came {kinds}"
    calls.claim(way.events_rule, sorted(kinds) == sorted(way.events), message)
    cdr = _claim_end(calls, way, ending, call)
    at, status = cdr.get("failTime"), cdr.get("sipStatusCode")
    if ending is not TOO_LONG:
        calls.claim("CDR-014", not at, f"{way.name}, {ending.name}: failTime {at!r}")
        calls.claim("CDR-019", not status, f"{way.name}, {ending.name}: sipStatusCode {status!r}")


def _place_call(calls: CallProfile, way: Way, ending: Ending) -> CallView:
    """A call of that way with that end, when it is over.

    Raises NotExercised where it took another course.
    """
    plan = dict(ending.plan)
    if ending.leaves is not None:
        plan["caller_hangs_up_after"] = way.enters + ending.leaves + setup_seconds(calls.context)
    call = calls.completed_call(way, **plan)
    came = {"callout": True, "alerting": ending.rings, "answer": ending.answered}
    require_course(
        call, [k for k, there in came.items() if there], without=[k for k, there in came.items() if not there]
    )
    return call


def _claim_end(calls: CallProfile, way: Way, ending: Ending, call: CallView) -> dict[str, Any]:
    """Claim what every message says of the end; give the CDR."""
    what = f"{way.name}, {ending.name}"
    _claim_steps(calls, what, call)
    code = calls.events(call).get("disconnect", {}).get("stateCode")
    if ending.in_event and code is not None:
        came = f"came stateCode {code!r}"
        calls.claim(ending.rule, code in ending.causes, f"{what}: expected {ending.causes}, {came}")
        calls.claim("EVENT-009", code == call.release_cause, f"{what}: expected {call.release_cause}, {came}")
    cdr = calls.cdr(call)
    point = cdr.get("ulFailReason")
    causes = ending.causes
    if not ending.in_event and call.release_cause is not None:
        causes = (call.release_cause,)  # which calls are intercepted is our choice; of that no documented rule speaks
    wanted = f"one that says as much as {causes}"
    calls.claim("CDR-008", fits(point, causes), f"{what}: expected {wanted}, came ulFailReason {point!r}")
    _claim_network(calls, what, ending, cdr)
    _claim_who(calls, way, cdr)
    return cdr


def _claim_steps(calls: CallProfile, what: str, call: CallView) -> None:
    """Claim that there are events of just those steps that the call took."""
    kinds = calls.kinds(call)
    took = zip(PUT_THROUGH, (call.forwarded_at, call.alerting_at, call.answered_at), strict=True)
    for kind, at in took:
        expected = "one" if at else "none"
        calls.claim("EVENT-014", kinds.count(kind) == bool(at), f"{what}: {kind}: expected {expected}, came {kinds}")


def _claim_network(calls: CallProfile, what: str, ending: Ending, cdr: Mapping[str, Any]) -> None:
    """Claim the cause of Q.850, where there is one."""
    cause = cdr.get("fwdUnaswRsn")
    if cause is None:
        return
    calls.claim("CDR-022", cause in CAUSES, f"{what}: expected a cause of Q.850, came fwdUnaswRsn {cause!r}")
    if ending.network:
        ok = cause in ending.network
        calls.claim("CDR-023", ok, f"{what}: expected {ending.network}, came fwdUnaswRsn {cause!r}")


def _claim_who(calls: CallProfile, way: Way, cdr: Mapping[str, Any]) -> None:
    """Claim who called whom, by which binding of which application."""
    calls.cdr_says("CDR-009", cdr, serviceType=calls.service_type)
    calls.cdr_says("CDR-013", cdr, appKey=calls.side.app.key)
    calls.cdr_says("CDR-005", cdr, **way.numbers)
    if calls.names_binding:
        calls.cdr_says("CDR-010", cdr, subscriptionId=way.sub)
    if way.direction is not None:
        calls.cdr_says("CDR-004", cdr, direction=way.direction)


# ── calls that the customer or the platform stops ────────────────────────────────────────────────────────────────────


OF_A_STOP = ("EVENT-014", "COM-STOP-001", "EVENT-009", UNTOLD, "CDR-001", "CDR-008")


@check("EVENT-002", *OF_A_STOP, needs=(*NEEDS, "stop_call"))
@pytest.mark.parametrize("phase", ["forwarded", "alerting"])
def test_a_call_that_is_stopped(calls: CallProfile, phase: str) -> None:
    """In every way, before it rings and while it rings.

    No page names the cause: events and CDR have one of the table.
    """
    for way in calls.ways(calls.bind_users()):
        call = _stopped_call(calls, way, phase)
        kinds = calls.kinds(call)
        ok = "answer" not in kinds and kinds.count("disconnect") == 1
        calls.claim("EVENT-002", ok, f"{way.name}, {phase}: expected a disconnect and no answer, came {kinds}")
        _claim_stop(calls, f"{way.name}, stopped while {phase}", call)


@check("EVENT-001", *OF_A_STOP, needs=(*NEEDS, "stop_call"), along=("EVENT-001",))
def test_a_call_that_is_stopped_after_the_answer(calls: CallProfile) -> None:
    """The same of one that was answered: it has all its events."""
    for way in calls.ways(calls.bind_users()):
        call = _stopped_call(calls, way, "answered")
        kinds = calls.kinds(call)
        message = f"{way.name}, stopped: expected {way.events}, came {kinds}"
        calls.claim(way.events_rule, sorted(kinds) == sorted(way.events), message)
        _claim_stop(calls, f"{way.name}, stopped after the answer", call)


def _stopped_call(calls: CallProfile, way: Way, phase: str) -> CallView:
    """A call of that way that was stopped when it had come so far."""
    call = calls.in_phase(way, phase, hang_up_after=None)
    answer = calls.context.stop_call(call.session_id, app=calls.side.app)
    calls.succeeds("COM-STOP-001", answer, f"{way.name}: stop call of one that is {phase}")
    call = calls.context.look(call)
    calls.claim("COM-STOP-001", call.state == "ended", f"{way.name}: after stop call it is {call.state}")
    return wait_until_ended(calls.context, call)


def _claim_stop(calls: CallProfile, what: str, call: CallView) -> None:
    """Claim that events and CDR tell of the end of a call that was stopped."""
    _claim_steps(calls, what, call)
    info = calls.events(call).get("disconnect", {})
    claim_cause(calls.context, calls.rule("EVENT-009"), calls.rule(UNTOLD), what, info, call.release_cause)
    point = calls.cdr(call).get("ulFailReason")
    ok = point in (0, None) if call.release_cause == 0 else type(point) is int and point in KNOWN - {0}
    wanted = f"the release point of a call that ended with {call.release_cause}"
    calls.claim("CDR-008", ok, f"{what}: expected {wanted}, came ulFailReason {point!r}")


# ── calls that are not put through ───────────────────────────────────────────────────────────────────────────────────


@check("EVENT-014", "EVENT-009", *OF_A_REFUSAL, needs=(*NEEDS, "number_status"))
@pytest.mark.parametrize("status", list(OF_A_STATUS))
def test_a_call_that_a_status_stops(calls: CallProfile, status: Any) -> None:
    """In every way, while X has it: what is sent names the cause."""
    rule, cause = OF_A_STATUS[status]
    for way in calls.ways(calls.bind_users()):
        calls.context.set_number(way.dialled, status)
        _claim_refusal(calls, f"{way.name}, status {status}", calls.claim_refused(rule, way, cause), cause)


@check("EVENT-014", "EVENT-009", *OF_A_REFUSAL, needs=(*NEEDS, "application_settings"))
def test_a_call_of_a_frozen_tenant(calls: CallProfile) -> None:
    """In every way: what is sent names the cause."""
    ways = calls.ways(calls.bind_users())
    calls.context.set_application(calls.side.app, status="frozen")
    for way in ways:
        _claim_refusal(calls, f"{way.name}, frozen", calls.claim_refused("CALL-002", way, FROZEN), FROZEN)


@check("EVENT-014", "EVENT-009", *OF_A_REFUSAL, needs=NEEDS)
def test_a_call_in_vain(calls: CallProfile) -> None:
    """For every reason that the mode has."""
    for vain in calls.in_vain():
        _claim_refusal(calls, vain.name, calls.call_in_vain(vain), vain.cause)


@check(
    *("EVENT-014", "CALL-007", "EVENT-009", *OF_A_REFUSAL),
    needs=(*NEEDS, "fixed_line_users"),
    where=lambda mode: mode.names_binding,
)
def test_a_call_of_a_fixed_line(calls: CallProfile) -> None:
    """Of A, who may call otherwise."""
    line = calls.context.user("fixed_line")
    call = calls.context.call(line, calls.dialled_by_a(calls.bind_users(a=line)))
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    calls.claim("CALL-007", call.release_cause == FIXED_LINE, f"a fixed line calls: expected 8023, {came}")
    _claim_refusal(calls, "a fixed line", call, FIXED_LINE)


def _claim_refusal(calls: CallProfile, what: str, call: CallView, cause: int) -> None:
    """Claim that events and CDR tell of nothing but the cause.

    Whether there are any is the matter of other rules.
    """
    _claim_steps(calls, what, call)
    code = calls.events(call).get("disconnect", {}).get("stateCode")
    if code is not None:
        calls.claim("EVENT-009", code == cause, f"{what}: expected {cause}, came stateCode {code!r}")
    for cdr in calls.context.cdrs(call):
        point, started, answered = (cdr.get(n) for n in ("ulFailReason", "fwdStartTime", "fwdAnswerTime"))
        calls.claim("CDR-008", fits(point, [cause]), f"{what}: expected {cause}, came ulFailReason {point!r}")
        calls.claim("CDR-007", not answered, f"{what}: fwdAnswerTime {answered!r}")
        calls.claim("CDR-024", not started, f"{what}: fwdStartTime {started!r}")
        network = cdr.get("fwdUnaswRsn")
        if network is not None:
            calls.claim("CDR-022", network in CAUSES, f"{what}: expected a cause of Q.850, came {network!r}")
