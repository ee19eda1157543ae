"""One run against one target.

Its connections, its environments, and the choices that were found out.
"""

from __future__ import annotations

import itertools
import math
import secrets
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zlib import crc32

from privnum import contracts
from privnum.suites.base.claims import (
    NoAnswer,
    NotExercised,
    Stopped,
    Unreachable,
)
from privnum.suites.coverage.sightings import Ration
from privnum.suites.driver.circuit_breaker import Watch, WatchedDriver, WatchedTransport
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.runner.assumptions import Choices, Findings, Unsettled
from privnum.suites.runner.connect import connect, live_server, make_receiver
from privnum.suites.runner.credentials import check_credentials
from privnum.suites.runner.definitions import PROBES
from privnum.suites.runner.environment import (
    DEFAULT_WORLD,
    Environment,
    OwnWorld,
    SharedApplications,
    turns,
)
from privnum.suites.runner.events import Journal
from privnum.suites.runner.fiber import CheckFiber
from privnum.suites.runner.inventory import CHECKED, Inventory
from privnum.suites.runner.preflight import prove_free, prove_world
from privnum.suites.runner.scheduler import Timetable
from privnum.suites.safety.cleanup import (
    asker,
    drop_worlds,
    put_back,
    undo_all,
)
from privnum.suites.safety.limits import Guard, refusal
from privnum.suites.safety.world_clock import WorldClock
from privnum.suites.target.config import (
    EMBEDDED,
    Target,
    TargetError,
)
from privnum.suites.transport.client import JSON_TYPE, sign
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.callbacks.receiver import Receiver
    from privnum.suites.runner.definitions import Probe
    from privnum.suites.safety.cleanup_journal import Book, Entry
    from privnum.suites.transport.api import Transport
    from privnum.suites.transport.raw import Wire

__all__ = ["Session"]

OTHER_MODE = "X"


