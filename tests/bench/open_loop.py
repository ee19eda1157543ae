"""An open-loop load generator: requests leave at their appointed times, whether or not earlier ones were answered.

A closed loop hides a slow server's tail, because it waits for the answer before it sends again. Here the latency of a
request counts from the time at which it was due, so a pause of the server shows in every request that it held up.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import httptools

if TYPE_CHECKING:
    from collections.abc import Callable

#: How often due requests are sent, in seconds; bounds the error of a latency from above.
TICK = 0.0005
#: Seconds beyond its length after which a run is given up.
PATIENCE = 240


@dataclass(slots=True)
class Tail:
    """Latencies of one open-loop run.

    Attributes:
        rate: requests per second that were asked for.
        latencies: seconds from the due time of a request to the end of its answer, in order of answers.
        failures: answers with a status other than 200.
    """

    rate: float
    latencies: list[float] = field(default_factory=list)
    failures: int = 0

    def percentile(self, share: float) -> float:
        """The latency in seconds that the given share (0 to 1) of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


class _Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.due = 0.0
        self.transport: asyncio.Transport | None = None
        self.parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own kind is not registered as one
        self.run.idle.append(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        tail = self.run.tail
        tail.latencies.append(time.perf_counter() - self.due)
        if self.parser.get_status_code() != 200:
            tail.failures += 1
        self.run.idle.append(self)
        self.parser = httptools.HttpResponseParser(self)

    def send(self, due: float, request: bytes) -> None:
        assert self.transport is not None
        self.due = due
        self.transport.write(request)


class _Run:
    def __init__(self, rate: float) -> None:
        self.tail = Tail(rate)
        self.idle: deque[_Connection] = deque()


async def _drive(port: int, rate: float, seconds: float, connections: int, request: Callable[[int], bytes]) -> Tail:
    run = _Run(rate)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
    everyone = list(run.idle)
    total = int(rate * seconds)
    start = time.perf_counter()
    sent = 0
    deadline = start + seconds + PATIENCE
    while sent < total and time.perf_counter() < deadline:
        due_by_now = min(total, int((time.perf_counter() - start) * rate))
        while sent < due_by_now and run.idle:
            run.idle.popleft().send(start + sent / rate, request(sent))
            sent += 1
        await asyncio.sleep(TICK)
    deadline = time.perf_counter() + 10
    while len(run.tail.latencies) < total and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    for connection in everyone:
        if connection.transport is not None:
            connection.transport.close()
    return run.tail


def drive(port: int, rate: float, seconds: float, request: Callable[[int], bytes], connections: int = 32) -> Tail:
    """Send `rate` requests a second for `seconds` to 127.0.0.1:`port`; `request(i)` gives the bytes of the i-th."""
    gc.collect()
    gc.disable()  # a pause of the generator would look like a pause of the server
    try:
        import uvloop

        return uvloop.run(_drive(port, rate, seconds, connections, request))
    finally:
        gc.enable()
