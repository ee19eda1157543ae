"""Before the first check a run looks at its ground; what is bound there, and a wrong world, are reported in a line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.suites.driver.protocol import Driver
from privnum.suites.safety.cleanup import asker, bindings_on, dissolve
from privnum.suites.target.config import TargetError
from privnum.suites.transport.api import make_answer
from privnum.suites.transport.client import sign
from tests.suites.platforms import AXB, AXE, Platform

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.target.config import App

A, B = "+861390000000", "+861390000001"


def bind_of_somebody_else(platform: Platform, app: App, x: str, number: int = 1) -> str:
    """A binding that no run has made; its id."""
    body = {"callerNum": f"{A}{number}", "calleeNum": f"{B}{number}", "relationNum": x}
    body = body if app.mode == "AXB" else {"bindNum": body["callerNum"], "virtualNum": x}
    bind = contracts.operations()[f"{app.mode.lower()}.bind"]
    headers = [*sign(app), ("Content-Type", "application/json")]
    answer = platform.transport.request("POST", bind.path, "", headers, orjson.dumps(body))
    assert answer.ok
    return str(answer["subscriptionId"])


@pytest.mark.parametrize("driver", [True, False], ids=["driver", "no driver"])
@pytest.mark.parametrize("app", [AXB, AXE], ids=["AXB", "AXE"])
@pytest.mark.parametrize("place", [0, 1], ids=["first X", "last X"])
def test_what_is_bound_on_any_x_is_told_before_the_first_check(app: App, place: int, driver: bool) -> None:
    platform = Platform()
    sub = bind_of_somebody_else(platform, app, app.numbers[place].number)
    with pytest.raises(TargetError) as told:
        platform.session(driver=driver)
    words = str(told.value)
    assert f"{app.mode} +86139****0001" in words
    assert sub in words
    assert contracts.mask(app.numbers[place].number) in words
    assert "privnum clean --target FILE --all-bindings" in words
    assert "\n" not in words
    assert A not in words


def test_of_many_bindings_three_are_told_and_the_rest_counted() -> None:
    platform = Platform()
    for number in range(1, 6):
        bind_of_somebody_else(platform, AXB, AXB.numbers[0].number, number)
    with pytest.raises(TargetError, match="and 2 others"):
        platform.session()


@pytest.mark.parametrize("app", [AXB, AXE], ids=["AXB", "AXE"])
def test_what_is_found_can_be_dissolved(app: App) -> None:
    platform = Platform()
    x, ask = app.numbers[1].number, asker(platform.transport, "")
    subs = {bind_of_somebody_else(platform, app, x, number) for number in range(1, 4)}
    found = list(bindings_on(x, app, ask))
    assert {bound.subscription_id for bound in found} == subs
    assert [dissolve(bound, ask) for bound in found] == [None] * 3
    assert list(bindings_on(x, app, ask)) == []
    platform.session().close()


def test_an_x_that_cannot_be_looked_at_is_left_to_the_checks() -> None:
    platform = Platform()
    inner = platform.transport.request

    def odd(method: str, path: str, *rest: Any) -> Answer:
        answer = inner(method, path, *rest)
        return answer if method != "GET" else make_answer(500, [], b"<html>")

    platform.transport.request = odd  # type: ignore[method-assign, assignment]
    platform.session(driver=False).close()


def test_a_world_that_the_driver_does_not_know_is_told_with_its_key() -> None:
    platform = Platform()
    with pytest.raises(TargetError) as told:
        platform.session_on(replace(platform.target(driver=True), world="elsewhere"))
    words = str(told.value)
    assert "[driver] world: the driver knows no world 'elsewhere'; it has there" in words
    assert "leave the key out to have a world made for each check" in words


class OneWorld(Driver):
    """A driver that makes no worlds."""

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        answer = super().exchange(operation, body, query=query, **places)
        if operation != "capabilities":
            return answer
        told = orjson.loads(answer.content)
        told["capabilities"] = [word for word in told["capabilities"] if word not in ("worlds", "reset")]
        return make_answer(answer.status, answer.headers, orjson.dumps(told))


def test_the_one_world_of_a_driver_must_be_named_if_it_is_another_than_default() -> None:
    platform = Platform()
    platform.driver = OneWorld(platform.transport)
    with pytest.raises(TargetError, match=r"\[driver\] world: the driver knows no world 'default'; name the one"):
        platform.session_on(replace(platform.target(driver=True), world=None))
