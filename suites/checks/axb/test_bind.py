"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axb.invalid_requests import GLOBAL_SERVICE_NUMBERS, STRANGE_TONES, service_number
from privnum.suites.checks.axb.scenarios import (
    bound,
    claim_query_shows,
    claim_reaches,
    claim_unchanged,
    info_of,
    listed,
)
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-BIND-001")
def test_bind_on_a_given_x(context: CheckContext) -> None:
    """A bind with A, B and X answers with a subscriptionId and that X, and the pair is there."""
    a, b, x = context.user(), context.user(), context.axb.x()
    answer = context.axb.bind(a, b, x)
    claim_success(context, "AXB-BIND-001", answer, "bind of A and B on X")
    sub = answer["subscriptionId"]
    ok = isinstance(sub, str) and 1 <= len(sub) <= 64
    context.claim("AXB-BIND-001", ok, f"subscriptionId: expected 1 to 64 characters, came {sub!r}")
    context.claim(
        "AXB-BIND-001", answer["relationNum"] == x, f"relationNum: expected {x}, came {answer['relationNum']}"
    )
    context.claim("AXB-BIND-001", str(sub) in listed(context, x), f"{sub} is not among the bindings of X")


@check("AXB-BIND-001")
def test_each_bind_has_its_own_id(context: CheckContext) -> None:
    """Two bindings have two subscriptionIds."""
    one, two = bound(context), bound(context)
    context.claim("AXB-BIND-001", one.sub != two.sub, f"two bindings have the one subscriptionId {one.sub}")


@check("AXB-BIND-002")
def test_bind_echoes_direction_and_limits(context: CheckContext) -> None:
    """The answer of a bind carries callDirection, duration and maxDuration as integers."""
    sent: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30}
    for fields, shown in ((sent, sent), ({}, dict.fromkeys(sent, 0))):
        answer = bound(context, **fields).answer
        came = {name: answer[name] for name in sent}
        ok = came == shown and not any(isinstance(value, bool) for value in came.values())
        context.claim("AXB-BIND-002", ok, f"expected {shown} in the answer of a bind, came {came}")


@check("AXB-BIND-005")
def test_a_pair_is_bound_once_on_an_x(context: CheckContext) -> None:
    """Binding A and B twice on one X is refused with 1012010, and the first stays."""
    pair = bound(context)
    with claim_unchanged(context, "AXB-BIND-005", pair.x):
        claim_refusal(
            context, "AXB-BIND-005", context.axb.bind(pair.a, pair.b, pair.x), "second bind of the pair", "1012010"
        )
        again = context.axb.bind(pair.a, pair.b, pair.x, duration=60, callDirection=2)
        claim_refusal(context, "AXB-BIND-005", again, "second bind with other settings", "1012010")


@check("AXB-BIND-102")
@pytest.mark.parametrize("roles", ["AXC", "CXA", "BXC", "CXB", "BXA"])
def test_a_user_stands_once_on_an_x(context: CheckContext, roles: str) -> None:
    """A number that stands on X cannot be bound there again, in whatever role."""
    pair = bound(context)
    who = {"A": pair.a, "B": pair.b, "C": context.user()}
    with claim_unchanged(context, "AXB-BIND-102", pair.x):
        answer = context.axb.bind(who[roles[0]], who[roles[2]], pair.x)
        claim_refusal(context, "AXB-BIND-102", answer, f"{roles} while AXB is bound", "1012010")


@check("AXB-BIND-007")
def test_pairs_share_an_x(context: CheckContext) -> None:
    """AXB and CXD live on one X."""
    one = bound(context)
    two = bound(context, by="AXB-BIND-007")
    there = listed(context, one.x)
    context.claim("AXB-BIND-007", set(there) == {one.sub, two.sub}, f"expected both pairs on X, came {sorted(there)}")


@check("AXB-BIND-008")
def test_the_same_users_on_another_x(context: CheckContext) -> None:
    """A and B of one X can be bound on another X, in either role and with others."""
    one = bound(context, x=context.axb.x(0))
    again = bound(context, one.b, one.a, context.axb.x(1), by="AXB-BIND-008")
    claim_success(context, "AXB-BIND-008", context.axb.unbind(subscriptionId=again.sub), "unbind on the second X")
    bound(context, one.a, context.user(), context.axb.x(1), by="AXB-BIND-008")
    bound(context, context.user(), one.b, context.axb.x(1), by="AXB-BIND-008")
    context.claim("AXB-BIND-008", one.sub in listed(context, one.x), "the pair on the first X is gone")


@check("AXB-BIND-103")
def test_an_x_carries_5000_pairs(context: CheckContext) -> None:
    """The 5001st pair on an X is refused with 1012009; room that an unbind makes can be used."""
    x = context.axb.x()
    subs = [bound(context, x=x, by="AXB-BIND-103").sub for _ in range(5000)]
    a, b = context.user(), context.user()
    claim_refusal(context, "AXB-BIND-103", context.axb.bind(a, b, x), "pair 5001", "1012009")
    claim_success(context, "AXB-BIND-103", context.axb.unbind(subscriptionId=subs[17]), "unbind of one of 5000")
    claim_success(context, "AXB-BIND-103", context.axb.bind(a, b, x), "bind in the room that came free")


