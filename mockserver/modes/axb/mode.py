"""AXB: A and B reach each other through X.

The rule for a call stands in CALL_TABLE; that of a bind in BIND_FAULTS; the rest of the file is the four operations.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import FROZEN, NO_CALLS, NORMAL
from privnum.mockserver.core.bindings import Pair
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import BindingSnapshot, Connect, Handler, Params, Reject
from privnum.mockserver.modes.axb.number_selection import select_x
from privnum.mockserver.modes.axb.selectors import (
    BIND,
    MODIFY,
    QUERY,
    UNBIND,
    binding_of_users,
    one_binding,
    own_binding,
    own_x,
)
from privnum.mockserver.modes.axb.view import shown
from privnum.mockserver.modes.parameters import (
    can_be_called,
    check_last_minute,
    check_tones,
    check_user_data,
    check_users,
    check_x,
    flag,
    same_number,
    without_empty,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.worlds.world import World

__all__ = ["AXB", "BIND_FAULTS", "CALL_TABLE", "HANDLERS"]

# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_USERS: Final = ("callerNum", "calleeNum")
_ANY: Final = None


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it. None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number, `role` that of the
    caller in his binding on X ("none" where he has none), `direction` the binding's callDirection, `reading` the
    world's choice for call.fixed_line_precedence. `outcome` is the side that is called, or the release cause.
    """

    x: str | None
    caller: str | None
    role: str | None
    direction: int | None
    choice: str | None
    outcome: str | int
    rule: str


#: Who reaches whom. The first row that fits counts.
CALL_TABLE: Final = (
    #        X         caller        role    direction  reading       outcome  rule
    CallRule("frozen", _ANY,         _ANY,   _ANY,      _ANY,         7108,    "AXB-CALL-002"),
    CallRule("closed", _ANY,         _ANY,   _ANY,      _ANY,         8055,    "AXB-CALL-003"),
    CallRule("open",   "fixed_line", _ANY,   _ANY,      "fixed_line", 8023,    "AXB-OPEN-021"),
    CallRule("open",   _ANY,         "none", _ANY,      _ANY,         8014,    "AXB-CALL-105"),
    CallRule("open",   _ANY,         "B",    1,         _ANY,         8016,    "AXB-CALL-103"),
    CallRule("open",   _ANY,         "A",    2,         _ANY,         8016,    "AXB-CALL-104"),
    CallRule("open",   "fixed_line", _ANY,   _ANY,      _ANY,         8023,    "AXB-CALL-007"),
    CallRule("open",   _ANY,         "A",    _ANY,      _ANY,         "B",     "AXB-CALL-101"),
    CallRule("open",   _ANY,         "B",    _ANY,      _ANY,         "A",     "AXB-CALL-102"),
)  # fmt: skip

#: direction of the CDR by the caller's role (AXB-CDR-004).
_CDR_DIRECTION: Final = {"A": 1, "B": 0, "none": 2}
_ABNORMAL: Final = 2
#: Release cause where the bound partner is no number that can be called: "number format wrong" (numbers.service_user).
_MALFORMED: Final = 8014


class AXBCalls:
    """Calls of AXB: the decision stands in CALL_TABLE."""

    service_type = "004"
    collects = False
    callin_names_binding = True

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Connect | Reject:  # noqa: ARG002
        """Decide what becomes of a call from `caller` to `x` (AXB-CALL-101 to AXB-CALL-008)."""
        binding = x.binding_of(caller)
        role = "none" if binding is None else "A" if binding.a == caller else "B"
        situation = (
            _state_of(x),
            numbers.kind(caller),
            role,
            None if binding is None else binding.direction or 0,
            assumptions["call.fixed_line_precedence"],
        )
        outcome = next(rule.outcome for rule in CALL_TABLE if _fits(rule, situation))
        if binding is not None and isinstance(outcome, str):
            outcome = outcome if can_be_called(binding.b if outcome == "B" else binding.a) else _MALFORMED
        terms = None if binding is None else _terms(binding)
        direction = _CDR_DIRECTION[role]
        if binding is not None and terms is not None and isinstance(outcome, str):
            return Connect(binding.b if outcome == "B" else binding.a, x.number, direction, terms)
        if terms is not None and assumptions["cdr.direction_of_refused"] == "abnormal":
            direction = _ABNORMAL
        return Reject(int(outcome), direction, terms)


