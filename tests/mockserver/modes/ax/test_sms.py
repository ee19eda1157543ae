"""AX: A names whom he writes to, or the customer is asked; others write to A."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.mockserver.worlds.sms import write_sms
from tests.mockserver.rig import A, B, C, X
from tests.mockserver.sms_rig import SmsRig, extra

ROUTE = {"actions": [{"operation": "vNumberRoute", "message": {"called": C}, "userData": "case-7"}]}
DISCARD = {"actions": [{"operation": "DiscardMessage"}]}
PATH = "/rest/provision/caas/privatenumber/v1.0"


def rig_of(**more: Any) -> SmsRig:
    """A world in which A is bound on X."""
    rig = SmsRig(mode="AX", **more)
    reply = rig.request("POST", path=PATH, body={"origNum": A, "privateNum": X, "userData": "order-1"})
    assert reply.key == "200/0", reply
    return rig


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        (f"hello@{B}", "hello"),
        (f"hello@{B[3:]}", "hello"),
        (f"a@b @{C}@{B}", f"a@b @{C}"),
        (f"@{B}", ""),
        (f"line one\nline two@{B}", "line one\nline two"),
    ],
)
def test_a_names_the_receiver(text: str, arrives: str) -> None:
    """AX-SMS-101, AX-SMS-104."""
    rig = rig_of()
    sms = rig.write(A, X, text)
    assert (sms.delivered_to, sms.delivered_text) == (B, arrives)
    assert (extra(rig.told[0])["direction"], rig.told[0]["smsContent"], rig.asked) == ("1", text, [])


def test_others_write_to_a() -> None:
    """AX-SMS-102."""
    rig = rig_of()
    sms = rig.write(B, X, f"hello@{C}")
    assert (sms.delivered_to, sms.delivered_text) == (A, f"hello@{C}[From{B}]")
    assert extra(rig.told[0]) == {"splitNum": "1", "direction": "0"}


@pytest.mark.parametrize(
    ("choice", "states"), [("none", ["sent"] * 2), ("to_a", ["not_sent", "sent"]), ("all", ["not_sent"] * 2)]
)
def test_an_x_that_is_switched_off(choice: str, states: list[str]) -> None:
    """AX-OPEN-027."""
    rig = rig_of(assumptions={"ax.turned_off_sms": choice})
    assert rig.request("PUT", path=PATH, body={"privateNum": X, "turnFlag": "off"}).key == "200/0"
    assert [rig.write(B, X, "hello").state, rig.write(A, X, f"hello@{B}").state] == states
    assert rig.results == [0 if state == "sent" else 10 for state in states]


def test_what_is_put_behind_counts() -> None:
    """AX-SMS-006."""
    rig = rig_of()
    rig.write(B, X, "x" * 150)
    rig.write(A, X, "x" * 150 + f"@{B}")
    assert [extra(event)["splitNum"] for event in rig.told] == ["2", "2"]


@pytest.mark.parametrize("text", ["hello", f"hello@{B} ", "hello@", f"hello＠{B}", f"@{B}.", "hello@12"])
def test_the_customer_is_asked(text: str) -> None:
    """AX-SMS-025, AX-SMS-026, AX-SMS-027, AX-SMS-110."""
    rig = rig_of()
    rig.verdict = ROUTE
    sms = rig.write(A, X, text)
    assert (sms.state, sms.delivered_to, sms.delivered_text, sms.result) == ("sent", C, text, 0)
    (block,), (notify,) = rig.asked, rig.told
    assert (block["notificationMode"], block["calling"], block["virtualNumber"]) == ("Block", A, X)
    assert ("called" in block, block["userData"]) == (False, "order-1")
    assert block["smsIdentifier"] == notify["smsIdentifier"] == sms.identifier
    assert (notify["called"], notify["userData"]) == (C, "case-7")


@pytest.mark.parametrize(("choice", "results"), [("pushed", [6]), ("none", [])])
def test_the_customer_discards(choice: str, results: list[int]) -> None:
    """AX-SMS-028."""
    rig = rig_of(assumptions={"sms.notify_of_discarded": choice})
    rig.verdict = DISCARD
    sms = rig.write(A, X)
    assert (sms.state, sms.result, rig.results) == ("not_sent", 6, results)


def test_the_time_for_a_verdict_ends() -> None:
    """AX-SMS-029."""
    rig = rig_of(assumptions={"sms.verdict_seconds": 70})
    rig.outcome = "500"
    sms = rig.write(A, X)
    rig.advance(69)
    assert (sms.state, len(rig.asked)) == ("waiting", 2)  # asked again after a minute
    rig.outcome = "200"
    rig.advance(1)
    assert (sms.result, rig.results) == (7, [7])
    rig.verdict = ROUTE
    rig.advance(86_400)
    assert (sms.state, len(rig.asked)) == ("not_sent", 2)


@pytest.mark.parametrize(
    ("outcome", "verdict", "choice", "result"),
    [
        ("500", ROUTE, "waits", None),
        ("500", ROUTE, "at_once", 7),
        ("500", ROUTE, "internal_error", 5),
        ("200", {"actions": []}, "waits", None),
        ("200", "yes", "at_once", 7),
        ("timeout", None, "at_once", 7),
    ],
)
def test_what_is_no_verdict(outcome: str, verdict: Any, choice: str, result: int | None) -> None:
    """COM-OPEN-953."""
    rig = rig_of(assumptions={"sms.no_verdict": choice})
    rig.outcome, rig.verdict = outcome, verdict
    assert rig.write(A, X).result == result


def test_a_repeated_question_may_be_answered() -> None:
    rig = rig_of(assumptions={"sms.verdict_seconds": 70})
    rig.outcome = "refused"
    sms = rig.write(A, X)
    rig.outcome, rig.verdict = "200", ROUTE
    rig.advance(60)
    assert sms.delivered_to == C


def test_what_is_bound_when_the_sms_is_written_counts() -> None:
    rig = rig_of()
    sms = write_sms(rig.world, {"from": A, "to": X, "text": "hello"})
    rig.request("DELETE", path=PATH, query={"privateNum": X})
    rig.verdict = ROUTE
    rig.deliver()
    assert (sms.delivered_to, rig.told[0]["subscriptionId"]) == (C, sms.terms.subscription_id if sms.terms else "")


def test_a_reset_ends_the_waiting() -> None:
    rig = rig_of()
    sms = write_sms(rig.world, {"from": A, "to": X, "text": "hello"})
    (push,) = rig.world.take_pushes()
    rig.world.reset()
    rig.world.record_outcome(push, "200", b'{"actions":[{"operation":"DiscardMessage"}]}')
    rig.advance(3600)
    assert (sms.state, rig.told) == ("waiting", [])


def test_the_inbox_answers_as_it_was_told() -> None:
    rig = rig_of(sms_control_url="inbox:", sms_verdict=ROUTE)
    assert rig.write(A, X).delivered_to == C
    rig = rig_of(sms_control_url="inbox:")
    assert rig.write(A, X).state == "waiting"


def test_without_a_control_address_nobody_is_asked() -> None:
    rig = rig_of(sms_control_url=None)
    sms = rig.write(A, X)
    rig.advance(30)
    assert (sms.result, rig.asked, rig.results) == (7, [], [7])


def test_a_verdict_for_a_fixed_line() -> None:
    rig = rig_of()
    rig.verdict = {"actions": [{"operation": "vNumberRoute", "message": {"called": "+8675526660001"}}]}
    assert (rig.write(A, X).result, rig.results) == (10, [10])


def test_an_x_that_is_not_bound() -> None:
    """AX-SMS-010."""
    rig = SmsRig(mode="AX")
    rig.write(A, X, f"hello@{B}")
    assert (rig.results, rig.asked) == ([2], [])


def test_a_question_that_is_over_is_not_repeated() -> None:
    rig = rig_of(assumptions={"sms.no_verdict": "at_once", "sms.verdict_seconds": 600})
    rig.outcome = "500"
    rig.write(A, X)
    rig.advance(300)
    assert len(rig.asked) == 1
