"""Call-backs: whom A reaches by dialling X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import succeeds
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    bound,
    calls_back_to,
    ended,
    entered,
    known_caller,
    other_extension,
    reaches,
    refuses_caller,
)
from privnum.suites.runner.call_timing import collection_seconds, reached
from privnum.suites.runner.check import NotExercised, check
from privnum.suites.runner.scheduler import Moment, instant

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import Bench

MINUTE, HOUR = 60, 3600


def without_setting(bench: Bench) -> None:
    """See to it that the application has nothing set for an A without a record."""
    if "application_settings" in bench.capabilities:
        bench.set_application(bench.axe.app, no_record=None)
    elif bench.axe.app.no_record is not None:
        raise NotExercised("the application has a setting for A without a call-back record")


def reaches_nobody(bench: Bench, requirement: str, binding: Binding) -> CallView:
    """A dials X; claim that the call ends at once, and that he is asked for nothing."""
    call = bench.call(binding.a, binding.x)
    ok = call.forwarded_to is None and call.state == "ended"
    bench.claim(requirement, ok, f"A dials X: expected the end, is {call.state}, reached {call.forwarded_to}")
    return call


def plays(bench: Bench, requirement: str, binding: Binding, tone: str) -> None:
    """A dials X; claim that he hears `tone` and the call ends."""
    call = reaches_nobody(bench, requirement, binding)
    if call.played is not None:
        bench.claim(requirement, call.played == (tone,), f"A dials X: expected to hear {tone}, heard {call.played}")


@check("AXE-CALLBACK-101")
@pytest.mark.parametrize("setting", [None, "callbackTone", "callbackNum"])
def test_a_reaches_his_last_caller(bench: Bench, setting: str | None) -> None:
    """After N talked to A, A who dials X reaches N, whatever is set for an A without a record."""
    values: dict[str, Any] = {"callbackTone": bench.axe.tone(), "callbackNum": bench.user()}
    fields = {setting: values[setting]} if setting else {}
    binding = bound(bench, **({"callbackExpiredTime": 24} | fields))
    caller = known_caller(bench, binding)
    call = calls_back_to(bench, "AXE-CALLBACK-101", binding, caller)
    asked = call.played is not None and "extension_prompt" in call.played
    bench.claim("AXE-CALLBACK-101", not asked, "A is asked for an extension on his own X")


@check("AXE-CALLBACK-101", needs=("calls", "clock"))
def test_a_reaches_him_again(bench: Bench) -> None:
    """Each of several call-backs reaches N, until the record ends."""
    binding = bound(bench, callbackExpiredTime=24)
    caller = known_caller(bench, binding)
    for _ in range(3):
        call = calls_back_to(bench, "AXE-CALLBACK-101", binding, caller)
        bench.advance(60)
        bench.hang_up(call)


@check("AXE-CALLBACK-102")
def test_the_latest_caller_wins(bench: Bench) -> None:
    """After several callers the call-back goes to the latest, also to one who had called before."""
    binding = bound(bench, callbackExpiredTime=24)
    first, second = bench.user(), bench.user()
    for caller in (first, second, first):
        known_caller(bench, binding, caller)
        bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-102", binding, caller))


@check("AXE-CALLBACK-103")
def test_each_a_has_a_record_of_his_own(bench: Bench) -> None:
    """The call-back of one A does not reach the callers of another, be it on one X or on two."""
    bindings = [bound(bench, callbackExpiredTime=24) for _ in range(2)]
    if len(bench.axe.app.numbers) > 1:
        bindings.append(bound(bench, bindings[0].a, bench.axe.x(1), callbackExpiredTime=24))
    callers = [known_caller(bench, binding) for binding in bindings]
    for binding, caller in zip(bindings, callers, strict=True):
        bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-103", binding, caller))


@check("AXE-CALLBACK-103")
def test_who_was_never_called_has_no_record(bench: Bench) -> None:
    """A whom nobody called does not reach the callers of another A."""
    one = bound(bench, callbackExpiredTime=24)
    two = bound(bench, callbackExpiredTime=24, callbackNum=bench.user())
    caller = known_caller(bench, one)
    call = bench.call(two.a, two.x)
    bench.claim("AXE-CALLBACK-103", call.forwarded_to != caller, "A reaches the caller of another A")


@check("AXE-CALLBACK-104")
def test_no_record_and_callback_num(bench: Bench) -> None:
    """Without a record A is forwarded to callbackNum, a mobile or a fixed line, each binding to its own."""
    numbers = [bench.user(), bench.user()]
    if "fixed_line_users" in bench.capabilities:
        numbers.append(bench.user("fixed_line"))
    for binding, number in [(bound(bench, callbackNum=number), number) for number in numbers]:
        bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-104", binding, number))


@check("AXE-CALLBACK-105")
def test_no_record_and_callback_tone(bench: Bench) -> None:
    """Without a record A hears callbackTone, each binding's own, and the call ends."""
    for tone in (bench.axe.tone(), bench.axe.tone(1)):
        plays(bench, "AXE-CALLBACK-105", bound(bench, callbackTone=tone), tone)


