"""A connection that holds answers until what they answer is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from privnum.mockserver.http.serves import Serves

__all__ = ["HoldingProtocol"]


class HoldingProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which can hold answers back.

    They go out in their order. What a connection begins with stands in the class, so that the arguments of uvicorn's
    constructor, which promises nothing, are named nowhere.
    """

    _serves: Serves
    _held = 0  # answers that wait

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._serves = cast("Serves", self.config.app)

    def _hold(self, send: Callable[[], None]) -> None:
        """Send an answer once what it answers is kept; where nothing is kept, now."""

        def let_go() -> None:
            self._held -= 1
            send()

        self._held += 1
        (self._serves.when_kept or _now)(let_go)

    def drop_held(self) -> None:
        """Close the connection if answers wait: they can never go out."""
        if self._held:
            self.transport.close()

    def _is_unanswered(self) -> bool:
        """Whether a request that went by way of ASGI has no whole answer yet."""
        return self.cycle is not None and not self.cycle.response_complete


def _now(do: Callable[[], None]) -> None:
    do()
