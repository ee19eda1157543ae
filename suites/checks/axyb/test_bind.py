"""Bind: A on an X, B on a Y, and how many of each there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, completed_call, has_chosen
from privnum.suites.checks.axyb.call_profile import AxybCalls
from privnum.suites.checks.axyb.scenarios import (
    bind_users,
    bound_a,
    bound_b,
    claim_reaches,
    claim_relations,
    claim_unchanged,
    in_a_wide_area,
    listed_bindings,
)
from privnum.suites.printed.operations import BINDINGS_PER_Y, X_PER_A
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

LONGEST_ID = 64
LIFETIMES = (0, 60, 7776000)
NUMBERS_OF_X = "+86186{:08d}"
"""Private numbers that a world is given for one check."""


def answers_so(context: CheckContext, rule: str, answer: Answer) -> None:
    """Claim that a bind answers with an id and a number of the pool."""
    sub, number = answer["subscriptionId"], answer["relationNumber"]
    ok = isinstance(sub, str) and 1 <= len(sub) <= LONGEST_ID
    context.claim(rule, ok, f"subscriptionId: expected 1 to 64 characters, came {sub!r}")
    own = {x.number for x in context.axyb.app.numbers}
    ok = number in own if context.axyb.app.more_numbers is False else isinstance(number, str)
    context.claim(rule, ok, f"relationNumber: expected a private number of the application, came {number!r}")


# ── A, and B ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-BIND-101")
def test_a_is_bound_to_an_x(context: CheckContext) -> None:
    """A bind of A with an areaCode answers with an id of his own and an X."""
    one = bound_a(context, by="AXYB-BIND-101")
    answers_so(context, "AXYB-BIND-101", one.answer)
    two = bound_a(context, by="AXYB-BIND-101")
    context.claim("AXYB-BIND-101", one.sub != two.sub, f"two A have the one subscriptionId {one.sub}")
    context.axyb.require_numbers(3)
    claim_relations(context, "AXYB-BIND-101", "a B of him", bound_b(context, one, by="AXYB-BIND-101"))


@check("AXYB-BIND-101", needs=("area_x",))
def test_a_is_bound_in_his_area(context: CheckContext) -> None:
    """The same with nothing but the two fields that the page prints first."""
    a, area = context.user(), context.axyb.app.numbers[0].area_code
    answer = context.axyb.bind_a(a, areaCode=area, areaMatchMode=None)
    context.expect("AXYB-BIND-101", answer.ok, f"bind of A in area {area}: expected success, came {answer.key}")
    answers_so(context, "AXYB-BIND-101", answer)


@check("AXYB-BIND-102")
def test_b_is_bound_to_a_y(context: CheckContext) -> None:
    """A bind of B answers with a Y other than X, and both are bound.

    A bind of B with that id answers with a Y, which is another number than X, and both are there.
    """
    pair = bind_users(context, by="AXYB-BIND-102")
    answers_so(context, "AXYB-BIND-102", pair.answer)
    context.claim("AXYB-BIND-102", pair.y != pair.x, f"X and Y are one number: {pair.y}")
    claim_relations(context, "AXYB-BIND-102", "after both binds", pair)


@check("AXYB-BIND-103")
def test_b_needs_no_area(context: CheckContext) -> None:
    """A bind of B without areaCode takes a Y of the application."""
    pair = bound_b(context, in_a_wide_area(context), areaCode=None, areaMatchMode=None, by="AXYB-BIND-103")
    answers_so(context, "AXYB-BIND-103", pair.answer)


@check("AXYB-BIND-104")
def test_a_y_stands_once_in_a_binding(context: CheckContext) -> None:
    """Two B of one binding get two Y.

    There are as many Y as free numbers; then none is left.
    """
    a = bound_a(context)
    count = min(4, len(context.axyb.app.numbers) - 1)
    pairs = [bound_b(context, a, by="AXYB-BIND-104") for _ in range(count)]
    ys = {pair.y for pair in pairs}
    context.claim("AXYB-BIND-104", len(ys) == count, f"{count} B of one A have the Y {sorted(ys)}")
    context.claim("AXYB-BIND-104", a.x not in ys, f"the X {a.x} is a Y in its own binding")


@check("AXYB-BIND-104", needs=("three_x",))
def test_a_binding_takes_every_number_once(context: CheckContext) -> None:
    """A binding can have a Y on each other number of the application.

    The next B is refused.
    """
    numbers = known_numbers(context)
    a = bound_a(context)
    pairs = [bound_b(context, a, by="AXYB-BIND-104") for _ in range(numbers - 1)]
    with claim_unchanged(context, "AXYB-BIND-104", a):
        answer = context.axyb.bind_b(context.user(), a.sub)
        claim_refusal(context, "AXYB-BIND-104", answer, "bind of one B more than there are numbers for Y")
    ys = {pair.y for pair in pairs}
    context.claim("AXYB-BIND-104", len(ys) == numbers - 1, f"{numbers - 1} B of one A have {len(ys)} Y")


@check("AXYB-BIND-105")
def test_bindings_share_a_y(context: CheckContext) -> None:
    """Where one number is left, a B of each of several A gets it."""
    numbers = known_numbers(context)
    every = [bound_a(context) for _ in range(numbers - 1)]
    pairs = [bound_b(context, a, by="AXYB-BIND-105") for a in every[:3]]
    left = {x.number for x in context.axyb.app.numbers} - {a.x for a in every}
    ys = {pair.y for pair in pairs}
    message = f"expected the number that is left, {sorted(left)}, for each B, came {sorted(ys)}"
    context.claim("AXYB-BIND-105", not has_chosen(context, "axyb.x_as_y", "no") or ys == left, message)
    for pair in pairs:
        claim_relations(context, "AXYB-BIND-105", "several bindings on one Y", pair)


def known_numbers(context: CheckContext) -> int:
    """How many private numbers there are.

    Raises NotExercised where more than are known may be picked.
    """
    app = context.axyb.app
    if app.more_numbers is not False:
        raise NotExercised("the application may have more private numbers than are known", "any_x")
    return len(app.numbers)


@check("AXYB-BIND-031")
def test_an_x_is_given_to_one_a(context: CheckContext) -> None:
    """Several A have several X.

    When every number is an X the next A is refused, and no X moves.
    """
    numbers = known_numbers(context)
    every = [bound_a(context, by="AXYB-BIND-031") for _ in range(numbers)]
    xs = {a.x for a in every}
    context.claim("AXYB-BIND-031", len(xs) == numbers, f"{numbers} A have {len(xs)} X")
    answer = context.axyb.bind_a(context.user())
    claim_refusal(context, "AXYB-BIND-031", answer, "bind of an A when every private number is an X")


@check("AXYB-BIND-032")
def test_an_a_has_five_x(context: CheckContext) -> None:
    """One A is bound five times, each time to another X, and not a sixth time.

    After an unbind there is room.
    """
    a = context.user()
    every = [bound_a(context, a, by="AXYB-BIND-032") for _ in range(X_PER_A)]
    xs = {one.x for one in every}
    context.claim("AXYB-BIND-032", len(xs) == X_PER_A, f"an A who is bound five times has {len(xs)} X")
    claim_refusal(context, "AXYB-BIND-032", context.axyb.bind_a(a), "sixth bind of one A")
    bound_a(context, by="AXYB-BIND-032")  # there is room for another A
    answer = context.axyb.unbind(subscriptionId=every[2].sub)
    context.expect("AXYB-UNBIND-001", answer.ok, f"unbind: expected success, came {answer.key}")
    bound_a(context, a, by="AXYB-BIND-032")


@check("AXYB-BIND-106")
def test_a_y_stands_in_1000_bindings(context: CheckContext) -> None:
    """With one number left for Y, 1000 B of as many A get it, and no other.

    After an unbind there is room.
    """
    app = context.axyb.app
    wanted = BINDINGS_PER_Y + 2
    if len(app.numbers) < wanted:
        context.add_numbers(app, [NUMBERS_OF_X.format(index) for index in range(wanted - len(app.numbers))])
    every = [bound_a(context) for _ in range(max(wanted, len(app.numbers)) - 1)]
    pairs = [bound_b(context, a, by="AXYB-BIND-106") for a in every[:BINDINGS_PER_Y]]
    if len({pair.y for pair in pairs}) > 1:
        raise NotExercised("the target takes an X of somebody for a Y, so that none is full")
    last = every[BINDINGS_PER_Y]
    claim_refusal(context, "AXYB-BIND-106", context.axyb.bind_b(context.user(), last.sub), "binding 1001 on a Y")
    answer = context.axyb.unbind(subscriptionId=pairs[17].sub, bNum=pairs[17].b)
    context.expect("AXYB-UNBIND-102", answer.ok, f"unbind of a Y: expected success, came {answer.key}")
    bound_b(context, last, by="AXYB-BIND-106")


@check("AXYB-BIND-110")
def test_b_needs_an_a(context: CheckContext) -> None:
    """A bind of B by an unknown id is refused and binds nobody.

    One that never was, and that of what is unbound.
    """
    pair = bind_users(context)
    answer = context.axyb.unbind(subscriptionId=pair.sub)
    context.expect("AXYB-UNBIND-001", answer.ok, f"unbind: expected success, came {answer.key}")
    for sub in (UNKNOWN, pair.sub):
        answer = context.axyb.bind_b(context.user(), sub)
        claim_refusal(context, "AXYB-BIND-110", answer, f"bind of a B with the subscriptionId {sub}")
    context.claim(
        "AXYB-BIND-110", not listed_bindings(context, subscriptionId=pair.sub), "the unbound binding is there again"
    )


# ── app_key ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-BIND-109")
def test_app_key_stands_in_the_query(context: CheckContext) -> None:
    """Without app_key in the query every operation is refused.

    A bind, a query and an unbind; they change nothing.
    """
    pair, side = bind_users(context), context.axyb
    body = side.mode.body(side.app.numbers[0], context.user())
    with claim_unchanged(context, "AXYB-BIND-109", pair):
        for empty in (None, ""):
            absent: dict[str, Any] = {"app_key": empty}
            query = {"subscriptionId": pair.sub, **absent}
            for what, answer in (
                ("bind", context.request("axyb.bind", body=body, query=absent, app=side.app)),
                ("query", context.request("axyb.query", query=query, app=side.app)),
                ("unbind", context.request("axyb.unbind", query=query, app=side.app)),
            ):
                claim_refusal(context, "AXYB-BIND-109", answer, f"{what} with the app_key {empty!r} in the query")
    answer = context.request("axyb.bind", body=body, app=side.app)
    context.claim("AXYB-BIND-109", answer.ok, f"bind with app_key: expected success, came {answer.key}")


# ── areas ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-BIND-011", needs=("area_x", "two_x"))
def test_y_of_the_area(context: CheckContext) -> None:
    """With areaCode the Y of a B is one of the application in that area."""
    areas = {x.number: x.area_code for x in context.axyb.app.numbers}
    a = bound_a(context)
    free = sorted({str(area) for x, area in areas.items() if x != a.x})
    for area in free:
        pair = bound_b(context, a, areaCode=area, areaMatchMode=None, by="AXYB-BIND-011")
        came = areas.get(pair.y)
        context.claim("AXYB-BIND-011", came == area, f"bind of B in area {area}: the Y is of area {came}")


@check("AXYB-BIND-012", needs=("area_x", "two_x"))
def test_no_y_in_the_area(context: CheckContext) -> None:
    """In an area without a private number a bind of B is refused.

    It is so with the strict match and with the default.
    """
    a = bound_a(context)
    area = next(area for area in ("0991", "0951") if all(x.area_code != area for x in context.axyb.app.numbers))
    for match in (None, "0"):
        answer = context.axyb.bind_b(context.user(), a.sub, areaCode=area, areaMatchMode=match)
        claim_refusal(context, "AXYB-BIND-012", answer, f"bind of B in area {area}, areaMatchMode {match}")
    bound_b(context, a, areaCode=area, areaMatchMode="1", by="AXYB-BIND-013")


@check("AXYB-BIND-016")
def test_area_without_its_zero(context: CheckContext) -> None:
    """AreaCode 755 is 0755, as clients send it."""
    areas = {x.number: x.area_code for x in context.axyb.app.numbers}
    a = bound_a(context, areaCode="755", areaMatchMode=None, by="AXYB-BIND-016")
    context.claim("AXYB-BIND-016", areas.get(a.x) == "0755", f"expected an X of area 0755, came {a.x}")


@check("AXYB-BIND-019")
def test_an_area_of_32_characters(context: CheckContext) -> None:
    """It is looked for like any other.

    Where no private number is there the bind is refused, loosely it is not.
    """
    area = "0755" + "0" * 28
    claim_refusal(
        context, "AXYB-BIND-019", context.axyb.bind_a(context.user(), areaCode=area, areaMatchMode="0"), "strict bind"
    )
    bound_a(context, areaCode=area, areaMatchMode="1", by="AXYB-BIND-019")


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXYB-BIND-017", needs=("calls", "two_x"))
def test_no_direction_is_both(context: CheckContext) -> None:
    """Without callDirection A and B may call."""
    pair = bind_users(context)
    claim_reaches(context, "AXYB-BIND-017", pair.b, pair.x, pair.a)
    claim_reaches(context, "AXYB-BIND-017", pair.a, pair.y, pair.b)


@check("AXYB-BIND-107")
def test_durations(context: CheckContext) -> None:
    """0, and the ends of the range of duration, are taken."""
    for seconds in LIFETIMES:
        bound_a(context, duration=seconds, by="AXYB-BIND-107")


@check("AXYB-BIND-108")
def test_durations_of_a_y(context: CheckContext) -> None:
    """0, and the ends of the range of ybDuration, are taken at the bind of A."""
    for seconds in LIFETIMES:
        bound_a(context, duration=0, ybDuration=seconds, by="AXYB-BIND-108")


@check("AXYB-BIND-108", needs=("two_x",))
@pytest.mark.parametrize("seconds", LIFETIMES)
def test_durations_of_a_y_at_the_bind_of_b(context: CheckContext, seconds: int) -> None:
    """And at the bind of B."""
    bound_b(context, bound_a(context, duration=0), ybDuration=seconds, by="AXYB-BIND-108")


@check("AXYB-BIND-009")
def test_numbers_as_text(context: CheckContext) -> None:
    """CallDirection, duration and ybDuration may be decimal text.

    Samples and pages have them so.
    """
    bound_a(context, callDirection="1", duration="7200", ybDuration="3600", by="AXYB-BIND-009")


@check("AXYB-BIND-022", needs=("recording",))
@pytest.mark.parametrize("flag", ["true", "false", True, False], ids=repr)
def test_flags_are_text_or_boolean(context: CheckContext, flag: str | bool) -> None:
    """RecordFlag is taken as text and as boolean, and means the same."""
    pair = bind_users(context, recordFlag=flag, by="AXYB-BIND-022")
    shown = {
        str(info["recordFlag"]) for info in listed_bindings(context, subscriptionId=pair.sub) if "recordFlag" in info
    }
    ok = shown <= {str(flag).lower()}
    context.claim("AXYB-BIND-022", ok, f"expected recordFlag as {flag!r}, the query shows {sorted(shown)}")


@check("AXYB-BIND-021", needs=("application_settings",))
def test_recording_must_be_open(context: CheckContext) -> None:
    """Without recording recordFlag true is refused, or has no effect.

    No effect: the CDR of a call shows no recording.
    """
    context.set_application(context.axyb.app, recording=False)
    answer = context.axyb.bind_a(context.user(), recordFlag="true", recordHintTone=context.axyb.tone())
    if not answer.ok:
        claim_refusal(context, "AXYB-BIND-021", answer, "recordFlag true without recording")
        bound_a(context, recordFlag="false", by="AXYB-BIND-021")
        return
    if not {"calls", "receiver", "clock"} <= context.capabilities:
        raise NotExercised("the bind is taken; whether calls are recorded is not seen without a driver", "calls")
    b, calls = context.user(), AxybCalls(context)
    cdr = calls.cdr(completed_call(context, b, str(answer["relationNumber"]), hang_up_after=30))
    came = (cdr.get("recordFlag"), cdr.get("recordObjectName"))
    context.claim("AXYB-BIND-021", came[0] in (0, None) and not came[1], f"the CDR shows the recording {came}")


@check("AXYB-BIND-029", needs=("number_status", "two_x"))
@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_number_becomes_no_y(context: CheckContext, status: str) -> None:
    """With every number but X blocked a bind of B is refused.

    They are suspended, unavailable or frozen; once one is normal again the bind succeeds.
    """
    known_numbers(context)
    a = bound_a(context)
    others = [x.number for x in context.axyb.app.numbers if x.number != a.x]
    for number in others:
        context.set_number(number, status)
    answer = context.axyb.bind_b(context.user(), a.sub)
    claim_refusal(context, "AXYB-BIND-029", answer, f"bind of B where every other number has the status {status}")
    context.set_number(others[-1], "5")
    pair = bound_b(context, a, by="AXYB-BIND-029")
    context.claim("AXYB-BIND-029", pair.y == others[-1], f"expected the Y {others[-1]}, came {pair.y}")
