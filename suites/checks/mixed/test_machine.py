"""The state machine of several modes.

What is bound in one is not seen, and does not count, in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.axb import test_machine as axb
from privnum.suites.checks.axe import test_machine as axe
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-STATE-001", "AXE-STATE-001", needs=("other_mode_application",))
def test_any_history_of_several_modes(context: CheckContext) -> None:
    """After any sequence of requests in several modes the rules hold.

    Calls and passing time are among them.
    """
    from privnum.suites.checks.mixed.state_machine import MIXED_MODES, MixedMachine

    if not {*MIXED_MODES} <= {*context.session.scope}:
        raise NotExercised(f"it needs applications of {' and '.join(MIXED_MODES)}", "other_mode_application")
    loose = all(each.takes_loose_forms(context.fresh()) for each in (axb, axe))
    run_machine(lambda: MixedMachine(context.fresh(), loose=loose))
