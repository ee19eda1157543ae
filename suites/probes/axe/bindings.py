"""AXE bindings: odd numbers and extensions, the choice of X, times, odd modifies and selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.probes.axe.fixtures import AREA, given, reached
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench

__all__: list[str] = []

HOUR, MINUTE, DAY = 3600, 60, 86400
NOBODYS_X = "+8619900000099"


# ── numbers and extensions ───────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.x_of_other_application", needs=("second_application",))
def x_of_other_application(bench: Bench) -> str:
    """A bind on an X of another AXE application."""
    return code_or(bench.axe.bind(bench.user(), bench.axe.x(app=bench.axe.second_app)), "accept")


@probe("axe.extension_taken")
def extension_taken(bench: Bench) -> str:
    """A bind of another A with an extension that is bound on X."""
    binding = given(bench)
    return code_or(bench.axe.bind(bench.user(), binding.x, binding.extension), "accept")


@probe("axe.extension_order")
def extension_order(bench: Bench) -> str:
    """Two extensions that are given on one X; then the first again, when it is free."""
    x = bench.axe.x()
    first, second = (given(bench, x=x) for _ in range(2))
    capacity = 10 ** len(first.extension) - 1
    bench.axe.unbind(subscriptionId=first.sub)
    again = given(bench, x=x)
    if int(second.extension) != int(first.extension) % capacity + 1:
        return "random"
    return "lowest" if again.extension == first.extension else "in_turn"


@probe("axe.unknown_x")
def unknown_x(bench: Bench) -> str:
    """A bind on an X in mobile format that no application owns."""
    return code_or(bench.axe.bind(bench.user(), NOBODYS_X), "accept")


@probe("axe.malformed_x")
def malformed_x(bench: Bench) -> str:
    """A bind on an X that is no mobile number."""
    return one(code_or(bench.axe.bind(bench.user(), x), "accept") for x in ("12345678", "+8675526660001"))


@probe("axe.full_x", needs=("one_digit_extensions",))
def full_x(bench: Bench) -> str:
    """A tenth A on an X with extensions of one digit."""
    app = bench.axe.one_digit_app
    for _ in range(9):
        given(bench, app=app)
    return code_or(bench.axe.bind(bench.user(), bench.axe.x(app=app), app=app), "accept")


@probe("axe.no_x_in_area", needs=("area_x",))
def no_x_in_area(bench: Bench) -> str:
    """A bind in an area in which the application has no X."""
    there = {x.area_code for x in bench.axe.app.numbers}
    if None in there:
        raise CannotSettle("of some X numbers it is not known in which area they are")
    area = next(area for area in contracts.area_codes() if area not in there)
    return code_or(bench.axe.bind(bench.user(), areaCode=area), "accept")


@probe("axe.same_a_again")
def same_a_again(bench: Bench) -> str:
    """A second bind of A on X."""
    binding = given(bench)
    return code_or(bench.axe.bind(binding.a, binding.x), "accept")


@probe("axe.extension_with_area", needs=("area_x",))
def extension_with_area(bench: Bench) -> str:
    """Two binds by areaCode with an extension each."""
    digits = bench.axe.app.extension_digits
    words = []
    for asked in ("8642"[:digits], "9753"[:digits]):
        answer = bench.axe.bind(bench.user(), extension=asked, areaCode=AREA)
        words.append(code_or(answer, "honour" if answer["extendNum"] == asked else "ignore"))
    return one(words)


@probe("axe.zero_extension")
def zero_extension(bench: Bench) -> str:
    """A bind with the extension 0000."""
    return code_or(bench.axe.bind(bench.user(), bench.axe.x(), "0" * bench.axe.app.extension_digits), "accept")


@probe("axe.bind_without_x")
def bind_without_x(bench: Bench) -> str:
    """A bind with neither virtualNum nor areaCode, and with empty ones."""
    answers = (bench.axe.bind(bench.user()), bench.axe.bind(bench.user(), "", areaCode=""))
    return one(code_or(answer, "any") for answer in answers)


@probe("axe.area_mode_without_area")
def area_mode_without_area(bench: Bench) -> str:
    """A bind on X with areaMatchMode and no areaCode."""
    answers = [bench.axe.bind(bench.user(), bench.axe.x(), areaMatchMode=mode) for mode in ("0", "1")]
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axe.area_conflict", needs=("area_x",))
def area_conflict(bench: Bench) -> str:
    """A bind by areaCode of an A who is bound on every X of the area."""
    a = bench.user()
    for x in bench.axe.app.numbers:
        if x.area_code == AREA:
            given(bench, a, x.number)
    return code_or(bench.axe.bind(a, areaCode=AREA), "accept")


@probe("axe.a_equals_x")
def a_equals_x(bench: Bench) -> str:
    """X as its own A."""
    return code_or(bench.axe.bind(bench.axe.x(), bench.axe.x()), "accept")


@probe("axe.service_callback_num")
def service_callback_num(bench: Bench) -> str:
    """A 400 and a 95 number as callbackNum, at bind and at modify."""
    numbers = ("+864001234567", "95555")
    answers = [bench.axe.bind(bench.user(), bench.axe.x(), callbackNum=number) for number in numbers]
    answers += [bench.axe.modify(given(bench).sub, callbackNum=number) for number in numbers]
    return one(code_or(answer, "accept") for answer in answers)


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.display_real_caller")
def display_real_caller(bench: Bench) -> str:
    """A bind and a modify with displayNumMode 1, and a call to A where they are taken."""
    binding = given(bench)
    answers = (
        bench.axe.bind(bench.user(), bench.axe.x(), displayNumMode="1"),
        bench.axe.modify(binding.sub, displayNumMode="1"),
    )
    word = one(code_or(answer, "intercept") for answer in answers)
    if word != "intercept" or not {"calls", "clock"} <= bench.capabilities:
        return word
    call = bench.call(bench.user(), binding.x, digits=[binding.extension])
    bench.advance(30)
    cause = bench.look(call).release_cause
    return word if cause == 8024 else f"accept, cause {cause}"


@probe("axe.recording_not_open", needs=("application_settings",))
def recording_not_open(bench: Bench) -> str:
    """A bind and a modify with recordFlag true while the application has no recording."""
    bench.set_application(bench.axe.app, recording=False)
    fields = {"recordFlag": "true", "recordHintTone": bench.axe.tone()}
    answers = (
        bench.axe.bind(bench.user(), bench.axe.x(), **fields),
        bench.axe.modify(given(bench).sub, **fields),
    )
    return one(code_or(answer, "ignore") for answer in answers)


@probe("axe.blocked_x", needs=("number_status",))
def blocked_x(bench: Bench) -> str:
    """A bind on an X of each abnormal status."""
    seen = []
    for status in ("9", "10", "11"):
        bench.set_number(bench.axe.x(), status)
        seen.append(code_or(bench.axe.bind(bench.user(), bench.axe.x()), "accept"))
    return one(seen)


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@probe("axe.bind_expired_default", needs=("clock",))
def bind_expired_default(bench: Bench) -> int | str:
    """A binding without bindExpiredTime around the end of 168 hours, and years later."""
    sub = given(bench).sub
    bench.advance(168 * HOUR - 1)
    if not bench.axe.query(subscriptionId=sub).ok:
        return "less than 168 hours"
    bench.advance(2)
    if not bench.axe.query(subscriptionId=sub).ok:
        return 168
    bench.advance(1000 * DAY)
    return 0 if bench.axe.query(subscriptionId=sub).ok else "more than 168 hours"


@probe("axe.callback_longer_than_bind")
def callback_longer_than_bind(bench: Bench) -> str:
    """A record that would outlive its binding, by a modify of either time."""
    sub = given(bench, bindExpiredTime=10, callbackExpiredTime=5).sub
    answers = [bench.axe.modify(sub, callbackExpiredTime=11), bench.axe.modify(sub, bindExpiredTime=4)]
    return one(code_or(answer, "accept") for answer in answers)


@probe("axe.callback_default_longer")
def callback_default_longer(bench: Bench) -> str:
    """Without callbackExpiredTime: a binding of an hour, and one of two days that is modified to an hour."""
    answer = bench.axe.bind(bench.user(), bench.axe.x(), bindExpiredTime=1)
    if not answer.ok:
        return str(answer.code)
    if answer["callbackExpiredTime"] == 1:
        return "as_carried"
    answer = bench.axe.bind(bench.user(), bench.axe.x(), bindExpiredTime=48)
    if not answer.ok:
        raise CannotSettle(f"a bind with a bindExpiredTime of 48 was answered with {answer.key}")
    answer = bench.axe.modify(str(answer["subscriptionId"]), bindExpiredTime=1)
    return code_or(answer, "accept") if answer.code != "1010002" else "as_carried"


@probe("axe.modify_nothing")
def modify_nothing(bench: Bench) -> str:
    """A modify with a selector alone, by id and by X and extension."""
    binding = given(bench)
    answers = (
        bench.axe.modify(binding.sub),
        bench.axe.modify(virtualNum=binding.x, extendNum=binding.extension),
    )
    return one(code_or(answer, "success") for answer in answers)


@probe("axe.modify_expiry_start", needs=("clock",))
def modify_expiry_start(bench: Bench) -> str:
    """A binding of two hours that is modified to two hours after one, 30 minutes after its first end."""
    sub = given(bench, bindExpiredTime=2).sub
    bench.advance(HOUR)
    answer = bench.axe.modify(sub, timeUnit="0", bindExpiredTime=2)
    if not answer.ok:
        raise CannotSettle(f"a modify of bindExpiredTime was answered with {answer.key}")
    bench.advance(HOUR + 30 * MINUTE)
    return "modify" if bench.axe.query(subscriptionId=sub).ok else "bind"


@probe("axe.modify_unit_absent", needs=("clock",))
def modify_unit_absent(bench: Bench) -> str:
    """A binding in minutes that is modified to 5 without a unit, half an hour later."""
    sub = given(bench, timeUnit="1", bindExpiredTime=600).sub
    answer = bench.axe.modify(sub, bindExpiredTime=5)
    if not answer.ok:
        raise CannotSettle(f"a modify of bindExpiredTime without timeUnit was answered with {answer.key}")
    bench.advance(30 * MINUTE)
    return "hours" if bench.axe.query(subscriptionId=sub).ok else "as_set"


@probe("axe.modify_user_data")
def modify_user_data(bench: Bench) -> str:
    """A modify of userData, with a callbackNum beside it."""
    sub = given(bench, userData="one").sub
    answer = bench.axe.modify(sub, callbackNum=bench.user(), userData="two")
    if not answer.ok:
        return str(answer.code)
    shown = bench.axe.query(subscriptionId=sub)["userData"]
    return {"two": "change", "one": "ignore"}.get(str(shown), f"userData {shown}")


@probe("axe.modify_empty_tone", needs=("recording",))
def modify_empty_tone(bench: Bench) -> str:
    """A modify with an empty recordHintTone, where a query shows the tone before."""
    tone = bench.axe.tone()
    sub = given(bench, recordFlag="true", recordHintTone=tone).sub
    if bench.axe.query(subscriptionId=sub)["recordHintTone"] != tone:
        raise CannotSettle("a query does not show recordHintTone")
    answer = bench.axe.modify(sub, recordHintTone="")
    kept = bench.axe.query(subscriptionId=sub)["recordHintTone"] == tone
    return code_or(answer, "unchanged" if kept else "clear")


@probe("axe.modify_tone_beside_number", needs=("calls",))
def modify_tone_beside_number(bench: Bench) -> str:
    """A modify of callbackTone alone where callbackNum is set, and a call of A."""
    number = bench.user()
    binding = given(bench, callbackNum=number)
    answer = bench.axe.modify(binding.sub, callbackTone=bench.axe.tone())
    if not answer.ok:
        raise CannotSettle(f"a modify of callbackTone was answered with {answer.key}")
    return reached(bench, binding, {number: "number", "None": "tone"})
