"""The stand-in server as an httpx transport.

The same client code, nothing on the wire.

    with httpx.Client(transport=PrivnumTransport(), base_url="http://privnum.test") as client: ...
    async with httpx.AsyncClient(transport=AsyncPrivnumTransport(), base_url="http://privnum.test") as client: ...

Both serve the API plane and the control plane. Pushes go to a function, or with `customer=HttpCustomer()` (sync), or
without a customer (async), over HTTP.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from privnum.mockserver.control.edge import Edge, wall_clock_ms
from privnum.mockserver.embed.async_handle import AsyncWorldHandle, awaiting
from privnum.mockserver.embed.customer import AsyncCustomer, calling
from privnum.mockserver.embed.direct import BASE_URL, Customer, DirectServer
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.wire import Asking
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.faulty import PATIENCE, AnswerLost
from privnum.mockserver.http.gate import Gate
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.http.posting import PushRules

__all__ = ["AsyncPrivnumTransport", "PrivnumTransport", "answer"]


def answer(server: DirectServer, request: httpx.Request) -> httpx.Response:
    """Let a server answer a request of httpx, whatever host it is for.

    Raises:
        httpx.TransportError: a fault that was asked for; the one that httpx raises where it happens on the wire.
    """
    path, _, query = request.url.raw_path.decode("latin-1").partition("?")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    try:
        status, fields, body = server.request(
            request.method, path, query, headers, request.read(), patience=_patience(request)
        )
    except AnswerLost as lost:
        raise _as_on_the_wire(lost, request) from lost
    return httpx.Response(status, headers=fields, content=body)


def _patience(request: httpx.Request) -> float | None:
    timeouts: dict[str, Any] = request.extensions.get("timeout", {})
    return timeouts.get("read")


def _as_on_the_wire(lost: AnswerLost, request: httpx.Request) -> httpx.TransportError:
    """Return what httpx raises where a fault happens on the wire."""
    if lost.ending == "late":
        return httpx.ReadTimeout(f"The read operation timed out ({lost})", request=request)
    if lost.ending == "reset":
        return httpx.ReadError(f"Connection reset by peer ({lost})", request=request)
    if lost.ending == "dropped":
        text = f"Server disconnected without sending a response ({lost})."
        return httpx.RemoteProtocolError(text, request=request)
    text = f"peer closed connection without sending complete message body ({lost})"
    return httpx.RemoteProtocolError(text, request=request)


class PrivnumTransport(httpx.BaseTransport):
    """A sync transport over a server in process, by default one of its own."""

    def __init__(self, server: DirectServer | None = None, *, customer: Customer | None = None) -> None:
        self.server = server or DirectServer(customer=customer)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Pushes that it makes due are delivered before it returns.
        """
        return answer(self.server, request)


class _OpenGate(Gate):
    """Takes every control message, whatever host it is for.

    None comes from outside of the process.
    """

    def refusal(self, *_: object) -> None:
        """See Gate."""


class _InLoop(Asking):
    """Asks a transport from another thread.

    The loop that made the world answers.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """See Asking.

        Raises:
            RuntimeError: it is called in the loop that would have to answer.
        """
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._loop:
            raise RuntimeError("this loop would have to answer: await a method of AsyncWorldHandle instead")
        return asyncio.run_coroutine_threadsafe(self._exchange(method, target, headers, body), self._loop).result()

    async def _exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        request = httpx.Request(method, BASE_URL + target, headers=dict(headers), content=body)
        answered = await self._transport.handle_async_request(request)
        return answered.status_code, await answered.aread()


class AsyncPrivnumTransport(httpx.ASGITransport):
    """An async transport over the application behind the server on the wire.

    For asyncio only.

    Args:
        platform: whose worlds are served, by default a new one.
        customer: answers pushes, sync or async; None: they are sent over HTTP.
        edge_now_ms: edge time, the real time in milliseconds.
        rules: how pushes are sent over HTTP: time to answer, CA, hosts.
    """

    def __init__(
        self,
        platform: Platform | None = None,
        *,
        customer: Customer | AsyncCustomer | None = None,
        edge_now_ms: Callable[[], int] = wall_clock_ms,
        rules: PushRules | None = None,
    ) -> None:
        self.platform = platform or Platform(base_url=BASE_URL)
        deliver = None if customer is None else calling(customer, edge_now_ms)
        self._served = App(Edge(self.platform, edge_now_ms), deliver, gate=_OpenGate(), rules=rules)
        super().__init__(self._served)  # type: ignore[arg-type]  # ASGI in our types

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            RuntimeError: the program runs on trio, or on another loop than asyncio's.
            httpx.TransportError: a fault that was asked for; the one that httpx raises where it happens on the wire.
        """
        try:
            is_task_of_asyncio = asyncio.current_task() is not None
        except RuntimeError:
            is_task_of_asyncio = False
        if not is_task_of_asyncio:
            raise RuntimeError(
                "AsyncPrivnumTransport runs on asyncio only; on trio, let a LiveServer serve the client over loopback "
                "(privnum.mockserver.embed.live)"
            )
        former = PATIENCE.set(_patience(request))
        try:
            return await super().handle_async_request(request)
        except AnswerLost as lost:
            raise _as_on_the_wire(lost, request) from lost
        finally:
            PATIENCE.reset(former)

    async def world(self, **spec: Any) -> AsyncWorldHandle:
        """Make a world by `spec`, the control message driver/world.create.

        The handle is that of the fixture async_private_number; it asks in process, in the loop that runs. A function
        that answers calls or SMS is asked over a socket on loopback, so only where the transport has no customer.
        """
        asking = _InLoop(self, asyncio.get_running_loop())
        return AsyncWorldHandle(await awaiting(lambda: WorldHandle(self.platform.base_url, spec, asking=asking)))

    async def aclose(self) -> None:
        """Give up pushes that are under way."""
        await self._served.stop()
