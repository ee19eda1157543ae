"""Call-backs: whom A reaches by dialling X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    bind_users,
    claim_caller_refused,
    claim_calls_back_to,
    claim_ended,
    claim_reaches,
    known_caller,
    other_extension,
    wait_for_entry,
)
from privnum.suites.runner.call_timing import collection_seconds, wait_for_state
from privnum.suites.runner.check import NotExercised, check
from privnum.suites.runner.scheduler import Moment, instant

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

MINUTE, HOUR = 60, 3600


def without_setting(context: CheckContext) -> None:
    """Clear the application's settings for an A without a record."""
    if "application_settings" in context.capabilities:
        context.set_application(context.axe.app, no_record=None)
    elif context.axe.app.no_record is not None:
        raise NotExercised("the application has a setting for A without a call-back record")


def reaches_nobody(context: CheckContext, requirement: str, binding: Binding) -> CallView:
    """A dials X; claim that the call ends at once without a question."""
    call = context.call(binding.a, binding.x)
    ok = call.forwarded_to is None and call.state == "ended"
    context.claim(requirement, ok, f"A dials X: expected the end, is {call.state}, reached {call.forwarded_to}")
    return call


def plays(context: CheckContext, requirement: str, binding: Binding, tone: str) -> None:
    """A dials X; claim that he hears `tone` and the call ends."""
    call = reaches_nobody(context, requirement, binding)
    if call.played is not None:
        context.claim(requirement, call.played == (tone,), f"A dials X: expected to hear {tone}, heard {call.played}")


@check("AXE-CALLBACK-101")
@pytest.mark.parametrize("setting", [None, "callbackTone", "callbackNum"])
def test_a_reaches_his_last_caller(context: CheckContext, setting: str | None) -> None:
    """A who dials X reaches N, who talked to A last.

    Whatever is set for an A without a record.
    """
    values: dict[str, Any] = {"callbackTone": context.axe.tone(), "callbackNum": context.user()}
    fields = {setting: values[setting]} if setting else {}
    binding = bind_users(context, **({"callbackExpiredTime": 24} | fields))
    caller = known_caller(context, binding)
    call = claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller)
    asked = call.played is not None and "extension_prompt" in call.played
    context.claim("AXE-CALLBACK-101", not asked, "A is asked for an extension on his own X")


@check("AXE-CALLBACK-101", needs=("calls", "clock"))
def test_a_reaches_him_again(context: CheckContext) -> None:
    """Each of several call-backs reaches N, until the record ends."""
    binding = bind_users(context, callbackExpiredTime=24)
    caller = known_caller(context, binding)
    for _ in range(3):
        call = claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller)
        context.advance(60)
        context.hang_up(call)


@check("AXE-CALLBACK-102")
def test_the_latest_caller_wins(context: CheckContext) -> None:
    """The call-back goes to the latest of several callers.

    Also to one who had called before.
    """
    binding = bind_users(context, callbackExpiredTime=24)
    first, second = context.user(), context.user()
    for caller in (first, second, first):
        known_caller(context, binding, caller)
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-102", binding, caller))


@check("AXE-CALLBACK-103")
def test_each_a_has_a_record_of_his_own(context: CheckContext) -> None:
    """The call-back of one A does not reach the callers of another.

    On one X or on two.
    """
    bindings = [bind_users(context, callbackExpiredTime=24) for _ in range(2)]
    if len(context.axe.app.numbers) > 1:
        bindings.append(bind_users(context, bindings[0].a, context.axe.x(1), callbackExpiredTime=24))
    callers = [known_caller(context, binding) for binding in bindings]
    for binding, caller in zip(bindings, callers, strict=True):
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-103", binding, caller))


@check("AXE-CALLBACK-103")
def test_who_was_never_called_has_no_record(context: CheckContext) -> None:
    """A whom nobody called does not reach the callers of another A."""
    one = bind_users(context, callbackExpiredTime=24)
    two = bind_users(context, callbackExpiredTime=24, callbackNum=context.user())
    caller = known_caller(context, one)
    call = context.call(two.a, two.x)
    context.claim("AXE-CALLBACK-103", call.forwarded_to != caller, "A reaches the caller of another A")


@check("AXE-CALLBACK-104")
def test_no_record_and_callback_num(context: CheckContext) -> None:
    """Without a record A is forwarded to callbackNum, each binding's own.

    A mobile or a fixed line.
    """
    numbers = [context.user(), context.user()]
    if "fixed_line_users" in context.capabilities:
        numbers.append(context.user("fixed_line"))
    for binding, number in [(bind_users(context, callbackNum=number), number) for number in numbers]:
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-104", binding, number))


