from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from privnum.mockserver.modes.ax.bindings import AXBinding
from tests.mockserver.ax_rig import XS, AxRig
from tests.mockserver.rig import A, B, C, D, X

users = st.sampled_from([A, B, C, D])
xs = st.sampled_from([X, *XS])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("bind"), xs, users),
        st.tuples(st.just("unbind"), xs, users),
        st.tuples(st.just("modify"), xs, users),
        st.tuples(st.just("set_callee"), xs, users),
        st.tuples(st.just("call"), xs, users),
        st.tuples(st.sampled_from(["1", "59", "60", "61"]), xs, users),
    ),
    max_size=20,
)


class Played:
    """A world, and beside it what it must hold: the A of each X, and his temporary callee with his last second."""

    def __init__(self) -> None:
        self.rig = AxRig()
        self.a_of: dict[str, str] = {}
        self.callee_of: dict[str, tuple[str, int]] = {}

    def bind(self, x: str, a: str) -> None:
        if self.rig.bind(a, x).key == "200/0":
            assert x not in self.a_of
            self.a_of[x] = a

    def unbind(self, x: str, _: str) -> None:
        assert (self.rig.unbind(privateNum=x).key == "200/0") == (self.a_of.pop(x, None) is not None)
        self.callee_of.pop(x, None)

    def modify(self, x: str, a: str) -> None:
        if self.rig.modify(privateNum=x, origNum=a).key == "200/0":
            self.a_of[x] = a

    def set_callee(self, x: str, callee: str) -> None:
        done = self.rig.set_callee(callee, x).key == "200/0"
        assert done == (x in self.a_of and self.a_of[x] != callee)
        if done:
            self.callee_of[x] = callee, self.rig.world.now_ms + 60_000

    def call(self, x: str, caller: str) -> None:
        a = self.a_of.get(x)
        callee, until = self.callee_of.get(x, ("", 0))
        set_ = until > self.rig.world.now_ms and callee != a
        expected = 8018 if a is None else a if a != caller else callee if set_ else 8013
        assert self.rig.call_result(caller, x) == expected
        if a == caller and set_:
            del self.callee_of[x]


@settings(max_examples=60, deadline=None)
@given(steps)
def test_an_x_has_one_a_and_an_a_his_x_after_any_history(script: list[tuple[str, str, str]]) -> None:
    """AX-BIND-031, AX-BIND-032, AX-CALL-101 to AX-CALL-106: held against dictionaries and a clock."""
    played = Played()
    rig, a_of = played.rig, played.a_of
    for step, x, user in script:
        if step.isdigit():
            rig.advance(int(step))
        else:
            getattr(played, step)(x, user)
    assert max(Counter(a_of.values()).values(), default=0) <= 5
    for a in (A, B, C, D):
        assert set(rig.x_of(a)) == {x for x, bound in a_of.items() if bound == a}
    assert {x.number: x.held.a for x in rig.world.numbers.values() if isinstance(x.held, AXBinding)} == a_of
    assert len(rig.world.bindings) == len(a_of) == (0 if rig.app.held is None else len(rig.app.held))
