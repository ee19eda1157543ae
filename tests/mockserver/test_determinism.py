from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mockserver.rig import X2, A, B, C, D, Rig, X

from privnum.mockserver.platform import Platform

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
    rig = Rig(seed=seed)
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
    return [*out, list(rig.received), rig.world.outbox.view(), rig.world.call_engine.view(), rig.state()]


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_same_inputs_give_the_same_outputs(script: list[tuple[object, ...]]) -> None:
    assert history(script, seed=1) == history(script, seed=1)


def test_another_seed_gives_other_ids() -> None:
    assert Rig(seed=1).bound() != Rig(seed=2).bound()


def test_worlds_of_one_seed_draw_different_ids() -> None:
    platform = Platform(seed=5)
    first, second = (platform.create_world({"applications": [{"mode": "AXB"}]}) for _ in range(2))
    assert set(first.applications).isdisjoint(second.applications)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_indexes_agree_after_any_history(script: list[tuple[object, ...]]) -> None:
    rig = Rig()
    for step in script:
        match step:
            case ("bind", str(a), str(b), x, int(duration)):
                rig.bind(a, b, x if isinstance(x, str) else None, duration=duration)
            case ("unbind", x):
                rig.unbind(relationNum=x)
            case ("advance", int(seconds)):
                rig.advance(seconds)
        bindings = rig.world.bindings._by_id
        held = {sub: binding for x in rig.world.numbers.values() for sub, binding in (x.pairs or {}).items()}
        assert held == bindings
        for number in rig.world.numbers.values():
            expected = {user: b for b in (number.pairs or {}).values() for user in (b.a, b.b)}
            assert (number.users or {}) == expected
        assert all(b.expires_ms == 0 or b.expires_ms > rig.world.now_ms for b in bindings.values())
        assert len(rig.world.agenda) == sum(1 for b in bindings.values() if b.expires_ms)


def test_cancelled_entries_do_not_pile_up() -> None:
    rig = Rig()
    for _ in range(2000):
        rig.bound(duration=7_776_000)
        rig.unbind(relationNum=X)
    assert len(rig.world.agenda._heap) < 200
    assert len(rig.world.agenda) == 0