AXB: Final = AXBCalls()


def _state_of(x: XNumber) -> str:
    """Return whether an X carries calls: the first column of the table."""
    if x.app.status == FROZEN:
        return "frozen"
    return "closed" if x.status in NO_CALLS else "open"


def _fits(rule: CallRule, situation: tuple[object, ...]) -> bool:
    return all(wanted is _ANY or wanted == given for wanted, given in zip(rule, situation, strict=False))


def _terms(binding: Pair) -> BindingSnapshot:
    recorded, announced = binding.record is True, bool(binding.record_tone)
    return BindingSnapshot(binding.subscription_id, binding.user_data, binding.max_duration or 0, recorded, announced)


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_bind(assumptions: Assumptions, params: Params) -> None:
    check_users(assumptions, params, *_USERS)
    check_user_data(assumptions, params)
    check_x(assumptions, params, "relationNum")
    x = params.get("relationNum")
    if x is not None:
        _check_not_x(assumptions, x, params["callerNum"], params["calleeNum"])


def _check_unbind(assumptions: Assumptions, params: Params) -> None:
    if params.get("relationNum", "").startswith(" "):
        what = "relationNum begins with a blank; in a query string send + as %2B."
        raise Refusal(assumptions.text("axb.unbind_bare_plus"), what, "COM-ENV-006")
    check_x(assumptions, params, "relationNum")
    if not params:
        what = "Give subscriptionId or relationNum; in a query string send + as %2B."
        raise Refusal(assumptions.text("axb.unbind_without_selector"), what, "AXB-UNBIND-002")


def _check_modify(assumptions: Assumptions, params: Params) -> None:
    check_users(assumptions, params, *_USERS)
    check_user_data(assumptions, params)
    if len(params) == 1 and assumptions["axb.modify_nothing"] != "success":
        what = "Give at least one field to change besides subscriptionId."
        raise Refusal(assumptions.text("axb.modify_nothing"), what, "AXB-OPEN-012")


def _check_query(assumptions: Assumptions, params: Params) -> None:
    check_x(assumptions, params, "relationNum")
    if "subscriptionId" in params or "relationNum" in params:
        return
    if "callerNum" in params or "calleeNum" in params:
        what = "callerNum and calleeNum need relationNum beside them."
        raise Refusal(assumptions.text("axb.query_users_without_x"), what, "AXB-OPEN-009")
    raise Refusal(assumptions.text("axb.query_without_selector"), "Give subscriptionId or relationNum.", "AXB-OPEN-008")


def _check_not_x(assumptions: Assumptions, x: str, *users: str) -> None:
    choice = assumptions.text("axb.a_equals_x")
    if x in users and choice != "accept":
        raise Refusal(choice, "callerNum and calleeNum must not be the X number itself.", "AXB-OPEN-003")


# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class BindRequest(NamedTuple):
    """A bind on a certain X, not yet granted."""

    world: World
    app: Application
    x: XNumber
    a: str
    b: str
    record: bool


def _is_full(request: BindRequest) -> bool:
    return len(request.x.pairs or ()) >= request.world.limits["pairs_per_x"]


def _is_bound(request: BindRequest) -> bool:
    users = request.x.users
    return users is not None and (request.a in users or request.b in users)


def _is_unrecordable(request: BindRequest) -> bool:
    return request.record and not request.app.recording


def _is_blocked(request: BindRequest) -> bool:
    return request.x.status != NORMAL


