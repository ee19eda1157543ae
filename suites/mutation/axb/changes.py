"""Seeded bugs of unbind and modify that only AXB can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axb import modify as axb_modify
from privnum.mockserver.modes.axb.bindings import Pair, Pairs
from privnum.suites.mutation.axb.server import pair_named, pairs_on, users_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    change_code,
    change_params,
    change_schema,
    check_by,
    serve_by,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unbind_first_of_x(right: Any, world: World, app: Application, params: Params) -> Fields:
    x = world.numbers.get(str(params.get("relationNum")))
    if x is not None and x.app is app and pairs_on(x):
        world.unbind(pairs_on(x)[0])
        return {}
    fields: Fields = right(world, app, params)
    return fields


def _leave_b(pair: Pair) -> None:
    """Free A, and forget B."""
    held = pair.x.held
    if isinstance(held, Pairs):
        del held.by_id[pair.subscription_id]
        held.by_user.pop(pair.a, None)


def _succeed_without_selector(right: Any, world: World, app: Application, params: Params) -> Fields:
    fields: Fields = right(world, app, params) if params else {}
    return fields


UNBIND = (
    Bug("unbind-one-of-x", "UNBIND-101", "Unbind by X dissolves one pair.", serve_by("unbind", _unbind_first_of_x)),
    Bug("b-stays", "UNBIND-007", "B of an unbound pair cannot be bound again.", replace(Pair, "leave", _leave_b)),
    Bug(
        "unbind-selects-nothing",
        "UNBIND-002",
        "Unbind without a selector succeeds.",
        together(check_by("unbind", None), serve_by("unbind", _succeed_without_selector)),
    ),
    Bug(
        "unbind-foreign-x-code",
        "OPEN-029",
        "Another application's X is refused as not bound.",
        change_code("unbind", "1012001", "1012007"),
    ),
)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _require_nothing(schema: Fields) -> None:
    schema["required"] = []


def _modify_latest(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Change the binding that was made last, where none is named."""
    if "subscriptionId" not in params:
        held = [pair for x in app.numbers for pair in pairs_on(x)]
        params["subscriptionId"] = max(held, key=lambda pair: pair.subscribed_ms).subscription_id
    fields: Fields = right(world, app, params)
    return fields


def _keep_former(side: str) -> Operator:
    """Leave the former A, or B, on X too."""

    def rename(right: Any, pair: Pair, a: str, b: str) -> None:
        former = getattr(pair, side)
        right(pair, a, b)
        users_on(pair.x).setdefault(former, pair)

    return wrap(Pair, "rename", rename)


def _ignore_new(side: str) -> Operator:
    """Show the new A, or B, whom X does not know."""

    def rename(right: Any, pair: Pair, a: str, b: str) -> None:
        former, new = (pair.a, a) if side == "a" else (pair.b, b)
        right(pair, a, b)
        if new != former:
            del users_on(pair.x)[new]
            users_on(pair.x)[former] = pair

    return wrap(Pair, "rename", rename)


def _take_any_users(_assumptions: object, pair: Pair, params: Params) -> tuple[str, str]:
    return params.get("callerNum", pair.a), params.get("calleeNum", pair.b)


def _clip_number(name: str, highest: int) -> Operator:
    """Take a number that is out of its range for the nearest that is within."""

    def clip(params: Params) -> None:
        if isinstance(params.get(name), int):
            params[name] = max(0, min(params[name], highest))

    return change_params("modify", clip)


def _replace_tones(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Replace preVoice as a whole."""
    pair = pair_named(world, params)
    if pair is not None and "preVoice" in params:
        pair.caller_tone = pair.callee_tone = None
    fields: Fields = right(world, app, params)
    return fields


def _rename_everywhere(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Put a new A or B in the former one's place on every X.

    That is, on every X of the application.
    """
    pair = pair_named(world, params)
    before = (pair.a, pair.b) if pair is not None else ()
    fields: Fields = right(world, app, params)
    renamed = dict(zip(before, (pair.a, pair.b), strict=True)) if pair is not None else {}
    for x in app.numbers:
        for other in pairs_on(x):
            a, b = renamed.get(other.a, other.a), renamed.get(other.b, other.b)
            if other is not pair and (a, b) != (other.a, other.b) and a != b:
                other.rename(a, b)
    return fields


MODIFY = (
    Bug(
        "modify-latest",
        "MODIFY-001",
        "Without an id the latest binding is changed.",
        together(change_schema("modify", _require_nothing), serve_by("modify", _modify_latest)),
    ),
    Bug("former-a-stays", "MODIFY-003", "The former A still stands on X.", _keep_former("a")),
    Bug("new-a-unknown", "MODIFY-003", "X does not know the new A.", _ignore_new("a")),
    Bug("former-b-stays", "MODIFY-101", "The former B still stands on X.", _keep_former("b")),
    Bug("new-b-unknown", "MODIFY-101", "X does not know the new B.", _ignore_new("b")),
    Bug(
        "modify-bound",
        "MODIFY-102",
        "A new A or B may be in another pair on X.",
        replace(axb_modify, "_new_users", _take_any_users),
    ),
    *(
        Bug(f"modify-clips-{name}", "MODIFY-008", f"{name} is clipped to its range.", _clip_number(name, highest))
        for name, highest in (("callDirection", 2), ("duration", 7776000), ("maxDuration", 1440))
    ),
    Bug("tones-together", "MODIFY-009", "preVoice is replaced as a whole.", serve_by("modify", _replace_tones)),
    Bug("renamed-everywhere", "MODIFY-005", "A new A stands on every X.", serve_by("modify", _rename_everywhere)),
    Bug(
        "modify-recording-code",
        "MODIFY-011",
        "Recording that is not open is a bad parameter.",
        change_code("modify", "1012012", "1010002"),
    ),
)

BUGS = (*UNBIND, *MODIFY)
