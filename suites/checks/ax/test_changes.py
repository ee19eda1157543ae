"""Modify and unbind: how a binding is selected, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success, has_chosen
from privnum.suites.checks.ax.bindings import AxBindings
from privnum.suites.checks.ax.call_profile import AxCalls
from privnum.suites.checks.ax.scenarios import (
    Binding,
    bind_users,
    call_for_a,
    claim_call_refused,
    claim_reaches,
    claim_reaches_callee,
    listed_bindings,
)
from privnum.suites.checks.calls.expected_pushes import PUSHED_RULES, goes_its_way, runs
from privnum.suites.checks.calls.profile import PHASES
from privnum.suites.printed.operations import X_PER_A
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

RULES = {"subscriptionId": "AX-UNBIND-001", "privateNum": "AX-UNBIND-101"}


def info_of(context: CheckContext, requirement: str, binding: Binding) -> dict[str, Any]:
    """What a query by id shows of a binding that must be there.

    A binding that is not there breaks `requirement`.
    """
    there = listed_bindings(context.ax.query(subscriptionId=binding.sub))
    context.expect(requirement, list(there) == [binding.sub], f"query of {binding.sub}: came {sorted(there)}")
    return there.get(binding.sub, {})


def has_a(context: CheckContext, requirement: str, binding: Binding, a: str) -> None:
    """Claim that X is that A's.

    By what a query of the binding shows of A, where it shows him, and by a query of A.
    """
    info = info_of(context, requirement, binding)
    if AxBindings(context).is_shown(info, "origNum"):
        came = info["origNum"]
        context.claim(requirement, came == a, f"A of {binding.x}: expected {a}, the query shows {came}")
    there = listed_bindings(context.ax.query(origNum=a))
    context.claim(requirement, binding.sub in there, f"a query by {a} does not show {binding.sub}")


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_gone_alone(context: CheckContext, requirement: str, gone: Binding, *others: Binding) -> None:
    """Claim that a binding is gone, and the others are there."""
    for query in ({"subscriptionId": gone.sub}, {"privateNum": gone.x}):
        there = listed_bindings(context.ax.query(**query))
        context.claim(requirement, gone.sub not in there, f"after the unbind a query by {sorted(query)} shows it")
    for other in others:
        there = listed_bindings(context.ax.query(privateNum=other.x))
        context.claim(requirement, other.sub in there, f"the unbind took the binding on {other.x} with it")


@check("AX-UNBIND-101")
def test_unbind_by_x(context: CheckContext) -> None:
    """PrivateNum dissolves the binding of that X.

    That of the same A on another X stays.
    """
    binding, other = bind_users(context), bind_users(context)
    twin = bind_users(context, binding.a)
    claim_success(context, "AX-UNBIND-101", context.ax.unbind(privateNum=binding.x), "unbind by privateNum")
    is_gone_alone(context, "AX-UNBIND-101", binding, twin, other)


@check("AX-UNBIND-102")
@pytest.mark.parametrize("whose", ["A", "another A", "nobody"])
def test_orig_num_is_not_looked_at(context: CheckContext, whose: str) -> None:
    """Beside privateNum, origNum may be A, another A or nobody.

    The binding of X is dissolved, no other.
    """
    binding, other = bind_users(context), bind_users(context)
    a = {"A": binding.a, "another A": other.a, "nobody": context.user()}[whose]
    answer = context.ax.unbind(origNum=a, privateNum=binding.x)
    claim_success(context, "AX-UNBIND-102", answer, f"unbind by privateNum and {whose} as origNum")
    is_gone_alone(context, "AX-UNBIND-102", binding, other)


# ── modify: which binding ────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-MODIFY-101")
def test_modify_by_x(context: CheckContext) -> None:
    """PrivateNum selects the binding of that X, also of an A who has others."""
    binding, other = bind_users(context, userData="before"), bind_users(context, userData="before")
    twin = bind_users(context, binding.a, userData="before")
    mode = AxBindings(context)
    change: dict[str, Any] = {"userData": "after", "maxDuration": 7}
    rest = [info_of(context, "AX-MODIFY-101", one) for one in (twin, other)]
    answer = context.ax.modify(privateNum=binding.x, **change)
    claim_success(context, "AX-MODIFY-101", answer, "modify by privateNum")
    info = info_of(context, "AX-MODIFY-101", binding)
    for name, value in change.items():
        if mode.is_shown(info, name):
            context.claim("AX-MODIFY-101", info[name] == value, f"{name}: expected {value!r}, came {info[name]!r}")
    after = [info_of(context, "AX-MODIFY-101", one) for one in (twin, other)]
    context.claim("AX-MODIFY-101", after == rest, f"other bindings were {rest}, are {after}")


@check("AX-MODIFY-102")
def test_the_id_wins(context: CheckContext) -> None:
    """Beside subscriptionId privateNum selects nothing in a modify.

    An unknown id changes nothing.
    """
    binding, other = bind_users(context, userData="before"), bind_users(context, userData="before")
    rest = info_of(context, "AX-MODIFY-102", other)
    answer = context.ax.modify(binding.sub, privateNum=other.x, userData="after")
    claim_success(context, "AX-MODIFY-102", answer, "modify by id and the X of another binding")
    info = info_of(context, "AX-MODIFY-102", binding)
    came = info.get("userData") or "after"
    context.claim("AX-MODIFY-102", came == "after", f"userData of the binding of the id: expected after, came {came}")
    answer = context.ax.modify(UNKNOWN, privateNum=other.x, userData="after")
    claim_refusal(context, "AX-MODIFY-102", answer, "modify by an unknown id and the X of a binding")
    after = info_of(context, "AX-MODIFY-102", other)
    context.claim("AX-MODIFY-102", after == rest, f"the binding of X was {rest}, is {after}")


@check("AX-MODIFY-105")
def test_the_present_a_beside_x(context: CheckContext) -> None:
    """PrivateNum and the present A select the binding, as programs send.

    They change it, and A stays. Older programs send both.
    """
    binding = bind_users(context)
    answer = context.ax.modify(privateNum=binding.x, origNum=binding.a, userData="after", privateSms="false")
    claim_success(context, "AX-MODIFY-105", answer, "modify by privateNum and the present A")
    has_a(context, "AX-MODIFY-105", binding, binding.a)
    came = info_of(context, "AX-MODIFY-105", binding).get("userData") or "after"
    context.claim("AX-MODIFY-105", came == "after", f"userData: expected after, came {came}")


# ── modify: A ────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-MODIFY-003")
def test_a_new_a(context: CheckContext) -> None:
    """OrigNum replaces A: X is the new A's, and the former A has one X less."""
    binding, a2 = bind_users(context), context.user()
    twin = bind_users(context, binding.a)
    claim_success(context, "AX-MODIFY-003", context.ax.modify(binding.sub, origNum=a2), "modify of A")
    has_a(context, "AX-MODIFY-003", binding, a2)
    there = listed_bindings(context.ax.query(origNum=binding.a))
    context.claim("AX-MODIFY-003", list(there) == [twin.sub], f"a query by the former A shows {sorted(there)}")
    answer = context.ax.bind(binding.a, binding.x)
    claim_refusal(context, "AX-MODIFY-003", answer, "bind of the former A on X", "1011005")
    answer = context.ax.bind(a2, binding.x)
    claim_refusal(context, "AX-MODIFY-003", answer, "bind of the new A on X", "1016002")


