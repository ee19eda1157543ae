"""The state machine: any AXE history is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.lenient_forms import as_printed, is_taken
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-STATE-001")
def test_any_history(context: CheckContext) -> None:
    """After any sequence of requests, calls and time the rules hold.

    Call-backs are among them.
    """
    from privnum.suites.checks.axe.state_machine import AxeMachine

    loose = takes_loose_forms(context.fresh())  # whose users are free again for the histories
    run_machine(lambda: AxeMachine(context.fresh(), loose=loose), share=2.0)


def takes_loose_forms(context: CheckContext) -> bool:
    """Whether flags and modes may come as JSON values (AXE-BIND-022).

    RecordFlag as boolean, displayNumMode and timeUnit as numbers.
    """
    answers, a = [], context.user()
    loose: dict[str, Any] = {"recordFlag": False, "displayNumMode": 0, "timeUnit": 0}
    for fields in (as_printed(loose), loose):
        answers.append(context.axe.bind(a, context.axe.x(), **fields))
        context.axe.unbind(subscriptionId=answers[-1]["subscriptionId"] or "none")
    return is_taken(*answers)
