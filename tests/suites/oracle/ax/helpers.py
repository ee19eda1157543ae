"""An AX oracle with a few numbers.

With short words for what is asked of it.
"""

from __future__ import annotations

from typing import Any

from privnum.suites.oracle import AxExpected, AxOracle, AxSurroundings, CallPlan
from tests.suites.oracle.assumed import assumed_choices

X = "+8617200000001"
XS = tuple(f"+8617200000{i:03d}" for i in range(1, 8))
X2 = XS[1]
FOREIGN, NOBODYS = "+8617600000001", "+8617999999999"
A, B, C, N = (f"+861380000000{i}" for i in range(4))
FIXED, HOTLINE = "+8675526660001", "+864001234567"
START = 1_772_323_200


def make(unsettled: tuple[str, ...] = (), recording: bool = True, **assumptions: str | int) -> AxOracle:
    around = AxSurroundings(
        own=dict.fromkeys(XS, "0755") | {XS[-1]: "020"},
        foreign={FOREIGN},
        recording=recording,
        tones={"wait.wav"},
    )
    return AxOracle(around, assumed_choices(unsettled, **assumptions), START)


def bind(oracle: AxOracle, a: str = A, x: str = X, **fields: Any) -> str:
    body = {"origNum": a, "privateNum": x, **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    sub = f"sub-{len(oracle.bindings) + len(oracle.dissolved)}"
    oracle.record_bind(body, sub, x)
    return sub


def ask_bind(oracle: AxOracle, a: str = A, **fields: Any) -> AxExpected:
    return oracle.expect_bind({"origNum": a, **fields})


def modify(oracle: AxOracle, **body: Any) -> None:
    expected = oracle.expect_modify(body)
    assert expected.ok, expected
    oracle.record_modify(expected.bindings[0], body)


def set_callee(oracle: AxOracle, callee: str = B, x: str = X, **fields: Any) -> None:
    body = {"privateNum": x, "calleeNum": callee, **fields}
    expected = oracle.expect_set_callee(body)
    assert expected.ok, expected
    oracle.callee_set(expected.bindings[0], body)


def call_result(oracle: AxOracle, caller: str = N, x: str = X) -> str | int:
    """Whom a call reaches, or the cause of its end."""
    call = oracle.expect_call(caller, x, CallPlan())
    return call.forwarded_to or min(call.causes)
