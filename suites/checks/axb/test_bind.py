"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axb.scenarios import (
    bind_users,
    claim_reaches,
    claim_unchanged,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXB-BIND-002")
def test_bind_echoes_direction_and_limits(context: CheckContext) -> None:
    """A bind answers callDirection, duration and maxDuration as integers."""
    sent: dict[str, Any] = {"callDirection": 1, "duration": 3600, "maxDuration": 30}
    for fields, shown in ((sent, sent), ({}, dict.fromkeys(sent, 0))):
        answer = bind_users(context, **fields).answer
        came = {name: answer[name] for name in sent}
        ok = came == shown and not any(isinstance(value, bool) for value in came.values())
        context.claim("AXB-BIND-002", ok, f"expected {shown} in the answer of a bind, came {came}")


@check("AXB-BIND-102")
@pytest.mark.parametrize("roles", ["AXC", "CXA", "BXC", "CXB", "BXA"])
def test_a_user_stands_once_on_an_x(context: CheckContext, roles: str) -> None:
    """A number that stands on X cannot be bound there again, in whatever role."""
    pair = bind_users(context)
    who = {"A": pair.a, "B": pair.b, "C": context.user()}
    with claim_unchanged(context, "AXB-BIND-102", pair.x):
        answer = context.axb.bind(who[roles[0]], who[roles[2]], pair.x)
        claim_refusal(context, "AXB-BIND-102", answer, f"{roles} while AXB is bound", "1012010")


@check("AXB-BIND-103")
def test_an_x_carries_5000_pairs(context: CheckContext) -> None:
    """The 5001st pair on an X is refused with 1012009.

    Room that an unbind makes can be used.
    """
    x = context.axb.x()
    subs = [bind_users(context, x=x, by="AXB-BIND-103").sub for _ in range(5000)]
    a, b = context.user(), context.user()
    claim_refusal(context, "AXB-BIND-103", context.axb.bind(a, b, x), "pair 5001", "1012009")
    claim_success(context, "AXB-BIND-103", context.axb.unbind(subscriptionId=subs[17]), "unbind of one of 5000")
    claim_success(context, "AXB-BIND-103", context.axb.bind(a, b, x), "bind in the room that came free")


@check("AXB-BIND-017", needs=("calls",))
def test_no_direction_is_both(context: CheckContext) -> None:
    """Without callDirection both sides may call."""
    pair = bind_users(context)
    claim_reaches(context, "AXB-BIND-017", pair.a, pair, pair.b)
    claim_reaches(context, "AXB-BIND-017", pair.b, pair, pair.a)


@check("AXB-BIND-105")
def test_durations(context: CheckContext) -> None:
    """The ends of the range of duration are taken."""
    for seconds in (0, 1, 7776000):
        bind_users(context, duration=seconds, by="AXB-BIND-105")


@check("AXB-BIND-021")
def test_recording_must_be_open(context: CheckContext) -> None:
    """Without the application's recording recordFlag true gets 1012012.

    False is taken.
    """
    context.set_application(context.axb.app, recording=False)
    a, b = context.user(), context.user()
    # a boolean, which no page prints, says so under the rule that it is taken
    for rule, flag, code in (("AXB-BIND-021", "true", "1012012"), ("AXB-BIND-022", True, None)):
        with claim_unchanged(context, rule):
            answer = context.axb.bind(a, b, context.axb.x(), recordFlag=flag)
            claim_refusal(context, rule, answer, f"recordFlag {flag!r} without recording", code)
        if answer.ok:
            context.axb.unbind(subscriptionId=answer["subscriptionId"])
    bind_users(context, a, b, recordFlag="false", by="AXB-BIND-021")


@check("AXB-BIND-106")
def test_duration_as_text(context: CheckContext) -> None:
    """A duration is taken as decimal text."""
    answer = context.axb.bind(context.user(), context.user(), context.axb.x(), duration="3600")
    claim_success(context, "AXB-BIND-106", answer, "duration as text")
