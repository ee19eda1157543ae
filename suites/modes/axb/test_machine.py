"""The state machine: any history of bindings, calls and time is as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.check import check
from privnum.suites.profiles import run_machine

if TYPE_CHECKING:
    from privnum.suites.bench import Bench


@check("AXB-STATE-001")
def test_any_history(bench: Bench) -> None:
    """After any sequence of binds, modifies, unbinds, queries, calls and passing time all is as the rules say."""
    from privnum.suites.modes.axb.machine import AxbMachine

    run_machine(lambda: AxbMachine(bench.fresh()))
