"""What a pytest run of the suites does beyond running tests.

Order, target, events, summary.
"""

from __future__ import annotations

import math
import platform
from dataclasses import asdict, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import pytest

from privnum import __version__, contracts
from privnum.suites.base import profiles
from privnum.suites.base.ended import RunEnded
from privnum.suites.base.printing import printable
from privnum.suites.coverage.sightings import Ration
from privnum.suites.runner.asked_rules import asked_rules
from privnum.suites.runner.events import Journal
from privnum.suites.runner.item_order import (
    ANY_TIME,
    PROBE,
    check_of_item,
    concerns,
    rank,
    rules_checked_by,
    weight,
)
from privnum.suites.runner.pytest_items import FORKS, HOOKS, module_of, name_of
from privnum.suites.runner.session import Session
from privnum.suites.runner.shard import Shard
from privnum.suites.runner.workers import hand_over, hand_over_problem, longest_first
from privnum.suites.safety.cleanup_journal import book_path
from privnum.suites.safety.limits import Guard, Limits
from privnum.suites.target.config import EMBEDDED, TargetError, load_target, trusting
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from privnum.suites.runner.context import CheckContext
    from privnum.suites.runner.definitions import Probe

__all__ = [
    "WATCHER",
    "Hooks",
    "assumed_choices",
    "concerns",
    "modes",
    "rules_checked_by",
]

WATCHER = "privnum-watcher"
"""A plugin of this name gets events (`on_event`), the number of checks (`on_collected`) and a bad target.

Where it has `make_session`, that is called for the session, with the arguments of Session.
"""


def modes() -> list[str]:
    """Modes that there are requirements for."""
    return sorted({rule.mode for rule in contracts.requirements().values()} - {"common"})


