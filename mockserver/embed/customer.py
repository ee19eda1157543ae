"""Customers' servers for the embedded stand-in.

Over HTTP, or a Python function, sync or async.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from privnum.mockserver.embed.threads import need_threads
from privnum.mockserver.embed.wire import blocks_event_loop
from privnum.mockserver.http.posting import Poster, PushRules
from privnum.mockserver.pushes.addresses import PushTargets
from privnum.mockserver.pushes.outcomes import AttemptError, Trip, answered_outcome, outcome_of

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.direct import Customer
    from privnum.mockserver.pushes.outcomes import Outcome
    from privnum.mockserver.pushes.pump import AsyncDeliver
    from privnum.mockserver.pushes.push import Push

__all__ = ["AsyncCustomer", "HttpCustomer", "calling"]

#: As `Customer`, but awaited.
AsyncCustomer = Callable[[str, list[tuple[str, str]], bytes], Awaitable[tuple[int, bytes]]]

_IN_LOOP: Final = (
    "the thread that waits for it runs an event loop, and a receiver in that loop cannot answer meanwhile; use "
    "AsyncPrivnumTransport, or call from another thread"
)


class HttpCustomer:
    """Sends pushes over HTTP, for a server in process whose customer is not.

    `DirectServer(customer=HttpCustomer())`.

    They go over sockets of its own, in a thread of its own: no mock of an HTTP library touches them.

    Args:
        cap_seconds: real time that a receiver has to answer; then it counts as "timeout" (COM-OPEN-048).
        ca_file: certificates that are trusted too where pushes go to https.
        push_to: hosts to which pushes may go, besides this machine; "any": all.

    Raises:
        RuntimeError: gevent or eventlet has replaced threads.
    """

    def __init__(self, cap_seconds: float = 5.0, *, ca_file: str | None = None, push_to: Iterable[str] = ()) -> None:
        need_threads("HttpCustomer")
        self.push_targets = PushTargets(push_to)
        self._cap_seconds = cap_seconds
        self._poster = Poster(PushRules(ca_file=ca_file, targets=self.push_targets))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process_id: int | None = None
        self._starting = threading.Lock()

    def __call__(self, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        """Make one attempt.

        Raises:
            AttemptError: there was no answer.
        """
        posting = self._poster.post(url, headers, body, self._cap_seconds)
        outcome = asyncio.run_coroutine_threadsafe(posting, self._running_loop()).result()
        if not outcome.result.isdecimal():
            if outcome.result == "timeout" and blocks_event_loop():
                outcome = outcome._replace(detail=f"{outcome.detail}: {_IN_LOOP}")
            raise AttemptError(outcome)
        return int(outcome.result), outcome.body

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None or self._process_id != os.getpid():  # a fork leaves the thread behind
                self._process_id = os.getpid()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="privnum pushes", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """End the thread."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def calling(customer: Customer | AsyncCustomer, edge_now_ms: Callable[[], int]) -> AsyncDeliver:
    """Return a delivery that calls a function as the customer's server.

    The function may be sync or async.
    """

    async def deliver(push: Push) -> Outcome:
        headers, began = push.headers(edge_now_ms()), perf_counter()
        try:
            answer = customer(push.url, headers, push.content)
            status, body = await answer if inspect.isawaitable(answer) else answer
        except OSError as error:
            return outcome_of(error)._replace(trip=Trip.since(began, headers))
        return answered_outcome(status, body)._replace(trip=Trip.since(began, headers))

    return deliver
