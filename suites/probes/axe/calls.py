"""AXE calls: the extension, call-backs and their records, events and CDRs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import completed_call
from privnum.suites.checks.axe.scenarios import PROMPTS
from privnum.suites.probes.axe.fixtures import (
    completed_extension_call,
    reached_word,
    require_binding,
    wrong_digits,
)
from privnum.suites.probes.fixtures import cdr_of, one
from privnum.suites.runner.call_timing import collection_seconds
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

HOUR, MINUTE = 3600, 60
SILENT = 10 * PROMPTS + 1
"""Seconds in which a caller who enters nothing was surely asked for the last time."""
TIMED = ("calls", "clock")
PUSHED = (*TIMED, "receiver")
REPEATING = (*TIMED, "application_settings")
EXTENSION = ("extendNumber", "extendNum")


def asked_again(context: CheckContext, *digits: str, **plan: Any) -> CallView:
    """A finished call to X with one binding and one repeat.

    "right" stands for its extension, "wrong" for another.
    """
    context.set_application(context.axe.app, repeat_collections=1)
    binding = require_binding(context)
    words = {"right": binding.extension, "wrong": wrong_digits(context, binding)}
    entries = [words.get(word, word) for word in digits]
    return completed_call(context, context.user(), binding.x, digits=entries, hang_up_after=5, seconds=60, **plan)


def collected_digits(context: CheckContext, call: CallView) -> list[str]:
    """The digits of its collectInfo events."""
    return [str(push.info.get("digitInfo", "")) for push in context.events(call) if push.event_type == "collectInfo"]


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.repeats_of_silence", needs=REPEATING)
def repeats_of_silence(context: CheckContext) -> str:
    """A silent caller, half-way through a second collection.

    His application repeats once.
    """
    context.set_application(context.axe.app, repeat_collections=1)
    call = context.call(context.user(), require_binding(context).x)
    first = collection_seconds(context)
    context.advance(first + max(1, first // 2))
    state = context.look(call).state
    return {"collecting": "yes", "ended": "no"}.get(state, state)


@probe("axe.no_extension_announcement", needs=TIMED)
def no_extension_announcement(context: CheckContext) -> str:
    """What the driver says that a caller heard last who entered nothing."""
    call = completed_call(context, context.user(), require_binding(context).x, seconds=SILENT)
    if call.played is None:
        raise CannotSettle("the driver does not report what callers hear")
    return call.played[-1] if call.played else "nothing"


@probe("axe.fixed_line_refusal", needs=("calls", "fixed_line_users"))
def fixed_line_refusal(context: CheckContext) -> str:
    """A fixed line that is no A dials X."""
    call = context.call(context.user("fixed_line"), require_binding(context).x)
    if call.state == "ended":
        return "dialling"
    context.hang_up(call)
    return {"collecting": "extension"}.get(call.state, call.state)


@probe("axe.suspended_x_refusal", needs=("calls", "number_status"))
def suspended_x_refusal(context: CheckContext) -> str:
    """Somebody who is no A dials an X that is suspended, or unavailable."""
    seen = []
    for status in ("9", "10"):
        x = require_binding(context).x
        context.set_number(x, status)
        call = context.call(context.user(), x)
        if call.state != "ended":
            context.hang_up(call)
        context.set_number(x, "5")
        seen.append({"ended": "dialling", "collecting": "extension"}.get(call.state, call.state))
    return one(seen)


@probe("axe.mixed_failures_cause", needs=REPEATING)
def mixed_failures_cause(context: CheckContext) -> str:
    """A wrong extension and then none."""
    cause = asked_again(context, "wrong").release_cause
    return {8033: "last", 8022: "wrong_extension"}.get(cause or 0, f"cause {cause}")


@probe("axe.surplus_digits", needs=TIMED)
def surplus_digits(context: CheckContext) -> str:
    """The extension with two digits more."""
    binding = require_binding(context)
    call = completed_call(
        context, context.user(), binding.x, digits=[f"{binding.extension}42"], hang_up_after=5, seconds=60
    )
    if call.forwarded_to == binding.a:
        return "first"
    return "wrong" if call.release_cause == 8022 else f"cause {call.release_cause}"


@probe("axe.wrong_extension_events", needs=(*REPEATING, "receiver"))
def wrong_extension_events(context: CheckContext) -> str:
    """The collectInfo of a wrong extension and then the right one."""
    call = asked_again(context, "wrong", "right")
    digits = collected_digits(context, call)
    if call.forwarded_to is None or not digits:
        raise CannotSettle(f"cause {call.release_cause}, {len(digits)} collectInfo")
    return {1: "last", 2: "each"}.get(len(digits), f"{len(digits)} collectInfo")


@probe("axe.empty_extension_event", needs=PUSHED)
def empty_extension_event(context: CheckContext) -> str:
    """The collectInfo of a caller who enters nothing."""
    digits = collected_digits(context, completed_call(context, context.user(), require_binding(context).x))
    return "none" if not digits else "empty" if set(digits) == {""} else " / ".join(digits)


@probe("axe.cdr_extension_field", needs=PUSHED)
def cdr_extension_field(context: CheckContext) -> str:
    """The name under which the CDR carries the extension."""
    binding = require_binding(context)
    cdr = cdr_of(context, completed_extension_call(context, binding))
    return " and ".join(name for name in EXTENSION if cdr.get(name) == binding.extension) or "none"


@probe("axe.cdr_extension_of_failed", needs=PUSHED)
def cdr_extension_of_failed(context: CheckContext) -> str:
    """The extension in the CDR of a call with a wrong one."""
    binding = require_binding(context)
    digits = [wrong_digits(context, binding)] * PROMPTS
    cdr = cdr_of(context, completed_call(context, context.user(), binding.x, digits=digits))
    shown = {cdr[name] for name in EXTENSION if cdr.get(name)}
    return "absent" if not shown else "present" if shown == set(digits) else " / ".join(shown)


@probe("axe.cdr_extension_of_callback", needs=PUSHED)
def cdr_extension_of_callback(context: CheckContext) -> str:
    """The extension in the CDR of a call of A to who called him."""
    binding = require_binding(context)
    completed_extension_call(context, binding)
    cdr = cdr_of(context, completed_call(context, binding.a, binding.x, hang_up_after=5, seconds=30))
    shown = {cdr[name] for name in EXTENSION if cdr.get(name)}
    return "absent" if not shown else "present" if shown == {binding.extension} else " / ".join(shown)


@probe("axe.cdr_direction_without_extension", needs=PUSHED)
def cdr_direction_without_extension(context: CheckContext) -> int | str:
    """Direction in the CDR of callers who entered no extension.

    One enters nothing, one hangs up before.
    """
    x = require_binding(context).x
    calls = (
        completed_call(context, context.user(), x),
        completed_call(context, context.user(), x, caller_hangs_up_after=1),
    )
    return number(one(str(cdr_of(context, call).get("direction")) for call in calls))


def number(text: str) -> int | str:
    """An integer where the text is one."""
    return int(text) if text.isdigit() else text


# ── call-backs ───────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.callback_expired_zero", needs=TIMED)
def callback_expired_zero(context: CheckContext) -> str:
    """A call-back at once and after a year, with callbackExpiredTime 0.

    The binding never ends.
    """
    seconds = (60, 366 * 24 * HOUR)
    return one(_zero_after(context, wait) for wait in seconds)


def _zero_after(context: CheckContext, wait: int) -> str:
    other = context.user()
    binding = require_binding(context, bindExpiredTime=0, callbackExpiredTime=0, callbackNum=other)
    caller = completed_extension_call(context, binding).caller
    context.advance(wait)
    return reached_word(context, binding, {caller: "as_binding", other: "no_record"})


@probe("axe.callback_expired_default", needs=TIMED)
def callback_expired_default(context: CheckContext) -> int | str:
    """Call-backs of bindings without callbackExpiredTime.

    After a minute, 23 hours, 25 hours, a month.
    """
    other = context.user()
    zero = context.assumptions["axe.callback_expired_zero"]
    waits = (60, 23 * HOUR, 25 * HOUR, 30 * 24 * HOUR)
    seen = ""
    for wait in waits:
        binding = require_binding(context, bindExpiredTime=0, callbackNum=other)
        caller = completed_extension_call(context, binding).caller
        context.advance(wait)
        seen += reached_word(context, binding, {caller: "+", other: "-"})
    forever = {"as_binding": "++++", "no_record": "----"}[str(zero)]
    return {"++--": 24, forever: 0}.get(seen, f"after {waits} seconds: {seen}")


@probe("axe.callback_unit_after_modify", needs=TIMED)
def callback_unit_after_modify(context: CheckContext) -> str:
    """A record of 2 hours, 10 minutes after a modify of unit and end.

    That is timeUnit and bindExpiredTime.
    """
    other = context.user()
    binding = require_binding(context, timeUnit="0", bindExpiredTime=0, callbackExpiredTime=2, callbackNum=other)
    answer = context.axe.modify(binding.sub, timeUnit="1", bindExpiredTime=0)
    if not answer.ok:
        raise CannotSettle(f"a modify of timeUnit and bindExpiredTime was answered with {answer.key}")
    caller = completed_extension_call(context, binding).caller
    context.advance(10 * MINUTE)
    return reached_word(context, binding, {caller: "as_set", other: "reinterpreted"})


@probe("axe.record_written", needs=TIMED)
def record_written(context: CheckContext) -> str:
    """A call-back while A rings, and after he answered."""
    other = context.user()
    binding = require_binding(context, callbackExpiredTime=24, callbackNum=other)
    call = context.call(context.user(), binding.x, digits=[binding.extension], ring_after=2, answer_after=60)
    context.advance(10)
    words = {call.caller: "transfer", other: "answer"}
    while_it_rings = reached_word(context, binding, words)
    context.advance(80)
    later = reached_word(context, binding, words)
    return while_it_rings if later == "transfer" else f"{while_it_rings}, and after the answer {later}"


@probe("axe.callback_refreshes_record", needs=TIMED)
def callback_refreshes_record(context: CheckContext) -> str:
    """A record of one hour, 70 minutes after its call.

    And 20 after an answered call-back.
    """
    other = context.user()
    binding = require_binding(context, bindExpiredTime=0, callbackExpiredTime=1, callbackNum=other)
    caller = completed_extension_call(context, binding).caller
    context.advance(50 * MINUTE)
    back = context.call(binding.a, binding.x, hang_up_after=5)
    context.advance(20 * MINUTE)
    if context.look(back).forwarded_to != caller:
        raise CannotSettle(f"the first call-back reached {back.forwarded_to}")
    return reached_word(context, binding, {caller: "yes", other: "no"})


@probe("axe.callback_expiry_change", needs=TIMED)
def callback_expiry_change(context: CheckContext) -> str:
    """A record of one hour, 70 minutes old, after a modify to 5 hours.

    Of callbackExpiredTime.
    """
    other = context.user()
    binding = require_binding(context, bindExpiredTime=0, callbackExpiredTime=1, callbackNum=other)
    caller = completed_extension_call(context, binding).caller
    answer = context.axe.modify(binding.sub, timeUnit="0", callbackExpiredTime=5)
    if not answer.ok:
        raise CannotSettle(f"a modify of callbackExpiredTime was answered with {answer.key}")
    context.advance(70 * MINUTE)
    return reached_word(context, binding, {caller: "existing", other: "later"})


@probe("axe.tone_cause", needs=("calls",))
def tone_cause(context: CheckContext) -> int | str:
    """The cause after the binding's tone, and the application's.

    The latter where it can be set.
    """
    bindings = [require_binding(context, callbackTone=context.axe.tone())]
    if "application_settings" in context.capabilities:
        context.set_application(context.axe.app, no_record={"play": context.axe.tone()})
        bindings.append(require_binding(context))
    return number(one(str(context.call(b.a, b.x).release_cause) for b in bindings))


def _call_back(context: CheckContext, **fields: Any) -> CallView:
    """An answered call-back. Raises CannotSettle where A reaches nobody."""
    binding = require_binding(context, callbackExpiredTime=24, **fields)
    completed_extension_call(context, binding)
    call = completed_call(context, binding.a, binding.x, hang_up_after=5)
    if call.forwarded_to is None:
        raise CannotSettle(f"A reaches nobody, cause {call.release_cause}")
    return call


@probe("axe.cdr_direction_of_callback", needs=PUSHED)
def cdr_direction_of_callback(context: CheckContext) -> int | str:
    """Direction in the CDR of a call-back."""
    return number(str(cdr_of(context, _call_back(context)).get("direction")))


@probe("axe.callin_user_data", needs=PUSHED)
def callin_user_data(context: CheckContext) -> str:
    """UserData in the callin of a call-back."""
    events = {push.event_type: push.info for push in context.events(_call_back(context, userData="order-42"))}
    if "callin" not in events:
        raise CannotSettle("a call-back has no callin")
    data = events["callin"].get("userData")
    return {None: "absent", "": "absent", "order-42": "present"}.get(data, f"userData {data}")
