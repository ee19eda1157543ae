"""SMS of which the customer is asked, and what his verdict does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import choice_of
from privnum.suites.checks.sms.notices import about, extra, notices
from privnum.suites.checks.sms.profiles import check
from privnum.suites.checks.sms.verdicts import DISCARD, NO_VERDICTS, answer_blocks, no_verdict, route
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from privnum.suites.checks.sms.profile import SmsProfile
    from privnum.suites.driver.protocol import SmsView

NEEDS = ("sms", "receiver", "clock")
LONGEST = 3600
"""Seconds that are waited for the end of a waiting."""


def write_asked_sms(sms: SmsProfile, text: str = "hello") -> SmsView:
    """An SMS of which the customer is asked, as it is once it is written."""
    return sms.context.sms(*sms.asked_sender(), text)


def wait_until_settled(sms: SmsProfile, sent: SmsView) -> SmsView:
    """The SMS when its waiting is over, at most LONGEST seconds later."""
    waited = 0
    while sent.state == "waiting" and waited < LONGEST:
        sms.context.advance(5)
        waited += 5
        sent = sms.context.look_at_sms(sent)
    return sent


@check("SMS-025", cases=("text", lambda profile: profile.open_texts))
def test_the_customer_is_asked(sms: SmsProfile, text: str) -> None:
    """Where the platform knows no receiver the SMS waits, and one Block comes."""
    to = sms.context.user()
    answer_blocks(sms.context, route(to))
    sent = write_asked_sms(sms, text.format(sms.context.user()))
    ok = sent.delivered_to in (None, to)
    sms.claim("SMS-025", ok, f"nobody was named; the SMS went to {sent.delivered_to}")
    found = notices(sms.context, sent, "sms_block")
    sms.claim("SMS-025", len(found) == 1, f"{text!r} names no receiver; expected one Block, came {len(found)}")
    sent = sms.context.look_at_sms(sent)
    came = f"it is {sent.state} to {sent.delivered_to}"
    sms.claim("SMS-025", sent.delivered_to == to, f"the SMS must wait for the verdict, which sends it to {to}; {came}")


@check("SMS-026", "SMS-025")
def test_what_a_block_says(sms: SmsProfile) -> None:
    """It names sender and X, no receiver, and has parts and direction."""
    sender, x = sms.asked_sender()
    sent = sms.context.sms(sender, x, "x" * 161)
    found = notices(sms.context, sent, "sms_block")
    sms.claim("SMS-025", len(found) == 1, f"expected one Block, came {len(found)}")
    for event in found:
        came = event.get("calling"), event.get("virtualNumber"), event.get("called")
        sms.claim("SMS-026", came == (sender, x, None), f"calling, virtualNumber, called: came {came}, not of {sender}")
        told = extra(event, "splitNum"), extra(event, "direction")
        sms.claim("SMS-026", told == ("2", "1"), f"splitNum and direction: expected 2 and 1, came {told}")


@check("SMS-027")
def test_the_customer_names_the_receiver(sms: SmsProfile) -> None:
    """The SMS goes to the number of the verdict, and a Notify comes."""
    _claim_routed(sms, "list", "SMS-027")


@check("SMS-031")
def test_a_verdict_that_is_one_object(sms: SmsProfile) -> None:
    """The same with an object in place of the list."""
    _claim_routed(sms, "object", "SMS-031")


def _claim_routed(sms: SmsProfile, form: str, rule: str) -> None:
    """Claim that an SMS goes where the verdict says."""
    called, text = sms.context.user(), "where are you?"
    sender, x = sms.asked_sender()
    verdict = route(called, form)
    answer_blocks(sms.context, verdict)
    sent = sms.wait_until_decided(sms.context.sms(sender, x, text))
    came = sent.state, sent.delivered_to, sent.delivered_text, sent.displayed
    right = ("sent", called, text, x)
    sms.claim(rule, came == right, f"verdict vNumberRoute: expected {right}, came {came}")
    event = sms.notify_of(sent, rule)
    told = event.get("called"), extra(event, "direction")
    sms.claim(rule, told == (called, "1"), f"Notify: expected called {called} and direction 1, came {told}")


@check("SMS-028")
def test_the_customer_discards(sms: SmsProfile) -> None:
    """The SMS is not forwarded; a Notify, if one comes, says 6."""
    answer_blocks(sms.context, DISCARD)
    sent = sms.wait_until_decided(write_asked_sms(sms))
    sms.stays("SMS-028", sent)
    for event in notices(sms.context, sent):
        came = event.get("sendResult")
        sms.claim("SMS-028", came == 6, f"verdict DiscardMessage: expected sendResult 6, came {came!r}")


@check("SMS-029")
def test_no_verdict_in_time(sms: SmsProfile) -> None:
    """Without a verdict an SMS is not forwarded; its Notify, if any, says 7."""
    answer_blocks(sms.context, b"", 500)
    sent = wait_until_settled(sms, write_asked_sms(sms))
    sms.stays("SMS-029", sent)
    if choice_of(sms.context, "sms.no_verdict") == "internal_error":
        raise NotExercised("a Block that fails ends the SMS at once (sms.no_verdict)")
    for event in notices(sms.context, sent):
        came = event.get("sendResult")
        sms.claim("SMS-029", came == 7, f"no verdict came: expected sendResult 7, came {came!r}")


@check("SMS-029")
def test_a_verdict_that_comes_too_late(sms: SmsProfile) -> None:
    """Once its time is over, no verdict sends an SMS."""
    answer_blocks(sms.context, b"", 500)
    sent = wait_until_settled(sms, write_asked_sms(sms))
    answer_blocks(sms.context, route(sms.context.user()))
    sms.context.advance(86400)
    sms.stays("SMS-029", sms.context.look_at_sms(sent))


@check("SMS-032")
@pytest.mark.parametrize("what", NO_VERDICTS)
def test_what_is_no_verdict(sms: SmsProfile, what: str) -> None:
    """It forwards the SMS to nobody; a good answer afterwards forwards one."""
    to = sms.context.user()
    answer_blocks(sms.context, no_verdict(what, to))
    sent = wait_until_settled(sms, sms.wait_until_decided(write_asked_sms(sms)))
    sms.claim("SMS-032", sent.delivered_to is None, f"the answer has {what}; the SMS went to {sent.delivered_to}")
    answer_blocks(sms.context, route(to))
    sent = sms.wait_until_decided(write_asked_sms(sms))
    sms.claim("SMS-032", sent.delivered_to == to, f"a good verdict behind it: the SMS went to {sent.delivered_to}")


@check("SMS-030", needs=(*NEEDS, "application_settings", "push_addresses"))
def test_the_address_for_questions(sms: SmsProfile) -> None:
    """A Block goes to the control address, the Notify behind it does not."""
    box = sms.context.receiver
    answer_blocks(sms.context, route(sms.context.user()))
    sent = write_asked_sms(sms)
    notices(sms.context, sent, "sms_block")
    blocks = {push.path for push in about(sms.context, sent, "sms_block")}
    ok = bool(blocks) and all(box.came_to(box.sms_control_url, path) for path in blocks)
    sms.claim("SMS-030", ok, f"a Block must go to {box.sms_control_url}; came to {sorted(blocks)}")
    sms.notify_of(sent)
    paths = {push.path for push in about(sms.context, sent)}
    ok = not any(box.came_to(box.sms_control_url, path) for path in paths)
    sms.claim("SMS-030", ok, f"a Notify must not go to {box.sms_control_url}")
