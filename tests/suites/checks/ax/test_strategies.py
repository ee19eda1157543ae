"""What the strategies of AX draw is what the contract allows."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from privnum import contracts
from privnum.suites.checks.ax import strategies

BOUND = {"origNum": "+8613800000001", "privateNum": "+8617600000001"}
SELECTED = {"subscriptionId": "s"}


@given(strategies.bind_settings(), strategies.changes(), strategies.callee_settings())
def test_settings_hold_to_the_schema(settings: dict[str, Any], change: dict[str, Any], callee: dict[str, Any]) -> None:
    """Every bind, modify and temporary callee that is drawn is good."""
    assert contracts.validate("ax.bind", body=BOUND | settings) == []
    assert contracts.validate("ax.modify", body=SELECTED | change) == []
    assert contracts.validate("ax.set_callee", body=SELECTED | {"calleeNum": "+8613800000002"} | callee) == []
