"""Calls to A: who is asked for what, and whom he reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    answered_call,
    bound,
    claim_caller_refused,
    claim_calls_back_to,
    claim_ended,
    claim_reaches,
    is_there,
    known_caller,
    other_extension,
    wait_for_entry,
)
from privnum.suites.runner.call_timing import collection_seconds, entry_delay, wait_for_state
from privnum.suites.runner.check import check
from privnum.suites.runner.scheduler import Moment

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

HOUR, DAY = 3600, 86400
CAUSES = [
    ("AXE-CALL-016", "busy", (8102,)),
    ("AXE-CALL-017", "no_answer", (8101, 8035)),
    ("AXE-CALL-018", "reject", (7503, 7504)),
    ("AXE-CALL-019", "powered_off", (8104,)),
    ("AXE-CALL-020", "out_of_service", (8105,)),
    ("AXE-CALL-021", "not_exist", (8100,)),
    ("AXE-CALL-005", "unreachable", (8103,)),
]


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101")
def test_n_reaches_a(context: CheckContext) -> None:
    """N dials X and the extension: he is asked for it, then reaches A, who sees X."""
    binding = bound(context)
    call = claim_reaches(context, "AXE-CALL-101", binding)
    context.claim("AXE-CALL-101", call.caller != binding.a and call.x == binding.x, "the call is another one")
    if call.played is not None:
        prompts = call.played.count("extension_prompt")
        context.claim("AXE-CALL-101", prompts == 1, f"expected one prompt for the extension, heard {call.played}")


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_n_reaches_nobody_before_he_entered_it(context: CheckContext) -> None:
    """Until the extension is entered the caller reaches nobody; then A answers and both talk."""
    binding = bound(context)
    enters = entry_delay(context, 5)
    call = context.call(context.user(), binding.x, digits=[binding.extension], digits_after=enters)
    context.claim("AXE-CALL-101", call.forwarded_to is None, f"reached {call.forwarded_to} before the extension")
    context.advance(enters - 1)
    call = context.look(call)
    ok = call.forwarded_to is None and call.state == "collecting"
    context.claim("AXE-CALL-101", ok, f"a second before the extension: {call.state}, reached {call.forwarded_to}")
    call = wait_for_state(context, call, "answered", 10)
    ok = call.forwarded_to == binding.a and call.state == "answered"
    context.claim("AXE-CALL-101", ok, f"after the extension: {call.state}, reached {call.forwarded_to}")


@check("AXE-CALL-102")
def test_each_extension_reaches_its_own_a(context: CheckContext) -> None:
    """With several extensions on X each reaches its own A, for one caller and for several."""
    bindings = [bound(context) for _ in range(4)]
    caller = context.user()
    for binding in bindings:
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding, caller))


@check("AXE-CALL-102", needs=("calls", "two_x"))
def test_one_extension_on_two_x(context: CheckContext) -> None:
    """One extension reaches on each X the A of that X."""
    extension = other_extension(context)
    for binding in [bound(context, x=context.axe.x(place), extension=extension) for place in (0, 1)]:
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))


@check("AXE-CALL-102")
def test_extensions_of_every_length(context: CheckContext) -> None:
    """Extensions of each application's number of digits reach their A."""
    for app in context.axe.apps:
        for binding in [bound(context, app=app) for _ in range(2)]:
            context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))


@check("AXE-CALL-103")
def test_a_wrong_extension(context: CheckContext) -> None:
    """An extension that is not bound, or bound on another X only, ends with 8022."""
    binding = bound(context)
    wrong = other_extension(context, binding.extension)
    digits = [wrong] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, 8022, digits=digits)
    if len(context.axe.app.numbers) > 1:
        bound(context, x=context.axe.x(1), extension=wrong)
        claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-103")
def test_an_x_without_bindings(context: CheckContext) -> None:
    """On an X without any binding every extension ends with 8022."""
    digits = [other_extension(context)] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), context.axe.x(), 8022, digits=digits)


@check("AXE-CALL-104")
def test_an_expired_extension(context: CheckContext) -> None:
    """A second before its end the extension reaches A, a second after it ends with 8022."""
    with Moment(context) as made:
        binding = bound(context, bindExpiredTime=1)
    call = context.call(context.user(), binding.x, digits=[binding.extension], digits_after=1)
    context.hang_up(wait_for_entry(context, call, 1))
    context.advance(made.until(HOUR - 3))
    context.hang_up(claim_reaches(context, "AXE-CALL-104", binding, digits_after=2))
    context.advance(made.until(HOUR + 1))
    digits = [binding.extension] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-104", context.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-104")
