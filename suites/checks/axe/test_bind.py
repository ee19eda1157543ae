"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import (
    bind_users,
    claim_unchanged,
    info_of,
    is_there,
    other_extension,
    shows,
)
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-BIND-002")
@pytest.mark.parametrize(
    "times",
    [
        {"bindExpiredTime": 24, "callbackExpiredTime": 12},
        {"timeUnit": "1", "bindExpiredTime": 90, "callbackExpiredTime": 30},
        {"bindExpiredTime": 0, "callbackExpiredTime": 0},
    ],
    ids=str,
)
def test_bind_echoes_the_times(context: CheckContext, times: dict[str, Any]) -> None:
    """The answer has both times in force, as integers, in the unit sent."""
    answer = bind_users(context, **times).answer
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        came = answer[name]
        ok = type(came) is int and came == times[name]
        context.claim("AXE-BIND-002", ok, f"{name}: expected {times[name]}, came {came!r}")


@check("AXE-BIND-002")
def test_bind_reports_times_that_were_not_sent(context: CheckContext) -> None:
    """Without the times the answer carries integers too."""
    answer = bind_users(context).answer
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        context.claim("AXE-BIND-002", type(answer[name]) is int, f"{name}: expected an integer, came {answer[name]!r}")


@check("AXE-BIND-101")
def test_the_extension_asked_for(context: CheckContext) -> None:
    """A free extension of the right length is given.

    The first and the last one too.
    """
    digits = context.axe.app.extension_digits
    for extension in (f"{1:0{digits}d}", "9" * digits, "42"[:digits].zfill(digits)):
        binding = bind_users(context, extension=extension, by="AXE-BIND-101")
        came = binding.answer["extendNum"]
        context.claim("AXE-BIND-101", came == extension, f"asked for {extension}, got {came!r}")
        info_of(context, "AXE-BIND-101", binding, virtualNum=binding.x, extendNum=extension)


@check("AXE-BIND-102", "AXE-BIND-105")
def test_an_extension_is_allocated(context: CheckContext) -> None:
    """Without extendNum, or with an empty one, a free one is given.

    It has the right form, with every application.
    """
    for app in context.axe.apps:
        taken: set[str] = set()
        for extension in (None, "", None, ""):
            came = bind_users(context, extension=extension, app=app, by="AXE-BIND-102").extension
            message = f"{plural(app.extension_digits, 'digit')}: got {came!r}, taken {sorted(taken)}"
            ok = bool(re.fullmatch(rf"[0-9]{{{app.extension_digits}}}", came)) and came not in taken
            context.claim("AXE-BIND-102", ok, message)
            context.claim("AXE-BIND-105", bool(came.strip("0")), f"the extension {came!r} was allocated")
            taken.add(came)


@check("AXE-BIND-102")
def test_allocation_passes_by_what_was_asked_for(context: CheckContext) -> None:
    """What is allocated is none of those that were asked for before."""
    digits = context.axe.app.extension_digits
    asked = {bind_users(context, extension=f"{number:0{digits}d}").extension for number in range(1, 6)}
    for _ in range(3):
        came = bind_users(context, by="AXE-BIND-102").extension
        ok = came not in asked and len(came) == digits
        context.claim("AXE-BIND-102", ok, f"allocated {came!r} while {sorted(asked)} are taken")
        asked.add(came)


@check("AXE-BIND-103")
def test_a_taken_extension(context: CheckContext) -> None:
    """An extension that is bound on that X is refused, and stays A's.

    Asked for or allocated.
    """
    asked_for = bind_users(
        context, extension=other_extension(context)
    )  # first, or it might have been allocated already
    for binding in (asked_for, bind_users(context)):
        with claim_unchanged(context, "AXE-BIND-103", binding):
            again = context.axe.bind(context.user(), binding.x, binding.extension)
            claim_refusal(context, "AXE-BIND-103", again, f"second bind of {binding.extension} on X")
        info_of(context, "AXE-BIND-103", binding, virtualNum=binding.x, extendNum=binding.extension)


@check("AXE-BIND-101", needs=("two_x",))
def test_an_extension_on_another_x(context: CheckContext) -> None:
    """An extension that is bound on one X is free on another."""
    first = bind_users(context)
    second = bind_users(context, x=context.axe.x(1), extension=first.extension, by="AXE-BIND-101")
    context.claim("AXE-BIND-101", second.extension == first.extension, f"asked for {first.extension}")
    is_there(context, "AXE-BIND-101", first, "after the bind on the other X")


@check("AXE-BIND-104")
def test_wrong_number_of_digits(context: CheckContext) -> None:
    """An extension of another length gets 1010002.

    With every application.
    """
    for app in context.axe.apps:
        x = context.axe.x(app=app)
        for digits in {1, 2, 3, 4} - {app.extension_digits}:
            answer = context.axe.bind(context.user(), x, "1" * digits, app=app)
            claim_refusal(
                context,
                "AXE-BIND-104",
                answer,
                f"{plural(digits, 'digit')} instead of {app.extension_digits}",
                "1010002",
            )


