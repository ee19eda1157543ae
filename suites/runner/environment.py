"""What a context stands on.

A world of its own, or the target's given applications.
"""

from __future__ import annotations

import itertools
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum.suites.base.claims import NoAnswer
from privnum.suites.base.printing import plural
from privnum.suites.driver.protocol import DriverError, moment
from privnum.suites.target.config import App
from privnum.suites.target.modes import MODES, WorldApplication, takes_digits
from privnum.suites.target.number_pool import (
    HOME_AREAS,
    MadeUp,
    OwnNumbers,
    Pooled,
    Users,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from privnum import contracts
    from privnum.suites.base.answer import Answer
    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.runner.session import Session
    from privnum.suites.safety.cleanup_journal import Debt, Entry
    from privnum.suites.transport.client import Headers

__all__ = ["DEFAULT_WORLD", "START", "Environment", "OwnWorld", "SharedApplications"]

START = "2026-03-01T00:00:00Z"
"""World time at which the worlds of the suites begin."""
DEFAULT_WORLD = "default"
"""The id of the one world of a target that makes none, where its file does not say another."""
TONES = ["wait.wav", "hint.wav"]

_ORDER = {mode: place for place, mode in enumerate(MODES)}
_OTHER = WorldApplication((("+8617200000001", "0755"),), {})
"""That of a mode without checks."""

_NORMAL = {"status": "5"}
"""Of an X that carries bindings."""
_USUAL: dict[str, Any] = {
    "status": "normal", "allow_list": None, "requests_per_minute": None, "number_status_url": None,
}  # fmt: skip
"""Settings of an application that can be used, where a driver does not say how it is set."""


class Environment:
    """Applications, users, a inbox and a clock.

    `prefix` is the path before every API path, `world` its id.
    """

    world = ""
    prefix = ""
    apps: tuple[App, ...] = ()
    users: Users
    recipe: dict[str, Any] | None = None
    now: datetime | None = None

    def __init__(self, session: Session, inbox: Inbox) -> None:
        self.session = session
        self.inbox = inbox
        self.own_numbers = OwnNumbers(session.leased)

    def _addresses_of_sms(self) -> dict[str, str]:
        """The addresses for SMS; none where the driver knows of no SMS."""
        return self.inbox.sms_addresses if "sms" in self.session.capabilities else {}

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """Send a request; `path` is that of the API."""
        return self.session.transport.request(method, self.prefix + path, query, headers, body)

    @contextmanager
    def own_entries(self) -> Iterator[None]:
        """While requests are sent past `request`.

        What they enter in the cleanup journal is undone as its own.
        """
        yield

    def remember(self, _app: App, _names: Iterable[str]) -> dict[str, Any]:
        """Take note of settings of an application before they are changed.

        Return what has to be put back.
        """
        return {}

    def remember_number(self, _x: str, _usual: Mapping[str, Any] = _NORMAL) -> dict[str, Any]:
        """Take note of an X before its status, or what is `_usual`, is changed.

        Return what has to be put back.
        """
        return {}

    def note_call(self, call: str) -> None:
        """Take note of a call, by its id.

        Anybody who comes after must not find it running.
        """

    def read_clock(self) -> datetime:
        """World time, UTC; real time where the driver has no clock."""
        if "clock" not in self.session.capabilities:
            return datetime.now(UTC)
        return moment(self.session.driver.send("clock.get", world=self.world)["now"])

    def note_advance(self, seconds: int, clock: Mapping[str, Any]) -> None:
        """Take note of the time behind an advance of a clock at a stand.

        Raises DriverError where it is another.
        """
        if self.now is None:
            return
        now, due = moment(clock["now"]), self.now + timedelta(seconds=seconds)
        if abs(now - due) >= timedelta(seconds=1):
            raise DriverError(
                f"the clock stood at {self.now.isoformat()} and was advanced by {seconds} s; "
                f"it says {now.isoformat()}, {due.isoformat()} would be right"
            )
        self.now = now

    def clear(self) -> None:
        """Undo everything."""
        self.own_numbers.release()
        self.session.receiver.close_box(self.inbox)


class OwnWorld(Environment):
    """A world with a frozen clock, made for one context and dropped with it."""

    def __init__(self, session: Session, inbox: Inbox, name: str, modes: Sequence[str]) -> None:
        super().__init__(session, inbox)
        self.own_numbers = OwnNumbers()
        self.users = MadeUp()
        self.recipe = self._recipe(name, modes)
        self._name = name
        session.worlds.add(name)
        world = session.driver.send("worlds.create", self.recipe)
        self.world = world["id"]
        self.prefix = urlsplit(world["url"]).path.rstrip("/")
        asked, made = self.recipe["applications"], world["applications"]
        if len(made) != len(asked):
            raise DriverError(f"a world was asked for with {plural(len(asked), 'application')}; it has {len(made)}")
        # what the reply does not repeat is as it was asked for
        whole = [{**each, **reply, "more_numbers": False} for each, reply in zip(asked, made, strict=True)]
        self.apps = tuple(App.read(app, index) for index, app in enumerate(whole, start=1))
        self.assumptions: dict[str, contracts.Value] = world["assumptions"]
        self.now = moment(world["clock"]["now"])
        inbox.apps = {app.key: app for app in self.apps}

    def _recipe(self, name: str, modes: Sequence[str]) -> dict[str, Any]:
        assumptions = self.session.world_assumptions
        applications = [
            self._application(mode, application)
            for mode in modes
            for application in (MODES[mode].world if mode in MODES else (_OTHER,))
        ]
        recipe: dict[str, Any] = {
            "id": name,
            "seed": self.session.seed,
            "clock": {"mode": "frozen", "now": START},
            "home_areas": HOME_AREAS,
            "applications": applications,
        }
        variations = self.session.world_variations
        recipe |= {"variations": variations} if variations else {}
        return recipe | ({"assumptions": assumptions} if assumptions else {})

    def _application(self, mode: str, application: WorldApplication) -> dict[str, Any]:
        return {
            "mode": mode,
            "numbers": [{"number": number, "area_code": area} for number, area in application.numbers],
            "tones": TONES,
            "recording": True,
            "event_url": self.inbox.event_url,
            "fee_url": self.inbox.fee_url,
            **self._addresses_of_sms(),
            **application.settings,
        }

    def read_clock(self) -> datetime:
        """See Environment; a frozen clock moves only when the context advances it."""
        return super().read_clock() if self.now is None else self.now

    def clear(self) -> None:
        """See Environment."""
        super().clear()
        self.session.driver.send("worlds.delete", world=self.world)
        self.session.worlds.discard(self._name)


class SharedApplications(Environment):
    """The applications of target.toml, on a target without worlds.

    What was done is undone.

    Bindings are dissolved, calls hung up, settings and the clock put back. A clock that runs is made to stand still
    meanwhile, where the driver can do that (`now` is None where it cannot): what takes the suites a second must not be
    a second to the target. With a `host` others go on besides: its addresses for pushes stand.
    """

    def __init__(self, session: Session, inbox: Inbox, host: Inbox | None = None) -> None:
        super().__init__(session, inbox)
        target = session.target
        self.world = target.world or DEFAULT_WORLD
        self.prefix = urlsplit(target.base_url or "").path.rstrip("/")
        self.apps = tuple(sorted(target.applications, key=lambda app: _ORDER.get(app.mode, len(_ORDER))))
        self.users: Pooled = Pooled(dict(target.pools), session.turns, session.leased, session.guard.busy)
        inbox.apps = {app.key: app for app in self.apps}
        inbox.lasting = True
        settable = "application_settings" in session.capabilities and session.receiver.fixed is None and host is None
        inbox.own_paths = host.own_paths if host else settable or session.receiver.fixed is not None
        self._entered: list[Entry] = []
        self._before: dict[str, dict[str, Any]] = {}
        self._debts: list[Debt] = []
        if settable:
            for app in self.apps:
                addresses = {"event_url": inbox.event_url, "fee_url": inbox.fee_url, **self._addresses_of_sms()}
                self.remember(app, addresses)
                reply = session.driver.send("applications.update", addresses, world=self.world, app_key=app.key)
                self._before[app.key] = _without_addresses(reply) | self._before[app.key]
        if "clock" in session.capabilities:
            self._stop_clock()

    def _stop_clock(self) -> None:
        clock = self.session.driver.send("clock.get", world=self.world)
        if clock["mode"] != "frozen":
            debt = self._owe("clock.set", {"mode": "running"})
            try:
                clock = self.session.driver.send("clock.set", {"mode": "frozen"}, world=self.world)
            except DriverError:
                self._forgive(debt)
                return
            if clock["mode"] != "frozen":
                self._forgive(debt)
        self.now = moment(clock["now"]) if clock["mode"] == "frozen" else None
        self.session.grounds.add(self)

    def catch_up(self) -> None:
        """Read the clock again: others may have advanced it."""
        if self.now is not None:
            self.now = moment(self.session.driver.send("clock.get", world=self.world)["now"])

    def read_clock(self) -> datetime:
        """See Environment."""
        return super().read_clock() if self.now is None else self.now

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Environment.request.

        What it enters in the cleanup journal is this environment's to undo.
        """
        with self.own_entries():
            return super().request(method, path, query, headers, body)

    @contextmanager
    def own_entries(self) -> Iterator[None]:
        """See Environment."""
        book = self.session.guard.book
        mark = book.mark if book else 0
        try:
            yield
        finally:
            self._entered += book.open(mark) if book else ()

    def remember(self, app: App, names: Iterable[str]) -> dict[str, Any]:
        """See Environment."""
        if app.key not in self._before:
            self._before[app.key] = self._state(app)
        before = _USUAL | self._before[app.key]
        owed = {n for d in self._debts if d.places.get("app_key") == app.key for n in d.body}
        settings = {name: before[name] for name in sorted(names) if name in before and name not in owed}
        if settings:
            self._owe("applications.update", settings, app_key=app.key)
        return {name: before[name] for name in names if name in before}

    def _state(self, app: App) -> dict[str, Any]:
        """How the application is set, as the driver says.

        Else as far as target.toml says.
        """
        if "worlds" in self.session.capabilities:
            world = self.session.driver.send("worlds.get", world=self.world)
            return next((dict(settings) for settings in world["applications"] if settings["app_key"] == app.key), {})
        settings: dict[str, Any] = {"recording": app.recording}
        settings |= {} if app.tones is None else {"tones": list(app.tones)}
        if takes_digits(app.mode):
            settings |= {"repeat_collections": app.repeat_collections, "no_record": app.no_record}
        return settings

    def remember_number(self, x: str, usual: Mapping[str, Any] = _NORMAL) -> dict[str, Any]:
        """See Environment."""
        put_back = dict(usual)
        if all(debt.places.get("number") != x or debt.body != put_back for debt in self._debts):
            self._owe("numbers.update", put_back, number=x)
        return put_back

    def note_call(self, call: str) -> None:
        """See Environment."""
        self._owe("calls.hang_up", {"by": "caller"}, call=call)

    def _owe(self, operation: str, body: dict[str, Any], **places: str) -> Debt:
        """Enter in the cleanup journal what puts back a change, before it is made."""
        book = self.session.guard.book
        assert book is not None
        self._debts.append(book.owe(operation, body, world=self.world, **places))
        return self._debts[-1]

    def _forgive(self, debt: Debt) -> None:
        """The change was not made."""
        self._debts.remove(debt)
        if self.session.guard.book is not None:
            self.session.guard.book.close_debt(debt)

    def clear(self) -> None:
        """See Environment."""
        self.users.release()
        self.session.grounds.discard(self)
        calls = [debt for debt in self._debts if debt.operation == "calls.hang_up"]
        for debt in calls:
            with suppress(DriverError, NoAnswer):  # it has ended, or was forgotten
                self._send(debt)
            self._forgive(debt)
        super().clear()
        with self.session.guard.beyond():
            try:
                # A blocked X, or a frozen application, may keep its bindings.
                self._pay([debt for debt in self._debts if debt.operation != "clock.set"])
            finally:
                try:
                    self.session.undo_bindings(self._entered)
                finally:
                    self._pay(list(self._debts))

    def _pay(self, debts: Iterable[Debt]) -> None:
        for debt in debts:
            self._send(debt)
            self._forgive(debt)

    def _send(self, debt: Debt) -> None:
        self.session.driver.send(debt.operation, debt.body, **debt.places)


def _without_addresses(settings: dict[str, Any]) -> dict[str, Any]:
    """What the reply to a change of the addresses says of how it was before."""
    return {name: value for name, value in settings.items() if not name.endswith("_url")}


def turns() -> dict[str, itertools.count[int]]:
    """Where each pool of users goes on."""
    return {kind: itertools.count() for kind in ("mobile", "fixed_line", "service")}
