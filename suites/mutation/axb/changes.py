"""Seeded bugs of AXB's unbind and modify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.modes.axb import modify as axb_modify
from privnum.mockserver.modes.axb.bindings import Pair
from privnum.suites.mutation.axb.bind import mutant
from privnum.suites.mutation.axb.operators import pairs_by_id, pairs_by_user
from privnum.suites.mutation.operators import (
    around,
    as_owner,
    bent_check,
    bent_params,
    bent_schema,
    together,
    tolerant,
    without_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, Seed
    from privnum.suites.mutation.operators import Fields

__all__ = ["MODIFY", "MUTANTS", "SETTINGS", "UNBIND", "dropped", "pair_of"]

UNBIND, MODIFY = "axb.unbind", "axb.modify"


def _nothing(*_: object) -> Fields:
    return {}


def dropped(name: str, beside: str | None = None) -> Callable[[Params], object]:
    """Leave a parameter out, or only where another is beside it."""

    def bend(params: Params) -> None:
        if beside is None or beside in params:
            params.pop(name, None)

    return bend


def pair_of(world: World, params: Params) -> Pair | None:
    """The pair of the subscriptionId that a request names, whosever it is."""
    found = world.bindings.get(str(params.get("subscriptionId")))
    return found if isinstance(found, Pair) else None


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _whole_x() -> Patch:
    """Unbind by id dissolves everything on the X of the binding."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        other = {"relationNum": pair.x.number} if pair is not None and pair.x.app is app else params
        fields: Fields = right(world, app, other)
        return fields

    return around(UNBIND, perform)


def _one_of_x() -> Patch:
    """Unbind by X dissolves the first pair only."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        x = world.numbers.get(str(params.get("relationNum")))
        if x is not None and x.app is app and pairs_by_id(x):
            world.unbind(next(iter(pairs_by_id(x).values())))
            return {}
        fields: Fields = right(world, app, params)
        return fields

    return around(UNBIND, perform)


def _b_stays() -> Patch:
    """The end of a binding frees A, and forgets B."""

    def leave(pair: Pair) -> None:
        x = pair.x
        if pairs_by_id(x):
            del pairs_by_id(x)[pair.subscription_id]
            pairs_by_user(x).pop(pair.a, None)

    return patch.object(Pair, "leave", leave)


def _nothing_to_unbind() -> Patch:
    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params) if params else {}
        return fields

    return together(lambda: bent_check(UNBIND, None), lambda: around(UNBIND, perform))


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _latest_without_id() -> Patch:
    """Without subscriptionId the binding that was made last is changed."""

    def optional(schema: Fields) -> None:
        schema["required"] = []

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if "subscriptionId" not in params:
            held = [pair for x in app.numbers for pair in pairs_by_id(x).values()]
            params["subscriptionId"] = max(held, key=lambda pair: pair.subscribed_ms).subscription_id
        fields: Fields = right(world, app, params)
        return fields

    return together(lambda: bent_schema(MODIFY, optional), lambda: around(MODIFY, perform))


def _former_stays(side: str) -> Patch:
    """The former A or B still stands on X."""
    rename = Pair.rename

    def leaving_one(pair: Pair, a: str, b: str) -> None:
        former = getattr(pair, side)
        rename(pair, a, b)
        if pairs_by_user(pair.x):
            pairs_by_user(pair.x).setdefault(former, pair)

    return patch.object(Pair, "rename", leaving_one)


def _former_rules(side: str) -> Patch:
    """The new A or B is shown, but X still knows the former one."""

    def half(pair: Pair, a: str, b: str) -> None:
        users = pairs_by_user(pair.x)
        if users is not None:
            kept, left, new = (pair.a, pair.b, b) if side == "a" else (pair.b, pair.a, a)
            users.pop(left, None)
            users[kept] = users[new] = pair
        pair.a, pair.b = a, b

    return patch.object(Pair, "rename", half)


def _any_users() -> Patch:
    def lenient(_assumptions: object, pair: Pair, params: Params) -> tuple[str, str]:
        return params.get("callerNum", pair.a), params.get("calleeNum", pair.b)

    return patch.object(axb_modify, "_new_users", lenient)


#: What a modify may carry, and where a binding keeps it.
SETTINGS = {
    "callDirection": "direction",
    "duration": "duration",
    "maxDuration": "max_duration",
    "recordFlag": "record",
    "recordHintTone": "record_tone",
    "privateSms": "private_sms",
    "userData": "user_data",
}


def _reset(name: str) -> Seed:
    """A field that a modify does not carry goes back to its default."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        pair = pair_of(world, params)
        if pair is not None and name not in params:
            setattr(pair, SETTINGS[name], None)
        return fields

    return lambda: around(MODIFY, perform)


