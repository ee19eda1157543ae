"""CDRs of AXYB: which numbers they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.axyb.call_profile import AxybCalls
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXYB-CDR-005", needs=("calls", "receiver", "two_x"))
def test_bind_num_is_a_private_number(context: CheckContext) -> None:
    """BindNum, where it is sent, is X or Y; which of them is a choice."""
    calls = AxybCalls(context)
    pair = calls.bind_users()
    for way in calls.ways(pair):
        came = calls.cdr(calls.completed_call(way)).get("bindNum")
        message = f"bindNum of a call of {way.name}: expected {pair.x} or {pair.y}, came {came!r}"
        context.claim("AXYB-CDR-005", came in {None, pair.x, pair.y}, message)
