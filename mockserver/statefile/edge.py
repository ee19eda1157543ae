"""An edge whose inputs are kept, and can be carried out again.

During an input edge time stands still, so that all that it does is a function of what is kept of it.
"""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Any
from zlib import crc32

from privnum.mockserver.control.edge import Edge, wall_clock_ms
from privnum.mockserver.pushes.outcomes import NO_TRIP, Trip
from privnum.mockserver.statefile.inputs import Api, Command, Outcome, Refused, Restart, Take, Time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from privnum.mockserver.control.messages import ControlAnswer
    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.pushes.outbox import Outbox
    from privnum.mockserver.pushes.pump import Pushing
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.statefile.commits import Keeps
    from privnum.mockserver.statefile.inputs import Input
    from privnum.mockserver.worlds.platform import Platform
    from privnum.mockserver.worlds.world import World

__all__ = ["KeptEdge", "NotTheSame"]

_OK = 200
_CARRIED_OUT = 300
_BUG = 500


class NotTheSame(Exception):
    """An input has another answer than it had; the text says which."""


class _StandingTime:
    """Edge time, which stands still during an input."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._held: int | None = None

    def __call__(self) -> int:
        """Return it, in milliseconds."""
        return self._now_ms() if self._held is None else self._held

    def hold(self, ms: int | None = None) -> int:
        """Let it stand, as it is or at an instant; return that."""
        self._held = self._now_ms() if ms is None else ms
        return self._held

    def go_on(self) -> None:
        """Let it go on."""
        self._held = None


class _Ticks:
    """Times an answer, or lets one have taken as long as it did."""

    def __init__(self) -> None:
        self._began = self.us = 0
        self._under_way = False
        self._again: int | None = None

    def __call__(self) -> int:
        """Return nanoseconds: a beginning, and then its end."""
        self._under_way = not self._under_way
        if self._again is not None:
            return 0 if self._under_way else self._again * 1000
        now = perf_counter_ns()
        if self._under_way:
            self._began = now
        else:
            self.us = (now - self._began) // 1000
        return now

    def begin(self, us: int | None = None) -> None:
        """Begin an answer that takes `us` microseconds; None: it is measured."""
        self._under_way, self._again, self.us = False, us, 0


class KeptEdge(Edge):
    """An edge whose inputs go into a log.

    Args:
        platform: without a world, or with worlds of which an image will be made.
        now_ms: edge time.
    """

    def __init__(self, platform: Platform, now_ms: Callable[[], int] = wall_clock_ms) -> None:
        self._time = _StandingTime(now_ms)
        super().__init__(platform, self._time)
        self.ticks = self._ticks = _Ticks()
        #: Where the inputs go; None: nowhere, since they come from there, or since the end is near.
        self.log: Keeps | None = None
        #: Attempts to push without an outcome, with their worlds, by the number by which each was handed out.
        self.handed: dict[int, tuple[World, Push]] = {}
        self.handed_out = 0
        self._numbers: dict[int, int] = {}

    def begin_keeping(self) -> None:
        """Begin to keep what comes in."""
        if self.log is not None:
            self.log.start()
            self.when_kept = self.log.when_kept

    def end_keeping(self) -> None:
        """Keep no more; what is under way has no outcome."""
        log, self.log, self.when_kept = self.log, None, None
        if log is not None:
            log.stop()

    async def wait_until_kept(self) -> bool:
        """Wait until all that has come in so far is kept; return whether it is."""
        return self.log is None or await self.log.wait_until_kept()

    def _keep(self, entry: tuple[Any, ...]) -> None:
        if self.log is not None:
            self.log.add(entry)

    # ── inputs ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def api(
        self, method: str, path: str, query: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, client: str
    ) -> Answer:
        """Answer a request of the API plane, and keep it."""
        ms = self._time.hold()
        self._ticks.begin()
        try:
            answer = super().api(method, path, query, headers, body, client)
        finally:
            self._time.go_on()
        if self.log is not None:
            us, check = self._ticks.us, _check_of(answer)
            self.log.add(("api", ms, method, path, query, headers, body, client, us, answer.status, check))
        return answer

    def command(self, method: str, path: str, query: str, body: bytes) -> ControlAnswer:
        """Carry out a control message, and keep it if it may change something."""
        ms = self._time.hold()
        try:
            reply = super().command(method, path, query, body)
        finally:
            self._time.go_on()
        if method != "GET" and not _CARRIED_OUT <= reply.status < _BUG:
            self._keep(("command", ms, method, path, query, body, reply.status))
        return reply

    def malformed_answer(self, target: str = "") -> Answer:
        """Return the answer to what is no request, and keep that it came."""
        return self._refuse(False, target, ())

    def oversized_answer(self, target: str, headers: Sequence[tuple[bytes, bytes]]) -> Answer:
        """Return the answer to a request beyond a limit, and keep that it came."""
        return self._refuse(True, target, headers)

    def _refuse(self, oversized: bool, target: str, headers: Sequence[tuple[bytes, bytes]]) -> Answer:
        ms = self._time.hold()
        try:
            answer = super().oversized_answer(target, headers) if oversized else super().malformed_answer(target)
        finally:
            self._time.go_on()
        self._keep(("refused", ms, oversized, target, list(headers)))
        return answer

    def pushing(self, world: World) -> Pushing:
        """Return what sends the pushes of a world and keeps that it does."""
        return _KeptPushing(self, world)

    def run_next_instant(self, world: World, limit_ms: int) -> bool:
        """Let a world go on, and keep it where anything came of it."""
        before, ms = world.now_ms, self._time.hold()
        try:
            moved = world.run_next_instant(limit_ms)
        finally:
            self._time.go_on()
        if moved or world.now_ms != before:
            self._keep_of(world, ("time", ms, world.id, limit_ms))
        return moved

    def take_pushes(self, world: World) -> Sequence[Push]:
        """Hand out what is ready, and keep that."""
        if not world.outbox.waiting:
            return ()
        ms = self._time.hold()
        try:
            pushes = world.take_pushes()
        finally:
            self._time.go_on()
        self._number(world, pushes)
        self._keep_of(world, ("take", ms, world.id))
        return pushes

    def _number(self, world: World, pushes: Sequence[Push]) -> None:
        """Give numbers to attempts that were handed out."""
        for push in pushes:
            self.handed_out += 1
            self.handed[self.handed_out] = world, push
            self._numbers[id(push)] = self.handed_out

    def record_outcome(self, world: World, push: Push, result: str, body: bytes, detail: str, trip: Trip) -> None:
        """Enter how an attempt ended, and keep it."""
        ms = self._time.hold()
        try:
            world.record_outcome(push, result, body, detail, trip)
        finally:
            self._time.go_on()
        number = self._numbers.pop(id(push), 0)
        if self.handed.pop(number, None) is not None:
            self._keep(("outcome", ms, number, result, body, detail, list(trip.headers), trip.ms))

    def _keep_of(self, world: World, entry: tuple[Any, ...]) -> None:
        """Keep what happened in a world, unless that has been dropped."""
        if self.platform.worlds.get(world.id) is world:
            self._keep(entry)

    # ── again ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def repeat(self, inputs: Iterable[Input]) -> int:
        """Carry out inputs again, in silence; return how many.

        Raises:
            NotTheSame: an answer is not what it was.
        """
        watch, count = self.platform.watch, 0
        told, watch.told = watch.told, None
        visited, self.platform.visited = self.platform.visited, self.catch_up
        try:
            for count, each in enumerate(inputs, 1):  # noqa: B007 - it is what is returned
                self._time.hold(each.edge_ms)
                self._repeat(each)
        finally:
            self._time.go_on()
            self._ticks.begin()
            watch.told, self.platform.visited = told, visited
        return count

    def restart(self) -> tuple[Any, ...]:
        """Let attempts without an outcome be due again.

        Return the input that says so.
        """
        entry = ("restart", self.now_ms())
        self.repeat([Restart(*entry)])
        return entry

    def _repeat(self, each: Input) -> None:
        world = self.platform.worlds.get(each.world) if isinstance(each, Time | Take) else None
        match each:
            case Api():
                self._ticks.begin(each.us)
                given = (each.method, each.path, each.query, each.headers, each.body, each.client)
                answer = Edge.api(self, *given)
                _compare(each, answer.status, each.check in (0, _check_of(answer)))
            case Command():
                reply = Edge.command(self, each.method, each.path, each.query, each.body)
                _compare(each, reply.status, True)
            case Refused(oversized=True):
                Edge.oversized_answer(self, each.target, each.headers)
            case Refused():
                Edge.malformed_answer(self, each.target)
            case Time() if world is not None:
                world.run_next_instant(each.limit_ms)
            case Take() if world is not None:
                self._number(world, world.take_pushes())
            case Outcome() if each.number in self.handed:
                world, push = self.handed.pop(each.number)
                self._numbers.pop(id(push), None)
                trip = NO_TRIP if each.ms is None and not each.headers else Trip(each.headers, each.ms)
                world.record_outcome(push, each.result, each.body, each.detail, trip)
            case Restart():
                for other in self.platform.worlds.values():
                    other.outbox.put_back(other.outbox.emptied + 1)
                self.handed.clear()
                self._numbers.clear()


class _KeptPushing:
    """The pushes and the time of a world, kept."""

    __slots__ = ("_edge", "_world")

    def __init__(self, edge: KeptEdge, world: World) -> None:
        self._edge = edge
        self._world = world

    @property
    def now_ms(self) -> int:
        """Where its clock stands."""
        return self._world.now_ms

    @property
    def outbox(self) -> Outbox:
        """What its pushes are in."""
        return self._world.outbox

    def take_pushes(self) -> Sequence[Push]:
        """Return what is due now; it is under way then."""
        return self._edge.take_pushes(self._world)

    def record_outcome(
        self, push: Push, outcome: str, body: bytes = b"", detail: str = "", trip: Trip = NO_TRIP
    ) -> None:
        """Enter the outcome of an attempt."""
        self._edge.record_outcome(self._world, push, outcome, body, detail, trip)

    def run_next_instant(self, limit_ms: int) -> bool:
        """Go on to the next instant at which something is due, or to the limit."""
        return self._edge.run_next_instant(self._world, limit_ms)


def _check_of(answer: Answer) -> int:
    """Return a check sum of a good answer, 0 of another."""
    return crc32(answer.body) if answer.status == _OK else 0


def _compare(each: Api | Command, status: int, is_same: bool) -> None:
    if status != each.status or not is_same:
        what = f"{each.status}, and {status} now" if status != each.status else f"{status} with another body"
        raise NotTheSame(f"{each.method} {each.path.partition('?')[0][:80]} was answered {what}")
