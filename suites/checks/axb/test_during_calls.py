"""AXB's calls whose A or B is replaced meanwhile, in each phase.

What is of all modes is in checks/calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success, has_chosen
from privnum.suites.checks.axb.call_profile import AxbCalls
from privnum.suites.checks.axb.scenarios import bind_users, claim_call_refused, claim_reaches
from privnum.suites.checks.calls.expected_pushes import goes_its_way, runs
from privnum.suites.checks.calls.profile import PHASES
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


def _replacement_check(requirement: str, side: str) -> Any:
    @check(requirement, needs=("calls", "receiver", "clock"))
    @pytest.mark.parametrize("phase", PHASES)
    def check_replacement(context: CheckContext, phase: str) -> None:
        """A call whose A or B is replaced has the numbers that it had.

        The new user is in the next call.
        """
        _replace_during_a_call(context, requirement, side, phase)

    return check_replacement


test_a_new_a_during_a_call = _replacement_check("AXB-MODIFY-003", "callerNum")
test_a_new_b_during_a_call = _replacement_check("AXB-MODIFY-101", "calleeNum")


def _replace_during_a_call(context: CheckContext, rule: str, side: str, phase: str) -> None:
    """Give the binding of a call a new user.

    Claim that the pushes of the call have the numbers that it had.
    """
    calls, pair, other = AxbCalls(context), bind_users(context), context.user()
    way = calls.ways(pair)[0]
    call = calls.in_phase(way, phase)
    claim_success(context, rule, context.axb.modify(pair.sub, **{side: other}), f"modify of {side} during a call")
    if has_chosen(context, "call.users_of_running_call", "goes_on"):
        runs(calls, "COM-OPEN-079", call, way, f"after a modify of {side}")
        goes_its_way(calls, "COM-OPEN-079", call, way)
    a, b = (other, pair.b) if side == "callerNum" else (pair.a, other)
    context.hang_up(claim_reaches(context, rule, a, pair, b))
    claim_call_refused(context, rule, pair.a if side == "callerNum" else pair.b, pair.x, 8014)
