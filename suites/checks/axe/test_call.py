"""Calls to A: who is asked for what, and whom he reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import succeeds
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    answered,
    bound,
    calls_back_to,
    ended,
    entered,
    is_there,
    known_caller,
    other_extension,
    reaches,
    refuses_caller,
)
from privnum.suites.runner.call_timing import collection_seconds, entry_delay, reached
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench

HOUR, DAY = 3600, 86400
CAUSES: list[tuple[str, tuple[int, ...]]] = [
    ("busy", (8102,)),
    ("no_answer", (8101, 8035)),
    ("reject", (7503, 7504)),
    ("powered_off", (8104,)),
    ("out_of_service", (8105,)),
    ("not_exist", (8100,)),
    ("unreachable", (8103,)),
]


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101")
def test_n_reaches_a(bench: Bench) -> None:
    """N dials X and the extension: he is asked for it, then reaches A, who sees X."""
    binding = bound(bench)
    call = reaches(bench, "AXE-CALL-101", binding)
    bench.claim("AXE-CALL-101", call.caller != binding.a and call.x == binding.x, "the call is another one")
    if call.played is not None:
        prompts = call.played.count("extension_prompt")
        bench.claim("AXE-CALL-101", prompts == 1, f"expected one prompt for the extension, heard {call.played}")


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_n_reaches_nobody_before_he_entered_it(bench: Bench) -> None:
    """Until the extension is entered the caller reaches nobody; then A answers and both talk."""
    binding = bound(bench)
    enters = entry_delay(bench, 5)
    call = bench.call(bench.user(), binding.x, digits=[binding.extension], digits_after=enters)
    bench.claim("AXE-CALL-101", call.forwarded_to is None, f"reached {call.forwarded_to} before the extension")
    bench.advance(enters - 1)
    call = bench.look(call)
    ok = call.forwarded_to is None and call.state == "collecting"
    bench.claim("AXE-CALL-101", ok, f"a second before the extension: {call.state}, reached {call.forwarded_to}")
    call = reached(bench, call, "answered", 10)
    ok = call.forwarded_to == binding.a and call.state == "answered"
    bench.claim("AXE-CALL-101", ok, f"after the extension: {call.state}, reached {call.forwarded_to}")


@check("AXE-CALL-102")
def test_each_extension_reaches_its_own_a(bench: Bench) -> None:
    """With several extensions on X each reaches its own A, for one caller and for several."""
    bindings = [bound(bench) for _ in range(4)]
    caller = bench.user()
    for binding in bindings:
        bench.hang_up(reaches(bench, "AXE-CALL-102", binding))
        bench.hang_up(reaches(bench, "AXE-CALL-102", binding, caller))


@check("AXE-CALL-102", needs=("calls", "two_x"))
def test_one_extension_on_two_x(bench: Bench) -> None:
    """One extension reaches on each X the A of that X."""
    extension = other_extension(bench)
    for binding in [bound(bench, x=bench.axe.x(place), extension=extension) for place in (0, 1)]:
        bench.hang_up(reaches(bench, "AXE-CALL-102", binding))


@check("AXE-CALL-102")
def test_extensions_of_every_length(bench: Bench) -> None:
    """Extensions of each application's number of digits reach their A."""
    for app in bench.axe.apps:
        for binding in [bound(bench, app=app) for _ in range(2)]:
            bench.hang_up(reaches(bench, "AXE-CALL-102", binding))


