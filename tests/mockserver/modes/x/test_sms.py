"""SMS of X: of each the customer is asked."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from tests.mockserver.rig import FIXED, A, B, C
from tests.mockserver.sms_rig import SmsRig, extra

X = "+8617000000001"
ROUTE = {"actions": [{"operation": "vNumberRoute", "message": {"called": B, "calling": A}, "userData": "case-7"}]}
DISCARD = {"actions": [{"operation": "DiscardMessage"}]}


def rig_of(verdict: Any = ROUTE, **more: Any) -> SmsRig:
    rig = SmsRig(mode="X", **more)
    rig.verdict = verdict
    return rig


@pytest.mark.parametrize("sender", [A, B, C])
@pytest.mark.parametrize("text", ["hello", f"hello@{C}", f"[From{A}]"])
def test_whoever_writes_is_asked_of(sender: str, text: str) -> None:
    """X-SMS-025, X-SMS-026, X-SMS-027, X-SMS-101."""
    rig = rig_of()
    sms = rig.write(sender, X, text)
    view = sms.view()
    assert (sms.state, sms.delivered_to, sms.delivered_text, view["displayed"]) == ("sent", B, text, X)
    (block,), (notify,) = rig.asked, rig.told
    assert (block["notificationMode"], block["calling"], block["virtualNumber"]) == ("Block", sender, X)
    assert block.keys().isdisjoint({"called", "userData", "subscriptionId"})
    assert (notify["called"], notify["sendResult"], "subscriptionId" in notify) == (B, 0, False)
    assert extra(block) == extra(notify) == {"splitNum": "1", "direction": "1"}


@pytest.mark.parametrize(("choice", "data"), [("echoed", "case-7"), ("ignored", None)])
def test_user_data_of_a_verdict(choice: str, data: str | None) -> None:
    """X-OPEN-015."""
    rig = rig_of(assumptions={"x.sms_user_data": choice})
    rig.write(A, X)
    assert rig.told[0].get("userData") == data


def test_the_customer_discards() -> None:
    """X-SMS-028."""
    rig = rig_of(DISCARD)
    assert (rig.write(A, X).state, rig.results) == ("not_sent", [6])


@pytest.mark.parametrize("verdict", [None, {}, {"actions": [{"operation": "vNumberRoute"}]}, {"actions": "none"}])
def test_no_verdict(verdict: Any) -> None:
    """X-SMS-029, X-SMS-032."""
    rig = rig_of(verdict)
    sms = rig.write(A, X)
    assert sms.state == "waiting"
    rig.advance(30)
    assert (sms.state, rig.results) == ("not_sent", [7])


def test_what_was_wrong_with_a_verdict_is_said() -> None:
    """As of a call's answer: what was wrong, or what came in its place."""
    rig = rig_of({"actions": "none"})
    problem = 'actions must be a list of at least 1 items, not "none". [X-SMS-032]'
    assert rig.write(A, X).view()["answer_problem"] == problem
    rig.verdict = None
    silent = rig.write(A, X)
    assert "but: 200, without a body [X-SMS-029]" in silent.view()["answer_problem"]
    rig.verdict = ROUTE
    assert rig.write(A, X).view()["answer_problem"] is None
    nowhere = rig_of(sms_control_url=None)
    assert "the application has no sms_control_url" in nowhere.write(A, X).view()["answer_problem"]
    inbox = rig_of(sms_control_url="inbox:", sms_verdict=None)
    waits = inbox.write(A, X)
    inbox.advance(30)
    assert waits.view()["answer_problem"] is not None


@pytest.mark.parametrize(
    ("settings", "status", "result"),
    [
        ({"status": "frozen"}, "5", 1),
        ({"sms_rules": {"trial": True}}, "5", 4),
        ({}, "9", 3),
        ({"sms": False}, "5", 11),
        ({"sms_rules": {"blacklist": [A]}}, "5", 8),
        ({"sms_rules": {"keyword": "[shop]"}}, "5", 12),
        ({"sms_rules": {"forbidden": ["hell"]}}, "5", 13),
    ],
)
@pytest.mark.parametrize("choice", ["unasked", "asked"])
def test_what_stands_against_an_sms(settings: dict[str, Any], status: str, result: int, choice: str) -> None:
    """X-SMS-011, X-SMS-013, X-SMS-015, X-SMS-023, COM-OPEN-961."""
    rig = rig_of(assumptions={"sms.ask_of_blocked": choice}, **settings)
    rig.world.change_number(rig.world.numbers[X], {"status": status})
    sms = rig.write(A, X)
    assert (sms.delivered_to, rig.results, len(rig.asked)) == (None, [result], int(choice == "asked"))


@pytest.mark.parametrize(("sender", "called", "asked"), [(FIXED, B, 0), (A, FIXED, 1)])
def test_fixed_lines(sender: str, called: str, asked: int) -> None:
    """X-SMS-024."""
    rig = rig_of({"actions": [{"operation": "vNumberRoute", "message": {"called": called}}]})
    assert (rig.write(sender, X).result, len(rig.asked)) == (10, asked)


@pytest.mark.parametrize(("choice", "results"), [("waits", []), ("at_once", [7])])
def test_nobody_to_ask(choice: str, results: list[int]) -> None:
    """COM-OPEN-963."""
    rig = rig_of(assumptions={"sms.no_control_address": choice}, sms_control_url=None)
    rig.write(A, X)
    assert (rig.asked, rig.results) == ([], results)
    rig.advance(30)
    assert rig.results == [7]


@pytest.mark.parametrize(("place", "result"), [(0, 3), (1, 8), (2, 12)])
def test_which_of_several_reasons_is_named(place: int, result: int) -> None:
    """COM-OPEN-964."""
    order = contracts.assumptions()["sms.first_reason"].values[place]
    rules = {"blacklist": [A], "keyword": "[demo]"}
    rig = rig_of(assumptions={"sms.first_reason": order}, sms_rules=rules)
    rig.world.change_number(rig.world.numbers[X], {"status": "9"})
    rig.write(A, X)
    assert rig.results == [result]
