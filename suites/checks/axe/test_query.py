"""Query: how a binding is found, and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import refused, succeeds
from privnum.suites.checks.axe.scenarios import (
    GONE,
    UNKNOWN,
    bound,
    info_of,
    is_shown,
    other_extension,
    shows,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import Bench


def answers_with(bench: Bench, requirement: str, binding: Binding, **query: Any) -> None:
    """Claim that the query answers with that one binding, flat."""
    info = info_of(bench, requirement, binding, **query)
    wanted = {"virtualNum": binding.x, "extendNum": binding.extension, "bindNum": binding.a}
    wanted = {name: value for name, value in wanted.items() if is_shown(bench, info, name)}
    came = {name: info.get(name) for name in wanted}
    bench.claim(requirement, came == wanted, f"query by {sorted(query)}: expected {wanted}, came {came}")


@check("AXE-QUERY-001", "AXE-QUERY-008")
def test_query_by_id(bench: Bench) -> None:
    """A query by subscriptionId shows that one binding, with X, extension and A."""
    for binding in [bound(bench) for _ in range(3)]:
        answers_with(bench, "AXE-QUERY-001", binding, subscriptionId=binding.sub)


@check("AXE-QUERY-101")
def test_query_by_extension(bench: Bench) -> None:
    """A query by X and extension shows that one binding."""
    for binding in [bound(bench) for _ in range(3)]:
        answers_with(bench, "AXE-QUERY-101", binding, virtualNum=binding.x, extendNum=binding.extension)


@check("AXE-QUERY-101", needs=("two_x",))
def test_query_by_extension_looks_at_that_x(bench: Bench) -> None:
    """With one extension on two X each query shows the binding of its own X."""
    extension = other_extension(bench)
    for binding in [bound(bench, x=bench.axe.x(place), extension=extension) for place in (0, 1)]:
        answers_with(bench, "AXE-QUERY-101", binding, virtualNum=binding.x, extendNum=extension)


@check("AXE-QUERY-004")
def test_the_id_decides(bench: Bench) -> None:
    """With subscriptionId X and extension are ignored; with an unknown one nothing is found."""
    one, two = bound(bench), bound(bench)
    answers_with(bench, "AXE-QUERY-004", one, subscriptionId=one.sub, virtualNum=two.x, extendNum=two.extension)
    answer = bench.axe.query(subscriptionId=UNKNOWN, virtualNum=two.x, extendNum=two.extension)
    refused(bench, "AXE-QUERY-004", answer, "query by an unknown id and an extension that is bound")


@check("AXE-QUERY-005")
def test_nothing_found(bench: Bench) -> None:
    """An unknown id, one unbound before, and an extension that is not bound are refused with 1016001."""
    refused(bench, "AXE-QUERY-005", bench.axe.query(subscriptionId=UNKNOWN), "query by an unknown id", GONE)
    binding = bound(bench)
    free = {"virtualNum": binding.x, "extendNum": other_extension(bench, binding.extension)}
    refused(bench, "AXE-QUERY-005", bench.axe.query(**free), "query by a free extension", GONE)
    bench.axe.unbind(subscriptionId=binding.sub)
    refused(bench, "AXE-QUERY-005", bench.axe.query(subscriptionId=binding.sub), "query of an unbound one", GONE)
    gone = {"virtualNum": binding.x, "extendNum": binding.extension}
    refused(bench, "AXE-QUERY-005", bench.axe.query(**gone), "query by an unbound extension", GONE)


@check("AXE-QUERY-003", needs=("recording",))
@pytest.mark.parametrize("name", ["callbackTone", "callbackNum"])
def test_what_was_set_is_shown(bench: Bench, name: str) -> None:
    """Every setting of the bind is shown with its value."""
    wanted: dict[str, Any] = {
        "displayNumMode": "0",
        "recordHintTone": bench.axe.tone(1),
        name: bench.axe.tone() if name == "callbackTone" else bench.user(),
        "userData": "order-42",
        "callbackExpiredTime": 12,
    }
    binding = bound(bench, recordFlag="true", bindExpiredTime=24, **wanted)
    shows(bench, "AXE-QUERY-003", binding, recordFlag=True, **wanted)


@check("AXE-QUERY-003")
def test_minutes_are_shown_as_they_were_given(bench: Bench) -> None:
    """CallbackExpiredTime in minutes is shown in minutes."""
    binding = bound(bench, timeUnit="1", bindExpiredTime=600, callbackExpiredTime=90)
    shows(bench, "AXE-QUERY-003", binding, callbackExpiredTime=90)


@check("AXE-QUERY-003")
def test_bindings_do_not_mix(bench: Bench) -> None:
    """What was set for one binding is not shown for another on the same X."""
    number = bench.user()
    one, two = bound(bench, callbackNum=number, userData="one"), bound(bench, userData="two")
    shows(bench, "AXE-QUERY-003", one, callbackNum=number, userData="one")
    shows(bench, "AXE-QUERY-003", two, callbackNum=None, userData="two")


@check("AXE-QUERY-102")
def test_query_v2(bench: Bench) -> None:
    """Query v2 by subscriptionId succeeds for a binding of the application."""
    binding = bound(bench)
    succeeds(bench, "AXE-QUERY-102", bench.axe.query_v2(subscriptionId=binding.sub), "query v2 by id")


@check("AXE-QUERY-103")
def test_binding_count(bench: Bench) -> None:
    """The binding count succeeds for an X of the application that has a binding."""
    binding = bound(bench)
    succeeds(bench, "AXE-QUERY-103", bench.axe.query_count(number=binding.x), "binding count of X")


@check("AXE-QUERY-007")
def test_a_binding_of_another_application(bench: Bench) -> None:
    """Another application's binding is refused, and nothing of it is told."""
    theirs = bound(bench, app=bench.axe.second_app, userData="theirs")
    answer = bench.axe.query(subscriptionId=theirs.sub)
    refused(bench, "AXE-QUERY-007", answer, "query of a foreign id")
    told = [word for word in (theirs.a, theirs.x, "theirs") if word in answer.text]
    bench.claim("AXE-QUERY-007", not told, f"the refusal tells {told}")


