"""What the strategies of AXYB draw is what the contract allows."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from privnum import contracts
from privnum.suites.checks.axyb import strategies

KEY = {"app_key": "key"}
USER = {"origNum": "+8613800000001"}


@given(strategies.places_of_a(), strategies.settings_of_a())
def test_binds_of_a_hold_to_the_schema(place: dict[str, Any], settings: dict[str, Any]) -> None:
    """Every bind of A that is drawn is good."""
    assert contracts.validate("axyb.bind", query=KEY, body=USER | place | settings) == []


@given(strategies.places_of_b(), strategies.settings_of_b())
def test_binds_of_b_hold_to_the_schema(place: dict[str, Any], settings: dict[str, Any]) -> None:
    """Every bind of B that is drawn is good."""
    assert contracts.validate("axyb.bind", query=KEY, body=USER | {"subscriptionId": "s"} | place | settings) == []
