"""A connection that holds answers until what they answer is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from privnum.mockserver.http.serves import Serves

__all__ = ["HoldingProtocol"]


class HoldingProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which can hold answers back.

    They go out in their order.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._serves = cast("Serves", config.app)
        self._held = 0  # answers that wait

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
