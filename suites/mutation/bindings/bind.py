"""Seeded bugs of bind, for every mode."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import FROZEN_FOR_BINDING, NO_CALLS
from privnum.mockserver.modes import parameters
from privnum.suites.mutation.model import Bug, Fields, mode_operator
from privnum.suites.mutation.operators.bindings import (
    look_for_x,
    record_unasked,
    stand_against_bind,
    widen_fault,
)
from privnum.suites.mutation.operators.code import replace, together
from privnum.suites.mutation.operators.requests import (
    allow_any_user_data,
    answer_as_text,
    change_answer,
    change_params,
    change_schema,
    drop_answer_field,
    drop_param,
    fill_param,
    refuse_where,
    serve_anybody,
    serve_by,
    take_tone_with_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Operator, Patch, ServerMode

__all__ = ["bugs", "clip", "count_as", "count_long_as_absent", "make_up"]

BIND = "bind"
STRANGER = "+8613000000000"


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_answer(mode: ServerMode) -> Iterator[Bug]:
    """Each field of the answer left out; each number in it sent as a text."""
    for rule, names in mode.bind_answer.items():
        for name in names:
            edit = drop_answer_field(BIND, name)
            yield Bug(f"bind-without-{name}", rule, f"The answer to a bind has no {name}.", edit)
    for name in mode.bind_answer.get("BIND-002", ()):
        edit = answer_as_text(BIND, name)
        yield Bug(f"bind-text-{name}", "BIND-002", f"{name} comes back as a text.", edit)


@mode_operator
def _answer_plain_x(mode: ServerMode) -> Patch:
    def plain(fields: Fields) -> None:
        fields[mode.x_name] = fields[mode.x_name].removeprefix("+86")

    return change_answer(BIND, plain).apply(mode)


def _lengthen_id(fields: Fields) -> None:
    fields["subscriptionId"] += "-" + "0" * 40


def _one_id(fields: Fields) -> None:
    fields["subscriptionId"] = "00000000-0000-4000-a000-000000000001"


def _undo(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Answer a bind, and enter the binding nowhere."""
    fields: Fields = right(world, app, params)
    binding = world.bindings.get(fields["subscriptionId"])
    if binding is not None:
        world.unbind(binding)
    return fields


@mode_operator
def _answer_again(mode: ServerMode) -> Patch:
    """Answer a second bind of the same users on X as the first one."""
    given: dict[tuple[int, str], Fields] = {}

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        x, users = world.numbers.get(str(params.get(mode.x_name))), [params.get(name) for name in mode.users]
        for binding in () if x is None else mode.bindings_on(x):
            if [getattr(binding, name) for name in mode.people] == users:
                return given[id(world), binding.subscription_id]
        fields: Fields = right(world, app, params)
        given[id(world), fields["subscriptionId"]] = dict(fields)
        return fields

    return serve_by(BIND, perform).apply(mode)


ANSWERS = (
    Bug("bind-again", "BIND-005", "A second bind of the same users is answered as the first was.", _answer_again()),
    Bug("plain-x", "BIND-001", "X comes back without +86.", _answer_plain_x()),
    Bug("long-id", "BIND-001", "subscriptionId has 77 characters.", change_answer(BIND, _lengthen_id)),
    Bug("one-id", "BIND-001", "Every binding gets the same id.", change_answer(BIND, _one_id)),
    Bug("bind-not-entered", "BIND-001", "A bind is answered and not carried out.", serve_by(BIND, _undo)),
)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def make_up(name: str) -> Operator:
    """Bind somebody in place of a user who is not named."""
    return fill_param(BIND, name, STRANGER)


def clip(operation: str, name: str, length: int) -> Operator:
    """Let this many characters of a text count."""

    def cut(params: Params) -> None:
        if isinstance(params.get(name), str):
            params[name] = params[name][:length]

    return change_params(operation, cut)


