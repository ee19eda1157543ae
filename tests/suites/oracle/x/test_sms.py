"""Whom an SMS to X reaches by a verdict, by hand-made situations."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.suites.oracle import Undecided, XOracle, XSurroundings
from privnum.suites.oracle.sms import ExpectedSms
from tests.suites.oracle.assumed import assumed_choices

X, X2, A, B = "+8617000000041", "+8617000000042", "+8613800000001", "+8613900000002"
START = 1_772_323_200
FIXED = "+8675526660001"


def expected_sms(verdict: Any, sender: str = A, status: str = "5", **assumptions: Any) -> ExpectedSms:
    around = XSurroundings(own={X: "0755", X2: "0755"})
    oracle = XOracle(around, assumed_choices((), **assumptions), START)
    oracle.status[X] = status
    return oracle.expect_sms(sender, X, f"hello@{FIXED}", verdict)


def route(called: Any, **more: Any) -> dict[str, Any]:
    return {"operation": "vNumberRoute", "message": {"called": called}, **more}


@pytest.mark.parametrize("actions", [[route(B)], route(B), [route(B, userData="u", extParas=[])]])
def test_a_verdict_that_names_a_receiver(actions: Any) -> None:
    """X-SMS-027, X-SMS-031, X-SMS-101."""
    assert expected_sms({"actions": actions}) == ExpectedSms("X-SMS-101", B, f"hello@{FIXED}")


@pytest.mark.parametrize(
    ("verdict", "rule"),
    [
        ({"actions": [{"operation": "DiscardMessage"}]}, "X-SMS-028"),
        (b"ok", "X-SMS-032"),
        ({"actions": []}, "X-SMS-032"),
        ({"actions": [{"operation": "vNumberRoute"}]}, "X-SMS-032"),
        ({"actions": [route("somebody")]}, "X-SMS-032"),
        ({"actions": [route(7)]}, "X-SMS-032"),
        ({"actions": [route(FIXED)]}, "X-SMS-024"),
    ],
)
def test_a_verdict_by_which_nobody_gets_it(verdict: Any, rule: str) -> None:
    assert expected_sms(verdict) == ExpectedSms(rule)


def test_what_stands_against_every_sms() -> None:
    """X-SMS-011, X-SMS-024."""
    good = {"actions": [route(B)]}
    assert expected_sms(good, status="9") == expected_sms(good, status="10") == ExpectedSms("X-SMS-011")
    assert expected_sms(good, sender=FIXED) == ExpectedSms("X-SMS-024")


@pytest.mark.parametrize("called", [A, X, X2])
def test_what_no_page_says(called: str) -> None:
    with pytest.raises(Undecided):
        expected_sms({"actions": [route(called)]})


@pytest.mark.parametrize(("several", "rule"), [("first", "X-SMS-101"), ("last", "X-SMS-028"), ("none", "X-SMS-032")])
def test_a_verdict_with_several_actions(several: str, rule: str) -> None:
    """COM-OPEN-962."""
    verdict = {"actions": [route(B), {"operation": "DiscardMessage"}]}
    assert expected_sms(verdict, sms__several_actions=several).requirement == rule
    with pytest.raises(Undecided):
        undecided_sms(verdict)


def undecided_sms(verdict: Any) -> ExpectedSms:
    """What is expected where nobody knows which action counts."""
    around = XSurroundings(own={X: "0755"})
    return XOracle(around, assumed_choices(("sms.several_actions",)), START).expect_sms(A, X, "hello", verdict)
