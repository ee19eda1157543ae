"""AX: the customer is asked what becomes of A's SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.ax.sms_profile import AxSms
from privnum.suites.checks.sms.notices import about, extra, notices
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.runner.context import CheckContext

NEEDS = ("sms", "receiver", "clock")
LONGEST = 3600
"""Seconds that are waited for the end of a waiting."""
VERDICTS = ("list", "object")


def answers(context: CheckContext, verdict: Any) -> None:
    """From now on the customer answers a Block so."""
    context.receiver.answer(200, orjson.dumps(verdict), kind="sms_block")


def route(called: str, form: str = "list", **more: Any) -> dict[str, Any]:
    """The verdict that an SMS goes to that number."""
    action = {"operation": "vNumberRoute", "message": {"called": called}, **more}
    return {"actions": [action] if form == "list" else action}


DISCARD = {"actions": [{"operation": "DiscardMessage"}]}


def unaddressed(context: CheckContext, text: str = "hello") -> tuple[AxSms, Any, SmsView]:
    """A writes to nobody in particular; the customer answers as was set."""
    sms = AxSms(context)
    binding = sms.bound()
    return sms, binding, context.sms(binding.a, binding.x, text)


def settled(context: CheckContext, sent: SmsView) -> SmsView:
    """The SMS when its waiting is over, at most LONGEST seconds later."""
    waited = 0
    while sent.state == "waiting" and waited < LONGEST:
        context.advance(5)
        waited += 5
        sent = context.look_at_sms(sent)
    return sent


@check("AX-SMS-101", needs=("sms",))
@pytest.mark.parametrize("text", ["", "a@b", "mail me: me@example.com", "@+8613900000009 and"])
def test_the_number_at_the_very_end_counts(context: CheckContext, text: str) -> None:
    """What stands before the last @number is text, whatever is in it."""
    sms = AxSms(context)
    way = sms.ways(sms.bound())[0]
    sent = sms.reaches("AX-SMS-101", way, text)
    context.claim("AX-SMS-101", sent.delivered_text == text, f"expected {text!r}, came {sent.delivered_text!r}")


@check("AX-SMS-103", needs=NEEDS)
@pytest.mark.parametrize("text", ["hello", "hello@", "hello@nobody", "hello@{} ", "{}", "@{}!", "hello＠{}"])
def test_the_customer_is_asked(context: CheckContext, text: str) -> None:
    """Where no @number ends what A wrote, he waits, and one Block comes."""
    _, _, sent = unaddressed(context, text.format(context.user()))
    context.claim("AX-SMS-103", sent.delivered_to is None, f"nobody was named; the SMS went to {sent.delivered_to}")
    found = notices(context, sent, "sms_block")
    context.claim("AX-SMS-103", len(found) == 1, f"A named nobody; expected one Block, came {len(found)}")


@check("AX-SMS-104", needs=NEEDS)
def test_who_needs_not_be_asked(context: CheckContext) -> None:
    """No Block comes where A names somebody, others write, or X is free."""
    sms = AxSms(context)
    for way in sms.ways(sms.bound()):
        sms.write(way)
    context.sms(*sms.in_vain(), "hello")
    context.advance(PATIENCE)
    blocks = [push for push in context.pushes() if push.kind == "sms_block"]
    context.claim("AX-SMS-104", not blocks, f"a Block came: {[push.sms for push in blocks][:1]}")


@check("AX-SMS-105", "AX-SMS-103", needs=NEEDS)
def test_what_a_block_says(context: CheckContext) -> None:
    """It names sender and X, no receiver, and has parts and direction."""
    _, binding, sent = unaddressed(context, "x" * 161)
    found = notices(context, sent, "sms_block")
    context.claim("AX-SMS-103", len(found) == 1, f"expected one Block, came {len(found)}")
    for event in found:
        came = event.get("calling"), event.get("virtualNumber"), event.get("called")
        right = (binding.a, binding.x, None)
        context.claim("AX-SMS-105", came == right, f"calling, virtualNumber, called: expected {right}, came {came}")
        told = extra(event, "splitNum"), extra(event, "direction")
        context.claim("AX-SMS-105", told == ("2", "1"), f"splitNum and direction: expected 2 and 1, came {told}")


@check("AX-SMS-106", needs=NEEDS)
def test_the_customer_names_the_receiver(context: CheckContext) -> None:
    """The SMS goes to the number of the verdict, and a Notify comes."""
    routed(context, "list", "AX-SMS-106")


@check("AX-SMS-111", needs=NEEDS)
def test_a_verdict_that_is_one_object(context: CheckContext) -> None:
    """The same with an object in place of the list."""
    routed(context, "object", "AX-SMS-111")


def routed(context: CheckContext, form: str, rule: str) -> None:
    """Claim that an SMS goes where the verdict says."""
    called, text = context.user(), "where are you?"
    answers(context, route(called, form))
    _, binding, sent = unaddressed(context, text)
    sent = _decided(context, sent)
    came = sent.state, sent.delivered_to, sent.delivered_text, sent.displayed
    right = ("sent", called, text, binding.x)
    context.claim(rule, came == right, f"verdict vNumberRoute: expected {right}, came {came}")
    (event,) = notices(context, sent) or ({},)
    told = event.get("called"), extra(event, "direction")
    context.claim(rule, told == (called, "1"), f"Notify: expected called {called} and direction 1, came {told}")


def _decided(context: CheckContext, sent: SmsView) -> SmsView:
    """The SMS once the customer has been asked, and has answered."""
    notices(context, sent, "sms_block")
    return context.look_at_sms(sent)


@check("AX-SMS-107", needs=NEEDS)
def test_the_customer_discards(context: CheckContext) -> None:
    """The SMS is not forwarded; a Notify, if one comes, says 6."""
    answers(context, DISCARD)
    sms, _, sent = unaddressed(context)
    sent = _decided(context, sent)
    sms.stays("AX-SMS-107", sent)
    for event in notices(context, sent):
        came = event.get("sendResult")
        context.claim("AX-SMS-107", came == 6, f"verdict DiscardMessage: expected sendResult 6, came {came!r}")


@check("AX-SMS-108", needs=NEEDS)
def test_no_verdict_in_time(context: CheckContext) -> None:
    """Without a verdict an SMS is not forwarded; its Notify, if any, says 7."""
    context.receiver.answer(500, kind="sms_block")
    sms, _, sent = unaddressed(context)
    sent = settled(context, sent)
    sms.stays("AX-SMS-108", sent)
    if context.assumptions["sms.no_verdict"] == "internal_error":
        raise NotExercised("a Block that fails ends the SMS at once (sms.no_verdict)")
    for event in notices(context, sent):
        came = event.get("sendResult")
        context.claim("AX-SMS-108", came == 7, f"no verdict came: expected sendResult 7, came {came!r}")


@check("AX-SMS-108", needs=NEEDS)
def test_a_verdict_that_comes_too_late(context: CheckContext) -> None:
    """Once its time is over, no verdict sends an SMS."""
    context.receiver.answer(500, kind="sms_block")
    sms, _, sent = unaddressed(context)
    sent = settled(context, sent)
    answers(context, route(context.user()))
    context.advance(86400)
    sms.stays("AX-SMS-108", context.look_at_sms(sent))


@check("AX-SMS-109", needs=(*NEEDS, "application_settings", "push_addresses"))
def test_the_address_for_questions(context: CheckContext) -> None:
    """A Block goes to the control address, the Notify behind it does not."""
    box = context.receiver
    answers(context, route(context.user()))
    _, _, sent = unaddressed(context)
    notices(context, sent, "sms_block")
    blocks = {push.path for push in about(context, sent, "sms_block")}
    ok = bool(blocks) and all(box.came_to(box.sms_control_url, path) for path in blocks)
    context.claim("AX-SMS-109", ok, f"a Block must go to {box.sms_control_url}; came to {sorted(blocks)}")
    notices(context, sent)
    paths = {push.path for push in about(context, sent)}
    ok = not any(box.came_to(box.sms_control_url, path) for path in paths)
    context.claim("AX-SMS-109", ok, f"a Notify must not go to {box.sms_control_url}")


@check("AX-SMS-110", needs=NEEDS)
def test_user_data_of_a_verdict(context: CheckContext) -> None:
    """UserData of the verdict is in the Notify."""
    answers(context, route(context.user(), userData="case-7"))
    _, _, sent = unaddressed(context)
    _decided(context, sent)
    for event in notices(context, sent):
        came = event.get("userData")
        context.claim("AX-SMS-110", came == "case-7", f"userData of the verdict is case-7, the Notify has {came!r}")
