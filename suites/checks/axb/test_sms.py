"""AXB: SMS of a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.axb.scenarios import bind_users
from privnum.suites.checks.axb.sms_profile import AxbSms
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

NEEDS = ("sms", "receiver", "clock")


@check("AXB-SMS-101")
def test_each_pair_writes_by_its_own(context: CheckContext) -> None:
    """Of two pairs on an X everybody writes to his own partner."""
    sms = AxbSms(context)
    first = bind_users(context)
    second = bind_users(context, x=first.x)
    for way in (*sms.ways(first), *sms.ways(second)):
        sms.reaches("AXB-SMS-101", way)


@check("AXB-SMS-101")
def test_an_unbound_pair_writes_no_more(context: CheckContext) -> None:
    """After an unbind an SMS reaches nobody."""
    sms = AxbSms(context)
    pair = bind_users(context)
    ways = sms.ways(pair)
    context.axb.unbind(subscriptionId=pair.sub)
    for way in ways:
        sms.stays("AXB-SMS-101", sms.write(way))


@check("AXB-SMS-102", needs=NEEDS)
def test_nobody_is_asked(context: CheckContext) -> None:
    """No Block comes, of any SMS of anybody."""
    sms = AxbSms(context)
    pair = bind_users(context)
    for way in sms.ways(pair):
        sms.write(way, "hello")
        sms.write(way, f"hello@{context.user()}")
    context.sms(context.user(), pair.x, "hello")
    context.advance(PATIENCE)
    blocks = [push for push in context.pushes() if push.kind == "sms_block"]
    context.claim("AXB-SMS-102", not blocks, f"a Block came of an SMS: {[push.sms for push in blocks][:1]}")
