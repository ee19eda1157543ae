"""Time in checks that wait: by the driver's clock, or else in real time, where all of them wait at once.

A check that waits is a generator. It yields the seconds that have to pass before it goes on:

@check("AXB-LIFE-006")
def test_expiry_frees_the_numbers(bench: Bench) -> Iterator[float]:
    life = span(bench, 60, real=3)
    with Moment(bench) as made:
        pair = bound(bench, duration=life)
    yield made.until(life + 1)
    bound(bench, pair.b, pair.a, pair.x)
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from privnum.suites.bench import Bench
from privnum.suites.ledger import NotExercised, Stopped
from privnum.suites.users import Occupied

if TYPE_CHECKING:
    from types import TracebackType

    from privnum.suites.bench import CallView
    from privnum.suites.check import Check
    from privnum.suites.session import Session

__all__ = ["GRAIN", "Make", "Moment", "Timetable", "instant", "span", "watch"]

Make = Callable[[Bench], Iterator[float]]

LOOK = 0.25
"""Seconds between two looks at a call in real time."""
GRAIN = 1
"""Seconds by which a platform may cut off a time: 12:00:00.9 counts as 12:00:00."""


class Moment:
    """When something was done: between `before` and `after`, in seconds of the bench's time."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.before = self.after = instant(bench)

    def __enter__(self) -> Moment:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.after = instant(self._bench)

    def until(self, seconds: float) -> float:
        """Seconds from now until that many have surely passed since then."""
        return max(0.0, self.after + seconds - instant(self._bench))

    def certain(self, end: float) -> None:
        """Raise NotExercised unless it is certain that `end` seconds have not passed, to whatever clock."""
        late = instant(self._bench) - self.before - (end - GRAIN)
        if late > 0:
            raise NotExercised(f"the target answered {late:.1f} s too late to tell what was there before the end")


def instant(bench: Bench) -> float:
    """The seconds of the time that rules here: world time, or real time where the driver has no clock."""
    return bench.now().timestamp() if "clock" in bench.session.capabilities else bench.session.clock()


def span(bench: Bench, seconds: int, *, real: int, whole: int = 0) -> int:
    """A lifetime to use: `seconds`, or `real` where it passes in real time.

    `whole` is how long the check takes in real time. Raises NotExercised where that is more than --max-wait.
    """
    if "clock" in bench.session.capabilities:
        return seconds
    longest, needed = bench.session.max_wait, whole or real
    if needed > longest:
        text = f"it needs a wait of {needed} s, or a clock; --max-wait is {longest:g}"
        raise NotExercised(text, f"max_wait:{needed}")
    return real


def watch(bench: Bench, call: CallView, over: Callable[[CallView], bool], seconds: int) -> CallView:
    """The call after `seconds`, or in real time as soon as it is `over`, which may take so long and a little more.

    Raises NotExercised where it is not over within --max-wait, and that is less.
    """
    if "clock" in bench.session.capabilities:
        bench.advance(seconds)
        return bench.look(call)
    session = bench.session
    end = session.clock() + min(seconds + session.patience, session.max_wait)
    while not over(call := bench.look(call)):
        if session.clock() >= end:
            if seconds > session.max_wait:
                span(bench, seconds, real=seconds)
            return call
        session.wait(LOOK)
    return call


class Timetable:
    """The checks of a run that wait. Where there is no clock to advance, the first that is due starts all of them.

    They share the X numbers meanwhile, but no users, and none does anything to an X as a whole. A check for which no
    users are left waits by itself afterwards.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._planned: dict[str, tuple[Check, Make]] = {}
        self._ended: dict[str, tuple[Bench, BaseException | None]] = {}

    def plan(self, name: str, check: Check, make: Make) -> None:
        """The check of that name will be asked for in this run."""
        self._planned[name] = (check, make)

    def run(self, bench: Bench, make: Make) -> None:
        """Run a check on an open bench, or take over how it went when all were run."""
        if "clock" in self._session.capabilities:
            for seconds in make(bench):
                if seconds > 0:
                    bench.advance(math.ceil(seconds))
            return
        if bench.name in self._planned:
            self._run_all()
        told = self._ended.pop(bench.name, None)
        if told is None:
            for seconds in make(bench):
                _note(bench, seconds)
                self._session.wait(seconds)
            return
        other, error = told
        bench.ledger, bench.history = other.ledger, other.history
        if error is not None:
            raise error

    def _run_all(self) -> None:
        planned, self._planned = self._planned, {}
        queue: list[tuple[float, int, Bench, Iterator[float]]] = []
        open_ = set[Bench]()
        try:
            for place, (name, (check, make)) in enumerate(planned.items()):
                if self._session.missing(check) is None:
                    bench = Bench(self._session, name, quiet=True)
                    open_.add(bench)
                    self._go_on(queue, open_, place, bench, make(bench))
            while queue:
                due, place, bench, steps = heapq.heappop(queue)
                self._session.wait(max(0.0, due - self._session.clock()))
                self._go_on(queue, open_, place, bench, steps)
        finally:
            for bench in open_:
                bench.close()

    def _go_on(
        self,
        queue: list[tuple[float, int, Bench, Iterator[float]]],
        open_: set[Bench],
        place: int,
        bench: Bench,
        steps: Iterator[float],
    ) -> None:
        """Let a check go on to its next wait, or to its end."""
        ended: BaseException | None = None
        try:
            bench.open()
            seconds = next(steps)
        except StopIteration:
            pass
        except (Exception, Stopped) as error:
            ended = error
        else:
            _note(bench, seconds)
            heapq.heappush(queue, (self._session.clock() + seconds, place, bench, steps))
            return
        try:
            open_.discard(bench)
            bench.close()
        except (Exception, Stopped) as error:
            ended = ended or error
        if not isinstance(ended, Occupied):
            self._ended[bench.name] = (bench, ended)


def _note(bench: Bench, seconds: float) -> None:
    if seconds > 0:
        bench.note(f"{seconds:.1f} seconds pass in real time")
