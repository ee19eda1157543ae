"""Clients that ask at once: on a port, each by itself, within the bounds of the run, and all heard to their ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

import privnum.suites.probes  # noqa: F401  # a session needs them
from privnum.suites.base.claims import NoAnswer
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.checks.concurrency.models import AxbModel
from privnum.suites.driver.protocol import Driver
from privnum.suites.history.operations import Request
from privnum.suites.runner.connect import embedded_transport
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.racing import Race, ground_for_races
from privnum.suites.runner.session import Session
from privnum.suites.safety.limits import Guard, Limits, UsedUp
from privnum.suites.target.config import EMBEDDED, Target
from privnum.suites.transport.api import make_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.racing import Script


@pytest.fixture
def context() -> Iterator[CheckContext]:
    session = Session(EMBEDDED)
    context = CheckContext(session, "a race").open()
    yield context
    context.close()
    session.close()


def bind_request(context: CheckContext) -> Request:
    a, b = context.user(), context.user()
    return Request("bind", {"callerNum": a, "calleeNum": b, "relationNum": context.axb.x()})


def make_race(context: CheckContext) -> Race:
    return Race(context, context.axb.app, "AXB", AxbModel.read)


def ask(*requests: Request) -> Script:
    for request in requests:  # noqa: UP028 - a sequence is sent nothing
        yield request


def test_an_embedded_server_gets_a_port_and_claims_are_the_checks_own(context: CheckContext) -> None:
    context.rules = ("AXB-BIND-005",)
    with ground_for_races(context) as ground:
        assert ground.target.base_url is not None
        assert ground.rules == context.rules
        assert ground.session.assumptions is context.session.assumptions
        (one,) = make_race(ground).run([ask(bind_request(ground))])
        ground.claim("AXB-BIND-005", True, "")
    assert one.seen.ok
    assert one.seen.sub
    assert context.ledger.passed["AXB-BIND-005"] == 1


def test_each_client_meets_the_others_before_it_is_answered(context: CheckContext) -> None:
    """Nobody is answered before all have asked: each waits in the midst of its script for the others."""
    with ground_for_races(context) as ground:
        meeting = threading.Barrier(3, timeout=20)
        requests = [bind_request(ground) for _ in range(3)]

        def meet(request: Request) -> Script:
            seen = yield request
            meeting.wait()
            yield Request("query", {"subscriptionId": seen.sub})

        found = make_race(ground).run([meet(request) for request in requests])
    assert sorted((each.client, each.request.verb) for each in found) == [
        (client, verb) for client in (1, 2, 3) for verb in ("bind", "query")
    ]
    binds = [each for each in found if each.request.verb == "bind"]
    queries = [each for each in found if each.request.verb == "query"]
    assert all(bind.precedes(query) for bind in binds for query in queries)
    given = {bind.client: bind.seen.sub for bind in binds}
    assert {query.client: [*query.seen.rows] for query in queries} == {who: [sub] for who, sub in given.items()}
    assert [step.text for step in ground.history if step.kind == "request"] == ["axb.bind"] * 3 + ["axb.query"] * 3


def test_what_ends_a_client_is_raised_when_all_have_ended(context: CheckContext) -> None:
    with ground_for_races(context) as ground:
        race = make_race(ground)

        def give_up() -> Script:
            yield bind_request(ground)
            raise NoAnswer("gone")

        with pytest.raises(NoAnswer, match="gone"):
            race.run([ask(bind_request(ground)), give_up()])
    assert [step.text for step in ground.history if step.kind == "request"] == ["axb.bind"] * 2


def test_requests_on_the_port_count_for_the_bounds_of_the_run() -> None:
    session = Session(EMBEDDED, guard=Guard(EMBEDDED, Limits(requests=6)))
    context = CheckContext(session, "a race").open()
    with ground_for_races(context) as ground:
        before = session.guard.spent.requests
        with pytest.raises(UsedUp):
            make_race(ground).run([ask(*[bind_request(ground)] * 3) for _ in range(3)])
    assert session.guard.spent.requests == 6 > before
    context.close()
    session.close()


def test_on_a_stage_clients_take_turns() -> None:
    """Where one transport is all that there is, nothing overlaps."""
    receiver = EmbeddedReceiver()
    stage = embedded_transport(receiver)
    session = Session(EMBEDDED, transport=stage, driver=Driver(stage), receiver=receiver)
    context = CheckContext(session, "a race").open()
    with ground_for_races(context) as ground:
        assert ground is context
        first, second = make_race(ground).run([ask(bind_request(ground)), ask(bind_request(ground))])
    assert first.answered <= second.invoked
    session.close()


class Asking:
    """A transport that looks, while it is asked, whether another thread could ask the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.free = False

    def request(self, *_: Any) -> Answer:
        def try_lock() -> None:
            self.free = self._guard.lock.acquire(timeout=0)
            if self.free:
                self._guard.lock.release()

        other = threading.Thread(target=try_lock)
        other.start()
        other.join()
        return make_answer(200, [], b"{}")

    def close(self) -> None: ...


def test_the_bounds_let_others_pass_while_a_request_is_on_its_way() -> None:
    guard = Guard(Target(name="a target", base_url="http://127.0.0.1:1"))
    asking = Asking(guard)
    guard.over(asking).request("GET", "/rest", "", [], b"")
    assert asking.free
