"""Faults of a world whose methods are awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.embed.errors import keep_first_error, tells_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from privnum.mockserver.embed.faults import Fault

__all__ = ["AsyncFault"]

__tracebackhide__ = tells_all


class AsyncFault:
    """A fault that a world makes, until `end`; an async context manager.

    As Fault, but what asks the server is awaited: `await fault.hits()`, `await fault.end()`.
    """

    def __init__(self, twin: Fault, wait_for: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self._twin = twin
        self._wait_for = wait_for
        self.id = twin.id
        self.view = twin.view

    async def hits(self) -> int:
        """Return how often it has struck. LookupError: it was ended."""
        return int(await self._wait_for(lambda: self._twin.hits))

    async def end(self) -> None:
        """Make the fault no more."""
        await self._wait_for(self._twin.end)

    async def __aenter__(self) -> AsyncFault:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        with keep_first_error(error):
            await self.end()
