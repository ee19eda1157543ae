"""A receiver in the test's own event loop gets its pushes, under each plugin that runs async tests."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
import trio

from privnum import PushNotAccepted, RequestRefused
from privnum.mockserver.embed.async_handle import AsyncWorldHandle
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.journal import JournalReader
from privnum.mockserver.embed.transport import AsyncPrivnumTransport, PrivnumTransport
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from pathlib import Path

RECEIVER = """
import pytest
import trio

A, B, C = "+8613800000001", "+8613900000002", "+8613700000003"
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"


async def use(world, url):
    await world.send_pushes_to(url)
    x = world.axb.numbers[0]
    await world.axb.bind(A, B, x)
    call = await world.call(A, x)
    await world.advance(10)
    await world.hang_up(call)
    pushes = await world.pushes()
    assert [push.outcomes for push in pushes] == [("200",)] * 6
    assert (await world.cdrs())[0]["sessionId"] == call.session_id

    async def customer(asked):
        return {"operation": "connect", "connectInfo": {"calleeNum": C}}

    await world.answer_calls(customer)
    assert (await world.call(A, world.x.numbers[0])).forwarded_to == C
"""
ASYNCIO = """
import asyncio

async def listen(reader, writer):
    head = await reader.readuntil(b"\\r\\n\\r\\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\\r\\n")[1:] if line)
    length = int(fields[b"content-length"])
    await reader.readexactly(length)
    writer.write(ANSWER)
    await writer.drain()
    writer.close()

async def try_it(world):
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        await use(world, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
"""
ANYIO = """
import anyio

async def listen(stream):
    async with stream:
        got = b""
        while not got.endswith(b"}"):
            got += await stream.receive()
        await stream.send(ANSWER)

async def try_it(world):
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, listen)
        await use(world, f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}/")
        group.cancel_scope.cancel()
