"""That a push did not come is decided by the driver's word or by a stated time. Nobody sleeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.context import CheckContext
from privnum.suites.transport.api import make_answer
from tests.suites.platforms import Platform

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session

KINDS = {"callin", "disconnect", "fee"}


class Slow(Driver):
    """A platform that pushes `seconds` after its driver has answered; `tells`: whether the driver reports pushes."""

    def __init__(self, platform: Platform, *, seconds: float, tells: bool) -> None:
        super().__init__(platform.transport)
        self._platform = platform
        self._seconds = seconds
        self._tells = tells
        self._held: list[tuple[float, tuple[Any, ...]]] = []
        platform.server.customer = self._hold
        self.asked = 0

    def _hold(self, *push: Any) -> tuple[int, bytes]:
        self._held.append((self._platform.slept + self._seconds, push))
        return 200, b""

    def deliver(self) -> None:
        """What is due comes."""
        due = [push for at, push in self._held if at <= self._platform.slept]
        self._held = [(at, push) for at, push in self._held if at > self._platform.slept]
        for url, headers, body in due:
            self._platform.receiver(url, headers, body)

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        if operation == "pushes.list":
            assert self._tells
            self.asked += 1
            return make_answer(200, [], orjson.dumps({"pushes": [_pending() for _ in self._held]}))
        answer = super().exchange(operation, body, query=query, **places)
        if operation != "capabilities" or self._tells:
            return answer
        told = orjson.loads(answer.content)
        told["capabilities"].remove("pushes")
        return make_answer(200, [], orjson.dumps(told))


def _pending() -> dict[str, Any]:
    push = {"id": "p", "kind": "cdr", "app_key": "axb-key", "url": "inbox:", "state": "pending", "attempts": []}
    return push | {"next_attempt_at": None, "body": {}}


def judged_by(platform: Platform, *, seconds: float, tells: bool) -> tuple[CheckContext, Slow, Session]:
    driver = Slow(platform, seconds=seconds, tells=tells)
    platform.driver = driver

    def sleep(passed: float) -> None:
        platform.sleep(passed)
        driver.deliver()

    session = platform.session(clock=lambda: platform.slept, sleep=sleep)
    return CheckContext(session, "it").open(), driver, session


def refused_call(context: CheckContext) -> set[str]:
    """The kinds of the pushes of a call that reaches nobody, once none is due any more."""
    context.call(context.user(), context.axb.x())
    context.advance(60)
    return {push.event_type for push in context.pushes()}


def noted_texts(context: CheckContext) -> list[str]:
    return [step.text for step in context.history if step.kind == "note"]


def test_the_driver_says_when_no_push_is_due() -> None:
    platform = Platform()
    context, driver, session = judged_by(platform, seconds=2, tells=True)
    assert refused_call(context) == KINDS
    assert platform.slept < session.patience
    assert noted_texts(context) == []
    asked = driver.asked
    context.pushes()
    assert driver.asked == asked


def test_a_driver_is_believed_for_the_stated_time() -> None:
    platform = Platform()
    context, _, session = judged_by(platform, seconds=100, tells=True)
    assert refused_call(context) == set()
    assert session.patience <= platform.slept < session.patience + 1
    assert noted_texts(context) == ["3 pushes were still due after 5 s, says the driver"]


def test_without_its_word_none_is_waited_for_after_the_stated_time() -> None:
    platform = Platform()
    context, _, session = judged_by(platform, seconds=2, tells=False)
    assert refused_call(context) == KINDS
    assert 2 + session.patience - 1 <= platform.slept <= 2 + session.patience + 1
    assert noted_texts(context) == ["no more pushes came for 5 s"]


def test_a_push_that_is_repeated_later_is_not_due() -> None:
    platform = Platform()
    context = CheckContext(platform.session(clock=lambda: platform.slept, sleep=platform.sleep), "it").open()
    context.receiver.answer(500)
    assert refused_call(context) >= {"callin", "disconnect"}
    assert context.outbox("pending")
    assert platform.slept == 0