class Session(Inventory):
    """Everything that the contexts of a run share.

    `world_assumptions` are choices that worlds are created with; they are not declared, the probes find them out.
    `world_variations` are what worlds do otherwise; the checks do not learn of them.
    `disruptive` asks for disruptive checks off loopback too. `transport`, `driver` and `receiver` may be given, to
    check something that is not reached in one of the usual ways. `proves_ground` asks first whether anything is bound
    on the X numbers of target.toml. `guard` bounds what is sent; `permitted` says that a target off this machine may
    be tested. Where no clock can be advanced, no check waits longer than `max_wait` s;
    `clock` and `sleep` are real time. `deadline` is the end of the run; `watch` and `driver_watch` see to it that
    nothing is sent behind it, or to nobody. `probes` are those that find out what is open: a run of a part of the
    suites needs those of the whole. Raises TargetError where it may not, and where nobody listens.
    """

    def __init__(
        self,
        target: Target = EMBEDDED,
        *,
        seed: int = 0,
        journal: Journal | None = None,
        disruptive: bool = False,
        world_assumptions: Mapping[str, contracts.Value] | None = None,
        world_variations: Sequence[str] = (),
        transport: Transport | None = None,
        driver: Driver | None = None,
        receiver: Receiver | None = None,
        guard: Guard | None = None,
        permitted: bool = False,
        proves_ground: bool = True,
        deadline: Deadline | None = None,
        watch: Watch | None = None,
        driver_watch: Watch | None = None,
        max_wait: float = 0.0,
        probes: Mapping[str, Probe] = PROBES,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        problem = refusal(target, permitted=permitted)
        if problem is not None:
            raise TargetError(problem)
        super().__init__()
        self.target = target
        self.guard = guard or Guard(target)
        self.seed = seed
        self.journal = journal or Journal()
        self.ration = Ration()
        self.disruptive = disruptive
        self.world_assumptions = dict(world_assumptions or {})
        self.world_variations = list(world_variations)
        self.patience = target.receiver.patience_seconds
        """Seconds of real time without a push after which none is waited for, where the driver cannot say it."""
        self.max_wait = max_wait
        self.clock = clock
        self._sleep = sleep
        self.timetable = Timetable(self)
        self._begin()
        self.findings = Findings(self, target.assumptions, probes)
        self._choices, self._unsettled = Choices(self.findings), Unsettled(self.findings)
        self.deadline = deadline or Deadline()
        self._watch = watch or Watch(self.deadline)
        self._driver_watch = driver_watch or Watch(self.deadline)
        self._driver: Driver | None = None
        self.receiver: Receiver = receiver or make_receiver(target)
        self.is_staged = transport is not None  # nothing else reaches what is under test
        try:
            sending, driving = (transport, driver) if transport else connect(target, self.receiver, self.deadline)
            self.transport: Transport = WatchedTransport(self.guard.over(sending), self._watch)
            self._driver = None if driving is None else WatchedDriver(self.guard.driving(driving), self._driver_watch)
            self._survey(proves_ground=proves_ground)
        except BaseException:
            self.receiver.close()
            if self._driver is not None:
                self._driver.close()
            raise

    def _begin(self) -> None:
        """What is known, made and used so far: nothing."""
        self.capabilities: frozenset[str] = frozenset()
        self.about: dict[str, Any] = {}
        self.turns: dict[str, Iterator[int]] = dict(turns())
        self.grounds: set[SharedApplications] = set()
        """Ground that open contexts share with those of the probes: their clock is one."""
        self.worlds: set[str] = set()
        """Worlds that were made and not dropped yet."""
        self.leased: set[str] = set()
        """Users that open contexts have."""
        self.reproduced: set[str] = set()
        """Requirements of which a failure came again on a fresh start."""
        self.is_part = False  # others check the rest: nothing is left out that a check before has shown
        self._contexts = itertools.count(1)
        self._grounds_of: Counter[str] = Counter()
        self._run = secrets.token_hex(4)
        self._modes: tuple[str, ...] = CHECKED[:1]
        self._wire: Wire | None = None
        self._live: Any = None
        self._world_clock: WorldClock | None = None

    # ── connecting ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _survey(self, *, proves_ground: bool) -> None:
        """Find out what the target can do.

        Lay a first ground to see whether that is true.
        """
        try:
            if self._driver is not None:
                self.about = self._driver_capabilities(self._driver)
                self.capabilities = frozenset(self.about["capabilities"])
                prove_world(self.target, self._driver, self.capabilities)
                if "clock" in self.capabilities and not self.owns_worlds:
                    self._world_clock = WorldClock(self._driver, self.target.world or DEFAULT_WORLD, self.clock)
            self.guard.begin(owns_worlds=self.owns_worlds)
            self._modes = self._find_modes()
            environment = self.lay_ground(self.new_name())
            try:
                self._apps = environment.apps
                if not self.scope:
                    there = ", ".join(sorted({app.mode for app in self._apps}))
                    raise TargetError(
                        f"{self.target.name}: its applications are of mode {there}, and there are rules of "
                        f"{', '.join(CHECKED)} only; name an application of one of these (docs/target.md)"
                    )
                if isinstance(environment, OwnWorld):
                    self.findings.know(environment.assumptions)
                self._knock(environment)
                if isinstance(environment, SharedApplications):
                    check_credentials(self.transport, environment)
                    if proves_ground:
                        prove_free(self.target, environment.apps, asker(self.transport, environment.prefix))
            finally:
                environment.clear()
        except NotExercised as error:
            raise TargetError(f"{self.target.name}: {error}") from None
        except NoAnswer as error:
            raise TargetError(f"{self.target.name}: nothing answers: {error}") from None
        except DriverError as error:
            raise TargetError(f"{self.target.name}: the driver fails: {error}") from None

    def _driver_capabilities(self, driver: Driver) -> dict[str, Any]:
        """What the driver says of itself."""
        try:
            reply: dict[str, Any] = driver.send("capabilities")
        except NoAnswer as error:
            place = f"the driver, {self.target.driver_url}" if self.target.driver_url else "the driver"
            raise TargetError(f"{self.target.name}: nothing answers at {contracts.mask(place)}: {error}") from None
        return reply

    def _knock(self, environment: Environment) -> None:
        """Ask for an address that there is not.

        Anybody who listens and says nothing, or nonsense, is checked for it.
        """
        try:
            self.transport.request(
                "GET", environment.prefix + "/rest", "", [*sign(environment.apps[0]), JSON_TYPE], b""
            )
        except Unreachable:
            raise
        except NoAnswer:
            return

    def _find_modes(self) -> tuple[str, ...]:
        """Modes of a world's applications: those we check.

        If that is one only, another too, tried with a world.
        """
        if not self.owns_worlds:
            return ()
        known: list[str] = self.about["modes"]
        checked = tuple(mode for mode in CHECKED if mode in known) or CHECKED[:1]
        if len(checked) > 1:
            return checked
        usual = OTHER_MODE if OTHER_MODE not in checked else CHECKED[0]
        self._modes = (*checked, next((mode for mode in known if mode not in CHECKED), usual))
        try:
            self.lay_ground(self.new_name()).clear()
        except DriverError:
            return checked
        return self._modes

    @property
    def owns_worlds(self) -> bool:
        """Whether every context gets a world of its own."""
        return "worlds" in self.capabilities and self.target.world is None

    @property
    def driver(self) -> Driver:
        """The driver.

        Raises RuntimeError where there is none: a check that needs one must say so.
        """
        if self._driver is None:
            raise RuntimeError("the target has no driver; the check needs a capability that it does not name")
        return self._driver

    @property
    def wire(self) -> Wire:
        """The target's port.

        An embedded server is given one when it is first asked for.
        """
        if self._wire is None:
            from privnum.suites.transport.raw import Wire

            base = self.target.base_url
            if base is None:
                self._live = live_server()
                base = str(self._live.url)
            parts = urlsplit(base)
            wire = Wire(parts.hostname or "127.0.0.1", parts.port or 80, watch=self._watch)
            self._wire = self.guard.wiring(wire)
        return self._wire

    @staticmethod
    def another(target: Target, **options: Any) -> Session:
        """A session with other connections, by the arguments of Session.

        cost.py tries checks on one.
        """
        return Session(target, **options)

    def new_name(self, check: str = "") -> str:
        """A name for ground that nobody else has.

        On a server of our own it is the same in every run of the check.
        """
        if not self.target.embedded:
            return f"check-{self._run}-{next(self._contexts)}"
        self._grounds_of[check] += 1
        return f"check-{crc32(check.encode()):08x}-{self._grounds_of[check]}"

    def wait(self, seconds: float) -> None:
        """Let real time pass, for all checks that go on (scheduler.py).

        Raises TimeOver where the run ends before.
        """
        course = threading.current_thread()
        if isinstance(course, CheckFiber):
            course.wait_until(self.clock() + seconds)
        else:
            self._sleep(self.deadline.bounded_seconds(seconds))
        self.deadline.check()

    def allow(self, seconds: float) -> None:
        """Raise NotExercised for a wait that is longer than --max-wait."""
        if seconds > self.max_wait:
            whole = math.ceil(seconds)
            text = f"it needs a wait of {whole} s, or a clock; --max-wait is {self.max_wait:g}"
            raise NotExercised(text, f"max_wait:{whole}")

    def lay_ground(self, name: str, *, host: Inbox | None = None) -> Environment:
        """Ground for one context.

        With a `host`, one of several at once, whose pushes come to it.

        Worlds of one name and seed take the same turns where a server leaves it to chance.
        """
        if self.owns_worlds:
            host = None
        inbox = self.receiver.open_box(name, host)
        try:
            if self.owns_worlds:
                return OwnWorld(self, inbox, name, self._modes)
            return SharedApplications(self, inbox, host)
        except BaseException:
            self.receiver.close_box(inbox)
            raise

    def undo_bindings(self, entries: Iterable[Entry]) -> None:
        """Dissolve what stands so in the cleanup journal.

        What is not dissolved stays open there.

        Raises NoAnswer, TimeOver.
        """
        if self.guard.book is not None:
            prefix = urlsplit(self.target.base_url or "").path.rstrip("/")
            with self.guard.beyond():
                undo_all(self.guard.book, entries, self.target.applications, asker(self.transport, prefix))

    def _undo_rest(self, book: Book) -> None:
        with self.deadline.undoing(), self.guard.beyond():
            if self._driver is not None:  # first, as a blocked X may keep its bindings
                with suppress(Stopped):
                    put_back(book, self._driver)
            with suppress(Stopped):
                self.undo_bindings(book.open())
            if self._world_clock is not None:  # last: what is due by the moved clock has happened
                with suppress(Stopped):
                    self._world_clock.put_back()

    def close(self) -> None:
        """Let go of everything.

        What could not be undone before is tried once more.
        """
        if self._driver is not None and not self.target.embedded:
            with self.deadline.undoing():
                drop_worlds(self.worlds, self._driver)
        if self.guard.book is not None:
            try:
                self._undo_rest(self.guard.book)
            finally:
                self.guard.book.close()
        self.receiver.close()
        self.transport.close()
        if self._driver is not None:
            self._driver.close()
        if self._live is not None:
            self._live.stop()

    # ── assumptions ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The choice at every assumption: known, else found out, else the default.

        A probe that was left out so far runs when its assumption is asked for.
        """
        return self._choices

    @property
    def unsettled(self) -> Set[str]:
        """Assumptions whose choice is neither known nor found out."""
        return self._unsettled
