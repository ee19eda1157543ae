"""Settings of a binding: values that are taken, and that a query shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import CLOCKS_APART
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.binding import AnyBinding
    from privnum.suites.checks.bindings.profile import BindingProfile

DIRECTIONS, MINUTES = (0, 1, 2), (0, 1, 1440)
VOICE = ("callerHintTone", "calleeHintTone")


LONGEST = 20
"""Characters of a field in the name of a case."""


def label(fields: Mapping[str, Any]) -> str:
    """What to call a case with these fields."""
    return " ".join(f"{name} {value}"[:LONGEST] for name, value in fields.items())


def case_labelled(cases: Iterable[Mapping[str, Any]], wanted: str) -> Mapping[str, Any]:
    """The fields of the case that is called so."""
    return next(fields for fields in cases if label(fields) == wanted)


# ── what is taken ────────────────────────────────────────────────────────────────────────────────────────────────────


@check_each_mode(BINDINGS, "BIND-017")
def test_directions(mode: BindingProfile) -> None:
    """CallDirection 0, 1 and 2 are taken."""
    for direction in DIRECTIONS:
        mode.bind_users(callDirection=direction, by="BIND-017")


@check_each_mode(BINDINGS, "BIND-020")
def test_max_durations(mode: BindingProfile) -> None:
    """The ends of the range of maxDuration are taken."""
    for minutes in MINUTES:
        mode.bind_users(maxDuration=minutes, by="BIND-020")


def has_numbers(mode: type[BindingProfile]) -> bool:
    """Whether a bind of the mode has numbers that may come as text."""
    return bool(mode.numbers_as_text)


@check_each_mode(BINDINGS, "BIND-009", where=has_numbers)
def test_numbers_as_text(mode: BindingProfile) -> None:
    """Numbers are taken as decimal text."""
    answer = mode.bind(**mode.numbers_as_text)
    mode.succeeds("BIND-009", answer, f"{' and '.join(mode.numbers_as_text)} as text")


def has_flags(mode: type[BindingProfile]) -> bool:
    """Whether a bind of the mode has flags."""
    return bool(mode.flags)


def flags_of(mode: BindingProfile, value: str | bool) -> dict[str, Any]:
    """Each flag that may be set, with that value."""
    return {name: value for name in mode.flags if name != "recordFlag" or mode.app.recording}


@check_each_mode(BINDINGS, "BIND-022", where=has_flags)
@pytest.mark.parametrize("value", ["true", "false", True, False], ids=repr)
def test_flags_are_text_or_boolean(mode: BindingProfile, value: str | bool) -> None:
    """RecordFlag and privateSms mean the same as text and as boolean."""
    flags = flags_of(mode, value)
    binding = mode.bind_users(by="BIND-022", **flags)
    means(mode, "BIND-022", binding, flags)


@check_each_mode(BINDINGS, "MODIFY-004", where=has_flags, needs=())
@pytest.mark.parametrize("value", [True, False], ids=repr)
def test_flags_of_a_modify(mode: BindingProfile, value: bool) -> None:
    """So are they at modify."""
    flags = flags_of(mode, value)
    binding = mode.bind_users(**flags_of(mode, str(not value).lower()))
    answer = mode.modify(binding.sub, **flags)
    if mode.succeeds("MODIFY-004", answer, f"modify of {sorted(flags)} to {value!r}"):
        means(mode, "MODIFY-004", binding, flags)


def means(mode: BindingProfile, rule: str, binding: AnyBinding, flags: Mapping[str, Any]) -> None:
    """Claim that a query shows these flags, as text or boolean.

    A query need not show them.
    """
    info = mode.info("QUERY-001", binding)
    shown = {name: str(info[name]).lower() for name in flags if name in info}
    ok = all(value == str(flags[name]).lower() for name, value in shown.items())
    mode.claim(rule, ok, f"expected {dict(flags)}, the query shows {shown}")


def ends(mode: type[BindingProfile]) -> Iterable[str]:
    """The ends of each range at modify."""
    return map(label, mode.ends_at_modify)


def has_ends(mode: type[BindingProfile]) -> bool:
    """Whether a modify of the mode has ranges that are published."""
    return bool(mode.ends_at_modify)


@check_each_mode(BINDINGS, "MODIFY-008", where=has_ends, cases=("named", ends))
def test_ends_of_ranges_at_modify(mode: BindingProfile, named: str) -> None:
    """The ends of each range are taken at modify, too."""
    fields = case_labelled(mode.ends_at_modify, named)
    mode.succeeds("MODIFY-008", mode.modify(mode.bind_users().sub, **fields), f"modify to {named}")


# ── recording ────────────────────────────────────────────────────────────────────────────────────────────────────────


def may_ignore(mode: type[BindingProfile]) -> bool:
    """Whether recordFlag may pass where nothing is recorded.

    Whether recordFlag need not be refused where the application has no recording.
    """
    return mode.may_ignore_recording


@check_each_mode(BINDINGS, "BIND-021", where=may_ignore, needs=("application_settings",))
def test_bind_without_recording(mode: BindingProfile) -> None:
    """Without the application's recording recordFlag true records nothing.

    Or it is refused.
    """
    mode.context.set_application(mode.app, recording=False)
    body = mode.body()
    recorded = {**body, "recordFlag": "true", "recordHintTone": mode.side.tone()}
    answer = mode.ask("bind", body=recorded)
    if not records_nothing(mode, "BIND-021", answer, [mode.read(recorded, answer)] if answer.ok else []):
        mode.bind_users(**body, by="BIND-021")


@check_each_mode(BINDINGS, "MODIFY-011", where=may_ignore, needs=("application_settings",))
def test_modify_without_recording(mode: BindingProfile) -> None:
    """Without the application's recording a modify to record does nothing.

    Or it is refused.
    """
    binding = mode.bind_users(recordHintTone=mode.side.tone())
    mode.context.set_application(mode.app, recording=False)
    answer = mode.modify(binding.sub, recordFlag="true")
    records_nothing(mode, "MODIFY-011", answer, [binding])


def records_nothing(mode: BindingProfile, rule: str, answer: Answer, bound: Sequence[AnyBinding]) -> bool:
    """Claim that recordFlag true was refused or had no effect.

    No effect: the CDR of a call shows no recording. Return whether it was taken.
    """
    if not answer.ok:
        mode.claim_refused(rule, answer, "recordFlag true without recording")
        return False
    if {"calls", "receiver", "clock"} <= mode.context.capabilities:
        cdr = mode.cdr(mode.through(bound[0], hang_up_after=30))
        came = (cdr.get("recordFlag"), cdr.get("recordObjectName"))
        mode.claim(rule, came[0] in (0, None) and not came[1], f"the CDR shows the recording {came}")
    return True


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


@check_each_mode(BINDINGS, "QUERY-002")
def test_subscribe_time(mode: BindingProfile) -> None:
    """SubscribeTime is the time of the bind, in UTC or UTC+8."""
    context = mode.context
    slack = timedelta(seconds=1 if context.controls_clock else CLOCKS_APART)
    before = context.now() - slack
    binding = mode.bind_users()
    after = context.now() + slack
    info = mode.info("QUERY-002", binding)
    if not mode.is_shown(info, "subscribeTime"):
        return
    text = info["subscribeTime"]
    at = seconds(text)
    mode.claim("QUERY-002", at is not None, f"subscribeTime: expected yyyy-MM-dd HH:mm:ss, came {text!r}")
    ok = any(before.timestamp() <= (at or 0) - zone <= after.timestamp() for zone in (0, CHINA))
    mode.claim("QUERY-002", ok, f"bound between {before} and {after}, subscribeTime is {text}")


def settings(mode: type[BindingProfile]) -> Iterable[str]:
    """Settings of a bind that a query shows."""
    return map(label, mode.settings_shown)


def has_settings(mode: type[BindingProfile]) -> bool:
    """Whether a query of the mode shows settings of a bind."""
    return bool(mode.settings_shown)


@check_each_mode(BINDINGS, "QUERY-003", "QUERY-008", where=has_settings, cases=("named", settings))
def test_what_was_set_is_shown(mode: BindingProfile, named: str) -> None:
    """A query shows each setting as bound, and after a modify the new one."""
    fields = case_labelled(mode.settings_shown, named)
    mode.shows("QUERY-003", mode.bind_users(**fields), **fields)
    if fields.keys() <= {*mode.optional}:
        plain = mode.bind_users()
        answer = mode.modify(plain.sub, **fields)
        mode.succeeds("QUERY-003", answer, f"modify of {', '.join(fields)}")
        mode.shows("QUERY-003", plain, **fields)


def has_pre_voice(mode: type[BindingProfile]) -> bool:
    """Whether a bind of the mode has preVoice."""
    return "preVoice" in (*mode.optional, *mode.at_bind)


@check_each_mode(BINDINGS, "QUERY-003", where=has_pre_voice)
def test_tones_are_shown(mode: BindingProfile) -> None:
    """A query shows preVoice as it was bound."""
    voice = {name: mode.side.tone() for name in VOICE}
    mode.shows("QUERY-003", mode.bind_users(preVoice=voice), preVoice=voice)


@check_each_mode(BINDINGS, "QUERY-003", where=has_flags, needs=("recording",))
def test_recording_is_shown(mode: BindingProfile) -> None:
    """A query shows recordFlag, true and false."""
    for flag in (True, False):
        mode.shows("QUERY-003", mode.bind_users(recordFlag=str(flag).lower()), recordFlag=flag)


@check_each_mode(BINDINGS, "MODIFY-005", needs=("two_x",))
def test_modify_changes_one_binding(mode: BindingProfile) -> None:
    """A modify of everything leaves every other binding as it is.

    A modify of everything leaves the same users on another X, and other users, as they are.
    """
    binding = mode.bind_users(**{mode.x_field: mode.side.x(0)})
    twin = mode.bind_users(**mode.users_as_fields(binding.users), **{mode.x_field: mode.side.x(1)}, callDirection=1)
    others = (twin, mode.bind_users())
    before = [mode.info("MODIFY-005", one) for one in others]
    for change in mode.changes():
        mode.succeeds("MODIFY-005", mode.modify(binding.sub, **change), f"modify of {sorted(change)}")
    after = [mode.info("MODIFY-005", one) for one in others]
    mode.claim("MODIFY-005", before == after, f"other bindings were {before}, are {after}")
