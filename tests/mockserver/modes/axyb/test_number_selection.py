"""Which numbers the binds of AXYB get: X, Y, areas."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.axyb_rig import NUMBERS, AxybRig, areas, read_bound
from tests.mockserver.modes.axyb.test_bind import user
from tests.mockserver.rig import A, B, C, D

X1, X2, X3, X4 = NUMBERS


def test_a_refused_bind_writes_nothing() -> None:
    """Not even into an application without a binding."""
    rig = AxybRig()
    before = rig.state()
    assert rig.bind_a(areaCode="021").key == "403/1012008"
    assert rig.bind_b("nobody").key == "403/1016001"
    assert rig.state() == before


def test_no_x_is_given_twice() -> None:
    """AXYB-BIND-031."""
    rig = AxybRig()
    assert {rig.ax(user(i)).number for i in range(4)} == set(NUMBERS)
    assert rig.bind_a(user(4)).key == "403/1012008"


def test_an_a_can_be_bound_again_up_to_five_x() -> None:
    """AXYB-BIND-008, AXYB-BIND-032; an unbind makes room again."""
    numbers = [f"+86170000008{i:02d}" for i in range(7)]
    rig = AxybRig(numbers=areas(*numbers))
    bindings = [rig.ax() for _ in range(5)]
    assert len({binding.number for binding in bindings}) == 5
    before = rig.state()
    assert rig.bind_a().key == "403/1011003"
    assert rig.state() == before
    assert rig.bind_a(C).key == "200/0"
    assert rig.unbind(subscriptionId=bindings[2].id).key == "200/0"
    assert rig.bind_a().key == "200/0"


def test_two_b_of_a_binding_have_different_y() -> None:
    """AXYB-BIND-104; where no other is left the third is refused."""
    rig = AxybRig(numbers=areas(X1, X2, X3))
    binding = rig.ax()
    given = {rig.yb(binding, user(i)).number for i in range(2)}
    assert given == {X1, X2, X3} - {binding.number}
    before = rig.state()
    assert rig.bind_b(binding.id, user(2)).key == "403/1012008"
    assert rig.state() == before


def test_bindings_share_a_y() -> None:
    """AXYB-BIND-105: three numbers, two of them X, carry a B of each A on the third."""
    rig = AxybRig(numbers=areas(X1, X2, X3))
    one, two = rig.ax(A), rig.ax(C)
    left = ({X1, X2, X3} - {one.number, two.number}).pop()
    assert (rig.yb(one, B).number, rig.yb(two, B).number) == (left, left)


def test_a_y_stands_in_so_many_bindings() -> None:
    """AXYB-BIND-106, with two in the place of 1000: the last fits, the next does not, an unbind makes room."""
    rig = AxybRig()
    rig.world.limits = {"x_per_a": 5, "bindings_per_y": 2}
    one, two, three = rig.ax(user(1)), rig.ax(user(2)), rig.ax(user(3))
    assert rig.yb(one).number == rig.yb(two).number
    assert rig.bind_b(three.id).key == "403/1012008"
    assert rig.unbind(subscriptionId=one.id, bNum=B).key == "200/0"
    assert rig.bind_b(three.id).key == "200/0"


def test_the_limits_are_those_that_are_printed() -> None:
    """AXYB-BIND-032, AXYB-BIND-106."""
    limits = AxybRig().world.limits
    assert (limits["x_per_a"], limits["bindings_per_y"]) == (5, 1000)


@pytest.mark.parametrize(("choice", "reached"), [("last", C), ("first", B)])
def test_a_y_may_serve_two_x_of_one_a(choice: str, reached: str) -> None:
    """AXYB-OPEN-011: by default it never does; where it does it is open whom A reaches."""
    numbers = areas(X1, X2, X3)
    rig = AxybRig(numbers=numbers)
    _, two = rig.pair(A, B)[0], rig.ax(A)
    assert rig.bind_b(two.id, C).key == "403/1012008"
    rig = AxybRig(numbers=numbers, assumptions={"axyb.y_for_other_x_of_a": choice})
    one, two = rig.ax(A), rig.ax(A)
    y1, y2 = rig.yb(one, B), rig.yb(two, C)
    assert y1.number == y2.number
    seen = {B: one.number, C: two.number}[reached]
    assert rig.call_result(A, y1.number) == (reached, seen)
    assert rig.unbind(subscriptionId=one.id, bNum=B).key == "200/0"
    assert rig.call_result(A, y1.number) == (C, two.number)


def test_an_x_may_be_a_y_of_others() -> None:
    """AXYB-OPEN-010: by default it is not; where it is, it is Y to its A and X to all others."""
    rig = AxybRig(numbers=areas(X1, X2))
    one, _ = rig.ax(A), rig.ax(C)
    assert rig.bind_b(one.id).key == "403/1012008"
    rig = AxybRig(numbers=areas(X1, X2), assumptions={"axyb.x_as_y": "yes"})
    one, two = rig.ax(A), rig.ax(C)
    y = rig.yb(one, B)
    assert y.number == two.number
    assert rig.call_result(A, y.number) == (B, one.number)
    assert rig.call_result(B, one.number) == (A, y.number)
    assert rig.call_result(C, two.number) == 8032
    assert rig.call_result(D, two.number) == (C, one.number)


def test_a_y_may_become_an_x() -> None:
    """AXYB-OPEN-010: the other way round, but never for a user who stands on it."""
    rig = AxybRig(numbers=areas(X1, X2), assumptions={"axyb.x_as_y": "yes"})
    one, y = rig.pair()
    assert rig.bind_a(A).key == "403/1012008"
    assert rig.bind_a(B).key == "403/1012008"
    assert rig.ax(C).number == y.number
    assert rig.unbind(subscriptionId=one.id).key == "200/0"
    assert rig.call_result(D, y.number) == (C, one.number)


def test_a_private_number_is_not_given_to_itself() -> None:
    """A user whose number is the application's own gets another one."""
    rig = AxybRig()
    for _ in range(5):
        binding = rig.ax(X1)
        assert binding.number != X1
        b = X2 if binding.number == X3 else X3
        assert rig.yb(binding, b).number not in (X1, b, binding.number)
        assert rig.unbind(subscriptionId=binding.id).key == "200/0"


