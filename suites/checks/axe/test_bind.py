"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import cdr_of, refused, succeeds
from privnum.suites.checks.axb.invalid_requests import GLOBAL_SERVICE_NUMBERS, STRANGE_TONES, service_number
from privnum.suites.checks.axe.scenarios import (
    answered,
    bound,
    entered,
    info_of,
    is_there,
    other_extension,
    reaches,
    shows,
    unchanged,
)
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench


@check("AXE-BIND-001")
def test_bind_on_a_given_x(bench: Bench) -> None:
    """A bind with A and X answers with a subscriptionId, that X and an extension, and the binding is there."""
    binding = bound(bench)
    answer = binding.answer
    ok = isinstance(answer["subscriptionId"], str) and 1 <= len(binding.sub) <= 64
    bench.claim("AXE-BIND-001", ok, f"subscriptionId: expected 1 to 64 characters, came {answer['subscriptionId']!r}")
    came = answer["virtualNum"]
    bench.claim("AXE-BIND-001", came == binding.x, f"virtualNum: expected {binding.x}, came {came}")
    extension = answer["extendNum"]
    ok = isinstance(extension, str) and bool(re.fullmatch(r"[0-9]{1,4}", extension))
    bench.claim("AXE-BIND-001", ok, f"extendNum: expected 1 to 4 digits, came {extension!r}")
    is_there(bench, "AXE-BIND-001", binding, "after the bind")


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
def test_bind_echoes_the_times(bench: Bench, times: dict[str, Any]) -> None:
    """The answer carries both times in force, as integers, in the unit of the request."""
    answer = bound(bench, **times).answer
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        came = answer[name]
        ok = type(came) is int and came == times[name]
        bench.claim("AXE-BIND-002", ok, f"{name}: expected {times[name]}, came {came!r}")


@check("AXE-BIND-002")
def test_bind_tells_times_that_were_not_sent(bench: Bench) -> None:
    """Without the times the answer carries integers too."""
    answer = bound(bench).answer
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        bench.claim("AXE-BIND-002", type(answer[name]) is int, f"{name}: expected an integer, came {answer[name]!r}")


@check("AXE-BIND-101")
def test_the_extension_asked_for(bench: Bench) -> None:
    """A free extension of the right number of digits is given, the first and the last one too."""
    digits = bench.axe.app.extension_digits
    for extension in (f"{1:0{digits}d}", "9" * digits, "42"[:digits].zfill(digits)):
        binding = bound(bench, extension=extension, by="AXE-BIND-101")
        came = binding.answer["extendNum"]
        bench.claim("AXE-BIND-101", came == extension, f"asked for {extension}, got {came!r}")
        info_of(bench, "AXE-BIND-101", binding, virtualNum=binding.x, extendNum=extension)


@check("AXE-BIND-102", "AXE-BIND-105")
def test_an_extension_is_allocated(bench: Bench) -> None:
    """Without extendNum, or with an empty one, a free one of the right form is given, by every application."""
    for app in bench.axe.apps:
        taken: set[str] = set()
        for extension in (None, "", None, ""):
            came = bound(bench, extension=extension, app=app, by="AXE-BIND-102").extension
            message = f"{app.extension_digits} digits: got {came!r}, taken {sorted(taken)}"
            ok = bool(re.fullmatch(rf"[0-9]{{{app.extension_digits}}}", came)) and came not in taken
            bench.claim("AXE-BIND-102", ok, message)
            bench.claim("AXE-BIND-105", bool(came.strip("0")), f"the extension {came!r} was allocated")
            taken.add(came)


@check("AXE-BIND-102")
def test_allocation_passes_by_what_was_asked_for(bench: Bench) -> None:
    """What is allocated is none of those that were asked for before."""
    digits = bench.axe.app.extension_digits
    asked = {bound(bench, extension=f"{number:0{digits}d}").extension for number in range(1, 6)}
    for _ in range(3):
        came = bound(bench, by="AXE-BIND-102").extension
        ok = came not in asked and len(came) == digits
        bench.claim("AXE-BIND-102", ok, f"allocated {came!r} while {sorted(asked)} are taken")
        asked.add(came)


@check("AXE-BIND-103")
def test_a_taken_extension(bench: Bench) -> None:
    """An extension that is bound on that X, asked for or allocated, is refused, and stays A's."""
    asked_for = bound(bench, extension=other_extension(bench))  # first, or it might have been allocated already
    for binding in (asked_for, bound(bench)):
        with unchanged(bench, "AXE-BIND-103", binding):
            again = bench.axe.bind(bench.user(), binding.x, binding.extension)
            refused(bench, "AXE-BIND-103", again, f"second bind of {binding.extension} on X")
        info_of(bench, "AXE-BIND-103", binding, virtualNum=binding.x, extendNum=binding.extension)