@check("AXB-BIND-010")
def test_an_x_of_another_application(context: CheckContext) -> None:
    """An X of another application is refused, bound there or not."""
    x = context.axb.second_app.numbers[0].number
    a, b = context.user(), context.user()
    claim_refusal(context, "AXB-BIND-010", context.axb.bind(a, b, x), "bind on another application's X")
    theirs = context.request(
        "axb.bind", body={"callerNum": a, "calleeNum": b, "relationNum": x}, app=context.axb.second_app
    )
    claim_success(context, "AXB-BIND-001", theirs, "bind of the same users by the owner of X")
    claim_refusal(context, "AXB-BIND-010", context.axb.bind(a, b, x), "bind on another application's X")


@check("AXB-BIND-017")
def test_directions(context: CheckContext) -> None:
    """CallDirection 0, 1 and 2 are taken."""
    for direction in (0, 1, 2):
        bound(context, callDirection=direction, by="AXB-BIND-017")


@check("AXB-BIND-017", needs=("calls",))
def test_no_direction_is_both(context: CheckContext) -> None:
    """Without callDirection both sides may call."""
    pair = bound(context)
    claim_reaches(context, "AXB-BIND-017", pair.a, pair, pair.b)
    claim_reaches(context, "AXB-BIND-017", pair.b, pair, pair.a)


@check("AXB-BIND-105")
def test_durations(context: CheckContext) -> None:
    """The ends of the range of duration are taken."""
    for seconds in (0, 1, 7776000):
        bound(context, duration=seconds, by="AXB-BIND-105")


@check("AXB-BIND-020")
def test_max_durations(context: CheckContext) -> None:
    """The ends of the range of maxDuration are taken."""
    for minutes in (0, 1, 1440):
        bound(context, maxDuration=minutes, by="AXB-BIND-020")


@check("AXB-BIND-021")
def test_recording_must_be_open(context: CheckContext) -> None:
    """Without recording of the application recordFlag true is refused with 1012012, false is taken."""
    context.set_application(context.axb.app, recording=False)
    a, b = context.user(), context.user()
    # a boolean, which no page prints, says so under the rule that it is taken
    for rule, flag, code in (("AXB-BIND-021", "true", "1012012"), ("AXB-BIND-022", True, None)):
        with claim_unchanged(context, rule):
            answer = context.axb.bind(a, b, context.axb.x(), recordFlag=flag)
            claim_refusal(context, rule, answer, f"recordFlag {flag!r} without recording", code)
        if answer.ok:
            context.axb.unbind(subscriptionId=answer["subscriptionId"])
    bound(context, a, b, recordFlag="false", by="AXB-BIND-021")


@check("AXB-BIND-022")
@pytest.mark.parametrize("value", ["true", "false", True, False], ids=repr)
def test_flags_are_text_or_boolean(context: CheckContext, value: str | bool) -> None:
    """RecordFlag and privateSms are taken as text and as boolean, and mean the same."""
    names = ["privateSms", "recordFlag"] if context.axb.app.recording else ["privateSms"]
    flags: dict[str, Any] = dict.fromkeys(names, value)
    pair = bound(context, by="AXB-BIND-022", **flags)
    if not pair.answer.ok:
        return
    info = info_of(context, "AXB-QUERY-001", pair.sub)
    shown = {name: str(info.get(name)).lower() for name in names if name in info}
    ok = set(shown.values()) <= {str(value).lower()}
    context.claim("AXB-BIND-022", ok, f"expected {names} as {value!r}, the query shows {shown}")


@check("AXB-BIND-025")
def test_user_data_of_1_to_256_characters(context: CheckContext) -> None:
    """The ends of the range of userData are taken."""
    for text in ("u", "0123456789abcdef" * 16):
        bound(context, userData=text, by="AXB-BIND-025")


@check("AXB-BIND-027", "AXB-BIND-001")
@pytest.mark.parametrize("side", ["callerNum", "calleeNum"])
@pytest.mark.parametrize("number", GLOBAL_SERVICE_NUMBERS)
def test_service_numbers(context: CheckContext, number: str, side: str) -> None:
    """A 400 or 95 number is refused, or it is bound and a call of the other side does not reach it."""
    pair = bound(context)
    service, other = service_number(context, number), context.user()
    a, b = (service, other) if side == "callerNum" else (other, service)
    before = listed(context, pair.x)
    answer = context.axb.bind(a, b, pair.x)
    if not answer.ok:
        claim_refusal(context, "AXB-BIND-027", answer, f"bind of {number} as {side}")
        context.claim("AXB-BIND-027", listed(context, pair.x) == before, "the refused bind changed what is on X")
        return
    if "calls" not in context.capabilities:
        raise NotExercised("the number was bound; whether calls reach it is not seen without a driver", "calls")
    call = context.call(other, pair.x)
    context.claim("AXB-BIND-027", call.forwarded_to is None, f"a call to X reached {call.forwarded_to}")


