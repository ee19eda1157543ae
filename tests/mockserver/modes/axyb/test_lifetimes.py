"""AXYB: duration ends a binding, ybDuration a Y."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axyb_rig import AxybRig, areas
from tests.mockserver.rig import A, B, C


def alive(rig: AxybRig, binding: str) -> bool:
    return rig.query(subscriptionId=binding).key == "200/0"


@pytest.mark.parametrize(
    ("fields", "seconds"), [({"duration": 60}, 60), ({"duration": "600"}, 600), ({}, 7200), ({"duration": None}, 7200)]
)
def test_a_binding_ends_with_every_y(fields: dict[str, Any], seconds: int) -> None:
    """AXYB-LIFE-001, 006, 007, 101, 104."""
    rig = AxybRig()
    binding, y = rig.pair(**fields)
    rig.advance(seconds - 1)
    assert alive(rig, binding.id)
    assert rig.shown_relations(binding) == {(y.number, B)}
    rig.advance(1)
    assert not alive(rig, binding.id)
    assert rig.unbind(subscriptionId=binding.id).key == "403/1016001"
    assert rig.bind_b(binding.id, C).key == "403/1016001"
    assert (rig.call_result(B, binding.number), rig.call_result(A, y.number)) == (8030, 8030)
    assert [x.held for x in rig.app.numbers] == [None] * 4


def test_zero_never_ends() -> None:
    """AXYB-LIFE-002, AXYB-LIFE-105."""
    rig = AxybRig()
    binding, y = rig.pair(duration=0)
    rig.advance(400 * 86_400)
    assert rig.shown_relations(binding) == {(y.number, B)}


def test_the_very_second_is_open() -> None:
    """COM-OPEN-061, for both lifetimes."""
    rig = AxybRig(assumptions={"binding.expiry_instant": "alive"})
    binding = rig.ax(duration=120)
    y = rig.yb(binding, ybDuration=60)
    rig.advance(60)
    assert rig.shown_relations(binding) == {(y.number, B)}
    rig.advance(1)
    assert rig.shown_relations(binding) == {(None, None)}
    rig.advance(59)
    assert alive(rig, binding.id)
    rig.advance(1)
    assert not alive(rig, binding.id)


def test_ybduration_ends_one_y_alone() -> None:
    """AXYB-LIFE-102, AXYB-CALL-105: B is then given one anew, A reaches him by the old one no longer."""
    rig = AxybRig()
    binding = rig.ax(duration=0)
    y, other = rig.yb(binding, B, ybDuration=60), rig.yb(binding, C)
    rig.advance(59)
    assert rig.shown_relations(binding) == {(y.number, B), (other.number, C)}
    rig.advance(1)
    assert rig.shown_relations(binding) == {(other.number, C)}
    assert rig.call_result(A, y.number) == 8030
    to, seen = rig.person_reached(B, binding.number)
    assert to == A
    assert rig.shown_relations(binding) == {(other.number, C), (seen, B)}


@pytest.mark.parametrize(
    ("of_a", "of_b", "seconds"),
    [(600, None, 600), (600, 60, 60), (60, 600, 600), (None, 60, 60), (600, 0, 0), (0, 60, 60), (None, None, 0)],
)
def test_ybduration_of_b_wins(of_a: int | None, of_b: int | None, seconds: int) -> None:
    """AXYB-LIFE-103, AXYB-LIFE-105; it counts from the bind of B."""
    rig = AxybRig()
    binding = rig.ax(duration=3600, ybDuration=of_a)
    rig.advance(100)
    rig.yb(binding, ybDuration=of_b)
    assert rig.relations(subscriptionId=binding.id)[0]["ybDuration"] == str(seconds)
    rig.advance((seconds or 3500) - 1)
    assert "numB" in rig.relations(subscriptionId=binding.id)[0]
    rig.advance(1)
    left = rig.query(subscriptionId=binding.id)
    assert (left.key == "403/1016001") if not seconds else ("numB" not in left.body["xyRelationNumList"][0])


@pytest.mark.parametrize("of_b", [601, 7776000])
def test_a_y_does_not_outlive_the_binding(of_b: int) -> None:
    """AXYB-LIFE-104."""
    rig = AxybRig()
    binding = rig.ax(duration=600)
    y = rig.yb(binding, ybDuration=of_b)
    rig.advance(599)
    assert rig.shown_relations(binding) == {(y.number, B)}
    rig.advance(1)
    assert not alive(rig, binding.id)
    assert len(rig.world.bindings) == 0
    rig.advance(7_776_000)
    assert len(rig.world.bindings) == 0


@pytest.mark.parametrize(("fields", "seconds"), [({"ybDuration": 60}, 60), ({}, 600), ({"ybDuration": 0}, 600)])
def test_a_given_y_lasts_as_the_bind_of_a_says(fields: dict[str, Any], seconds: int) -> None:
    """AXYB-CALL-105: from the call on."""
    rig = AxybRig()
    binding = rig.ax(duration=650, **fields)
    rig.advance(50)
    call = rig.call(B, binding.number)
    y = rig.look(call)["displayed"]
    rig.advance(seconds - 1)
    assert rig.shown_relations(binding) == {(y, B)}
    rig.advance(1)
    if seconds == 60:
        assert rig.shown_relations(binding) == {(None, None)}
    else:
        assert not alive(rig, binding.id)


def test_a_number_that_has_ended_is_given_again() -> None:
    """AXYB-LIFE-006."""
    rig = AxybRig(numbers=areas("+8617000000701", "+8617000000702"))
    binding, y = rig.pair(duration=60)
    assert rig.bind_a(C).key == "403/1012008"
    rig.advance(60)
    assert {rig.ax(C).number, rig.ax(B).number} == {binding.number, y.number}


def test_neither_unbind_nor_expiry_cuts_a_call() -> None:
    """AXYB-CALL-009, AXYB-CALL-010."""
    rig = AxybRig()
    binding, y = rig.pair(duration=60)
    one, two = rig.call(B, binding.number), rig.call(A, y.number)
    rig.advance(30)
    assert rig.unbind(subscriptionId=binding.id, bNum=B).key == "200/0"
    rig.advance(60)
    for call in (one, two):
        assert rig.look(call)["state"] == "answered"
        rig.world.hang_up(call, "callee")
        assert rig.look(call)["release_cause"] == 0
