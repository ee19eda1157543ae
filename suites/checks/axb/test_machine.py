"""The state machine: any history of bindings, calls and time is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.lenient_forms import is_taken
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench


@check("AXB-STATE-001")
def test_any_history(bench: Bench) -> None:
    """After any sequence of binds, modifies, unbinds, queries, calls and passing time all is as the rules say."""
    from privnum.suites.checks.axb.state_machine import AxbMachine

    loose = takes_loose_forms(bench.fresh())  # whose users are free again for the histories
    run_machine(lambda: AxbMachine(bench.fresh(), loose=loose))


def takes_loose_forms(bench: Bench) -> bool:
    """Whether flags may be JSON booleans; AXB-BIND-022 judges it."""
    answers, a, b = [], bench.user(), bench.user()
    for flag in ("true", True):
        answers.append(bench.bind(a, b, bench.x(), privateSms=flag))
        bench.unbind(subscriptionId=answers[-1]["subscriptionId"] or "none")
    return is_taken(*answers)