def test_the_binding_counts_when_the_extension_is_entered(context: CheckContext) -> None:
    """A caller who dialled X before the end and entered the extension after it ends with 8022."""
    binding = bound(context, bindExpiredTime=1)
    context.advance(HOUR - 1)
    digits = [binding.extension] * PROMPTS
    call = context.call(context.user(), binding.x, digits=digits, digits_after=2)
    claim_ended(context, "AXE-CALL-104", wait_for_state(context, call, "ended", 2 * len(digits) + 1), 8022)


@check("AXE-CALL-105")
@pytest.mark.parametrize("repeats", [0, 1, 3])
def test_no_extension_entered(context: CheckContext, repeats: int) -> None:
    """A caller who enters nothing reaches nobody and ends with 8033, however often he is asked."""
    app = context.axe.app
    if "application_settings" in context.capabilities:
        context.set_application(app, repeat_collections=repeats)
    binding = bound(context)
    call = context.call(context.user(), binding.x)
    call = wait_for_state(context, call, "forwarded", collection_seconds(context) * PROMPTS + 1)
    context.claim("AXE-CALL-105", call.forwarded_to is None, f"without an extension: reached {call.forwarded_to}")
    claim_ended(context, "AXE-CALL-105", call, 8033)


@check("AXE-CALL-106")
def test_hanging_up_before_the_extension(context: CheckContext) -> None:
    """Who hangs up while he is asked for the extension ends the call with 7516."""
    binding = bound(context)
    call = context.call(context.user(), binding.x)
    claim_ended(context, "AXE-CALL-106", context.hang_up(call), 7516)


@check("AXE-CALL-106", needs=("calls", "clock"))
def test_hanging_up_by_himself(context: CheckContext) -> None:
    """So does who hangs up after some seconds, a second before he would have entered it."""
    binding = bound(context)
    digits = [binding.extension]
    enters = max(2, entry_delay(context, 5))
    call = context.call(context.user(), binding.x, digits=digits, digits_after=enters, caller_hangs_up_after=enters - 1)
    context.advance(10)
    call = context.look(call)
    context.claim(
        "AXE-CALL-106", call.forwarded_to is None, f"hung up before the extension: reached {call.forwarded_to}"
    )
    claim_ended(context, "AXE-CALL-106", call, 7516)


# ── repeats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-107")
@pytest.mark.parametrize("repeats", [0, 1, 2])
def test_repeats_are_the_applications_setting(context: CheckContext, repeats: int) -> None:
    """After a wrong extension the caller is asked again as often as it is set; the last time is good enough."""
    context.set_application(context.axe.app, repeat_collections=repeats)
    binding = bound(context)
    wrong = other_extension(context, binding.extension)
    for failures in range(repeats + 1):
        digits = [wrong] * failures + [binding.extension]
        call = wait_for_entry(context, context.call(context.user(), binding.x, digits=digits), 2 * len(digits))
        message = f"{failures} wrong extensions of {repeats} repeats, then the right one: reached {call.forwarded_to}"
        context.claim("AXE-CALL-107", call.forwarded_to == binding.a, f"{message}, {call.state} {call.release_cause}")
        context.hang_up(call)
    digits = [wrong] * (repeats + 1) + [binding.extension]
    call = wait_for_entry(context, context.call(context.user(), binding.x, digits=digits), 2 * len(digits) + 10)
    context.claim("AXE-CALL-107", call.forwarded_to is None, f"asked more than {plural(repeats, 'time')} again")
    claim_ended(context, "AXE-CALL-107", call, 8022)


@check("AXE-CALL-107")
def test_a_caller_is_not_given_up_before_his_last_repeat(context: CheckContext) -> None:
    """With one repeat a caller is still asked after the first wrong extension, and given up after the second."""
    context.set_application(context.axe.app, repeat_collections=1)
    binding = bound(context)
    wrong = other_extension(context, binding.extension)
    call = context.call(context.user(), binding.x, digits=[wrong, wrong])
    context.advance(3)
    state = context.look(call).state
    context.claim("AXE-CALL-107", state == "collecting", f"after the first wrong extension: expected asked, is {state}")
    claim_ended(context, "AXE-CALL-107", wait_for_state(context, call, "ended", 2), 8022)


