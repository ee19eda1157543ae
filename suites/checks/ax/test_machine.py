"""The state machine: any AX history is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.lenient_forms import as_printed, is_taken
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AX-STATE-001")
def test_any_history(context: CheckContext) -> None:
    """After any sequence of requests the rules hold.

    Temporary callees, calls and passing time are among them.
    """
    from privnum.suites.checks.ax.state_machine import AxMachine

    loose = takes_loose_forms(context.fresh())  # whose users are free again for the histories
    run_machine(lambda: AxMachine(context.fresh(), loose=loose))


def takes_loose_forms(context: CheckContext) -> bool:
    """Whether flags may be JSON booleans, and calleeNumDisplay a number.

    AX-BIND-022 and AX-BIND-108 check it.
    """
    answers, a = [], context.user()
    loose: dict[str, Any] = {"privateSms": False, "calleeNumDisplay": 0}
    for fields in (as_printed(loose), loose):
        answers.append(context.ax.bind(a, context.ax.x(), **fields))
        context.ax.unbind(subscriptionId=answers[-1]["subscriptionId"] or "none")
    return is_taken(*answers)
