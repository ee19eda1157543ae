"""AX: whom A names, who needs not be asked, and userData of a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.ax.sms_profile import AxSms
from privnum.suites.checks.sms.verdicts import answer_blocks, route
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

NEEDS = ("sms", "receiver", "clock")


@check("AX-SMS-101", needs=("sms",))
@pytest.mark.parametrize("text", ["", "a@b", "mail me: me@example.com", "@+8613900000009 and"])
def test_the_number_at_the_very_end_counts(context: CheckContext, text: str) -> None:
    """What stands before the last @number is text, whatever is in it."""
    sms = AxSms(context)
    way = sms.ways(sms.bind_users())[0]
    sent = sms.reaches("AX-SMS-101", way, text)
    context.claim("AX-SMS-101", sent.delivered_text == text, f"expected {text!r}, came {sent.delivered_text!r}")


@check("AX-SMS-104", needs=NEEDS)
def test_who_needs_not_be_asked(context: CheckContext) -> None:
    """No Block comes where A names somebody, others write, or X is free."""
    sms = AxSms(context)
    for way in sms.ways(sms.bind_users()):
        sms.write(way)
    context.sms(*sms.in_vain(), "hello")
    context.advance(PATIENCE)
    blocks = [push for push in context.pushes() if push.kind == "sms_block"]
    context.claim("AX-SMS-104", not blocks, f"a Block came: {[push.sms for push in blocks][:1]}")


@check("AX-SMS-110", needs=NEEDS)
def test_user_data_of_a_verdict(context: CheckContext) -> None:
    """UserData of the verdict is in the Notify, beside what else it may have."""
    sms = AxSms(context)
    sender, x = sms.asked_sender()
    to = context.user()
    answer_blocks(context, route(to, userData="case-7", extParas=[], message={"called": to, "calling": sender}))
    sent = sms.wait_until_decided(context.sms(sender, x, "hello"))
    came = sms.notify_of(sent, "AX-SMS-110").get("userData")
    context.claim("AX-SMS-110", came == "case-7", f"userData of the verdict is case-7, the Notify has {came!r}")
