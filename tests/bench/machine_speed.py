"""The AXB machine in process, beside the same machine whose rules do nothing: what the product adds to Hypothesis."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from privnum.suites import profiles
from privnum.suites.bench import Bench
from privnum.suites.modes.axb.machine import AxbMachine
from privnum.suites.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILE = "ci"


def measure(rounds: int) -> dict[str, Any]:
    """Steps per second of both, in turn, and their median ratio."""
    profiles.load(PROFILE)
    session = Session()
    bench = Bench(session, "speed").open()
    try:
        _ = session.readings  # the probes run once, outside the measurement
        runs = {"full": _counting(AxbMachine), "empty": _counting(_hollow())}
        figures: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, machine in runs.items():
                make = (lambda m=machine: m(bench.fresh())) if name == "full" else machine
                figures[name].append(_steps_per_second(machine, make))
    finally:
        bench.close()
        session.close()
    ratios = [full / empty for full, empty in zip(figures["full"], figures["empty"], strict=True)]
    medians = {f"{name}_steps_per_second": statistics.median(values) for name, values in figures.items()}
    return medians | {"ratio": statistics.median(ratios), "runs": figures}


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


def _hollow() -> type[RuleBasedStateMachine]:
    """A machine with the rules and strategies of the AXB machine, and nothing in them."""
    state: Any = AxbMachine.setup_state()
    body: dict[str, Any] = {}
    decorators: tuple[Any, ...] = (rule, initialize)
    for found, decorate in zip((state.rules, state.initializers), decorators, strict=True):
        for each in found:

            def nothing(self: object, **drawn: object) -> None:
                """Do nothing."""

            nothing.__name__ = each.function.__name__
            hollow = decorate(**each.arguments)(nothing)
            for _ in each.preconditions:
                hollow = precondition(lambda _: True)(hollow)
            body[nothing.__name__] = hollow
    return type("Hollow", (RuleBasedStateMachine,), body)
