"""`privnum check --dry-run`: the run on our own server.

In this process, with the target's applications and numbers.

What a check sends depends on what it is answered, so this is an estimate: it says what would be sent to a target that
answers as ours does. Nothing is sent anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.base import profiles
from privnum.suites.base.claims import NoAnswer
from privnum.suites.base.printing import plural
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.runner.connect import connect_driver, embedded_transport, live_server
from privnum.suites.runner.cost import Alike
from privnum.suites.runner.session import Session
from privnum.suites.safety.limits import Guard, Limits, Spent
from privnum.suites.target.config import TargetError, application_spec
from privnum.suites.transport.raw import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.target.config import Target
    from privnum.suites.transport.api import Transport
    from privnum.suites.transport.client import Headers

__all__ = ["Rehearsal"]

WORLD = "rehearsal"
SHOWN = 2
"""Requests and calls of a check that are shown."""
LONGEST = 200
"""Characters of a request that are shown."""
SAMPLE = 10
"""One in this many examples of a state machine is tried."""
DRAWN = 0.4
"""By what part the other examples may send less or more than those that are tried."""


@dataclass(slots=True)
class _Tried:
    """What a check sent, and why it could not be tried if it could not."""

    name: str
    requirements: tuple[str, ...]
    spent: Spent = field(default_factory=Spent)
    sent: list[str] = field(default_factory=list)
    reason: str | None = None


class Rehearsal:
    """One dry run: makes the session, listens to it, and reports in text."""

    def __init__(self) -> None:
        self.checks: list[_Tried] = []
        self.limits = Limits()
        self.target: Target | None = None
        self._guard: Guard | None = None
        self._now: _Tried | None = None
        self._before = Spent()
        self.capabilities: frozenset[str] | None = None
        """What the target's driver can do; None: it was not asked."""
        self._whole = 1.0
        """Examples of a machine in a whole run for each that is tried here."""
        self._unseen = Spent()
        """What the other examples would send."""

    # ── the stand-in ─────────────────────────────────────────────────────────────────────────────────────────────────

    def make_session(self, target: Target, *, guard: Guard, **options: Any) -> Session:
        """A session on the stand-in.

        `options` are those of a session on the target itself.
        """
        self.target, self.limits = target, guard.limits
        whole = profiles.active()
        part = profiles.sample(whole, SAMPLE)
        self._whole = whole.examples / part.examples
        profiles.use(part)
        self.capabilities = _capabilities(target, permitted=bool(options.get("permitted")))
        receiver = EmbeddedReceiver()
        stage = embedded_transport(receiver)
        driver = Driver(stage)
        able = self.capabilities
        owns_worlds = target.has_driver and target.world is None and (able is None or "worlds" in able)
        alike = driver if able is None else Alike(stage, able)
        if not owns_worlds:
            driver.send(
                "worlds.create", {"id": WORLD, "applications": [application_spec(app) for app in target.applications]}
            )
            target = replace(target, world=WORLD)
        self._guard = Guard(target, replace(guard.limits, rate=None))
        clock = _Clock(driver, None if owns_worlds else WORLD)
        options |= {"permitted": True, "clock": clock.read, "sleep": clock.sleep}
        prefix = urlsplit(target.base_url or "").path.rstrip("/")
        session = _Rehearsed(
            target,
            guard=self._guard,
            transport=_Recording(self, stage, "" if owns_worlds else prefix),
            driver=_RecordingDriver(self, alike) if target.has_driver else None,
            receiver=receiver,
            **options,
        )
        session.profile = whole
        return session

    def note(self, text: str) -> None:
        """Something is sent."""
        if self._now is not None and len(self._now.sent) < SHOWN:
            shown = contracts.mask(text[: 4 * LONGEST])  # a body may have megabytes
            self._now.sent.append(shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} …")

    def on_event(self, event: Mapping[str, Any]) -> None:
        """A line of the event stream: here checks begin and end."""
        if event["event"] == "check_started":
            self._now = _Tried(event["check"], tuple(event["requirements"]))
            self._before = replace(self._spent)
        elif event["event"] == "check_finished" and self._now is not None:
            spent, before = self._spent, self._before
            names = ("requests", "binds", "calls")
            times = self._whole if "machine" in self._now.name else 1
            counts = {name: round(times * (getattr(spent, name) - getattr(before, name))) for name in names}
            self._now.spent = Spent(**counts)
            for name, count in counts.items():
                setattr(self._unseen, name, getattr(self._unseen, name) + count - count / times)
            if event["outcome"] == "not_exercised":
                self._now.reason = event["reason"]
            self.checks.append(self._now)
            self._now = None

    @property
    def _spent(self) -> Spent:
        return self._guard.spent if self._guard else Spent()

    # ── what is reported ─────────────────────────────────────────────────────────────────────────────────────────────

    def lines(self, *, brief: bool = False) -> Iterator[str]:
        """What a run would send, check by check, and in all; `brief`: in all only."""
        name = self.target.name if self.target else ""
        yield f"Dry run: nothing was sent to {name}. The checks were tried on the stand-in server in this process, with"
        yield "the applications and numbers of target.toml. What the target answers decides what is really sent."
        if self.target and self.target.has_driver and self.capabilities is None:
            yield "The driver was not asked: it is taken that it can do all that its protocol has."
        elif self.capabilities is not None:
            able = ", ".join(sorted(self.capabilities)) or "nothing more"
            yield f"The driver, which was asked for that alone, has {able}."
        if not brief:
            for check in self.checks:
                yield from _lines(check)
        yield ""
        yield from self._sums()

    def _range(self, name: str) -> str:
        """How many in all, as a range.

        Histories are drawn, so that those not tried here may be longer or shorter.
        """
        seen, unseen = getattr(self._spent, name), getattr(self._unseen, name)
        low, high = round(seen + unseen * (1 - DRAWN)), round(seen + unseen * (1 + DRAWN))
        return f"{seen:,}" if low == high else f"{low:,} to {high:,}"

    def _sums(self) -> Iterator[str]:
        spent, tried = self._spent, [check for check in self.checks if check.reason is None]
        requests, binds, calls = (self._range(name) for name in ("requests", "binds", "calls"))
        yield (
            f"About {requests} API requests, {binds} of them binds, and {calls} calls "
            f"for {plural(len(tried), 'check')}; {plural(len(self.checks) - len(tried), 'check')} would not be tried."
        )
        if self.limits.rate is not None:
            seconds = math.ceil((spent.requests + spent.calls + self._unseen.requests) / self.limits.rate)
            yield f"At --rate {self.limits.rate:g} that takes {plural(seconds, 'second')} or more."
        if self._guard is not None and (reason := self._guard.used_up(calls=True)) is not None:
            yield f"A limit is reached: {reason}."


