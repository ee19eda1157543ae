"""SMS: notices of which no page speaks, and the time for a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.sms.notices import about, notices
from privnum.suites.checks.sms.profiles import PROFILES
from privnum.suites.checks.sms.verdicts import DISCARD, answer_blocks, route
from privnum.suites.runner.check import CannotSettle, NotExercised, probe

if TYPE_CHECKING:
    from privnum.suites.checks.sms.profile import SmsProfile
    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

NEEDS = ("sms", "receiver", "clock")
LONGEST = 600
"""Seconds that are waited for the end of a waiting."""


def some_mode(context: CheckContext) -> SmsProfile:
    """The first mode of the target that has SMS.

    Raises CannotSettle where none has.
    """
    for mode, profile in PROFILES.items():
        if mode in context.session.scope:
            return profile(context)
    raise CannotSettle("no application of the target has SMS")


def binding_mode(context: CheckContext) -> SmsProfile:
    """The first mode of the target whose SMS go by a binding.

    Raises CannotSettle where there is none.
    """
    found = some_mode(context)
    if not found.binds:
        raise CannotSettle("only AX and AXB have SMS that go by a binding")
    return found


def asking_mode(context: CheckContext) -> SmsProfile:
    """The first mode of the target in which the customer is asked of an SMS.

    Raises CannotSettle where there is none.
    """
    for mode, profile in PROFILES.items():
        if mode in context.session.scope and profile.open_texts:
            return profile(context)
    raise CannotSettle("only AX and X ask what becomes of an SMS")


def send_unaddressed(context: CheckContext) -> SmsView:
    """An SMS of which the customer is asked."""
    return context.sms(*asking_mode(context).asked_sender(), "hello")


def result_of(context: CheckContext, sms: SmsView) -> str:
    """The sendResult of an SMS as a Notify has it; "none" where none comes."""
    found = notices(context, sms)
    return str(found[0].get("sendResult")) if found else "none"


@probe("sms.verdict_seconds", needs=NEEDS)
def verdict_seconds(context: CheckContext) -> int:
    """Seconds until an SMS without a verdict is over, to the second."""
    context.receiver.answer(500, kind="sms_block")
    sms = send_unaddressed(context)
    for waited in range(LONGEST):
        sms = context.look_at_sms(sms)
        if sms.state != "waiting":
            if waited:
                return waited
            raise CannotSettle("the SMS does not wait for a verdict")
        context.advance(1)
    raise CannotSettle(f"the SMS waits for more than {LONGEST} s")


@probe("sms.no_verdict", needs=NEEDS)
def no_verdict(context: CheckContext) -> str:
    """An answer 200 that is no verdict."""
    context.receiver.answer(200, b"I am a teapot", kind="sms_block")
    sms = send_unaddressed(context)
    notices(context, sms, "sms_block")
    sms = context.look_at_sms(sms)
    if sms.state == "waiting":
        return "waits"
    result = result_of(context, sms)
    return {"7": "at_once", "5": "internal_error", "none": "at_once"}.get(result, result)


@probe("sms.notify_of_discarded", needs=NEEDS)
def notify_of_discarded(context: CheckContext) -> str:
    """A verdict that lets the SMS go nowhere."""
    answer_blocks(context, DISCARD)
    sms = send_unaddressed(context)
    notices(context, sms, "sms_block")
    return "pushed" if notices(context, sms) else "none"


@probe("sms.retry_minutes", needs=NEEDS)
def retry_minutes(context: CheckContext) -> str:
    """How often a Notify that fails has come after three minutes."""
    sms = some_mode(context)
    context.receiver.answer(500, kind="sms_notify")
    sent = sms.write(sms.ways(sms.bind_users())[0])
    if not notices(context, sent):
        raise CannotSettle("an SMS brought no Notify")
    first = len(about(context, sent))
    context.advance(200)
    repeats = (len(about(context, sent)) - first) // first
    return {1: "as_calls", 3: "each_minute"}.get(repeats, f"{repeats} times in 200 s")


@probe("sms.event", needs=NEEDS)
def event(context: CheckContext) -> str:
    """The word in the Notify of an SMS that was forwarded."""
    sms = some_mode(context)
    found = notices(context, sms.write(sms.ways(sms.bind_users())[0]))
    if not found:
        raise CannotSettle("an SMS brought no Notify")
    return str(found[0].get("event"))


@probe("sms.private_sms_off", needs=NEEDS)
def private_sms_off(context: CheckContext) -> str:
    """An SMS by a binding without SMS."""
    sms = binding_mode(context)
    return result_of(context, sms.write(sms.ways(sms.bind_users(privateSms="false"))[0]))


@probe("sms.application_without", needs=(*NEEDS, "application_settings"))
def application_without(context: CheckContext) -> str:
    """An SMS to an X of an application without SMS."""
    sms = some_mode(context)
    way = sms.ways(sms.bind_users())[0]
    try:
        sms.set(sms=False)
    except NotExercised as error:
        raise CannotSettle(str(error)) from None
    return result_of(context, sms.write(way))


@probe("sms.call_direction", needs=("sms",))
def call_direction(context: CheckContext) -> str:
    """A's SMS by a binding in which others alone may call."""
    sms = binding_mode(context)
    way = sms.ways(sms.bind_users(callDirection=2))[0]
    return "ignored" if sms.write(way).state == "sent" else "applied"


