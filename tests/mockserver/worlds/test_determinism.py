from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from privnum.mockserver.modes.axb.bindings import Pairs
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.axe_rig import AxeRig
from tests.mockserver.rig import X2, A, B, C, D, X, push_views

users = st.sampled_from([A, B, C, D])
xs = st.sampled_from([X, X2, None])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("bind"), users, users, xs, st.sampled_from([0, 30, 90])),
        st.tuples(st.just("unbind"), xs),
        st.tuples(st.just("call"), users, st.sampled_from([X, X2]), st.sampled_from(["answer", "busy", "silent"])),
        st.tuples(st.just("advance"), st.sampled_from([0, 1, 29, 30, 31, 3600, 40_000])),
    ),
    max_size=25,
)


def history(script: list[tuple[object, ...]], seed: int) -> list[object]:
    """Play a script and return everything that came out of the world."""
    rig = AxbRig(seed=seed)
    fails = iter(range(10**6))
    rig.answer = lambda push: "500" if next(fails) % 3 == 0 else "200"
    out: list[object] = [(rig.app.app_key, rig.app.app_secret)]
    for step in script:
        match step:
            case ("bind", str(a), str(b), x, int(duration)):
                out.append(rig.bind(a, b, x if isinstance(x, str) else None, duration=duration))
            case ("unbind", x):
                out.append(rig.unbind(relationNum=x))
            case ("call", str(caller), str(x), behaviour):
                out.append(rig.look(rig.call(caller, x, behaviour=behaviour, hang_up_after=20)))
            case ("advance", int(seconds)):
                rig.advance(seconds)
    rig.advance(86_400)
    return [*out, list(rig.received), push_views(rig.world), rig.world.call_engine.view(), rig.state()]


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_same_inputs_give_the_same_outputs(script: list[tuple[object, ...]]) -> None:
    assert history(script, seed=1) == history(script, seed=1)


def test_another_seed_gives_other_ids() -> None:
    assert AxbRig(seed=1).new_binding_id() != AxbRig(seed=2).new_binding_id()


def test_worlds_of_one_seed_draw_different_ids() -> None:
    platform = Platform(seed=5)
    first, second = (platform.create_world({"applications": [{"mode": "AXB"}]}) for _ in range(2))
    assert set(first.applications).isdisjoint(second.applications)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_indexes_agree_after_any_history(script: list[tuple[object, ...]]) -> None:
    rig = AxbRig()
    for step in script:
        match step:
            case ("bind", str(a), str(b), x, int(duration)):
                rig.bind(a, b, x if isinstance(x, str) else None, duration=duration)
            case ("unbind", x):
                rig.unbind(relationNum=x)
            case ("advance", int(seconds)):
                rig.advance(seconds)
        bindings = rig.world.bindings._by_id
        kept = [x.held for x in rig.world.numbers.values() if isinstance(x.held, Pairs)]
        assert {sub: binding for pairs in kept for sub, binding in pairs.by_id.items()} == bindings
        for pairs in kept:
            assert pairs.by_user == {user: pair for pair in pairs.by_id.values() for user in (pair.a, pair.b)}
        assert all(b.expires_ms == 0 or b.expires_ms > rig.world.now_ms for b in bindings.values())
        assert len(rig.world.timers) == sum(1 for b in bindings.values() if b.expires_ms)


def test_cancelled_entries_do_not_pile_up() -> None:
    rig = AxbRig()
    for _ in range(2000):
        rig.new_binding_id(duration=7_776_000)
        rig.unbind(relationNum=X)
    assert len(rig.world.timers._heap) < 200
    assert len(rig.world.timers) == 0


# ── AXE ──