@check("AXE-BIND-101", needs=("two_x",))
def test_an_extension_on_another_x(bench: Bench) -> None:
    """An extension that is bound on one X is free on another."""
    first = bound(bench)
    second = bound(bench, x=bench.axe.x(1), extension=first.extension, by="AXE-BIND-101")
    bench.claim("AXE-BIND-101", second.extension == first.extension, f"asked for {first.extension}")
    is_there(bench, "AXE-BIND-101", first, "after the bind on the other X")


@check("AXE-BIND-104")
def test_wrong_number_of_digits(bench: Bench) -> None:
    """An extension of another number of digits is refused with 1010002, by every application."""
    for app in bench.axe.apps:
        x = bench.axe.x(app=app)
        for digits in {1, 2, 3, 4} - {app.extension_digits}:
            answer = bench.axe.bind(bench.user(), x, "1" * digits, app=app)
            refused(bench, "AXE-BIND-104", answer, f"{digits} digits instead of {app.extension_digits}", "1010002")


@check("AXE-BIND-005")
def test_one_extension_per_a_and_x(bench: Bench) -> None:
    """A second bind of A on X is refused, with another extension and without one, and the first stays."""
    binding = bound(bench)
    with unchanged(bench, "AXE-BIND-005", binding):
        refused(bench, "AXE-BIND-005", bench.axe.bind(binding.a, binding.x), "second bind of A on X")
        other = other_extension(bench, binding.extension)
        refused(bench, "AXE-BIND-005", bench.axe.bind(binding.a, binding.x, other), "second bind of A on X")
    answer = bench.axe.query(virtualNum=binding.x, extendNum=other)
    bench.claim("AXE-BIND-005", not answer.ok, f"the refused bind took the extension {other}")


@check("AXE-BIND-008")
def test_the_same_a_on_another_x(bench: Bench) -> None:
    """A is bound on several X, with an extension on each."""
    a = bench.user()
    bindings = [bound(bench, a, number.number, by="AXE-BIND-008") for number in bench.axe.app.numbers]
    for binding in bindings:
        is_there(bench, "AXE-BIND-008", binding, "A on several X")


@check("AXE-BIND-007")
def test_several_a_on_one_x(bench: Bench) -> None:
    """Several A are bound on one X, each with an extension of its own."""
    bindings = [bound(bench, by="AXE-BIND-007") for _ in range(5)]
    extensions = {binding.extension for binding in bindings}
    bench.claim("AXE-BIND-007", len(extensions) == 5, f"five A have the extensions {sorted(extensions)}")
    for binding in bindings:
        is_there(bench, "AXE-BIND-007", binding, "five A on one X")


@check("AXE-BIND-102", "AXE-BIND-105", "AXE-BIND-106")
def test_an_exhausted_x(bench: Bench) -> None:
    """With extensions of one digit the tenth A on X is refused; when one is dissolved its place can be had again."""
    app = bench.axe.one_digit_app
    bindings = [bound(bench, app=app, by="AXE-BIND-102") for _ in range(9)]
    extensions = sorted(binding.extension for binding in bindings)
    bench.claim("AXE-BIND-105", "0" not in extensions, f"nine A have the extensions {extensions}")
    bench.claim("AXE-BIND-102", extensions == list("123456789"), f"nine A have the extensions {extensions}")
    x = bindings[0].x
    with unchanged(bench, "AXE-BIND-106", *bindings, app=app):
        refused(bench, "AXE-BIND-106", bench.axe.bind(bench.user(), x, app=app), "a tenth A on X")
        refused(bench, "AXE-BIND-106", bench.axe.bind(bench.user(), x, "", app=app), "a tenth A on X")
    freed = bindings[4]
    succeeds(bench, "AXE-UNBIND-001", bench.axe.unbind(subscriptionId=freed.sub, app=app), "unbind on a full X")
    again = bound(bench, app=app, by="AXE-BIND-102")
    bench.claim("AXE-BIND-102", again.extension == freed.extension, f"{freed.extension} is free, got {again.extension}")


@check("AXE-BIND-010")
def test_an_x_of_another_application(bench: Bench) -> None:
    """A bind on another application's X is refused and does not stand in its owner's way."""
    theirs = bench.axe.second_app
    a, x = bench.user(), bench.axe.x(app=theirs)
    refused(bench, "AXE-BIND-010", bench.axe.bind(a, x), "bind on a foreign X")
    bound(bench, a, x, app=theirs, by="AXE-BIND-010")
    refused(bench, "AXE-BIND-010", bench.axe.bind(bench.user(), x), "bind on a foreign X that has a binding")


