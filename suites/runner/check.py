"""Checks and probes: test functions that say which requirements they check.

@check("AXB-BIND-005")
def test_pair_is_bound_once(context: CheckContext) -> None:
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    again = context.axb.bind(a, b, x)
    context.claim("AXB-BIND-005", again.key == "403/1012010", f"the second bind was answered with {again.key}")

@probe("axb.a_equals_b")
def a_equals_b(context: CheckContext) -> Value:
    return context.axb.bind(a, a, context.axb.x()).code or "no code"
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, NotExercised, Violation
from privnum.suites.runner.definitions import MARK, PROBES, CannotSettle, Check, Probe, check_of
from privnum.suites.runner.execute import run_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from privnum.suites.runner.context import CheckContext

__all__ = [
    "PROBES",
    "CannotSettle",
    "Check",
    "NoAnswer",
    "NotExercised",
    "Probe",
    "Violation",
    "check",
    "check_of",
    "check_probe",
    "probe",
]

P = ParamSpec("P")


def check(
    *requirements: str, needs: Iterable[str] | None = None, disruptive: bool | None = None
) -> Callable[[Callable[P, object]], Callable[P, None]]:
    """Make a test function the check of these requirements.

    `needs` and `disruptive` default to what the requirements themselves say. The function takes `context`. Raises
    UnknownName at import for a requirement that the contract does not have.
    """
    plain = _described(requirements, needs, disruptive)

    def decorate(function: Callable[P, object]) -> Callable[P, None]:
        timed = inspect.isgeneratorfunction(function)
        waits = timed or not (plain.disruptive or "AXE" in plain.modes or {"calls", "clock"}.isdisjoint(plain.needs))
        described = replace(plain, waits=waits, timed=timed)

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> None:
            context: Any = kwargs["context"]

            def run(fresh: CheckContext) -> None:
                fresh.rules = described.requirements
                if described.waits:
                    fresh.session.timetable.run(
                        fresh, described, lambda b: made(function, *args, **{**kwargs, "context": b})
                    )
                else:
                    made(function, *args, **{**kwargs, "context": fresh})

            run_check(described, context, run)

        setattr(checked, MARK, described)
        return checked

    return decorate


def made(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the check gives: nothing, or the generator of one that waits."""
    return function(*args, **kwargs)


def _described(requirements: tuple[str, ...], needs: Iterable[str] | None, disruptive: bool | None) -> Check:
    known = contracts.requirements()
    if not requirements:
        raise contracts.ContractError("a check must cite at least one requirement")
    for id_ in requirements:
        if id_ not in known:
            raise contracts.UnknownName("requirement", id_, known)
    rules = [known[id_] for id_ in requirements]
    words = dict.fromkeys(needs if needs is not None else (word for rule in rules for word in rule.needs))
    disrupts = any(rule.disruptive for rule in rules) if disruptive is None else disruptive
    return Check(requirements, tuple(words), disrupts)


def check_probe(function: Callable[P, None]) -> Callable[P, None]:
    """Mark the test that runs the probes: it takes a context, and cites what its probes cite."""
    setattr(function, MARK, Check((), (), disruptive=False))
    return function


def probe(
    assumption: str, *, needs: Iterable[str] = ()
) -> Callable[[Callable[[CheckContext], contracts.Value]], Callable[[CheckContext], contracts.Value]]:
    """Make a function the probe of that assumption. It returns the reading it saw, or raises CannotSettle."""

    def decorate(find: Callable[[CheckContext], contracts.Value]) -> Callable[[CheckContext], contracts.Value]:
        known = contracts.assumptions()
        if assumption not in known:
            raise contracts.UnknownName("assumption", assumption, known)
        if assumption in PROBES:
            raise contracts.ContractError(f"assumption {assumption} has two probes")
        PROBES[assumption] = Probe(assumption, tuple(needs), find)
        return find

    return decorate
