"""Runs one check and says how it came out.

The one place that turns claims and exceptions into outcomes.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from privnum import contracts
from privnum.suites.base.claims import (
    Dropped,
    NoAnswer,
    NotExercised,
    SetUpFailed,
    Stopped,
    TimeOver,
    Violation,
)
from privnum.suites.base.printing import printable, visible
from privnum.suites.driver.protocol import DriverError
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.counterexample import counterexample
from privnum.suites.runner.definitions import CannotSettle, Check, Probe

if TYPE_CHECKING:
    from privnum.suites.base.claims import Ledger
    from privnum.suites.runner.session import Session

__all__ = ["TRIES", "Outcome", "run_check", "run_probe"]

Run = Callable[[CheckContext], None]

TRIES = 3
"""Fresh starts on which a failure may come again."""
_BEFORE_REST = re.compile(r"(?<= )/\S*?(?=/rest/)")
"""The world of a request: with it the same reason would be another one in each check."""
_ENDS = (Exception, Stopped, pytest.skip.Exception, pytest.fail.Exception)
"""Whatever may end a check. Somebody who stops the run (KeyboardInterrupt) ends more than a check."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check came out.

    `cause` is the exception behind it, `violation` the broken must.

    `reproduced`: whether it came again, None: not tried; `tries`: on how many fresh starts it was looked for.
    """

    word: Literal["passed", "failed", "error", "not_exercised"]
    reason: str | None = None
    violation: Violation | None = None
    reproduced: bool | None = None
    tries: int | None = None
    cause: BaseException | None = None
    lacks: tuple[str, ...] = ()


def run_check(check: Check, context: CheckContext, run: Run) -> None:
    """Run the check, write its events, and tell pytest.

    A failure for failed and error, a skip for not_exercised.
    """
    _report_to_pytest(*_record_outcome(check, context, run))


def _record_outcome(check: Check, context: CheckContext, run: Run) -> tuple[Outcome, dict[str, Any] | None]:
    """The outcome and its counterexample, once the events are written."""
    session, name = context.session, context.name
    session.journal.check_started(name, check.requirements)
    started = time.perf_counter()
    outcome = _outcome(session, check, context, run)
    counterexample = _counterexample(session, outcome.violation)
    session.journal.claims(name, context.ledger, outcome.violation)
    session.journal.write_sightings(name, session.ration.take(context.ledger.seen))
    session.journal.check_finished(
        name,
        outcome.word,
        reason=outcome.reason,
        reproduced=outcome.reproduced,
        tries=outcome.tries,
        counterexample=counterexample,
        seconds=time.perf_counter() - started,
        lacks=outcome.lacks,
        tried=_trials(context.ledger),
    )
    return outcome, counterexample


def _trials(ledger: Ledger) -> dict[str, int] | None:
    """How much a state machine has tried; None: the check has none."""
    return {"examples": ledger.examples, "steps": ledger.steps} if ledger.examples else None


def run_probe(probe: Probe, context: CheckContext) -> None:
    """Run a probe as a check of its assumption's requirement."""
    assumption = contracts.assumptions()[probe.assumption]
    seen: list[contracts.Value] = []
    reasons: list[str] = []

    def run(fresh: CheckContext) -> None:
        fresh.rules = (assumption.requirement,)
        try:
            observed = probe.find(fresh)
        except CannotSettle as error:
            raise NotExercised(f"the choice could not be found out: {error}") from None
        seen.append(observed)
        legal = fresh.session.findings.settle(probe.assumption, observed)
        text = f"{assumption.text} The target: {observed!r}; ours: {assumption.value!r}."
        reason = "" if legal else f" That is no choice the contract knows ({', '.join(map(repr, assumption.values))})."
        reasons.append(reason.strip())
        if observed != assumption.value:
            fresh.ledger.record_difference(assumption.requirement, text + reason)
        else:
            fresh.claim(assumption.requirement, True, text)

    check = Check((assumption.requirement,), probe.needs, disruptive=False)
    with context.session.findings.probing(probe.assumption):
        outcome, counterexample = _record_outcome(check, context, run)
    remark = reasons[-1] if reasons else outcome.reason
    context.session.journal.probe(probe.assumption, assumption.value, seen[-1] if seen else None, remark or None)
    _report_to_pytest(outcome, counterexample)


def _outcome(session: Session, check: Check, context: CheckContext, run: Run) -> Outcome:
    late = session.deadline.begin()
    if late is not None:
        return Outcome("not_exercised", late)
    outcome = _try_check(session, check, context, run)
    if isinstance(outcome.cause, Dropped) and session.deadline.begin() is None:
        fresh = CheckContext(session, context.name)
        outcome = _try_check(session, check, fresh, run)
        context.ledger, context.history = fresh.ledger, fresh.history
    if outcome.violation is None or outcome.reproduced is not None:
        return outcome
    reproduced, tries = _again(session, context.name, run, outcome.violation)
    return replace(outcome, reproduced=reproduced, tries=tries)


