"""The state machine of several modes.

What is bound in one is not seen, and does not count, in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.base.profiles import run_machine
from privnum.suites.checks.ax import test_machine as ax
from privnum.suites.checks.axb import test_machine as axb
from privnum.suites.checks.axe import test_machine as axe
from privnum.suites.checks.axyb import test_machine as axyb
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.runner.context import CheckContext

TAKES_LOOSE: Final[Mapping[str, Callable[[CheckContext], bool]]] = {
    "AXB": axb.takes_loose_forms,
    "AXE": axe.takes_loose_forms,
    "AX": ax.takes_loose_forms,
    "AXYB": axyb.takes_loose_forms,
    "X": lambda _: True,  # nothing of it is sent in a form that no page prints
}
LEAST = 2
"""Modes with which something can be mixed."""


@check(*(f"{mode}-STATE-001" for mode in TAKES_LOOSE), needs=("other_mode_application",))
def test_any_history_of_several_modes(context: CheckContext) -> None:
    """After any sequence of requests in several modes the rules hold.

    Calls and passing time are among them.
    """
    from privnum.suites.checks.mixed.state_machine import mixed_machine

    modes = [mode for mode in TAKES_LOOSE if _is_there(context, mode)]
    if len(modes) < LEAST:
        raise NotExercised("it needs applications of several modes", "other_mode_application")
    loose = all(TAKES_LOOSE[mode](context.fresh()) for mode in modes)
    machine = mixed_machine(modes)
    run_machine(lambda: machine(context.fresh(), loose=loose), share=1.5)


def _is_there(context: CheckContext, mode: str) -> bool:
    """Whether the target has the mode, and X numbers of it may be picked.

    In AXYB they always are.
    """
    if mode not in context.session.scope:
        return False
    return mode != "AXYB" or context.session.words_of(mode)["any_x"] is None
