"""Seeded bugs of bind that only AXE can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import bindings as axe_bindings
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import Extension, Extensions, extensions_of
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.suites.mutation.axe.operators import look_up_in
from privnum.suites.mutation.axe.server import SERVER, by_user, extensions_on
from privnum.suites.mutation.bindings.bind import count_as
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.bindings import stand_against_bind, widen_fault
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.requests import change_params, check_by, clear_by_empty

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Operator, ServerMode

__all__ = ["BUGS"]


def _never(_: object) -> bool:
    return False


# ── the extension ────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_taken_anywhere(_mode: ServerMode, wish: Any) -> bool:
    return any(one.digits == wish.digits for x in wish.app.numbers for one in extensions_on(x))


def _any_digits(*_: object) -> None:
    """Let the platform pick, whatever is asked for."""


def _take_any_length(right: Any, assumptions: Assumptions, app: Application, params: Params) -> Any:
    digits = params.get("extendNum")
    return right(assumptions, app, params) if not digits or len(digits) == settings_of(app).extension_digits else digits


def _text_from_0(right: Any, value: int, digits: int) -> Any:
    return right(max(0, value - 1), digits)


def _four_digits(value: int, _digits: int) -> str:
    return f"{value:04d}"


def _next_by_count(held: Extensions, *_: object) -> str:
    """Allocate the number of those that are bound, and one."""
    return axe_bindings.extension_text(len(held.by_digits) + 1, held._digits)


def _oldest_gives_way(wish: Any) -> bool:
    """Take a further A on a full X, and dissolve its oldest binding."""
    held = extensions_of(wish.x)
    if held is not None and held.is_full and wish.a not in by_user(wish.x):
        wish.world.unbind(extensions_on(wish.x)[0])
    return False


EXTENSIONS = (
    Bug(
        "extension-not-asked",
        "BIND-101",
        "The platform picks the extension, whatever is asked for.",
        replace(axe_bind, "_wanted_digits", _any_digits),
    ),
    Bug(
        "extension-once-an-application",
        "BIND-101",
        "An extension that is bound on one X is taken on all.",
        widen_fault("extension", _is_taken_anywhere),
    ),
    Bug(
        "allocated-by-count",
        "BIND-102",
        "What is allocated is the count, and one.",
        replace(Extensions, "free_one", _next_by_count),
    ),
    Bug(
        "allocated-four-digits",
        "BIND-102",
        "Extensions are allocated with four digits everywhere.",
        replace(axe_bindings, "extension_text", _four_digits),
    ),
    Bug(
        "empty-extension",
        "BIND-102",
        "An empty extendNum is an extension of a wrong length.",
        clear_by_empty("bind", "extendNum"),
    ),
    Bug("taken-extension", "BIND-103", "An extension is bound twice.", stand_against_bind("extension", _never)),
    Bug(
        "any-length",
        "BIND-104",
        "An extension of another length is taken.",
        wrap(axe_bind, "_wanted_digits", _take_any_length),
    ),
    Bug(
        "from-zero",
        "BIND-105",
        "Extensions are allocated from 0 on.",
        wrap(axe_bindings, "extension_text", _text_from_0),
    ),
    Bug("same-a-twice", "BIND-005", "A gets a second extension on an X.", stand_against_bind("bound", _never)),
    Bug(
        "oldest-gives-way",
        "BIND-106",
        "On a full X the oldest binding gives way.",
        stand_against_bind("full", _oldest_gives_way),
    ),
)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_0_or_1(value: object) -> bool:
    return value in ("0", "1", 0, 1)


def _clip_time(unit: tuple[object, ...], longest: int, name: str = "bindExpiredTime") -> Operator:
    """Take a time out of a unit's range for the nearest one within."""

    def clip(params: Params) -> None:
        time = params.get(name)
        if params.get("timeUnit") in unit and type(time) is int:
            params[name] = min(max(time, 0), longest)

    return change_params("bind", clip)


_RIGHT = SERVER.handler("bind")


def _never_too_long(*_: object) -> bool:
    return False


def _number_before_tone(assumptions: Assumptions, params: Params) -> None:
    """Let callbackNum win where callbackTone is beside it, as at modify."""
    if _RIGHT.check is not None:
        _RIGHT.check(assumptions, {name: params[name] for name in params if name != "callbackTone"})


def _older_than_a_minute(_call: Call, held: dict[str, Extension], now_ms: int) -> dict[str, Extension]:
    return {digits: each for digits, each in held.items() if now_ms - each.subscribed_ms >= 60_000}


VALUES = (
    Bug(
        "both-at-bind",
        "BIND-107",
        "A bind may carry callbackTone and callbackNum.",
        check_by("bind", _number_before_tone),
    ),
    Bug("hours-clipped", "BIND-108", "Too many hours are 720.", _clip_time((None, "0", 0), 720)),
    Bug("minutes-clipped", "BIND-109", "Too many minutes are 43200.", _clip_time(("1", 1), 43200)),
    Bug("any-unit", "BIND-110", "An unknown timeUnit counts hours.", count_as("bind", "timeUnit", None, _is_0_or_1)),
    Bug(
        "callback-hours-clipped",
        "BIND-111",
        "Too many hours of a call-back are 168.",
        _clip_time(("0", 0), 168, "callbackExpiredTime"),
    ),
    Bug(
        "any-display",
        "BIND-112",
        "An unknown displayNumMode is 0.",
        count_as("bind", "displayNumMode", None, _is_0_or_1),
    ),
    Bug("late-bind", "BIND-006", "A bind takes effect after a minute.", look_up_in(_older_than_a_minute)),
    Bug(
        "longer-record",
        "BIND-113",
        "A bind takes a record that outlives its binding.",
        replace(axe_times, "too_long", _never_too_long),
    ),
)

BUGS = (*EXTENSIONS, *VALUES)
