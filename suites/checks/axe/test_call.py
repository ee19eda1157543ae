"""Calls to A: who is asked for what, and whom he reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.checks.axe.scenarios import (
    PROMPTS,
    bind_users,
    claim_caller_refused,
    claim_ended,
    claim_reaches,
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


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-101")
def test_n_reaches_a(context: CheckContext) -> None:
    """N dials X and the extension.

    He is asked for it, then reaches A, who sees X.
    """
    binding = bind_users(context)
    call = claim_reaches(context, "AXE-CALL-101", binding)
    context.claim("AXE-CALL-101", call.caller != binding.a and call.x == binding.x, "the call is another one")
    if call.played is not None:
        prompts = call.played.count("extension_prompt")
        context.claim("AXE-CALL-101", prompts == 1, f"expected one prompt for the extension, heard {call.played}")


@check("AXE-CALL-101", needs=("calls", "clock"))
def test_n_reaches_nobody_before_he_entered_it(context: CheckContext) -> None:
    """Until the extension is entered the caller reaches nobody.

    Then A answers and both talk.
    """
    binding = bind_users(context)
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
    """Each extension on X reaches its own A.

    For one caller and for several.
    """
    bindings = [bind_users(context) for _ in range(4)]
    caller = context.user()
    for binding in bindings:
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding, caller))


@check("AXE-CALL-102", needs=("calls", "two_x"))
def test_one_extension_on_two_x(context: CheckContext) -> None:
    """One extension reaches on each X the A of that X."""
    extension = other_extension(context)
    for binding in [bind_users(context, x=context.axe.x(place), extension=extension) for place in (0, 1)]:
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))


@check("AXE-CALL-102")
def test_extensions_of_every_length(context: CheckContext) -> None:
    """Extensions of each application's number of digits reach their A."""
    for app in context.axe.apps:
        for binding in [bind_users(context, app=app) for _ in range(2)]:
            context.hang_up(claim_reaches(context, "AXE-CALL-102", binding))


@check("AXE-CALL-103")
def test_a_wrong_extension(context: CheckContext) -> None:
    """An extension that is not bound on this X ends with 8022.

    Not bound at all, or on another X only.
    """
    binding = bind_users(context)
    wrong = other_extension(context, binding.extension)
    digits = [wrong] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, 8022, digits=digits)
    if len(context.axe.app.numbers) > 1:
        bind_users(context, x=context.axe.x(1), extension=wrong)
        claim_caller_refused(context, "AXE-CALL-103", context.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-103")
def test_an_x_without_bindings(context: CheckContext) -> None:
    """On an X without any binding every extension ends with 8022."""
    digits = [other_extension(context)] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-103", context.user(), context.axe.x(), 8022, digits=digits)


@check("AXE-CALL-104")
def test_an_expired_extension(context: CheckContext) -> None:
    """An extension reaches A before its end, and ends with 8022 after.

    A second before, a second after.
    """
    with Moment(context) as made:
        binding = bind_users(context, bindExpiredTime=1)
    call = context.call(context.user(), binding.x, digits=[binding.extension], digits_after=1)
    context.hang_up(wait_for_entry(context, call, 1))
    context.advance(made.until(HOUR - 3))
    context.hang_up(claim_reaches(context, "AXE-CALL-104", binding, digits_after=2))
    context.advance(made.until(HOUR + 1))
    digits = [binding.extension] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-104", context.user(), binding.x, 8022, digits=digits)


@check("AXE-CALL-104")
def test_the_binding_counts_when_the_extension_is_entered(context: CheckContext) -> None:
    """An extension that ended after X was dialled ends with 8022."""
    binding = bind_users(context, bindExpiredTime=1)
    context.advance(HOUR - 1)
    digits = [binding.extension] * PROMPTS
    call = context.call(context.user(), binding.x, digits=digits, digits_after=2)
    claim_ended(context, "AXE-CALL-104", wait_for_state(context, call, "ended", 2 * len(digits) + 1), 8022)


@check("AXE-CALL-105")
@pytest.mark.parametrize("repeats", [0, 1, 3])
def test_no_extension_entered(context: CheckContext, repeats: int) -> None:
    """A caller who enters nothing gets 8033, however often he is asked."""
    app = context.axe.app
    if "application_settings" in context.capabilities:
        context.set_application(app, repeat_collections=repeats)
    binding = bind_users(context)
    call = context.call(context.user(), binding.x)
    call = wait_for_state(context, call, "forwarded", collection_seconds(context) * PROMPTS + 1)
    context.claim("AXE-CALL-105", call.forwarded_to is None, f"without an extension: reached {call.forwarded_to}")
    claim_ended(context, "AXE-CALL-105", call, 8033)


@check("AXE-CALL-106")
def test_hanging_up_before_the_extension(context: CheckContext) -> None:
    """Who hangs up while asked for the extension gets 7516."""
    binding = bind_users(context)
    call = context.call(context.user(), binding.x)
    claim_ended(context, "AXE-CALL-106", context.hang_up(call), 7516)


@check("AXE-CALL-106", needs=("calls", "clock"))
def test_hanging_up_by_himself(context: CheckContext) -> None:
    """So does who hangs up himself a second before he would enter it."""
    binding = bind_users(context)
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
    """After a wrong extension the caller is asked again as often as it is set.

    The last time is good enough.
    """
    context.set_application(context.axe.app, repeat_collections=repeats)
    binding = bind_users(context)
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
    """With one repeat a caller is asked twice, and then given up."""
    context.set_application(context.axe.app, repeat_collections=1)
    binding = bind_users(context)
    wrong = other_extension(context, binding.extension)
    call = context.call(context.user(), binding.x, digits=[wrong, wrong])
    context.advance(3)
    state = context.look(call).state
    context.claim("AXE-CALL-107", state == "collecting", f"after the first wrong extension: expected asked, is {state}")
    claim_ended(context, "AXE-CALL-107", wait_for_state(context, call, "ended", 2), 8022)


# ── fixed lines ──────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-007")
def test_a_fixed_line_never_calls(context: CheckContext) -> None:
    """A call from a fixed line is refused with 8023.

    Be it A or not, at the latest when it entered an extension.
    """
    binding = bind_users(context, context.user("fixed_line"))
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
    context.hang_up(claim_reaches(context, "AXE-CALL-008", bind_users(context, context.user("fixed_line"))))


# ── X ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("AXE-CALL-109")
def test_a_is_a_on_his_own_x_only(context: CheckContext) -> None:
    """A who dials another X is asked for the extension and reaches its A."""
    own = bind_users(context, callbackExpiredTime=24, callbackNum=context.user())
    known_caller(context, own)
    other = bind_users(context, x=context.axe.x(1))
    context.hang_up(claim_reaches(context, "AXE-CALL-109", other, own.a))
    digits = [other_extension(context, other.extension)] * PROMPTS
    claim_caller_refused(context, "AXE-CALL-109", own.a, other.x, 8022, digits=digits)
