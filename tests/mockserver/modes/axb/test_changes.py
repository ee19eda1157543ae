from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import FOREIGN_X, X2, A, B, C, D, X

# ── unbind ──


def test_unbind_dissolves_one_binding_or_all_of_an_x() -> None:
    """AXB-UNBIND-001 to AXB-UNBIND-003, AXB-UNBIND-007."""
    rig = AxbRig()
    first, second, third = rig.new_binding_id(A, B), rig.new_binding_id(C, D), rig.new_binding_id(A, B, X2)
    assert rig.unbind(subscriptionId=first, relationNum=X).key == "200/0"
    rig.shown_binding(second)
    rig.new_binding_id(A, B)
    assert rig.unbind(relationNum=X, subscriptionId="").key == "200/0"
    assert rig.query(relationNum=X).key == "403/1012007"
    rig.shown_binding(third)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"subscriptionId": "unknown"}, "403/1012007"),
        ({"subscriptionId": "x" * 65}, "403/1010002"),
        ({"relationNum": X2}, "403/1012007"),
        ({"relationNum": FOREIGN_X}, "403/1012001"),
        ({"relationNum": "+8617011112222"}, "403/1012007"),
        ({}, "403/1012001"),
        ({"relationNum": ""}, "403/1012001"),
        ({"callerNum": A}, "403/1012001"),
    ],
)
def test_unbinding_what_is_not_there_is_an_error(query: dict[str, Any], key: str) -> None:
    """AXB-UNBIND-004, AXB-UNBIND-005, AXB-UNBIND-002."""
    rig = AxbRig()
    rig.new_binding_id()
    before = rig.state()
    assert rig.unbind(**query).key == key
    assert rig.state() == before


def test_bindings_of_another_application_are_out_of_reach() -> None:
    """AXB-UNBIND-006, AXB-MODIFY-002, AXB-QUERY-007."""
    rig = AxbRig()
    sub = rig.new_binding_id()
    before = rig.state()
    assert rig.unbind(subscriptionId=sub, app=rig.other_app).key == "403/1012007"
    assert rig.modify(sub, duration=1, app=rig.other_app).key == "403/1012007"
    assert rig.query(subscriptionId=sub, app=rig.other_app).key == "403/1012007"
    assert rig.query(relationNum=X, app=rig.other_app).key == "403/1012001"
    assert rig.state() == before


