"""Allowed behaviour that no seed shows: built by hand, it fails nobody."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from privnum import contracts
from privnum.mockserver.calls import participants as participants
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.suites.base.claims import NoAnswer
from privnum.suites.checks.axb import (
    test_call,
)
from privnum.suites.checks.calls import test_cdrs
from privnum.suites.checks.common import test_authentication
from privnum.suites.oracle import (
    Assumptions,
    AxbOracle,
    AxbSurroundings,
    AxeOracle,
    AxePlan,
    AxeSurroundings,
    CallPlan,
    Undecided,
)
from privnum.suites.oracle.axe.compare import compare_call
from privnum.suites.oracle.release_causes import fits
from privnum.suites.runner.check import PROBES
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.envelope import compare_answer, expect_call, expect_platform
from privnum.suites.transport.api import make_answer
from tests.suites.checks.test_allowed_behaviour import TIMES, a_run, of_mode, verdicts

X = "+8617000000001"
A, B = "+8613800000001", "+8613800000002"
READINGS_OF_AXB = Assumptions(TIMES)
READINGS_OF_AXE = Assumptions(
    TIMES | {"axe.record_written": "transfer", "binding.expiry_instant": "gone", "axe.bind_expired_default": 168}
)


def test_a_nonce_may_be_taken_once_in_all_runs() -> None:
    """Whoever keeps the nonces of an earlier run is asked with new ones."""
    sent: list[list[str]] = []
    for _ in range(2):
        with a_run() as session:
            context = CheckContext(session, "it")
            check = test_authentication.test_nonces_of_many_lengths
            check(context=context, length=13, alphabet=test_authentication.HEX)
            sent.append([str(step.bent["nonce"]) for step in context.history if step.bent])
    assert len({*sent[0], *sent[1]}) == 8


def test_a_status_that_no_page_prints_is_not_judged() -> None:
    def claims(status: int, code: str) -> dict[str, bool]:
        body = b'{"resultcode":"%s","resultdesc":"told"}' % code.encode()
        return {rule: ok for rule, ok, _ in compare_answer("axe.bind", make_answer(status, [], body))}

    assert "COM-ENV-004" not in claims(400, "1013102")
    assert claims(400, "1020167")["COM-ENV-004"] is False


def test_what_is_no_http_may_be_refused_by_anybody() -> None:
    page = make_answer(400, [], b"<html>Bad Request</html>")
    for query in ("subscriptionId=%zz", "subscriptionId=%ff%fe", "subscriptionId=%00"):
        assert not [rule for rule, ok, _ in compare_answer("axb.query", page, query) if not ok]
    assert [rule for rule, ok, _ in compare_answer("axb.query", page, "relationNum=%2B86") if not ok] == ["COM-ENV-001"]


@pytest.mark.parametrize("key", ["403/1010010", "403/1011006", "403/1020176", "403/1020182", "500/1023002"])
def test_the_limits_of_a_platform_end_a_check(key: str) -> None:
    status, _, code = key.partition("/")
    answer = make_answer(int(status), [], b'{"resultcode":"%s","resultdesc":"later"}' % code.encode())
    with pytest.raises(NoAnswer, match=code):
        expect_platform(answer, "axb.bind")
    expect_platform(answer, "axb.bind", limits=True)


def test_only_documented_properties_are_judged() -> None:
    cdr = contracts.validator("axb/cdr").schema
    found = {name: contracts.is_documented(cdr, f"feeLst[3].{name}") for name in ("spId", "voiceCheckType", "none")}
    assert found == {"spId": True, "voiceCheckType": False, "none": True}


def test_a_recording_that_is_not_announced_may_be_stopped_by_the_carrier() -> None:
    oracle = AxbOracle(AxbSurroundings(own={X: None}), READINGS_OF_AXB, 0)
    body = {"callerNum": A, "calleeNum": B, "relationNum": X, "recordFlag": "true"}
    oracle.record_bind(body, "sub", X)
    with pytest.raises(Undecided, match=r"call\.unannounced_recording"):
        oracle.expect_call(A, X, CallPlan())
    oracle.bindings.clear()
    oracle.record_bind(body | {"recordHintTone": "wait.wav"}, "sub", X)
    assert oracle.expect_call(A, X, CallPlan()).forwarded_to == B


@pytest.mark.parametrize(
    ("reason", "cause", "ok"),
    [
        (0, 0, True),
        (None, 0, True),
        (8102, 8102, True),
        (8009, 7501, True),
        (8002, 8104, True),
        (0, 8104, False),
        (None, 8102, False),
        (0, 8102, False),
        (8014, 8016, False),
        (7501, 0, False),
        ("0", 0, False),
        (8032, 8032, True),
        (8009, 8032, True),
        (0, 8032, False),
    ],
)
def test_a_release_point_says_why_a_call_ended(reason: object, cause: int, ok: bool) -> None:
    assert fits(reason, [cause]) is ok


# ── calls whose binding ends under them ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("seconds", "followed"), [(1, False), (3, False), (6, True)])
@pytest.mark.parametrize("by", ["unbind", "new A"])
def test_a_call_that_was_not_answered_may_end_with_its_binding(seconds: int, followed: bool, by: str) -> None:
    """Forwarded, ringing, answered: of the last alone it is said that it goes on, and not when its users change."""
    oracle = AxbOracle(AxbSurroundings(own={X: None}), READINGS_OF_AXB, 0)
    binding = oracle.record_bind({"callerNum": A, "calleeNum": B, "relationNum": X}, "sub", X)
    call = oracle.expect_call(A, X, CallPlan(ring_after=2, answer_after=3))
    oracle.record_call(call)
    oracle.advance(seconds)
    if by == "unbind":
        oracle.record_unbind([binding], "AXB-UNBIND-001")
    else:
        oracle.record_modify({"subscriptionId": "sub", "callerNum": "+8613800000003"})
    assert call.lost is not (followed and by == "unbind")


@pytest.mark.parametrize(("entered", "followed"), [("0001", False), ("0002", True)])
def test_an_extension_may_be_good_until_the_call_ends(entered: str, followed: bool) -> None:
    """It was unbound while the caller was asked for it: one page connects him, another one calls it invalid."""
    oracle = AxeOracle(AxeSurroundings(own={X: None}, digits=4), READINGS_OF_AXE, 0)
    binding = oracle.record_bind({"bindNum": A, "virtualNum": X}, "sub", X, "0001")
    call = oracle.expect_call(B, X, AxePlan(digits=(entered,), digits_after=5))
    oracle.record_call(call)
    oracle.advance(2)
    oracle.record_unbind(binding, "AXE-UNBIND-001")
    oracle.advance(4)
    assert call.lost is not followed


@pytest.mark.parametrize(("seconds", "followed"), [(3, False), (8, True)])
def test_a_ringing_call_of_axe_may_end_with_the_lifetime(seconds: int, followed: bool) -> None:
    oracle = AxeOracle(AxeSurroundings(own={X: None}, digits=4), READINGS_OF_AXE, 0)
    body = {"bindNum": A, "virtualNum": X, "timeUnit": "1", "bindExpiredTime": 1, "callbackExpiredTime": 1}
    oracle.record_bind(body, "sub", X, "0001")
    oracle.advance(60 - seconds)
    call = oracle.expect_call(B, X, AxePlan(digits=("0001",), digits_after=1, ring_after=1, answer_after=3))
    oracle.record_call(call)
    oracle.advance(seconds + 1)
    assert call.lost is not followed


def test_the_tones_of_a_wrong_extension_are_those_that_are_set() -> None:
    """Where no tone is set for it the prompt is played again; the first one is the prompt in any case."""
    oracle = AxeOracle(AxeSurroundings(own={X: None}, digits=4, repeats=1), READINGS_OF_AXE, 0)
    oracle.record_bind(
        {"bindNum": A, "virtualNum": X, "bindExpiredTime": 1, "callbackExpiredTime": 1}, "sub", X, "0002"
    )
    call = oracle.expect_call(B, X, AxePlan(digits=("0001", "0001"), digits_after=1))
    oracle.record_call(call)
    oracle.advance(5)

    def is_broken(*played: str) -> bool:
        view: Any = SimpleNamespace(state="ended", forwarded_to=None, displayed=None, release_cause=8022, played=played)
        return not all(ok for _, ok, _ in compare_call(call, view, oracle.now))

    assert not is_broken("extension_prompt", "extension_prompt", "wrong_extension")
    assert is_broken("busy.wav")


def test_cdrs_may_be_collected_for_minutes() -> None:
    """ "Within a short time", the page says: the probe finds out how long, and the checks wait so long."""
    with a_run(cdr__merge_seconds=300) as session:
        probe = PROBES["cdr.merge_seconds"]
        context = CheckContext(session, "it").open()
        found = probe.find(context)
        session.findings.settle("cdr.merge_seconds", found)
        context.close()
        checked = verdicts(session, of_mode(test_cdrs.test_mandatory_fields, "AXB"))
    assert 300 <= int(found) <= 310
    assert checked["AXB-CDR-013"] == "passed"


@pytest.mark.parametrize("cause", [7002, 8044, 8047])
def test_a_platform_may_control_calls(cause: int) -> None:
    """Too many of them, or one that lasts too long: figures are nowhere published, and no other rule is about it."""
    with pytest.raises(NoAnswer, match=str(cause)):
        expect_call(cause)
    rule = axb_calls.CallRule(None, None, None, None, None, cause, "")
    with patch.object(axb_calls, "CALL_TABLE", (rule,)), a_run() as session:
        found = verdicts(session, test_call.test_each_caller_reaches_his_partner)
    assert found["AXB-CALL-106"] == "error"