@check("AXE-CALL-103")
def test_a_wrong_extension(bench: Bench) -> None:
    """An extension that is not bound, or bound on another X only, ends with 8022."""
    binding = bound(bench)
    wrong = other_extension(bench, binding.extension)
    digits = [wrong] * PROMPTS
    refuses_caller(bench, "AXE-CALL-103", bench.user(), binding.x, 8022, digits=digits)
    if len(bench.axe.app.numbers) > 1:
        bound(bench, x=bench.axe.x(1), extension=wrong)
        refuses_caller(bench, "AXE-CALL-103", bench.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-103")
def test_an_x_without_bindings(bench: Bench) -> None:
    """On an X without any binding every extension ends with 8022."""
    digits = [other_extension(bench)] * PROMPTS
    refuses_caller(bench, "AXE-CALL-103", bench.user(), bench.axe.x(), 8022, digits=digits)


@check("AXE-CALL-104")
def test_an_expired_extension(bench: Bench) -> None:
    """A second before its end the extension reaches A, a second after it ends with 8022."""
    with Moment(bench) as made:
        binding = bound(bench, bindExpiredTime=1)
    call = bench.call(bench.user(), binding.x, digits=[binding.extension], digits_after=1)
    bench.hang_up(entered(bench, call, 1))
    bench.advance(made.until(HOUR - 3))
    bench.hang_up(reaches(bench, "AXE-CALL-104", binding, digits_after=2))
    bench.advance(made.until(HOUR + 1))
    digits = [binding.extension] * PROMPTS
    refuses_caller(bench, "AXE-CALL-104", bench.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-104")
def test_the_binding_counts_when_the_extension_is_entered(bench: Bench) -> None:
    """A caller who dialled X before the end and entered the extension after it ends with 8022."""
    binding = bound(bench, bindExpiredTime=1)
    bench.advance(HOUR - 1)
    digits = [binding.extension] * PROMPTS
    call = bench.call(bench.user(), binding.x, digits=digits, digits_after=2)
    ended(bench, "AXE-CALL-104", reached(bench, call, "ended", 2 * len(digits) + 1), 8022)


@check("AXE-CALL-105")
@pytest.mark.parametrize("repeats", [0, 1, 3])
def test_no_extension_entered(bench: Bench, repeats: int) -> None:
    """A caller who enters nothing reaches nobody and ends with 8033, however often he is asked."""
    app = bench.axe.app
    if "application_settings" in bench.capabilities:
        bench.set_application(app, repeat_collections=repeats)
    binding = bound(bench)
    call = bench.call(bench.user(), binding.x)
    call = reached(bench, call, "forwarded", collection_seconds(bench) * PROMPTS + 1)
    bench.claim("AXE-CALL-105", call.forwarded_to is None, f"without an extension: reached {call.forwarded_to}")
    ended(bench, "AXE-CALL-105", call, 8033)


@check("AXE-CALL-106")
def test_hanging_up_before_the_extension(bench: Bench) -> None:
    """Who hangs up while he is asked for the extension ends the call with 7516."""
    binding = bound(bench)
    call = bench.call(bench.user(), binding.x)
    ended(bench, "AXE-CALL-106", bench.hang_up(call), 7516)


@check("AXE-CALL-106", needs=("calls", "clock"))
def test_hanging_up_by_himself(bench: Bench) -> None:
    """So does who hangs up after some seconds, a second before he would have entered it."""
    binding = bound(bench)
    digits = [binding.extension]
    enters = max(2, entry_delay(bench, 5))
    call = bench.call(bench.user(), binding.x, digits=digits, digits_after=enters, caller_hangs_up_after=enters - 1)
    bench.advance(10)
    call = bench.look(call)
    bench.claim("AXE-CALL-106", call.forwarded_to is None, f"hung up before the extension: reached {call.forwarded_to}")
    ended(bench, "AXE-CALL-106", call, 7516)


# ── repeats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-107")
@pytest.mark.parametrize("repeats", [0, 1, 2])
def test_repeats_are_the_applications_setting(bench: Bench, repeats: int) -> None:
    """After a wrong extension the caller is asked again as often as it is set; the last time is good enough."""
    bench.set_application(bench.axe.app, repeat_collections=repeats)
    binding = bound(bench)
    wrong = other_extension(bench, binding.extension)
    for failures in range(repeats + 1):
        digits = [wrong] * failures + [binding.extension]
        call = entered(bench, bench.call(bench.user(), binding.x, digits=digits), 2 * len(digits))
        message = f"{failures} wrong extensions of {repeats} repeats, then the right one: reached {call.forwarded_to}"
        bench.claim("AXE-CALL-107", call.forwarded_to == binding.a, f"{message}, {call.state} {call.release_cause}")
        bench.hang_up(call)
    digits = [wrong] * (repeats + 1) + [binding.extension]
    call = entered(bench, bench.call(bench.user(), binding.x, digits=digits), 2 * len(digits) + 10)
    bench.claim("AXE-CALL-107", call.forwarded_to is None, f"asked more than {repeats} times again")
    ended(bench, "AXE-CALL-107", call, 8022)


@check("AXE-CALL-107")
def test_a_caller_is_not_given_up_before_his_last_repeat(bench: Bench) -> None:
    """With one repeat a caller is still asked after the first wrong extension, and given up after the second."""
    bench.set_application(bench.axe.app, repeat_collections=1)
    binding = bound(bench)
    wrong = other_extension(bench, binding.extension)
    call = bench.call(bench.user(), binding.x, digits=[wrong, wrong])
    bench.advance(3)
    state = bench.look(call).state
    bench.claim("AXE-CALL-107", state == "collecting", f"after the first wrong extension: expected asked, is {state}")
    ended(bench, "AXE-CALL-107", reached(bench, call, "ended", 2), 8022)


@check("AXE-CALL-001")
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_a_binding_outlives_its_calls(bench: Bench, behaviour: str) -> None:
    """After calls to A, answered or not, the binding is there and the next caller reaches A."""
    binding = bound(bench)
    for _ in range(2):
        answered(bench, binding, behaviour=behaviour)
        is_there(bench, "AXE-CALL-001", binding, f"after a call that ended ({behaviour})")
        bench.hang_up(reaches(bench, "AXE-CALL-001", binding))


# ── fixed lines ──────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-007")
def test_a_fixed_line_never_calls(bench: Bench) -> None:
    """A call from a fixed line is refused with 8023, be it A or not, at the latest when it entered an extension."""
    binding = bound(bench, bench.user("fixed_line"))
    refuses_caller(bench, "AXE-CALL-007", binding.a, binding.x, 8023)
    call = bench.call(bench.user("fixed_line"), binding.x)
    if call.state == "collecting":
        bench.hang_up(call)
    else:
        ended(bench, "AXE-CALL-007", call, 8023)
    digits = [binding.extension]
    refuses_caller(bench, "AXE-CALL-007", bench.user("fixed_line"), binding.x, 8023, digits=digits)


@check("AXE-CALL-008")
def test_a_on_a_fixed_line_is_reached(bench: Bench) -> None:
    """A on a fixed line is reached through X and the extension."""
    bench.hang_up(reaches(bench, "AXE-CALL-008", bound(bench, bench.user("fixed_line"))))


# ── running calls ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-009")
@pytest.mark.parametrize("by", ["unbind", "expiry"])
def test_unbind_and_expiry_do_not_cut_a_call(bench: Bench, by: str) -> None:
    """A call goes on when its binding ends, a ringing one when it is unbound; the next one is refused."""
    binding = bound(bench, bindExpiredTime=1, callbackExpiredTime=1)
    known_caller(bench, binding)
    if by == "expiry":
        bench.advance(HOUR - 30)
    talking = reached(bench, reaches(bench, "AXE-CALL-009", binding, ring_after=1, answer_after=1), "answered", 5)
    ringing = reaches(bench, "AXE-CALL-009", binding, ring_after=1, answer_after=60)
    if by == "unbind":
        succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=binding.sub), "unbind while calls run")
    bench.advance(40)
    calls = (talking, ringing) if by == "unbind" else (talking,)
    for call in calls:
        state = bench.look(call).state
        bench.claim("AXE-CALL-009", state != "ended", f"the {by} cut a call")
    bench.advance(30)
    for call in calls:
        state = reached(bench, call, "answered", 0).state
        bench.claim("AXE-CALL-009", state == "answered", f"after the {by}: expected answered, the call is {state}")
    digits = [binding.extension] * PROMPTS
    refuses_caller(bench, "AXE-CALL-009", bench.user(), binding.x, digits=digits)


