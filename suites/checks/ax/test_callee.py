"""The temporary callee: how he is set, how long he holds, and who is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success
from privnum.suites.checks.ax.call_profile import AxCalls
from privnum.suites.checks.ax.scenarios import (
    LONGEST,
    bind_users,
    call_for_a,
    claim_call_refused,
    claim_reaches_callee,
    claim_set,
)
from privnum.suites.checks.bindings.invalid_requests import GLOBAL_SERVICE_NUMBERS, service_number
from privnum.suites.checks.calls.expected_pushes import PUSHED_RULES, goes_its_way, runs
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from privnum.suites.checks.ax.scenarios import Binding
    from privnum.suites.runner.context import CheckContext

NO_CALLEE = 8013
MARGIN = {True: 1, False: 2}
"""Seconds before an end at which A calls, by whether time stands still meanwhile."""
REAL = 5
"""A lifetime in real time: a second of it is left for the answer to the call before its end."""
DAY = 86400


def selectors(binding: Binding) -> dict[str, dict[str, str]]:
    """Each way to select a binding for a temporary callee."""
    return {"id": {"subscriptionId": binding.sub}, "X": {"privateNum": binding.x}}


# ── whom it is set for ───────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-CALLEE-101")
@pytest.mark.parametrize("by", ["id", "X"])
def test_set_by_id_or_x(context: CheckContext, by: str) -> None:
    """The binding is selected by subscriptionId or by privateNum."""
    binding = bind_users(context)
    claim_set(context, "AX-CALLEE-101", None, **selectors(binding)[by])


@check("AX-CALLEE-101", needs=("calls",))
@pytest.mark.parametrize("by", ["id", "X"])
def test_he_is_of_that_binding(context: CheckContext, by: str) -> None:
    """A of that binding reaches him, and another A does not."""
    binding, other = bind_users(context), bind_users(context)
    callee = claim_set(context, "AX-CALLEE-101", None, **selectors(binding)[by])
    claim_call_refused(context, "AX-CALLEE-101", other.a, other.x)
    claim_reaches_callee(context, "AX-CALLEE-101", binding, callee)


@check("AX-CALLEE-103")
def test_the_id_wins(context: CheckContext) -> None:
    """Beside subscriptionId privateNum selects nothing.

    With an unknown id nothing is set.
    """
    one, two = bind_users(context), bind_users(context)
    callee = claim_set(context, "AX-CALLEE-103", one.sub, privateNum=two.x)
    claim_call_refused(context, "AX-CALLEE-103", two.a, two.x, NO_CALLEE)
    context.hang_up(claim_reaches_callee(context, "AX-CALLEE-103", one, callee))
    answer = context.ax.set_callee(UNKNOWN, context.user(), privateNum=two.x)
    claim_refusal(context, "AX-CALLEE-103", answer, "temporary callee by an unknown id and the X of a binding")
    claim_call_refused(context, "AX-CALLEE-103", two.a, two.x, NO_CALLEE)


@check("AX-CALLEE-104")
@pytest.mark.parametrize("whose", ["A", "another A", "nobody"])
def test_orig_num_is_not_parsed(context: CheckContext, whose: str) -> None:
    """OrigNum may be A, another A or nobody."""
    binding, other = bind_users(context), bind_users(context)
    number = {"A": binding.a, "another A": other.a, "nobody": context.user()}[whose]
    for selector in selectors(binding).values():
        claim_set(context, "AX-CALLEE-104", None, **selector, origNum=number)


@check("AX-CALLEE-104", needs=("calls",))
def test_x_decides_and_not_orig_num(context: CheckContext) -> None:
    """With another A as origNum it is the A of X who reaches the callee."""
    binding, other = bind_users(context), bind_users(context)
    callee = claim_set(context, "AX-CALLEE-104", None, privateNum=binding.x, origNum=other.a)
    claim_call_refused(context, "AX-CALLEE-104", other.a, other.x, NO_CALLEE)
    claim_reaches_callee(context, "AX-CALLEE-104", binding, callee)


@check("AX-CALLEE-112")
def test_without_a_binding_nothing_is_set(context: CheckContext) -> None:
    """An unknown id, an X without a binding, and what was unbound are refused."""
    binding = bind_users(context)
    for selector in ({"subscriptionId": UNKNOWN}, {"privateNum": context.ax.free_x()}):
        answer = context.ax.set_callee(None, context.user(), **selector)
        claim_refusal(context, "AX-CALLEE-112", answer, f"temporary callee by {selector}")
    claim_success(context, "AX-UNBIND-001", context.ax.unbind(subscriptionId=binding.sub), "unbind")
    for selector in selectors(binding).values():
        answer = context.ax.set_callee(None, context.user(), **selector)
        claim_refusal(context, "AX-CALLEE-112", answer, f"temporary callee of what is unbound by {sorted(selector)}")


@check("AX-CALLEE-112", needs=("second_application",))
def test_a_binding_of_another_application(context: CheckContext) -> None:
    """Another application's binding gets no callee.

    The request is refused, by its id and by its X.
    """
    theirs = bind_users(context, app=context.ax.second_app)
    for selector in selectors(theirs).values():
        answer = context.ax.set_callee(None, context.user(), **selector)
        claim_refusal(context, "AX-CALLEE-112", answer, f"temporary callee of a foreign binding by {sorted(selector)}")
    if "calls" in context.capabilities:
        claim_call_refused(context, "AX-CALLEE-112", theirs.a, theirs.x, NO_CALLEE)


@check("AX-CALLEE-115")
def test_each_binding_has_its_own(context: CheckContext) -> None:
    """Each X of an A has a temporary callee of its own.

    The callee of one X is not reached by A's call to another X of his, and that of each is reached by it.
    """
    one = bind_users(context)
    two = bind_users(context, one.a)
    first = claim_set(context, "AX-CALLEE-115", one.sub)
    claim_call_refused(context, "AX-CALLEE-115", one.a, two.x, NO_CALLEE)
    second = claim_set(context, "AX-CALLEE-115", two.sub)
    for binding, callee in ((one, first), (two, second)):
        context.hang_up(claim_reaches_callee(context, "AX-CALLEE-115", binding, callee))


@check("AX-CALLEE-115", needs=("calls",))
def test_a_dissolved_binding_leaves_none(context: CheckContext) -> None:
    """A new bind of the same A and X has no callee."""
    binding = bind_users(context)
    claim_set(context, "AX-CALLEE-101", binding.sub, duration=LONGEST)
    claim_success(context, "AX-UNBIND-001", context.ax.unbind(subscriptionId=binding.sub), "unbind")
    again = bind_users(context, binding.a, binding.x)
    claim_call_refused(context, "AX-CALLEE-115", again.a, again.x, NO_CALLEE)


# ── who can be one ───────────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-CALLEE-106")
@pytest.mark.parametrize("kind", ["mobile", "fixed_line", *GLOBAL_SERVICE_NUMBERS])
def test_who_can_be_called(context: CheckContext, kind: Any) -> None:
    """A mobile, a fixed line, a 400 and a 95 number can be the callee.

    A reaches each of them.
    """
    binding = bind_users(context)
    service = kind in GLOBAL_SERVICE_NUMBERS
    callee = service_number(context, kind) if service else context.user(kind)
    claim_set(context, "AX-CALLEE-106", binding.sub, callee)
    if "calls" in context.capabilities:
        claim_reaches_callee(context, "AX-CALLEE-106", binding, callee)


@check("AX-CALLEE-107")
@pytest.mark.parametrize("by", ["id", "X"])
def test_a_is_not_his_own_callee(context: CheckContext, by: str) -> None:
    """A as calleeNum is refused.

    It is so with origNum and without it, and A has no callee afterwards.
    """
    binding = bind_users(context)
    for more in ({}, {"origNum": binding.a}, {"duration": 90}):
        answer = context.ax.set_callee(None, binding.a, **selectors(binding)[by], **more)
        claim_refusal(context, "AX-CALLEE-107", answer, f"A as calleeNum, with {sorted(more) or 'nothing more'}")
    if "calls" in context.capabilities:
        claim_call_refused(context, "AX-CALLEE-107", binding.a, binding.x, NO_CALLEE)


# ── how long he holds ────────────────────────────────────────────────────────────────────────────────────────────────


@check("AX-CALLEE-108")
@pytest.mark.parametrize("seconds", [1, 60, DAY, LONGEST])
def test_durations(context: CheckContext, seconds: int) -> None:
    """The ends of the range of duration are taken."""
    claim_set(context, "AX-CALLEE-108", bind_users(context).sub, duration=seconds)


@check("AX-CALLEE-114")
def test_duration_as_text(context: CheckContext) -> None:
    """A duration is taken as decimal text."""
    claim_set(context, "AX-CALLEE-114", bind_users(context).sub, duration="90")


def ends(context: CheckContext, requirement: str, life: int, **fields: Any) -> None:
    """Claim that a temporary callee is reached until his time is over.

    Afterwards he is not reached; set anew he is.
    """
    binding = bind_users(context)
    with Moment(context) as made:
        callee = claim_set(context, requirement, binding.sub, **fields)
    context.advance(made.until(life - MARGIN[context.controls_clock]))
    call = context.call(binding.a, binding.x)
    made.certain(life)
    ok = call.forwarded_to == callee
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    context.claim(requirement, ok, f"A calls X before {life} s are over: expected to reach {callee}, {came}")
    context.hang_up(call)
    with Moment(context) as made:
        claim_set(context, requirement, binding.sub, callee, **fields)
    context.advance(made.until(life + 1))
    claim_call_refused(context, requirement, binding.a, binding.x, NO_CALLEE)
    callee = claim_set(context, requirement, binding.sub, **fields)
    context.hang_up(claim_reaches_callee(context, requirement, binding, callee))


@check("AX-CALLEE-109")
def test_he_holds_for_60_seconds(context: CheckContext) -> None:
    """Without duration he is reached until 60 seconds have passed."""
    ends(context, "AX-CALLEE-109", span(context, 60, real=60, whole=120))


@check("AX-CALLEE-110")
@pytest.mark.parametrize("seconds", [90, 2, 3600, LONGEST])
def test_duration_ends_him(context: CheckContext, seconds: int) -> None:
    """With duration he is reached until this many seconds have passed."""
    life = span(context, seconds, real=REAL if seconds == 90 else seconds)
    ends(context, "AX-CALLEE-110", life, duration=life)


@check("AX-CALLEE-110")
@pytest.mark.parametrize("ends", [False, True], ids=["before", "after"])
def test_nothing_else_ends_or_prolongs_him(context: CheckContext, ends: bool) -> None:
    """A query and a modify of the binding change nothing of his time."""
    binding, life = bind_users(context), span(context, 90, real=REAL)
    with Moment(context) as made:
        callee = claim_set(context, "AX-CALLEE-110", binding.sub, duration=life)
    context.advance(made.until(life // 2))
    context.ax.query(subscriptionId=binding.sub)
    claim_success(context, "AX-MODIFY-006", context.ax.modify(binding.sub, userData="later"), "modify of userData")
    if ends:
        context.advance(made.until(life + 1))
        claim_call_refused(context, "AX-CALLEE-110", binding.a, binding.x, NO_CALLEE)
        return
    call = context.call(binding.a, binding.x)
    made.certain(life)
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    message = f"A calls X after a query and a modify: expected to reach {callee}, {came}"
    context.claim("AX-CALLEE-110", call.forwarded_to == callee, message)


@check("AX-CALLEE-111")
@pytest.mark.parametrize("by", ["id", "X"])
def test_the_latest_counts(context: CheckContext, by: str) -> None:
    """A new callee takes the place of the former one.

    It does not matter how each was set.
    """
    binding = bind_users(context)
    for first in selectors(binding).values():
        claim_set(context, "AX-CALLEE-111", None, **first, duration=LONGEST)
        callee = claim_set(context, "AX-CALLEE-111", None, **selectors(binding)[by])
        context.hang_up(claim_reaches_callee(context, "AX-CALLEE-111", binding, callee))


@check("AX-CALLEE-111", needs=("calls", "clock"))
def test_the_latest_has_his_own_duration(context: CheckContext) -> None:
    """A shorter duration ends both of them, a longer one holds."""
    short = span(context, 60, real=REAL)
    binding, long = bind_users(context), 100 * short
    call_for_a(context, binding.sub)
    with Moment(context) as made:
        claim_set(context, "AX-CALLEE-111", binding.sub, duration=short)
    context.advance(made.until(short + 1))
    claim_call_refused(context, "AX-CALLEE-111", binding.a, binding.x, NO_CALLEE)
    claim_set(context, "AX-CALLEE-111", binding.sub, duration=short)
    with Moment(context) as made:
        callee = claim_set(context, "AX-CALLEE-111", binding.sub, duration=long)
    context.advance(made.until(short + 1))
    claim_reaches_callee(context, "AX-CALLEE-111", binding, callee)


@check("AX-CALL-102", *(f"AX-{rule}" for rule in PUSHED_RULES), needs=("calls", "receiver", "clock"))
@pytest.mark.parametrize("phase", ["forwarded", "alerting", "answered"])
def test_a_new_callee_during_a_call(context: CheckContext, phase: str) -> None:
    """A call goes on with the callee that it had.

    The next one reaches the new one.
    """
    calls, binding = AxCalls(context), bind_users(context)
    way = calls.from_a(binding)
    call = calls.in_phase(way, phase)
    callee = claim_set(context, "AX-CALLEE-111", binding.sub, duration=LONGEST)
    runs(calls, "CALL-102", call, way, "after another temporary callee was set")
    goes_its_way(calls, "CALL-102", call, way)
    context.hang_up(claim_reaches_callee(context, "AX-CALL-102", binding, callee))
