"""Seeded bugs of AXB and of what all modes share."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver import calls, notices, outbox
from privnum.mockserver.errors import Refusal
from privnum.mockserver.modes import axb
from privnum.mockserver.world import World
from privnum.suites.mutants.model import Mutant, Patch

if TYPE_CHECKING:
    from privnum.mockserver.bindings import Binding

__all__ = ["MUTANTS"]


def _without(fault: str, stands_against: Any = lambda _: False) -> Patch:
    """Bind with another test for one of its faults; without one, with none."""
    _, text, rule = axb.BIND_FAULTS[fault]
    return patch.dict(axb.BIND_FAULTS, {fault: (stands_against, text, rule)})


def _without_rows(*rules: str) -> Patch:
    """Route calls by the table without some of its rows."""
    return patch.object(axb, "CALL_TABLE", tuple(row for row in axb.CALL_TABLE if row.rule not in rules))


def _only_callers() -> Patch:
    def is_bound(wish: axb.Wish) -> bool:
        return any(binding.a == wish.a for binding in (wish.x.pairs or {}).values())

    return _without("1012010", is_bound)


def _one_pair_more() -> Patch:
    return _without("1012009", lambda wish: len(wish.x.pairs or ()) > wish.world.limits["pairs_per_x"])


def _duration_in_minutes() -> Patch:
    count_down = World._count_down

    def in_minutes(world: World, binding: Binding) -> None:
        seconds, binding.duration = binding.duration, (binding.duration or 0) * 60
        count_down(world, binding)
        binding.duration = seconds

    return patch.object(World, "_count_down", in_minutes)


def _countdown_goes_on() -> Patch:
    """A modified duration counts from the bind, not from the modify."""

    def from_bind(world: World, binding: Binding) -> None:
        left = binding.expires_ms - world.now_ms if binding.expires_ms else 0
        if binding.expires_ms:
            world.agenda.cancel(binding)
            binding.expires_ms = 0
        world._count_down(binding)
        if left and binding.expires_ms:
            world.agenda.cancel(binding)
            binding.expires_ms = world.now_ms + left
            world.agenda.add(binding.expires_ms, 0, binding)

    return patch.object(World, "restart_countdown", from_bind)


def _unbind_cuts_calls() -> Patch:
    unbind = World.unbind

    def cutting(world: World, binding: Binding) -> None:
        unbind(world, binding)
        for view in world.call_engine.view():
            call = world.call_engine.get(view["id"])
            if call is not None and call.state != "ended" and view["subscription_id"] == binding.subscription_id:
                world.call_engine.end(call, 0, world.now_ms)

    return patch.object(World, "unbind", cutting)


def _limit_from_the_start() -> Patch:
    """MaxDuration counts from the start of the call instead of from the answer."""
    next_step = calls.CallEngine._next_step

    def early(engine: calls.CallEngine, call: calls.Call) -> tuple[int, int | str] | None:
        step = next_step(engine, call)
        if step is not None and step[1] == calls._TOO_LONG and call.answered_ms is not None:
            return step[0] - (call.answered_ms - call.started_ms), step[1]
        return step

    return patch.object(calls.CallEngine, "_next_step", early)


def _empty_list() -> Patch:
    """A query that finds nothing answers with success and an empty list."""
    query = axb.HANDLERS["axb.query"]

    def lenient(world: Any, app: Any, params: Any) -> dict[str, Any]:
        try:
            return query.perform(world, app, params)
        except Refusal as refusal:
            if refusal.code != "1012007":
                raise
            return {"totalCount": 0, "pageIndex": 1, "pageSize": 50, "relationNumList": []}

    return patch.dict(axb.HANDLERS, {"axb.query": query._replace(perform=lenient)})


def _unbind_one_of_x() -> Patch:
    """Unbind by X dissolves the first pair only."""
    unbind = axb.HANDLERS["axb.unbind"]

    def first_only(world: Any, app: Any, params: Any) -> dict[str, Any]:
        x = world.numbers.get(params.get("relationNum"))
        if x is not None and x.app is app and x.pairs:
            world.unbind(next(iter(x.pairs.values())))
            return {}
        return unbind.perform(world, app, params)

    return patch.dict(axb.HANDLERS, {"axb.unbind": unbind._replace(perform=first_only)})


def _pages_of_a_hundred() -> Patch:
    return patch.object(axb, "_USUAL_PAGE", 100)


def _swapped_direction() -> Patch:
    return patch.dict(axb._CDR_DIRECTION, {"A": 0, "B": 1})


def _tireless_repeats() -> Patch:
    return patch.object(outbox, "RETRY_MINUTES", (*outbox.RETRY_MINUTES, 397))


def _any_digest() -> Patch:
    return patch.object(hmac, "compare_digest", lambda *_: True)


def _answer_time_always() -> Patch:
    fee_info = notices.Notices._fee_info

    def answered(self: notices.Notices, call: calls.Call) -> dict[str, Any]:
        fee = fee_info(self, call)
        fee.setdefault("fwdAnswerTime", fee["callEndTime"])
        return fee

    return patch.object(notices.Notices, "_fee_info", answered)


MUTANTS = (
    Mutant(
        "axb-b-bound-twice", "AXB-BIND-006", "Only the callers on an X are compared, not its callees.", _only_callers
    ),
    Mutant("axb-one-pair-more", "AXB-BIND-009", "The 5001st pair still fits on an X.", _one_pair_more),
    Mutant("axb-duration-in-minutes", "AXB-LIFE-001", "duration counts minutes.", _duration_in_minutes),
    Mutant(
        "axb-countdown-goes-on",
        "AXB-LIFE-003",
        "A modify of duration does not restart the countdown.",
        _countdown_goes_on,
    ),
    Mutant("axb-unbind-cuts-calls", "AXB-CALL-009", "Unbind hangs up the calls of the binding.", _unbind_cuts_calls),
    Mutant("axb-limit-from-start", "AXB-CALL-011", "maxDuration counts from the dialling.", _limit_from_the_start),
    Mutant(
        "axb-callee-calls-anyway",
        "AXB-CALL-003",
        "Direction 1 lets B call all the same.",
        lambda: _without_rows("AXB-CALL-003"),
    ),
    Mutant(
        "axb-fixed-line-calls",
        "AXB-CALL-007",
        "A fixed line is put through like a mobile.",
        lambda: _without_rows("AXB-CALL-007", "AXB-OPEN-021"),
    ),
    Mutant("axb-empty-list", "AXB-QUERY-005", "A query that finds nothing answers with an empty list.", _empty_list),
    Mutant("axb-unbind-one-of-x", "AXB-UNBIND-002", "Unbind by X dissolves one pair only.", _unbind_one_of_x),
    Mutant("axb-pages-of-a-hundred", "AXB-QUERY-009", "Without pageSize a page holds 100.", _pages_of_a_hundred),
    Mutant("axb-cdr-direction", "AXB-CDR-004", "direction of the CDR is the other way round.", _swapped_direction),
    Mutant("axb-cdr-answer-time", "AXB-CDR-007", "A CDR always tells an answer time.", _answer_time_always),
    Mutant("common-any-digest", "COM-AUTH-022", "The digest is not compared.", _any_digest),
    Mutant("common-tireless-repeats", "COM-PUSH-004", "A failed push is repeated a seventh time.", _tireless_repeats),
)
