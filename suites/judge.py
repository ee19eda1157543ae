"""Runs one check and says how it came out: the one place that turns claims and exceptions into outcomes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest

from privnum import contracts
from privnum.suites.bench import Bench
from privnum.suites.check import CannotSettle, Check, Probe
from privnum.suites.ledger import NotExercised, Violation

if TYPE_CHECKING:
    from privnum.suites.session import Session

__all__ = ["Outcome", "judge", "judge_probe"]

Run = Callable[[Bench], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check came out. `cause` is the exception behind it, `violation` the broken must."""

    word: Literal["passed", "failed", "error", "not_exercised"]
    reason: str | None = None
    violation: Violation | None = None
    reproduced: bool | None = None
    cause: BaseException | None = None


def judge(check: Check, bench: Bench, run: Run) -> None:
    """Run the check, write its events, and tell pytest: a failure for failed and error, a skip for not_exercised."""
    session, name = bench.session, bench.name
    session.journal.check_started(name, check.requirements)
    started = time.perf_counter()
    outcome = _outcome(session, check, bench, run)
    counterexample = _counterexample(session, outcome.violation)
    session.journal.claims(name, bench.ledger, outcome.violation)
    session.journal.check_finished(
        name,
        outcome.word,
        reason=outcome.reason,
        reproduced=outcome.reproduced,
        counterexample=counterexample,
        seconds=time.perf_counter() - started,
    )
    _tell_pytest(outcome, counterexample)


def judge_probe(probe: Probe, bench: Bench) -> None:
    """Run a probe as a check of the requirement that its assumption stands for."""
    assumption = contracts.assumptions()[probe.assumption]
    seen: list[contracts.Value] = []
    reasons: list[str] = []

    def run(fresh: Bench) -> None:
        try:
            observed = probe.find(fresh)
        except CannotSettle as error:
            reasons.append(f"the reading could not be found out: {error}")
            raise NotExercised(reasons[-1]) from None
        seen.append(observed)
        legal = fresh.session.settle(probe.assumption, observed)
        text = f"{assumption.text} The target: {observed!r}; ours: {assumption.value!r}."
        reason = "" if legal else f" That is no reading the contract knows ({', '.join(map(repr, assumption.values))})."
        reasons.append(reason.strip())
        if observed != assumption.value:
            fresh.ledger.differ(assumption.requirement, text + reason)
        else:
            fresh.claim(assumption.requirement, True, text)

    check = Check((assumption.requirement,), probe.needs, disruptive=False)
    session = bench.session
    with session.probing(probe.assumption):
        try:
            judge(check, bench, run)
        finally:
            session.journal.probe(
                probe.assumption, assumption.value, seen[-1] if seen else None, (reasons or [""])[-1] or None
            )


def _outcome(session: Session, check: Check, bench: Bench, run: Run) -> Outcome:
    try:
        missing = session.missing(check)
        if missing is not None:
            return Outcome("not_exercised", missing)
        try:
            run(bench.open())
        finally:
            bench.close()
    except NotExercised as stop:
        return Outcome("not_exercised", str(stop))
    except pytest.skip.Exception as stop:
        return Outcome("not_exercised", str(stop))
    except Exception as error:
        return _of_failure(session, bench, run, error)
    except pytest.fail.Exception as error:
        return Outcome("error", str(error), cause=error)
    return Outcome("passed")


def _of_failure(session: Session, bench: Bench, run: Run, error: Exception) -> Outcome:
    flaky = _is_flaky(error)
    violation = _violation_in(error) or (bench.ledger.violation if flaky else None)
    if violation is None:
        text = contracts.mask(f"{type(error).__name__}: {error}".strip())
        if flaky:
            text = "the target did not do the same twice after the same steps, so that Hypothesis could not go on"
        return Outcome("error", text[:500], cause=error)
    reproduced = not flaky and (violation.replayed or _again(session, bench.name, run, violation))
    reason = f"the check stopped at {violation.requirement}"
    return Outcome("failed", reason, violation, reproduced, violation)


def _again(session: Session, name: str, run: Run, violation: Violation) -> bool:
    """Whether the same requirement breaks on a fresh start."""
    bench = Bench(session, name)
    try:
        run(bench.open())
    except Violation as second:
        return second.requirement == violation.requirement
    except Exception:
        return False
    finally:
        bench.close()
    return False


def _is_flaky(error: BaseException) -> bool:
    errors = sys.modules.get("hypothesis.errors")
    return errors is not None and isinstance(error, errors.Flaky)


def _violation_in(error: BaseException) -> Violation | None:
    """The violation that was raised, or one of the group that Hypothesis made of several."""
    if isinstance(error, Violation):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next((found for found in map(_violation_in, error.exceptions) if found), None)
    return None


def _counterexample(session: Session, violation: Violation | None) -> dict[str, Any] | None:
    if violation is None:
        return None
    from privnum.suites.report.counterexample import counterexample

    return counterexample(violation, session.target)


def _tell_pytest(outcome: Outcome, counterexample: dict[str, Any] | None) -> None:
    if outcome.word == "not_exercised":
        pytest.skip(outcome.reason or "")
    if outcome.violation is not None:
        lines = [str(outcome.violation), *(f"  {line}" for line in (counterexample or {}).get("steps", ()))]
        pytest.fail("\n".join(lines), pytrace=False)
    if outcome.cause is not None:
        raise outcome.cause
