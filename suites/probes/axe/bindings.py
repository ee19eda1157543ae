"""AXE bindings: odd numbers, choice of X, times, modifies, selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.probes.axe.fixtures import AREA, reached_word, require_binding
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

HOUR, MINUTE, DAY = 3600, 60, 86400
NOBODYS_X = "+8619900000099"


# ── numbers and extensions ───────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.x_of_other_application", needs=("second_application",))
def x_of_other_application(context: CheckContext) -> str:
    """A bind on an X of another AXE application."""
    return code_or(context.axe.bind(context.user(), context.axe.x(app=context.axe.second_app)), "accept")


@probe("axe.extension_taken")
def extension_taken(context: CheckContext) -> str:
    """A bind of another A with an extension that is bound on X."""
    binding = require_binding(context)
    return code_or(context.axe.bind(context.user(), binding.x, binding.extension), "accept")


@probe("axe.extension_order")
def extension_order(context: CheckContext) -> str:
    """Two extensions that are given on one X.

    Then the first again, when it is free.
    """
    x = context.axe.x()
    first, second = (require_binding(context, x=x) for _ in range(2))
    capacity = 10 ** len(first.extension) - 1
    context.axe.unbind(subscriptionId=first.sub)
    again = require_binding(context, x=x)
    if int(second.extension) != int(first.extension) % capacity + 1:
        return "random"
    return "lowest" if again.extension == first.extension else "in_turn"


@probe("axe.unknown_x")
def unknown_x(context: CheckContext) -> str:
    """A bind on an X in mobile format that no application owns."""
    return code_or(context.axe.bind(context.user(), NOBODYS_X), "accept")


@probe("axe.malformed_x")
def malformed_x(context: CheckContext) -> str:
    """A bind on an X that is no mobile number."""
    return one(code_or(context.axe.bind(context.user(), x), "accept") for x in ("12345678", "+8675526660001"))


@probe("axe.full_x", needs=("one_digit_extensions",))
def full_x(context: CheckContext) -> str:
    """A tenth A on an X with extensions of one digit."""
    app = context.axe.one_digit_app
    for _ in range(9):
        require_binding(context, app=app)
    return code_or(context.axe.bind(context.user(), context.axe.x(app=app), app=app), "accept")


@probe("axe.no_x_in_area", needs=("area_x",))
def no_x_in_area(context: CheckContext) -> str:
    """A bind in an area in which the application has no X."""
    there = {x.area_code for x in context.axe.app.numbers}
    if None in there:
        raise CannotSettle("of some X numbers it is not known in which area they are")
    area = next(area for area in contracts.area_codes() if area not in there)
    return code_or(context.axe.bind(context.user(), areaCode=area), "accept")


@probe("axe.same_a_again")
def same_a_again(context: CheckContext) -> str:
    """A second bind of A on X."""
    binding = require_binding(context)
    return code_or(context.axe.bind(binding.a, binding.x), "accept")


@probe("axe.extension_with_area", needs=("area_x",))
def extension_with_area(context: CheckContext) -> str:
    """Two binds by areaCode with an extension each."""
    digits = context.axe.app.extension_digits
    words = []
    for asked in ("8642"[:digits], "9753"[:digits]):
        answer = context.axe.bind(context.user(), extension=asked, areaCode=AREA)
        words.append(code_or(answer, "honour" if answer["extendNum"] == asked else "ignore"))
    return one(words)


@probe("axe.zero_extension")
def zero_extension(context: CheckContext) -> str:
    """A bind with the extension 0000."""
    return code_or(context.axe.bind(context.user(), context.axe.x(), "0" * context.axe.app.extension_digits), "accept")


@probe("axe.bind_without_x")
def bind_without_x(context: CheckContext) -> str:
    """A bind with neither virtualNum nor areaCode, and with empty ones."""
    answers = (context.axe.bind(context.user()), context.axe.bind(context.user(), "", areaCode=""))
    return one(code_or(answer, "any") for answer in answers)


@probe("axe.area_mode_without_area")
def area_mode_without_area(context: CheckContext) -> str:
    """A bind on X with areaMatchMode and no areaCode."""
    answers = [context.axe.bind(context.user(), context.axe.x(), areaMatchMode=mode) for mode in ("0", "1")]
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axe.area_conflict", needs=("area_x",))
def area_conflict(context: CheckContext) -> str:
    """A bind by areaCode of an A who is bound on every X of the area."""
    a = context.user()
    for x in context.axe.app.numbers:
        if x.area_code == AREA:
            require_binding(context, a, x.number)
    return code_or(context.axe.bind(a, areaCode=AREA), "accept")


@probe("axe.a_equals_x")
def a_equals_x(context: CheckContext) -> str:
    """X as its own A."""
    return code_or(context.axe.bind(context.axe.x(), context.axe.x()), "accept")


@probe("axe.service_callback_num")
def service_callback_num(context: CheckContext) -> str:
    """A 400 and a 95 number as callbackNum, at bind and at modify."""
    numbers = ("+864001234567", "95555")
    answers = [context.axe.bind(context.user(), context.axe.x(), callbackNum=number) for number in numbers]
    answers += [context.axe.modify(require_binding(context).sub, callbackNum=number) for number in numbers]
    return one(code_or(answer, "accept") for answer in answers)


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.display_real_caller")
def display_real_caller(context: CheckContext) -> str:
    """A bind and a modify with displayNumMode 1, and then a call to A."""
    binding = require_binding(context)
    answers = (
        context.axe.bind(context.user(), context.axe.x(), displayNumMode="1"),
        context.axe.modify(binding.sub, displayNumMode="1"),
    )
    word = one(code_or(answer, "intercept") for answer in answers)
    if word != "intercept" or not {"calls", "clock"} <= context.capabilities:
        return word
    call = context.call(context.user(), binding.x, digits=[binding.extension])
    context.advance(30)
    cause = context.look(call).release_cause
    return word if cause == 8024 else f"accept, cause {cause}"


@probe("axe.recording_not_open", needs=("application_settings",))
def recording_not_open(context: CheckContext) -> str:
    """A bind and a modify with recordFlag true without recording.

    The application has none.
    """
    context.set_application(context.axe.app, recording=False)
    fields = {"recordFlag": "true", "recordHintTone": context.axe.tone()}
    answers = (
        context.axe.bind(context.user(), context.axe.x(), **fields),
        context.axe.modify(require_binding(context).sub, **fields),
    )
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axe.blocked_x", needs=("number_status",))
def blocked_x(context: CheckContext) -> str:
    """A bind on an X of each abnormal status."""
    seen = []
    for status in ("9", "10", "11"):
        context.set_number(context.axe.x(), status)
        seen.append(code_or(context.axe.bind(context.user(), context.axe.x()), "accept"))
    return one(seen)


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.bind_expired_default", needs=("clock",))
def bind_expired_default(context: CheckContext) -> int | str:
    """A binding without bindExpiredTime around 168 hours and years later."""
    sub = require_binding(context).sub
    context.advance(168 * HOUR - 1)
    if not context.axe.query(subscriptionId=sub).ok:
        return "less than 168 hours"
    context.advance(2)
    if not context.axe.query(subscriptionId=sub).ok:
        return 168
    context.advance(1000 * DAY)
    return 0 if context.axe.query(subscriptionId=sub).ok else "more than 168 hours"


@probe("axe.callback_longer_than_bind")
def callback_longer_than_bind(context: CheckContext) -> str:
    """A record that would outlive its binding, by a modify of either time."""
    sub = require_binding(context, bindExpiredTime=10, callbackExpiredTime=5).sub
    answers = [context.axe.modify(sub, callbackExpiredTime=11), context.axe.modify(sub, bindExpiredTime=4)]
    return one(code_or(answer, "accept") for answer in answers)


@probe("axe.callback_default_longer")
def callback_default_longer(context: CheckContext) -> str:
    """Bindings of an hour and of two days without callbackExpiredTime.

    The latter is modified to an hour.
    """
    answer = context.axe.bind(context.user(), context.axe.x(), bindExpiredTime=1)
    if not answer.ok:
        return str(answer.code)
    if answer["callbackExpiredTime"] == 1:
        return "as_carried"
    answer = context.axe.bind(context.user(), context.axe.x(), bindExpiredTime=48)
    if not answer.ok:
        raise CannotSettle(f"a bind with a bindExpiredTime of 48 was answered with {answer.key}")
    answer = context.axe.modify(str(answer["subscriptionId"]), bindExpiredTime=1)
    return code_or(answer, "accept") if answer.code != "1010002" else "as_carried"


@probe("axe.modify_expiry_start", needs=("clock",))
def modify_expiry_start(context: CheckContext) -> str:
    """A binding of two hours, modified to two hours after one.

    30 minutes after its first end.
    """
    sub = require_binding(context, bindExpiredTime=2).sub
    context.advance(HOUR)
    answer = context.axe.modify(sub, timeUnit="0", bindExpiredTime=2)
    if not answer.ok:
        raise CannotSettle(f"a modify of bindExpiredTime was answered with {answer.key}")
    context.advance(HOUR + 30 * MINUTE)
    return "modify" if context.axe.query(subscriptionId=sub).ok else "bind"


@probe("axe.modify_unit_absent", needs=("clock",))
def modify_unit_absent(context: CheckContext) -> str:
    """A binding in minutes, modified to 5 without a unit.

    Half an hour later.
    """
    sub = require_binding(context, timeUnit="1", bindExpiredTime=600).sub
    answer = context.axe.modify(sub, bindExpiredTime=5)
    if not answer.ok:
        raise CannotSettle(f"a modify of bindExpiredTime without timeUnit was answered with {answer.key}")
    context.advance(30 * MINUTE)
    return "hours" if context.axe.query(subscriptionId=sub).ok else "as_set"


@probe("axe.modify_user_data")
def modify_user_data(context: CheckContext) -> str:
    """A modify of userData, with a callbackNum beside it."""
    sub = require_binding(context, userData="one").sub
    answer = context.axe.modify(sub, callbackNum=context.user(), userData="two")
    if not answer.ok:
        return str(answer.code)
    shown = context.axe.query(subscriptionId=sub)["userData"]
    return {"two": "change", "one": "ignore"}.get(str(shown), f"userData {shown}")


@probe("axe.modify_empty_tone", needs=("recording",))
def modify_empty_tone(context: CheckContext) -> str:
    """A modify with an empty recordHintTone where a query showed one."""
    tone = context.axe.tone()
    sub = require_binding(context, recordFlag="true", recordHintTone=tone).sub
    if context.axe.query(subscriptionId=sub)["recordHintTone"] != tone:
        raise CannotSettle("a query does not show recordHintTone")
    answer = context.axe.modify(sub, recordHintTone="")
    kept = context.axe.query(subscriptionId=sub)["recordHintTone"] == tone
    return code_or(answer, "unchanged" if kept else "clear")


@probe("axe.modify_tone_beside_number", needs=("calls",))
def modify_tone_beside_number(context: CheckContext) -> str:
    """A modify of callbackTone alone beside callbackNum, and A's call."""
    number = context.user()
    binding = require_binding(context, callbackNum=number)
    answer = context.axe.modify(binding.sub, callbackTone=context.axe.tone())
    if not answer.ok:
        raise CannotSettle(f"a modify of callbackTone was answered with {answer.key}")
    return reached_word(context, binding, {number: "number", "None": "tone"})