@check("AXE-CALLBACK-106")
def test_no_record_and_nothing_set(bench: Bench) -> None:
    """Without a record and any setting the call ends with 8019, and nothing is played."""
    without_setting(bench)
    call = reaches_nobody(bench, "AXE-CALLBACK-106", bound(bench))
    ended(bench, "AXE-CALLBACK-106", call, 8019)


@check("AXE-CALLBACK-107")
def test_the_applications_setting(bench: Bench) -> None:
    """Where the binding has neither, the application's tone is played, or its number is called."""
    binding = bound(bench)
    tone, number = bench.axe.tone(), bench.user()
    bench.set_application(bench.axe.app, no_record={"play": tone})
    plays(bench, "AXE-CALLBACK-107", binding, tone)
    bench.set_application(bench.axe.app, no_record={"transfer": number})
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-107", binding, number))


@check("AXE-CALLBACK-104", "AXE-CALLBACK-105", needs=("calls", "application_settings"))
def test_the_binding_goes_before_the_application(bench: Bench) -> None:
    """Where the binding has a tone or a number, the application's setting does not apply."""
    tone, number = bench.axe.tone(), bench.user()
    with_tone, with_number = bound(bench, callbackTone=tone), bound(bench, callbackNum=number)
    bench.set_application(bench.axe.app, no_record={"transfer": bench.user()})
    plays(bench, "AXE-CALLBACK-105", with_tone, tone)
    bench.set_application(bench.axe.app, no_record={"play": bench.axe.tone(1)})
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-104", with_number, number))


# ── the end of a record ──────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALLBACK-108")
@pytest.mark.parametrize(
    ("unit", "time", "seconds"), [("0", 1, HOUR), ("0", 24, 24 * HOUR), ("1", 5, 5 * MINUTE)], ids=["1h", "24h", "5min"]
)
def test_the_record_expires(bench: Bench, unit: str, time: int, seconds: int) -> None:
    """A second before callbackExpiredTime is over A reaches N, a second after callbackNum."""
    numbers = [bench.user(), bench.user()]
    life: dict[str, Any] = {"timeUnit": unit, "bindExpiredTime": 0, "callbackExpiredTime": time}
    before, after = (bound(bench, **(life | {"callbackNum": number})) for number in numbers)
    # A answers in the second of the transfer, so that it is all the same when the record is written
    callers = [bench.user(), bench.user()]
    plan: dict[str, Any] = {"ring_after": 0, "answer_after": 0, "hang_up_after": 1}
    calls = [
        bench.call(caller, binding.x, digits=[binding.extension], **plan)
        for binding, caller in zip((before, after), callers, strict=True)
    ]
    calls = [reached(bench, call, "ended", 3) for call in calls]
    begins = [at.timestamp() for call in calls for at in (call.forwarded_at, call.answered_at) if at is not None]
    if len(begins) < 2 * len(calls):
        raise NotExercised("the telephones did not answer, by what the driver reports of the calls")
    bench.advance(min(begins) + seconds - 1 - instant(bench))
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-108", before, callers[0]))
    bench.advance(max(begins) + seconds + 1 - instant(bench))
    calls_back_to(bench, "AXE-CALLBACK-108", after, numbers[1])


@check("AXE-CALLBACK-108")
def test_what_follows_on_the_record(bench: Bench) -> None:
    """After the record A hears callbackTone, gets the application's setting, or nothing; a new call makes a new one."""
    without_setting(bench)
    tone = bench.axe.tone()
    with_tone = bound(bench, callbackExpiredTime=1, callbackTone=tone)
    plain = bound(bench, callbackExpiredTime=1)
    callers = {binding.sub: known_caller(bench, binding) for binding in (with_tone, plain)}
    for binding in (with_tone, plain):
        bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-101", binding, callers[binding.sub]))
    # twice the time: a call-back may have renewed the record
    bench.advance(2 * HOUR + 60)
    plays(bench, "AXE-CALLBACK-108", with_tone, tone)
    ended(bench, "AXE-CALLBACK-108", reaches_nobody(bench, "AXE-CALLBACK-108", plain), 8019)
    again = known_caller(bench, plain)
    calls_back_to(bench, "AXE-CALLBACK-101", plain, again)


