"""`privnum check`."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.ends import fault_of, report_problem
from privnum.suites.base.ended import ended_in_order
from privnum.suites.base.printing import printable
from privnum.suites.base.room import call_with_room, rare_collections
from privnum.suites.commands import baseline
from privnum.suites.commands.check_options import check_parser
from privnum.suites.commands.clean import clean_main, report_what_is_left
from privnum.suites.commands.dry_run import Rehearsal
from privnum.suites.commands.refusing import refuse
from privnum.suites.commands.report import make_room, not_written, report_main, write_reports
from privnum.suites.report import model, terminal
from privnum.suites.report.load import EventsError, read_run
from privnum.suites.runner.workers import can_fork
from privnum.suites.safety.limits import refusal
from privnum.suites.target.config import TargetError, load_target, trusting
from privnum.toml_files import FileError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

__all__ = ["OutputError", "check_main", "clean_main", "hermetic", "report_main", "write_report"]

#: Set for a run: plugins of other packages, of pytest and of Hypothesis, are not for it.
_ENVIRONMENT = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "HYPOTHESIS_NO_PLUGINS")
_PREFIXES = ("PYTEST_", "HYPOTHESIS_")


class OutputError(Exception):
    """The report is written, and cannot be shown. The text is one line."""


def check_main(argv: Sequence[str]) -> int:
    """Check a target and write the report.

    Status 1: a documented must is broken. 2: bad usage, a target that does not answer, an error, an interrupted run, or
    nothing that could be tried. 0: none of these.
    """
    given = check_parser().parse_intermixed_args(argv)
    with hermetic(), ended_in_order(), rare_collections():
        problem = baseline.problem_of(given) or _problem_of(given)
        if problem is not None:
            return refuse("check", problem)
        given.jobs = _jobs_of(given)
        given.first = baseline.rules_first(given)
        return _rehearse(given) if given.dry_run else _check(given)


def _check(given: argparse.Namespace) -> int:
    """Run the checks and write the report.

    Status 2 where there is none that says how they came out.
    """
    console = terminal.screen(sys.stdout)
    folder = Path(given.report_dir)
    events = folder / "events.jsonl"
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        watcher = _Watcher(terminal.screen(nowhere) if given.quiet else console)
        try:
            make_room(folder)
        except OSError as error:
            return refuse("check", not_written(folder, error))
        plugins = [watcher, *_forks(given, watcher)]
        status = call_with_room(lambda: pytest.main(_pytest_arguments(given, events), plugins=plugins))
        watcher.stop()
    try:
        if watcher.problems or not (events.exists() and events.stat().st_size):
            return refuse("check", watcher.why_nothing(int(status)))
        status = write_report(events, folder, console, quiet=given.quiet)
        return status if given.baseline is None else baseline.hold_against(given, read_run(events).report)
    except OSError as error:
        return refuse("check", not_written(folder, error))
    except (EventsError, OutputError, FileError) as error:
        return refuse("check", str(error))
    finally:
        if given.target is not None:
            report_what_is_left("privnum check", given.target, given.bindings_file)


def _rehearse(given: argparse.Namespace) -> int:
    """Report what would be sent; status 2 where that cannot be found out."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, TemporaryDirectory() as folder:
        watcher = _Rehearsing(terminal.screen(nowhere))
        status = pytest.main(_pytest_arguments(given, Path(folder, "events.jsonl")), plugins=[watcher])
    if watcher.problems or not watcher.rehearsal.checks:
        return refuse("check", watcher.why_nothing(int(status)))
    for line in watcher.rehearsal.lines(brief=given.quiet):
        sys.stdout.write(f"{printable(line)}\n")
    return 0


def _problem_of(given: argparse.Namespace) -> str | None:
    """What is missing, or wrong with the options, before anything is started."""
    for package in ("hypothesis", "rich", "pytest_httpserver"):
        if find_spec(package) is None:
            return f"{package} is not installed; pip install '.[suites]' in privnum's checkout"
    from privnum.suites.runner.asked_rules import asked_rules
    from privnum.suites.runner.pytest_hooks import assumed_choices, modes

    if given.jobs > 1 and not can_fork() and find_spec("xdist") is None:
        return "--jobs needs pytest-xdist, which is not installed; pip install '.[suites]' in privnum's checkout"
    strange = next((mode for mode in given.mode if mode not in modes()), None)
    if strange is not None:
        return f"--mode: there are no checks of mode {strange!r}; there are: {', '.join(modes())}"
    file = next((word for word in given.rules if _is_file(word)), None)
    if file is not None:
        return f"{file} is a file, and rules stand here; a target is --target {file}, a baseline --baseline {file}"
    try:
        asked_rules([*given.rules, *given.rule])
        assumed_choices(given.assume)
        contracts.chosen_variations(given.vary)
        if given.target is not None:
            target = trusting(load_target(Path(given.target)), given.ca)
            return refusal(target, permitted=given.permitted or given.dry_run)
        if given.ca is not None:
            return "--ca is for a --target; nothing else is asked over https"
        if given.dry_run:
            return "--dry-run prints what would be sent to a --target; without one nothing leaves this process"
    except (TargetError, contracts.ContractError) as error:
        return str(error)
    return None


def _is_file(word: str) -> bool:
    """Whether a file has that name; a word may be longer than any."""
    try:
        return Path(word).is_file()
    except (OSError, ValueError):
        return False