class Fault(NamedTuple):
    """Something that may stand against a bind on a given X; `reading` is the assumption that holds its code, if any."""

    stands: Callable[[BindRequest], bool]
    text: str
    rule: str
    choice: str | None = None


#: By code, in the order in which the table prints them; the world may look in another order (axb.bind_faults).
BIND_FAULTS: Final = {
    "1012009": Fault(_is_full, "relationNum carries all the pairs that one X may carry.", "AXB-BIND-103"),
    "1012010": Fault(_is_bound, "callerNum or calleeNum stands on this relationNum.", "AXB-BIND-102"),
    "1012012": Fault(_is_unrecordable, "recordFlag needs recording to be on.", "AXB-BIND-021"),
    "1012102": Fault(_is_blocked, "relationNum is suspended, unavailable or frozen.", "AXB-BIND-029", "axb.blocked_x"),
}


@cache
def _codes(order: str) -> tuple[str, ...]:
    return tuple(order.split())


def _bind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Bind A and B on an X that is given or picked (AXB-BIND-001)."""
    assumptions = world.assumptions
    a, b = params["callerNum"], params["calleeNum"]
    check_tones(app, params)
    number = params.get("relationNum")
    x = select_x(world, app, params) if number is None else own_x(world, app, number, BIND)
    request = BindRequest(world, app, x, a, b, flag(params.get("recordFlag")))
    for code in _codes(assumptions.text("axb.bind_faults")):
        stands, what, rule, choice = BIND_FAULTS[code]
        if stands(request):
            raise Refusal(code if choice is None else assumptions.text(choice), what, rule)
    check_last_minute(assumptions, params, 0)
    binding = Pair(world.identity.subscription_id(), x, a, b, world.now_ms)
    _set_fields(binding, params)
    world.bind(binding)
    return {
        "subscriptionId": binding.subscription_id,
        "relationNum": x.number,
        "callDirection": binding.direction or 0,
        "duration": binding.duration or 0,
        "maxDuration": binding.max_duration or 0,
    }


def _set_fields(binding: Pair, params: Params) -> None:
    """Write what a bind or modify carries into the binding; what it does not carry stays (AXB-MODIFY-006)."""
    get = params.get
    if (direction := get("callDirection")) is not None:
        binding.direction = int(direction)
    if (seconds := get("duration")) is not None:
        binding.duration = int(seconds)
    if (minutes := get("maxDuration")) is not None:
        binding.max_duration = int(minutes)
    if (record := get("recordFlag")) is not None:
        binding.record = flag(record)
    if (sms := get("privateSms")) is not None:
        binding.private_sms = flag(sms)
    if (tone := get("recordHintTone")) is not None:
        binding.record_tone = sys.intern(tone)
    if (tone := get("lastMinVoice")) is not None:
        binding.last_minute_tone = sys.intern(tone) or None
    if (tones := get("preVoice")) is not None:
        if (tone := tones.get("callerHintTone")) is not None:
            binding.caller_tone = tone or None
        if (tone := tones.get("calleeHintTone")) is not None:
            binding.callee_tone = tone or None
    if (user_data := get("userData")) is not None:
        binding.user_data = user_data


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unbind(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Dissolve one binding, or all on an X (AXB-UNBIND-001, AXB-UNBIND-101)."""
    if "subscriptionId" in params:
        binding = own_binding(world, app, params["subscriptionId"], UNBIND)
        _check_blocked(world.assumptions, binding.x)
        world.unbind(binding)
        return {}
    x = own_x(world, app, params["relationNum"], UNBIND)
    if not x.pairs:
        raise Refusal("403/1012007", "relationNum carries no binding.", "AXB-UNBIND-004")
    _check_blocked(world.assumptions, x)
    for binding in list(x.pairs.values()):
        world.unbind(binding)
    return {}


