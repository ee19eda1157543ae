"""A run of the embedded server in several processes.

Each is a fork of the one that has collected the checks. What every process needs is imported, collected and connected
once, before. Each has a server of its own then, in its memory. They take checks from one queue, the longest first, and
hand over their events as they happen, of which joined_events.py makes one stream. Where no process can be forked,
pytest-xdist starts them (workers.py).
"""

from __future__ import annotations

import gc
import math
import os
import selectors
import signal
import struct
import time
import traceback
from contextlib import contextmanager, suppress
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

import orjson
import pytest

from privnum.ends import STOPS, fault_of
from privnum.suites.base.ended import RunEnded, ended_in_order, write_all
from privnum.suites.runner.item_order import weight
from privnum.suites.runner.joined_events import join, write_events
from privnum.suites.runner.pytest_items import FORKS, HOOKS, module_of
from privnum.suites.runner.shared_findings import SharedFindings

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from privnum.suites.runner.events import Event
    from privnum.suites.runner.pytest_hooks import Hooks

__all__ = ["Forks", "groups_of"]

_NUMBER: Final = struct.Struct("H")
_PIECE: Final = 12
"""Checks that a process takes at a time, at most: none shall have much left when the others are done."""
_PATIENCE: Final = 10.0
"""Seconds that a process has to come to its end when the run is interrupted."""
_STOP: Final = "SIGUSR1"
"""The signal that asks it to: those of STOPS a terminal sends to every process, and one signal is enough."""
_PROBLEM: Final = "problem"
_STEPS: Final = ("check_started", "check_finished")
_LATE: Final = 0.2
"""Seconds that an event may wait until somebody sees it."""


