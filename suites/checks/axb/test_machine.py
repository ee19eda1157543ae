"""The state machine.

Any history of bindings, calls and time is as the rules say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.lenient_forms import is_taken
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-STATE-001")
def test_any_history(context: CheckContext) -> None:
    """After any sequence of requests, calls and time the rules hold."""
    from privnum.suites.checks.axb.state_machine import AxbMachine

    loose = takes_loose_forms(context.fresh())  # whose users are free again for the histories
    run_machine(lambda: AxbMachine(context.fresh(), loose=loose))


def takes_loose_forms(context: CheckContext) -> bool:
    """Whether flags may be JSON booleans; AXB-BIND-022 checks it."""
    answers, a, b = [], context.user(), context.user()
    for flag in ("true", True):
        answers.append(context.axb.bind(a, b, context.axb.x(), privateSms=flag))
        context.axb.unbind(subscriptionId=answers[-1]["subscriptionId"] or "none")
    return is_taken(*answers)