@check("AXE-BIND-102", "AXE-BIND-105", "AXE-BIND-106")
def test_an_exhausted_x(context: CheckContext) -> None:
    """With extensions of one digit the tenth A on X is refused.

    When one is dissolved its place can be had again.
    """
    app = context.axe.one_digit_app
    bindings = [bind_users(context, app=app, by="AXE-BIND-102") for _ in range(9)]
    extensions = sorted(binding.extension for binding in bindings)
    context.claim("AXE-BIND-105", "0" not in extensions, f"nine A have the extensions {extensions}")
    context.claim("AXE-BIND-102", extensions == list("123456789"), f"nine A have the extensions {extensions}")
    x = bindings[0].x
    with claim_unchanged(context, "AXE-BIND-106", *bindings, app=app):
        claim_refusal(context, "AXE-BIND-106", context.axe.bind(context.user(), x, app=app), "a tenth A on X")
        claim_refusal(context, "AXE-BIND-106", context.axe.bind(context.user(), x, "", app=app), "a tenth A on X")
    freed = bindings[4]
    claim_success(
        context, "AXE-UNBIND-001", context.axe.unbind(subscriptionId=freed.sub, app=app), "unbind on a full X"
    )
    again = bind_users(context, app=app, by="AXE-BIND-102")
    context.claim(
        "AXE-BIND-102", again.extension == freed.extension, f"{freed.extension} is free, got {again.extension}"
    )


@check("AXE-BIND-108")
@pytest.mark.parametrize("unit", [{}, {"timeUnit": "0"}], ids=str)
def test_hours(context: CheckContext, unit: dict[str, Any]) -> None:
    """In hours bindExpiredTime 0, 1 and 720 are accepted, 721 and -1 are not."""
    for hours in (0, 1, 720):
        bind_users(context, by="AXE-BIND-108", bindExpiredTime=hours, **unit)
    for hours in (721, 43200, -1):
        answer = context.axe.bind(context.user(), context.axe.x(), bindExpiredTime=hours, **unit)
        claim_refusal(context, "AXE-BIND-108", answer, f"bindExpiredTime of {plural(hours, 'hour')}")


@check("AXE-BIND-109")
def test_minutes(context: CheckContext) -> None:
    """BindExpiredTime 0 to 43200 minutes is taken, 43201 and -1 not.

    Tried: 0, 1, 721 and 43200.
    """
    for minutes in (0, 1, 721, 43200):
        bind_users(context, by="AXE-BIND-109", timeUnit="1", bindExpiredTime=minutes)
    for minutes in (43201, -1):
        answer = context.axe.bind(context.user(), context.axe.x(), timeUnit="1", bindExpiredTime=minutes)
        claim_refusal(context, "AXE-BIND-109", answer, f"bindExpiredTime of {plural(minutes, 'minute')}")


@check("AXE-BIND-111")
@pytest.mark.parametrize(("unit", "longest", "life"), [("0", 168, 720), ("1", 10080, 43200)])
def test_callback_times(context: CheckContext, unit: str, longest: int, life: int) -> None:
    """CallbackExpiredTime 0 to 168 hours, or 10080 minutes, is accepted.

    One more is not, at bind and at modify.
    """
    for time in (0, 1, longest):
        binding = bind_users(context, by="AXE-BIND-111", timeUnit=unit, bindExpiredTime=life, callbackExpiredTime=time)
        answer = context.axe.modify(binding.sub, timeUnit=unit, callbackExpiredTime=time)
        claim_success(context, "AXE-BIND-111", answer, f"modify of callbackExpiredTime to {time}, timeUnit {unit}")
    for time in (longest + 1, -1):
        fields: dict[str, Any] = {"timeUnit": unit, "callbackExpiredTime": time}
        answer = context.axe.bind(context.user(), context.axe.x(), bindExpiredTime=0, **fields)
        claim_refusal(context, "AXE-BIND-111", answer, f"bind with callbackExpiredTime {time}, timeUnit {unit}")
        answer = context.axe.modify(binding.sub, **fields)
        claim_refusal(context, "AXE-BIND-111", answer, f"modify to callbackExpiredTime {time}, timeUnit {unit}")


@check("AXE-BIND-022", needs=("recording",))
@pytest.mark.parametrize("flag", ["true", "false", True, False])
def test_flags_and_modes_of_real_programs(context: CheckContext, flag: Any) -> None:
    """RecordFlag and displayNumMode count as text and as JSON values.

    A boolean and a number, as real programs send them.
    """
    for mode in ("0", 0):
        binding = bind_users(context, by="AXE-BIND-022", recordFlag=flag, displayNumMode=mode)
        shows(context, "AXE-BIND-022", binding, recordFlag=str(flag).lower() == "true", displayNumMode="0")


@check("AXE-BIND-001", needs=("other_mode_application",))
def test_application_of_another_mode(context: CheckContext) -> None:
    """The application of another mode is answered with 403/1010040."""
    bind_users(context)
    theirs = context.axe.other_mode_app
    if not theirs.numbers:
        raise NotExercised("the application of another mode has no X of its own")
    x = theirs.numbers[0].number  # with a foreign X, and with a binding that is not theirs, there is another fault
    answer = context.axe.bind(context.user(), x, app=theirs)
    ok = answer.key == "403/1010040"
    context.claim("COM-AUTH-025", ok, f"application of mode {theirs.mode}: expected 403/1010040, came {answer.key}")
    answer = context.axe.query(virtualNum=x, extendNum=other_extension(context), app=theirs)
    claim_refusal(context, "COM-AUTH-025", answer, f"query by one of mode {theirs.mode}")


@check("AXE-BIND-101", "AXE-BIND-103", needs=("second_application",))
def test_an_extension_of_another_application(context: CheckContext) -> None:
    """An extension on another application's X does not take it here."""
    theirs = bind_users(context, app=context.axe.second_app)
    digits = context.axe.app.extension_digits
    bind_users(context, extension=theirs.extension.zfill(digits)[:digits], by="AXE-BIND-101")
    answer = context.axe.bind(context.user(), theirs.x, theirs.extension, app=context.axe.second_app)
    claim_refusal(context, "AXE-BIND-103", answer, "second bind of the extension by its owner")
