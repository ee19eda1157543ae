"""Hands requests to other nodes many at a time, each behind the other.

One connection to a node takes them all, and its answers come in the same order: a write and a read have as many as
there are. Only what is answered at once goes that way; a request that would let the others wait is answered with
`NOT_MINE`, and is asked anew on a connection of its own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final, cast

from privnum.mockserver.http.nodes.passing import IDLE_SECONDS, open_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Pipe", "Pipes"]

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"\r\ncontent-length: "


class Pipe(asyncio.Protocol):
    """One connection to another node."""

    def __init__(self) -> None:
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        #: Who waits for the next answers, in their order.
        self._waiting: deque[Callable[[bytes | None], None]] = deque()
        self._unsent: list[bytes] = []
        self._unread = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)
        self._since = self._loop.time()

    def connection_lost(self, _: Exception | None) -> None:
        """Let nobody wait any more."""
        self.closed = True
        waiting, self._waiting = self._waiting, deque()
        for then in waiting:
            then(None)

    @property
    def is_usable(self) -> bool:
        """Whether the other side still keeps it."""
        return not self.closed and (bool(self._waiting) or self._loop.time() - self._since < IDLE_SECONDS)

    def ask(self, request: bytes, then: Callable[[bytes | None], None]) -> None:
        """Send a request at the end of this round of the loop.

        `then` is called with the whole answer, or with None where the connection was lost: nobody knows what became of
        the request.
        """
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent.append(request)
        self._waiting.append(then)

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        if self._transport is not None and not self.closed:
            self._transport.write(b"".join(unsent))

    def data_received(self, data: bytes) -> None:
        """Hand over each answer that is whole."""
        data = self._unread + data if self._unread else data
        place = 0
        while (end := _end_of_answer(data, place)) and self._waiting:
            self._waiting.popleft()(data[place:end])
            place = end
        self._unread = data[place:]
        self._since = self._loop.time()

    def close(self) -> None:
        """Close it."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()


def _end_of_answer(data: bytes, begin: int) -> int:
    """Return where the answer ends that begins there, 0: it is not whole.

    It is one of `head_of`, which gives each a length.
    """
    head_end = data.find(_HEAD_END, begin)
    if head_end < 0:
        return 0
    place = data.find(_LENGTH, begin, head_end) + len(_LENGTH)
    line_end = data.find(b"\r\n", place, head_end + 2)
    end = head_end + len(_HEAD_END) + int(data[place:line_end])
    return end if end <= len(data) else 0


class Pipes:
    """A connection to each other node that was asked."""

    def __init__(self) -> None:
        self._pipes: dict[str, Pipe] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}

    def get(self, address: str) -> Pipe | None:
        """Return the connection to a node; None: there is none yet."""
        pipe = self._pipes.get(address)
        if pipe is not None and pipe.is_usable:
            return pipe
        if pipe is not None:
            del self._pipes[address]
            pipe.close()
        if address not in self._opening:
            self._opening[address] = asyncio.ensure_future(self._open(address))
        return None

    async def _open(self, address: str) -> None:
        try:
            self._pipes[address] = await open_link(address, Pipe)
        except OSError:
            pass  # nobody is there; a request by itself finds that out, too
        finally:
            del self._opening[address]

    def keep_only(self, addresses: Iterable[str]) -> None:
        """Close the connections to other addresses.

        Who waits for an answer there waits no more.
        """
        kept = set(addresses)
        for address in self._pipes.keys() - kept:
            self._pipes.pop(address).close()
        for address in self._opening.keys() - kept:
            self._opening[address].cancel()

    def close(self) -> None:
        """Close every connection."""
        self.keep_only(())
