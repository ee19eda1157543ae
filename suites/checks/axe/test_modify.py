"""Modify: how a binding is selected, what changes and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import (
    UNKNOWN,
    bind_users,
    claim_calls_back_to,
    claim_unchanged,
    shows,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

"""Settings that a query shows."""


@check("AXE-MODIFY-101")
@pytest.mark.parametrize("by", ["id", "extension", "both"])
def test_selectors(context: CheckContext, by: str) -> None:
    """A binding is selected by id, or by X and extension.

    With both the id decides. No other binding changes.
    """
    before, binding, other = bind_users(context), bind_users(context), bind_users(context)
    extension = other.extension if by == "both" else binding.extension
    fields = {} if by == "extension" else {"subscriptionId": binding.sub}
    fields |= {} if by == "id" else {"virtualNum": binding.x, "extendNum": extension}
    number = context.user()
    with claim_unchanged(context, "AXE-MODIFY-101", before, other):
        answer = context.axe.modify(**fields, callbackNum=number)
        claim_success(context, "AXE-MODIFY-101", answer, f"modify by {sorted(fields)}")
    shows(context, "AXE-MODIFY-101", binding, callbackNum=number)


@check("AXE-MODIFY-101")
def test_an_unknown_id_decides_too(context: CheckContext) -> None:
    """With an unknown id X and extension select nothing."""
    binding = bind_users(context)
    selector = {"subscriptionId": UNKNOWN, "virtualNum": binding.x, "extendNum": binding.extension}
    with claim_unchanged(context, "AXE-MODIFY-101", binding):
        claim_refusal(
            context,
            "AXE-MODIFY-101",
            context.axe.modify(**selector, callbackNum=context.user()),
            "modify of an unknown id",
        )


@check("AXE-MODIFY-101")
def test_empty_selectors_are_absent(context: CheckContext) -> None:
    """An empty id lets X and extension select, and the other way round."""
    binding = bind_users(context)
    there = {"virtualNum": binding.x, "extendNum": binding.extension}
    for fields in ({"subscriptionId": "", **there}, {"subscriptionId": binding.sub, "virtualNum": "", "extendNum": ""}):
        number = context.user()
        answer = context.axe.modify(**fields, callbackNum=number)
        context.claim("COM-ENV-009", answer.ok, f"modify with empty selectors: came {answer.key}")
        if answer.ok:
            shows(context, "AXE-MODIFY-101", binding, callbackNum=number)


@check("AXE-MODIFY-102")
def test_callback_num_wins(context: CheckContext) -> None:
    """A modify with both is accepted.

    A without a record is then forwarded to callbackNum.
    """
    before: list[dict[str, Any]] = [{}, {"callbackTone": context.axe.tone(1)}, {"callbackNum": context.user()}]
    for settings in before:
        binding, number = bind_users(context, **settings), context.user()
        answer = context.axe.modify(binding.sub, callbackTone=context.axe.tone(), callbackNum=number)
        claim_success(context, "AXE-MODIFY-102", answer, "modify of callbackTone and callbackNum together")
        claim_calls_back_to(context, "AXE-MODIFY-102", binding, number)


@check("AXE-MODIFY-103")
@pytest.mark.parametrize("name", ["callbackTone", "callbackNum"])
def test_empty_clears(context: CheckContext, name: str) -> None:
    """An empty callbackTone or callbackNum clears it, and no other."""
    value = context.axe.tone() if name == "callbackTone" else context.user()
    fields: dict[str, Any] = {name: value}
    binding = bind_users(context, **fields)
    shows(context, "AXE-QUERY-003", binding, **fields)
    claim_success(
        context, "AXE-MODIFY-103", context.axe.modify(binding.sub, **{name: ""}), f"modify of {name} to empty"
    )
    shows(context, "AXE-MODIFY-103", binding, **{name: None})
    other: dict[str, Any] = {"callbackNum": context.user(), "callbackTone": context.axe.tone()}
    claim_success(context, "AXE-MODIFY-102", context.axe.modify(binding.sub, **other), "modify of both")
    claim_success(
        context, "AXE-MODIFY-103", context.axe.modify(binding.sub, **{name: ""}), f"modify of {name} to empty"
    )
    shows(context, "AXE-MODIFY-103", binding, **(other | {name: None}))


@check("AXE-MODIFY-103", needs=("calls",))
def test_a_cleared_number_is_not_called(context: CheckContext) -> None:
    """After callbackNum was cleared A is not forwarded to it.

    The tone that is left is played.
    """
    binding = bind_users(context, callbackNum=context.user())
    answer = context.axe.modify(binding.sub, callbackTone=context.axe.tone(), callbackNum="")
    claim_success(context, "AXE-MODIFY-103", answer, "modify of callbackNum to empty, and of callbackTone")
    call = context.call(binding.a, binding.x)
    context.claim("AXE-MODIFY-103", call.forwarded_to is None, f"A dials X: reached {call.forwarded_to}")


@check("AXE-MODIFY-104")
def test_what_can_be_modified(context: CheckContext) -> None:
    """What can be modified is taken and shown.

    CallbackNum, recordFlag, bindExpiredTime and callbackExpiredTime.
    """
    number = context.user()
    binding = bind_users(context, bindExpiredTime=100, callbackExpiredTime=5, callbackNum=context.user())
    changes: list[dict[str, Any]] = [
        {"callbackNum": number},
        {"recordFlag": "true", "recordHintTone": context.axe.tone()},
        {"recordFlag": "false"},
        {"callbackExpiredTime": 7},
    ]
    for change in changes:
        claim_success(context, "AXE-MODIFY-104", context.axe.modify(binding.sub, **change), f"modify of {change}")
        wanted = {name: {"true": True, "false": False}.get(value, value) for name, value in change.items()}
        wanted.pop("recordHintTone", None)
        shows(context, "AXE-MODIFY-104", binding, **wanted)
    answer = context.axe.modify(binding.sub, bindExpiredTime=200, callbackExpiredTime=7)
    claim_success(context, "AXE-MODIFY-104", answer, "modify of bindExpiredTime")
