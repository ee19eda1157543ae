"""Query: what it lists and what it shows of a relation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import CLOCKS_APART, claim_refusal, claim_success
from privnum.suites.checks.axyb.scenarios import (
    bind_users,
    bound_a,
    bound_b,
    claim_field_shown,
    claim_relations,
    listed_bindings,
    relations,
)
from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

MANY = 6
"""One more than the list is printed to hold."""


@check("AXYB-QUERY-101")
def test_query_by_x(context: CheckContext) -> None:
    """A query by X lists the relations of the binding on it, and of no other."""
    context.axyb.require_numbers(3)
    one, two = bind_users(context), bind_users(context)
    for pair in (one, two):
        there = relations(context, relationNum=pair.x)
        context.claim("AXYB-QUERY-101", there == {pair.relation}, f"expected {pair.relation}, came {there}")


@check("AXYB-QUERY-102")
def test_each_y_is_a_relation(context: CheckContext) -> None:
    """Two B of an A are two relations, each with its own Y and B."""
    one = bind_users(context)
    claim_relations(context, "AXYB-QUERY-102", "two B of one A", one, bound_b(context, one))


@check("AXYB-QUERY-102", needs=("six_x",))
def test_five_relations(context: CheckContext) -> None:
    """A binding with five B is shown with all of them."""
    a = bound_a(context)
    claim_relations(context, "AXYB-QUERY-102", "five B of one A", *[bound_b(context, a) for _ in range(MANY - 1)])


@check("AXYB-QUERY-103")
def test_query_needs_a_selector(context: CheckContext) -> None:
    """Without a selector a query is refused and shows nothing.

    With neither subscriptionId nor relationNum, or with empty ones, a query is refused and shows nothing.
    """
    pair = bind_users(context)
    for query in ({}, {"subscriptionId": "", "relationNum": ""}):
        answer = context.axyb.query(**query)
        claim_refusal(context, "AXYB-QUERY-103", answer, f"query by {query or 'nothing'}")
        shown = [number for number in pair.relation if number in answer.text]
        context.claim("AXYB-QUERY-103", not shown, f"the refusal shows {shown}")


@check("AXYB-QUERY-104", "AXYB-QUERY-008")
def test_forms_of_numbers(context: CheckContext) -> None:
    """Lifetimes are shown as decimal text, the direction as an integer.

    The form in which they were sent does not matter.
    """
    for fields in ({"callDirection": 1, "duration": 3600, "ybDuration": 120}, {"duration": "0", "ybDuration": "0"}):
        pair = bind_users(context, **fields)
        for info in listed_bindings(context, subscriptionId=pair.sub):
            for name, kind in (("duration", str), ("ybDuration", str), ("callDirection", int)):
                if claim_field_shown(context, info, name):
                    ok = type(info[name]) is kind and (kind is int or info[name].isdecimal())
                    context.claim("AXYB-QUERY-104", ok, f"{name}: expected {kind.__name__}, came {info[name]!r}")


def claim_shown(context: CheckContext, sub: str, **fields: Any) -> None:
    """Claim that a query of a binding with one B shows these values."""
    found = listed_bindings(context, subscriptionId=sub)
    context.expect("AXYB-QUERY-001", len(found) == 1, f"query of {sub}: expected one relation, came {len(found)}")
    for name, value in fields.items():
        if found and claim_field_shown(context, found[0], name):
            came = found[0][name]
            context.claim("AXYB-QUERY-003", came == value, f"query shows {name}: expected {value!r}, came {came!r}")


SETTINGS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"callDirection": 1}, {}, {"callDirection": 1}),
    ({"callDirection": 2}, {}, {"callDirection": 2}),
    ({"duration": 3600}, {}, {"duration": "3600"}),
    ({"duration": 0}, {}, {"duration": "0"}),
    ({"duration": 3600, "ybDuration": 120}, {}, {"ybDuration": "120"}),
    ({"duration": 3600, "ybDuration": 120}, {"ybDuration": 60}, {"ybDuration": "60"}),
    ({"userData": "order-42"}, {}, {"userData": "order-42"}),
    ({}, {"userData": "x" * 256}, {"userData": "x" * 256}),
]
"""Fields of the bind of A, of that of B, and what is shown then."""


@check("AXYB-QUERY-003", "AXYB-QUERY-008", needs=("two_x",))
@pytest.mark.parametrize(("of_a", "of_b", "values"), SETTINGS, ids=lambda fields: "-".join(fields) or "plain")
def test_what_was_set_is_shown(
    context: CheckContext, of_a: dict[str, Any], of_b: dict[str, Any], values: dict[str, Any]
) -> None:
    """A query shows each setting as it was bound."""
    claim_shown(context, bind_users(context, of_b=of_b, **of_a).sub, **values)


@check("AXYB-QUERY-003", "AXYB-QUERY-008", needs=("two_x", "recording"))
def test_recording_and_tones_are_shown(context: CheckContext) -> None:
    """A query shows recordFlag and the tones, which are not mixed up."""
    first, second = context.axyb.tone(0), context.axyb.tone(1)
    for x, y, hint in ((first, second, first), (second, first, second)):
        fields: dict[str, Any] = {"recordFlag": "true", "recordHintTone": hint, "preVoiceX": x}
        pair = bind_users(context, of_b={"preVoiceY": y}, **fields)
        claim_shown(context, pair.sub, preVoiceY=y, **fields)


@check("AXYB-QUERY-002", "AXYB-QUERY-008", needs=("two_x",))
def test_subscribe_time(context: CheckContext) -> None:
    """SubscribeTime is the time of one of the binds, in UTC or UTC+8.

    It has the platform's form.
    """
    slack = timedelta(seconds=1 if context.controls_clock else CLOCKS_APART)
    begun = [context.now() - slack]
    a = bound_a(context)
    ended = [context.now() + slack]
    if context.controls_clock:
        context.advance(100)
    begun.append(context.now() - slack)
    pair = bound_b(context, a)
    ended.append(context.now() + slack)
    for info in listed_bindings(context, subscriptionId=pair.sub):
        if not claim_field_shown(context, info, "subscribeTime"):
            return
        text = info["subscribeTime"]
        at = seconds(text)
        context.claim("AXYB-QUERY-002", at is not None, f"subscribeTime: expected yyyy-MM-dd HH:mm:ss, came {text!r}")
        times = [(at or 0) - zone for zone in (0, CHINA)]
        ok = any(b.timestamp() <= time <= e.timestamp() for time in times for b, e in zip(begun, ended, strict=True))
        context.claim("AXYB-QUERY-002", ok, f"A was bound about {begun[0]}, B {begun[1]}, subscribeTime is {text}")


@check("AXYB-QUERY-001", needs=("three_x",))
def test_what_is_unbound_is_not_listed(context: CheckContext) -> None:
    """A query lists those alone who have a Y now."""
    one = bind_users(context)
    two = bound_b(context, one)
    answer = context.axyb.unbind(subscriptionId=one.sub, yNum=one.y)
    claim_success(context, "AXYB-UNBIND-101", answer, "unbind by yNum")
    claim_relations(context, "AXYB-QUERY-001", "when one of two B has no Y any more", two)
