"""Modify: what changes, what stays, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import (
    bind_users,
    claim_call_refused,
    claim_query_shows,
    claim_reaches,
    claim_unchanged,
    info_of,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-MODIFY-003")
def test_new_a(context: CheckContext) -> None:
    """CallerNum replaces A; the former A is free."""
    pair, a2 = bind_users(context), context.user()
    claim_success(context, "AXB-MODIFY-003", context.axb.modify(pair.sub, callerNum=a2), "modify of A")
    claim_query_shows(context, "AXB-MODIFY-003", pair.sub, callerNum=a2, calleeNum=pair.b)
    answer = context.axb.bind(a2, context.user(), pair.x)
    context.claim("AXB-MODIFY-003", answer.code == "1012010", f"the new A can be bound once more: {answer.key}")
    bind_users(context, context.user(), pair.a, pair.x, by="AXB-MODIFY-003")


@check("AXB-MODIFY-003", needs=("calls",))
def test_new_a_calls(context: CheckContext) -> None:
    """The new A reaches B and is reached by B; the former A reaches nobody."""
    pair, a2 = bind_users(context), context.user()
    context.axb.modify(pair.sub, callerNum=a2)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-003", a2, pair, pair.b))
    context.hang_up(claim_reaches(context, "AXB-MODIFY-003", pair.b, pair, a2))
    claim_call_refused(context, "AXB-MODIFY-003", pair.a, pair.x, 8014)


@check("AXB-MODIFY-101")
def test_new_b(context: CheckContext) -> None:
    """CalleeNum replaces B; the former B is free."""
    pair, b2 = bind_users(context), context.user()
    claim_success(context, "AXB-MODIFY-101", context.axb.modify(pair.sub, calleeNum=b2), "modify of B")
    claim_query_shows(context, "AXB-MODIFY-101", pair.sub, callerNum=pair.a, calleeNum=b2)
    answer = context.axb.bind(context.user(), b2, pair.x)
    context.claim("AXB-MODIFY-101", answer.code == "1012010", f"the new B can be bound once more: {answer.key}")
    bind_users(context, pair.b, context.user(), pair.x, by="AXB-MODIFY-101")


@check("AXB-MODIFY-101", needs=("calls",))
def test_new_b_is_called(context: CheckContext) -> None:
    """A reaches the new B and is reached by him; the former B reaches nobody."""
    pair, b2 = bind_users(context), context.user()
    context.axb.modify(pair.sub, calleeNum=b2)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-101", pair.a, pair, b2))
    context.hang_up(claim_reaches(context, "AXB-MODIFY-101", b2, pair, pair.a))
    claim_call_refused(context, "AXB-MODIFY-101", pair.b, pair.x, 8014)


@check("AXB-MODIFY-102")
@pytest.mark.parametrize("field", ["callerNum", "calleeNum"])
def test_a_number_of_another_pair(context: CheckContext, field: str) -> None:
    """A new A or B that is in another binding on X gets 1012010.

    In either role.
    """
    pair, other = bind_users(context), bind_users(context)
    with claim_unchanged(context, "AXB-MODIFY-102"):
        for number in (other.a, other.b):
            answer = context.axb.modify(pair.sub, **{field: number}, callDirection=2)
            claim_refusal(context, "AXB-MODIFY-102", answer, f"{field} that stands on X", "1012010")


@check("AXB-MODIFY-003", "AXB-MODIFY-101", needs=("two_x",))
def test_a_number_of_another_x(context: CheckContext) -> None:
    """A new A or B that stands on another X only is taken."""
    pair, other = bind_users(context, x=context.axb.x(0)), bind_users(context, x=context.axb.x(1))
    claim_success(context, "AXB-MODIFY-003", context.axb.modify(pair.sub, callerNum=other.a), "A of another X")
    claim_success(context, "AXB-MODIFY-101", context.axb.modify(pair.sub, calleeNum=other.b), "B of another X")


@check("AXB-MODIFY-007")
def test_direction_can_be_changed(context: CheckContext) -> None:
    """The new direction rules the next call."""
    pair = bind_users(context, callDirection=1)
    claim_call_refused(context, "AXB-CALL-103", pair.b, pair.x, 8016)
    claim_success(context, "AXB-MODIFY-007", context.axb.modify(pair.sub, callDirection=2), "modify of direction to 2")
    claim_call_refused(context, "AXB-MODIFY-007", pair.a, pair.x, 8016)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-007", pair.b, pair, pair.a))
    context.axb.modify(pair.sub, callDirection=0)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-007", pair.a, pair, pair.b))


@check("AXB-MODIFY-009")
@pytest.mark.parametrize("changed", ["callerHintTone", "calleeHintTone"])
def test_each_tone_by_itself(context: CheckContext, changed: str) -> None:
    """A modify of one tone of preVoice leaves the other."""
    tone = context.axb.tone()
    other = "calleeHintTone" if changed == "callerHintTone" else "callerHintTone"
    pair = bind_users(context, preVoice={other: tone})
    before = info_of(context, "AXB-MODIFY-009", pair.sub)
    answer = context.axb.modify(pair.sub, preVoice={changed: tone})
    claim_success(context, "AXB-MODIFY-009", answer, f"modify of {changed}")
    claim_query_shows(context, "AXB-MODIFY-009", pair.sub, before=before, preVoice={changed: tone, other: tone})


@check("AXB-MODIFY-011", "AXB-MODIFY-004")
def test_recording_must_be_open(context: CheckContext) -> None:
    """Without the application's recording a modify to record gets 1012012."""
    context.set_application(context.axb.app, recording=False)
    pair = bind_users(context)
    for rule, flag, code in (("AXB-MODIFY-011", "true", "1012012"), ("AXB-MODIFY-004", True, None)):
        with claim_unchanged(context, rule):
            answer = context.axb.modify(pair.sub, recordFlag=flag, callDirection=1)
            claim_refusal(context, rule, answer, f"recordFlag {flag!r} without recording", code)