@check("AXE-CALL-001")
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_a_binding_outlives_its_calls(context: CheckContext, behaviour: str) -> None:
    """After calls to A, answered or not, the binding is there and the next caller reaches A."""
    binding = bound(context)
    for _ in range(2):
        answered_call(context, binding, behaviour=behaviour)
        is_there(context, "AXE-CALL-001", binding, f"after a call that ended ({behaviour})")
        context.hang_up(claim_reaches(context, "AXE-CALL-001", binding))


# ── fixed lines ──────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A call from a fixed line is refused with 8023, be it A or not, at the latest when it entered an extension."""
    binding = bound(context, context.user("fixed_line"))
    claim_caller_refused(context, "AXE-CALL-007", binding.a, binding.x, 8023)
    call = context.call(context.user("fixed_line"), binding.x)
    if call.state == "collecting":
        context.hang_up(call)
    else:
        claim_ended(context, "AXE-CALL-007", call, 8023)
    digits = [binding.extension]
    claim_caller_refused(context, "AXE-CALL-007", context.user("fixed_line"), binding.x, 8023, digits=digits)


@check("AXE-CALL-008")
def test_a_on_a_fixed_line_is_reached(context: CheckContext) -> None:
    """A on a fixed line is reached through X and the extension."""
    context.hang_up(claim_reaches(context, "AXE-CALL-008", bound(context, context.user("fixed_line"))))


# ── running calls ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-009", needs=("calls", "clock"))
def test_unbind_does_not_cut_a_call(context: CheckContext) -> None:
    """A call goes on when its binding is unbound, a ringing one too; the next one is refused."""
    _outlives_its_binding(context, "AXE-CALL-009", "unbind")


@check("AXE-CALL-010")
def test_expiry_does_not_cut_a_call(context: CheckContext) -> None:
    """A call goes on when its binding expires; the next one is refused."""
    _outlives_its_binding(context, "AXE-CALL-010", "expiry")


def _outlives_its_binding(context: CheckContext, rule: str, by: str) -> None:
    binding = bound(context, bindExpiredTime=1, callbackExpiredTime=1)
    known_caller(context, binding)
    if by == "expiry":
        context.advance(HOUR - 30)
    talking = wait_for_state(
        context, claim_reaches(context, rule, binding, ring_after=1, answer_after=1), "answered", 5
    )
    ringing = claim_reaches(context, rule, binding, ring_after=1, answer_after=60)
    if by == "unbind":
        claim_success(
            context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=binding.sub), "unbind while calls run"
        )
    context.advance(40)
    calls = (talking, ringing) if by == "unbind" else (talking,)
    for call in calls:
        state = context.look(call).state
        context.claim(rule, state != "ended", f"the {by} cut a call")
    context.advance(30)
    for call in calls:
        state = wait_for_state(context, call, "answered", 0).state
        context.claim(rule, state == "answered", f"after the {by}: expected answered, the call is {state}")
    digits = [binding.extension] * PROMPTS
    claim_caller_refused(context, rule, context.user(), binding.x, digits=digits)


@check("AXE-CALL-012")
def test_no_limit_of_length(context: CheckContext) -> None:
    """A call to A and a call-back are still up after days, until a side hangs up."""
    binding = bound(context, bindExpiredTime=0, callbackExpiredTime=24)
    caller = known_caller(context, binding)
    calls = [
        claim_calls_back_to(context, "AXE-CALLBACK-101", binding, caller),
        claim_reaches(context, "AXE-CALL-012", binding),
    ]
    context.advance(30 * DAY)
    for call in calls:
        state = context.look(call).state
        context.claim("AXE-CALL-012", state == "answered", f"after 30 days: expected answered, the call is {state}")
        claim_ended(context, "AXE-CALL-013", context.hang_up(call), 0)


def _ends_with(requirement: str, behaviour: str, causes: tuple[int, ...]) -> Any:
    @check(requirement, needs=("calls", "clock"))
    def ends(context: CheckContext) -> None:
        """A call that the callee does not take ends with the cause of its kind, to A and when A calls back."""
        binding = bound(context, callbackExpiredTime=24)
        known_caller(context, binding)
        for call in (
            context.call(context.user(), binding.x, behaviour=behaviour, digits=[binding.extension]),
            context.call(binding.a, binding.x, behaviour=behaviour),
        ):
            context.advance(200)
            came = context.look(call)
            context.claim(requirement, came.forwarded_to is not None, f"the call of {call.caller} was not forwarded")
            claim_ended(context, requirement, came, *causes)

    return ends


test_busy, test_no_answer, test_reject, test_powered_off, test_out_of_service, test_not_exist, test_unreachable = (
    _ends_with(*row) for row in CAUSES
)


