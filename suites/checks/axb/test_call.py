"""Calls to X: whom they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axb.call_profile import AxbCalls
from privnum.suites.checks.axb.scenarios import bind_users, claim_call_refused, claim_reaches
from privnum.suites.checks.calls.expected_pushes import runs
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axb.scenarios import Pair
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext


def sees_x(context: CheckContext, requirement: str, call: CallView, pair: Pair) -> None:
    """Claim that the callee sees X."""
    context.claim(requirement, call.displayed == pair.x, f"the callee: expected to see {pair.x}, sees {call.displayed}")


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-101")
@pytest.mark.parametrize("direction", [None, 0, 1])
def test_a_reaches_b(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 1 a call from A is forwarded to B, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bind_users(context, **fields)
    sees_x(context, "AXB-CALL-101", claim_reaches(context, "AXB-CALL-101", pair.a, pair, pair.b), pair)


@check("AXB-CALL-102")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_b_reaches_a(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 2 a call from B is forwarded to A, who sees X."""
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    pair = bind_users(context, **fields)
    sees_x(context, "AXB-CALL-102", claim_reaches(context, "AXB-CALL-102", pair.b, pair, pair.a), pair)


@check("AXB-CALL-103")
def test_direction_1_bars_b(context: CheckContext) -> None:
    """With direction 1 a call from B is refused with 8016."""
    pair = bind_users(context, callDirection=1)
    claim_call_refused(context, "AXB-CALL-103", pair.b, pair.x, 8016)


@check("AXB-CALL-104")
def test_direction_2_bars_a(context: CheckContext) -> None:
    """With direction 2 a call from A is refused with 8016."""
    pair = bind_users(context, callDirection=2)
    claim_call_refused(context, "AXB-CALL-104", pair.a, pair.x, 8016)


@check("AXB-CALL-105")
def test_a_stranger_reaches_nobody(context: CheckContext) -> None:
    """A number without a binding on X gets 8014, with or without others."""
    stranger = context.user()
    claim_call_refused(context, "AXB-CALL-105", stranger, context.axb.x(), 8014)
    bind_users(context)
    claim_call_refused(context, "AXB-CALL-105", stranger, context.axb.x(), 8014)


@check("AXB-CALL-105", needs=("calls", "two_x"))
def test_a_binding_counts_on_its_own_x_only(context: CheckContext) -> None:
    """A and B of one X are strangers to another."""
    pair = bind_users(context, x=context.axb.x(0))
    bind_users(context, x=context.axb.x(1))
    for caller in (pair.a, pair.b):
        claim_call_refused(context, "AXB-CALL-105", caller, context.axb.x(1), 8014)


@check("AXB-CALL-106")
def test_each_caller_reaches_his_partner(context: CheckContext) -> None:
    """With three pairs on X each side reaches the other of its own pair."""
    for pair in [bind_users(context) for _ in range(3)]:
        context.hang_up(claim_reaches(context, "AXB-CALL-106", pair.a, pair, pair.b))
        context.hang_up(claim_reaches(context, "AXB-CALL-106", pair.b, pair, pair.a))


@check("AXB-CALL-106", needs=("calls", "two_x"))
def test_x_decides_whom_a_reaches(context: CheckContext) -> None:
    """The same A on two X reaches the partner of the X that he calls."""
    one = bind_users(context, x=context.axb.x(0))
    two = bind_users(context, a=one.a, x=context.axb.x(1))
    context.hang_up(claim_reaches(context, "AXB-CALL-106", one.a, one, one.b))
    context.hang_up(claim_reaches(context, "AXB-CALL-106", two.a, two, two.b))


@check("AXB-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A fixed line that calls is refused with 8023.

    Bound so that it may call, or not bound.
    """
    line, mobile = context.user("fixed_line"), context.user()
    pair = bind_users(context, line, mobile)
    claim_call_refused(context, "AXB-CALL-007", line, pair.x, 8023)
    other = bind_users(context, a=mobile, b=line, x=context.axb.x(1)) if "two_x" in context.capabilities else pair
    claim_call_refused(context, "AXB-CALL-007", line, other.x, 8023)
    claim_call_refused(context, "AXB-CALL-007", context.user("fixed_line"), pair.x)


@check("AXB-CALL-008")
def test_a_fixed_line_is_called(context: CheckContext) -> None:
    """A fixed line as B is reached by A, one as A by B."""
    one = bind_users(context, b=context.user("fixed_line"))
    claim_reaches(context, "AXB-CALL-008", one.a, one, one.b)
    two = bind_users(context, a=context.user("fixed_line"))
    claim_reaches(context, "AXB-CALL-008", two.b, two, two.a)


# ── calls that outlive their binding ─────────────────────────────────────────────────────────────────────────────────


@check("AXB-CALL-009", needs=("calls", "clock"))
def test_unbind_of_a_whole_x_does_not_cut_a_call(context: CheckContext) -> None:
    """A talk goes on after all that is on X was unbound.

    The next call is refused.
    """
    calls, pair = AxbCalls(context), bind_users(context)
    way = calls.ways(pair)[0]
    call = calls.in_phase(way, "answered", hang_up_after=None)
    claim_success(context, "AXB-CALL-009", context.axb.unbind(relationNum=pair.x), "unbind during a call")
    runs(calls, "CALL-009", call, way, "after the unbind")
    claim_call_refused(context, "AXB-CALL-009", pair.a, pair.x, 8014)
    calls.claim_ended("CALL-013", context.hang_up(call), 0)