@pytest.mark.parametrize(("choice", "key"), [("success", "200/0"), ("1012102", "403/1012102")])
def test_bindings_of_a_blocked_x_change_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-074."""
    rig = AxbRig(assumptions={"binding.blocked_x_changes": choice})
    sub = rig.new_binding_id()
    rig.world.numbers[X].status = "9"
    assert rig.modify(sub, duration=60).key == key
    assert rig.unbind(subscriptionId=sub).key == key


def test_a_bare_plus_is_a_blank_and_the_number_not_recognised() -> None:
    """COM-ENV-006."""
    rig = AxbRig()
    rig.new_binding_id()
    assert rig.request("DELETE", query=f"relationNum={X}").status == 403
    assert rig.request("DELETE", query=f"relationNum=%2B{X[1:]}").key == "200/0"


# ── modify ──


def test_modify_replaces_users_and_frees_the_former_ones() -> None:
    """AXB-MODIFY-003, AXB-MODIFY-101, AXB-MODIFY-010."""
    rig = AxbRig()
    sub = rig.new_binding_id(A, B)
    assert rig.modify(sub, callerNum=C).key == "200/0"
    assert rig.modify(sub, calleeNum=D).key == "200/0"
    shown = rig.shown_binding(sub)
    assert (shown["callerNum"], shown["calleeNum"], shown["relationNum"]) == (C, D, X)
    rig.new_binding_id(A, B)
    assert rig.bind(C, "+8613811112222").key == "403/1012010"


@pytest.mark.parametrize("fields", [{"callerNum": C}, {"calleeNum": D}, {"callerNum": D}, {"calleeNum": C}])
def test_modify_to_a_number_that_stands_on_x_changes_nothing(fields: dict[str, Any]) -> None:
    """AXB-MODIFY-102."""
    rig = AxbRig()
    sub = rig.new_binding_id(A, B, duration=100)
    rig.new_binding_id(C, D)
    before = rig.state()
    assert rig.modify(sub, duration=5, **fields).key == "403/1012010"
    assert rig.state() == before


@pytest.mark.parametrize("fields", [{"callDirection": 3}, {"duration": -1}, {"maxDuration": 1441}, {"calleeNum": A}])
def test_modify_judges_like_bind(fields: dict[str, Any]) -> None:
    """AXB-MODIFY-008, AXB-OPEN-002."""
    rig = AxbRig()
    sub = rig.new_binding_id()
    before = rig.state()
    assert rig.modify(sub, **fields).key == "403/1010002"
    assert rig.state() == before


def test_modify_leaves_what_it_does_not_carry() -> None:
    """AXB-MODIFY-006, AXB-MODIFY-009."""
    rig = AxbRig()
    sub = rig.new_binding_id(
        callDirection=1, duration=500, maxDuration=7, userData="order-1", recordFlag="true", privateSms="false",
        recordHintTone="r.wav", lastMinVoice="l.wav", preVoice={"callerHintTone": "a.wav", "calleeHintTone": "b.wav"},
    )  # fmt: skip
    before = rig.shown_binding(sub)
    assert rig.modify(sub, preVoice={"calleeHintTone": "c.wav"}, userData="").key == "200/0"
    assert rig.shown_binding(sub) == {**before, "preVoice": {"callerHintTone": "a.wav", "calleeHintTone": "c.wav"}}


def test_modify_without_a_binding_is_refused() -> None:
    """AXB-MODIFY-001, AXB-MODIFY-002."""
    rig = AxbRig()
    assert rig.request("PUT", body={"duration": 5}).key == "403/1010002"
    assert rig.modify("unknown").key == "403/1012007"


@pytest.mark.parametrize(
    ("assumption", "other", "fields"),
    [
        ("binding.modify_nothing", "1010002", {}),
        ("axb.modify_same_number", "1012010", {"callerNum": A}),
        ("axb.modify_same_number", "1012010", {"calleeNum": B}),
        ("axb.modify_swap", "1012010", {"callerNum": B, "calleeNum": A}),
    ],
)
def test_modify_of_an_open_case_is_judged_as_the_world_reads_it(
    assumption: str, other: str, fields: dict[str, Any]
) -> None:
    """COM-OPEN-062, AXB-OPEN-013, AXB-OPEN-014."""
    for choice, key in (("success", "200/0"), (other, f"403/{other}")):
        rig = AxbRig(assumptions={assumption: choice})
        sub = rig.new_binding_id()
        assert rig.modify(sub, **fields).key == key


def test_after_a_swap_the_roles_are_exchanged() -> None:
    rig = AxbRig()
    sub = rig.new_binding_id()
    rig.modify(sub, callerNum=B, calleeNum=A)
    assert rig.query(relationNum=X, callerNum=B).body["relationNumList"][0]["calleeNum"] == A
    assert rig.query(relationNum=X, callerNum=A).key == "403/1012007"


@pytest.mark.parametrize(("choice", "kept"), [("clear", False), ("unchanged", True)])
def test_an_empty_tone_at_modify(choice: str, kept: bool) -> None:
    """binding.modify_empty_tone: it takes the tone away or leaves it; a tone that is absent stays in any case."""
    rig = AxbRig(assumptions={"binding.modify_empty_tone": choice})
    tones = {"callerHintTone": "a.wav", "calleeHintTone": "b.wav"}
    sub = rig.new_binding_id(maxDuration=5, lastMinVoice="l.wav", preVoice=tones)
    assert rig.modify(sub, lastMinVoice="", preVoice={"callerHintTone": ""}).key == "200/0"
    shown = rig.shown_binding(sub)
    assert shown["preVoice"] == (tones if kept else {"calleeHintTone": "b.wav"})
    assert shown.get("lastMinVoice") == ("l.wav" if kept else None)
    rig.modify(sub, preVoice={"calleeHintTone": "c.wav"})
    assert rig.shown_binding(sub)["preVoice"]["calleeHintTone"] == "c.wav"


@pytest.mark.parametrize("choice", ["1012001", "1012007", "1010002"])
def test_a_bare_plus_at_unbind(choice: str) -> None:
    """axb.unbind_bare_plus: the FAQ names it among the causes of 1012001; nothing is dissolved."""
    rig = AxbRig(assumptions={"axb.unbind_bare_plus": choice})
    sub = rig.new_binding_id()
    reply = rig.request("DELETE", query=f"relationNum={X}")
    assert reply.key == f"403/{choice}"
    assert "%2B" in reply.body["resultdesc"]
    assert rig.shown_binding(sub)


@pytest.mark.parametrize(("choice", "key"), [("accept", "200/0"), ("1010002", "403/1010002")])
def test_a_last_minute_needs_a_limit_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-078: what counts at modify is the limit that is in force with it."""
    rig = AxbRig(assumptions={"binding.last_minute_without_limit": choice})
    assert rig.bind(lastMinVoice="last.wav").key == key
    rig.unbind(relationNum=X)
    sub = rig.new_binding_id(maxDuration=5, lastMinVoice="last.wav")
    assert rig.modify(sub, lastMinVoice="end.wav").key == "200/0"
    assert rig.modify(sub, lastMinVoice="last.wav", maxDuration=0).key == key
    assert rig.modify(sub, maxDuration=0).key == "200/0"
    assert rig.modify(sub, lastMinVoice="last.wav").key == key
    assert rig.modify(sub, lastMinVoice="last.wav", maxDuration=1).key == "200/0"


def test_a_frozen_tenant_is_not_called() -> None:
    """CALL-002."""
    rig = AxbRig()
    rig.new_binding_id()
    rig.app.status = "frozen"
    assert rig.look(rig.call(A))["release_cause"] == 7108
    rig.app.status = "normal"
    assert rig.look(rig.call(A))["release_cause"] is None
