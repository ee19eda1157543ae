"""The requests of each mode, by its part of a world's handle."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from privnum import RequestRefused

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle

A, B, C = "+8613800000001", "+8613900000002", "+8613900000003"
NO_AXB = {"applications": [{"mode": "AXE", "numbers": ["+8617000000011"]}]}


def test_ax(private_number: WorldHandle) -> None:
    ax = private_number.ax
    x = ax.numbers[0]
    sub = ax.bind(A, x, callDirection=0)["subscriptionId"]
    assert ax.set_callee(sub, B, duration=60)["resultcode"] == "0"
    assert private_number.call(A, x).forwarded_to == B
    assert ax.modify(sub, userData="mine")["resultcode"] == "0"
    assert ax.modify(privateNum=x, maxDuration=3)["resultcode"] == "0"
    (shown,) = ax.query(subscriptionId=sub)["privateNumList"]
    assert (shown["userData"], shown["maxDuration"]) == ("mine", 3)
    assert ax.unbind(privateNum=x)["resultcode"] == "0"


def test_axb(private_number: WorldHandle) -> None:
    """By the mode's part, and by the short names for it."""
    axb = private_number.axb
    sub = axb.bind(A, B, axb.numbers[0], maxDuration=1)["subscriptionId"]
    assert axb.modify(sub, calleeNum=C)["resultcode"] == "0"
    assert (
        axb.query(subscriptionId=sub)["relationNumList"] == private_number.query(subscriptionId=sub)["relationNumList"]
    )
    assert private_number.call(A, axb.numbers[0]).forwarded_to == C
    assert private_number.modify(sub, calleeNum=B)["resultcode"] == "0"
    assert axb.query(relationNum=axb.numbers[0])["relationNumList"][0]["calleeNum"] == B
    assert private_number.unbind(subscriptionId=sub)["resultcode"] == "0"
    with pytest.raises(RequestRefused) as caught:
        axb.unbind(subscriptionId=sub)
    assert (caught.value.operation, caught.value.resultcode) == ("axb.unbind", "1012007")
    assert axb.bind(A, B)["relationNum"] in axb.numbers


def test_axe(private_number: WorldHandle) -> None:
    axe = private_number.axe
    bound = axe.bind(A, axe.numbers[0])
    assert axe.modify(bound["subscriptionId"], callbackNum=C)["resultcode"] == "0"
    assert axe.query(subscriptionId=bound["subscriptionId"])["callbackNum"] == C
    call = private_number.call(B, axe.numbers[0], digits=bound["extendNum"])
    private_number.advance(10)
    assert private_number.look(call).forwarded_to == A
    assert axe.unbind(virtualNum=axe.numbers[0], extendNum=bound["extendNum"])["resultcode"] == "0"


def test_axyb(private_number: WorldHandle) -> None:
    axyb = private_number.axyb
    first = axyb.bind(A, "0755")
    sub, x = first["subscriptionId"], first["relationNumber"]
    y = axyb.bind_b(B, sub, areaCode="0755")["relationNumber"]
    assert private_number.call(A, y).forwarded_to == B
    (shown,) = axyb.query(relationNum=x)["xyRelationNumList"]
    assert (shown["numB"], shown["numY"]) == (B, y)
    assert axyb.unbind(subscriptionId=sub)["resultcode"] == "0"


@pytest.mark.parametrize("private_number", [NO_AXB], indirect=True)
def test_short_names_need_axb(private_number: WorldHandle) -> None:
    with pytest.raises(LookupError, match="no application of mode AXB, only: AXE"):
        private_number.bind(A, B)
    assert private_number.axe.bind(A, private_number.axe.numbers[0])["resultcode"] == "0"


def test_an_application_shows_no_more_than_it_is(private_number: WorldHandle) -> None:
    assert "send" not in repr(private_number.axb)
    assert private_number.axb == private_number.applications[0]


def test_a_refusal_is_raised_with_its_text_and_rule(private_number: WorldHandle) -> None:
    """The number lacks its +86, as newcomers write it."""
    with pytest.raises(RequestRefused, match=r"axb\.bind was refused: 1010002 Invalid request\. callerNum") as caught:
        private_number.bind("13800000001", B, private_number.axb.numbers[0])
    assert caught.value.rule == "COM-OPEN-018"
    assert pickle.loads(pickle.dumps(caught.value)).answer == caught.value.answer
    refused = private_number.request("axb.bind", body={"callerNum": "13800000001", "calleeNum": B})
    assert refused == {**caught.value.answer, "resultdesc": refused["resultdesc"]}