def _jobs_of(given: argparse.Namespace) -> int:
    """How many processes check at a time.

    One where they would share a target or a bound; a line says so.
    """
    shared = ("target", "max_requests", "max_calls", "rate")
    reason = next((name.replace("_", "-") for name in shared if getattr(given, name) is not None), None)
    if given.jobs > 1 and reason is not None:
        report_problem("privnum check", f"--jobs: one process, since --{reason} is for all checks together")
        return 1
    return int(given.jobs)


def _forks(given: argparse.Namespace, watcher: _Watcher) -> list[object]:
    """The plugin that has several processes check."""
    if given.jobs == 1 or not can_fork():
        return []
    from privnum.suites.runner.forks import Forks

    return [Forks(given.jobs, watcher)]


def _pytest_arguments(given: argparse.Namespace, events: Path) -> list[str]:
    """The arguments of `pytest --pyargs privnum.suites` for the same run.

    Settings of the folder it is started in do not count.
    """
    home = Path(__file__).parent.parent
    arguments = ["--pyargs", "privnum.suites", "-c", str(home / "pytest.ini"), "--rootdir", str(home), "--noconftest"]
    arguments += ["-p", "privnum.plugin"]
    for plugin in ("cacheprovider", "terminal", "logging", "warnings", "unraisableexception"):
        arguments += ["-p", f"no:{plugin}"]
    arguments += ["--capture=sys", "--privnum-profile", given.profile, "--privnum-events", str(events.absolute())]
    if given.target is not None:
        arguments += ["--privnum-target", given.target]
    if given.ca is not None:
        arguments += ["--privnum-ca", given.ca]
    if given.seed is not None:
        arguments += [f"--privnum-seed={given.seed}"]
    if given.timeout is not None:
        arguments += [f"--privnum-timeout={given.timeout}"]
    arguments += [f"--privnum-max-wait={given.max_wait}"]
    arguments += [f"--privnum-mode={mode}" for mode in given.mode]
    arguments += [f"--privnum-rule={id_}" for id_ in (*given.rules, *given.rule)]
    arguments += [f"--privnum-assume={pair}" for pair in given.assume]
    if given.bindings_file is not None:
        arguments += ["--privnum-bindings", given.bindings_file]
    arguments += [f"--privnum-vary={id_}" for id_ in given.vary]
    arguments += ["-p", "xdist.plugin", "-n", str(given.jobs)] if given.jobs > 1 and not can_fork() else []
    arguments += [f"--privnum-first={id_}" for id_ in given.first]
    if given.shard is not None:
        arguments.append(f"--privnum-shard={given.shard.number}/{given.shard.of}")
    for name in ("max_requests", "max_calls", "rate"):
        if getattr(given, name) is not None:
            arguments += [f"--privnum-{name.replace('_', '-')}={getattr(given, name)}"]
    arguments += ["--privnum-disruptive"] * given.disruptive + ["--privnum-concurrency"] * given.concurrency
    return arguments + ["--privnum-yes-i-may-test-this"] * given.permitted


@contextmanager
def hermetic() -> Iterator[None]:
    """The user's environment without what changes a run.

    What pytest, Hypothesis and Python's warnings read.
    """
    names = [name for name in os.environ if name in _ENVIRONMENT or name.startswith(_PREFIXES)]
    before = {name: os.environ.pop(name, None) for name in {*names, *_ENVIRONMENT}}
    os.environ.update(dict.fromkeys(_ENVIRONMENT, "1"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class _Watcher(terminal.Progress):
    """Progress, and whatever keeps pytest from running the checks.

    It has no terminal of its own to say it on.
    """

    stopped: str | None = None
    """The signal by which somebody stopped the run."""

    def why_nothing(self, status: int) -> str:
        """Why pytest ended with this status before anything was checked."""
        if not self.problems and self.stopped is not None:
            return f"interrupted by {self.stopped}"
        return "; ".join(self.problems) or f"no check could be run (pytest ended with {status})"

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Somebody stops the run, maybe before there are hooks of the run."""
        if type(excinfo.value) is KeyboardInterrupt:
            self.stopped = str(excinfo.value) or "SIGINT"

    def pytest_configure(self, config: pytest.Config) -> None:
        """Be found by the hooks."""
        from privnum.suites.runner.pytest_hooks import WATCHER

        if config.pluginmanager.get_plugin(WATCHER) is None:
            config.pluginmanager.unregister(self)
            config.pluginmanager.register(self, WATCHER)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of the suites that cannot be imported."""
        if report.failed:
            self.on_problem(f"{report.nodeid} cannot be loaded:\n{report.longreprtext}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """A fault of ours, in one line; True keeps pytest from printing it whole."""
        if os.environ.get("PRIVNUM_TRACEBACK"):
            traceback.print_exception(excinfo.value)
        self.on_problem(fault_of(excinfo.value))
        return True


class _Rehearsing(_Watcher):
    """A watcher that has the checks tried on the stand-in."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.rehearsal = Rehearsal()
        self.make_session = self.rehearsal.make_session

    def on_event(self, event: Mapping[str, Any]) -> None:
        """See Progress."""
        self.rehearsal.on_event(event)


def write_report(events: Path, folder: Path, console: Console, *, quiet: bool) -> int:
    """Write and show the report of an event stream; the exit status.

    The verdict is in the report: a reader of the screen who goes away takes nothing from it. Raises
    EventsError, OutputError and OSError.
    """
    report = write_reports(events, folder)
    try:
        terminal.print_report(report, console, folder, quiet=quiet)
    except BrokenPipeError:
        pass
    except OSError as error:
        raise OutputError(f"standard output cannot be written: {error.strerror or error}; see {folder}") from None
    return model.exit_code(report)