EXTENSIONS = ["1", "5", "9", ""]
axe_steps = st.lists(
    st.one_of(
        st.tuples(st.just("bind"), users, xs, st.sampled_from(EXTENSIONS), st.sampled_from([0, 1, 2])),
        st.tuples(st.just("fill"), st.sampled_from([X, X2])),
        st.tuples(st.just("unbind"), st.sampled_from([X, X2]), st.sampled_from(EXTENSIONS)),
        st.tuples(st.just("modify"), st.sampled_from([X, X2]), st.sampled_from(EXTENSIONS), st.sampled_from([0, 1, 3])),
        st.tuples(st.just("call"), users, st.sampled_from([X, X2]), st.sampled_from(EXTENSIONS)),
        st.tuples(st.just("advance"), st.sampled_from([0, 1, 9, 59, 60, 61, 7200])),
    ),
    max_size=25,
)


def play(rig: AxeRig, step: tuple[object, ...]) -> object:
    """Carry out one step of a script and return what came of it."""
    match step:
        case ("bind", str(a), x, str(digits), int(time)):
            fields: dict[str, Any] = {"bindExpiredTime": time, "timeUnit": 1, "extendNum": digits}
            return rig.bind(a, x if isinstance(x, str) else None, **fields)
        case ("fill", str(x)):
            return [rig.bind(f"+86137000000{i:02d}", x, timeUnit=1, bindExpiredTime=i % 3) for i in range(10)]
        case ("unbind", str(x), str(digits)):
            return rig.unbind(virtualNum=x, extendNum=digits)
        case ("modify", str(x), str(digits), int(time)):
            return rig.modify(virtualNum=x, extendNum=digits, bindExpiredTime=time, timeUnit="1")
        case ("call", str(caller), str(x), str(digits)):
            return rig.look(rig.dial(caller, digits, x, callee={"hang_up_after": 20}))
        case ("advance", int(seconds)):
            rig.advance(seconds)
    return None


def axe_world(seed: int = 1) -> AxeRig:
    assumptions: dict[str, str | int] = {"axe.bind_without_x": "any", "axe.extension_with_area": "honour"}
    return AxeRig(seed=seed, extension_digits=1, repeat_collections=1, assumptions=assumptions)


def axe_history(script: list[tuple[object, ...]]) -> list[object]:
    rig = axe_world()
    out = [play(rig, step) for step in script]
    rig.advance(86_400)
    return [*out, list(rig.received), push_views(rig.world), rig.world.call_engine.view(), rig.state()]


@settings(max_examples=60, deadline=None)
@given(axe_steps)
def test_the_same_inputs_give_the_same_outputs_in_axe(script: list[tuple[object, ...]]) -> None:
    assert axe_history(script) == axe_history(script)


@settings(max_examples=100, deadline=None)
@given(axe_steps)
def test_the_indexes_of_extensions_agree_after_any_history(script: list[tuple[object, ...]]) -> None:
    rig = axe_world()
    for step in script:
        play(rig, step)
        bindings = rig.world.bindings._by_id
        found = {}
        for x in rig.world.numbers.values():
            held = extensions_of(x)
            if held is None:
                continue
            found.update({one.subscription_id: one for one in held.by_digits.values()})
            assert held.by_digits == {one.digits: one for one in held.by_user.values()}
            assert [one.sequence for one in held.by_digits.values()] == sorted(
                one.sequence for one in held.by_digits.values()
            )
            turned = {str((held._start + i) % 9 + 1) for i in range(held._given)}
            assert set(held._freed or ()) == turned - set(held.by_digits)
            assert held.is_full == (len(held.by_digits) == 9)
        assert found == bindings
        ending = sum(1 for one in bindings.values() if one.expires_ms)
        running = sum(1 for call in rig.world.call_engine._calls.values() if call.waiting)
        assert len(rig.world.timers) == ending + running
        assert all(one.expires_ms == 0 or one.expires_ms > rig.world.now_ms for one in bindings.values())


def test_another_seed_gives_other_extensions() -> None:
    given_by = {AxeRig(seed=seed).new_binding_fields()["extendNum"] for seed in range(5)}
    assert len(given_by) == 5
