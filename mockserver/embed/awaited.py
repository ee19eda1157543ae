"""What an async world makes when it is awaited, or for an `async with`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from privnum.mockserver.embed.errors import tells_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType

__all__ = ["Awaited"]

__tracebackhide__ = tells_all


class _Ending(Protocol):
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> Any: ...


_T = TypeVar("_T", bound=_Ending)


class Awaited(Generic[_T]):
    """What `fault(…)` and `snapshot(…)` of an async world return.

    It is made when it is awaited, or at the begin of an `async with`, with which it ends.
    """

    def __init__(self, make: Callable[[], Awaitable[_T]]) -> None:
        self._make = make
        self._made: _T | None = None

    def __await__(self) -> Generator[Any, None, _T]:
        return self._make().__await__()

    async def __aenter__(self) -> _T:
        self._made = await self._make()
        return self._made

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._made is not None  # __aenter__ has made it
        await self._made.__aexit__(kind, error, at)