def _try_check(session: Session, check: Check, context: CheckContext, run: Run) -> Outcome:
    """How the check comes out on one context, which is closed then."""
    try:
        missing = session.missing(check)
        if missing is not None:
            return Outcome("not_exercised", missing, lacks=session.lacking(check))
        run(context.open())
        outcome = Outcome("passed")
    except _ENDS as error:
        outcome = _of_end(context, error)
    return _close_check(context, outcome)


def _of_end(context: CheckContext, error: BaseException) -> Outcome:
    """What an exception means.

    A broken must, once seen, counts whatever came behind it.
    """
    flaky = _is_flaky(error)
    violation = _violation_in(error) or context.ledger.violation
    if violation is not None:
        seen = violation.replayed and context.ledger.broken[violation.requirement] > 1
        reproduced = False if flaky else True if seen else None
        reason = f"the check stopped at {violation.requirement}"
        return Outcome("failed", reason, violation, reproduced, 1 if flaky else None, violation)
    word: Literal["error", "not_exercised"] = "error"
    match error:
        case NotExercised() | pytest.skip.Exception():
            word, text = "not_exercised", str(error)
        case NoAnswer() | pytest.fail.Exception():
            text = _BEFORE_REST.sub("", str(error))
        case SetUpFailed():
            text = f"the check could not be set up: {error}"
        case DriverError():
            text = f"the driver fails: {error}"
        case _ if flaky:
            text = "the target did not do the same twice after the same steps, so that Hypothesis could not go on"
            if not context.session.owns_worlds:  # what others left there, or what it picks at will, is no fault
                word = "not_exercised"
        case _:
            text = f"the check itself went wrong: {type(error).__name__}: {error} ({_place(error)})"
    lacks = error.lacks if isinstance(error, NotExercised) else ()
    return Outcome(word, contracts.mask(text)[:500], cause=error, lacks=lacks)


def _place(error: BaseException) -> str:
    """Where in the checks it was raised, or called what raised it."""
    home = Path(__file__).parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(home)] or frames
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "no place"


def _close_check(context: CheckContext, outcome: Outcome) -> Outcome:
    """The outcome, when everything is undone.

    A check that passed and left something behind ends in an error.
    """
    try:
        context.close()
    except TimeOver:
        return outcome
    except _ENDS as error:
        if outcome.word != "passed":
            return outcome
        return Outcome("error", contracts.mask(f"what the check did could not be undone: {error}")[:500], cause=error)
    return outcome


def _again(session: Session, name: str, run: Run, violation: Violation) -> tuple[bool | None, int | None]:
    """Whether it breaks again on fresh starts, and on how many.

    The same requirement.

    None: it was not tried, since the run had no more time or requests, or as another check has shown it already.
    """
    if violation.requirement in session.reproduced and not session.is_part:
        return None, None
    tried = 0
    while tried < TRIES and session.deadline.begin() is None:
        found = _once_more(CheckContext(session, name), run)
        if isinstance(found, NotExercised):
            break
        if isinstance(found, Dropped):  # once at most: no connection is kept from then on
            continue
        tried += 1
        if isinstance(found, Violation) and found.requirement == violation.requirement:
            session.reproduced.add(violation.requirement)
            return True, tried
    return (False, tried) if tried else (None, None)


def _once_more(context: CheckContext, run: Run) -> BaseException | None:
    """What ends the check on another context; None: nothing."""
    try:
        run(context.open())
    except _ENDS as error:
        return _violation_in(error) or error
    finally:
        _close_check(context, Outcome("passed"))
    return None


def _is_flaky(error: BaseException) -> bool:
    errors = sys.modules.get("hypothesis.errors")
    return errors is not None and isinstance(error, errors.Flaky)


def _violation_in(error: BaseException) -> Violation | None:
    """The violation that was raised, or one of Hypothesis's group."""
    if isinstance(error, Violation):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next((found for found in map(_violation_in, error.exceptions) if found), None)
    return None


def _counterexample(session: Session, violation: Violation | None) -> dict[str, Any] | None:
    if violation is None:
        return None
    return counterexample(violation, session.target)


def _report_to_pytest(outcome: Outcome, counterexample: dict[str, Any] | None) -> None:
    if outcome.word == "not_exercised":
        pytest.skip(printable(outcome.reason or ""))
    if outcome.violation is not None:
        lines = [str(outcome.violation), *(f"  {line}" for line in (counterexample or {}).get("steps", ()))]
        pytest.fail("\n".join(map(visible, lines)), pytrace=False)
    if isinstance(outcome.cause, Stopped | DriverError):
        pytest.fail(printable(outcome.reason or ""), pytrace=False)
    if outcome.cause is not None:
        raise outcome.cause
