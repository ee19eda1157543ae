"""Room in memory for a run that makes many objects.

CPython keeps the frames of a thread in pieces of 16 KB that it takes from the system and gives back. Where a loop calls
from the last frame of a piece, each call takes one and gives it back: in a run of the suites 400,000 times, which is a
tenth of its time. A frame that is larger than a piece gets a larger one, where those of all it calls have room.
"""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["call_with_room", "rare_collections"]

T = TypeVar("T")

_WORDS: Final = 40_000
"""The size of its frame, in words of 8 bytes: the piece has 512 KB then, of which the rest is free."""
_THRESHOLDS: Final = (20_000, 20, 20)
"""Of the garbage collector: by its own, (700, 10, 10), it takes a fifth of a run's time, and finds little."""


def call_with_room(call: Callable[[], T]) -> T:
    """What the call gives."""
    return call()


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=_WORDS)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Have the garbage collector look less often.

    At the end of the process at nothing: it takes half a second there, to find what is gone a moment later anyway.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