def count_long_as_absent(operation: str, path: str, length: int) -> Operator:
    """Let a text that is longer count as absent.

    A dot leads to a field of a field.
    """
    outer, _, name = path.rpartition(".")

    def drop(params: Params) -> None:
        fields = params.get(outer) if outer else params
        if isinstance(fields, dict) and len(str(fields.get(name, ""))) > length:
            del fields[name]

    return change_params(operation, drop)


def count_as(operation: str, name: str, value: object, fits: Callable[[Any], bool]) -> Operator:
    """Let a value that does not fit count as another, None: as absent."""

    def mend(params: Params) -> None:
        if name in params and not fits(params[name]):
            params[name] = value
            if value is None:
                del params[name]

    return change_params(operation, mend)


def _is_0_or_1(value: object) -> bool:
    return value in ("0", "1", 0, 1)


def _is_flag(value: object) -> bool:
    return not isinstance(value, str) or value in ("true", "false")


def _clip_number(highest: int) -> Callable[[Any], bool]:
    """Whether a number is not higher."""

    def fits(value: object) -> bool:
        return not isinstance(value, int) or value <= highest

    return fits


def _of_values(mode: ServerMode) -> Iterator[Bug]:
    yield Bug("no-user", "BIND-003", f"Without {mode.users[0]} somebody is made up.", make_up(mode.users[0]))
    for name, length in mode.clipped.items():
        yield Bug(f"long-{name}", "BIND-004", f"Of a long {name} the beginning counts.", clip(BIND, name, length))
    for name, length in mode.left_out.items():
        edit = count_long_as_absent(BIND, name, length)
        yield Bug(f"long-{name}", "BIND-004", f"A {name} that is too long counts as absent.", edit)
    for name in mode.flags:
        edit = count_as(BIND, name, "false", _is_flag)
        yield Bug(f"any-{name}", "BIND-023", f"{name} is false unless it is true.", edit)
    boolean = refuse_where(BIND, "403/1010002", lambda params: any(type(params.get(n)) is bool for n in mode.flags))
    yield Bug("only-text-flags", "BIND-022", "A flag must be a text.", boolean)


def _shorten_user_data(schema: Fields) -> None:
    schema["properties"]["userData"]["anyOf"][0]["maxLength"] = 255


def _shorten_area(schema: Fields) -> None:
    schema["properties"]["areaCode"]["anyOf"][0]["maxLength"] = 4


def _no_tones() -> Operator:
    """Look for no tone among those that were uploaded."""
    return together(replace(parameters, "_TONES", ()), replace(parameters, "_PRE_VOICE", ()))


VALUES = (
    Bug("only-a-calls", "BIND-017", "Without callDirection only A may call.", fill_param(BIND, "callDirection", 1)),
    Bug(
        "any-direction",
        "BIND-018",
        "An unknown direction is both.",
        count_as(BIND, "callDirection", 0, lambda value: value in (0, 1, 2)),
    ),
    Bug("short-area-code", "BIND-019", "areaCode has at most 4 characters.", change_schema(BIND, _shorten_area)),
    Bug(
        "long-talk-cut",
        "BIND-020",
        "A longer maxDuration is cut to a day.",
        count_as(BIND, "maxDuration", 1440, _clip_number(1440)),
    ),
    Bug("recording-unasked", "BIND-021", "Whether the application records is not asked.", record_unasked(BIND)),
    Bug(
        "any-match", "BIND-024", "An unknown areaMatchMode is none.", count_as(BIND, "areaMatchMode", None, _is_0_or_1)
    ),
    Bug("long-data-cut", "BIND-025", "userData is cut to 256 characters.", clip(BIND, "userData", 256)),
    Bug("short-data", "BIND-025", "userData has at most 255 characters.", change_schema(BIND, _shorten_user_data)),
    Bug("chinese", "BIND-026", "userData may be Chinese.", change_schema(BIND, allow_any_user_data)),
    Bug(
        "service-numbers",
        "BIND-027",
        "400 and 95 numbers can be bound.",
        replace(parameters, "_BINDABLE", (*parameters._BINDABLE, "service")),
    ),
    Bug("only-mobiles", "BIND-028", "A fixed line cannot be bound.", replace(parameters, "_BINDABLE", ("mobile",))),
    Bug("tone-with-path", "BIND-015", "A tone may be named with a folder.", take_tone_with_path(BIND)),
    Bug("any-tone", "BIND-030", "Whether a tone was uploaded is not looked at.", _no_tones()),
)