@check("AXE-CALL-006", needs=("calls", "clock"))
def test_no_connection_in_90_seconds(context: CheckContext) -> None:
    """A callee's network that says nothing: the platform gives up about 90 seconds after the transfer, with 8035."""
    call = claim_reaches(context, "AXE-CALL-006", bound(context), behaviour="silent")
    context.advance(80)
    state = context.look(call).state
    context.claim("AXE-CALL-006", state != "ended", "the platform gave up within 80 seconds")
    context.advance(20)
    claim_ended(context, "AXE-CALL-006", context.look(call), 8035)


def _hung_up_when(requirement: str, state: str, seconds: int, cause: int) -> Any:
    @check(requirement, needs=("calls", "clock"))
    def hung_up(context: CheckContext) -> None:
        """Who gives up before A rings ends with 7501, while A rings with 7502, after the answer with 0."""
        call = claim_reaches(context, requirement, bound(context), ring_after=10, answer_after=10)
        call = wait_for_state(context, call, state, seconds)
        claim_ended(context, requirement, context.hang_up(call), cause)

    return hung_up


test_caller_gives_up_before_it_rings = _hung_up_when("AXE-CALL-014", "forwarded", 1, 7501)
test_caller_gives_up_while_it_rings = _hung_up_when("AXE-CALL-015", "alerting", 12, 7502)
test_caller_hangs_up_after_the_answer = _hung_up_when("AXE-CALL-013", "answered", 30, 0)


@check("AXE-CALL-013", needs=("calls", "clock"))
def test_the_callee_hangs_up(context: CheckContext) -> None:
    """A who hangs up after the answer ends the call with 0."""
    for by_himself in (True, False):
        plan: dict[str, Any] = {"hang_up_after": 20} if by_himself else {}
        call = wait_for_state(context, claim_reaches(context, "AXE-CALL-013", bound(context), **plan), "answered", 10)
        call = wait_for_state(context, call, "ended", 20) if by_himself else context.hang_up(call, "callee")
        claim_ended(context, "AXE-CALL-013", call, 0)


# ── X ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-003")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_calls(context: CheckContext, status: str) -> None:
    """While X is suspended or unavailable calls are refused with 8055; afterwards they go through again."""
    binding = bound(context, callbackExpiredTime=24)
    caller = known_caller(context, binding)
    context.set_number(binding.x, status)
    claim_caller_refused(context, "AXE-CALL-003", context.user(), binding.x, 8055, digits=[binding.extension])
    claim_caller_refused(context, "AXE-CALL-003", binding.a, binding.x, 8055)
    context.set_number(binding.x, "5")
    context.hang_up(claim_calls_back_to(context, "AXE-CALL-003", binding, caller))
    context.hang_up(claim_reaches(context, "AXE-CALL-003", binding))


@check("AXE-CALL-004")
def test_a_frozen_x_keeps_its_calls(context: CheckContext) -> None:
    """While X is frozen for binding A is reached and reaches his caller."""
    binding = bound(context, callbackExpiredTime=24)
    context.set_number(binding.x, "11")
    caller = known_caller(context, binding, by="AXE-CALL-004")
    context.hang_up(claim_calls_back_to(context, "AXE-CALL-004", binding, caller))


@check("AXE-CALL-002")
def test_a_frozen_tenant_has_no_calls(context: CheckContext) -> None:
    """While the tenant is frozen calls to A and of A end with 7108; afterwards they go as before."""
    binding = bound(context, callbackExpiredTime=24)
    caller = known_caller(context, binding)
    context.set_application(context.axe.app, status="frozen")
    claim_caller_refused(context, "AXE-CALL-002", context.user(), binding.x, 7108, digits=[binding.extension])
    claim_caller_refused(context, "AXE-CALL-002", binding.a, binding.x, 7108)
    context.set_application(context.axe.app, status="normal")
    context.hang_up(claim_calls_back_to(context, "AXE-CALL-002", binding, caller))
    context.hang_up(claim_reaches(context, "AXE-CALL-002", binding))


@check("AXE-CALL-109")
def test_a_is_a_on_his_own_x_only(context: CheckContext) -> None:
    """A who dials another X is asked for the extension and reaches its A."""
    own = bound(context, callbackExpiredTime=24, callbackNum=context.user())
    known_caller(context, own)
    other = bound(context, x=context.axe.x(1))
    context.hang_up(claim_reaches(context, "AXE-CALL-109", other, own.a))
    digits = [other_extension(context, other.extension)] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-109", own.a, other.x, 8022, digits=digits)
