"""Seeded bugs of AXB's bind, and of how long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core import number_selection as pool
from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb import mode as axb
from privnum.mockserver.modes.axb import number_selection as axb_choice
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.suites.mutation.axb.operators import pairs_by_id, pairs_by_user
from privnum.suites.mutation.model import Mutant
from privnum.suites.mutation.operators import (
    any_user_data,
    as_owner,
    bent_answer,
    bent_params,
    bent_schema,
    together,
    tolerant,
    tone_with_path,
    without_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MUTANTS", "mutant", "stands_against"]

BIND = "axb.bind"


def mutant(name: str, breaks: str, description: str, seed: Seed) -> Mutant:
    """A bug of AXB; its id is `name` with the mode before it."""
    return Mutant(f"axb-{name}", breaks, description, seed)


# ── what a bind takes and answers ────────────────────────────────────────────────────────────────────────────────────


def _answer_lacks(name: str) -> Seed:
    return lambda: bent_answer(BIND, lambda fields: fields.pop(name))


def _answer_as_text(name: str) -> Seed:
    return lambda: bent_answer(BIND, lambda fields: fields.update({name: str(fields[name])}))


def _plain_x(fields: Fields) -> None:
    fields["relationNum"] = fields["relationNum"].removeprefix("+86")


def _long_id(fields: Fields) -> None:
    fields["subscriptionId"] += "-" + "0" * 40


def _one_id(fields: Fields) -> None:
    fields["subscriptionId"] = "00000000-0000-4000-a000-000000000001"


def _somebody_for(name: str) -> Seed:
    """A mandatory number that is not there is made up."""

    def fill(params: Params) -> None:
        if not params.get(name):
            params[name] = "+8613000000000"

    return lambda: bent_params(BIND, fill)


def _short_area(schema: Any) -> None:
    schema["properties"]["areaCode"]["anyOf"][0]["maxLength"] = 4


def _else(name: str, fits: Callable[[Any], bool], value: Any) -> Seed:
    """A value that does not fit counts as another; None: as absent."""

    def mend(params: Params) -> None:
        if name in params and not fits(params[name]):
            if value is None:
                del params[name]
            else:
                params[name] = value

    return lambda: bent_params(BIND, mend)


def _cut(name: str, most: int) -> Seed:
    """A number above the range is the highest of it."""

    def mend(params: Params) -> None:
        if isinstance(params.get(name), int) and params[name] > most:
            params[name] = most

    return lambda: bent_params(BIND, mend)


def _shortened(name: str, most: int) -> Seed:
    def mend(params: Params) -> None:
        if isinstance(params.get(name), str):
            params[name] = params[name][:most]

    return lambda: bent_params(BIND, mend)


def _shorter_data(schema: Fields) -> None:
    schema["properties"]["userData"]["anyOf"][0]["maxLength"] = 255


def _only_texts(schema: Fields) -> None:
    for name in ("recordFlag", "privateSms"):
        flag = schema["properties"][name]
        flag["anyOf"] = [branch for branch in flag["anyOf"] if branch.get("type") != "boolean"]


def _unlimited(name: str) -> Seed:
    """The length of a text is not looked at."""

    def bend(schema: Fields) -> None:
        outer, _, inner = name.partition(".")
        found = [schema["properties"][outer]]
        while found:
            part = found.pop()
            found += part.get("anyOf", [])
            if inner and inner in part.get("properties", {}):
                found.append(part["properties"][inner])
            if not inner or "properties" not in part:
                part.pop("maxLength", None)

    return lambda: bent_schema(BIND, bend)


#: Texts with a length. A longer relationNum is no X of anybody, and refused for that.
LENGTHS = (
    "callerNum",
    "calleeNum",
    "areaCode",
    "recordHintTone",
    "lastMinVoice",
    "preVoice.callerHintTone",
    "preVoice.calleeHintTone",
)


def _any_number_with(side: str) -> Seed:
    """A number that is too long is taken, whatever it is."""

    def accept(assumptions: Assumptions, params: Params) -> None:
        short = {name: value for name, value in params.items() if name != side or len(str(value)) < 32}
        if side in short:
            axb_bind._check_bind(assumptions, short)

    return lambda: together(_unlimited(side), lambda: patch.dict(axb.HANDLERS, _checked_by(accept)))


def _checked_by(check: Callable[[Assumptions, Params], None]) -> dict[str, Any]:
    return {BIND: axb.HANDLERS[BIND]._replace(check=check)}


def _service_numbers() -> Patch:
    return patch.object(parameters, "_BINDABLE", (*parameters._BINDABLE, "service"))


def _only_mobiles() -> Patch:
    return patch.object(parameters, "_BINDABLE", ("mobile",))


# ── what stands against a bind ───────────────────────────────────────────────────────────────────────────────────────


def stands_against(fault: str, stands: Callable[[axb_bind.BindRequest], bool]) -> Patch:
    """Bind with another test for one of its faults."""
    return patch.dict(axb_bind.BIND_FAULTS, {fault: axb_bind.BIND_FAULTS[fault]._replace(stands=stands)})


def _only_callers() -> Patch:
    return stands_against("1012010", lambda wish: any(pair.a == wish.a for pair in pairs_by_id(wish.x).values()))


def _on_any_x() -> Patch:
    def stands(wish: axb_bind.BindRequest) -> bool:
        return any({wish.a, wish.b} & pairs_by_user(x).keys() for x in wish.app.numbers)

    return stands_against("1012010", stands)


def _same_pair_again(world: World, _app: Application, params: Params) -> Fields:
    """The binding of that very pair, if there is one."""
    x = world.numbers[params["relationNum"]]
    found = pair_of(x, params["callerNum"])
    if found is None or (found.a, found.b) != (params["callerNum"], params["calleeNum"]):
        raise Refusal("1012010", "callerNum or calleeNum stands on this relationNum.")
    return {"subscriptionId": found.subscription_id, "relationNum": x.number}


def _pairs_per_x(count: int) -> Patch:
    return stands_against("1012009", lambda wish: len(pairs_by_id(wish.x)) >= count)


def _frozen_takes_more() -> Patch:
    return stands_against("1012102", lambda wish: wish.x.status in NO_CALLS)


# ── which X ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _area_is_nothing(params: Params) -> None:
    if "relationNum" not in params:
        params.pop("areaCode", None)


def _strict_at_home(params: Params) -> None:
    if "areaCode" not in params:
        params.pop("areaMatchMode", None)


def _always_loose(params: Params) -> None:
    if "areaCode" in params:
        params["areaMatchMode"] = "1"


def _area_before_x(params: Params) -> None:
    if "areaCode" in params:
        params.pop("relationNum", None)


def _tiers(places: Callable[[Application, str], list[Sequence[XNumber]]]) -> Patch:
    """Look for an X elsewhere where the match is loose."""
    tiers = pool.tiers

    def bent(app: Application, area: str | None, *, loose: bool) -> list[Sequence[XNumber]]:
        if area is None or not loose:
            return tiers(app, area, loose=loose)
        return places(app, area)

    return patch.object(axb_choice, "tiers", bent)


def _any_area() -> Patch:
    return patch.object(axb_choice, "_area_of_a", lambda *_: None)


def _area_of_last_two() -> Patch:
    """The leading zero is looked for, not put in front."""
    return patch.object(numbers, "normal_area", lambda code: code)


def _late_calls() -> Patch:
    """X learns of a binding a second after it was made."""
    route = axb_calls.AXBCalls.route

    def late(self: axb_calls.AXBCalls, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Any:
        pair = pair_of(x, caller)
        fresh = pair is not None and now_ms - pair.subscribed_ms < 1000
        return route(self, assumptions, x, "+8613000000000" if fresh else caller, now_ms)

    return patch.object(axb_calls.AXBCalls, "route", late)


MUTANTS = (
    mutant("answer-without-id", "AXB-BIND-001", "The answer has no subscriptionId.", _answer_lacks("subscriptionId")),
    mutant("answer-without-x", "AXB-BIND-001", "The answer has no relationNum.", _answer_lacks("relationNum")),
    mutant("plain-x", "AXB-BIND-001", "relationNum comes back without +86.", lambda: bent_answer(BIND, _plain_x)),
    mutant("long-id", "AXB-BIND-001", "subscriptionId has 77 characters.", lambda: bent_answer(BIND, _long_id)),
    mutant("one-id", "AXB-BIND-001", "Every binding is told the same id.", lambda: bent_answer(BIND, _one_id)),
    *(
        each
        for name in ("callDirection", "duration", "maxDuration")
        for each in (
            mutant(f"no-echo-{name}", "AXB-BIND-002", f"The answer has no {name}.", _answer_lacks(name)),
            mutant(f"text-echo-{name}", "AXB-BIND-002", f"{name} comes back as text.", _answer_as_text(name)),
        )
    ),
    mutant("no-caller", "AXB-BIND-003", "Without callerNum somebody is made up.", _somebody_for("callerNum")),
    mutant("no-callee", "AXB-BIND-101", "Without calleeNum somebody is made up.", _somebody_for("calleeNum")),
    mutant(
        "bind-again",
        "AXB-BIND-005",
        "Binding a pair again answers with the binding that is there.",
        lambda: tolerant(BIND, "1012010", _same_pair_again),
    ),
    mutant("b-bound-twice", "AXB-BIND-102", "Only the callers on an X are compared, not its callees.", _only_callers),
    mutant("one-pair-an-x", "AXB-BIND-007", "An X carries one pair.", lambda: _pairs_per_x(1)),
    mutant("bound-elsewhere", "AXB-BIND-008", "Who stands on any X is bound.", _on_any_x),
    mutant("one-pair-more", "AXB-BIND-103", "The 5001st pair still fits on an X.", lambda: _pairs_per_x(5001)),
    mutant("one-pair-less", "AXB-BIND-103", "The 5000th pair does not fit on an X.", lambda: _pairs_per_x(4999)),
    mutant("foreign-x", "AXB-BIND-010", "Another application's X is taken.", lambda: as_owner(BIND)),
    mutant(
        "foreign-x-code",
        "AXB-OPEN-028",
        "Another application's X is refused as not available.",
        lambda: without_code(BIND, "1012001", "1012008"),
    ),
    mutant("area-ignored", "AXB-BIND-011", "areaCode is ignored.", lambda: bent_params(BIND, _area_is_nothing)),
    mutant(
        "strict-at-home",
        "AXB-BIND-107",
        "Without an areaCode areaMatchMode is ignored.",
        lambda: bent_params(BIND, _strict_at_home),
    ),
    mutant("always-loose", "AXB-BIND-012", "Every area match is loose.", lambda: bent_params(BIND, _always_loose)),
    mutant(
        "no-province",
        "AXB-BIND-013",
        "A loose match takes any X at once, whatever the province.",
        lambda: _tiers(lambda app, area: [app.numbers_in(area), app.numbers[::-1]]),
    ),
    mutant(
        "only-province",
        "AXB-BIND-013",
        "A loose match ends at the province.",
        lambda: _tiers(lambda app, area: [app.numbers_in(area), app.numbers_in_province(area)]),
    ),
    mutant("area-before-x", "AXB-BIND-014", "areaCode goes before X.", lambda: bent_params(BIND, _area_before_x)),
    mutant("any-area", "AXB-BIND-104", "Where A is at home is not looked at.", _any_area),
    mutant("short-area", "AXB-BIND-016", "755 is no area.", _area_of_last_two),
    mutant(
        "only-a-calls",
        "AXB-BIND-017",
        "Without callDirection only A may call.",
        lambda: bent_params(BIND, lambda params: params.setdefault("callDirection", 1)),
    ),
    mutant(
        "any-direction",
        "AXB-BIND-018",
        "An unknown direction is both.",
        _else("callDirection", lambda v: v in (0, 1, 2), 0),
    ),
    mutant("long-duration-cut", "AXB-BIND-105", "A longer duration is cut to 90 days.", _cut("duration", 7776000)),
    mutant("long-talk-cut", "AXB-BIND-020", "A longer maxDuration is cut to a day.", _cut("maxDuration", 1440)),
    mutant(
        "recording-unasked",
        "AXB-BIND-021",
        "Whether the application records is not asked.",
        lambda: stands_against("1012012", lambda _: False),
    ),
    mutant("only-text-flags", "AXB-BIND-022", "A flag must be text.", lambda: bent_schema(BIND, _only_texts)),
    *(
        mutant(
            f"any-{name}",
            "AXB-BIND-023",
            f"{name} is false unless it is true.",
            _else(name, lambda v: not isinstance(v, str) or v in ("true", "false"), "false"),
        )
        for name in ("recordFlag", "privateSms")
    ),
    mutant(
        "any-match", "AXB-BIND-024", "An unknown match is strict.", _else("areaMatchMode", lambda v: v in "01", "0")
    ),
    mutant("long-data-cut", "AXB-BIND-025", "userData is cut to 256 characters.", _shortened("userData", 256)),
    mutant(
        "short-data", "AXB-BIND-025", "userData has at most 255 characters.", lambda: bent_schema(BIND, _shorter_data)
    ),
    mutant("chinese", "AXB-BIND-026", "userData may be Chinese.", lambda: bent_schema(BIND, any_user_data)),
    mutant("service-numbers", "AXB-BIND-027", "400 and 95 numbers can be bound.", _service_numbers),
    mutant("only-mobiles", "AXB-BIND-028", "A fixed line cannot be bound.", _only_mobiles),
    mutant("frozen-takes-more", "AXB-BIND-029", "An X frozen for binding is bound.", _frozen_takes_more),
    mutant("tone-with-path", "AXB-BIND-015", "A tone may be named with a folder.", lambda: tone_with_path(BIND)),
    mutant(
        "any-tone",
        "AXB-BIND-030",
        "The tones of preVoice need not exist.",
        lambda: patch.object(parameters, "_PRE_VOICE", ()),
    ),
    *(
        mutant(
            f"long-{name}",
            "AXB-BIND-004",
            f"The length of {name} is not looked at.",
            _any_number_with(name) if name.endswith("Num") else _unlimited(name),
        )
        for name in LENGTHS
    ),
    mutant("late-bind", "AXB-BIND-006", "X learns of a binding a second later.", _late_calls),
    mutant(
        "short-area-code", "AXB-BIND-019", "areaCode has at most 4 characters.", lambda: bent_schema(BIND, _short_area)
    ),
)