@check("AXB-BIND-028")
@pytest.mark.parametrize("roles", ["A", "B", "AB"])
def test_fixed_lines_can_be_bound(context: CheckContext, roles: str) -> None:
    """A fixed line is taken as A, as B and as both."""
    a = context.user("fixed_line" if "A" in roles else "mobile")
    b = context.user("fixed_line" if "B" in roles else "mobile")
    pair = bound(context, a, b, by="AXB-BIND-028")
    claim_query_shows(context, "AXB-BIND-028", pair.sub, callerNum=a, calleeNum=b)


@check("AXB-BIND-029")
@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_x_takes_no_binding(context: CheckContext, status: str) -> None:
    """A suspended, unavailable or frozen X is refused until it is normal again."""
    a, b, x = context.user(), context.user(), context.axb.x()
    context.set_number(x, status=status)
    claim_refusal(context, "AXB-BIND-029", context.axb.bind(a, b, x), f"bind on an X of status {status}")
    context.set_number(x, status="5")
    bound(context, a, b, x, by="AXB-BIND-029")


@check("AXB-BIND-030", needs=("application_settings", "recording"))
@pytest.mark.parametrize("field", ["recordHintTone", "lastMinVoice", "callerHintTone", "calleeHintTone"])
def test_a_tone_must_be_uploaded(context: CheckContext, field: str) -> None:
    """A tone file that was not uploaded is refused with 1010002, an uploaded one is taken."""
    context.set_application(context.axb.app, tones=["there.wav"])
    a, b, x = context.user(), context.user(), context.axb.x()
    for name in ("missing.wav", "there.wav"):
        tone = {field: name} if field in {"recordHintTone", "lastMinVoice"} else {"preVoice": {field: name}}
        answer = context.axb.bind(a, b, x, maxDuration=5, recordFlag="true", **tone)
        if name == "there.wav":
            claim_success(context, "AXB-BIND-030", answer, f"{field} of an uploaded file")
        else:
            claim_refusal(context, "AXB-BIND-030", answer, f"{field} of a file that was not uploaded", "1010002")
            context.claim("AXB-BIND-030", not listed(context, x), "the refused bind left a binding")


@check("AXB-BIND-004", needs=("application_settings", "recording"))
@pytest.mark.parametrize("field", ["recordHintTone", "lastMinVoice", "callerHintTone", "calleeHintTone"])
def test_a_long_tone_name(context: CheckContext, field: str) -> None:
    """Where every tone counts as uploaded, a name of 128 characters is taken, and one of 129 is refused."""
    names = ["t" * (length - 4) + ".wav" for length in (128, 129)]
    context.set_application(context.axb.app, tones=None)
    for name in names:
        tone = {field: name} if field in {"recordHintTone", "lastMinVoice"} else {"preVoice": {field: name}}
        answer = context.axb.bind(
            context.user(), context.user(), context.axb.x(), maxDuration=5, recordFlag="true", **tone
        )
        if len(name) == 128:
            claim_success(context, "AXB-BIND-004", answer, f"{field} of 128 characters")
        else:
            claim_refusal(context, "AXB-BIND-004", answer, f"{field} of 129 characters")


@check("AXB-BIND-015", needs=("application_settings", "recording"))
@pytest.mark.parametrize("name", STRANGE_TONES.values(), ids=STRANGE_TONES.keys())
def test_a_strange_tone_name(context: CheckContext, name: str) -> None:
    """Where every tone counts as uploaded, a name that no file can have is refused at bind and at modify."""
    context.set_application(context.axb.app, tones=None)
    pair = bound(context)
    for field in ("recordHintTone", "lastMinVoice", "callerHintTone", "calleeHintTone"):
        tone: dict[str, Any] = (
            {field: name} if field in {"recordHintTone", "lastMinVoice"} else {"preVoice": {field: name}}
        )
        answer = context.axb.bind(context.user(), context.user(), pair.x, maxDuration=5, recordFlag="true", **tone)
        claim_refusal(context, "AXB-BIND-015", answer, f"bind with {field} {name}", "1010002")
        if field != "recordHintTone":
            answer = context.axb.modify(pair.sub, maxDuration=5, **tone)
            claim_refusal(context, "AXB-BIND-015", answer, f"modify to {field} {name}", "1010002")


@check("AXB-BIND-106")
def test_duration_as_text(context: CheckContext) -> None:
    """A duration is taken as decimal text."""
    answer = context.axb.bind(context.user(), context.user(), context.axb.x(), duration="3600")
    claim_success(context, "AXB-BIND-106", answer, "duration as text")


@check("AXB-BIND-009")
def test_other_numbers_as_text(context: CheckContext) -> None:
    """So are callDirection and maxDuration."""
    answer = context.axb.bind(context.user(), context.user(), context.axb.x(), callDirection="1", maxDuration="30")
    claim_success(context, "AXB-BIND-009", answer, "callDirection and maxDuration as text")


@check("AXB-BIND-006")
def test_a_bind_takes_effect_at_once(context: CheckContext) -> None:
    """A call directly after the bind is put through."""
    pair = bound(context)
    claim_reaches(context, "AXB-BIND-006", pair.a, pair, pair.b)