@check("AXE-BIND-108")
@pytest.mark.parametrize("unit", [{}, {"timeUnit": "0"}], ids=str)
def test_hours(bench: Bench, unit: dict[str, Any]) -> None:
    """In hours bindExpiredTime 0, 1 and 720 are accepted, 721 and -1 are not."""
    for hours in (0, 1, 720):
        bound(bench, by="AXE-BIND-108", bindExpiredTime=hours, **unit)
    for hours in (721, 43200, -1):
        answer = bench.axe.bind(bench.user(), bench.axe.x(), bindExpiredTime=hours, **unit)
        refused(bench, "AXE-BIND-108", answer, f"bindExpiredTime of {hours} hours")


@check("AXE-BIND-109")
def test_minutes(bench: Bench) -> None:
    """In minutes bindExpiredTime 0, 1, 721 and 43200 are accepted, 43201 and -1 are not."""
    for minutes in (0, 1, 721, 43200):
        bound(bench, by="AXE-BIND-109", timeUnit="1", bindExpiredTime=minutes)
    for minutes in (43201, -1):
        answer = bench.axe.bind(bench.user(), bench.axe.x(), timeUnit="1", bindExpiredTime=minutes)
        refused(bench, "AXE-BIND-109", answer, f"bindExpiredTime of {minutes} minutes")


@check("AXE-BIND-111")
@pytest.mark.parametrize(("unit", "longest", "life"), [("0", 168, 720), ("1", 10080, 43200)])
def test_callback_times(bench: Bench, unit: str, longest: int, life: int) -> None:
    """CallbackExpiredTime 0 to 168 hours, or 10080 minutes, is accepted; one more is not, at bind and at modify."""
    for time in (0, 1, longest):
        binding = bound(bench, by="AXE-BIND-111", timeUnit=unit, bindExpiredTime=life, callbackExpiredTime=time)
        answer = bench.axe.modify(binding.sub, timeUnit=unit, callbackExpiredTime=time)
        succeeds(bench, "AXE-BIND-111", answer, f"modify of callbackExpiredTime to {time}, timeUnit {unit}")
    for time in (longest + 1, -1):
        fields: dict[str, Any] = {"timeUnit": unit, "callbackExpiredTime": time}
        answer = bench.axe.bind(bench.user(), bench.axe.x(), bindExpiredTime=0, **fields)
        refused(bench, "AXE-BIND-111", answer, f"bind with callbackExpiredTime {time}, timeUnit {unit}")
        answer = bench.axe.modify(binding.sub, **fields)
        refused(bench, "AXE-BIND-111", answer, f"modify to callbackExpiredTime {time}, timeUnit {unit}")


@check("AXE-BIND-021", needs=("application_settings",))
def test_recording_is_not_open(bench: Bench) -> None:
    """Where the application has no recording, recordFlag true is refused or records nothing."""
    bench.set_application(bench.axe.app, recording=False)
    a, x = bench.user(), bench.axe.x()
    answer = bench.axe.bind(a, x, recordFlag="true", recordHintTone=bench.axe.tone())
    if not answer.ok:
        refused(bench, "AXE-BIND-021", answer, "recordFlag true without recording")
        bound(bench, a, by="AXE-BIND-021")
        return
    if not {"calls", "receiver", "clock"} <= bench.capabilities:
        return
    fields: dict[str, Any] = {"recordFlag": "true", "recordHintTone": bench.axe.tone()}
    call = answered(bench, bound(bench, a, bench.axe.x(1), by="AXE-BIND-021", **fields), hang_up_after=30)
    cdr = cdr_of(bench, call, "AXE-CDR-001")
    came = (cdr.get("recordFlag"), cdr.get("recordObjectName"))
    bench.claim("AXE-BIND-021", came[0] in (0, None) and not came[1], f"the CDR shows the recording {came}")


@check("AXE-BIND-028")
def test_a_fixed_line(bench: Bench) -> None:
    """A fixed line is accepted as A and shown by a query."""
    binding = bound(bench, bench.user("fixed_line"), by="AXE-BIND-028")
    shows(bench, "AXE-BIND-028", binding, bindNum=binding.a)


@check("AXE-BIND-022", needs=("recording",))
@pytest.mark.parametrize("flag", ["true", "false", True, False])
def test_flags_and_modes_of_real_programs(bench: Bench, flag: Any) -> None:
    """RecordFlag comes as text and as JSON boolean, displayNumMode as "0" and as 0; both count."""
    for mode in ("0", 0):
        binding = bound(bench, by="AXE-BIND-022", recordFlag=flag, displayNumMode=mode)
        shows(bench, "AXE-BIND-022", binding, recordFlag=str(flag).lower() == "true", displayNumMode="0")


