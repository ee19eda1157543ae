"""Seeded bugs of AXE's bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core import number_selection as pool
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import bindings as extensions
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.modes.axe import number_selection as axe_selection
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension, Extensions, extensions_of
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.mockserver.pushes.bodies import Notifier
from privnum.suites.mutation.axe.operators import by_user, fault_stands, mutant, seen_by_callers
from privnum.suites.mutation.operators import (
    any_user_data,
    around,
    bent_answer,
    bent_params,
    bent_schema,
    together,
    tone_with_path,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS", "recorded_anyway"]

BindRequest = axe_bind.BindRequest


def _never(_: object) -> bool:
    return False


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────

#: Fields of the answer, and the rule that is broken where they lack.
ANSWER_FIELDS = {
    "subscriptionId": "AXE-BIND-001",
    "virtualNum": "AXE-BIND-001",
    "extendNum": "AXE-BIND-001",
    "bindExpiredTime": "AXE-BIND-002",
    "callbackExpiredTime": "AXE-BIND-002",
}


def _without_field(name: str) -> Seed:
    return lambda: bent_answer("axe.bind", lambda fields: fields.pop(name))


def _not_entered() -> Patch:
    """The bind is answered, and the binding is entered nowhere."""

    def perform(serve: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = serve(world, app, params)
        binding = world.bindings.get(fields["subscriptionId"])
        if binding is not None:
            world.unbind(binding)
        return fields

    return around("axe.bind", perform)


def _times_as_text() -> Patch:
    def bend(fields: Fields) -> None:
        for name in ("bindExpiredTime", "callbackExpiredTime"):
            fields[name] = str(fields[name])

    return bent_answer("axe.bind", bend)


def _a_for_nobody() -> Patch:
    return bent_params("axe.bind", lambda params: params.setdefault("bindNum", "+8613000000000"))


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


def _on_any_x(wish: BindRequest) -> list[Extensions]:
    return [held for x in wish.app.numbers if (held := extensions_of(x)) is not None]


def _taken_anywhere(wish: BindRequest) -> bool:
    return any(wish.digits in held.by_digits for held in _on_any_x(wish))


def _bound_anywhere(wish: BindRequest) -> bool:
    return any(wish.a in held.by_user for held in _on_any_x(wish))


def _any_length() -> Patch:
    """The application's number of digits is not looked at."""
    wanted = axe_bind._wanted_digits

    def lenient(assumptions: Assumptions, app: Application, params: Params) -> str | None:
        digits = params.get("extendNum")
        fits = not digits or len(digits) == settings_of(app).extension_digits
        return wanted(assumptions, app, params) if fits else digits

    return patch.object(axe_bind, "_wanted_digits", lenient)


def _from_zero() -> Patch:
    text = extensions.extension_text
    return patch.object(extensions, "extension_text", lambda value, digits: text(max(0, value - 1), digits))


def _empty_is_there() -> Patch:
    bind = axe.HANDLERS["axe.bind"]._replace(clears=frozenset({"extendNum"}))
    return patch.dict(axe.HANDLERS, {"axe.bind": bind})


def _as_many_as_there_are() -> Patch:
    """The extension that is allocated is the number of those that are bound, and one."""

    def next_one(held: Extensions) -> str:
        return extensions.extension_text(len(held.by_digits) + 1, held._digits)

    return patch.object(Extensions, "free_one", next_one)


def _oldest_gives_way(wish: BindRequest) -> bool:
    """A full X takes a further A, for whom the binding that is there longest is dissolved."""
    held = extensions_of(wish.x)
    if held is not None and held.is_full and wish.a not in held.by_user:
        wish.world.unbind(next(iter(held.by_digits.values())))
    return False


# ── X ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _first_x() -> Patch:
    """The areaCode is not looked at."""

    def first(app: Application, area: str | None, *, loose: bool) -> list[Sequence[XNumber]]:  # noqa: ARG001
        return [app.numbers[:1]]

    return patch.object(axe_selection, "tiers", first)


def _loose_unless_strict(params: Params) -> None:
    params.setdefault("areaMatchMode", "1")