@check("AXE-CALL-012")
def test_no_limit_of_length(bench: Bench) -> None:
    """A call to A and a call-back are still up after days, until a side hangs up."""
    binding = bound(bench, bindExpiredTime=0, callbackExpiredTime=24)
    caller = known_caller(bench, binding)
    calls = [calls_back_to(bench, "AXE-CALLBACK-101", binding, caller), reaches(bench, "AXE-CALL-012", binding)]
    bench.advance(30 * DAY)
    for call in calls:
        state = bench.look(call).state
        bench.claim("AXE-CALL-012", state == "answered", f"after 30 days: expected answered, the call is {state}")
        ended(bench, "AXE-CALL-108", bench.hang_up(call), 0)


@check("AXE-CALL-108")
@pytest.mark.parametrize(("behaviour", "causes"), CAUSES, ids=[row[0] for row in CAUSES])
def test_the_ways_a_call_can_fail(bench: Bench, behaviour: str, causes: tuple[int, ...]) -> None:
    """A call that the callee does not take ends with the cause of its kind, to A and when A calls back."""
    binding = bound(bench, callbackExpiredTime=24)
    known_caller(bench, binding)
    for call in (
        bench.call(bench.user(), binding.x, behaviour=behaviour, digits=[binding.extension]),
        bench.call(binding.a, binding.x, behaviour=behaviour),
    ):
        bench.advance(200)
        came = bench.look(call)
        bench.claim("AXE-CALL-108", came.forwarded_to is not None, f"the call of {call.caller} was not forwarded")
        ended(bench, "AXE-CALL-108", came, *causes)