@check("AXE-QUERY-104")
@pytest.mark.parametrize("unit", [None, "0", "1"])
def test_times_are_integers(bench: Bench, unit: str | None) -> None:
    """BindExpiredTime and callbackExpiredTime are integers, timeUnit is "0" or "1"."""
    fields: dict[str, Any] = {"bindExpiredTime": 100, "callbackExpiredTime": 50}
    binding = bound(bench, **(fields if unit is None else fields | {"timeUnit": unit}))
    info = info_of(bench, "AXE-QUERY-104", binding)
    for name in (name for name in fields if is_shown(bench, info, name)):
        ok = type(info[name]) is int
        bench.claim("AXE-QUERY-104", ok, f"{name}: expected an integer, came {info[name]!r}")
    if not unit or is_shown(bench, info, "timeUnit"):
        unit_shown(bench, info, unit)


def unit_shown(bench: Bench, info: dict[str, Any], unit: str | None) -> None:
    """Claim that timeUnit has its form."""
    ok = info.get("timeUnit") in ("0", "1") if unit else info.get("timeUnit") in (None, "0")
    bench.claim("AXE-QUERY-104", ok, f'timeUnit: expected "0" or "1", came {info.get("timeUnit")!r}')


@check("AXE-QUERY-105")
def test_query_needs_a_selector(bench: Bench) -> None:
    """Without a selector, with X alone or the extension alone the query is refused."""
    binding = bound(bench)
    queries: list[dict[str, str]] = [
        {},
        {"subscriptionId": "", "virtualNum": "", "extendNum": ""},
        {"virtualNum": binding.x},
        {"extendNum": binding.extension},
    ]
    for query in queries:
        answer = bench.axe.query(**query)
        refused(bench, "AXE-QUERY-105", answer, f"query by {sorted(k for k in query if query[k]) or 'nothing'}")
