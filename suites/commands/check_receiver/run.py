"""One run: every check in turn, as events from which reports are made."""

from __future__ import annotations

import platform
import time
from typing import TYPE_CHECKING, Any

from privnum import __version__, contracts
from privnum.suites.base.claims import NotExercised, Stopped
from privnum.suites.base.ended import RunEnded
from privnum.suites.commands.check_receiver.bench import Bench
from privnum.suites.commands.check_receiver.checks import CHECKS
from privnum.suites.commands.check_receiver.findings import Findings
from privnum.suites.commands.check_receiver.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.suites.commands.check_receiver.checks import Check
    from privnum.suites.commands.check_receiver.settings import Settings
    from privnum.suites.runner.events import Journal
    from privnum.suites.transport.deadline import Deadline

__all__ = ["chosen_checks", "run"]


def chosen_checks(settings: Settings) -> Sequence[Check]:
    """The checks that are about a rule that was asked for."""
    wanted = settings.rules
    return [check for check in CHECKS if wanted is None or set(wanted) & set(check.rules)]


def run(
    settings: Settings, journal: Journal, deadline: Deadline, clock: Callable[[], float] = time.perf_counter
) -> int:
    """Check a receiver; how many pushes were sent.

    `clock` is real time in seconds, by which answers are timed.
    """
    journal.run_started(settings.describe(), _facts(settings, deadline))
    sender = Sender(settings, deadline, clock)
    bench = Bench(settings, sender)
    stopped: str | None = None
    interrupted = True
    try:
        for check in chosen_checks(settings):
            _try(check, bench, journal, deadline)
        stopped, interrupted = deadline.cut_short, deadline.cut_short is not None
    except RunEnded:
        raise  # the events cannot be written: there is nothing to make a report from
    except KeyboardInterrupt as stop:
        stopped = f"interrupted by {str(stop) or 'SIGINT'}"
    finally:
        sender.close()
        spent = {"requests": 0, "binds": 0, "calls": 0, "pushes": sender.count}
        journal.run_finished(interrupted=interrupted, reason=stopped, spent=spent)
    return sender.count


def _facts(settings: Settings, deadline: Deadline) -> dict[str, Any]:
    return {
        "of": "receiver",
        "edition": contracts.DEFAULT_EDITION,
        "modes": list(settings.modes),
        "rules": None if settings.rules is None else list(settings.rules),
        "seed": settings.seed,
        "within": settings.within,
        "timeout": deadline.seconds,
        "privnum": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _try(check: Check, bench: Bench, journal: Journal, deadline: Deadline) -> None:
    """Run one check. What it found so far counts also where it is cut short."""
    findings, reason, outcome = Findings(), deadline.begin(), "not_exercised"
    began = time.perf_counter()
    journal.check_started(f"receiver.{check.id}", check.rules)
    if reason is None:
        try:
            check.run(bench, findings)
            outcome = ""
        except NotExercised as error:
            reason = str(error)
        except Stopped as error:
            reason, outcome = str(error), "error"
    came, example = findings.write(journal, f"receiver.{check.id}")
    journal.check_finished(
        f"receiver.{check.id}",
        outcome or came,
        reason=reason,
        reproduced=None,
        counterexample=example,
        seconds=time.perf_counter() - began,
    )
