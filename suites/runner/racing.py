"""Requests of several clients at once, and the history of them.

Each client has a thread and connections of its own. A server in this process gets a port for it, as by plain calls
nothing would overlap.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.base.claims import NotExercised
from privnum.suites.base.trace import Step
from privnum.suites.driver.circuit_breaker import Watch, WatchedTransport
from privnum.suites.history.operations import Operation, Request, Seen
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.connect import live_server
from privnum.suites.runner.envelope import expect_platform
from privnum.suites.runner.session import Session
from privnum.suites.safety.limits import Guard
from privnum.suites.target.config import Target
from privnum.suites.target.modes import MODES
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.client import JSON_TYPE, encode_query, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from privnum import contracts
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App
    from privnum.suites.transport.api import Transport

__all__ = ["Race", "Script", "ground_for_races"]

Script = Generator[Request, Seen, None]
"""What one client does: it yields a request, and is sent what came of it."""

_IN_BODY = frozenset({"POST", "PUT"})


@contextmanager
def ground_for_races(context: CheckContext) -> Iterator[CheckContext]:
    """The context on which requests can overlap.

    Itself, or one on a port of the embedded server.

    Claims are made in the ledger of the first.
    """
    session = context.session
    if not session.target.embedded or session.is_staged:
        yield context
        return
    server = live_server()
    try:
        with _over_port(context, server.url) as port:
            yield port
    finally:
        server.stop()


@contextmanager
def _over_port(context: CheckContext, url: str) -> Iterator[CheckContext]:
    """A context on the embedded server at that address."""
    port = _PortSession(context.session, url)
    there = type(context)(port, context.name, context.ledger)
    there.rules = context.rules
    try:
        yield there.open()
    finally:
        there.close()
        port.close()


class _PortSession(Session):
    """A session with the embedded server on a port.

    Its choices are those that another one finds out.
    """

    def __init__(self, other: Session, url: str) -> None:
        self._other = other
        target = Target(name=other.target.name, base_url=url, driver_url=url, modes=other.target.modes)
        guard = Guard(target, other.guard.limits)
        guard.spent = other.guard.spent
        super().__init__(
            target,
            guard=guard,
            seed=other.seed,
            world_assumptions=other.world_assumptions,
            world_variations=other.world_variations,
            deadline=other.deadline,
            probes=other.findings.probes,
        )
        self.concurrency = other.concurrency

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """See Session."""
        return self._other.assumptions

    @property
    def unsettled(self) -> Set[str]:
        """See Session."""
        return self._other.unsettled


class Race:
    """One application's requests, and their history so far.

    `read` makes of an answer what a client sees.
    """

    def __init__(self, context: CheckContext, app: App, mode: str, read: Callable[[Request, Answer], Seen]) -> None:
        self.context = context
        self.operations: list[Operation] = []
        self._app = app
        self._mode = MODES[mode]
        self._read = read

    def run(self, scripts: Sequence[Script]) -> list[Operation]:
        """Let clients go through their scripts, all at once.

        What they did joins the history.

        Raises what ended a client, once all of them have ended.
        """
        session = self.context.session
        clients = [_Client(number, script, self._exchange) for number, script in enumerate(scripts, start=1)]
        with self.context.environment.own_entries():
            if session.is_staged:
                for client in clients:
                    client.run(session.transport)
            else:
                _run_at_once(clients, session)
        done = sorted((each for client in clients for each in client.done), key=lambda each: each[0])
        for _, step, _, _ in done:
            self.context.history.append(step)
        for client in clients:
            if client.error is not None:
                raise client.error
        return [self._enter(*each) for each in done]

    def _enter(self, invoked: float, step: Step, rest: tuple[int, Request], answered: float) -> Operation:
        """Enter a request and its answer in the history.

        Raises NoAnswer where that is not the platform's.
        """
        client, request = rest
        assert step.answer is not None
        expect_platform(step.answer, self._mode.operation(request.verb), limits=False)
        operation = Operation(client, request, self._read(request, step.answer), invoked, answered)
        self.operations.append(operation)
        return operation

    def _exchange(self, transport: Transport, request: Request) -> tuple[Step, Seen]:
        """Send a request, and read what comes."""
        operation = self._mode.operation(request.verb)
        address = OPERATIONS[operation]
        in_body = address.method in _IN_BODY
        query = encode_query(self._mode.query(self._app, {} if in_body else request.fields))
        content = orjson.dumps(request.fields) if in_body else b""
        prefix = self.context.environment.prefix
        headers = [*sign(self._app), JSON_TYPE]
        answer = transport.request(address.method, prefix + address.path, query, headers, content)
        target = f"{address.path}?{query}" if query else address.path
        step = Step(
            "request",
            text=operation,
            method=address.method,
            target=target,
            app=self._app.index,
            headers=[JSON_TYPE],
            content=content,
            answer=answer,
        )
        return step, self._read(request, answer)


class _Client:
    """One client: its script, and what it has done."""

    def __init__(
        self, number: int, script: Script, exchange: Callable[[Transport, Request], tuple[Step, Seen]]
    ) -> None:
        self._number = number
        self._script = script
        self._exchange = exchange
        self.done: list[tuple[float, Step, tuple[int, Request], float]] = []
        self.error: BaseException | None = None

    def run(self, transport: Transport, wait: Callable[[], Any] = lambda: None) -> None:
        """Go through the script; what ends it early is kept."""
        try:
            wait()
            request = next(self._script, None)
            while request is not None:
                invoked = time.perf_counter()
                step, seen = self._exchange(transport, request)
                self.done.append((invoked, step, (self._number, request), time.perf_counter()))
                request = self._next(seen)
        except BaseException as error:
            self.error = error

    def _next(self, seen: Seen) -> Request | None:
        try:
            return self._script.send(seen)
        except StopIteration:
            return None


def _run_at_once(clients: Sequence[_Client], session: Session) -> None:
    """Run each client in a thread, all from one moment on.

    Over connections of their own.
    """
    transports = [_transport(session) for _ in clients]
    start = threading.Barrier(len(clients))
    threads = [
        threading.Thread(target=client.run, args=(transport, start.wait), name="privnum-client", daemon=True)
        for client, transport in zip(clients, transports, strict=True)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for transport in transports:
            transport.close()


def _transport(session: Session) -> Transport:
    """Connections of one client, within the bounds of the run."""
    target = session.target
    if target.base_url is None:
        raise NotExercised("nothing runs at once by plain calls")
    over = HttpTransport(
        target.base_url,
        timeout=target.request_timeout,
        deadline=session.deadline,
        keeps=False,
        ca_file=target.ca_file,
    )
    return WatchedTransport(session.guard.over(over), Watch(session.deadline))
