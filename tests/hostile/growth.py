"""How the work of a reader grows with its input: as a ratio within one run, or in lines; the machine has no say."""

from __future__ import annotations

import gc
import sys
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

__all__ = ["FACTOR", "MOST", "growth", "lines_run"]

_T = TypeVar("_T")

#: How much longer the second input is than the first.
FACTOR: Final = 8
#: Most that the work may grow by: linear work grows by 8, quadratic work by 64.
MOST: Final = 24
_TRIES: Final = 5
_TURNS: Final = 4
_ENOUGH: Final = 200_000_000


def growth(read: Callable[[_T], object], make: Callable[[int, int], _T], size: int) -> float:
    """Return by how much the processor time of `read` grows when its input grows by FACTOR.

    What is over MOST is measured again, at another moment: neighbours in the cache of a processor can add
    a half to a time, and never take anything away from one.

    Args:
        read: what is measured.
        make: makes the input of a size; the second argument is another one each time, so that nothing is remembered.
        size: of the smaller input.
    """
    found = float("inf")
    for turn in range(_TURNS):
        first = 2000 * turn
        found = min(found, _least(read, make, size * FACTOR, first + 1000) / _least(read, make, size, first))
        if found < MOST:
            break
    return found


def _least(read: Callable[[_T], object], make: Callable[[int, int], _T], size: int, first: int) -> int:
    """Return the least nanoseconds of this thread in a few tries; fewer of them where they take long."""
    times: list[int] = []
    for each in range(_TRIES):
        given = make(size, first + each)
        gc.disable()
        began = time.thread_time_ns()
        try:
            read(given)
        finally:
            took = time.thread_time_ns() - began
            gc.enable()
        times.append(took)
        if sum(times) > _ENOUGH:
            break
    return max(min(times), 1)


def lines_run(work: Callable[[], object]) -> int:
    """Return how many lines of Python are run: work that is counted, not timed."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(former)
    return count