def _without_tier(place: int) -> Patch:
    """Look for an X in all tiers but one: 0 the area, 1 the province, 2 all. The last X is taken first."""
    right = pool.tiers

    def fewer(app: Application, area: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
        found = right(app, area, loose=loose)
        kept = [tier for tier in found if tier is not found[place]] if len(found) > place else found
        return [tier[-1:] for tier in kept]

    return patch.object(axe_selection, "tiers", fewer)


def _area_wins(params: Params) -> None:
    if "areaCode" in params:
        params.pop("virtualNum", None)


def _anybodys_x() -> Patch:
    right = axe_bind._own_x

    def any_x(world: World, app: Application, number: str) -> XNumber:
        return world.numbers.get(number) or right(world, app, number)

    return patch.object(axe_bind, "_own_x", any_x)


# ── ranges and enumerations ──────────────────────────────────────────────────────────────────────────────────────────


def _clamped(unit: tuple[object, ...], longest: int, name: str = "bindExpiredTime") -> Patch:
    """A time out of range counts as the nearest one that is within."""

    def bend(params: Params) -> None:
        time = params.get(name)
        if params.get("timeUnit") in unit and type(time) is int:
            params[name] = min(max(time, 0), longest)

    return bent_params("axe.bind", bend)


def _text_only(params: Params) -> None:
    """Let nobody send a flag as JSON boolean."""
    if isinstance(params.get("recordFlag"), bool):
        raise Refusal("403/1010002", 'recordFlag must be "true" or "false".')


def _else_absent(name: str) -> Patch:
    """What is no value of an enumeration counts as absent."""

    def bend(params: Params) -> None:
        if params.get(name) not in ("0", "1", 0, 1):
            params.pop(name, None)

    return bent_params("axe.bind", bend)


def _cut(name: str, length: int) -> Seed:
    def bend(params: Params) -> None:
        if isinstance(params.get(name), str):
            params[name] = params[name][:length]

    return lambda: bent_params("axe.bind", bend)


def _left_out(name: str, length: int) -> Seed:
    def bend(params: Params) -> None:
        if len(str(params.get(name))) > length:
            del params[name]

    return lambda: bent_params("axe.bind", bend)


def recorded_anyway() -> Patch:
    """Calls of a binding with recordFlag are recorded, whatever the application has."""
    add = Notifier._add_recording

    def adding(bodies: Notifier, fee: Fields, call: Call) -> None:
        app = call.x.app
        was, app.recording = app.recording, True
        add(bodies, fee, call)
        app.recording = was

    return patch.object(Notifier, "_add_recording", adding)


def _both_at_bind() -> Patch:
    """CallbackTone and callbackNum at bind: the number wins, as at modify."""
    bind = axe.HANDLERS["axe.bind"]

    def check(assumptions: Assumptions, params: Params) -> None:
        if bind.check is not None:
            bind.check(assumptions, {name: params[name] for name in params if name != "callbackTone"})

    return patch.dict(axe.HANDLERS, {"axe.bind": bind._replace(check=check)})


def _effect_after_a_minute() -> Patch:
    """Calls learn of a binding with the next run of a job, a minute later."""

    def old(_call: Call, held: dict[str, Extension], now_ms: int) -> dict[str, Extension]:
        return {digits: each for digits, each in held.items() if now_ms - each.subscribed_ms >= 60_000}

    return seen_by_callers(old)


#: Of which parameter so many characters count where it is too long.
CLIPPED = {"bindNum": 14, "callbackNum": 14, "areaCode": 4, "extendNum": 4, "userData": 256}
#: Which parameter does not count where it is longer than so many characters.
LEFT_OUT = {"callbackTone": 128, "recordHintTone": 128}

MUTANTS = (
    *(
        mutant(f"bind-without-{name}", rule, f"The answer to a bind has no {name}.", _without_field(name))
        for name, rule in ANSWER_FIELDS.items()
    ),
    mutant("bind-not-entered", "AXE-BIND-001", "A bind is answered and not carried out.", _not_entered),
    mutant("bind-times-as-text", "AXE-BIND-002", "The answer to a bind tells the times as text.", _times_as_text),
    mutant("a-is-optional", "AXE-BIND-003", "A bind without bindNum is kept for nobody.", _a_for_nobody),
    mutant(
        "extension-not-asked",
        "AXE-BIND-101",
        "The platform picks the extension, whatever is asked for.",
        lambda: patch.object(axe_bind, "_wanted_digits", lambda *_: None),
    ),
    mutant(
        "extension-once-an-application",
        "AXE-BIND-101",
        "An extension that is bound on one X is taken on all.",
        lambda: fault_stands("extension", _taken_anywhere),
    ),
    mutant("allocated-by-count", "AXE-BIND-102", "What is allocated is the count, and one.", _as_many_as_there_are),
    mutant(
        "allocated-four-digits",
        "AXE-BIND-102",
        "Extensions are allocated with four digits everywhere.",
        lambda: patch.object(extensions, "extension_text", lambda value, _: f"{value:04d}"),
    ),
    mutant(
        "empty-extension",
        "AXE-BIND-102",
        "An empty extendNum is an extension of a wrong length.",
        _empty_is_there,
    ),
    mutant(
        "taken-extension", "AXE-BIND-103", "An extension is bound twice.", lambda: fault_stands("extension", _never)
    ),
    mutant("any-length", "AXE-BIND-104", "An extension of another length is taken.", _any_length),
    mutant("from-zero", "AXE-BIND-105", "Extensions are allocated from 0 on.", _from_zero),
    mutant("same-a-twice", "AXE-BIND-005", "A gets a second extension on an X.", lambda: fault_stands("user", _never)),
    mutant("a-on-one-x", "AXE-BIND-008", "A is bound on one X only.", lambda: fault_stands("user", _bound_anywhere)),
    mutant(
        "one-a-an-x",
        "AXE-BIND-007",
        "An X carries one A.",
        lambda: fault_stands("full", lambda wish: bool(by_user(wish.x))),
    ),
    mutant(
        "oldest-gives-way",
        "AXE-BIND-106",
        "On a full X the oldest binding gives way.",
        lambda: fault_stands("full", _oldest_gives_way),
    ),
    mutant("area-not-asked", "AXE-BIND-011", "The first X is given, whatever the area.", _first_x),
    mutant(
        "loose-by-default",
        "AXE-BIND-012",
        "Without areaMatchMode the match is loose.",
        lambda: bent_params("axe.bind", _loose_unless_strict),
    ),
    mutant("no-province", "AXE-BIND-013", "A loose match does not look at the province.", lambda: _without_tier(1)),
    mutant("province-only", "AXE-BIND-013", "A loose match ends with the province.", lambda: _without_tier(2)),
    mutant(
        "area-wins",
        "AXE-BIND-014",
        "With an areaCode virtualNum does not count.",
        lambda: bent_params("axe.bind", _area_wins),
    ),
    mutant("both-at-bind", "AXE-BIND-107", "A bind may carry callbackTone and callbackNum.", _both_at_bind),
    mutant("anybodys-x", "AXE-BIND-010", "A bind may be on another application's X.", _anybodys_x),
    mutant("hours-clamped", "AXE-BIND-108", "Too many hours are 720.", lambda: _clamped((None, "0", 0), 720)),
    mutant("minutes-clamped", "AXE-BIND-109", "Too many minutes are 43200.", lambda: _clamped(("1", 1), 43200)),
    mutant("any-unit", "AXE-BIND-110", "An unknown timeUnit counts hours.", lambda: _else_absent("timeUnit")),
    mutant(
        "recording-for-all",
        "AXE-BIND-021",
        "Whether the application has recording is not looked at.",
        lambda: together(lambda: fault_stands("recording", _never), recorded_anyway),
    ),
    mutant(
        "no-fixed-line",
        "AXE-BIND-028",
        "Mobiles only can be bound.",
        lambda: patch.object(parameters, "_BINDABLE", ("mobile",)),
    ),
    mutant(
        "service-numbers",
        "AXE-BIND-027",
        "400 and 95 numbers can be bound.",
        lambda: patch.object(parameters, "_BINDABLE", ("mobile", "fixed_line", "service")),
    ),
    *(
        mutant(
            f"long-{name}", "AXE-BIND-004", f"Of a {name} that is too long the beginning counts.", _cut(name, length)
        )
        for name, length in CLIPPED.items()
    ),
    *(
        mutant(f"long-{name}", "AXE-BIND-004", f"A {name} that is too long counts as absent.", _left_out(name, length))
        for name, length in LEFT_OUT.items()
    ),
    mutant("flags-are-text", "AXE-BIND-022", "A JSON boolean is no flag.", lambda: bent_params("axe.bind", _text_only)),
    mutant(
        "callback-hours-clamped",
        "AXE-BIND-111",
        "Too many hours of a call-back are 168.",
        lambda: _clamped(("0", 0), 168, "callbackExpiredTime"),
    ),
    mutant(
        "frozen-x-binds",
        "AXE-BIND-029",
        "An X that is frozen for binding takes bindings.",
        lambda: fault_stands("blocked", lambda wish: wish.x.status in NO_CALLS),
    ),
    mutant(
        "suspended-x-binds",
        "AXE-BIND-029",
        "A suspended X takes bindings.",
        lambda: fault_stands("blocked", lambda wish: wish.x.status not in {"5", *NO_CALLS}),
    ),
    mutant("tone-with-path", "AXE-BIND-015", "A tone may be named with a folder.", lambda: tone_with_path("axe.bind")),
    mutant(
        "any-tone",
        "AXE-BIND-030",
        "Whether a tone was uploaded is not looked at.",
        lambda: patch.object(axe_bind, "check_tones", lambda *_: None),
    ),
    mutant(
        "any-match-mode", "AXE-BIND-024", "An unknown areaMatchMode is strict.", lambda: _else_absent("areaMatchMode")
    ),
    mutant("any-display", "AXE-BIND-112", "An unknown displayNumMode is 0.", lambda: _else_absent("displayNumMode")),
    mutant("effect-later", "AXE-BIND-006", "A bind takes effect after a minute.", _effect_after_a_minute),
    mutant(
        "longer-record",
        "AXE-BIND-113",
        "A bind takes a record that outlives its binding.",
        lambda: patch.object(axe_times, "too_long", lambda *_: False),
    ),
    mutant("chinese", "AXE-BIND-026", "userData may be Chinese.", lambda: bent_schema("axe.bind", any_user_data)),
)
