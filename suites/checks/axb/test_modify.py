"""Modify: what changes, what stays, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import (
    UNKNOWN,
    bound,
    info_of,
    known_fields,
    listed,
    reaches,
    refused,
    refuses_call,
    shows,
    succeeds,
    unchanged,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench


@check("AXB-MODIFY-001")
def test_the_id_is_mandatory(bench: Bench) -> None:
    """A modify without subscriptionId is refused, whatever else it names, and changes nothing."""
    pair = bound(bench)
    with unchanged(bench, "AXB-MODIFY-001"):
        for body in ({"callDirection": 1}, {"relationNum": pair.x, "callerNum": pair.a, "callDirection": 1}):
            refused(bench, "AXB-MODIFY-001", bench.request("axb.modify", body=body), "modify without subscriptionId")


@check("AXB-MODIFY-002")
def test_unknown_binding(bench: Bench) -> None:
    """A modify of an id that never was, or is unbound, is refused with 1012007."""
    pair = bound(bench)
    with unchanged(bench, "AXB-MODIFY-002"):
        refused(bench, "AXB-MODIFY-002", bench.modify(UNKNOWN, callDirection=1), "modify of an unknown id", "1012007")
    bench.unbind(subscriptionId=pair.sub)
    refused(bench, "AXB-MODIFY-002", bench.modify(pair.sub, callDirection=1), "modify after unbind", "1012007")
    bench.claim("AXB-MODIFY-002", not listed(bench, pair.x), "the refused modify revived the binding")


@check("AXB-MODIFY-002", needs=("second_application",))
def test_binding_of_another_application(bench: Bench) -> None:
    """A modify of another application's binding is refused with 1012007, and the binding stays as it was."""
    theirs = bound(bench, app=bench.second_app)

    def shown() -> list[dict[str, Any]]:
        answer = bench.request("axb.query", query={"subscriptionId": theirs.sub}, app=bench.second_app)
        return known_fields("axb.query", answer).items("relationNumList")

    before = shown()
    answer = bench.modify(theirs.sub, callDirection=1)
    refused(bench, "AXB-MODIFY-002", answer, "modify of a foreign binding", "1012007")
    after = shown()
    bench.claim("AXB-MODIFY-002", before == after, f"its owner sees {after}, before it was {before}")


@check("AXB-MODIFY-003")
def test_new_a(bench: Bench) -> None:
    """CallerNum replaces A; the former A is free."""
    pair, a2 = bound(bench), bench.user()
    succeeds(bench, "AXB-MODIFY-003", bench.modify(pair.sub, callerNum=a2), "modify of A")
    shows(bench, "AXB-MODIFY-003", pair.sub, callerNum=a2, calleeNum=pair.b)
    answer = bench.bind(a2, bench.user(), pair.x)
    bench.claim("AXB-MODIFY-003", answer.code == "1012010", f"the new A can be bound once more: {answer.key}")
    bound(bench, bench.user(), pair.a, pair.x, by="AXB-MODIFY-003")


@check("AXB-MODIFY-003", needs=("calls",))
def test_new_a_calls(bench: Bench) -> None:
    """The new A reaches B and is reached by B; the former A reaches nobody."""
    pair, a2 = bound(bench), bench.user()
    bench.modify(pair.sub, callerNum=a2)
    bench.hang_up(reaches(bench, "AXB-MODIFY-003", a2, pair, pair.b))
    bench.hang_up(reaches(bench, "AXB-MODIFY-003", pair.b, pair, a2))
    refuses_call(bench, "AXB-MODIFY-003", pair.a, pair.x, 8014)


@check("AXB-MODIFY-101")
def test_new_b(bench: Bench) -> None:
    """CalleeNum replaces B; the former B is free."""
    pair, b2 = bound(bench), bench.user()
    succeeds(bench, "AXB-MODIFY-101", bench.modify(pair.sub, calleeNum=b2), "modify of B")
    shows(bench, "AXB-MODIFY-101", pair.sub, callerNum=pair.a, calleeNum=b2)
    answer = bench.bind(bench.user(), b2, pair.x)
    bench.claim("AXB-MODIFY-101", answer.code == "1012010", f"the new B can be bound once more: {answer.key}")
    bound(bench, pair.b, bench.user(), pair.x, by="AXB-MODIFY-101")


@check("AXB-MODIFY-101", needs=("calls",))
def test_new_b_is_called(bench: Bench) -> None:
    """A reaches the new B and is reached by him; the former B reaches nobody."""
    pair, b2 = bound(bench), bench.user()
    bench.modify(pair.sub, calleeNum=b2)
    bench.hang_up(reaches(bench, "AXB-MODIFY-101", pair.a, pair, b2))
    bench.hang_up(reaches(bench, "AXB-MODIFY-101", b2, pair, pair.a))
    refuses_call(bench, "AXB-MODIFY-101", pair.b, pair.x, 8014)


@check("AXB-MODIFY-102")
@pytest.mark.parametrize("field", ["callerNum", "calleeNum"])
def test_a_number_of_another_pair(bench: Bench, field: str) -> None:
    """A new A or B that stands in another binding on X, in either role, is refused with 1012010."""
    pair, other = bound(bench), bound(bench)
    with unchanged(bench, "AXB-MODIFY-102"):
        for number in (other.a, other.b):
            answer = bench.modify(pair.sub, **{field: number}, callDirection=2)
            refused(bench, "AXB-MODIFY-102", answer, f"{field} that stands on X", "1012010")