def groups_of(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    """What a process takes at a time, in the order of the items.

    A state machine, or a few checks of one module.
    """
    alike = (list(found) for _, found in groupby(items, _kind))
    return [group[at : at + _PIECE] for group in alike for at in range(0, len(group), _PIECE)]


def _kind(item: pytest.Item) -> Hashable:
    return item if 0 < weight(item) < math.inf else module_of(item)


class Forks:
    """A plugin that has several processes run the checks."""

    NAME: ClassVar[str] = FORKS

    def __init__(self, jobs: int, watcher: Any) -> None:
        self._jobs = jobs
        self._watcher = watcher
        self._forks: list[_Fork] = []
        self._is_fork = False
        self._interrupted = False
        self._events: str | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Be found by the hooks of the run."""
        self._events = config.getoption("--privnum-events")
        if config.pluginmanager.get_plugin(FORKS) is None:
            config.pluginmanager.unregister(self)
            config.pluginmanager.register(self, FORKS)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Have the checks run; none of the forks comes back from here."""
        hooks: Hooks | None = session.config.pluginmanager.get_plugin(HOOKS)
        groups = groups_of(session.items)
        if hooks is None or hooks.session is None or session.testsfailed or len(groups) < 2:
            return None
        shared = hooks.session.findings.shared = SharedFindings()
        queue = _queue_of(len(groups))
        gc.collect()
        gc.freeze()  # a collection in a fork would copy all the memory that it has in common with the others
        try:
            for _ in range(min(self._jobs, len(groups))):
                self._fork(hooks, partial(_run_groups, session, groups, queue))
            self._follow()
        finally:
            gc.unfreeze()
            os.close(queue)
            shared.close()
            hooks.session.findings.shared = None
            for fork in self._forks:
                fork.end()
        return True

    def _fork(self, hooks: Hooks, work: Any) -> None:
        reading, writing = os.pipe()
        with _hold_signals():
            process = os.fork()
            if process == 0:
                self._is_fork = True
                for file in (reading, *(fork.file for fork in self._forks)):
                    os.close(file)  # else nobody learns that the process that reads is gone
                _check_in_fork(hooks, work, writing)
            self._forks.append(_Fork(process, reading))
            os.close(writing)

    def _follow(self) -> None:
        """Read what the forks report, until all have ended."""
        try:
            self._read()
        except KeyboardInterrupt:
            self._interrupted = True
            for fork in self._forks:
                fork.stop()
            self._read(_PATIENCE)
            raise

    def _read(self, seconds: float = math.inf) -> None:
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            for fork in self._forks:
                if not fork.is_whole:
                    selector.register(fork.file, selectors.EVENT_READ, fork)
            while selector.get_map() and (left := end - time.monotonic()) > 0:
                for key, _ in selector.select(None if left == math.inf else left):
                    new = key.data.read()
                    if new is None or key.data.is_whole:
                        selector.unregister(key.fileobj)
                    for event in new or ():
                        if self._watcher is not None and event["event"] != "run_finished":
                            self._watcher.on_event(event)

    def join(self, own: list[Event], order: Sequence[str]) -> None:
        """Write the stream of the run.

        Its beginning and its end are this process's own.
        """
        if self._is_fork:
            return
        problems = [problem for fork in self._forks for problem in fork.problems]
        if not problems and not self._interrupted and not all(fork.is_whole for fork in self._forks):
            problems.append("no verdict: a process ended before it has reported its checks")
        own[:] = join([own, *([own[0], *fork.events, own[-1]] for fork in self._forks)], order)
        if not problems and self._events is not None and (fault := write_events(Path(self._events), own)) is not None:
            problems.append(fault)
        for problem in dict.fromkeys(problems):
            self._watcher.on_problem(problem)


class _Fork:
    """A process that checks, as seen by the one that reads its events."""

    def __init__(self, process: int, file: int) -> None:
        self.file = file
        self.events: list[Event] = []
        self.problems: list[str] = []
        self._process = process
        self._rest = b""

    @property
    def is_whole(self) -> bool:
        """Whether it has reported its end."""
        return bool(self.events) and self.events[-1]["event"] == "run_finished"

    def read(self) -> list[Event] | None:
        """Events that have come; None: no more will."""
        data = os.read(self.file, 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        told = [orjson.loads(line) for line in lines]
        self.problems += [event[_PROBLEM] for event in told if _PROBLEM in event]
        new = [event for event in told if _PROBLEM not in event]
        self.events += new
        return new if data else None

    def stop(self) -> None:
        """Ask it for its end."""
        with suppress(ProcessLookupError):
            os.kill(self._process, getattr(signal, _STOP))

    def end(self) -> None:
        """See that it is gone, however it went."""
        os.close(self.file)
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


def _queue_of(length: int) -> int:
    """A pipe of the numbers up to that one: each process takes the next."""
    reading, writing = os.pipe()
    write_all(writing, b"".join(map(_NUMBER.pack, range(length))))
    os.close(writing)
    return reading


def _end_signals() -> set[int]:
    return {getattr(signal, name) for name in (*STOPS, _STOP)}


@contextmanager
def _hold_signals() -> Iterator[None]:
    """Let signals wait that would end a fork before it knows that it is one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _end_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check_in_fork(hooks: Hooks, work: Any, file: int) -> NoReturn:
    """What a fork does, whose signals are held."""
    outbox = _Outbox(file)
    try:
        for name in STOPS:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        assert hooks.journal is not None
        hooks.journal.hand_to(outbox.put)
        interrupted = True
        try:
            with ended_in_order((_STOP,)):
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _end_signals())
                work()
            interrupted = False
        except KeyboardInterrupt as end:
            if isinstance(end, RunEnded):
                outbox.put({_PROBLEM: str(end)})
        hooks.finish(interrupted=interrupted)
        outbox.send()
    except BaseException as error:
        if os.environ.get("PRIVNUM_TRACEBACK"):
            traceback.print_exception(error)
        outbox.put({_PROBLEM: fault_of(error)})
        outbox.send()
    finally:
        os._exit(0)  # nothing of what the process that was forked has to do at its end


def _run_groups(session: pytest.Session, groups: Sequence[Sequence[pytest.Item]], queue: int) -> None:
    """Run checks until the queue is empty."""
    while number := os.read(queue, _NUMBER.size):
        group = groups[_NUMBER.unpack(number)[0]]
        for item, following in zip(group, [*group[1:], None], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


class _Outbox:
    """Events on their way to the process that reads them.

    Some at a time, since each time wakes it up.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._lines: list[bytes] = []
        self._sent = time.monotonic()

    def put(self, event: Mapping[str, Any]) -> None:
        """Send it, sooner or later."""
        self._lines.append(orjson.dumps(event))
        if event.get("event") in _STEPS and time.monotonic() - self._sent > _LATE:
            self.send()

    def send(self) -> None:
        """Send what waits; with nobody who reads there is nothing left to do."""
        data = b"".join(line + b"\n" for line in self._lines)
        self._lines, self._sent = [], time.monotonic()
        try:
            write_all(self._file, data)
        except OSError:
            os._exit(1)
