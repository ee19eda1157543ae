"""Gives a future its result, unless who waited for it has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

__all__ = ["fail", "resolve"]

_T = TypeVar("_T")


def resolve(waits: asyncio.Future[_T], result: _T) -> None:
    """Let who waits go on with a result."""
    if not waits.done():
        waits.set_result(result)


def fail(waits: asyncio.Future[Any], error: BaseException) -> None:
    """Let who waits have an error."""
    if not waits.done():
        waits.set_exception(error)
