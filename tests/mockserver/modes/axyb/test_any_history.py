"""AXYB: what holds after any sequence of binds, unbinds, calls and passing time."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from privnum import contracts
from tests.contracts.strategies import faulty
from tests.mockserver.axyb_rig import NUMBERS, AxybRig, read_bound
from tests.mockserver.rig import A, B, C, D

USERS = (A, B, C, D)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("bind a"), st.sampled_from(USERS), st.sampled_from([None, 0, 60, 120])),
        st.tuples(st.just("bind b"), st.integers(0, 5), st.sampled_from(USERS), st.sampled_from([None, 0, 60, 90])),
        st.tuples(st.just("unbind"), st.integers(0, 5), st.sampled_from([None, *USERS])),
        st.tuples(st.just("call"), st.sampled_from(USERS), st.sampled_from(NUMBERS)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=25,
)


class Told:
    """What the customer knows of his bindings: A and X by id, and Y and B of each, with their ends in seconds."""

    def __init__(self) -> None:
        self.now = 0
        self.ax: dict[str, tuple[str, str, int | None]] = {}
        self.yb: dict[tuple[str, str], tuple[str, int | None]] = {}

    def pass_time(self, seconds: int) -> None:
        self.now += seconds
        self.ax = {id_: ax for id_, ax in self.ax.items() if ax[2] is None or ax[2] > self.now}
        self.yb = {key: yb for key, yb in self.yb.items() if key[0] in self.ax and (yb[1] is None or yb[1] > self.now)}

    def end(self, lasts: int | None) -> int | None:
        return self.now + lasts if lasts else None

    def partner(self, caller: str, number: str) -> set[object]:
        """Return what a call may come to: who is reached and what he sees, or a cause."""
        for (id_, b), (y, _) in self.yb.items():
            a, x, _ = self.ax[id_]
            if (caller, number) == (a, y):
                return {(b, x)}
            if (caller, number) == (b, x):
                return {(a, y)}
        for a, x, _ in self.ax.values():
            if number == x:
                return {8032} if caller == a else {"a new Y", 8031}
        own = any(number == y and caller == b for (_, b), (y, _) in self.yb.items())
        return {8032} if own else {8030}


def id_at(told: Told, index: int) -> str:
    ids = list(told.ax)
    return ids[index % len(ids)] if ids else "nobody"


def take(rig: AxybRig, told: Told, step: tuple[Any, ...]) -> None:
    """Send one step and hold the answer against what was shown before."""
    kind, *rest = step
    if kind == "wait":
        rig.advance(rest[0])
        told.pass_time(rest[0])
    elif kind == "bind a":
        a, lasts = rest
        reply = rig.bind_a(a, duration=lasts)
        if reply.key == "200/0":
            end = told.end(7200 if lasts is None else lasts)
            told.ax[reply.body["subscriptionId"]] = (a, reply.body["relationNumber"], end)
        else:
            assert reply.key == "403/1012008"
    elif kind == "bind b":
        _bind_b(rig, told, *rest)
    elif kind == "unbind":
        _unbind(rig, told, *rest)
    else:
        _call(rig, told, *rest)


def _bind_b(rig: AxybRig, told: Told, index: int, b: str, lasts: int | None) -> None:
    id_ = id_at(told, index)
    reply = rig.bind_b(id_, b, ybDuration=lasts)
    if id_ not in told.ax:
        assert reply.key == "403/1016001"
    elif told.ax[id_][0] == b:
        assert reply.key == "403/1010002"
    elif (id_, b) in told.yb:
        assert reply.key == "403/1012010"
    elif reply.key == "200/0":
        told.yb[id_, b] = (reply.body["relationNumber"], told.end(lasts))
    else:
        assert reply.key == "403/1012008"


def _unbind(rig: AxybRig, told: Told, index: int, b: str | None) -> None:
    id_ = id_at(told, index)
    of_b: dict[str, Any] = {} if b is None else {"bNum": b}
    reply = rig.unbind(subscriptionId=id_, **of_b)
    known = id_ in told.ax if b is None else (id_, b) in told.yb
    assert reply.key == ("200/0" if known else "403/1016001")
    if known and b is None:
        del told.ax[id_]
    elif known:
        del told.yb[id_, str(b)]
    told.pass_time(0)


def _call(rig: AxybRig, told: Told, caller: str, number: str) -> None:
    expected = told.partner(caller, number)
    call = rig.call(caller, number, behaviour="busy", ring_after=0)
    seen = rig.look(call)
    assert seen["state"] == "ended"
    came = seen["release_cause"] if seen["forwarded_to"] is None else (seen["forwarded_to"], seen["displayed"])
    if "a new Y" in expected and isinstance(came, tuple):
        id_, (a, _, _) = next((id_, ax) for id_, ax in told.ax.items() if ax[1] == number)
        assert came[0] == a
        told.yb[id_, caller] = (came[1], None)
    else:
        assert came in expected


def check(rig: AxybRig, told: Told) -> None:
    """Hold the limits, and every query, against what was shown."""
    xs = [x for _, x, _ in told.ax.values()]
    assert len(set(xs)) == len(xs)
    ys = [(id_, y) for (id_, _), (y, _) in told.yb.items()]
    assert len(set(ys)) == len(ys)
    assert not {y for _, y in ys} & set(xs)
    for id_, (a, x, _) in told.ax.items():
        wanted: set[tuple[str | None, str | None]] = {(y, b) for (of, b), (y, _) in told.yb.items() if of == id_}
        shown = rig.relations(subscriptionId=id_)
        assert {(each.get("numY"), each.get("numB")) for each in shown} == (wanted or {(None, None)})
        assert {(each["numA"], each["numX"]) for each in shown} == {(a, x)}
        assert shown == rig.relations(relationNum=x)
    assert len(rig.world.bindings) == len(told.ax) + len(told.yb)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_any_history(steps: list[tuple[Any, ...]]) -> None:
    """AXYB-STATE-001."""
    rig, told = AxybRig(event_url=None, fee_url=None), Told()
    for step in steps:
        take(rig, told, step)
        check(rig, told)


@settings(max_examples=150, deadline=None)
@given(faulty(contracts.schema("axyb/bind.body")), st.booleans())
def test_any_body(body: Any, of_b: bool) -> None:
    """AXYB-BIND-101, AXYB-BIND-102: it is carried out, or refused and nothing is written."""
    rig = AxybRig()
    known = rig.ax()
    before = rig.state()
    reply = rig.send_bind({**body, "subscriptionId": known.id} if of_b and isinstance(body, dict) else body)
    if reply.key == "200/0":
        assert read_bound(reply).number in set(NUMBERS) - {known.number}
    else:
        assert reply.status == 403
        assert rig.state() == before
