"""Modify: what changes, what stays, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success, known_fields
from privnum.suites.checks.axb.scenarios import (
    bound,
    claim_call_refused,
    claim_query_shows,
    claim_reaches,
    claim_unchanged,
    info_of,
    listed,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-MODIFY-001")
def test_the_id_is_mandatory(context: CheckContext) -> None:
    """A modify without subscriptionId is refused, whatever else it names, and changes nothing."""
    pair = bound(context)
    with claim_unchanged(context, "AXB-MODIFY-001"):
        for body in ({"callDirection": 1}, {"relationNum": pair.x, "callerNum": pair.a, "callDirection": 1}):
            claim_refusal(
                context, "AXB-MODIFY-001", context.request("axb.modify", body=body), "modify without subscriptionId"
            )


@check("AXB-MODIFY-002")
def test_unknown_binding(context: CheckContext) -> None:
    """A modify of an id that never was, or is unbound, is refused with 1012007."""
    pair = bound(context)
    with claim_unchanged(context, "AXB-MODIFY-002"):
        claim_refusal(
            context,
            "AXB-MODIFY-002",
            context.axb.modify(UNKNOWN, callDirection=1),
            "modify of an unknown id",
            "1012007",
        )
    context.axb.unbind(subscriptionId=pair.sub)
    claim_refusal(
        context, "AXB-MODIFY-002", context.axb.modify(pair.sub, callDirection=1), "modify after unbind", "1012007"
    )
    context.claim("AXB-MODIFY-002", not listed(context, pair.x), "the refused modify revived the binding")


@check("AXB-MODIFY-002", needs=("second_application",))
def test_binding_of_another_application(context: CheckContext) -> None:
    """A modify of another application's binding is refused with 1012007, and the binding stays as it was."""
    theirs = bound(context, app=context.axb.second_app)

    def shown() -> list[dict[str, Any]]:
        answer = context.request("axb.query", query={"subscriptionId": theirs.sub}, app=context.axb.second_app)
        return known_fields("axb.query", answer).items("relationNumList")

    before = shown()
    answer = context.axb.modify(theirs.sub, callDirection=1)
    claim_refusal(context, "AXB-MODIFY-002", answer, "modify of a foreign binding", "1012007")
    after = shown()
    context.claim("AXB-MODIFY-002", before == after, f"its owner sees {after}, before it was {before}")


@check("AXB-MODIFY-003")
def test_new_a(context: CheckContext) -> None:
    """CallerNum replaces A; the former A is free."""
    pair, a2 = bound(context), context.user()
    claim_success(context, "AXB-MODIFY-003", context.axb.modify(pair.sub, callerNum=a2), "modify of A")
    claim_query_shows(context, "AXB-MODIFY-003", pair.sub, callerNum=a2, calleeNum=pair.b)
    answer = context.axb.bind(a2, context.user(), pair.x)
    context.claim("AXB-MODIFY-003", answer.code == "1012010", f"the new A can be bound once more: {answer.key}")
    bound(context, context.user(), pair.a, pair.x, by="AXB-MODIFY-003")


@check("AXB-MODIFY-003", needs=("calls",))
def test_new_a_calls(context: CheckContext) -> None:
    """The new A reaches B and is reached by B; the former A reaches nobody."""
    pair, a2 = bound(context), context.user()
    context.axb.modify(pair.sub, callerNum=a2)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-003", a2, pair, pair.b))
    context.hang_up(claim_reaches(context, "AXB-MODIFY-003", pair.b, pair, a2))
    claim_call_refused(context, "AXB-MODIFY-003", pair.a, pair.x, 8014)


@check("AXB-MODIFY-101")
def test_new_b(context: CheckContext) -> None:
    """CalleeNum replaces B; the former B is free."""
    pair, b2 = bound(context), context.user()
    claim_success(context, "AXB-MODIFY-101", context.axb.modify(pair.sub, calleeNum=b2), "modify of B")
    claim_query_shows(context, "AXB-MODIFY-101", pair.sub, callerNum=pair.a, calleeNum=b2)
    answer = context.axb.bind(context.user(), b2, pair.x)
    context.claim("AXB-MODIFY-101", answer.code == "1012010", f"the new B can be bound once more: {answer.key}")
    bound(context, pair.b, context.user(), pair.x, by="AXB-MODIFY-101")


@check("AXB-MODIFY-101", needs=("calls",))
def test_new_b_is_called(context: CheckContext) -> None:
    """A reaches the new B and is reached by him; the former B reaches nobody."""
    pair, b2 = bound(context), context.user()
    context.axb.modify(pair.sub, calleeNum=b2)
    context.hang_up(claim_reaches(context, "AXB-MODIFY-101", pair.a, pair, b2))
    context.hang_up(claim_reaches(context, "AXB-MODIFY-101", b2, pair, pair.a))
    claim_call_refused(context, "AXB-MODIFY-101", pair.b, pair.x, 8014)


