"""What the strategies draw is what the contract allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from privnum import contracts
from privnum.suites.checks.axb import strategies
from privnum.suites.checks.axe.strategies import behaviours
from privnum.suites.checks.state_machine.strategies import plans
from privnum.suites.oracle import Assumptions, AxbOracle, AxbSurroundings
from privnum.suites.oracle.numbers import kind_of

if TYPE_CHECKING:
    from privnum.suites.oracle import CallPlan

NUMBERS = {"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "relationNum": "+8617000000001"}


@given(strategies.mobiles(), strategies.fixed_lines())
def test_numbers_are_of_their_kind(mobile: str, line: str) -> None:
    """Mobiles are mobiles and fixed lines fixed lines, by the oracle's reckoning and by the contract's."""
    assert (kind_of(mobile), kind_of(line)) == ("mobile", "fixed_line")
    kinds = contracts.number_kinds()
    import re

    assert re.fullmatch(kinds["mobile"], mobile)
    assert re.fullmatch(kinds["fixed_line"], line)


@given(strategies.bind_settings(), strategies.changes())
def test_settings_hold_to_the_schema(settings: dict[str, Any], change: dict[str, Any]) -> None:
    """Every bind and modify that is drawn is a good one."""
    assert contracts.validate("axb.bind", body=NUMBERS | settings) == []
    assert contracts.validate("axb.modify", body={"subscriptionId": "s"} | change) == []


@given(plans())
def test_plans_are_decided(plan: CallPlan) -> None:
    """No plan is left open by two things in one second, with a limit or without."""
    for limit in (0, 1, 2):
        around = AxbSurroundings(own={NUMBERS["relationNum"]: None})
        oracle = AxbOracle(around, Assumptions({"call.setup_seconds": 0}), 0)
        oracle.record_bind(NUMBERS | {"maxDuration": limit}, "s", NUMBERS["relationNum"])
        assert oracle.expect_call(NUMBERS["callerNum"], NUMBERS["relationNum"], plan).forwarded


@pytest.mark.parametrize("offers", [frozenset(), frozenset({"unregistered_callees"})])
@pytest.mark.parametrize("draw", [plans(), behaviours()], ids=["plans", "behaviours of AXE"])
def test_a_callee_who_is_not_offered_is_not_drawn(draw: st.SearchStrategy[Any], offers: frozenset[str]) -> None:
    """A machine of a target without unregistered callees asks for none, one of another target does."""
    seen: set[str] = set()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.offers = offers

        @rule(plan=draw)
        def call(self, plan: Any) -> None:
            seen.add(plan.get("behaviour", "answer") if isinstance(plan, dict) else plan.behaviour)

    run_state_machine_as_test(Machine, settings=settings(max_examples=20, database=None, derandomize=True))
    assert "busy" in seen
    assert ("unregistered" in seen) == bool(offers)