# ── which X ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _first_x(app: Application, _found: list[Sequence[XNumber]]) -> list[Sequence[XNumber]]:
    return [app.numbers[:1]]


def _without_province(_app: Application, found: list[Sequence[XNumber]]) -> list[Sequence[XNumber]]:
    """Look in the area, then everywhere, the last X first."""
    return [tier[-1:] for tier in (*found[:1], *found[2:])]


def _without_rest(_app: Application, found: list[Sequence[XNumber]]) -> list[Sequence[XNumber]]:
    """Look in the area and its province alone."""
    return found[:2]


def _match_loosely(params: Params) -> None:
    if "areaCode" in params:
        params["areaMatchMode"] = "1"


def _match_loosely_unless_told(params: Params) -> None:
    if "areaCode" in params:
        params.setdefault("areaMatchMode", "1")


@mode_operator
def _area_before_x(mode: ServerMode) -> Patch:
    return drop_param(BIND, mode.x_name, "areaCode").apply(mode)


CHOICE_OF_X = (
    Bug("foreign-x", "BIND-010", "Another application's X is taken.", serve_anybody(BIND)),
    Bug("area-ignored", "BIND-011", "The first X is taken, whatever the area.", look_for_x(_first_x)),
    Bug("always-loose", "BIND-012", "Every area match is loose.", change_params(BIND, _match_loosely)),
    Bug(
        "loose-by-default",
        "BIND-012",
        "Without areaMatchMode the match is loose.",
        change_params(BIND, _match_loosely_unless_told),
    ),
    Bug("no-province", "BIND-013", "A loose match does not look at the province.", look_for_x(_without_province)),
    Bug("only-province", "BIND-013", "A loose match ends at the province.", look_for_x(_without_rest)),
    Bug("area-before-x", "BIND-014", "areaCode goes before X.", _area_before_x()),
    Bug("short-area", "BIND-016", "755 is no area.", replace(numbers, "normal_area", lambda code: code)),
)


# ── what stands against a bind ───────────────────────────────────────────────────────────────────────────────────────


def _carries_one(mode: ServerMode, wish: Any) -> bool:
    return bool(mode.bindings_on(wish.x))


def _is_bound_anywhere(mode: ServerMode, wish: Any) -> bool:
    held = [binding for x in wish.app.numbers for binding in mode.bindings_on(x)]
    return any(not set(mode.users_of(binding)).isdisjoint(mode.users_of(wish)) for binding in held)


FAULTS = (
    Bug("one-binding-an-x", "BIND-007", "An X carries one binding.", widen_fault("full", _carries_one)),
    Bug("bound-elsewhere", "BIND-008", "Who is bound on any X is bound.", widen_fault("bound", _is_bound_anywhere)),
    Bug(
        "frozen-takes-more",
        "BIND-029",
        "An X frozen for binding is bound.",
        stand_against_bind("blocked", lambda wish: wish.x.status in NO_CALLS),
    ),
    Bug(
        "suspended-takes-more",
        "BIND-029",
        "A suspended X is bound.",
        stand_against_bind("blocked", lambda wish: wish.x.status == FROZEN_FOR_BINDING),
    ),
)


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return chain(_of_answer(mode), ANSWERS, _of_values(mode), VALUES, CHOICE_OF_X, FAULTS)
