"""AXB: query, and a binding as it shows it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.answers import flag_text, subscribe_time
from privnum.mockserver.modes.axb.bindings import Pairs
from privnum.mockserver.modes.axb.selectors import QUERY, binding_of_users, one_binding, own_binding, own_x
from privnum.mockserver.modes.parameters import check_x

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axb.bindings import Pair
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER", "shown_binding"]


_USUAL_PAGE: Final = 50


_PAGE_SIZES: Final = range(10, 101)


_NUMBER: Final = re.compile("[0-9]{1,9}")
#: What holds where a bind or modify never set it (AXB-BIND-017, AXB-LIFE-002); other fields have no default.
_IN_FORCE: Final = (
    ("recordFlag", "false"),
    ("callDirection", 0),
    ("duration", 0),
    ("maxDuration", 0),
    ("privateSms", "true"),
)


def _check_query(assumptions: Assumptions, params: Params) -> None:
    check_x(assumptions, params, "relationNum")
    if "subscriptionId" in params or "relationNum" in params:
        return
    if "callerNum" in params or "calleeNum" in params:
        what = "callerNum and calleeNum need relationNum beside them."
        raise Refusal(assumptions.text("axb.query_users_without_x"), what, "AXB-OPEN-009")
    raise Refusal(assumptions.text("axb.query_without_selector"), "Give subscriptionId or relationNum.", "AXB-OPEN-008")


def _query(world: World, app: Application, params: Params) -> dict[str, Any]:
    """List one binding, or the bindings on an X page by page.

    AXB-QUERY-001, AXB-QUERY-101, AXB-QUERY-102.
    """
    index, size = _paging(world.assumptions, params)
    if "subscriptionId" in params:
        page, total = [own_binding(world, app, params["subscriptionId"], QUERY)], 1
    else:
        x = own_x(world, app, params["relationNum"], QUERY)
        if "callerNum" in params or "calleeNum" in params:
            page, total = [binding_of_users(x, params)], 1
        else:
            page, total = _page(world.assumptions, x, index, size)
    return {
        "totalCount": total,
        "pageIndex": index,
        "pageSize": size,
        "relationNumList": [shown_binding(world.assumptions, binding) for binding in page],
    }


def _paging(assumptions: Assumptions, params: Params) -> tuple[int, int]:
    """Return the page that is asked for and its size.

    AXB-QUERY-103, AXB-QUERY-104, AXB-OPEN-031.
    """
    if "pageIndex" not in params and "pageSize" not in params:
        return 1, _USUAL_PAGE
    index, size = params.get("pageIndex", "1"), params.get("pageSize", str(_USUAL_PAGE))
    good_index = _NUMBER.fullmatch(index) and int(index) > 0
    good_size = _NUMBER.fullmatch(size) or (size.startswith("-") and _NUMBER.fullmatch(size[1:]))
    choice = assumptions.text("axb.query_paging_malformed")
    if choice != "absent" and not (good_index and good_size):
        what = "pageIndex must be a whole number from 1, pageSize one from 10 to 100."
        raise Refusal(choice, what, "AXB-OPEN-031")
    wanted = int(size) if good_size else _USUAL_PAGE
    return int(index) if good_index else 1, wanted if wanted in _PAGE_SIZES else _USUAL_PAGE


def _page(assumptions: Assumptions, x: XNumber, index: int, size: int) -> tuple[list[Pair], int]:
    """Return one page of the bindings on X, and how many there are in all.

    They are in the order in which they were bound.
    """
    held = x.held
    if not isinstance(held, Pairs):
        raise Refusal("403/1012007", "relationNum carries no binding.", "AXB-QUERY-005")
    start = (index - 1) * size
    page = list(islice(held.by_id.values(), start, start + size))
    choice = assumptions.text("axb.query_past_last_page")
    if not page and choice != "empty":
        raise Refusal(choice, "pageIndex lies behind the last page.", "AXB-OPEN-010")
    return page, len(held.by_id)


def shown_binding(assumptions: Assumptions, binding: Pair) -> dict[str, Any]:
    """Return a binding as a query shows it (AXB-QUERY-002, AXB-QUERY-003)."""
    tones = {}
    if binding.caller_tone is not None:
        tones["callerHintTone"] = binding.caller_tone
    if binding.callee_tone is not None:
        tones["calleeHintTone"] = binding.callee_tone
    fields: dict[str, Any] = {
        "subscriptionId": binding.subscription_id,
        "relationNum": binding.x.number,
        "callerNum": binding.a,
        "calleeNum": binding.b,
        "recordFlag": flag_text(binding.record),
        "recordHintTone": binding.record_tone,
        "subscribeTime": subscribe_time(assumptions, binding.subscribed_ms),
        "callDirection": binding.direction,
        "duration": binding.duration,
        "maxDuration": binding.max_duration,
        "lastMinVoice": binding.last_minute_tone,
        "privateSms": flag_text(binding.private_sms),
        "preVoice": tones or None,
        "userData": binding.user_data,
    }
    if assumptions["axb.query_unset_fields"] == "defaults":
        for name, in_force in _IN_FORCE:
            if fields[name] is None:
                fields[name] = in_force
    return {name: value for name, value in fields.items() if value is not None}


HANDLER: Final = Handler(_query, narrow=one_binding, check=_check_query)
