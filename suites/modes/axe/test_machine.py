"""The state machine: any AXE history is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.check import check
from privnum.suites.profiles import run_machine

if TYPE_CHECKING:
    from privnum.suites.bench import Bench


@check("AXE-STATE-001")
def test_any_history(bench: Bench) -> None:
    """After any sequence of binds, modifies, unbinds, queries, calls, call-backs and passing time all is as ruled."""
    from privnum.suites.modes.axe.machine import AxeMachine

    run_machine(lambda: AxeMachine(bench.fresh()), share=2.0)