@check("AXE-CALLBACK-105")
def test_no_record_and_callback_tone(context: CheckContext) -> None:
    """Without a record A hears callbackTone, each binding's own.

    Then the call ends.
    """
    for tone in (context.axe.tone(), context.axe.tone(1)):
        plays(context, "AXE-CALLBACK-105", bind_users(context, callbackTone=tone), tone)


@check("AXE-CALLBACK-106")
def test_no_record_and_nothing_set(context: CheckContext) -> None:
    """Without a record and any setting the call ends with 8019.

    Nothing is played.
    """
    without_setting(context)
    call = reaches_nobody(context, "AXE-CALLBACK-106", bind_users(context))
    claim_ended(context, "AXE-CALLBACK-106", call, 8019)


@check("AXE-CALLBACK-107")
def test_the_applications_setting(context: CheckContext) -> None:
    """Where the binding has neither, the application's setting counts.

    Its tone is played, or its number is called.
    """
    binding = bind_users(context)
    tone, number = context.axe.tone(), context.user()
    context.set_application(context.axe.app, no_record={"play": tone})
    plays(context, "AXE-CALLBACK-107", binding, tone)
    context.set_application(context.axe.app, no_record={"transfer": number})
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-107", binding, number))


@check("AXE-CALLBACK-104", "AXE-CALLBACK-105", needs=("calls", "application_settings"))
def test_the_binding_goes_before_the_application(context: CheckContext) -> None:
    """The binding's tone or number goes before the application's setting."""
    tone, number = context.axe.tone(), context.user()
    with_tone, with_number = bind_users(context, callbackTone=tone), bind_users(context, callbackNum=number)
    context.set_application(context.axe.app, no_record={"transfer": context.user()})
    plays(context, "AXE-CALLBACK-105", with_tone, tone)
    context.set_application(context.axe.app, no_record={"play": context.axe.tone(1)})
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-104", with_number, number))


# ── the end of a record ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALLBACK-108")
@pytest.mark.parametrize(
    ("unit", "time", "seconds"), [("0", 1, HOUR), ("0", 24, 24 * HOUR), ("1", 5, 5 * MINUTE)], ids=["1h", "24h", "5min"]
)
def test_the_record_expires(context: CheckContext, unit: str, time: int, seconds: int) -> None:
    """A reaches N before callbackExpiredTime is over, then callbackNum.

    A second before, a second after.
    """
    numbers = [context.user(), context.user()]
    life: dict[str, Any] = {"timeUnit": unit, "bindExpiredTime": 0, "callbackExpiredTime": time}
    before, after = (bind_users(context, **(life | {"callbackNum": number})) for number in numbers)
    # A answers in the second of the transfer, so that it is all the same when the record is written
    callers = [context.user(), context.user()]
    plan: dict[str, Any] = {"ring_after": 0, "answer_after": 0, "hang_up_after": 1}
    calls = [
        context.call(caller, binding.x, digits=[binding.extension], **plan)
        for binding, caller in zip((before, after), callers, strict=True)
    ]
    calls = [wait_for_state(context, call, "ended", 3) for call in calls]
    begins = [at.timestamp() for call in calls for at in (call.forwarded_at, call.answered_at) if at is not None]
    if len(begins) < 2 * len(calls):
        raise NotExercised("the telephones did not answer, by what the driver reports of the calls")
    context.advance(min(begins) + seconds - 1 - instant(context))
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-108", before, callers[0]))
    context.advance(max(begins) + seconds + 1 - instant(context))
    claim_calls_back_to(context, "AXE-CALLBACK-108", after, numbers[1])


@check("AXE-CALLBACK-108")
def test_what_follows_on_the_record(context: CheckContext) -> None:
    """After the record A gets what is set, and a new call makes a new one.

    CallbackTone, the application's setting, or nothing.
    """
    without_setting(context)
    tone = context.axe.tone()
    with_tone = bind_users(context, callbackExpiredTime=1, callbackTone=tone)
    plain = bind_users(context, callbackExpiredTime=1)
    callers = {binding.sub: known_caller(context, binding) for binding in (with_tone, plain)}
    for binding in (with_tone, plain):
        context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-101", binding, callers[binding.sub]))
    # twice the time: a call-back may have renewed the record
    context.advance(2 * HOUR + 60)
    plays(context, "AXE-CALLBACK-108", with_tone, tone)
    claim_ended(context, "AXE-CALLBACK-108", reaches_nobody(context, "AXE-CALLBACK-108", plain), 8019)
    again = known_caller(context, plain)
    claim_calls_back_to(context, "AXE-CALLBACK-101", plain, again)