def _lines(check: _Tried) -> Iterator[str]:
    rules = f" ({', '.join(check.requirements)})" if check.requirements else ""
    yield ""
    yield f"{check.name}{rules}"
    spent = check.spent
    if check.reason is not None:
        yield f"  not tried to the end: {check.reason}" if spent.requests else f"  not tried: {check.reason}"
    if spent.requests or spent.calls:
        counts = plural(spent.requests, "request"), plural(spent.binds, "bind"), plural(spent.calls, "call")
        yield f"  {', '.join(counts)}; it begins with"
        yield from (f"    {line}" for line in check.sent)


def _capabilities(target: Target, *, permitted: bool) -> frozenset[str] | None:
    """What the target's driver says that it can do.

    None where it may not be asked, or does not say it.
    """
    if not (target.loopback or permitted):
        return None
    try:
        driver = connect_driver(target)
        if driver is None:
            return None
        try:
            return frozenset(driver.send("capabilities")["capabilities"])
        finally:
            driver.close()
    except (NoAnswer, DriverError, TargetError):
        return None


class _Clock:
    """Real time that passes when somebody waits, as does the world's."""

    def __init__(self, driver: Driver, world: str | None) -> None:
        self._driver = driver
        self._world = world
        self._now = 0.0

    def read(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        if self._world is not None and seconds > 0:
            self._driver.send("clock.set", {"advance_seconds": math.ceil(seconds)}, world=self._world)


class _Recording:
    """The way into the stand-in.

    `prefix` is the path of the target's address, which the stand-in does not have.
    """

    def __init__(self, rehearsal: Rehearsal, inner: Transport, prefix: str) -> None:
        self._rehearsal = rehearsal
        self._inner = inner
        self._prefix = prefix

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport."""
        content = f" {body[: 4 * LONGEST].decode('utf-8', 'backslashreplace')}" if body else ""
        self._rehearsal.note(f"{method} {path}{'?' if query else ''}{query}{content}")
        return self._inner.request(method, path.removeprefix(self._prefix), query, headers, body)

    def close(self) -> None:
        """See Transport."""
        self._inner.close()


class _RecordingDriver(Driver):
    """The stand-in's driver; calls are noted."""

    def __init__(self, rehearsal: Rehearsal, inner: Driver) -> None:
        self._rehearsal = rehearsal
        self._inner = inner

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """See Driver."""
        if operation == "calls.create" and isinstance(body, dict):
            self._rehearsal.note(f"call from {body.get('caller')} to {body.get('called')}")
        if operation == "sms.create" and isinstance(body, dict):
            self._rehearsal.note(f"SMS from {body.get('from')} to {body.get('to')}")
        return self._inner.exchange(operation, body, query=query, **places)

    def close(self) -> None:
        """See Driver."""
        self._inner.close()


class _Rehearsed(Session):
    """A session of a dry run, which waits for no push in real time.

    Its raw bytes go to a port of the stand-in, too.
    """

    patience = 0.0
    profile: profiles.Profile
    """What was in force before, and is again when it is over."""

    def close(self) -> None:
        """See Session."""
        super().close()
        profiles.use(self.profile)

    @property
    def wire(self) -> Wire:
        """See Session."""
        if self._wire is None:
            self._live = live_server()
            parts = urlsplit(str(self._live.url))
            self._wire = self.guard.wiring(Wire(parts.hostname or "", parts.port or 0))
        return self._wire
