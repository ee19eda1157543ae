"""Bindings as the control plane lists them: of every mode, in pages, by number, user and id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle

A, B, C = "+8613800000001", "+8613900000002", "+8613700000003"
X1, X2, X3, X4, Y = (f"+861700000000{place}" for place in range(1, 6))


@pytest.fixture(scope="module")
def world() -> Iterator[WorldHandle]:
    """A world with a binding of each mode that has some."""
    modes = {"AXB": [X1], "AXE": [X2], "AX": [X3]}
    apps = [{"mode": mode, "numbers": numbers} for mode, numbers in modes.items()]
    axyb = {"mode": "AXYB", "numbers": [{"number": each, "area_code": "0755"} for each in (X4, Y)]}
    with LiveServer() as server, server.world(applications=[*apps, axyb]) as made:
        made.axb.bind(A, B, X1, duration=60, userData="order-1")
        made.axe.bind(A, X2)
        made.ax.bind(A, X3)
        made.request("ax.set_callee", body={"privateNum": X3, "calleeNum": C})
        bound = made.axyb.bind(A, "0755")
        made.axyb.bind_b(B, bound["subscriptionId"])
        yield made


def test_each_mode_shows_its_own(world: WorldHandle) -> None:
    found = world.bindings()
    assert [each.mode for each in found][:4] == ["AXB", "AXE", "AX", "AXYB"]
    assert [each.users for each in found][:4] == [(A, B), (A,), (A,), (A,)]
    axb, axe, ax = found[:3]
    assert (axb.x, axb.bound_at, axb.ends_at) == (X1, "2026-03-01T00:00:00Z", "2026-03-01T00:01:00Z")
    assert axb.shown == world.axb.query(subscriptionId=axb.id)["relationNumList"][0]
    assert axb.shown["userData"] == "order-1"
    assert len(axe.shown["extendNum"]) == 4
    assert (ax.reaches, axb.reaches) == (C, None)


def test_they_are_chosen_by_number_user_and_id(world: WorldHandle) -> None:
    everything = world.bindings()
    assert world.bindings(x=X3) == [each for each in everything if each.x == X3] != []
    assert world.bindings(user=B) == [each for each in everything if B in each.users] != []
    assert world.bindings(subscription_id=everything[0].id) == everything[:1]
    assert world.bindings(x=X1, user=C) == []


def test_they_come_in_pages(world: WorldHandle) -> None:
    everything = world.bindings()
    first = world._control("GET", "/bindings?limit=2")
    assert [each["id"] for each in first["bindings"]] == [each.id for each in everything[:2]]
    rest = world._control("GET", f"/bindings?after={first['next']}")
    assert [each["id"] for each in rest["bindings"]] == [each.id for each in everything[2:]]
    assert rest["next"] is None


def test_the_last_ones_and_those_in_which_a_text_is(world: WorldHandle) -> None:
    everything = [each.id for each in world.bindings()]

    def ids_of(query: str) -> list[str]:
        answer = world._control("GET", f"/bindings?{query}")
        assert answer["next"] is None
        return [each["id"] for each in answer["bindings"]]

    assert ids_of("last=2") == everything[-2:]
    assert ids_of(f"last=100&after={everything[0]}") == everything[1:]
    assert ids_of(f"find={B[1:]}") == [each.id for each in world.bindings(user=B)]
    assert ids_of(f"find={X1[1:]}") == [each.id for each in world.bindings(x=X1)]
    assert ids_of(f"find={everything[1]}") == everything[1:2]
    assert ids_of("find=nobody") == []


def test_a_wrong_word_is_told_with_the_right_one(world: WorldHandle) -> None:
    with pytest.raises(DriverError, match=r"did you mean user\?"):
        world._control("GET", "/bindings?users=1")


@pytest.mark.parametrize(
    ("message", "hints"),
    [({"sed": 1}, 1), ({"clock": {"mode": "frosen"}}, 1), ({"clock": {"mod": "frozen"}}, 1), ({"seed": "x"}, 0)],
)
def test_the_right_word_is_named_once(world: WorldHandle, message: dict[str, object], hints: int) -> None:
    """Deep in a message too, and not where the name is right and its value is no word."""
    with pytest.raises(DriverError) as refusal:
        world._wire.control("POST", "/worlds", message)
    assert str(refusal.value).lower().count("did you mean") == hints