@check("AX-MODIFY-003", needs=("calls",))
def test_a_new_a_is_called(context: CheckContext) -> None:
    """Calls to X reach the new A, those of the former A too.

    The new A calls out by X.
    """
    binding, a2 = bind_users(context), context.user()
    claim_success(context, "AX-MODIFY-003", context.ax.modify(binding.sub, origNum=a2), "modify of A")
    now = Binding(a2, binding.x, binding.sub, binding.answer)
    context.hang_up(claim_reaches(context, "AX-MODIFY-003", now))
    context.hang_up(claim_reaches(context, "AX-MODIFY-003", now, binding.a))
    callee = call_for_a(context, binding.sub)
    context.hang_up(claim_reaches_callee(context, "AX-MODIFY-003", now, callee))


@check("AX-MODIFY-003", *(f"AX-{rule}" for rule in PUSHED_RULES), needs=("calls", "receiver", "clock"))
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("place", [0, 1])
def test_a_new_a_during_a_call(context: CheckContext, phase: str, place: int) -> None:
    """A call whose A is replaced has the numbers that it had.

    The next ones are the new A's.
    """
    calls, binding, a2 = AxCalls(context), bind_users(context), context.user()
    way = calls.ways(binding)[place]
    call = calls.in_phase(way, phase)
    claim_success(context, "AX-MODIFY-003", context.ax.modify(binding.sub, origNum=a2), "modify of A during a call")
    if has_chosen(context, "call.users_of_running_call", "goes_on"):
        runs(calls, "COM-OPEN-079", call, way, "after a modify of origNum")
        goes_its_way(calls, "COM-OPEN-079", call, way)
    now = Binding(a2, binding.x, binding.sub, binding.answer)
    context.hang_up(claim_reaches(context, "AX-MODIFY-003", now, binding.a))


