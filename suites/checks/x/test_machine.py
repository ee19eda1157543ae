"""The state machine: any history of X calls is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.profiles import run_machine
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("X-STATE-001", needs=("calls", "receiver", "clock"))
def test_any_history(context: CheckContext) -> None:
    """After any sequence of calls, answers and passing time the rules hold."""
    from privnum.suites.checks.x.state_machine import XMachine

    run_machine(lambda: XMachine(context.fresh()), share=0.5)
