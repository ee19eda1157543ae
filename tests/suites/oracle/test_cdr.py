"""The CDR of any mode, beside its timeline."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import CallPlan
from privnum.suites.oracle.cdr import compare_cdrs
from tests.suites.oracle.axb.test_bindings import A, B, X, bind, make

RECORDING = {"recordFlag": 1, "recordObjectName": "a.wav", "recordDomain": "b"}
TONE = {"recordHintTone": "wait.wav"}


def broken_rules(cdr: dict[str, Any], *, seconds: int, first: str = "true", then: str | None = "false") -> set[str]:
    """Rules of recordings that a CDR breaks.

    Of a call whose binding records `first` and `then`.
    """
    oracle = make()
    sub = bind(oracle, A, B, recordFlag=first, **TONE)
    call = oracle.expect_call(A, X, CallPlan(ring_after=1, answer_after=1, hang_up_after=seconds))
    oracle.record_call(call)
    oracle.advance(3)
    if then is not None:
        oracle.record_modify({"subscriptionId": sub, "recordFlag": then})
    claims = compare_cdrs(call, [cdr], "key", recording=True)
    return {claim.requirement for claim in claims if not claim.ok} & {"AXB-CDR-011", "AXB-CDR-015"}


@pytest.mark.parametrize(("first", "then"), [("true", "false"), ("false", "true")])
def test_a_recording_that_is_switched_during_a_call_may_be_told_or_not(first: str, then: str) -> None:
    assert not broken_rules(RECORDING, seconds=10, first=first, then=then)
    assert not broken_rules({"recordFlag": 0}, seconds=10, first=first, then=then)


def test_a_recording_is_named_also_where_it_was_switched() -> None:
    assert broken_rules({"recordFlag": 1}, seconds=10) == {"AXB-CDR-011"}
    assert broken_rules({"recordFlag": 7}, seconds=10) == {"AXB-CDR-011"}


def test_a_short_call_has_none_also_where_it_was_switched() -> None:
    assert broken_rules(RECORDING, seconds=2) == {"AXB-CDR-015"}
    assert not broken_rules({"recordFlag": 0}, seconds=2)


def test_a_recording_that_is_not_switched_is_told() -> None:
    assert broken_rules({"recordFlag": 0}, seconds=10, then=None) == {"AXB-CDR-011"}
    assert not broken_rules(RECORDING, seconds=10, then=None)
