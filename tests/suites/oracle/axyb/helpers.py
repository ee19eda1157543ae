"""An AXYB oracle with a few numbers.

With short words for what is asked of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle import AxybExpected, AxybOracle, AxybSurroundings, CallPlan
from tests.suites.oracle.assumed import assumed_choices

if TYPE_CHECKING:
    from privnum.suites.oracle import AxybCall

NUMBERS = tuple(f"+8617800000{i:03d}" for i in range(1, 9))
X, Y, Y2, Y3, FAR = (*NUMBERS[:4], NUMBERS[7])
FOREIGN, NOBODYS = "+8617900000001", "+8617999999999"
A, A2, B, C, D, N = (f"+861380000000{i}" for i in range(6))
FIXED, HOTLINE = "+8675526660001", "+864001234567"
START = 1_772_323_200


def make(
    unsettled: tuple[str, ...] = (), recording: bool = True, count: int = 8, **assumptions: str | int
) -> AxybOracle:
    """The last of `count` numbers is in 020, the others are in 0755."""
    own = dict.fromkeys(NUMBERS[: count - 1], "0755") | {FAR: "020"}
    around = AxybSurroundings(own=own, foreign={FOREIGN}, recording=recording, tones={"wait.wav"}, bindings_per_y=3)
    return AxybOracle(around, assumed_choices(unsettled, **assumptions), START)


def ask_a(oracle: AxybOracle, a: str = A, **fields: Any) -> AxybExpected:
    return oracle.expect_bind({"origNum": a, "areaCode": "0755", **fields})


def ask_b(oracle: AxybOracle, sub: str, b: str = B, **fields: Any) -> AxybExpected:
    return oracle.expect_bind({"origNum": b, "subscriptionId": sub, **fields})


def bind_a(oracle: AxybOracle, a: str = A, x: str = X, **fields: Any) -> str:
    body = {"origNum": a, "areaCode": "0755", **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    assert x in expected.x
    sub = f"sub-{len(oracle.bindings) + len(oracle.dissolved)}"
    oracle.record_bind(body, sub, x)
    return sub


def bind_b(oracle: AxybOracle, sub: str, b: str = B, y: str = Y, **fields: Any) -> None:
    body = {"origNum": b, "subscriptionId": sub, **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    assert y in expected.x
    oracle.bound_b(expected, body, sub, y)


def unbind(oracle: AxybOracle, **query: str) -> None:
    expected = oracle.expect_unbind(query)
    assert expected.ok, expected
    oracle.record_unbind(expected)


def call(oracle: AxybOracle, caller: str, dialled: str, plan: CallPlan | None = None) -> AxybCall:
    return oracle.expect_call(caller, dialled, plan or CallPlan())


def call_result(oracle: AxybOracle, caller: str, dialled: str) -> tuple[str | int, str | None]:
    """Whom a call reaches and what he sees, or the cause of its end."""
    placed = call(oracle, caller, dialled)
    if placed.forwarded_to is None:
        return min(placed.causes), None
    return placed.forwarded_to, None if placed.may_be_given else placed.shown


def place(oracle: AxybOracle, caller: str, dialled: str, y: str, plan: CallPlan | None = None) -> AxybCall:
    """The call of somebody who is given that Y."""
    placed = call(oracle, caller, dialled, plan)
    assert y in placed.may_be_given
    oracle.record_call(placed)
    oracle.record_given_y(placed, y, str(placed.subscription_id))
    return placed
