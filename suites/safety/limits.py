"""What keeps a run within bounds.

Which numbers it may touch, how many requests and calls it may cost, how fast.

Every request, every raw exchange and every message to the driver passes here on its way to the target.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.claims import NotExercised, Unreachable
from privnum.suites.base.ended import until_answered
from privnum.suites.base.printing import plural
from privnum.suites.driver.protocol import Driver
from privnum.suites.safety.cleanup_journal import Book, BookError
from privnum.suites.safety.permission import PERMISSION
from privnum.suites.safety.phone_numbers import (
    numbers_in,
    numbers_of_message,
    spelled_number,
    touched_parts,
)
from privnum.suites.target.config import TargetError
from privnum.suites.transport.raw import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from privnum.suites.base.answer import Answer
    from privnum.suites.safety.cleanup_journal import Entry
    from privnum.suites.safety.phone_numbers import Touched
    from privnum.suites.target.config import App, Target
    from privnum.suites.transport.api import Transport
    from privnum.suites.transport.client import Headers

__all__ = ["Guard", "Limits", "Spent", "Unnamed", "UsedUp", "refusal"]


def refusal(target: Target, *, permitted: bool) -> str | None:
    """Why nothing may be sent to the target, in one line; None if it may.

    Ask before anything is sent.
    """
    if target.loopback or permitted:
        return None
    return (
        f"{target.name} is not on this machine: every bind and call may cost money and ring at somebody. "
        f"If you may test it, say so with {PERMISSION} (pytest: --privnum{PERMISSION[1:]}); "
        f"--dry-run shows what would be sent (docs/target.md)"
    )


class Unnamed(NotExercised):
    """A number would be bound or dialled that target.toml does not name."""


class UsedUp(NotExercised):
    """The run has sent as many requests, or placed as many calls, as it may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a run may send; None: as many as it likes.

    `rate` is API requests and calls in a second.
    """

    requests: int | None = None
    calls: int | None = None
    rate: float | None = None


@dataclass(slots=True)
class Spent:
    """What a run has sent so far.

    Binds and what undoes them are among the requests.
    """

    requests: int = 0
    binds: int = 0
    calls: int = 0


class Guard:
    """The bounds of one run.

    `bindings` is the file of the cleanup journal, None: none. `clock` gives seconds, `sleep` lets some pass; both are
    real time. What was bound is undone `beyond` the bounds: there only the rate holds.
    """

    def __init__(
        self,
        target: Target,
        limits: Limits | None = None,
        *,
        bindings: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self.book: Book | None = None
        self._bindings = bindings
        self.spent = Spent()
        self._target = target
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._x = frozenset(spelled_number(x.number) for app in target.applications for x in app.numbers)
        self._beyond = False
        self.lock = RLock()
        """Held by who looks into the bounds: of requests that overlap one asks at a time."""

    @property
    def idle(self) -> bool:
        """Whether nothing is bounded, so that nothing need pass here."""
        return self.limits == Limits() and not self._target.only_named_numbers and self._target.embedded

    def begin(self, *, owns_worlds: bool) -> None:
        """Get ready, once it is known what the checks stand on.

        What they bind in worlds of their own needs no book.

        Raises TargetError where [safety] does not go with the driver, or an earlier run has left bindings behind.
        """
        problem = self.misfit(owns_worlds=owns_worlds)
        if problem is not None:
            raise TargetError(f"{self._target.name}: {problem}")
        if owns_worlds:
            return
        try:
            self.book = Book(self._bindings, self._target.base_url or "", durable=not self._target.loopback)
        except BookError as error:
            raise TargetError(str(error)) from None
        if self.book.left:
            left, path = self.book.left, self.book.path
            self.book.close()
            raise TargetError(
                f"an earlier run has left {left} thing{'s' * (left > 1)} undone ({path}); "
                f"undo them first: privnum clean --target {self._target.file or 'FILE'}"
            )

    def misfit(self, *, owns_worlds: bool) -> str | None:
        """What of the file's [safety] does not go with the driver, in one line.

        None if all does.
        """
        target = self._target
        if owns_worlds and target.only_named_numbers:
            return (
                "the driver makes worlds, whose numbers are made up, and only named numbers may be touched: name "
                "driver.world and applications, or, where those worlds ring at nobody, set safety.only_named_numbers = "
                "false"
            )
        if not (owns_worlds or target.only_named_numbers or target.loopback):
            return "safety.only_named_numbers = false is for a driver that makes worlds, off this machine"
        return None

    # ── what passes ──────────────────────────────────────────────────────────────────────────────────────────────────

    def over(self, transport: Transport) -> Transport:
        """The transport within these bounds."""
        return transport if self.idle else _Transport(self, transport)

    def driving(self, driver: Driver) -> Driver:
        """The driver within these bounds."""
        return driver if self.idle else _Driver(self, driver)

    def wiring(self, wire: Wire) -> Wire:
        """The port within these bounds."""
        return wire if self.idle else _Wire(self, wire)

    @contextmanager
    def beyond(self) -> Iterator[None]:
        """While what was done is undone, which must not fail for a limit."""
        before, self._beyond = self._beyond, True
        try:
            yield
        finally:
            self._beyond = before

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def check_request(self, method: str, request: Touched, app: App | None) -> None:
        """Raise Unnamed for a request about a number that is not named.

        One that would bind, change or dissolve something of it.
        """
        if self._beyond or not self._target.only_named_numbers or method.upper() == "GET":
            return
        self._check(f"{number} ({where})" for number, where in request.numbers.items() if not self._names(number))
        if request.lets_pick and not (app and app.more_numbers is False):
            raise Unnamed(
                "the platform would pick an X, and target.toml does not say that the application has no other X than "
                "those it names (more_numbers = false)"
            )

    def signer(self, headers: Headers) -> App | None:
        """The application whose app_key the headers name."""
        values = [value for _, value in headers]
        return next((a for a in self._target.applications if any(f'"{a.key}"' in value for value in values)), None)

    def check_message(self, message: Any) -> None:
        """Raise Unnamed for a driver message about an unnamed number."""
        if self._target.only_named_numbers and not self._beyond:
            found = numbers_of_message(message)
            self._check(f"{number} ({where})" for number, where in found.items() if not self._names(number))

    def check_bytes(self, data: bytes) -> None:
        """Raise Unnamed for raw bytes that spell a number that is not named."""
        if self._target.only_named_numbers:
            self._check(number for number in numbers_in(data.decode("latin-1")) if not self._names(number))

    def _check(self, unnamed: Iterable[str]) -> None:
        found = contracts.mask(", ".join(sorted(unnamed)))
        if found:
            raise Unnamed(
                f"{found}: named neither under [users] nor as a number of an application in target.toml, "
                "and no other number is bound or dialled there"
            )

    def _names(self, number: str) -> bool:
        forms = (number, number.removeprefix("+86"))
        if any(form in pool for form in forms for pool in self._target.pools.values()):
            return True
        return number in self._x

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, request: Touched, headers: Headers) -> Entry | None:
        """Enter a bind in the book before it is asked for.

        None where there is nothing to enter.
        """
        apps = self._target.applications
        if self.book is None or not request.binds or not apps:
            return None
        owner = next((app for app in apps if any(x.number == request.named.get("X") for x in app.numbers)), apps[0])
        return self.book.ask(request, (self.signer(headers) or owner).key)

    def not_sent(self, entry: Entry | None) -> None:
        """Enter that a bind has not left this machine."""
        if self.book is not None and entry is not None:
            self.book.close_entry(entry, "not sent")

    def busy(self) -> set[str]:
        """Users' numbers to which a binding may still refer."""
        return self.book.numbers() if self.book else set()

    def enter_outcome(self, request: Touched, entry: Entry | None, answer: Answer) -> None:
        """Enter what came of a bind or an unbind."""
        if self.book is None:
            return
        if entry is not None:
            self.book.enter_answer(entry, answer)
        elif (
            (request.operation or "").endswith(".unbind")
            and answer.ok
            and request.fields.keys() - {"app_key"} == {"subscriptionId"}
        ):
            self.book.close_dissolved(str(request.fields["subscriptionId"]))

    # ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def used_up(self, *, calls: bool = False) -> str | None:
        """Why nothing more may be sent, or with `calls` no call placed.

        None if it may.
        """
        limits, spent = self.limits, self.spent
        if limits.requests is not None and spent.requests >= limits.requests:
            return f"the run has sent its {plural(limits.requests, 'request')} (--max-requests)"
        if calls and limits.calls is not None and spent.calls >= limits.calls:
            return f"the run has placed its {plural(limits.calls, 'call')} (--max-calls)"
        return None

    def take_request(self, *, binds: bool = False) -> None:
        """Count a request that is about to be sent, and wait for its turn.

        Raises UsedUp where there are enough.
        """
        self._allow(self.used_up())
        self.spent.requests += 1
        self.spent.binds += binds
        self._wait()

    def take_call(self) -> None:
        """As take_request, for a call."""
        self._allow(self.used_up(calls=True))
        self.spent.calls += 1
        self._wait()

    def _allow(self, reason: str | None) -> None:
        if reason is not None and not self._beyond:
            raise UsedUp(reason)

    def _wait(self) -> None:
        if self.limits.rate is None:
            return
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.limits.rate