@check("AXB-MODIFY-102")
@pytest.mark.parametrize("field", ["callerNum", "calleeNum"])
def test_a_number_of_another_pair(context: CheckContext, field: str) -> None:
    """A new A or B that stands in another binding on X, in either role, is refused with 1012010."""
    pair, other = bound(context), bound(context)
    with claim_unchanged(context, "AXB-MODIFY-102"):
        for number in (other.a, other.b):
            answer = context.axb.modify(pair.sub, **{field: number}, callDirection=2)
            claim_refusal(context, "AXB-MODIFY-102", answer, f"{field} that stands on X", "1012010")


@check("AXB-MODIFY-003", "AXB-MODIFY-101", needs=("two_x",))
def test_a_number_of_another_x(context: CheckContext) -> None:
    """A new A or B that stands on another X only is taken."""
    pair, other = bound(context, x=context.axb.x(0)), bound(context, x=context.axb.x(1))
    claim_success(context, "AXB-MODIFY-003", context.axb.modify(pair.sub, callerNum=other.a), "A of another X")
    claim_success(context, "AXB-MODIFY-101", context.axb.modify(pair.sub, calleeNum=other.b), "B of another X")


FIELDS: list[dict[str, Any]] = [
    {"callDirection": 2},
    {"duration": 7200},
    {"maxDuration": 7},
    {"privateSms": "true"},
    {"userData": "later"},
    {"callDirection": 0, "maxDuration": 0},
]


@check("AXB-MODIFY-006")
@pytest.mark.parametrize("change", FIELDS, ids="-".join)
def test_absent_fields_stay(context: CheckContext, change: dict[str, Any]) -> None:
    """What a modify carries is new, what it does not carry stays."""
    fields: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30, "privateSms": "false"}
    fields["userData"] = "mark-1"
    pair = bound(context, **fields)
    before = info_of(context, "AXB-MODIFY-006", pair.sub)
    claim_success(context, "AXB-MODIFY-006", context.axb.modify(pair.sub, **change), f"modify of {', '.join(change)}")
    expected = fields | change
    claim_query_shows(
        context, "AXB-MODIFY-006", pair.sub, before=before, callerNum=pair.a, calleeNum=pair.b, **expected
    )


@check("AXB-MODIFY-006")
def test_new_numbers_leave_the_settings(context: CheckContext) -> None:
    """A modify with new A alone leaves every setting."""
    fields: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30, "userData": "mark-1"}
    pair, a2 = bound(context, **fields), context.user()
    before = info_of(context, "AXB-MODIFY-006", pair.sub)
    context.axb.modify(pair.sub, callerNum=a2)
    claim_query_shows(context, "AXB-MODIFY-006", pair.sub, before=before, calleeNum=pair.b, **fields)


@check("AXB-MODIFY-006", needs=("recording",))
def test_recording_stays(context: CheckContext) -> None:
    """A modify of something else leaves recordFlag and recordHintTone, as far as a query shows them."""
    pair = bound(context, recordFlag="true", recordHintTone=context.axb.tone())
    before = info_of(context, "AXB-MODIFY-006", pair.sub)
    claim_success(context, "AXB-MODIFY-006", context.axb.modify(pair.sub, callDirection=2), "modify of direction")
    kept = {name: before[name] for name in ("recordFlag", "recordHintTone") if name in before}
    claim_query_shows(context, "AXB-MODIFY-006", pair.sub, before=before, **kept)


@check("AXB-MODIFY-007")
def test_direction_can_be_changed(context: CheckContext) -> None:
    """The new direction rules the next call."""
    pair = bound(context, callDirection=1)
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
    pair = bound(context, preVoice={other: tone})
    before = info_of(context, "AXB-MODIFY-009", pair.sub)
    answer = context.axb.modify(pair.sub, preVoice={changed: tone})
    claim_success(context, "AXB-MODIFY-009", answer, f"modify of {changed}")
    claim_query_shows(context, "AXB-MODIFY-009", pair.sub, before=before, preVoice={changed: tone, other: tone})


@check("AXB-MODIFY-010")
def test_x_stays(context: CheckContext) -> None:
    """After a modify of everything the binding has the X and the subscriptionId that it had."""
    pair = bound(context)
    changes: dict[str, Any] = {"callDirection": 2, "duration": 60, "maxDuration": 5, "userData": "u"}
    answer = context.axb.modify(pair.sub, callerNum=context.user(), calleeNum=context.user(), **changes)
    claim_success(context, "AXB-MODIFY-010", answer, "modify of everything")
    claim_query_shows(context, "AXB-MODIFY-010", pair.sub, subscriptionId=pair.sub, relationNum=pair.x)
    there = set(listed(context, pair.x))
    context.claim("AXB-MODIFY-010", there == {pair.sub}, f"expected the one binding on X, came {sorted(there)}")


@check("AXB-MODIFY-011", "AXB-MODIFY-004")
def test_recording_must_be_open(context: CheckContext) -> None:
    """Without recording of the application a modify to recordFlag true is refused with 1012012."""
    context.set_application(context.axb.app, recording=False)
    pair = bound(context)
    for rule, flag, code in (("AXB-MODIFY-011", "true", "1012012"), ("AXB-MODIFY-004", True, None)):
        with claim_unchanged(context, rule):
            answer = context.axb.modify(pair.sub, recordFlag=flag, callDirection=1)
            claim_refusal(context, rule, answer, f"recordFlag {flag!r} without recording", code)
