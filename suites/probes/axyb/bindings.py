"""AXYB binds: numbers given, odd users and fields, refusals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.printed.operations import X_PER_A
from privnum.suites.probes.axyb.fixtures import given_a, given_b, require_binding, smallest, with_all_taken
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []


@probe("axyb.second_subscription_id", needs=("two_x",))
def second_subscription_id(context: CheckContext) -> str:
    """The id that a bind of B returns."""
    pair = require_binding(context)
    return "same" if pair.sub_b == pair.sub else "own"


@probe("axyb.bind_id", needs=("two_x",))
def bind_id(context: CheckContext) -> str:
    """BindId of a relation."""
    pair = require_binding(context)
    found = context.axyb.query(subscriptionId=pair.sub).items("xyRelationNumList")
    if not found or not found[0].get("bindId"):
        raise CannotSettle("a query shows no bindId")
    return "subscription_id" if found[0]["bindId"] in (pair.sub, pair.sub_b) else "own"


@probe("axyb.not_found", needs=("two_x",))
def not_found(context: CheckContext) -> str:
    """Unbind and query by what does not exist.

    Unbind and query by an unknown id, unbind by a Y and a B that the binding does not have.
    """
    pair, side = require_binding(context), context.axyb
    answers = [side.unbind(subscriptionId=UNKNOWN), side.query(subscriptionId=UNKNOWN)]
    answers += [side.unbind(subscriptionId=pair.sub, **{name: pair.x}) for name in ("yNum", "bNum")]
    return one(code_or(answer, "accept") for answer in answers)


@probe("axyb.bind_without_area", needs=("any_x",))
def bind_without_area(context: CheckContext) -> str:
    """A bind of A with origNum alone."""
    return code_or(context.axyb.bind_a(context.user(), areaCode=None, areaMatchMode=None), "any")


@probe("axyb.y_area", needs=("area_x", "two_x"))
def y_area(context: CheckContext) -> str:
    """A bind of a B when every number in the area of X is an X."""
    app = smallest(context)
    counts = Counter(x.area_code for x in app.numbers)
    if len(counts) == 1:
        raise CannotSettle("every private number is in one area")
    area, count = min(counts.items(), key=lambda entry: entry[1])
    strict = {"areaCode": area, "areaMatchMode": "0"}
    every = [given_a(context, app=app, **strict) for _ in range(count)]
    answer = context.request("axyb.bind", body={"origNum": context.user(), "subscriptionId": every[0].sub}, app=app)
    if not answer.ok:
        return "area_of_x"
    areas = {x.number: x.area_code for x in app.numbers}
    if areas.get(str(answer["relationNumber"])) == area:
        raise CannotSettle("an X of the area was taken for a Y")
    return "any"


@probe("axyb.no_number")
def no_number(context: CheckContext) -> str:
    """A bind of an A when every private number is an X."""
    app = smallest(context)
    with_all_taken(context, app)
    body = context.axyb.mode.body(app.numbers[0], context.user())
    return code_or(context.request("axyb.bind", body=body, app=app), "accept")


@probe("axyb.x_as_y")
def x_as_y(context: CheckContext) -> str:
    """A bind of a B when every private number is an X."""
    app = smallest(context)
    every = with_all_taken(context, app)
    body = context.axyb.body_of_b(context.user(), every[0].sub, app)
    return "yes" if context.request("axyb.bind", body=body, app=app).ok else "no"


@probe("axyb.y_for_other_x_of_a", needs=("calls", "three_x"))
def y_for_other_x_of_a(context: CheckContext) -> str:
    """One number left for a B in each of two bindings of one A.

    And whom A reaches by that number.
    """
    app, a = smallest(context), context.user()
    one_, two = given_a(context, a, app=app), given_a(context, a, app=app)
    for _ in range(len(app.numbers) - 3):
        given_a(context, app=app)
    first = given_b(context, one_, app=app)
    b = context.user()
    answer = context.request("axyb.bind", body=context.axyb.body_of_b(b, two.sub, app), app=app)
    if not answer.ok:
        return "no"
    if answer["relationNumber"] != first.y:
        raise CannotSettle("an X of somebody was taken for a Y")
    call = context.call(a, first.y)
    context.hang_up(call)
    return {first.b: "first", b: "last"}.get(str(call.forwarded_to), f"reached {call.forwarded_to}")


@probe("axyb.sixth_x", needs=("six_x",))
def sixth_x(context: CheckContext) -> str:
    """A sixth bind of one A."""
    a = context.user()
    for _ in range(X_PER_A):
        given_a(context, a)
    return code_or(context.axyb.bind_a(a), "accept")


@probe("axyb.same_b_again", needs=("three_x",))
def same_b_again(context: CheckContext) -> str:
    """A second bind of a B of one A."""
    pair = require_binding(context)
    answer = context.axyb.bind_b(pair.b, pair.sub)
    if not answer.ok:
        return str(answer.code)
    return "same_y" if answer["relationNumber"] == pair.y else "another Y"


@probe("axyb.a_equals_b", needs=("two_x",))
def a_equals_b(context: CheckContext) -> str:
    """A bind of the A of a binding as a B of it."""
    pair = given_a(context)
    return code_or(context.axyb.bind_b(pair.a, pair.sub), "accept")


@probe("axyb.fields_of_other_bind", needs=("two_x",))
def fields_of_other_bind(context: CheckContext) -> str:
    """A bind of A with preVoiceY, and binds of B with each field of that of A."""
    tone, sub = context.axyb.tone(), given_a(context).sub
    fields: list[dict[str, Any]] = [{"callDirection": 1}, {"duration": 600}, {"recordFlag": "false"}]
    fields += [{"recordHintTone": tone}, {"preVoiceX": tone}]
    answers = [context.axyb.bind_a(context.user(), preVoiceY=tone)]
    for field in fields:
        b = context.user()
        answers.append(context.axyb.bind_b(b, sub, **field))
        if answers[-1].ok:
            context.axyb.unbind(subscriptionId=sub, bNum=b)
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axyb.app_key_differs", needs=("two_x",))
def app_key_differs(context: CheckContext) -> str:
    """A bind and a query with an app_key in the query that nobody has."""
    pair, side = require_binding(context), context.axyb
    other = {"app_key": "nobodyknowsme"}
    body = side.mode.body(side.app.numbers[0], context.user())
    answers = [
        context.request("axyb.query", query={"subscriptionId": pair.sub, **other}, app=side.app),
        context.request("axyb.bind", body=body, query=other, app=side.app),
    ]
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axyb.recording_not_open", needs=("application_settings",))
def recording_not_open(context: CheckContext) -> str:
    """A bind with recordFlag true for an application without recording."""
    context.set_application(context.axyb.app, recording=False)
    return code_or(context.axyb.bind_a(context.user(), recordFlag="true"), "ignore")


@probe("axyb.bind_b_to_blocked_x", needs=("number_status", "three_x"))
def bind_b_to_blocked_x(context: CheckContext) -> str:
    """Binds of B while X is suspended, and while it is unavailable."""
    pair, seen = given_a(context), []
    for status in ("9", "10"):
        context.set_number(pair.x, status)
        seen.append(code_or(context.axyb.bind_b(context.user(), pair.sub), "success"))
    context.set_number(pair.x, "5")
    return one(seen)