@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_number_is_given_to_nobody(status: str) -> None:
    """AXYB-BIND-029."""
    rig = AxybRig(numbers=areas(X1, X2))
    binding = rig.ax()
    free = ({X1, X2} - {binding.number}).pop()
    rig.world.numbers[free].status = status
    before = rig.state()
    assert rig.bind_a(C).key == "403/1012008"
    assert rig.bind_b(binding.id).key == "403/1012008"
    assert rig.state() == before
    rig.world.numbers[free].status = "5"
    assert rig.bind_b(binding.id).key == "200/0"


@pytest.mark.parametrize("status", ["9", "10"])
def test_a_b_of_a_blocked_x(status: str) -> None:
    """AXYB-OPEN-026; an X that is frozen for binding alone is not meant."""
    rig = AxybRig()
    binding = rig.ax()
    rig.world.numbers[binding.number].status = status
    assert rig.bind_b(binding.id).key == "200/0"
    rig = AxybRig(assumptions={"axyb.bind_b_to_blocked_x": "1012102"})
    binding = rig.ax()
    rig.world.numbers[binding.number].status = status
    assert rig.bind_b(binding.id).key == "403/1012102"
    rig.world.numbers[binding.number].status = "11"
    assert rig.bind_b(binding.id).key == "200/0"


# ── areas ──

XS, XG, XB = "+8617000000755", "+8617000000020", "+8617000000010"
CITIES = [*areas(XS), *areas(XG, code="020"), *areas(XB, code="010")]


@pytest.mark.parametrize(("code", "x"), [("0755", XS), ("755", XS), ("020", XG), ("010", XB), ("10", XB)])
def test_a_number_of_the_area(code: str, x: str) -> None:
    """AXYB-BIND-011, AXYB-BIND-016: X for A, and Y for B."""
    assert AxybRig(numbers=CITIES).ax(areaCode=code).number == x
    other = "010" if x != XB else "020"
    rig = AxybRig(numbers=CITIES)
    assert rig.yb(rig.ax(areaCode=other), areaCode=code).number == x


@pytest.mark.parametrize("fields", [{}, {"areaMatchMode": "0"}, {"areaMatchMode": 0}])
@pytest.mark.parametrize("code", ["021", "0" * 32])
def test_strict_is_the_default(fields: dict[str, Any], code: str) -> None:
    """AXYB-BIND-012, AXYB-BIND-019."""
    rig = AxybRig(numbers=CITIES)
    binding = rig.ax()
    before = rig.state()
    assert rig.bind_a(C, areaCode=code, **fields).key == "403/1012008"
    assert rig.bind_b(binding.id, areaCode=code, **fields).key == "403/1012008"
    assert rig.state() == before


@pytest.mark.parametrize(("code", "x"), [("0769", {XS, XG}), ("021", {XS, XG, XB})])
def test_loose_takes_the_province_then_any(code: str, x: set[str]) -> None:
    """AXYB-BIND-013, for X and for Y."""
    for seed in range(6):
        rig = AxybRig(numbers=CITIES, seed=seed)
        assert rig.ax(areaCode=code, areaMatchMode="1").number in x
        rig = AxybRig(numbers=[*CITIES, *areas(X1, code="0431")], seed=seed)
        binding = rig.ax(areaCode="0431")
        assert rig.yb(binding, areaCode=code, areaMatchMode=1).number in x


def test_a_y_in_use_goes_before_a_free_number() -> None:
    """So numbers stay free to be an X; a shared Y keeps to the area too."""
    rig = AxybRig(numbers=[*areas(X1, X2, X3), *areas(XB, code="010")])
    one, two = rig.ax(A), rig.ax(C)
    y = rig.yb(one, B, areaCode="0755")
    assert rig.yb(two, B).number == y.number
    assert rig.yb(two, D, areaCode="010").number == XB
    rig.unbind(subscriptionId=two.id, bNum=D)
    assert rig.yb(two, D, areaCode="0431", areaMatchMode="1").number == XB


def test_a_y_without_an_area() -> None:
    """AXYB-BIND-103, AXYB-OPEN-003: any number, or one of the area of X."""
    rig = AxybRig(numbers=[*areas(X1), *areas(XB, code="010")])
    assert rig.yb(rig.ax()).number == XB
    rig = AxybRig(numbers=[*areas(X1), *areas(XB, code="010")], assumptions={"axyb.y_area": "area_of_x"})
    binding = rig.ax()
    assert rig.bind_b(binding.id).key == "403/1012008"
    assert rig.call_result(B, binding.number) == 8031
    assert rig.yb(binding, areaCode="010").number == XB


def test_a_bind_of_a_without_an_area() -> None:
    """AXYB-OPEN-002."""
    body = {"origNum": A}
    assert AxybRig().send_bind(body).key == "403/1010002"
    assert read_bound(AxybRig(assumptions={"axyb.bind_without_area": "any"}).send_bind(body)).number in NUMBERS
