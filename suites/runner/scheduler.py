"""Time in checks that wait: by the driver's clock, or else in real time, where all of them wait at once.

A check lets time pass with Bench.advance. One that needs no calls may be a generator, which yields the seconds that
have to pass before it goes on:

@check("AXB-LIFE-006")
def test_expiry_frees_the_numbers(bench: Bench) -> Iterator[float]:
    life = span(bench, 60, real=3)
    with Moment(bench) as made:
        pair = bound(bench, duration=life)
    yield made.until(life + 1)
    bound(bench, pair.b, pair.a, pair.x)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from privnum.suites.base.claims import NotExercised, Stopped, TimeOver
from privnum.suites.base.ended import RunEnded
from privnum.suites.runner.context import Bench
from privnum.suites.runner.cost import Foresight, Need
from privnum.suites.runner.fiber import Course
from privnum.suites.target.number_pool import Occupied

if TYPE_CHECKING:
    from types import TracebackType

    from privnum.suites.callbacks.inbox import Mailbox
    from privnum.suites.runner.context import CallView
    from privnum.suites.runner.definitions import Check
    from privnum.suites.runner.session import Session

__all__ = ["GRAIN", "Make", "Moment", "Timetable", "instant", "span", "watch"]

Make = Callable[[Bench], Iterator[float] | None]

LOOK = 0.5
"""Seconds between two looks at a call in real time."""
AT_ONCE = 40
"""Checks that go on at once, at most: each looks at its calls, and answers must not come late for that."""
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
    bench.session.allow(whole or real)
    return real


def watch(bench: Bench, call: CallView, over: Callable[[CallView], bool], seconds: int, *, late: int = 0) -> CallView:
    """The call after `seconds`, or at most `late` s later, when it is `over`; in real time as soon as it is.

    Real time may take a little longer. Raises NotExercised where it is not over within --max-wait, and that is less.
    """
    if "clock" in bench.session.capabilities:
        bench.advance(seconds)
        call = bench.look(call)
        while late > 0 and not over(call) and call.state != "ended":
            bench.advance(1)
            call, late = bench.look(call), late - 1
        return call
    session = bench.session
    end = session.clock() + min(seconds + max(late, session.patience), session.max_wait)
    while not over(call := bench.look(call)):
        if session.clock() >= end:
            session.allow(seconds)
            return call
        session.wait(LOOK)
    return call


@dataclass(slots=True)
class _Planned:
    """A check that will be asked for."""

    name: str
    check: Check
    make: Make
    need: Need

    def run(self, bench: Bench) -> None:
        """On an open bench, from beginning to end."""
        bench.judges = self.check.requirements
        for seconds in self.make(bench) or ():
            bench.advance(seconds)


class Timetable:
    """The checks of a run that wait. Where there is no clock to advance, the first that is due starts all of them.

    They share the X numbers meanwhile, but no users, and none does anything to an application or an X as a whole: a
    check that has to (Bench.by_itself) comes afterwards, alone. None begins that would wait longer than --max-wait.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._foresight = Foresight(session)
        self._planned: dict[str, tuple[Check, Make]] = {}
        self._ended: dict[str, tuple[Bench, BaseException | None]] = {}

    def plan(self, name: str, check: Check, make: Make) -> None:
        """The check of that name will be asked for in this run."""
        self._planned[name] = (check, make)

    def run(self, bench: Bench, check: Check, make: Make) -> None:
        """Run a check on an open bench, or take over how it went when all were run."""
        if "clock" in self._session.capabilities:
            _Planned(bench.name, check, make, Need()).run(bench)
            return
        if bench.name in self._planned:
            self._run_all(bench.receiver)
        told = self._ended.pop(bench.name, None)
        if told is None:
            one = self._foreseen(bench.name, check, make)
            self._session.allow(one.need.seconds)
            one.run(bench)
            return
        other, error = told
        bench.ledger, bench.history = other.ledger, other.history
        if error is not None:
            raise error

    def _foreseen(self, name: str, check: Check, make: Make) -> _Planned:
        one = _Planned(name, check, make, Need())
        one.need = self._foresight.of(name, one.run)
        return one

    def _run_all(self, host: Mailbox) -> None:
        """Run whatever is planned, the longest first. `host` is the mailbox to which pushes come."""
        planned, self._planned = self._planned, {}
        session = self._session
        foreseen = [self._foreseen(name, *rest) for name, rest in planned.items() if not session.missing(rest[0])]
        waiting = sorted(foreseen, key=lambda one: -one.need.seconds)
        going: dict[Course, _Planned] = {}
        try:
            while waiting or going:
                for one in [] if session.deadline.begin() else list(waiting):
                    if one.need.alone or one.need.seconds > session.max_wait or session.missing(one.check):
                        waiting.remove(one)
                    elif self._has_room(one, going.values()):
                        waiting.remove(one)
                        self._go_on(self._course(one, host), one, going)
                if not going:
                    break
                due = min(going, key=lambda course: course.due)
                with suppress(TimeOver):
                    session.wait(max(0.0, due.due - session.clock()))
                self._go_on(due, going[due], going)
        finally:
            for course in list(going):
                course.halt()

    def _has_room(self, one: _Planned, going: Iterable[_Planned]) -> bool:
        """Whether there are users for it beside those that go on."""
        others = list(going)
        if not others or self._session.owns_worlds:
            return len(others) < AT_ONCE
        taken = sum((other.need.users for other in others), one.need.users)
        pools = self._session.target.pools
        return len(others) < AT_ONCE and all(number <= len(pools.get(kind, ())) for kind, number in taken.items())

    def _course(self, one: _Planned, host: Mailbox) -> Course:
        bench = Bench(self._session, one.name, host=host)

        def go() -> None:
            try:
                one.run(bench.open())
            except BaseException:
                with suppress(Exception, Stopped):
                    bench.close()
                raise
            bench.close()

        return Course(bench, go)

    def _go_on(self, course: Course, one: _Planned, going: dict[Course, _Planned]) -> None:
        """Let a check go on to its next wait, or to its end."""
        going[course] = one
        course.go_on()
        if course.over:
            del going[course]
            if isinstance(course.error, RunEnded):
                raise course.error
            if not isinstance(course.error, Occupied):
                self._ended[one.name] = (course.bench, course.error)
