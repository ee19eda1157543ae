"""X: each SMS goes where its own verdict says, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.sms.notices import count_notices
from privnum.suites.checks.sms.verdicts import DISCARD, route
from privnum.suites.checks.x.sms_profile import XSms
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("sms", "receiver", "clock")


def write_sms(context: CheckContext, sender: str, text: str = "hello", place: int = 0) -> SmsView:
    """An SMS to an X, once the customer has answered."""
    return XSms(context).wait_until_decided(context.sms(sender, context.x.x(place), text))


def claim_at(context: CheckContext, sent: SmsView, right: str | None, what: str) -> None:
    """Claim whom an SMS has reached, None: nobody."""
    context.claim("X-SMS-101", sent.delivered_to == right, f"{what}: expected it at {right}, not {sent.delivered_to}")


@check("X-SMS-101", needs=NEEDS)
def test_each_sms_goes_where_its_own_verdict_says(context: CheckContext) -> None:
    """SMS of the same people go elsewhere when the customer says so."""
    senders, receivers = (context.user(), context.user()), (context.user(), context.user())
    for order in (receivers, receivers[::-1], (receivers[0], receivers[0])):
        for sender, receiver in zip(senders, order, strict=True):
            context.x.answers_sms(sender, route(receiver))
        for sender, receiver in zip(senders, order, strict=True):
            claim_at(context, write_sms(context, sender), receiver, "verdict vNumberRoute")
    context.x.answers_sms(senders[0], DISCARD)
    claim_at(context, write_sms(context, senders[0]), None, "verdict DiscardMessage")
    claim_at(context, write_sms(context, senders[1]), receivers[0], "verdict for another sender")


@check("X-SMS-101", needs=NEEDS)
def test_who_answers_an_sms(context: CheckContext) -> None:
    """The one who got it may write back: he is asked of as anybody."""
    first, second = context.user(), context.user()
    context.x.answers_sms(first, route(second))
    context.x.answers_sms(second, route(first))
    claim_at(context, write_sms(context, first), second, "the first writes")
    claim_at(context, write_sms(context, second), first, "the other writes back")


@check("X-SMS-101", needs=NEEDS)
@pytest.mark.parametrize("text", ["hello@{}", "{}", "[From{}]", "a@b"])
def test_no_number_in_the_text_counts(context: CheckContext, text: str) -> None:
    """What A of AX writes behind an @ is text like any other."""
    sender, to, text = context.user(), context.user(), text.format(context.user())
    context.x.answers_sms(sender, route(to))
    sent = write_sms(context, sender, text)
    claim_at(context, sent, to, f"{text!r}")
    context.claim("X-SMS-101", sent.delivered_text == text, f"expected {text!r}, came {sent.delivered_text!r}")


@check("X-SMS-101", needs=NEEDS)
def test_what_else_a_verdict_may_have(context: CheckContext) -> None:
    """Calling, extParas and userData change nothing of the way."""
    sender, to = context.user(), context.user()
    message = {"called": to, "calling": sender}
    context.x.answers_sms(sender, route(to, message=message, extParas=[], userData="case-7"))
    sent = write_sms(context, sender)
    claim_at(context, sent, to, "verdict with calling, extParas and userData")
    context.claim("X-SMS-004", sent.displayed == context.x.x(), f"the receiver must see X, not {sent.displayed}")


@check("X-SMS-101", needs=(*NEEDS, "two_x"))
def test_each_x_of_the_application(context: CheckContext) -> None:
    """The receiver sees the X that was written to."""
    for place in range(2):
        sender, to = context.user(), context.user()
        context.x.answers_sms(sender, route(to))
        sent = write_sms(context, sender, place=place)
        claim_at(context, sent, to, f"X {place + 1}")
        right = context.x.x(place)
        context.claim("X-SMS-004", sent.displayed == right, f"the receiver must see {right}, not {sent.displayed}")


@check("X-SMS-025", needs=NEEDS)
def test_the_customer_is_asked_once(context: CheckContext) -> None:
    """A Block that was answered with a verdict does not come again."""
    sender = context.user()
    context.x.answers_sms(sender, route(context.user()))
    sent = write_sms(context, sender)
    count = count_notices(context, sent, "sms_block", 86400)
    context.claim("X-SMS-025", count == 1, f"expected one Block, came {count}")