@check("AXE-CALL-108")
def test_no_connection_in_90_seconds(bench: Bench) -> None:
    """A callee's network that says nothing: the platform gives up about 90 seconds after the transfer, with 8035."""
    call = reaches(bench, "AXE-CALL-108", bound(bench), behaviour="silent")
    bench.advance(80)
    state = bench.look(call).state
    bench.claim("AXE-CALL-108", state != "ended", "the platform gave up within 80 seconds")
    bench.advance(20)
    ended(bench, "AXE-CALL-108", bench.look(call), 8035)


@check("AXE-CALL-108")
@pytest.mark.parametrize(
    ("state", "seconds", "cause"), [("forwarded", 1, 7501), ("alerting", 12, 7502), ("answered", 30, 0)]
)
def test_the_caller_hangs_up(bench: Bench, state: str, seconds: int, cause: int) -> None:
    """Who gives up before A rings ends with 7501, while A rings with 7502, after the answer with 0."""
    call = reaches(bench, "AXE-CALL-108", bound(bench), ring_after=10, answer_after=10)
    call = reached(bench, call, state, seconds)
    ended(bench, "AXE-CALL-108", bench.hang_up(call), cause)


@check("AXE-CALL-108")
def test_the_callee_hangs_up(bench: Bench) -> None:
    """A who hangs up after the answer ends the call with 0."""
    for by_himself in (True, False):
        plan: dict[str, Any] = {"hang_up_after": 20} if by_himself else {}
        call = reached(bench, reaches(bench, "AXE-CALL-108", bound(bench), **plan), "answered", 10)
        call = reached(bench, call, "ended", 20) if by_himself else bench.hang_up(call, "callee")
        ended(bench, "AXE-CALL-108", call, 0)


# ── X ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-003")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_calls(bench: Bench, status: str) -> None:
    """While X is suspended or unavailable calls are refused with 8055; afterwards they go through again."""
    binding = bound(bench, callbackExpiredTime=24)
    caller = known_caller(bench, binding)
    bench.set_number(binding.x, status)
    refuses_caller(bench, "AXE-CALL-003", bench.user(), binding.x, 8055, digits=[binding.extension])
    refuses_caller(bench, "AXE-CALL-003", binding.a, binding.x, 8055)
    bench.set_number(binding.x, "5")
    bench.hang_up(calls_back_to(bench, "AXE-CALL-003", binding, caller))
    bench.hang_up(reaches(bench, "AXE-CALL-003", binding))


@check("AXE-CALL-003")
def test_a_frozen_x_keeps_its_calls(bench: Bench) -> None:
    """While X is frozen for binding A is reached and reaches his caller."""
    binding = bound(bench, callbackExpiredTime=24)
    bench.set_number(binding.x, "11")
    caller = known_caller(bench, binding, by="AXE-CALL-003")
    bench.hang_up(calls_back_to(bench, "AXE-CALL-003", binding, caller))


@check("AXE-CALL-002")
def test_a_frozen_tenant_has_no_calls(bench: Bench) -> None:
    """While the tenant is frozen calls to A and of A end with 7108; afterwards they go as before."""
    binding = bound(bench, callbackExpiredTime=24)
    caller = known_caller(bench, binding)
    bench.set_application(bench.axe.app, status="frozen")
    refuses_caller(bench, "AXE-CALL-002", bench.user(), binding.x, 7108, digits=[binding.extension])
    refuses_caller(bench, "AXE-CALL-002", binding.a, binding.x, 7108)
    bench.set_application(bench.axe.app, status="normal")
    bench.hang_up(calls_back_to(bench, "AXE-CALL-002", binding, caller))
    bench.hang_up(reaches(bench, "AXE-CALL-002", binding))


@check("AXE-CALL-109")
def test_a_is_a_on_his_own_x_only(bench: Bench) -> None:
    """A who dials another X is asked for the extension and reaches its A."""
    own = bound(bench, callbackExpiredTime=24, callbackNum=bench.user())
    known_caller(bench, own)
    other = bound(bench, x=bench.axe.x(1))
    bench.hang_up(reaches(bench, "AXE-CALL-109", other, own.a))
    digits = [other_extension(bench, other.extension)] * PROMPTS
    refuses_caller(bench, "AXE-CALL-109", own.a, other.x, 8022, digits=digits)
