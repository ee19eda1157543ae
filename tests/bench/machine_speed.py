"""The AXB machine in process, beside the same with empty rules, and beside what Hypothesis needs alone."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from privnum.suites.base import profiles
from privnum.suites.checks.axb.state_machine import AxbMachine
from privnum.suites.probes import PROBES
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILE = "ci"


def measure(rounds: int) -> dict[str, Any]:
    """Steps per second of each machine, in turn, and the median ratios of the AXB machine to the others.

    emptied  the AXB machine with empty rule bodies: a world for each example, and an invariant that looks at an X after
             each step, are left
    hollow   a machine with the same rules and strategies and nothing else: what Hypothesis needs alone
    """
    profiles.load(PROFILE)
    session = Session(probes=PROBES)
    context = CheckContext(session, "speed").open()
    try:
        session.findings.find_rest()  # the probes run once, outside the measurement
        runs = {
            "full": _counting(AxbMachine),
            "emptied": _counting(_emptied_machine(AxbMachine)),
            "hollow": _counting(_hollow()),
        }
        figures: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, machine in runs.items():
                make = machine if name == "hollow" else (lambda m=machine: m(context.fresh()))
                figures[name].append(_steps_per_second(machine, make))
    finally:
        context.close()
        session.close()
    medians = {f"{name}_steps_per_second": statistics.median(values) for name, values in figures.items()}
    ratios = {
        f"ratio_to_{name}": statistics.median(
            full / other for full, other in zip(figures["full"], figures[name], strict=True)
        )
        for name in ("emptied", "hollow")
    }
    return medians | ratios | {"runs": figures}


def _steps_per_second(machine: Any, make: Callable[[], RuleBasedStateMachine]) -> float:
    machine.total = 0
    begin = time.perf_counter()
    profiles.run_machine(make)
    return float(machine.total / (time.perf_counter() - begin))


def _counting(base: type[RuleBasedStateMachine]) -> Any:
    """The machine, counting its steps over all examples."""

    class Counting(base):  # type: ignore[misc, valid-type]
        total = 0

        @invariant()
        def count(self) -> None:
            Counting.total += 1

    return Counting


def _emptied_machine(base: type[RuleBasedStateMachine]) -> type[RuleBasedStateMachine]:
    """The machine, whose rules do nothing."""
    return type("Emptied", (base,), _rules_without_bodies(keep_preconditions=True))


def _hollow() -> type[RuleBasedStateMachine]:
    """A machine with the rules and strategies of the AXB machine and as many preconditions, all of them met."""
    return type("Hollow", (RuleBasedStateMachine,), _rules_without_bodies(keep_preconditions=False))


def _rules_without_bodies(*, keep_preconditions: bool) -> dict[str, Any]:
    state: Any = AxbMachine.setup_state()
    body: dict[str, Any] = {}
    decorators: tuple[Any, ...] = (rule, initialize)
    for found, decorate in zip((state.rules, state.initializers), decorators, strict=True):
        for each in found:

            def nothing(self: object, **drawn: object) -> None:
                """Do nothing."""

            nothing.__name__ = each.function.__name__
            empty = decorate(**each.arguments)(nothing)
            for met in each.preconditions:
                empty = precondition(met if keep_preconditions else lambda _: True)(empty)
            body[nothing.__name__] = empty
    return body
