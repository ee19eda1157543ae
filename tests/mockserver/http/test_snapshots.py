"""Snapshots of worlds with clocks and receivers; time is injected."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.mockserver.http.test_clock_modes import in_a_loop
from tests.mockserver.http.test_clocks import CheckContext, X

if TYPE_CHECKING:
    from privnum.mockserver.pushes.push import Push

A, B = "+8613800000001", "+8613900000002"
START = "2026-03-01T00:00:00Z"
_SLOW_CALL = {"caller": A, "called": X, "callee": {"ring_after": 30}}


async def clock(context: CheckContext) -> Any:
    return await context.command("GET", "/w/clock")


@in_a_loop
async def test_a_running_clock_goes_on_from_the_time_of_the_snapshot() -> None:
    context = CheckContext()
    context.bind(50)
    made = await context.command("POST", "/w/snapshots")
    assert made["clock"] == {"mode": "running", "now": START}
    context.now += 20_000
    await context.command("POST", "/w/clock", {"mode": "running", "rate": 2})
    context.now += 10_000
    assert (await clock(context))["now"] == "2026-03-01T00:00:40Z"
    assert (await context.command("POST", "/w/restore"))["clock"] == {"mode": "running", "now": START}
    assert context.armed == [50]
    context.now += 3_000
    assert await clock(context) == {"mode": "running", "now": "2026-03-01T00:00:03Z"}


@pytest.mark.parametrize("other", [{"mode": "jumping"}, {"mode": "running"}, {"now": "2027-01-01T00:00:00Z"}])
@in_a_loop
async def test_a_frozen_clock_stands_again(other: dict[str, Any]) -> None:
    context = CheckContext(clock={"mode": "frozen", "now": START})
    await context.command("POST", "/w/snapshots")
    await context.command("POST", "/w/clock", other)
    await context.command("POST", "/w/restore")
    context.now += 60_000
    await context.rest()
    assert await clock(context) == {"mode": "frozen", "now": START}
    assert not context.armed
    assert not context.edge.offsets


@in_a_loop
async def test_a_jumping_clock_goes_on_after_a_restore() -> None:
    context = CheckContext(clock={"mode": "frozen", "now": START})
    context.bind(0)
    await context.command("POST", "/w/calls", {**_SLOW_CALL, "caller_hangs_up_after": 60})
    await context.command("POST", "/w/clock", {"mode": "jumping"})
    await context.command("POST", "/w/clock", {"mode": "frozen"})
    await context.command("POST", "/w/snapshots")
    ended = await context.command("GET", "/w/calls")
    sent = list(context.sent)
    await context.command("POST", "/w/reset")
    await context.command("POST", "/w/restore")
    assert await context.command("GET", "/w/calls") == ended
    assert context.sent == sent


@in_a_loop
async def test_a_snapshot_of_a_frozen_world_waits_for_the_push_under_way() -> None:
    context = CheckContext(clock={"mode": "frozen", "now": START})
    context.bind(0)
    context.gate = asyncio.Event()
    call = asyncio.ensure_future(context.command("POST", "/w/calls", _SLOW_CALL))
    await context.rest()
    snapshot = asyncio.ensure_future(context.command("POST", "/w/snapshots"))
    await context.rest()
    assert not snapshot.done()
    context.gate.set()
    await asyncio.gather(call, snapshot)
    assert context.sent == ["callin", "callout"]
    await context.command("POST", "/w/restore")
    assert context.sent == ["callin", "callout"]


@in_a_loop
async def test_what_a_running_world_has_under_way_is_sent_again_after_a_restore() -> None:
    """The same attempt: the receiver gets the nonce once more. The one that the restore overtakes counts no more."""
    context = CheckContext()
    context.bind(0)
    context.gate = asyncio.Event()
    nonces: list[str] = []
    deliver = context.deliver

    async def note_nonce(push: Push) -> Any:
        nonces.append(push.nonce)
        return await deliver(push)

    context.clocks._deliver = note_nonce
    await context.command("POST", "/w/calls", _SLOW_CALL)
    await context.command("POST", "/w/snapshots")
    await context.command("POST", "/w/restore")
    await context.rest()
    assert context.sent == ["callin", "callin"]
    assert len(nonces) == 2
    assert nonces[0] == nonces[1]
    context.gate.set()
    await context.rest()
    pushes = (await context.command("GET", "/w/pushes"))["pushes"]
    assert [(push["id"], push["state"], len(push["attempts"])) for push in pushes] == [
        ("push-1", "delivered", 1),
        ("push-2", "delivered", 1),
    ]
    assert context.sent == ["callin", "callin", "callout"]


@in_a_loop
async def test_a_restore_that_is_refused_leaves_what_is_under_way_alone() -> None:
    context = CheckContext()
    context.bind(0)
    context.gate = asyncio.Event()
    await context.command("POST", "/w/calls", _SLOW_CALL)
    answer = await context.clocks.command("POST", "/_privnum/worlds/w/restore", "", orjson.dumps({"snapshot": "x"}))
    assert answer.status == 404
    context.gate.set()
    await context.rest()
    assert context.sent == ["callin", "callout"]
