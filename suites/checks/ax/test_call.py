"""Calls to X: whom they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success, completed_call
from privnum.suites.checks.ax.call_profile import AxCalls
from privnum.suites.checks.ax.scenarios import (
    bind_users,
    call_for_a,
    claim_call_refused,
    claim_reaches,
    claim_reaches_callee,
    claim_set,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

BARRED, NO_CALLEE, NO_BINDING, FIXED_LINE = 8016, 8013, 8018, 8023
PUSHED = ("calls", "receiver", "clock")


# ── whom a call reaches ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-CALL-101")
@pytest.mark.parametrize("direction", [None, 0, 2])
def test_anybody_reaches_a(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 2 who calls X reaches A, who sees X.

    A stranger, the A of another X, a callee.
    """
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    binding, other = bind_users(context, **fields), bind_users(context)
    for caller in (context.user(), context.user(home=None), other.a, call_for_a(context, binding.sub)):
        context.hang_up(claim_reaches(context, "AX-CALL-101", binding, caller))


@check("AX-CALL-101", needs=("calls", "two_x"))
def test_each_x_reaches_its_a(context: CheckContext) -> None:
    """With several X each reaches its own A, and every X of an A reaches him."""
    one = bind_users(context)
    caller = context.user()
    for binding in (one, bind_users(context, one.a), bind_users(context)):
        context.hang_up(claim_reaches(context, "AX-CALL-101", binding, caller))


@check("AX-CALL-102")
@pytest.mark.parametrize("direction", [None, 0, 1])
def test_a_reaches_his_callee(context: CheckContext, direction: int | None) -> None:
    """With direction 0 or 1 A who calls X reaches the temporary callee.

    The callee sees X.
    """
    fields: dict[str, Any] = {} if direction is None else {"callDirection": direction}
    binding = bind_users(context, **fields)
    for _ in range(2):
        context.hang_up(
            claim_reaches_callee(context, "AX-CALL-102", binding, claim_set(context, "AX-CALLEE-101", binding.sub))
        )


@check("AX-CALL-103")
def test_a_without_a_callee(context: CheckContext) -> None:
    """A who has no temporary callee is refused with 8013.

    Others reach him meanwhile.
    """
    binding = bind_users(context)
    claim_call_refused(context, "AX-CALL-103", binding.a, binding.x, NO_CALLEE)
    context.hang_up(claim_reaches(context, "AX-CALL-101", binding))
    claim_call_refused(context, "AX-CALL-103", binding.a, binding.x, NO_CALLEE)


@check("AX-CALL-104")
def test_direction_1_bars_others(context: CheckContext) -> None:
    """With direction 1 a call of anybody but A is refused with 8016.

    The temporary callee is refused too.
    """
    binding = bind_users(context, callDirection=1)
    for caller in (context.user(), call_for_a(context, binding.sub)):
        claim_call_refused(context, "AX-CALL-104", caller, binding.x, BARRED)


@check("AX-CALL-105")
def test_direction_2_bars_a(context: CheckContext) -> None:
    """With direction 2 a call of A is refused with 8016.

    The temporary callee that he has changes nothing.
    """
    binding = bind_users(context, callDirection=2)
    call_for_a(context, binding.sub)
    claim_call_refused(context, "AX-CALL-105", binding.a, binding.x, BARRED)


@check("AX-CALL-106")
def test_an_x_without_a_binding(context: CheckContext) -> None:
    """A call to an X that nobody has is refused with 8018.

    It is so for a stranger and for the A of another X.
    """
    binding, x = bind_users(context), context.ax.free_x()
    for caller in (context.user(), binding.a):
        claim_call_refused(context, "AX-CALL-106", caller, x, NO_BINDING)


@check("AX-CALL-107")
def test_a_switched_x_leads_to_the_next_a(context: CheckContext) -> None:
    """An X that was another A's leads to the next A alone.

    The former A is a stranger to it.
    """
    former = bind_users(context)
    context.hang_up(claim_reaches(context, "AX-CALL-101", former))
    call_for_a(context, former.sub)
    claim_success(context, "AX-UNBIND-001", context.ax.unbind(subscriptionId=former.sub), "unbind")
    binding = bind_users(context, None, former.x, by="AX-CALL-107")
    for caller in (context.user(), former.a):
        context.hang_up(claim_reaches(context, "AX-CALL-107", binding, caller))
    claim_call_refused(context, "AX-CALL-107", binding.a, binding.x, NO_CALLEE)
    callee = claim_set(context, "AX-CALLEE-101", binding.sub)
    context.hang_up(claim_reaches_callee(context, "AX-CALL-107", binding, callee))


# ── fixed lines ──────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A fixed line that calls X is refused with 8023.

    It is so for A with a callee, for others, and where nobody is bound.
    """
    line = context.user("fixed_line")
    binding = bind_users(context, line)
    call_for_a(context, binding.sub)
    claim_call_refused(context, "AX-CALL-007", line, binding.x, FIXED_LINE)
    claim_call_refused(context, "AX-CALL-007", context.user("fixed_line"), binding.x, FIXED_LINE)
    claim_call_refused(context, "AX-CALL-007", context.user("fixed_line"), context.ax.free_x())


@check("AX-CALL-008")
def test_a_fixed_line_is_called(context: CheckContext) -> None:
    """A on a fixed line is reached by a mobile."""
    context.hang_up(claim_reaches(context, "AX-CALL-008", bind_users(context, context.user("fixed_line"))))


# ── userData of the callee ───────────────────────────────────────────────────────────────────────────────────────────


@check("AX-EVENT-101", "AX-CDR-012", needs=PUSHED)
def test_user_data_of_the_callee(context: CheckContext) -> None:
    """UserData of the temporary callee is in callin and CDR of A's call.

    No other call carries it.
    """
    calls, binding = AxCalls(context), bind_users(context)
    callee = claim_set(context, "AX-CALLEE-101", binding.sub, userData="visit-7")
    data = calls.events(calls.completed_call(calls.to_a(binding))).get("callin", {}).get("userData")
    context.claim("AX-EVENT-101", not data, f"userData of a call to A: expected none, came {data!r}")
    claim_set(context, "AX-CALLEE-101", binding.sub, callee, userData="visit-8")
    call = completed_call(context, binding.a, binding.x, hang_up_after=4)
    data = calls.events(call).get("callin", {}).get("userData")
    context.claim("AX-EVENT-101", data == "visit-8", f"userData of callin: expected visit-8, came {data!r}")
    calls.cdr_says("CDR-012", calls.cdr(call), userData="visit-8")
