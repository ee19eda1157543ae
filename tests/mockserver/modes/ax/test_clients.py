"""Requests as programs of AX send them that people wrote for the real platform, each shape once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.ax_rig import AX_PATH, CALLEE_PATH, XS, AxRig
from tests.mockserver.rig import A, B, C, X, signed_headers

AREA = [{"number": X, "area_code": "0755"}, *XS]


def send(rig: AxRig, method: str, path: str = AX_PATH, body: Any = b"", query: Any = "") -> dict[str, Any]:
    """Send what a program sends with the headers of 2019, and return what it reads of a success."""
    reply = rig.request(method, path=path, body=body, query=query, headers=signed_headers(rig.app, scheme="wsse"))
    assert reply.key == "200/0", reply
    return reply.body


def test_a_bind_of_2019_with_booleans_nulls_and_numbers() -> None:
    """recordFlag and privateSms as JSON booleans, calleeNumDisplay as 0, null for what is not used."""
    rig = AxRig()
    body = {
        "origNum": A,
        "privateNum": X,
        "recordFlag": False,
        "recordHintTone": None,
        "calleeNumDisplay": 0,
        "privateSms": True,
        "preVoice": None,
        "maxDuration": None,
    }
    assert send(rig, "POST", body=body)["privateNum"] == X


def test_a_bind_with_pre_voice_of_empty_texts() -> None:
    rig = AxRig()
    body = {"origNum": A, "privateNum": X, "preVoice": {"callerHintTone": "", "calleeHintTone": ""}, "userData": ""}
    send(rig, "POST", body=body)
    assert "preVoice" not in rig.query(privateNum=X).body["privateNumList"][0]


def test_a_bind_with_x_and_area_at_once_and_no_type() -> None:
    rig = AxRig(numbers=AREA)
    body = {"origNum": A, "privateNum": XS[0], "areaCode": "0755", "areaMatchMode": "1", "calleeNumDisplay": "0"}
    assert send(rig, "POST", body=body)["privateNum"] == XS[0]


def test_a_bind_by_area_whose_x_is_read_from_the_answer() -> None:
    rig = AxRig(numbers=AREA)
    body = {"origNum": A, "privateNumType": "mobile-virtual", "areaCode": "0755", "recordFlag": "false"}
    answer = send(rig, "POST", body=body)
    assert (answer["privateNum"], answer["origNum"]) == (X, A)
    assert answer["subscriptionId"]


def test_an_unbind_by_orig_num_and_private_num() -> None:
    rig = AxRig()
    rig.new_binding_id()
    send(rig, "DELETE", query={"origNum": A, "privateNum": X})
    assert rig.x_of(A) == []


def test_an_unbind_by_id_beside_numbers_and_a_stale_body() -> None:
    rig = AxRig()
    sub, body = rig.new_binding_id(), {"origNum": A, "privateNum": X}
    send(rig, "DELETE", query={"subscriptionId": sub, "origNum": A, "privateNum": XS[0]}, body=body)
    assert rig.x_of(A) == []


def test_an_unbind_by_private_num_alone_with_an_empty_id() -> None:
    rig = AxRig()
    rig.new_binding_id()
    send(rig, "DELETE", query={"subscriptionId": "", "privateNum": X})
    assert rig.x_of(A) == []


@pytest.mark.parametrize(("choice", "key", "left"), [("refuse", "403/1011004", [X]), ("all", "200/0", [])])
def test_an_unbind_by_orig_num_alone(choice: str, key: str, left: list[str]) -> None:
    """The page says that origNum is not parsed: the answer says so, or served where the world serves it."""
    rig = AxRig(assumptions={"ax.unbind_by_a": choice})
    rig.new_binding_id()
    assert rig.unbind(origNum=A).key == key
    assert rig.x_of(A) == left


def test_a_modify_of_2019_by_the_present_a_and_x() -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    send(rig, "PUT", body={"origNum": A, "privateNum": X, "privateSms": True, "recordFlag": "false", "maxDuration": 30})
    assert (rig.shown_binding(sub)["origNum"], rig.shown_binding(sub)["maxDuration"]) == (A, 30)


def test_a_modify_of_2019_where_origin_and_x_are_the_selector_alone() -> None:
    """In a world that reads origNum so, the program's second modify changes no A either."""
    rig = AxRig(assumptions={"ax.modify_orig_num": "selector"})
    sub = rig.new_binding_id()
    send(rig, "PUT", body={"origNum": A, "privateNum": X, "privateSms": "true"})
    assert rig.modify(origNum=B, privateNum=X, privateSms="true").key == "403/1016001"
    assert rig.shown_binding(sub)["origNum"] == A


@pytest.mark.parametrize("by", ["subscriptionId", "privateNum"])
def test_a_modify_of_2026_with_a_new_a(by: str) -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    send(rig, "PUT", body={by: sub if by == "subscriptionId" else X, "origNum": B})
    assert (rig.x_of(A), rig.x_of(B)) == ([], [X])


@pytest.mark.parametrize("by", ["subscriptionId", "both numbers", "privateNum"])
def test_a_temporary_callee_by_each_selector(by: str) -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    selectors: dict[str, dict[str, Any]] = {
        "subscriptionId": {"subscriptionId": sub, "origNum": None},
        "both numbers": {"origNum": A, "privateNum": X},
        "privateNum": {"privateNum": X, "subscriptionId": ""},
    }
    send(rig, "PUT", CALLEE_PATH, body={**selectors[by], "calleeNum": B})
    assert rig.call_result(A) == B


@pytest.mark.parametrize("by", ["subscriptionId", "origNum", "privateNum"])
def test_a_query_by_the_first_selector_that_the_program_has(by: str) -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    query = {"subscriptionId": "", "origNum": "", "privateNum": ""} | {
        by: {"subscriptionId": sub, "origNum": A, "privateNum": X}[by]
    }
    first = send(rig, "GET", query=query)["privateNumList"][0]
    assert (first["subscriptionId"], first["origNum"], first["privateNum"]) == (sub, A, X)


def test_a_query_with_every_selector_is_that_of_the_id() -> None:
    rig = AxRig()
    sub = rig.new_binding_id()
    rig.new_binding_id(C, XS[0])
    found = send(rig, "GET", query={"subscriptionId": sub, "origNum": C, "privateNum": XS[0]})["privateNumList"]
    assert [one["origNum"] for one in found] == [A]


def test_a_program_binds_anew_on_any_code_but_0() -> None:
    """It asks whether A has an X, binds where the code is another than "0", and reads the first of the list."""
    rig = AxRig(numbers=AREA)

    def private_number() -> str:
        reply = rig.query(origNum=A)
        if reply.body["resultcode"] != "0":
            return str(rig.bind(A, None, areaCode="0755").body["privateNum"])
        return str(reply.body["privateNumList"][0]["privateNum"])

    assert [private_number(), private_number()] == [X, X]
    rig.unbind(privateNum=X)
    assert private_number() == X
