"""An AXE oracle with a few numbers, and short words for what is asked of it."""

from __future__ import annotations

from typing import Any

from privnum.suites.oracle import AxeExpected, AxeOracle, AxePlan, AxeSurroundings
from tests.suites.oracle.assumed import assumed_choices

X, X2, FOREIGN = "+8617300000001", "+8617300000002", "+8617400000001"
A, B, N, M = (f"+861380000000{i}" for i in range(4))
OTHER = "+8613700009999"
FIXED = "+8675526660001"
START = 1_772_323_200
MINUTE, HOUR = 60, 3600


def make(
    unsettled: tuple[str, ...] = (),
    *,
    digits: int = 4,
    repeats: int = 0,
    recording: bool = True,
    **assumptions: str | int,
) -> AxeOracle:
    around = AxeSurroundings(
        own={X: "0755", X2: "020"},
        foreign={FOREIGN},
        recording=recording,
        tones={"wait.wav", "hint.wav"},
        digits=digits,
        repeats=repeats,
    )
    return AxeOracle(around, assumed_choices(unsettled, **assumptions), START)


def bind(oracle: AxeOracle, a: str = A, extension: str = "0001", x: str = X, **fields: Any) -> str:
    body = {"bindNum": a, "virtualNum": x, "extendNum": extension, **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    sub = f"sub-{len(oracle.bindings) + len(oracle.dissolved)}"
    oracle.record_bind(body, sub, x, extension)
    return sub


def ask_bind(oracle: AxeOracle, a: str = A, **fields: Any) -> AxeExpected:
    return oracle.expect_bind({"bindNum": a, **fields})


def talk(oracle: AxeOracle, caller: str = N, extension: str = "0001", x: str = X) -> None:
    """`caller` reaches an A, who answers in the second of the transfer and hangs up; it takes 5 seconds."""
    plan = AxePlan(digits=(extension,), ring_after=0, answer_after=0, hang_up_after=1)
    oracle.record_call(oracle.expect_call(caller, x, plan))
    oracle.advance(5)


def call_result(oracle: AxeOracle, caller: str = A, x: str = X) -> str | int | None:
    """Whom a call reaches at once, or the cause of its end."""
    call = oracle.expect_call(caller, x, AxePlan())
    return call.forwarded_to or (min(call.causes) if call.causes else None)