"""
IT = "\nasync def test_it(async_private_number):\n    await try_it(async_private_number)\n"
PROJECTS = {
    "pytest-asyncio": (
        ASYNCIO
        + "@pytest.mark.asyncio\nasync def test_it(async_private_number):\n    await try_it(async_private_number)\n",
        ("-o", "asyncio_default_fixture_loop_scope=function"),
        1,
    ),
    "anyio": (
        ANYIO
        + "@pytest.mark.anyio\nasync def test_it(async_private_number):\n    await try_it(async_private_number)\n",
        ("-p", "no:asyncio"),
        2,  # asyncio and trio
    ),
}


@pytest.mark.parametrize("plugin", PROJECTS)
def test_a_receiver_in_the_tests_own_loop_gets_its_pushes(plugin: str, tmp_path: Path) -> None:
    text, options, tests = PROJECTS[plugin]
    (tmp_path / "test_mine.py").write_text(RECEIVER + text)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert f"{tests} passed" in done.stdout, done.stdout + done.stderr


def test_a_warning_is_at_the_line_that_awaits(async_private_number: AsyncWorldHandle) -> None:
    async def use() -> None:
        await async_private_number.send_pushes_to("http://127.0.0.1:9/")
        with pytest.warns(PushNotAccepted, match="nobody listens") as caught:
            await async_private_number.call(A, async_private_number.axb.numbers[0])
        assert {warning.filename for warning in caught} == {__file__}
        with pytest.raises(RequestRefused) as refused:
            await async_private_number.axb.bind("1", B)
        assert refused.value.rule is not None

    asyncio.run(use())


def test_every_method_has_a_twin() -> None:
    """What the sync handle can, the async one can."""
    names = {name for name in dir(WorldHandle) if not name.startswith("_")}
    ours = names - {f"a{name}" for name in names}  # acall and the like are call there
    assert ours <= set(dir(AsyncWorldHandle))
    for mode in ("ax", "axb", "axe", "axyb"):
        world = DirectServer().world()
        twin = AsyncWorldHandle(world)
        sync, other = getattr(world, mode), getattr(twin, mode)
        assert {name for name in dir(sync) if not name.startswith("_")} - {"send"} <= set(dir(other))
        assert other.app_key == sync.app_key


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
def test_the_sync_fixture_says_what_to_take_where_the_loop_waits(private_number: WorldHandle) -> None:
    """A push of a request, which the client under test has sent from the loop of its receiver."""

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise AssertionError("the loop was free")

    async def use() -> None:
        server = await asyncio.start_server(never, "127.0.0.1", 0)
        private_number.send_pushes_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        with pytest.raises(DriverError, match="take the fixture async_private_number"):
            private_number.call(A, private_number.axb.numbers[0])
        server.close()

    asyncio.run(use())


def test_a_push_that_timed_out_while_a_loop_waited_has_the_hint() -> None:
    entry = {"kind": "cdr", "push": "push-1", "url": "http://127.0.0.1:9/", "outcome": "timeout", "attempt": 1}
    told = {**entry, "detail": "no whole answer within 5 s", "answer": "", "next_attempt_at": None}
    reader = JournalReader(lambda _: {"next": 1, "entries": [told]})

    async def look() -> None:
        reader.warn()

    with pytest.warns(PushNotAccepted, match="within 5 s .*take the fixture async_private_number"):
        asyncio.run(look())
    with pytest.warns(PushNotAccepted) as caught:
        reader.warn()
    assert "async_private_number" not in str(caught[0].message)


def test_the_handle_works_in_process() -> None:
    """Without a socket: of the server that a transport of httpx has."""
    transport = PrivnumTransport()
    with transport.server.world() as world, httpx.Client(transport=transport) as client:
        x = world.axb.numbers[0]
        bound = world.bind(A, B, x)["subscriptionId"]
        path = "/rest/caas/relationnumber/partners/v1.0"
        found = client.get(world.url + path, params={"subscriptionId": bound}, headers=world.headers(world.axb)).json()
        assert found["relationNumList"][0]["calleeNum"] == B
        call = world.call(A, x)
        world.advance(10)
        world.hang_up(call)
        assert len(world.cdrs) == 1
        world.answer_calls(lambda asked: {"operation": "connect", "connectInfo": {"calleeNum": B}})
        assert world.call(A, world.x.numbers[0]).forwarded_to == B


def test_the_async_handle_works_in_process() -> None:
    """And in the loop of the test: pushes are sent from it, so a receiver in it gets them."""
    got: list[bytes] = []

    async def customer(url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        got.append(body)
        return 200, b""

    async def use() -> None:
        transport = AsyncPrivnumTransport(customer=customer)
        async with await transport.world() as world, httpx.AsyncClient(transport=transport) as client:
            await world.send_pushes_to("http://customer.test/events")
            x = world.axb.numbers[0]
            bound = (await world.bind(A, B, x))["subscriptionId"]
            path = "/rest/caas/relationnumber/partners/v1.0"
            asked = await client.get(
                world.url + path, params={"subscriptionId": bound}, headers=world.headers(world.axb)
            )
            assert asked.json()["relationNumList"][0]["calleeNum"] == B
            call = await world.call(A, x)
            await world.hang_up(call)
            assert len(got) == len(await world.pushes()) > 3
            with pytest.raises(RuntimeError, match="await a method of AsyncWorldHandle"):
                _ = world.twin.now
        await transport.aclose()

    asyncio.run(use())


@pytest.mark.parametrize("engine", ["asyncio", "trio"])
def test_a_fault_is_awaited_or_holds_within_its_block(async_private_number: AsyncWorldHandle, engine: str) -> None:
    world = async_private_number

    async def use() -> None:
        async with world.fault(operation="axb.bind", code="403/1012010", times=2) as fault:
            with pytest.raises(RequestRefused, match="1012010"):
                await world.axb.bind(A, B, world.axb.numbers[0])
            assert await fault.hits() == 1
        assert await world.faults() == []
        with pytest.raises(LookupError, match="was ended"):
            await fault.hits()
        lasting = await world.fault("dropped", push="cdr")
        assert [each["id"] for each in await world.faults()] == [lasting.id]
        async with lasting:
            assert lasting.view["fault"] == "dropped"
        assert await world.faults() == []
        with pytest.raises(DriverError, match="did you mean dropped"):
            await world.fault("dropt", push="cdr")

    if engine == "asyncio":
        asyncio.run(use())
    else:
        trio.run(use)