@check("AXE-CALLBACK-108")
def test_a_new_call_begins_a_new_life(context: CheckContext) -> None:
    """The lifetime is that of the latest call.

    Who calls again is reached for the whole time from then on.
    """
    binding = bind_users(context, callbackExpiredTime=1)
    caller = known_caller(context, binding)
    context.advance(HOUR // 2)
    known_caller(context, binding, caller)
    context.advance(HOUR // 2 + 60)
    claim_calls_back_to(context, "AXE-CALLBACK-108", binding, caller)


# ── who does not call back ───────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALLBACK-109")
def test_a_on_a_fixed_line_cannot_call_back(context: CheckContext) -> None:
    """A on a fixed line who dials X is refused with 8023.

    With a record and with callbackNum.
    """
    with_record = bind_users(context, context.user("fixed_line"), callbackExpiredTime=24)
    known_caller(context, with_record, by="AXE-CALL-008")
    with_number = bind_users(context, context.user("fixed_line"), callbackNum=context.user())
    for binding in (with_record, with_number):
        claim_caller_refused(context, "AXE-CALLBACK-109", binding.a, binding.x, 8023)


def no_call_back(context: CheckContext, binding: Binding, *callees: str) -> None:
    """A, whose binding has ended, dials X.

    Claim that he reaches none of these.
    """
    call = wait_for_entry(context, context.call(binding.a, binding.x), collection_seconds(context) * PROMPTS + 1)
    ok = call.forwarded_to not in callees
    context.claim("AXE-CALLBACK-110", ok, f"A without a binding dials X: reached {call.forwarded_to}")


@check("AXE-CALLBACK-110")
def test_unbinding_ends_the_call_back(context: CheckContext) -> None:
    """After the unbind A reaches neither his former caller nor callbackNum."""
    number = context.user()
    binding = bind_users(context, callbackExpiredTime=24, callbackNum=number)
    caller = known_caller(context, binding)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind")
    no_call_back(context, binding, caller, number)


@check("AXE-CALLBACK-110", needs=("calls", "clock"))
def test_expiry_ends_the_call_back(context: CheckContext) -> None:
    """A reaches his caller until the binding ends, then nobody.

    A second before, and a second after; then callbackNum counts no more.
    """
    number = context.user()
    with Moment(context) as made:
        binding = bind_users(context, bindExpiredTime=1, callbackExpiredTime=1, callbackNum=number)
    context.advance(made.until(HOUR - 200))
    caller = known_caller(context, binding)
    context.advance(made.until(HOUR - 1))
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-110", binding, caller))
    context.advance(made.until(HOUR + 1))
    no_call_back(context, binding, caller, number)


@check("AXE-CALLBACK-111")
def test_a_new_binding_starts_without_a_record(context: CheckContext) -> None:
    """After a new bind of the same extension A reaches callbackNum."""
    binding, number = bind_users(context, callbackExpiredTime=24), context.user()
    known_caller(context, binding)
    claim_success(context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind")
    again = bind_users(context, binding.a, binding.x, binding.extension, callbackNum=number, by="AXE-UNBIND-007")
    claim_calls_back_to(context, "AXE-CALLBACK-111", again, number)


@check("AXE-CALLBACK-112")
def test_who_is_called_back_sees_x(context: CheckContext) -> None:
    """In a call-back, and in the transfer to callbackNum, X is shown."""
    number = context.user()
    binding = bind_users(context, callbackExpiredTime=24, callbackNum=number)
    for callee in (number, None):
        call = claim_calls_back_to(context, "AXE-CALLBACK-101", binding, callee or known_caller(context, binding))
        ok = call.displayed == binding.x
        context.claim("AXE-CALLBACK-112", ok, f"the callee sees {call.displayed}; expected X")
        context.hang_up(call)


@check("AXE-CALLBACK-113")
def test_a_wrong_extension_makes_no_record(context: CheckContext) -> None:
    """A caller who was not put through is not the one whom A reaches.

    With a wrong extension or none.
    """
    binding = bind_users(context, callbackExpiredTime=24)
    caller = known_caller(context, binding)
    wrong = other_extension(context, binding.extension)
    digits = [wrong] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, digits=digits)
    context.hang_up(context.call(context.user(), binding.x))
    context.hang_up(claim_calls_back_to(context, "AXE-CALLBACK-113", binding, caller))
    other = bind_users(context, x=binding.x, callbackExpiredTime=24)
    context.hang_up(claim_reaches(context, "AXE-CALL-102", other))
    claim_calls_back_to(context, "AXE-CALLBACK-113", binding, caller)


@check("AXE-CALLBACK-113")
def test_a_wrong_extension_leaves_callback_num(context: CheckContext) -> None:
    """After callers with wrong extensions alone A reaches callbackNum."""
    number = context.user()
    binding = bind_users(context, callbackExpiredTime=24, callbackNum=number)
    digits = [other_extension(context, binding.extension)] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, digits=digits)
    claim_calls_back_to(context, "AXE-CALLBACK-113", binding, number)
