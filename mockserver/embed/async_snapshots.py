"""Snapshots of a world whose methods are awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.embed.errors import keep_first_error, tells_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from privnum.mockserver.embed.snapshots import Snapshot

__all__ = ["AsyncSnapshot"]

__tracebackhide__ = tells_all


class AsyncSnapshot:
    """What a world was at a moment; an async context manager.

    As Snapshot, but what asks the server is awaited: `await snapshot.restore()`, `await snapshot.drop()`.
    """

    def __init__(self, twin: Snapshot, wait_for: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self._twin = twin
        self._wait_for = wait_for
        self.id = twin.id
        self.now = twin.now
        self.view = twin.view

    async def restore(self) -> None:
        """Put the world back; as often as you like."""
        await self._wait_for(self._twin.restore)

    async def drop(self) -> None:
        """Keep it no more."""
        await self._wait_for(self._twin.drop)

    async def __aenter__(self) -> AsyncSnapshot:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        with keep_first_error(error):
            await self.restore()
            await self.drop()

    def __repr__(self) -> str:
        return repr(self._twin)