def _check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    choice = assumptions.text("axb.blocked_x_changes")
    if x.status in NO_CALLS and choice != "success":
        raise Refusal(choice, "The X of the binding is suspended or unavailable.", "AXB-OPEN-027")


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _modify(world: World, app: Application, params: Params) -> dict[str, Any]:
    """Change what the request carries and nothing else (AXB-MODIFY-003 to AXB-MODIFY-011)."""
    check_tones(app, params)
    binding = own_binding(world, app, params["subscriptionId"], MODIFY)
    a, b = _new_users(world.assumptions, binding, params)
    if flag(params.get("recordFlag")) and not app.recording:
        raise Refusal("403/1012012", "recordFlag needs recording to be on.", "AXB-MODIFY-011")
    check_last_minute(world.assumptions, params, binding.max_duration or 0)
    _check_blocked(world.assumptions, binding.x)
    if (a, b) != (binding.a, binding.b):
        binding.rename(a, b)
        world.call_engine.users_changed(binding.subscription_id, world.now_ms)
    if world.assumptions["axb.modify_empty_tone"] == "unchanged":
        params = without_empty(params)
    _set_fields(binding, params)
    binding.subscribed_ms = world.now_ms
    if "duration" in params:
        world.restart_countdown(binding)
    if "maxDuration" in params:
        world.call_engine.max_duration_changed(binding.subscription_id, binding.max_duration or 0)
    world.run_due()
    return {}


def _new_users(assumptions: Assumptions, binding: Pair, params: Params) -> tuple[str, str]:
    """Return A and B as they will be; each stands once on X afterwards (AXB-MODIFY-003 to AXB-MODIFY-102)."""
    a, b = params.get("callerNum", binding.a), params.get("calleeNum", binding.b)
    if a == b:
        raise same_number(assumptions)
    _check_not_x(assumptions, binding.x.number, *(params[name] for name in _USERS if name in params))
    for user in (a, b):
        if binding.x.binding_of(user) not in (None, binding):
            what = "callerNum or calleeNum stands in another binding on this X."
            raise Refusal("403/1012010", what, "AXB-MODIFY-102")
    swapped = (a, b) == (binding.b, binding.a)
    repeated = params.get("callerNum") == binding.a or params.get("calleeNum") == binding.b
    for case, assumption, rule in (
        (swapped, "axb.modify_swap", "AXB-OPEN-014"),
        (repeated, "axb.modify_same_number", "AXB-OPEN-013"),
    ):
        if case and assumptions[assumption] != "success":
            raise Refusal(assumptions.text(assumption), "callerNum or calleeNum stands in this binding already.", rule)
    return a, b


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_USUAL_PAGE: Final = 50
_PAGE_SIZES: Final = range(10, 101)
_NUMBER: Final = re.compile("[0-9]{1,9}")


def _query(world: World, app: Application, params: Params) -> dict[str, Any]:
    """List one binding, or the bindings on an X page by page (AXB-QUERY-001 to AXB-QUERY-102)."""
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
        "relationNumList": [shown(world.assumptions, binding) for binding in page],
    }


def _paging(assumptions: Assumptions, params: Params) -> tuple[int, int]:
    """Return the page that is asked for and its size (AXB-QUERY-103, AXB-QUERY-104, AXB-OPEN-031)."""
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
    """Return one page of the bindings on X, in the order in which they were bound, and how many there are in all."""
    if not x.pairs:
        raise Refusal("403/1012007", "relationNum carries no binding.", "AXB-QUERY-005")
    start = (index - 1) * size
    page = list(islice(x.pairs.values(), start, start + size))
    choice = assumptions.text("axb.query_past_last_page")
    if not page and choice != "empty":
        raise Refusal(choice, "pageIndex lies behind the last page.", "AXB-OPEN-010")
    return page, len(x.pairs)


HANDLERS: Final = {
    "axb.bind": Handler(_bind, check=_check_bind),
    "axb.unbind": Handler(_unbind, narrow=one_binding, check=_check_unbind),
    "axb.modify": Handler(_modify, check=_check_modify, clears=frozenset({"lastMinVoice"})),
    "axb.query": Handler(_query, narrow=one_binding, check=_check_query),
}
