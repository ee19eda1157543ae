"""Runs the suites against many bugs.

One process loads everything, and forks a child for each bug.

The child puts the bug in, starts a session of its own (probes among them) and checks as every run does. It begins with
the checks that cite the broken rule; if none of them notices, and a source names the rule, the other checks of the mode
follow, until one does.
"""

from __future__ import annotations

import fnmatch
import logging
import multiprocessing
import os
import traceback
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import pytest

from privnum.suites.base import profiles
from privnum.suites.commands.check import hermetic
from privnum.suites.printed.compare import first_difference
from privnum.suites.report import model
from privnum.suites.runner.pytest_hooks import Hooks, concerns, rules_checked_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from privnum.suites.mutation.data.model import Edit
    from privnum.suites.mutation.model import Mutant

__all__ = ["PATIENCE", "Outcome", "Task", "raise_children"]

PATIENCE = 300
"""Seconds after which a child is given up; a bug may hang a check."""

_SUITES = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Task:
    """The checks of a mode, under a profile, against a bug.

    `mutant` None: against the server as it is.

    With an `edit` of the contract's data in place of a bug: the checks of all modes that cite a rule which `near` names
    (`*` allowed), until one notices.
    """

    mode: str
    profile: str
    mutant: Mutant | None = None
    edit: Edit | None = None
    near: tuple[str, ...] = ()

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes whose checks are run."""
        return tuple(self.mode.split("+"))

    def apply(self) -> AbstractContextManager[object]:
        """Have the bug, or the edit, in this process."""
        if self.edit is not None:
            from privnum.suites.mutation.data.model import apply_edit  # whose package imports this module

            return apply_edit(self.edit)
        return nullcontext() if self.mutant is None else self.mutant.apply()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task came out.

    `noticed`: requirements that failed, and others than documented musts that differ; `errors`: those of checks that
    could not check; `problem`: why there is no outcome at all; `printed`: what differs from the sources, of an edit.
    """

    task: Task
    seconds: float
    noticed: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    problem: str | None = None
    printed: str | None = None

    @property
    def killed(self) -> bool:
        """Whether the rule that the bug breaks has noticed it."""
        return self.task.mutant is not None and self.task.mutant.rule_id in self.noticed


def raise_children(tasks: Sequence[Task], on_outcome: Callable[[Outcome], None]) -> None:
    """Carry out the tasks, as many at once as there are cores.

    `on_outcome` hears of each as it ends.

    Raises:
        RuntimeError: the checks could not be collected.
    """
    home = str(_SUITES)
    arguments = ["--pyargs", "privnum.suites", "-c", f"{home}/pytest.ini", "--rootdir", home, "--collect-only", "-s"]
    for plugin in ("privnum.plugin", "no:cacheprovider", "no:terminal", "no:logging"):
        arguments += ["-p", plugin]
    parent = _Parent(tasks, on_outcome)
    with hermetic():
        status = pytest.main(arguments, plugins=[parent])
    if not parent.done:
        raise RuntimeError(f"the checks could not be collected (pytest ended with {status})")


