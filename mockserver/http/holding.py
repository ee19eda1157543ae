"""A connection that holds answers until they may go out.

Where a state is kept, that is when what they answer is kept; else at the
end of the round of the event loop, right after one another.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from privnum.mockserver.http.serves import Serves

__all__ = ["HoldingProtocol"]


class HoldingProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which can hold answers back.

    They go out in their order. What a connection begins with is set when it is made, so that the arguments of
    uvicorn's constructor, which promises nothing, are named nowhere.
    """

    __slots__ = ("_heard", "_held", "_serves")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a client that sends nothing is not waited for for ever."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._serves = cast("Serves", self.config.app)
        self._held = 0  # answers that wait
        self._heard = self.loop.time()  # when the client last sent something
        self._wait_for_more()

    def _wait_for_more(self) -> None:
        """Close the connection when nothing has come for so long.

        The timer is left as it stands, and looks when it rings: to set it anew for each request costs more.
        """
        if self.timeout_keep_alive_task is None:
            wait = self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was idle, with nothing left to be answered."""
        self.timeout_keep_alive_task = None
        if self._is_unanswered() and not self.cycle.more_body:
            return  # the answer sets the timer
        left = self._heard + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _hold(self, answer: bytes, closes: bool) -> None:
        """Send an answer once it may go out.

        `closes`: the connection ends with it.
        """
        self._held += 1
        when_kept = self._serves.when_kept
        if when_kept is None:
            self._serves.round.add(self, answer, closes)
        else:
            when_kept(partial(self.let_go, answer, closes))

    def let_go(self, answer: bytes, closes: bool) -> None:
        """Send an answer that was held."""
        raise NotImplementedError

    def _behind_held(self, send: Callable[[], None]) -> None:
        """Send something that has to be behind every answer that is held."""

        def let_go() -> None:
            self._held -= 1
            send()

        self._held += 1
        when_kept = self._serves.when_kept
        if when_kept is None:
            self._serves.round.end()
            let_go()
        else:
            when_kept(let_go)

    def drop_held(self) -> None:
        """Close the connection if answers wait: they can never go out."""
        if self._held:
            self.transport.close()

    def _is_unanswered(self) -> bool:
        """Whether a request that went by way of ASGI has no whole answer yet."""
        return self.cycle is not None and not self.cycle.response_complete
