"""Putting a call through, whatever its mode."""

from __future__ import annotations

import pytest

from privnum.suites.oracle import AxePlan, CallPlan, Undecided
from tests.suites.oracle.axb import test_bindings as axb
from tests.suites.oracle.axe import helpers as axe

INTERCEPT = "intercept"


def test_a_recording_that_is_not_announced_is_intercepted_where_that_is_settled() -> None:
    oracle = axb.make(call__unannounced_recording=INTERCEPT)
    axb.bind(oracle, axb.A, axb.B, recordFlag="true")
    call = oracle.expect_call(axb.A, axb.X, CallPlan())
    assert (call.forwarded_to, set(call.causes), call.requirement) == (None, {8059}, "COM-OPEN-077")
    assert call.state(oracle.now) == "ended"


@pytest.mark.parametrize(
    "settings", [{"recordFlag": "true", "recordHintTone": "wait.wav"}, {"recordFlag": "false"}, {}]
)
def test_nothing_else_is_intercepted(settings: dict[str, str]) -> None:
    oracle = axb.make(call__unannounced_recording=INTERCEPT)
    axb.bind(oracle, axb.A, axb.B, **settings)
    assert oracle.expect_call(axb.A, axb.X, CallPlan()).forwarded_to == axb.B


def test_of_an_intercepted_call_nobody_knows_whether_a_record_is_written() -> None:
    oracle = axe.make(call__unannounced_recording=INTERCEPT)
    axe.bind(oracle, recordFlag="true", callbackExpiredTime=24)
    call = oracle.expect_call(axe.N, axe.X, AxePlan(digits=("0001",)))
    oracle.record_call(call)
    oracle.advance(5)
    assert (call.forwarded_to, set(call.causes), call.extension) == (None, {8059}, None)
    with pytest.raises(Undecided):
        oracle.expect_call(axe.A, axe.X, AxePlan())
