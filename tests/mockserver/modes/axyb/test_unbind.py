"""AXYB: unbind of a whole binding, and of one Y."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axyb_rig import AxybRig, read_bound
from tests.mockserver.rig import A, B, C, D


def test_alone_the_id_dissolves_everything_of_the_binding() -> None:
    """AXYB-UNBIND-001, AXYB-UNBIND-007."""
    rig = AxybRig()
    one, y = rig.pair(A, B)
    two, z = rig.pair(C, B)
    assert rig.unbind(subscriptionId=one.id).key == "200/0"
    assert rig.call_result(B, one.number) == 8030
    assert rig.call_result(A, y.number) == 8030
    assert rig.shown_relations(two) == {(z.number, B)}
    assert rig.call_result(B, two.number) == (C, z.number)


@pytest.mark.parametrize("selector", ["yNum", "bNum"])
def test_one_y_is_dissolved_alone(selector: str) -> None:
    """AXYB-UNBIND-101, AXYB-UNBIND-102: then B is a caller without a Y, and is given one anew."""
    rig = AxybRig()
    binding = rig.ax()
    y, other = rig.yb(binding, B), rig.yb(binding, C)
    named: dict[str, Any] = {selector: y.number if selector == "yNum" else B}
    assert rig.unbind(subscriptionId=binding.id, **named).key == "200/0"
    assert rig.shown_relations(binding) == {(other.number, C)}
    assert rig.call_result(A, y.number) == 8030
    assert rig.call_result(A, other.number) == (C, binding.number)
    to, seen = rig.person_reached(B, binding.number)
    assert to == A
    assert rig.shown_relations(binding) == {(other.number, C), (seen, B)}


def test_ynum_wins_over_bnum() -> None:
    """AXYB-UNBIND-103; what it overrules is not looked at."""
    rig = AxybRig()
    binding = rig.ax()
    y, other = rig.yb(binding, B), rig.yb(binding, C)
    assert rig.unbind(subscriptionId=binding.id, yNum=y.number, bNum=C).key == "200/0"
    assert rig.shown_relations(binding) == {(other.number, C)}
    assert rig.unbind(subscriptionId=binding.id, yNum=other.number, bNum="b" * 33).key == "200/0"


@pytest.mark.parametrize(
    "query",
    [{"yNum": "{x}"}, {"yNum": "{z}"}, {"bNum": A}, {"bNum": D}, {"bNum": C}, {"yNum": "nonsense"}, {"yNum": " 8617"}],
)
def test_a_y_that_the_binding_does_not_have(query: dict[str, Any]) -> None:
    """AXYB-UNBIND-004: its X, the Y of another binding, A, a stranger; nothing is dissolved."""
    rig = AxybRig()
    one, _ = rig.pair(A, B)
    two = rig.ax(D)
    z = rig.yb(two, B, areaCode="0755")
    rig.yb(two, C)
    assert rig.unbind(subscriptionId=one.id, bNum=B).key == "200/0"
    before = rig.state()
    named: dict[str, Any] = {name: value.format(x=one.number, z=z.number) for name, value in query.items()}
    assert rig.unbind(subscriptionId=one.id, **named).key == "403/1016001"
    assert rig.state() == before


@pytest.mark.parametrize("which", ["unknown", "foreign", "gone"])
def test_a_binding_that_there_is_not(which: str) -> None:
    """AXYB-UNBIND-004, AXYB-UNBIND-006."""
    rig = AxybRig()
    binding = rig.ax()
    foreign = read_bound(rig.bind_a(app=rig.axyb_other))
    assert rig.unbind(subscriptionId=binding.id).key == "200/0"
    before = rig.state()
    name = {"unknown": "nobody", "foreign": foreign.id, "gone": binding.id}[which]
    assert rig.unbind(subscriptionId=name).key == "403/1016001"
    assert rig.state() == before
    assert rig.query(subscriptionId=foreign.id, app=rig.axyb_other).key == "200/0"


@pytest.mark.parametrize("query", [{}, {"subscriptionId": ""}, {"bNum": B}, {"yNum": "+8617000000702"}])
@pytest.mark.parametrize("code", ["1010002", "1016001", "1012001"])
def test_unbind_needs_the_id(query: dict[str, Any], code: str) -> None:
    """AXYB-UNBIND-002, AXYB-OPEN-014."""
    rig = AxybRig(assumptions={"axyb.selector_missing": code})
    rig.pair()
    before = rig.state()
    assert rig.unbind(**query).key == f"403/{code}"
    assert rig.state() == before


@pytest.mark.parametrize(
    ("query", "name"),
    [({"subscriptionId": "s" * 65}, "subscriptionId"), ({"yNum": "y" * 33}, "yNum"), ({"bNum": "b" * 33}, "bNum")],
)
def test_too_long(query: dict[str, Any], name: str) -> None:
    """AXYB-BIND-004."""
    rig = AxybRig()
    binding, _ = rig.pair()
    before = rig.state()
    reply = rig.unbind(**{"subscriptionId": binding.id, **query})
    assert (reply.key, name in reply.text) == ("403/1010002", True)
    assert rig.state() == before


def test_empty_selectors_are_absent() -> None:
    """COM-ENV-009: with yNum and bNum empty the whole binding is meant."""
    rig = AxybRig()
    binding, _ = rig.pair()
    assert rig.unbind(subscriptionId=binding.id, yNum="", bNum="").key == "200/0"
    assert len(rig.world.bindings) == 0


@pytest.mark.parametrize("status", ["9", "10"])
def test_unbind_while_x_is_blocked(status: str) -> None:
    """COM-OPEN-074: it works, or nothing is dissolved."""
    rig = AxybRig()
    binding, _ = rig.pair()
    rig.world.numbers[binding.number].status = status
    assert rig.unbind(subscriptionId=binding.id).key == "200/0"
    rig = AxybRig(assumptions={"binding.blocked_x_changes": "1012102"})
    binding, _ = rig.pair()
    rig.world.numbers[binding.number].status = status
    before = rig.state()
    assert rig.unbind(subscriptionId=binding.id).key == "403/1012102"
    assert rig.unbind(subscriptionId=binding.id, bNum=B).key == "403/1012102"
    assert rig.state() == before


def test_nothing_is_left_behind() -> None:
    """Every number, and what the application counts, is as it was before the first bind."""
    rig = AxybRig()
    for _ in range(3):
        one, _ = rig.pair(A, B)
        rig.yb(one, C)
        two, _ = rig.pair(C, B)
        assert rig.unbind(subscriptionId=one.id, bNum=C).key == "200/0"
        assert rig.unbind(subscriptionId=two.id).key == "200/0"
        assert rig.unbind(subscriptionId=one.id).key == "200/0"
    assert [x.held for x in rig.app.numbers] == [None] * 4
    assert len(rig.world.bindings) == 0
    assert not len(rig.app.held or ())