class _Parent:
    """A pytest plugin.

    Where a run would begin with its checks, the children do.
    """

    def __init__(self, tasks: Sequence[Task], on_outcome: Callable[[Outcome], None]) -> None:
        self._tasks = tasks
        self._on_outcome = on_outcome
        self._is_child = False
        self.done = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Fork, and wait for the children; in a child leave the loop to pytest."""
        if self._is_child:
            return None
        _load()
        waiting = iter(self._tasks)
        alive: dict[Connection, _Child] = {}
        for task in waiting:
            child = self._fork(session, task)
            alive[child.ear] = child
            if len(alive) >= (os.cpu_count() or 1):
                self._await(alive)
        while alive:
            self._await(alive)
        self.done = True
        return True

    def _fork(self, session: pytest.Session, task: Task) -> _Child:
        context = multiprocessing.get_context("fork")
        ear, mouth = context.Pipe(duplex=False)
        process = context.Process(target=self._be_child, args=(session, task, mouth), daemon=True)
        process.start()
        mouth.close()
        return _Child(task, process, ear, monotonic())

    def _await(self, alive: dict[Connection, _Child]) -> None:
        """Until one of them has ended, or is given up."""
        latest = min(child.began for child in alive.values()) + PATIENCE
        ready = wait(list(alive), timeout=max(0.0, latest - monotonic()))
        over = [cast("Connection", ear) for ear in ready]
        for ear in over or [ear for ear, child in alive.items() if monotonic() - child.began >= PATIENCE]:
            self._on_outcome(alive.pop(ear).end())

    def _be_child(self, session: pytest.Session, task: Task, mouth: Connection) -> None:
        self._is_child = True
        try:
            mouth.send(_check(session, task))
        except BaseException:
            mouth.send({"problem": traceback.format_exc(limit=-3)})


@dataclass(frozen=True, slots=True)
class _Child:
    task: Task
    process: BaseProcess
    ear: Connection
    began: float

    def end(self) -> Outcome:
        """What it says; it is stopped if it says nothing."""
        seconds = monotonic() - self.began
        said: dict[str, Any] = {"problem": f"no end within {PATIENCE} s"}
        try:
            if self.ear.poll():
                said = self.ear.recv()
        except EOFError:
            said = {"problem": "its process ended without a word"}
        self.process.kill()
        self.process.join()
        self.ear.close()
        return Outcome(self.task, seconds, **said)


def _load() -> None:
    """Import what checks import when first run, so that no child has to."""
    import gc

    import hypothesis.stateful  # noqa: F401

    import privnum.mockserver.embed.direct
    import privnum.suites.checks.mixed.state_machine
    import privnum.suites.probes
    import privnum.suites.runner.counterexample  # noqa: F401

    gc.freeze()


def _check(session: pytest.Session, task: Task) -> dict[str, Any]:
    """What a child does: the checks of the mode, the nearest ones first."""
    config = session.config
    config.option.collectonly = False
    config.option.privnum_profile = task.profile
    config.option.privnum_mode = list(task.modes)
    profiles.leave_unshrunk()
    logging.disable()  # of what goes wrong inside the server
    items = [item for item in session.items if concerns(item, frozenset(task.modes))]
    hooks = cast("Hooks", config.pluginmanager.get_plugin(Hooks.NAME))
    if task.mutant is not None:
        config.option.privnum_concurrency = task.mutant.at_once
        rule_id = task.mutant.rule_id
        near = [item for item in items if rule_id in rules_checked_by(item)]
        # Where no source names the rule, nobody else has to notice.
        items = near + [item for item in items if item not in near] if task.mutant.must_die else near
        config.pluginmanager.register(_Stopper(session, hooks, rule_id, len(near)))
    if task.edit is not None:
        items = sorted((item for item in items if _is_near(item, task.near)), key=_is_of_no_source)
        config.pluginmanager.register(_Stopper(session, hooks, None, 0))
    session.items[:] = items
    if task.edit is not None and not items:
        with task.apply():
            return {"printed": first_difference(task.edit.file)}
    with task.apply(), suppress(session.Interrupted):
        printed = first_difference(task.edit.file) if task.edit is not None else None
        try:
            config.hook.pytest_runtestloop(session=session)
        except pytest.exit.Exception:
            # No run can begin with such data; what differs from the sources is known all the same.
            return {"problem": traceback.format_exc(limit=-3), "printed": printed}
    assert hooks.journal is not None
    rules = model.build(hooks.journal.events)["requirements"]
    found = {
        word: tuple(rule["id"] for rule in rules if rule["verdict"] == word) for word in ("failed", "differs", "error")
    }
    return {"noticed": found["failed"] + found["differs"], "errors": found["error"], "printed": printed}


def _is_of_no_source(item: pytest.Item) -> bool:
    """Whether a check has its values from elsewhere.

    Those that have them from the sources come first.
    """
    return "test_printed" not in item.nodeid


def _is_near(item: pytest.Item, near: Sequence[str]) -> bool:
    """Whether a check cites one of these rules.

    Machines, which take long, are left out.
    """
    cited = rules_checked_by(item)
    meant = (pattern.partition("/") for pattern in near)
    return "machine" not in item.nodeid and any(
        word in item.nodeid and fnmatch.filter(cited, rule) for rule, _, word in meant
    )


class _Stopper:
    """Ends a child's run when its bug was noticed by the rule's checks.

    Once the checks that cite the broken rule are through.

    `rule_id` None: whatever rule notices it.
    """

    def __init__(self, session: pytest.Session, hooks: Hooks, rule_id: str | None, near: int) -> None:
        self._session = session
        self._hooks = hooks
        self._rule_id = rule_id
        self._left = near
        self._read = 0
        self._noticed = False

    def pytest_runtest_logfinish(self) -> None:
        """A check is through."""
        self._left -= 1
        if self._hooks.journal is None:
            return
        events = self._hooks.journal.events
        for event in events[self._read :]:
            if event["event"] == "claim" and self._rule_id in (None, event["requirement"]):
                self._noticed |= event["outcome"] in ("failed", "differs")
        self._read = len(events)
        if self._noticed and self._left <= 0:
            self._session.shouldstop = f"{self._rule_id or 'somebody'} has noticed"
