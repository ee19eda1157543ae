"""Time in checks that wait.

By the driver's clock, or else in real time, where all of them wait at once.

A check lets time pass with context.advance. One that needs no calls may be a generator, which yields the seconds that
have to pass before it goes on:

@check("AXB-LIFE-006")
def test_expiry_frees_the_numbers(context: CheckContext) -> Iterator[float]:
    life = span(context, 60, real=3)
    with Moment(context) as made:
        pair = bound(context, duration=life)
    yield made.until(life + 1)
    bound(context, pair.b, pair.a, pair.x)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from privnum.suites.base.claims import NotExercised, Stopped, TimeOver
from privnum.suites.base.ended import RunEnded
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.cost import Foresight, Need
from privnum.suites.runner.fiber import CheckFiber
from privnum.suites.target.number_pool import Occupied

if TYPE_CHECKING:
    from types import TracebackType

    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.runner.context import CallView
    from privnum.suites.runner.definitions import Check
    from privnum.suites.runner.session import Session

__all__ = ["GRAIN", "Make", "Moment", "Timetable", "instant", "poll_call", "span"]

Make = Callable[[CheckContext], Iterator[float] | None]

LOOK = 0.5
"""Seconds between two looks at a call in real time."""
AT_ONCE = 40
"""Checks that go on at once, at most: each looks at its calls, and answers must not come late for that."""
GRAIN = 1
"""Seconds by which a platform may cut off a time: 12:00:00.9 counts as 12:00:00."""


class Moment:
    """When something was done.

    Between `before` and `after`, in seconds of the check's time.
    """

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self.before = self.after = instant(context)

    def __enter__(self) -> Moment:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.after = instant(self._context)

    def until(self, seconds: float) -> float:
        """Seconds from now until that many have surely passed since then."""
        return max(0.0, self.after + seconds - instant(self._context))

    def certain(self, end: float) -> None:
        """Raise NotExercised unless `end` seconds have surely not passed.

        By any clock.
        """
        late = instant(self._context) - self.before - (end - GRAIN)
        if late > 0:
            raise NotExercised(f"the target answered {late:.1f} s too late to say what was there before the end")


def instant(context: CheckContext) -> float:
    """The seconds of the time that rules here.

    World time, or real time where the driver has no clock.
    """
    return context.now().timestamp() if "clock" in context.session.capabilities else context.session.clock()


def span(context: CheckContext, seconds: int, *, real: int, whole: int = 0) -> int:
    """A lifetime to use: `seconds`, or `real` where it passes in real time.

    `whole` is how long the check takes in real time. Raises NotExercised where that is more than --max-wait.
    """
    if "clock" in context.session.capabilities:
        return seconds
    context.session.allow(whole or real)
    return real


def poll_call(
    context: CheckContext, call: CallView, over: Callable[[CallView], bool], seconds: int, *, late: int = 0
) -> CallView:
    """The call after `seconds`, or at most `late` s later, when `over`.

    In real time as soon as it is.

    Real time may take a little longer. Raises NotExercised where it is not over within --max-wait, and that is less.
    """
    if "clock" in context.session.capabilities:
        context.advance(seconds)
        call = context.look(call)
        while late > 0 and not over(call) and call.state != "ended":
            context.advance(1)
            call, late = context.look(call), late - 1
        return call
    session = context.session
    end = session.clock() + min(seconds + max(late, session.patience), session.max_wait)
    while not over(call := context.look(call)):
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

    def run(self, context: CheckContext) -> None:
        """On an open context, from beginning to end."""
        context.rules = self.check.requirements
        for seconds in self.make(context) or ():
            context.advance(seconds)


class Timetable:
    """The checks of a run that wait.

    Where there is no clock to advance, the first that is due starts all of them.

    They share the X numbers meanwhile, but no users, and none does anything to an application or an X as a whole: a
    check that has to (require_exclusive) comes afterwards, alone. None begins that would wait longer than --max-wait.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._foresight = Foresight(session)
        self._planned: dict[str, tuple[Check, Make]] = {}
        self._ended: dict[str, tuple[CheckContext, BaseException | None]] = {}

    def plan(self, name: str, check: Check, make: Make) -> None:
        """The check of that name will be asked for in this run."""
        self._planned[name] = (check, make)

    def run(self, context: CheckContext, check: Check, make: Make) -> None:
        """Run a check on an open context, or take over how it went.

        The latter when all were run.
        """
        if "clock" in self._session.capabilities:
            _Planned(context.name, check, make, Need()).run(context)
            return
        if context.name in self._planned:
            self._run_all(context.receiver)
        outcome = self._ended.pop(context.name, None)
        if outcome is None:
            one = self._planned_check(context.name, check, make)
            self._session.allow(one.need.seconds)
            one.run(context)
            return
        other, error = outcome
        context.ledger, context.history = other.ledger, other.history
        if error is not None:
            raise error

    def _planned_check(self, name: str, check: Check, make: Make) -> _Planned:
        one = _Planned(name, check, make, Need())
        one.need = self._foresight.of(name, one.run)
        return one

    def _run_all(self, host: Inbox) -> None:
        """Run whatever is planned, the longest first.

        `host` is the inbox to which pushes come.
        """
        planned, self._planned = self._planned, {}
        session = self._session
        foreseen = [self._planned_check(name, *rest) for name, rest in planned.items() if not session.missing(rest[0])]
        waiting = sorted(foreseen, key=lambda one: -one.need.seconds)
        going: dict[CheckFiber, _Planned] = {}
        try:
            while waiting or going:
                for one in [] if session.deadline.begin() else list(waiting):
                    if one.need.is_exclusive or one.need.seconds > session.max_wait or session.missing(one.check):
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

    def _course(self, one: _Planned, host: Inbox) -> CheckFiber:
        context = CheckContext(self._session, one.name, host=host)

        def go() -> None:
            try:
                one.run(context.open())
            except BaseException:
                with suppress(Exception, Stopped):
                    context.close()
                raise
            context.close()

        return CheckFiber(context, go)

    def _go_on(self, course: CheckFiber, one: _Planned, going: dict[CheckFiber, _Planned]) -> None:
        """Let a check go on to its next wait, or to its end."""
        going[course] = one
        course.go_on()
        if course.over:
            del going[course]
            if isinstance(course.error, RunEnded):
                raise course.error
            if not isinstance(course.error, Occupied):
                self._ended[one.name] = (course.context, course.error)