class _Transport:
    """See Guard.over."""

    def __init__(self, guard: Guard, inner: Transport) -> None:
        self._guard = guard
        self._inner = inner

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        """See Transport. Raises Unnamed and UsedUp besides."""
        guard, request = self._guard, touched_parts(method, path, query, body)
        with guard.lock:
            guard.check_request(method, request, guard.signer(headers))
            guard.take_request(binds=request.binds)
        with until_answered():
            with guard.lock:
                entry = guard.enter(request, headers)
            try:
                answer = self._inner.request(method, path, query, headers, body)
            except Unreachable:
                with guard.lock:
                    guard.not_sent(entry)
                raise
            with guard.lock:
                guard.enter_outcome(request, entry, answer)
        return answer

    def close(self) -> None:
        """See Transport."""
        self._inner.close()


class _Driver(Driver):
    """See Guard.driving."""

    def __init__(self, guard: Guard, inner: Driver) -> None:
        self._guard = guard
        self._inner = inner

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """See Driver. Raises Unnamed and UsedUp besides."""
        self._guard.check_message(body)
        if operation in ("calls.create", "sms.create"):  # an SMS costs money as a call does
            self._guard.take_call()
        return self._inner.exchange(operation, body, query=query, **places)

    def close(self) -> None:
        """See Driver."""
        self._inner.close()


class _Wire(Wire):
    """See Guard.wiring."""

    def __init__(self, guard: Guard, inner: Wire) -> None:
        super().__init__(inner.host, inner.port)
        self._guard = guard
        self._inner = inner

    def exchange(self, data: bytes, answers: int = 1) -> list[Answer]:
        """See Wire. Raises Unnamed and UsedUp besides."""
        self._guard.check_bytes(data)
        self._guard.take_request()
        return self._inner.exchange(data, answers)