class Hooks:
    """Registered only in runs that collected checks."""

    NAME: ClassVar[str] = HOOKS

    def __init__(self, config: pytest.Config, probes: Mapping[str, Probe]) -> None:
        self._config = config
        self._probes = probes
        self._watcher: Any = config.pluginmanager.get_plugin(WATCHER)
        self._target = EMBEDDED
        self._waiting: list[pytest.Item] = []
        self._problem: TargetError | None = None
        self._worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self._forks: Any = config.pluginmanager.get_plugin(FORKS)
        spread = (self._worker or {}).get("privnum_spread")
        self._is_part = bool(spread or self._forks is not None)  # others check the rest
        self._shard: Shard | None = None
        self._order: list[str] = []
        self.session: Session | None = None
        self.journal: Journal | None = None
        self._begun = False

    # ── before ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def arrange(self, items: list[pytest.Item], collected: Sequence[pytest.Item]) -> None:
        """Leave out other modes.

        Probes, directed checks, those that wait, machines, what disrupts; a lock-out last. `collected` has the checks
        as they stand in their modules: plugins that shuffle tests have no say.
        """
        path = self._config.getoption("--privnum-target")
        if path is not None:
            try:
                self._target = trusting(load_target(Path(path)), self._config.getoption("--privnum-ca"))
            except TargetError as error:
                if self._worker is None:
                    self._give_up(error)
                self._problem = error  # a worker that ends while it collects leaves the others waiting
        wanted = self._modes()
        if wanted is not None:
            # Nothing is sent to applications of other modes, but where a rule is about two of them.
            self._target = replace(self._target, modes=tuple(mode for mode in modes() if mode in wanted))
        places = {item: place for place, item in enumerate(collected)}
        ours = sorted(filter(check_of_item, items), key=lambda item: places.get(item, len(places)))
        rules = self._rules()
        left_out = [
            item
            for item in ours
            if (wanted is not None and not concerns(item, wanted)) or (rules and not rules & rules_checked_by(item))
        ]
        kept = sorted((item for item in ours if item not in left_out), key=rank)
        self._order = [name_of(item) for item in kept]
        kept = self._of_this_shard(kept)
        without = set(ours).difference(kept)
        left_out = [item for item in ours if item in without]
        order = iter(self._failures_first(longest_first(kept, module_of, weight) if self._is_part else kept))
        items[:] = [next(order) if check_of_item(item) else item for item in items if item not in without]
        self._waiting = [item for item in items if (check := check_of_item(item)) is not None and check.waits]
        if left_out:
            self._config.hook.pytest_deselected(items=left_out)
        if self._watcher is not None:
            self._watcher.on_collected(len(ours) - len(left_out))

    def _failures_first(self, kept: list[pytest.Item]) -> list[pytest.Item]:
        """Put the checks of --privnum-first right behind the probes.

        The others stay in their order.
        """
        first = frozenset(self._config.getoption("--privnum-first") or ())

        def place(item: pytest.Item) -> int:
            found = rank(item)
            if found == PROBE:
                return 0
            return 1 if found in ANY_TIME and first & rules_checked_by(item) else 2

        return sorted(kept, key=place) if first else kept

    def _of_this_shard(self, kept: list[pytest.Item]) -> list[pytest.Item]:
        given = self._config.getoption("--privnum-shard")
        if given is None:
            return kept
        try:
            self._shard = Shard.read(given)
        except ValueError as error:
            raise pytest.UsageError(f"--privnum-shard: {error}") from None
        part = self._shard.part_of(longest_first(kept, module_of, weight))
        return [item for item in kept if item in part]

    def _modes(self) -> frozenset[str] | None:
        given = self._config.getoption("--privnum-mode")
        for mode in given or ():
            if mode not in modes():
                raise pytest.UsageError(f"--privnum-mode: there are no checks of mode {mode!r}, only of {modes()}")
        wanted = frozenset(given or self._target.modes)
        return wanted or None

    def _rules(self) -> frozenset[str]:
        """The rules that alone are asked for; none: all are."""
        try:
            return asked_rules(self._config.getoption("--privnum-rule") or ())
        except contracts.ContractError as error:
            raise pytest.UsageError(f"--privnum-rule: {error}") from None

    def _give_up(self, error: Exception) -> NoReturn:
        """Nothing can be checked: one line says why."""
        if self._watcher is not None:
            self._watcher.on_problem(str(error))
        if self._worker is not None:
            hand_over_problem(self._config, str(error))
        pytest.exit(printable(str(error)), returncode=2)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Connect, check, and end the stream, also when the run is interrupted."""
        if session.config.option.collectonly:
            return (yield)
        interrupted = True
        try:
            if self._worker is None:
                self._start()
                self._leave_out_other_modes(session)
            result = yield
            interrupted = False
            return result
        finally:
            self.finish(interrupted=interrupted or bool(session.shouldstop or session.shouldfail))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """In a worker of pytest-xdist, connect when the first check comes.

        Another one may have got them.
        """
        if self.session is not None or check_of_item(item) is None:
            return
        if self._problem is not None:
            self._give_up(self._problem)
        if not (self._worker or {}).get("privnum_one_worker"):
            self._give_up(Exception("checks share a target and go to one worker: name privnum.suites, or use -n 0"))
        self._start()

    def _leave_out_other_modes(self, session: pytest.Session) -> None:
        """Leave out modes without an application, unless modes are named."""
        assert self.session is not None
        scope = self._modes() or frozenset(self.session.scope)
        kept = [item for item in session.items if not check_of_item(item) or concerns(item, scope)]
        left_out = len(session.items) - len(kept)
        if left_out:
            session.items[:] = kept
            if self._watcher is not None:
                self._watcher.on_collected(sum(check_of_item(item) is not None for item in kept))

    def _start(self) -> None:
        option = self._config.getoption
        try:
            seed = profiles.load(option("--privnum-profile"), option("--privnum-seed"))
            deadline = Deadline(option("--privnum-timeout") or profiles.active().timeout)
            events = None if self._is_part else option("--privnum-events")
            self.journal = Journal(Path(events) if events else None)
            if self._watcher is not None:
                self.journal.listen(self._watcher.on_event)
            make = getattr(self._watcher, "make_session", Session)
            self.session = make(
                self._target,
                seed=seed,
                probes=self._probes,
                journal=self.journal,
                disruptive=option("--privnum-disruptive"),
                world_assumptions=assumed_choices(option("--privnum-assume") or ()),
                guard=Guard(self._target, self._limits(), bindings=self._bindings()),
                permitted=option("--privnum-yes-i-may-test-this"),
                deadline=deadline,
                max_wait=option("--privnum-max-wait"),
                world_variations=[v.id for v in contracts.chosen_variations(option("--privnum-vary") or ())],
            )
        except (TargetError, contracts.ContractError, OSError) as error:
            self._give_up(error)
        if self._is_part or self._shard is not None:
            self.session.is_part, self.session.ration = True, Ration(math.inf)
        self.session.concurrency = option("--privnum-concurrency")
        self._plan()
        about = {**self.session.about, **self._target.describe(), "capabilities": sorted(self.session.capabilities)}
        self._begun = True
        self.journal.run_started(about, self._describe(seed))

    def _plan(self) -> None:
        """Give the timetable which checks will be asked for."""
        assert self.session is not None
        for item in self._waiting:
            check = check_of_item(item)
            if not concerns(item, self._modes() or frozenset(self.session.scope)):
                continue
            function: Any = getattr(item, "function", None)
            callspec = getattr(item, "callspec", None)
            if check is not None:
                make = partial(function.__wrapped__, **(callspec.params if callspec else {}))
                self.session.timetable.plan(name_of(item), check, partial(_with_context, make))

    def _bindings(self) -> Path | None:
        """Where the cleanup journal is; the embedded server needs none."""
        path, target = self._config.getoption("--privnum-bindings"), self._config.getoption("--privnum-target")
        if path is not None:
            return Path(path)
        return None if target is None else book_path(Path(target), self._target.name)

    def _limits(self) -> Limits:
        option = self._config.getoption
        return Limits(option("--privnum-max-requests"), option("--privnum-max-calls"), option("--privnum-rate"))

    def _describe(self, seed: int) -> dict[str, Any]:
        """Everything by which the run can be repeated."""
        assert self.session is not None
        option = self._config.getoption
        return {
            "profile": option("--privnum-profile"),
            "seed": seed,
            "timeout": self.session.deadline.seconds,
            "max_wait": self.session.max_wait,
            "modes": sorted(self._modes() or self.session.scope),
            **({"rules": sorted(rules)} if (rules := self._rules()) else {}),
            **({"shard": self._shard.describe(self._order)} if self._shard is not None else {}),
            "edition": self.session.about.get("edition", contracts.DEFAULT_EDITION),
            "assumed": self.session.world_assumptions,
            "varied": self.session.world_variations,
            "concurrency": self.session.concurrency,
            "disruptive": bool(option("--privnum-disruptive")) or self.session.target.loopback,
            "limits": asdict(self.session.guard.limits),
            "privnum": __version__,
            "python": platform.python_version(),
            "hypothesis": metadata.version("hypothesis"),
            "platform": platform.platform(),
        }

    # ── after ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def finish(self, *, interrupted: bool) -> None:
        """End the stream, and let go of everything."""
        late = self.session.deadline.cut_short if self.session is not None else None
        try:
            if self.journal is not None and self._begun:
                guard = None if self.session is None or self.session.guard.idle else self.session.guard
                spent = None if guard is None else asdict(guard.spent)
                self.journal.run_finished(interrupted=interrupted or late is not None, reason=late, spent=spent)
                if self._worker is not None and self.session is not None:
                    hand_over(self._config, self.journal.events, self._order)
                if self._forks is not None:
                    self._forks.join(self.journal.events, self._order)
            elif self._worker is not None and self._is_part:
                hand_over(self._config, [], self._order)  # others were faster
        finally:
            if self.session is not None:
                self.session.close()

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """The run ended before its end.

        Where nobody stopped it, the reason is reported.
        """
        if isinstance(excinfo.value, RunEnded) and self._watcher is not None:
            self._watcher.on_problem(str(excinfo.value))


def assumed_choices(pairs: Iterable[str]) -> Mapping[str, contracts.Value]:
    """Choices as options give them, ID=VALUE each.

    Raises ContractError for one that there is not.
    """
    overrides = dict(map(contracts.split_choice, pairs))
    legal = contracts.assumption_values(overrides=overrides)
    return {name: legal[name] for name in overrides}


def _with_context(make: Callable[..., Iterator[float] | None], context: CheckContext) -> Iterator[float] | None:
    return make(context=context)