@check("AXE-CALLBACK-108")
def test_a_new_call_begins_a_new_life(bench: Bench) -> None:
    """The lifetime is that of the latest call: who calls again is reached for the whole time from then on."""
    binding = bound(bench, callbackExpiredTime=1)
    caller = known_caller(bench, binding)
    bench.advance(HOUR // 2)
    known_caller(bench, binding, caller)
    bench.advance(HOUR // 2 + 60)
    calls_back_to(bench, "AXE-CALLBACK-108", binding, caller)


# ── who does not call back ───────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALLBACK-109")
def test_a_on_a_fixed_line_cannot_call_back(bench: Bench) -> None:
    """A on a fixed line who dials X is refused with 8023, with a record and with callbackNum."""
    with_record = bound(bench, bench.user("fixed_line"), callbackExpiredTime=24)
    known_caller(bench, with_record, by="AXE-CALL-008")
    with_number = bound(bench, bench.user("fixed_line"), callbackNum=bench.user())
    for binding in (with_record, with_number):
        refuses_caller(bench, "AXE-CALLBACK-109", binding.a, binding.x, 8023)


def no_call_back(bench: Bench, binding: Binding, *callees: str) -> None:
    """A, whose binding has ended, dials X; claim that he reaches none of these."""
    call = entered(bench, bench.call(binding.a, binding.x), collection_seconds(bench) * PROMPTS + 1)
    ok = call.forwarded_to not in callees
    bench.claim("AXE-CALLBACK-110", ok, f"A without a binding dials X: reached {call.forwarded_to}")


@check("AXE-CALLBACK-110")
def test_unbinding_ends_the_call_back(bench: Bench) -> None:
    """After the unbind A reaches neither his former caller nor callbackNum."""
    number = bench.user()
    binding = bound(bench, callbackExpiredTime=24, callbackNum=number)
    caller = known_caller(bench, binding)
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind")
    no_call_back(bench, binding, caller, number)


@check("AXE-CALLBACK-110", needs=("calls", "clock"))
def test_expiry_ends_the_call_back(bench: Bench) -> None:
    """A second before the end of the binding A reaches his caller, a second after neither him nor callbackNum."""
    number = bench.user()
    with Moment(bench) as made:
        binding = bound(bench, bindExpiredTime=1, callbackExpiredTime=1, callbackNum=number)
    bench.advance(made.until(HOUR - 200))
    caller = known_caller(bench, binding)
    bench.advance(made.until(HOUR - 1))
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-110", binding, caller))
    bench.advance(made.until(HOUR + 1))
    no_call_back(bench, binding, caller, number)


@check("AXE-CALLBACK-111")
def test_a_new_binding_starts_without_a_record(bench: Bench) -> None:
    """Bound anew on the same X, with the same extension, A is forwarded to callbackNum."""
    binding, number = bound(bench, callbackExpiredTime=24), bench.user()
    known_caller(bench, binding)
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind")
    again = bound(bench, binding.a, binding.x, binding.extension, callbackNum=number, by="AXE-UNBIND-007")
    calls_back_to(bench, "AXE-CALLBACK-111", again, number)


@check("AXE-CALLBACK-112")
def test_who_is_called_back_sees_x(bench: Bench) -> None:
    """In a call-back, and in the transfer to callbackNum, X is shown."""
    number = bench.user()
    binding = bound(bench, callbackExpiredTime=24, callbackNum=number)
    for callee in (number, None):
        call = calls_back_to(bench, "AXE-CALLBACK-101", binding, callee or known_caller(bench, binding))
        ok = call.displayed == binding.x
        bench.claim("AXE-CALLBACK-112", ok, f"the callee sees {call.displayed}; expected X")
        bench.hang_up(call)


@check("AXE-CALLBACK-113")
def test_a_wrong_extension_makes_no_record(bench: Bench) -> None:
    """Who was not put through to A, by a wrong extension or none, is not the one whom A reaches."""
    binding = bound(bench, callbackExpiredTime=24)
    caller = known_caller(bench, binding)
    wrong = other_extension(bench, binding.extension)
    digits = [wrong] * PROMPTS
    refuses_caller(bench, "AXE-CALL-103", bench.user(), binding.x, digits=digits)
    bench.hang_up(bench.call(bench.user(), binding.x))
    bench.hang_up(calls_back_to(bench, "AXE-CALLBACK-113", binding, caller))
    other = bound(bench, x=binding.x, callbackExpiredTime=24)
    bench.hang_up(reaches(bench, "AXE-CALL-102", other))
    calls_back_to(bench, "AXE-CALLBACK-113", binding, caller)


@check("AXE-CALLBACK-113")
def test_a_wrong_extension_leaves_callback_num(bench: Bench) -> None:
    """After nobody but callers with a wrong extension A is forwarded to callbackNum."""
    number = bench.user()
    binding = bound(bench, callbackExpiredTime=24, callbackNum=number)
    digits = [other_extension(bench, binding.extension)] * PROMPTS
    refuses_caller(bench, "AXE-CALL-103", bench.user(), binding.x, digits=digits)
    calls_back_to(bench, "AXE-CALLBACK-113", binding, number)
