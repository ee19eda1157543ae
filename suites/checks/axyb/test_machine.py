"""The state machine: any AXYB history is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.lenient_forms import is_taken
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXYB-STATE-001", needs=("any_x",))
def test_any_history(context: CheckContext) -> None:
    """After any sequence of requests the rules hold.

    Calls and passing time are among them.
    """
    from privnum.suites.checks.axyb.state_machine import AxybMachine

    loose = takes_loose_forms(context.fresh())  # whose users are free again for the histories
    run_machine(lambda: AxybMachine(context.fresh(), loose=loose))


def takes_loose_forms(context: CheckContext) -> bool:
    """Whether flags may be JSON booleans; AXYB-BIND-022 checks it."""
    answers = []
    for flag in ("false", False):
        answers.append(context.axyb.bind_a(context.user(), recordFlag=flag))
        context.axyb.unbind(subscriptionId=answers[-1]["subscriptionId"] or "none")
    return is_taken(*answers)
