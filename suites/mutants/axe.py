"""Seeded bugs of AXE."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver import extensions
from privnum.mockserver.modes import axe, axe_changes, axe_times
from privnum.suites.mutants.model import Mutant

if TYPE_CHECKING:
    from privnum.mockserver.applications import Application, XNumber
    from privnum.mockserver.extensions import Extension, LastCall
    from privnum.mockserver.modes import Params
    from privnum.mockserver.readings import Readings

__all__ = ["MUTANTS"]

Patch = AbstractContextManager[object]


def _without(word: str) -> Patch:
    """Bind without one of its faults."""
    fault = axe_changes.BIND_FAULTS[word]
    return patch.dict(axe_changes.BIND_FAULTS, {word: (lambda _: False, *fault[1:])})


def _any_length() -> Patch:
    """The application's number of digits is not looked at."""
    wanted = axe_changes._wanted_digits

    def lenient(readings: Readings, app: Application, params: Params) -> str | None:
        digits = params.get("extendNum")
        fits = not digits or len(digits) == app.extension_digits
        return wanted(readings, app, params) if fits else digits

    return patch.object(axe_changes, "_wanted_digits", lenient)


def _from_zero() -> Patch:
    text = extensions.extension_text
    return patch.object(extensions, "extension_text", lambda value, digits: text(max(0, value - 1), digits))


def _both_at_bind() -> Patch:
    """CallbackTone and callbackNum at bind: the number wins, as at modify."""
    bind = axe.HANDLERS["axe.bind"]

    def check(readings: Readings, params: Params) -> None:
        if bind.check is not None:
            bind.check(readings, {name: params[name] for name in params if name != "callbackTone"})

    return patch.dict(axe.HANDLERS, {"axe.bind": bind._replace(check=check)})


def _first_caller_stays() -> Patch:
    write = axe._write_record

    def keep(readings: Readings, a: Extension, caller: str, moment: str, now_ms: int) -> None:
        if a.last_call is None:
            write(readings, a, caller, moment, now_ms)

    return patch.object(axe, "_write_record", keep)


def _one_record_an_x() -> Patch:
    write = axe._write_record

    def everybody(readings: Readings, a: Extension, caller: str, moment: str, now_ms: int) -> None:
        for each in a.x.extensions.by_user.values() if a.x.extensions else ():
            write(readings, each, caller, moment, now_ms)

    return patch.object(axe, "_write_record", everybody)


def _record_for_ever() -> Patch:
    record = axe_times.record

    def endless(readings: Readings, extension: Extension, caller: str, written_ms: int) -> LastCall | None:
        found = record(readings, extension, caller, written_ms)
        return found and found._replace(until_ms=0)

    return patch.object(axe, "record", endless)


def _tone_before_number() -> Patch:
    def chosen(a: Extension | None) -> str:
        if a is None:
            return "none"
        return "tone" if a.callback_tone else "number" if a.callback_num else "none"

    return patch.object(axe, "_set_for_no_record", chosen)


def _application_not_asked() -> Patch:
    rows = [row for row in axe.CALL_TABLE if row.rule != "AXE-CALLBACK-007"]
    return patch.object(axe, "CALL_TABLE", (*rows[:-1], rows[-1]._replace(app=None)))


def _fixed_line_calls_back() -> Patch:
    rows = tuple(row for row in axe.CALL_TABLE if row.rule != "AXE-CALLBACK-009")
    return patch.object(axe, "CALL_TABLE", rows)


def _minutes_are_hours() -> Patch:
    return patch.object(axe_times, "_SECONDS", (3600, 3600))


def _asks_three_times() -> Patch:
    def again(_readings: Readings, _x: XNumber, entries: tuple[str, ...]) -> bool:
        return len(entries) < 3

    return patch.object(axe, "_asked_again", again)


def _empty_clears_nothing() -> Patch:
    set_fields = axe_changes._set_fields

    def carried(binding: Extension, params: Any) -> None:
        set_fields(binding, {name: value for name, value in params.items() if value != ""})

    return patch.object(axe_changes, "_set_fields", carried)


def _binding_in_callin() -> Patch:
    return patch.object(axe.AXECalls, "callin_names_binding", True)


def _nobody_asked() -> Patch:
    """A without a record is asked for an extension like anybody else."""
    find = axe.AXECalls.route

    def route(self: axe.AXECalls, readings: Readings, x: XNumber, caller: str, now_ms: int) -> Any:
        a = x.extensions.by_user.get(caller) if x.extensions else None
        stranger = "+8613000000000" if a is not None and a.caller_at(now_ms) is not None else caller
        return find(self, readings, x, stranger, now_ms)

    return patch.object(axe.AXECalls, "route", route)


def _mutant(name: str, breaks: str, story: str, seed: Any) -> Mutant:
    return Mutant(f"axe-{name}", breaks, story, seed, "AXE")


MUTANTS = (
    _mutant("taken-extension", "AXE-BIND-006", "An extension is bound twice.", lambda: _without("extension")),
    _mutant("any-length", "AXE-BIND-007", "An extension of another length is taken.", _any_length),
    _mutant("from-zero", "AXE-BIND-008", "Extensions are allocated from 0 on.", _from_zero),
    _mutant("same-a-twice", "AXE-BIND-009", "A gets a second extension on an X.", lambda: _without("user")),
    _mutant("both-at-bind", "AXE-BIND-017", "A bind may carry callbackTone and callbackNum.", _both_at_bind),
    _mutant("minutes-are-hours", "AXE-LIFE-002", "timeUnit 1 counts hours.", _minutes_are_hours),
    _mutant("tone-before-number", "AXE-MODIFY-004", "callbackTone goes before callbackNum.", _tone_before_number),
    _mutant(
        "empty-clears-nothing", "AXE-MODIFY-005", "An empty callbackNum leaves the old one.", _empty_clears_nothing
    ),
    _mutant("asks-three-times", "AXE-CALL-007", "Everybody is asked three times.", _asks_three_times),
    _mutant("a-is-asked", "AXE-CALLBACK-001", "A with a record is asked for an extension.", _nobody_asked),
    _mutant(
        "first-caller-stays", "AXE-CALLBACK-002", "The first caller stays the one called back.", _first_caller_stays
    ),
    _mutant("one-record-an-x", "AXE-CALLBACK-003", "A call to one A is a record of all.", _one_record_an_x),
    _mutant(
        "application-not-asked", "AXE-CALLBACK-007", "The application's setting is not used.", _application_not_asked
    ),
    _mutant("record-for-ever", "AXE-CALLBACK-008", "A call-back record does not expire.", _record_for_ever),
    _mutant("fixed-line-calls-back", "AXE-CALLBACK-009", "A on a fixed line calls back.", _fixed_line_calls_back),
    _mutant("binding-in-callin", "AXE-EVENT-004", "callin names the binding.", _binding_in_callin),
)
