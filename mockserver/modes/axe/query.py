"""AXE: the queries.

One binding (v1), one or those of an X by a cursor (v2), and how many each X carries.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.answers import flag_text
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.mockserver.modes.axe.selectors import (
    LIST,
    QUERY,
    check_selector,
    narrow_selector,
    own_binding,
    own_x,
    refuse_missing,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axe.bindings import Extension
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLERS", "shown_binding"]

_USUAL_LIMIT: Final = 50
_LIMITS: Final = range(1, 101)

# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _narrow_list(params: Params) -> None:
    """Leave no paging where one binding is asked for."""
    narrow_selector(params)
    if "subscriptionId" in params or "extendNum" in params:
        _drop_paging(params)


def _narrow_count(params: Params) -> None:
    if "number" in params:
        _drop_paging(params)


def _drop_paging(params: Params) -> None:
    params.pop("cursor", None)
    params.pop("limit", None)


def _check_list(assumptions: Assumptions, params: Params) -> None:
    _check_limit(assumptions, params)
    if "subscriptionId" in params or ("virtualNum" in params and "extendNum" in params):
        return
    if "virtualNum" not in params:
        raise refuse_missing(assumptions, LIST)
    choice = assumptions.text("axe.query_v2_x_alone")
    if choice != "list":
        raise Refusal(choice, "Give extendNum beside virtualNum.", "AXE-OPEN-040")


def _check_limit(assumptions: Assumptions, params: Params) -> None:
    choice = assumptions.text("axe.list_limit")
    if int(params.get("limit", _USUAL_LIMIT)) not in _LIMITS and choice != "default":
        raise Refusal(choice, "limit must be from 1 to 100.", "AXE-OPEN-041")


def _limit(params: Params) -> int:
    limit = int(params.get("limit", _USUAL_LIMIT))
    return limit if limit in _LIMITS else _USUAL_LIMIT


# ── one binding ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _query(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Show one binding (AXE-QUERY-001, AXE-QUERY-101)."""
    return shown_binding(world.assumptions, own_binding(world, app, params, QUERY))


def shown_binding(assumptions: Assumptions, binding: Extension) -> dict[str, Any]:
    """Return a binding as the queries show it.

    AXE-QUERY-003, AXE-QUERY-104, AXE-OPEN-020, AXE-OPEN-038.
    """
    fields: dict[str, Any] = {
        "subscriptionId": binding.subscription_id,
        "virtualNum": binding.x.number,
        "extendNum": binding.digits,
        "bindNum": binding.a,
        "displayNumMode": _text(binding.display),
        "recordFlag": flag_text(binding.record),
        "recordHintTone": binding.record_tone if binding.record else None,
        "callbackTone": binding.callback_tone,
        "callbackNum": binding.callback_num,
        "timeUnit": _text(binding.shown_unit),
        "bindExpiredTime": binding.shown_time,
        "callbackExpiredTime": binding.callback_time,
        "userData": binding.user_data,
    }
    if assumptions["axe.query_unset_fields"] == "defaults":
        in_force = {
            "displayNumMode": "0",
            "recordFlag": "false",
            "timeUnit": "0",
            "bindExpiredTime": axe_times.bind_time(assumptions, binding),
            "callbackExpiredTime": axe_times.callback_time(assumptions, binding),
        }
        fields.update((name, value) for name, value in in_force.items() if fields[name] is None)
    return {name: value for name, value in fields.items() if value is not None}


def _text(mode: int | None) -> str | None:
    return None if mode is None else str(mode)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _query_v2(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Show one binding, or those of an X from a cursor on.

    AXE-QUERY-102, AXE-OPEN-039, AXE-OPEN-040.
    """
    assumptions = world.assumptions
    answer: dict[str, Any] = {}
    if "subscriptionId" in params or "extendNum" in params:
        page = [own_binding(world, app, params, LIST)]
    else:
        x = own_x(world, app, params["virtualNum"], "virtualNum")
        choice = assumptions.text("axe.query_v2_empty")
        if choice != "empty" and not x.held:
            raise Refusal(choice, "virtualNum carries no binding.", "AXE-OPEN-061")
        page, cursor = _page(x, params)
        if cursor is not None:
            answer["nextCusor"] = cursor
    if assumptions["axe.query_v2_answer"] == "envelope":
        return {}
    answer["extendNumList"] = [shown_binding(assumptions, binding) for binding in page]
    return answer


def _page(x: XNumber, params: Params) -> tuple[list[Extension], str | None]:
    """Return one page of bindings on X and the cursor of the next page.

    They are in the order in which they were bound; None: no more follow.

    A cursor is a time of the last binding shown and its number among the binds on X; the number alone counts, so that
    a list goes on where it stopped, whatever was unbound meanwhile.
    """
    extensions = extensions_of(x)
    held = list(extensions.by_digits.values()) if extensions else []
    _, _, after = params.get("cursor", "_0").partition("_")
    start = bisect_right(held, int(after), key=_sequence)
    page = held[start : start + _limit(params)]
    if start + len(page) >= len(held):
        return page, None
    return page, f"{page[-1].subscribed_ms:013d}_{page[-1].sequence}"


_sequence = attrgetter("sequence")


# ── binding count ────────────────────────────────────────────────────────────────────────────────────────────────────


def _query_count(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Count the bindings of one X, or of all X page by page.

    AXE-QUERY-103.
    """
    ever = world.assumptions["axe.binding_count"] == "ever"
    if "number" in params:
        return {"numberList": [_binding_count(own_x(world, app, params["number"], "number"), ever=ever)]}
    start, limit = int(params.get("cursor", 0)), _limit(params)
    end = min(start + limit, len(app.numbers))
    answer: dict[str, Any] = {"nextCursor": str(end)} if start < end < len(app.numbers) else {}
    answer["numberList"] = [_binding_count(x, ever=ever) for x in islice(app.numbers, min(start, end), end)]
    return answer


def _binding_count(x: XNumber, *, ever: bool) -> dict[str, Any]:
    held = extensions_of(x)
    count = 0 if held is None else held.ever if ever else len(held.by_digits)
    return {"number": x.number, "bindingCount": count}


HANDLERS: Final = {
    "axe.query": Handler(_query, narrow=narrow_selector, check=check_selector(QUERY)),
    "axe.query_v2": Handler(_query_v2, narrow=_narrow_list, check=_check_list),
    "axe.query_count": Handler(_query_count, narrow=_narrow_count, check=_check_limit),
}
