"""Query: how a binding is found, and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import (
    bind_users,
    info_of,
    is_shown,
    other_extension,
    shows,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext


def answers_with(context: CheckContext, requirement: str, binding: Binding, **query: Any) -> None:
    """Claim that the query answers with that one binding, flat."""
    info = info_of(context, requirement, binding, **query)
    wanted = {"virtualNum": binding.x, "extendNum": binding.extension, "bindNum": binding.a}
    wanted = {name: value for name, value in wanted.items() if is_shown(context, info, name)}
    came = {name: info.get(name) for name in wanted}
    context.claim(requirement, came == wanted, f"query by {sorted(query)}: expected {wanted}, came {came}")


@check("AXE-QUERY-101")
def test_query_by_extension(context: CheckContext) -> None:
    """A query by X and extension shows that one binding."""
    for binding in [bind_users(context) for _ in range(3)]:
        answers_with(context, "AXE-QUERY-101", binding, virtualNum=binding.x, extendNum=binding.extension)


@check("AXE-QUERY-101", needs=("two_x",))
def test_query_by_extension_looks_at_that_x(context: CheckContext) -> None:
    """With one extension on two X each query shows the binding of its own X."""
    extension = other_extension(context)
    for binding in [bind_users(context, x=context.axe.x(place), extension=extension) for place in (0, 1)]:
        answers_with(context, "AXE-QUERY-101", binding, virtualNum=binding.x, extendNum=extension)


@check("AXE-QUERY-003", needs=("recording",))
@pytest.mark.parametrize("name", ["callbackTone", "callbackNum"])
def test_what_was_set_is_shown(context: CheckContext, name: str) -> None:
    """Every setting of the bind is shown with its value."""
    wanted: dict[str, Any] = {
        "displayNumMode": "0",
        "recordHintTone": context.axe.tone(1),
        name: context.axe.tone() if name == "callbackTone" else context.user(),
        "userData": "order-42",
        "callbackExpiredTime": 12,
    }
    binding = bind_users(context, recordFlag="true", bindExpiredTime=24, **wanted)
    shows(context, "AXE-QUERY-003", binding, recordFlag=True, **wanted)


@check("AXE-QUERY-003")
def test_minutes_are_shown_as_they_were_given(context: CheckContext) -> None:
    """CallbackExpiredTime in minutes is shown in minutes."""
    binding = bind_users(context, timeUnit="1", bindExpiredTime=600, callbackExpiredTime=90)
    shows(context, "AXE-QUERY-003", binding, callbackExpiredTime=90)


@check("AXE-QUERY-003")
def test_bindings_do_not_mix(context: CheckContext) -> None:
    """What was set for one binding is not shown for another on the same X."""
    number = context.user()
    one, two = bind_users(context, callbackNum=number, userData="one"), bind_users(context, userData="two")
    shows(context, "AXE-QUERY-003", one, callbackNum=number, userData="one")
    shows(context, "AXE-QUERY-003", two, callbackNum=None, userData="two")


@check("AXE-QUERY-102")
def test_query_v2(context: CheckContext) -> None:
    """Query v2 by subscriptionId succeeds for a binding of the application."""
    binding = bind_users(context)
    claim_success(context, "AXE-QUERY-102", context.axe.query_v2(subscriptionId=binding.sub), "query v2 by id")


@check("AXE-QUERY-102", needs=("recording",))
@pytest.mark.parametrize("name", ["callbackTone", "callbackNum"])
def test_query_v2_of_all_that_can_be_set(context: CheckContext, name: str) -> None:
    """Query v2 succeeds whatever was set; what it shows of it is open."""
    settings: dict[str, Any] = {
        "recordFlag": "true",
        "recordHintTone": context.axe.tone(1),
        name: context.axe.tone() if name == "callbackTone" else context.user(),
        "timeUnit": "1",
        "bindExpiredTime": 600,
        "userData": "order-42",
    }
    binding = bind_users(context, **settings)
    claim_success(context, "AXE-QUERY-102", context.axe.query_v2(subscriptionId=binding.sub), "query v2 by id")


@check("AXE-QUERY-102")
def test_cursor_of_query_v2(context: CheckContext) -> None:
    """NextCusor, where a list of an X is cut, is short text."""
    x = bind_users(context).x
    bind_users(context, x=x)
    answer = context.axe.query_v2(virtualNum=x, limit=1)
    cursor_shown(context, "AXE-QUERY-102", "nextCusor", answer["nextCusor"], 34)


@check("AXE-QUERY-103", needs=("two_x",))
def test_cursor_of_the_binding_count(context: CheckContext) -> None:
    """NextCursor, where a list of all X is cut, is short text."""
    context.axe.require_numbers(2)
    cursor_shown(context, "AXE-QUERY-103", "nextCursor", context.axe.query_count(limit=1)["nextCursor"], 20)


def cursor_shown(context: CheckContext, requirement: str, name: str, came: object, longest: int) -> None:
    """Claim that a cursor, if there is one, is text of at most so long."""
    ok = came is None or (isinstance(came, str) and len(came) <= longest)
    context.claim(requirement, ok, f"{name}: expected text of at most {longest} characters, came {came!r:.80}")


@check("AXE-QUERY-103")
def test_binding_count(context: CheckContext) -> None:
    """The binding count succeeds for an own X that has a binding."""
    binding = bind_users(context)
    claim_success(context, "AXE-QUERY-103", context.axe.query_count(number=binding.x), "binding count of X")


@check("AXE-QUERY-104")
@pytest.mark.parametrize("unit", [None, "0", "1"])
def test_times_are_integers(context: CheckContext, unit: str | None) -> None:
    """Both expiry times are integers, timeUnit is "0" or "1"."""
    fields: dict[str, Any] = {"bindExpiredTime": 100, "callbackExpiredTime": 50}
    binding = bind_users(context, **(fields if unit is None else fields | {"timeUnit": unit}))
    info = info_of(context, "AXE-QUERY-104", binding)
    for name in (name for name in fields if is_shown(context, info, name)):
        ok = type(info[name]) is int
        context.claim("AXE-QUERY-104", ok, f"{name}: expected an integer, came {info[name]!r}")
    if not unit or is_shown(context, info, "timeUnit"):
        unit_shown(context, info, unit)


def unit_shown(context: CheckContext, info: dict[str, Any], unit: str | None) -> None:
    """Claim that timeUnit has its form."""
    ok = info.get("timeUnit") in ("0", "1") if unit else info.get("timeUnit") in (None, "0")
    context.claim("AXE-QUERY-104", ok, f'timeUnit: expected "0" or "1", came {info.get("timeUnit")!r}')


@check("AXE-QUERY-105")
def test_query_needs_a_selector(context: CheckContext) -> None:
    """A query without a whole selector is refused.

    Without any, with X alone, with the extension alone.
    """
    binding = bind_users(context)
    queries: list[dict[str, str]] = [
        {},
        {"subscriptionId": "", "virtualNum": "", "extendNum": ""},
        {"virtualNum": binding.x},
        {"extendNum": binding.extension},
    ]
    for query in queries:
        answer = context.axe.query(**query)
        claim_refusal(context, "AXE-QUERY-105", answer, f"query by {sorted(k for k in query if query[k]) or 'nothing'}")