def _tones_together() -> Patch:
    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        pair = pair_of(world, params)
        if pair is not None and "preVoice" in params:
            pair.caller_tone = pair.callee_tone = None
        fields: Fields = right(world, app, params)
        return fields

    return around(MODIFY, perform)


def _cut(name: str, most: int) -> Seed:
    def mend(params: Params) -> None:
        if isinstance(params.get(name), int):
            params[name] = max(0, min(params[name], most))

    return lambda: bent_params(MODIFY, mend)


def _new_id() -> Patch:
    """A modify makes a binding of its own, with an id of its own."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        pair = pair_of(world, params)
        if pair is not None:
            world.bindings.remove(pair)
            pair.subscription_id = world.identity.subscription_id()
            world.bindings.add(pair)
        return fields

    return around(MODIFY, perform)


def _recording_unasked() -> Patch:
    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        before, app.recording = app.recording, True
        try:
            fields: Fields = right(world, app, params)
        finally:
            app.recording = before
        return fields

    return around(MODIFY, perform)


UNBOUND = (
    mutant("unbind-whole-x", "AXB-UNBIND-001", "Unbind by id dissolves all on that X.", _whole_x),
    mutant("unbind-one-of-x", "AXB-UNBIND-101", "Unbind by X dissolves one pair only.", _one_of_x),
    mutant(
        "unbind-x-wins",
        "AXB-UNBIND-003",
        "With both selectors X counts.",
        lambda: bent_params(UNBIND, dropped("subscriptionId", "relationNum")),
    ),
    mutant(
        "unbind-nothing",
        "AXB-UNBIND-004",
        "Unbinding what is not bound succeeds.",
        lambda: tolerant(UNBIND, "1012007", _nothing),
    ),
    mutant("unbind-foreign-x", "AXB-UNBIND-005", "Another application's X is unbound.", lambda: as_owner(UNBIND)),
    mutant(
        "unbind-foreign-x-code",
        "AXB-OPEN-029",
        "Another application's X is refused as not bound.",
        lambda: without_code(UNBIND, "1012001", "1012007"),
    ),
    mutant("unbind-foreign-id", "AXB-UNBIND-006", "Another's binding is dissolved.", lambda: as_owner(UNBIND)),
    mutant("b-stays", "AXB-UNBIND-007", "B of an unbound pair cannot be bound again.", _b_stays),
    mutant("unbind-selects-nothing", "AXB-UNBIND-002", "Unbind without a selector succeeds.", _nothing_to_unbind),
)

MODIFIED = (
    mutant("modify-latest", "AXB-MODIFY-001", "Without an id the latest binding is changed.", _latest_without_id),
    mutant("modify-foreign", "AXB-MODIFY-002", "Another's binding is changed.", lambda: as_owner(MODIFY)),
    mutant(
        "modify-nothing",
        "AXB-MODIFY-002",
        "A modify of no binding succeeds.",
        lambda: tolerant(MODIFY, "1012007", _nothing),
    ),
    mutant("former-a-stays", "AXB-MODIFY-003", "The former A still stands on X.", lambda: _former_stays("a")),
    mutant("new-a-unknown", "AXB-MODIFY-003", "X does not know the new A.", lambda: _former_rules("a")),
    mutant("former-b-stays", "AXB-MODIFY-101", "The former B still stands on X.", lambda: _former_stays("b")),
    mutant("new-b-unknown", "AXB-MODIFY-101", "X does not know the new B.", lambda: _former_rules("b")),
    mutant("modify-bound", "AXB-MODIFY-102", "A new A or B may stand in another pair on X.", _any_users),
    *(
        mutant(f"reset-{name}", "AXB-MODIFY-006", f"A modify without {name} resets it.", _reset(name))
        for name in SETTINGS
    ),
    mutant(
        "direction-stays",
        "AXB-MODIFY-007",
        "callDirection cannot be changed.",
        lambda: bent_params(MODIFY, dropped("callDirection")),
    ),
    *(
        mutant(f"modify-cuts-{name}", "AXB-MODIFY-008", f"{name} is cut to its range.", _cut(name, most))
        for name, most in (("callDirection", 2), ("duration", 7776000), ("maxDuration", 1440))
    ),
    mutant("tones-together", "AXB-MODIFY-009", "preVoice is replaced as a whole.", _tones_together),
    mutant("new-id", "AXB-MODIFY-010", "A modified binding has a new id.", _new_id),
    mutant("modify-recording", "AXB-MODIFY-011", "Whether the application records is not asked.", _recording_unasked),
    mutant(
        "modify-recording-code",
        "AXB-MODIFY-011",
        "Recording that is not open is a bad parameter.",
        lambda: without_code(MODIFY, "1012012", "1010002"),
    ),
)

MUTANTS = (*UNBOUND, *MODIFIED)
