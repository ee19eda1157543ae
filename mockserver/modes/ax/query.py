"""AX: query, and a binding as it shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler
from privnum.mockserver.modes.answers import flag_text, subscribe_time
from privnum.mockserver.modes.ax.bindings import bindings_of
from privnum.mockserver.modes.ax.selectors import QUERY, check_private_num, own_binding, refuse_missing

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.ax.bindings import AXBinding
    from privnum.mockserver.worlds.world import World

__all__ = ["HANDLER", "shown_binding"]

#: What holds where a bind or modify never set it; the other fields are left out then (AX-QUERY-105, AX-OPEN-019).
_IN_FORCE: Final = (("recordFlag", "false"), ("privateSms", "true"), ("maxDuration", 0), ("turnFlag", "on"))


def _narrow(params: Params) -> None:
    """Leave the selector that wins.

    subscriptionId, then origNum, then privateNum (AX-QUERY-004, AX-QUERY-103).
    """
    if "subscriptionId" in params:
        params.pop("origNum", None)
    if "subscriptionId" in params or "origNum" in params:
        params.pop("privateNum", None)


def _check_query(assumptions: Assumptions, params: Params) -> None:
    if not params:
        raise refuse_missing(assumptions, QUERY, "subscriptionId, origNum or privateNum")
    check_private_num(assumptions, params)


def _query(world: World, app: Application, params: Params) -> dict[str, Any]:
    """List the one binding of an id or an X, or those of an A.

    AX-QUERY-001, AX-QUERY-101, AX-QUERY-102.
    """
    if "origNum" in params:
        found = bindings_of(app, params["origNum"])
        if not found:
            code = world.assumptions.text("ax.binding_not_found")
            raise Refusal(code, "origNum has no binding in this application.", QUERY.unknown)
    else:
        found = (own_binding(world, app, params, QUERY),)
    return {"privateNumList": [shown_binding(world.assumptions, binding) for binding in found]}


def shown_binding(assumptions: Assumptions, binding: AXBinding) -> dict[str, Any]:
    """Return a binding as a query shows it (AX-QUERY-002, AX-QUERY-003)."""
    tones = {}
    if binding.caller_tone is not None:
        tones["callerHintTone"] = binding.caller_tone
    if binding.callee_tone is not None:
        tones["calleeHintTone"] = binding.callee_tone
    fields: dict[str, Any] = {
        "origNum": binding.a,
        "privateNum": binding.x.number,
        "privateNumType": "mobile-virtual",
        "subscribeTime": subscribe_time(assumptions, binding.subscribed_ms),
        "recordFlag": flag_text(binding.record),
        "recordHintTone": binding.record_tone if binding.record else None,
        "preVoice": tones or None,
        "calleeNumDisplay": None if binding.display is None else str(binding.display),
        "subscriptionId": binding.subscription_id,
        "privateSms": flag_text(binding.private_sms),
        "maxDuration": binding.max_duration,
        "lastMinVoice": binding.last_minute_tone,
        "turnFlag": binding.power,
        "callDirection": binding.direction,
        "userData": binding.user_data,
    }
    if assumptions["ax.query_unset_fields"] == "defaults":
        for name, in_force in _IN_FORCE:
            if fields[name] is None:
                fields[name] = in_force
    return {name: value for name, value in fields.items() if value is not None}


HANDLER: Final = Handler(_query, narrow=_narrow, check=_check_query)
