"""What a server keeps is bounded, and it says so; what one costs goes with nothing that others have."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privnum.mockserver.core.history import KEPT, Kept, Page
from privnum.mockserver.http.clocks import Clocks
from privnum.mockserver.pushes.outcomes import Outcome
from tests.hostile.growth import lines_run
from tests.hostile.test_control_messages import OPERATIONS, Desk
from tests.mockserver.rig import A, X

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.pushes.push import Push

SPEC: dict[str, Any] = {"id": "k", "keep": 5, "applications": [{"mode": "AXB", "numbers": [X], "event_url": "inbox:"}]}


def call(desk: Desk) -> str:
    """Place a call that ends at once: nothing is bound. It has two events."""
    made = orjson.loads(desk.send("calls.create", {"caller": A, "called": X}, world="k").body)
    return str(made["id"])


def sent_reply(desk: Desk, operation: str, **places: str) -> Any:
    return orjson.loads(desk.send(operation, world="k", **places).body)


def test_a_world_keeps_the_last_ended_calls_and_settled_pushes_and_counts_the_others() -> None:
    desk = Desk()
    assert (
        desk.send("worlds.create", {**SPEC, "applications": [{**SPEC["applications"][0], "app_key": "k"}]}).status
        == 201
    )
    calls = [call(desk) for _ in range(20)]
    listed = sent_reply(desk, "calls.list")
    assert [each["id"] for each in listed["calls"]] == calls[-5:]
    assert listed["dropped"] == 15
    pushes = sent_reply(desk, "pushes.list")
    assert (len(pushes["pushes"]), pushes["dropped"]) == (5, 35)
    assert sent_reply(desk, "worlds.get")["dropped"] == {"calls": 15, "sms": 0, "pushes": 35}
    assert sent_reply(desk, "worlds.get")["keep"] == 5
    assert sent_reply(desk, "health")["dropped"] == {"calls": 15, "sms": 0, "pushes": 35}
    assert desk.send("calls.get", world="k", call=calls[0]).status == 404
    assert desk.send("calls.get", world="k", call=calls[-1]).status == 200
    desk.send("worlds.reset", world="k")
    assert sent_reply(desk, "calls.list") == {"calls": [], "next": None, "dropped": 0}


@pytest.mark.parametrize("keep", [0, None])
def test_a_world_keeps_all_where_it_is_asked_to_and_the_usual_number_unless_told(keep: int | None) -> None:
    desk = Desk()
    spec = {name: value for name, value in SPEC.items() if name != "keep"}
    assert desk.send("worlds.create", spec if keep is None else {**spec, "keep": keep}).status == 201
    assert sent_reply(desk, "worlds.get")["keep"] == (KEPT if keep is None else 0)
    for _ in range(30):
        call(desk)
    assert len(sent_reply(desk, "calls.list")["calls"]) == 30


def test_what_is_not_over_is_never_dropped() -> None:
    desk = Desk()
    app = {**SPEC["applications"][0], "event_url": "http://c/e"}
    assert desk.send("worlds.create", {**SPEC, "keep": 1, "applications": [app]}).status == 201
    world = desk.platform.worlds["k"]
    desk._settle = lambda *_: None  # type: ignore[method-assign]
    for _ in range(10):
        call(desk)
    assert len(sent_reply(desk, "pushes.list")["pushes"]) == 20
    assert world.outbox.kept.dropped == 0
    assert world.call_engine.kept.dropped == 9


@given(st.integers(0, 30), st.integers(1, 12), st.sampled_from([lambda _: True, lambda n: n % 3 == 0]))
@settings(max_examples=100)
def test_pages_have_everything_once_in_order(count: int, limit: int, fits: Callable[[int], bool]) -> None:
    things = {f"id-{n}": n for n in range(count)}
    seen: list[int] = []
    after, more = None, True
    while more:
        found, more = Page(after, limit).of(things, fits)
        assert len(found) <= limit
        seen += found
        after = f"id-{found[-1]}" if found else None
    assert seen == [n for n in range(count) if fits(n)]


def test_lists_come_in_pages() -> None:
    desk = Desk()
    assert desk.send("worlds.create", {**SPEC, "keep": 0}).status == 201
    ids = [call(desk) for _ in range(7)]
    listed: list[str] = []
    query = "limit=3"
    while query:
        reply = desk.edge.command("GET", "/_privnum/worlds/k/calls", query, b"")
        page = orjson.loads(desk.edge.answer_to(reply).body)
        listed += [each["id"] for each in page["calls"]]
        query = f"limit=3&after={page['next']}" if page["next"] else ""
    assert listed == ids
    for bad in ("limit=0", "limit=-1", "limit=x", "limit=1e3", "after="):
        assert desk.edge.command("GET", "/_privnum/worlds/k/pushes", bad, b"").status == 400


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(0, 5))
def test_as_many_are_kept_as_was_said(added: list[int], most: int) -> None:
    everywhere: Counter[str] = Counter()
    kept = Kept("calls", most, everywhere)
    there: list[str] = []
    for n, _ in enumerate(added):
        there.append(str(n))
        gone = kept.add(str(n))
        if gone is not None:
            there.remove(gone)
    assert there == [str(n) for n in range(len(added))][-most if most else 0 :]
    assert kept.dropped == everywhere["calls"] == len(added) - len(there)


def crowded_server(worlds: int, open_calls: int, ended_calls: int) -> Desk:
    """Return a server with so many running worlds, and so many calls and their pushes in one of them."""
    desk = Desk()
    desk.send("worlds.create", {**SPEC, "keep": 50})
    for n in range(worlds):
        variations = ["pushes.duplicated"] if n % 2 else []
        spec = {"clock": {"mode": "running"}, "variations": variations, "applications": [{"mode": "AXB"}]}
        assert desk.send("worlds.create", spec).status == 201
    world = desk.platform.worlds["k"]
    bound = {"called": X, "callee": {"behaviour": "answer"}}
    for _ in range(ended_calls):
        desk.send("calls.create", {"caller": A, **bound}, world="k")
    x = world.numbers[X]
    axe = desk.send("worlds.create", {"id": "e", "applications": [{"mode": "AXE", "numbers": [X]}]})
    assert axe.status == 201
    for _ in range(open_calls):
        desk.send("calls.create", {"caller": A, "called": X, "digits_after": 5}, world="e")
    assert x.number == X
    return desk


MESSAGES: dict[str, tuple[str, Any, str]] = {
    "calls.create": ("calls.create", {"caller": A, "called": X}, "k"),
    "calls.create beside open calls": ("calls.create", {"caller": A, "called": X}, "e"),
    "clock.get": ("clock.get", None, "k"),
    "clock.set": ("clock.set", {"mode": "frozen"}, "k"),
    "worlds.create": ("worlds.create", {"id": "one-more"}, "k"),
    "worlds.get": ("worlds.get", None, "k"),
    "numbers.update": ("numbers.update", {"status": "5"}, "k"),
    "health": ("health", None, "k"),
}


@pytest.fixture(scope="module")
def few_and_many() -> tuple[Desk, Desk]:
    return crowded_server(5, 10, 100), crowded_server(80, 300, 600)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_control_message_costs_the_same_beside_many_worlds_calls_and_pushes(
    name: str, few_and_many: tuple[Desk, Desk]
) -> None:
    operation, message, world = MESSAGES[name]
    counts = []
    for desk in few_and_many:
        desk.send(operation, message, world=world)
        desk.platform.worlds.pop("one-more", None)
        counts.append(lines_run(partial(desk.send, operation, message, world=world)))
        desk.platform.worlds.pop("one-more", None)
    assert counts[1] <= counts[0] * 1.5 + 20, counts


class Shell:
    """A server whose worlds run in a shell: each of so many has a call on, and a timer set for what is due in it."""

    def __init__(self, worlds: int) -> None:
        self.desk = Desk()
        assert self.desk.send("worlds.create", {**SPEC, "keep": 50}).status == 201
        axe = {"mode": "AXE", "numbers": [X], "event_url": "http://c/e"}
        for n in range(worlds):
            spec = {"id": f"r{n}", "clock": {"mode": "running"}, "applications": [axe]}
            assert self.desk.send("worlds.create", spec).status == 201
            assert (
                self.desk.send("calls.create", {"caller": A, "called": X, "digits_after": 5}, world=f"r{n}").status
                < 300
            )
        self.timers = 0
        self.loop = asyncio.new_event_loop()
        self.clocks = Clocks(self.desk.edge, self._deliver, self._call_later)
        self.loop.run_until_complete(self._start())

    def send(self, operation: str, message: Any, world: str) -> int:
        """Carry out a control message, its world settled; return its status."""
        described = OPERATIONS[operation]
        path = described.path.format(world=world, app_key="k", number=X, call="", push="")
        body = b"" if message is None else orjson.dumps(message)
        answer = self.loop.run_until_complete(self.clocks.command(described.method, path, "", body))
        return answer.status

    def close(self) -> None:
        self.loop.run_until_complete(self.clocks.stop())
        self.loop.close()

    async def _start(self) -> None:
        self.clocks.start()

    @staticmethod
    async def _deliver(_: Push) -> Outcome:
        return Outcome("200")

    def _call_later(self, seconds: float, _: Callable[[], None]) -> asyncio.TimerHandle:
        self.timers += 1
        return self.loop.call_later(3600 + seconds, lambda: None)


SHELL_MESSAGES: dict[str, tuple[str, Any, str]] = {
    "calls.create": ("calls.create", {"caller": A, "called": X}, "k"),
    "calls.create where the clock runs": ("calls.create", {"caller": A, "called": X, "digits_after": 5}, "r0"),
    "clock.get": ("clock.get", None, "r0"),
    "clock.set": ("clock.set", {"advance_seconds": 1}, "k"),
    "clock.set where the clock runs": ("clock.set", {"advance_seconds": 1}, "r1"),
    "pushes.list": ("pushes.list", None, "k"),
    "worlds.get": ("worlds.get", None, "r0"),
    "worlds.reset": ("worlds.reset", None, "k"),
    "health": ("health", None, "k"),
}


@pytest.fixture(scope="module")
def small_and_large() -> Iterator[tuple[Shell, Shell]]:
    shells = Shell(4), Shell(200)
    yield shells
    for shell in shells:
        shell.close()


@pytest.mark.parametrize("name", SHELL_MESSAGES)
def test_a_control_message_costs_the_same_in_a_shell_with_many_worlds(
    name: str, small_and_large: tuple[Shell, Shell]
) -> None:
    """With all that moves clocks and sends pushes; 200 worlds beside 4, a timer in each."""
    assert small_and_large[1].timers >= 200
    counts = []
    for shell in small_and_large:
        assert shell.send(*SHELL_MESSAGES[name]) < 300
        counts.append(min(lines_run(partial(shell.send, *SHELL_MESSAGES[name])) for _ in range(3)))
    assert counts[1] <= counts[0] * 1.2 + 20, counts


def test_a_world_is_made_and_dropped_at_the_same_cost_in_a_shell_with_many_worlds(
    small_and_large: tuple[Shell, Shell],
) -> None:
    def make_and_drop(shell: Shell) -> None:
        spec = {"id": "one-more", "clock": {"mode": "running"}, "applications": [{"mode": "AXB"}]}
        assert shell.send("worlds.create", spec, "") == 201
        assert shell.send("worlds.delete", None, "one-more") == 204

    counts = []
    for shell in small_and_large:
        make_and_drop(shell)
        counts.append(lines_run(partial(make_and_drop, shell)))
    assert counts[1] <= counts[0] * 1.2 + 20, counts


def test_a_dropped_world_is_forgotten_everywhere() -> None:
    desk = crowded_server(3, 0, 0)
    for name in list(desk.platform.worlds):
        assert desk.send("worlds.delete", world=name).status == 204
    assert not desk.platform.worlds
    assert not desk.platform.altered
    assert not desk.edge.offsets
    assert desk.platform._homes == {}