@probe("sms.not_mobile", needs=(*NEEDS, "fixed_line_users"))
def not_mobile(context: CheckContext) -> str:
    """An SMS to a fixed line."""
    sms = some_mode(context)
    sent = sms.write(sms.to_fixed_line())
    result = result_of(context, sent)
    context.advance(PATIENCE)
    return result


@probe("sms.ask_of_blocked", needs=(*NEEDS, "number_status"))
def ask_of_blocked(context: CheckContext) -> str:
    """An SMS to a suspended X of which the customer would else be asked."""
    answer_blocks(context, DISCARD)
    sender, x = asking_mode(context).asked_sender()
    context.set_number(x, "9")
    sent = context.sms(sender, x, "hello")
    found = notices(context, sent, "sms_block")
    context.set_number(x, "5")
    return "asked" if found else "unasked"


@probe("sms.several_actions", needs=NEEDS)
def several_actions(context: CheckContext) -> str:
    """A verdict with two receivers."""
    first, last = context.user(), context.user()
    answer_blocks(context, {"actions": [*route(first)["actions"], *route(last)["actions"]]})
    sms = send_unaddressed(context)
    notices(context, sms, "sms_block")
    went_to = context.look_at_sms(sms).delivered_to
    return {first: "first", last: "last", None: "none"}.get(went_to, f"sent to {went_to}")


@probe("sms.no_control_address", needs=(*NEEDS, "application_settings", "push_addresses"))
def no_control_address(context: CheckContext) -> str:
    """An SMS of which the customer is to be asked, who has no address."""
    sender, x = asking_mode(context).asked_sender()
    try:
        asking_mode(context).set(sms_control_url=None)
    except NotExercised as error:
        raise CannotSettle(str(error)) from None
    sms = context.sms(sender, x, "hello")
    if sms.state == "waiting":
        return "waits"
    result = result_of(context, sms)
    return {"7": "at_once", "none": "at_once"}.get(result, result)


@probe("sms.first_reason", needs=(*NEEDS, "application_settings", "number_status"))
def first_reason(context: CheckContext) -> str:
    """An SMS of a blacklisted sender, without the keyword, to a suspended X."""
    sms = some_mode(context)
    way = sms.ways(sms.bind_users())[0]
    try:
        sms.set(sms_rules={"blacklist": [way.sender], "keyword": "[demo]"})
    except NotExercised as error:
        raise CannotSettle(str(error)) from None
    context.set_number(way.x, "9")
    result = result_of(context, sms.write(way))
    context.set_number(way.x, "5")
    orders = [str(value) for value in contracts.assumptions()["sms.first_reason"].values]
    words = {"3": "x", "8": "blacklist", "12": "keyword"}
    named = words.get(result)
    return next(
        (order for order in orders if named == min(words.values(), key=order.split().index)), f"sendResult {result}"
    )