@check("AX-MODIFY-103")
def test_a_sixth_x_by_modify(context: CheckContext) -> None:
    """A modify that would give A a sixth X is refused and changes nothing."""
    full, binding = context.user(), bind_users(context, userData="before")
    for _ in range(X_PER_A):
        bind_users(context, full)
    mode = AxBindings(context)
    before = mode.snapshot()
    for selector in ({"subscriptionId": binding.sub}, {"subscriptionId": binding.sub, "userData": "after"}):
        answer = context.ax.modify(**selector, origNum=full)
        claim_refusal(context, "AX-MODIFY-103", answer, "modify to an A who has five X")
    mode.same("MODIFY-103", before, mode.snapshot())


# ── modify: settings ─────────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-MODIFY-007")
def test_direction_can_be_changed(context: CheckContext) -> None:
    """The new direction rules the next call."""
    binding = bind_users(context, callDirection=1)
    claim_call_refused(context, "AX-CALL-104", context.user(), binding.x, 8016)
    claim_success(context, "AX-MODIFY-007", context.ax.modify(binding.sub, callDirection=2), "modify of direction to 2")
    context.hang_up(claim_reaches(context, "AX-MODIFY-007", binding))
    callee = call_for_a(context, binding.sub)
    claim_call_refused(context, "AX-MODIFY-007", binding.a, binding.x, 8016)
    claim_success(context, "AX-MODIFY-007", context.ax.modify(binding.sub, callDirection=1), "modify of direction to 1")
    claim_call_refused(context, "AX-MODIFY-007", context.user(), binding.x, 8016)
    callee = call_for_a(context, binding.sub)
    context.hang_up(claim_reaches_callee(context, "AX-MODIFY-007", binding, callee))
    claim_success(context, "AX-MODIFY-007", context.ax.modify(binding.sub, callDirection=0), "modify of direction to 0")
    context.hang_up(claim_reaches(context, "AX-MODIFY-007", binding))


@check("AX-MODIFY-104")
def test_turn_flag_can_be_changed(context: CheckContext) -> None:
    """TurnFlag is switched off and on.

    The query shows the last, where it shows it.
    """
    mode = AxBindings(context)
    for first, rest in (("on", ("off", "on")), ("off", ("on", "off"))):
        binding = bind_users(context, turnFlag=first)
        for flag in rest:
            answer = context.ax.modify(binding.sub, turnFlag=flag)
            claim_success(context, "AX-MODIFY-104", answer, f"modify of turnFlag to {flag}")
            info = info_of(context, "AX-MODIFY-104", binding)
            if mode.is_shown(info, "turnFlag"):
                came = info["turnFlag"]
                context.claim("AX-MODIFY-104", came == flag, f"turnFlag: expected {flag}, the query shows {came!r}")
