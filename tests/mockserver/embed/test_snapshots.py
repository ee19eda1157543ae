"""Snapshots in the handle of a world: over a socket, in process, and awaited."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver import embed
from privnum.mockserver.embed.async_handle import AsyncWorldHandle
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.http.test_clock_modes import in_a_loop
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle


@pytest.fixture(params=["socket", "in process"])
def world(request: pytest.FixtureRequest) -> Iterator[WorldHandle]:
    if request.param == "in process":
        with DirectServer().world() as world:
            yield world
        return
    with LiveServer() as server, server.world() as world:
        yield world


def history(world: WorldHandle) -> list[Any]:
    """Bind, call, write, change, and let time pass; return all that came of it."""
    x = world.axb.numbers[0]
    bound = world.axb.bind(A, B, x)
    call = world.call(A, x, caller_hangs_up_after=30)
    sms = world.send_sms(A, x, "hello")
    world.set_application(world.axb, recording=False)
    world.set_number(world.axb.numbers[1], "9")
    world.fault(operation="axe.bind", code="403/1012010")
    now = world.advance(60)
    return [bound, world.look(call), world.look_at_sms(sms), now, world.pushes, world.cdrs, world.bindings()]


def test_a_world_is_put_back_at_the_end_of_a_with(world: WorldHandle) -> None:
    world.axe.bind(A, world.axe.numbers[0])
    before = world.bindings(), world.now, world.pushes, world.faults()
    with world.snapshot() as snapshot:
        assert (snapshot.id, snapshot.now) == ("snapshot-1", world.now)
        first = history(world)
    assert (world.bindings(), world.now, world.pushes, world.faults()) == before
    with pytest.raises(DriverError, match="has no snapshot"):
        snapshot.restore()
    with suppress(ZeroDivisionError), world.snapshot("named") as snapshot:
        assert snapshot.id == "named"
        assert history(world) == first
        raise ZeroDivisionError
    assert (world.bindings(), world.now, world.pushes, world.faults()) == before


def test_a_snapshot_is_restored_as_often_as_you_like(world: WorldHandle) -> None:
    empty = world.snapshot()
    first = history(world)
    full = world.snapshot()
    world.reset()
    full.restore()
    assert first[-1] == world.bindings()
    assert first[-3] == world.pushes
    for _ in range(2):
        empty.restore()
        assert not world.bindings()
        assert history(world) == first
    empty.drop()
    full.drop()
    with pytest.raises(DriverError, match="make one first"):
        full.restore()


def test_functions_that_answer_are_those_of_the_snapshot(world: WorldHandle) -> None:
    def connect_to(number: str) -> Any:
        return lambda _: {"operation": "connect", "connectInfo": {"calleeNum": number}}

    x, others = world.x.numbers[0], ("+8613900000003", "+8613900000004")
    with world.snapshot():
        world.answer_calls(connect_to(others[0]))
        with world.snapshot():
            world.answer_calls(connect_to(others[1]))
            assert world.call(A, x).forwarded_to == others[1]
        assert world.call(A, x).forwarded_to == others[0]
    assert world.call(A, x).forwarded_to == B  # as the inbox answers in a world of which nothing is said


def test_the_journal_stays(world: WorldHandle) -> None:
    with world.snapshot():
        world.axb.bind(A, B, world.axb.numbers[0])
    bound, restored = world.journal(kind="request")
    assert bound.view["operation"] == "axb.bind"
    assert restored.view["path"] == f"/_privnum/worlds/{world.id}/restore"


@in_a_loop
async def test_the_async_twin_awaits() -> None:
    with LiveServer() as server, server.world() as twin:
        world = AsyncWorldHandle(twin)
        before = await world.snapshot()
        async with world.snapshot("inner") as inner:
            assert inner.id == "inner"
            await world.axb.bind(A, B, world.axb.numbers[0])
            await world.advance(30)
        assert not await world.bindings()
        await world.advance(5)
        await before.restore()
        assert await world.now() == before.now
        await before.drop()
        with pytest.raises(DriverError, match="has no snapshot"):
            await before.restore()


def test_the_error_of_the_test_is_shown_though_the_world_cannot_be_put_back(world: WorldHandle) -> None:
    def break_off() -> None:
        with world.snapshot() as snapshot:
            snapshot.drop()
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine") as raised:
        break_off()
    assert "has no snapshot" in raised.value.__notes__[0]
    with pytest.raises(DriverError, match="has no snapshot"), world.snapshot() as snapshot:
        snapshot.drop()


def test_modules_of_the_handle_end_tracebacks_at_the_test() -> None:
    """Each that the handle brings along and that asks the server."""
    home = Path(embed.__file__).parent
    left, seen = {"handle", "async_handle"}, set[str]()
    while left:
        name = left.pop()
        seen.add(name)
        text = (home / f"{name}.py").read_text(encoding="utf-8")
        left |= set(re.findall(r"^ *from privnum\.mockserver\.embed\.(\w+) import", text, re.MULTILINE)) - seen
    silent = {"calls", "errors", "threads"}  # these ask nobody
    assert [
        name for name in sorted(seen - silent) if "__tracebackhide__" not in (home / f"{name}.py").read_text("utf-8")
    ] == []


def test_an_error_at_the_end_of_a_with_shows_the_line_of_the_test_alone(world: WorldHandle) -> None:
    """Neither modules of the handle nor of the standard library."""
    with pytest.raises(DriverError) as caught, world.snapshot() as made:
        made.drop()
    assert {str(entry.path) for entry in caught.traceback.filter(caught)} == {__file__}