@check("AXB-MODIFY-003", "AXB-MODIFY-101", needs=("two_x",))
def test_a_number_of_another_x(bench: Bench) -> None:
    """A new A or B that stands on another X only is taken."""
    pair, other = bound(bench, x=bench.x(0)), bound(bench, x=bench.x(1))
    succeeds(bench, "AXB-MODIFY-003", bench.modify(pair.sub, callerNum=other.a), "A of another X")
    succeeds(bench, "AXB-MODIFY-101", bench.modify(pair.sub, calleeNum=other.b), "B of another X")


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
def test_absent_fields_stay(bench: Bench, change: dict[str, Any]) -> None:
    """What a modify carries is new, what it does not carry stays."""
    fields: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30, "privateSms": "false"}
    fields["userData"] = "mark-1"
    pair = bound(bench, **fields)
    before = info_of(bench, "AXB-MODIFY-006", pair.sub)
    succeeds(bench, "AXB-MODIFY-006", bench.modify(pair.sub, **change), f"modify of {', '.join(change)}")
    expected = fields | change
    shows(bench, "AXB-MODIFY-006", pair.sub, before=before, callerNum=pair.a, calleeNum=pair.b, **expected)


@check("AXB-MODIFY-006")
def test_new_numbers_leave_the_settings(bench: Bench) -> None:
    """A modify with new A alone leaves every setting."""
    fields: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30, "userData": "mark-1"}
    pair, a2 = bound(bench, **fields), bench.user()
    before = info_of(bench, "AXB-MODIFY-006", pair.sub)
    bench.modify(pair.sub, callerNum=a2)
    shows(bench, "AXB-MODIFY-006", pair.sub, before=before, calleeNum=pair.b, **fields)


@check("AXB-MODIFY-006", needs=("recording",))
def test_recording_stays(bench: Bench) -> None:
    """A modify of something else leaves recordFlag and recordHintTone, as far as a query shows them."""
    pair = bound(bench, recordFlag="true", recordHintTone=bench.tone())
    before = info_of(bench, "AXB-MODIFY-006", pair.sub)
    succeeds(bench, "AXB-MODIFY-006", bench.modify(pair.sub, callDirection=2), "modify of direction")
    kept = {name: before[name] for name in ("recordFlag", "recordHintTone") if name in before}
    shows(bench, "AXB-MODIFY-006", pair.sub, before=before, **kept)


@check("AXB-MODIFY-007")
def test_direction_can_be_changed(bench: Bench) -> None:
    """The new direction rules the next call."""
    pair = bound(bench, callDirection=1)
    refuses_call(bench, "AXB-CALL-103", pair.b, pair.x, 8016)
    succeeds(bench, "AXB-MODIFY-007", bench.modify(pair.sub, callDirection=2), "modify of direction to 2")
    refuses_call(bench, "AXB-MODIFY-007", pair.a, pair.x, 8016)
    bench.hang_up(reaches(bench, "AXB-MODIFY-007", pair.b, pair, pair.a))
    bench.modify(pair.sub, callDirection=0)
    bench.hang_up(reaches(bench, "AXB-MODIFY-007", pair.a, pair, pair.b))


@check("AXB-MODIFY-009")
@pytest.mark.parametrize("changed", ["callerHintTone", "calleeHintTone"])
def test_each_tone_by_itself(bench: Bench, changed: str) -> None:
    """A modify of one tone of preVoice leaves the other."""
    tone = bench.tone()
    other = "calleeHintTone" if changed == "callerHintTone" else "callerHintTone"
    pair = bound(bench, preVoice={other: tone})
    before = info_of(bench, "AXB-MODIFY-009", pair.sub)
    answer = bench.modify(pair.sub, preVoice={changed: tone})
    succeeds(bench, "AXB-MODIFY-009", answer, f"modify of {changed}")
    shows(bench, "AXB-MODIFY-009", pair.sub, before=before, preVoice={changed: tone, other: tone})


@check("AXB-MODIFY-010")
def test_x_stays(bench: Bench) -> None:
    """After a modify of everything the binding has the X and the subscriptionId that it had."""
    pair = bound(bench)
    changes: dict[str, Any] = {"callDirection": 2, "duration": 60, "maxDuration": 5, "userData": "u"}
    answer = bench.modify(pair.sub, callerNum=bench.user(), calleeNum=bench.user(), **changes)
    succeeds(bench, "AXB-MODIFY-010", answer, "modify of everything")
    shows(bench, "AXB-MODIFY-010", pair.sub, subscriptionId=pair.sub, relationNum=pair.x)
    there = set(listed(bench, pair.x))
    bench.claim("AXB-MODIFY-010", there == {pair.sub}, f"expected the one binding on X, came {sorted(there)}")


@check("AXB-MODIFY-011", "AXB-MODIFY-004")
def test_recording_must_be_open(bench: Bench) -> None:
    """Without recording of the application a modify to recordFlag true is refused with 1012012."""
    bench.set_application(bench.app, recording=False)
    pair = bound(bench)
    for rule, flag, code in (("AXB-MODIFY-011", "true", "1012012"), ("AXB-MODIFY-004", True, None)):
        with unchanged(bench, rule):
            answer = bench.modify(pair.sub, recordFlag=flag, callDirection=1)
            refused(bench, rule, answer, f"recordFlag {flag!r} without recording", code)