@check("AXE-BIND-029")
@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_x(bench: Bench, status: str) -> None:
    """While X is suspended, unavailable or frozen it takes no binding; afterwards it does."""
    a, x = bench.user(), bench.axe.x()
    bench.set_number(x, status)
    refused(bench, "AXE-BIND-029", bench.axe.bind(a, x), f"bind on an X of status {status}")
    bench.set_number(x, "5")
    bound(bench, a, x, by="AXE-BIND-029")


@check("AXE-BIND-027", "AXE-BIND-001")
@pytest.mark.parametrize("number", GLOBAL_SERVICE_NUMBERS)
def test_service_numbers(bench: Bench, number: str) -> None:
    """A 400 or 95 number is refused, or it is bound and its extension does not lead to it."""
    binding = bound(bench)
    with unchanged(bench, "AXE-BIND-027", binding):
        answer = bench.axe.bind(service_number(bench, number), binding.x)
    if not answer.ok:
        refused(bench, "AXE-BIND-027", answer, f"bind of {number}")
        return
    if "calls" not in bench.capabilities:
        raise NotExercised("the number was bound; whether calls reach it is not seen without a driver", "calls")
    call = entered(bench, bench.call(bench.user(), binding.x, digits=[str(answer["extendNum"])]))
    bench.claim("AXE-BIND-027", call.forwarded_to is None, f"X and extension reached {call.forwarded_to}")


@check("AXE-BIND-030", needs=("application_settings",))
@pytest.mark.parametrize("name", ["callbackTone", "recordHintTone"])
def test_an_unknown_tone(bench: Bench, name: str) -> None:
    """A tone that was not uploaded is refused with 1010002; when it is uploaded it is taken."""
    app = bench.axe.app
    bench.set_application(app, tones=["wait.wav"], recording=True)
    beside: dict[str, Any] = {"recordFlag": "true"} if name == "recordHintTone" else {}
    a, x = bench.user(), bench.axe.x()
    answer = bench.axe.bind(a, x, **(beside | {name: "no-such-tone.wav"}))
    refused(bench, "AXE-BIND-030", answer, f"{name} that was not uploaded", "1010002")
    bound(bench, a, x, by="AXE-BIND-030", **(beside | {name: "wait.wav"}))


@check("AXE-BIND-006")
def test_a_bind_takes_effect_at_once(bench: Bench) -> None:
    """A call directly after the bind reaches A."""
    reaches(bench, "AXE-BIND-006", bound(bench, by="AXE-BIND-006"))


@check("AXE-BIND-001", needs=("other_mode_application",))
def test_application_of_another_mode(bench: Bench) -> None:
    """The application of another mode is answered with 403/1010040."""
    bound(bench)
    theirs = bench.axe.other_mode_app
    assert theirs is not None
    if not theirs.numbers:
        raise NotExercised("the application of another mode has no X of its own")
    x = theirs.numbers[0].number  # with a foreign X, and with a binding that is not theirs, there is another fault
    answer = bench.axe.bind(bench.user(), x, app=theirs)
    ok = answer.key == "403/1010040"
    bench.claim("COM-AUTH-025", ok, f"application of mode {theirs.mode}: expected 403/1010040, came {answer.key}")
    answer = bench.axe.query(virtualNum=x, extendNum=other_extension(bench), app=theirs)
    refused(bench, "COM-AUTH-025", answer, f"query by one of mode {theirs.mode}")


@check("AXE-BIND-101", "AXE-BIND-103", needs=("second_application",))
def test_an_extension_of_another_application(bench: Bench) -> None:
    """What is bound on another application's X does not take the extension here."""
    theirs = bound(bench, app=bench.axe.second_app)
    digits = bench.axe.app.extension_digits
    bound(bench, extension=theirs.extension.zfill(digits)[:digits], by="AXE-BIND-101")
    answer = bench.axe.bind(bench.user(), theirs.x, theirs.extension, app=bench.axe.second_app)
    refused(bench, "AXE-BIND-103", answer, "second bind of the extension by its owner")


@check("AXE-BIND-015", needs=("application_settings", "recording"))
@pytest.mark.parametrize("name", STRANGE_TONES.values(), ids=STRANGE_TONES.keys())
def test_a_strange_tone_name(bench: Bench, name: str) -> None:
    """Where every tone counts as uploaded, a name that no file can have is refused at bind and at modify."""
    bench.set_application(bench.axe.app, tones=None)
    binding = bound(bench)
    for field in ("recordHintTone", "callbackTone"):
        fields = {"recordFlag": "true", field: name}
        answer = bench.axe.bind(bench.user(), binding.x, **fields)
        refused(bench, "AXE-BIND-015", answer, f"bind with {field} {name}", "1010002")
        refused(bench, "AXE-BIND-015", bench.axe.modify(binding.sub, **fields), f"modify to {field} {name}", "1010002")
