"""privnum check-driver: the embedded driver is right; of a driver that goes wrong in one way, that is reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privnum import contracts
from privnum.cli import main
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.live import LiveServer
from privnum.suites.base.claims import NoAnswer
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.commands.check_driver.command import try_driver
from privnum.suites.commands.check_driver.report import Sheet
from privnum.suites.commands.check_driver.suite import Trial
from privnum.suites.driver.protocol import Driver
from privnum.suites.driver.python import DriverPlace, ObjectDriver, Refused
from privnum.suites.target.config import App, Target, XNumber
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import EmbeddedTransport, HttpTransport
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from privnum.suites.base.answer import Answer


class Twisted:
    """The embedded server's driver in Python; `twist` may do something else with a message."""

    def __init__(self, server: DirectServer, twist: Any = None, lacks: Sequence[str] = ()) -> None:
        self._server = server
        self._twist = twist
        self._lacks = lacks
        self.memory: dict[str, Any] = {}

    def perform(self, operation: str, places: Mapping[str, str], message: Mapping[str, Any]) -> Any:
        if operation == "capabilities" and self._lacks:
            reply = self.right(operation, places, message)
            return reply | {"capabilities": [word for word in reply["capabilities"] if word not in self._lacks]}
        if self._twist is not None:
            return self._twist(self, operation, dict(places), message)
        return self.right(operation, places, message)

    def right(self, operation: str, places: Mapping[str, str], message: Any) -> Any:
        wanted = contracts.control_operations()[operation]
        path = wanted.path.format_map({name: quote(place, safe="") for name, place in places.items()})
        query = urlencode(message) if wanted.query else ""
        body = orjson.dumps(message) if wanted.body else b""
        status, _, content = self._server.request(wanted.method, path, query, [], body)
        reply: Any = orjson.loads(content) if content else None
        if status != wanted.status:
            raise Refused(reply["error"], reply["where"], status)
        return reply


def trial(
    twist: Any = None,
    *,
    customer: Any = None,
    lacks: Sequence[str] = (),
    target: Target | None = None,
    patience: float = 0.1,
) -> Sheet:
    """A trial of the embedded server's driver, twisted."""
    receiver = EmbeddedReceiver()
    server = DirectServer(customer=receiver if customer is None else customer(receiver))
    sheet = Sheet("t", "python: twisted")
    tried = Trial(
        target or Target("t", "http://127.0.0.1:9", driver_place=DriverPlace(object="here:it")),
        ObjectDriver(Twisted(server, twist, lacks)),
        EmbeddedTransport(server.request),
        receiver,
        sheet,
        pause=lambda _: None,
        patience=patience,
    )
    if tried.ask_capabilities():
        tried.run()
    contracts_say = contracts.validator("report/driver").problems(sheet.as_json())
    assert contracts_say == []
    assert "\n" not in "".join(sheet.lines())
    return sheet


def found_faults(sheet: Sheet) -> set[tuple[str, str]]:
    return {(row.id, finding.said_by) for row in sheet.rows.values() for finding in row.findings}


# ── what is right ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_embedded_driver_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-driver", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in told["operations"]] == ["ok"] * len(contracts.control_operations())
    assert contracts.validator("report/driver").problems(told) == []
    assert main(["check-driver"]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= len(contracts.control_operations()) + 4


def test_a_live_server_is_right_in_worlds_and_with_given_applications(tmp_path: Path) -> None:
    """Over HTTP; a given application pushes where it pushed before, its clock runs again, nothing is left bound."""
    with LiveServer() as server:
        assert try_driver(Target("own", server.url, driver_url=server.url)).status == 0
        driver = Driver(HttpTransport(server.url))
        world = driver.send("worlds.create", WORLD)
        target = Target(
            "given",
            world["url"],
            driver_url=server.url,
            world=world["id"],
            applications=(App.read(world["applications"][0], 1),),
            pools={"mobile": Pool(prefix="+8613800000", width=3, count=100)},
        )
        book = tmp_path / "bindings.jsonl"
        sheet = try_driver(target, bindings=book)
        assert sheet.status == 0
        assert not book.exists()
        assert {row.id for row in sheet.rows.values() if row.outcome == "not_used"} == {
            "worlds.create", "worlds.delete", "worlds.reset", "applications.create", "numbers.add",
        }  # fmt: skip
        assert sheet.notes[0].startswith("10 call events and 2 CDR messages came to http://127.0.0.1:")
        after = driver.send("worlds.get", world="given")
        assert after["applications"][0]["event_url"] == "inbox:"
        assert after["clock"]["mode"] == "running"
        driver.close()


WORLD = {
    "id": "given",
    "clock": {"mode": "running"},
    "applications": [{"mode": "AXB", "numbers": [{"number": "+8617000000001"}], "event_url": "inbox:"}],
}


def test_in_real_time() -> None:
    """Without a clock the trial looks until the call has come so far; here the world goes on with each look."""

    def ticks(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
        if operation == "calls.get" and places["call"] in driver.memory:
            driver.right("clock.set", {"world": places["world"]}, {"advance_seconds": 1})
        reply = driver.right(operation, places, message)
        if operation == "calls.create":
            driver.memory[reply["id"]] = reply
        return reply

    sheet = trial(ticks, lacks=("clock",), patience=30)
    assert (found_faults(sheet), sheet.status) == (set(), 0)
    assert found_faults(trial(lacks=("clock",), patience=3)) == {("calls.get", "rule calls.plan")}


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_driver_lacks_is_told_with_what_it_costs() -> None:
    sheet = trial(lacks=("pushes", "calls"))
    assert (found_faults(sheet), sheet.status) == (set(), 0)
    assert {row.id for row in sheet.rows.values() if row.outcome == "missing"} == {
        "calls.create", "calls.list", "calls.get", "calls.hang_up", "pushes.list",
    }  # fmt: skip
    missing = {lack["capability"]: lack["requirements"] for lack in sheet.missing()}
    assert missing["calls"] == sum("calls" in rule.needs for rule in contracts.requirements().values()) > 100
    assert f"({missing['calls']} rules not exercised)" in "\n".join(sheet.lines())


def test_without_equipment_it_is_no_conclusion() -> None:
    """Calls are claimed, and target.toml has nobody to call."""
    app = App("key", "secret", "AXB", numbers=(XNumber("+8617000000001"),))
    driver = DriverPlace(object="here:it")
    target = Target("t", "http://127.0.0.1:9", world="default", applications=(app,), driver_place=driver)
    sheet = trial(
        lacks=(
            *("worlds", "application_settings", "number_status", "clock", "pushes"),
            *("journal", "bindings", "resend", "trigger", "faults"),
        ),
        target=target,
    )
    assert found_faults(sheet) == set()
    assert (sheet.status, sheet.rows["calls.create"].outcome) == (2, "not_tried")
    assert "two mobiles" in str(sheet.rows["calls.create"].reason)


# ── nonsense ─────────────────────────────────────────────────────────────────────────────────────────────────────────

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a reply."""
    yield here
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(part, (*here, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_answer_brings_it_down(data: st.DataObject) -> None:
    """Any part of any reply may be anything."""
    wrong = data.draw(st.sampled_from(sorted(contracts.control_operations())))

    def twist(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
        reply = driver.right(operation, places, message)
        if operation != wrong:
            return reply
        return put(reply, data.draw(st.sampled_from(list(paths(reply)))), data.draw(JSON))

    assert trial(twist).status in (0, 1, 2)


def http(server: HTTPServer) -> Target:
    return Target("t", server.url_for(""), driver_url=server.url_for(""))


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<html>Welcome</html>", 200), (b"", 200), (b"\xff\xfe", 200), (b"[" * 5000, 200), (b"{}", 503), (b"1", 302)],
)
def test_a_server_that_is_no_driver(httpserver: HTTPServer, content: bytes, status: int) -> None:
    from werkzeug import Response

    httpserver.expect_request("/_privnum/health").respond_with_handler(lambda _: Response(content, status))
    httpserver.expect_request("/_privnum/capabilities").respond_with_handler(lambda _: Response(content, status))
    sheet = try_driver(http(httpserver), patience=0)
    assert sheet.status == 1
    assert {row.id for row in sheet.rows.values() if row.outcome == "misbehaves"} == {"health", "capabilities"}
    assert sheet.rows["clock.set"].reason == "what the driver can do is not known"


def test_a_driver_that_falls_silent() -> None:
    """After two messages without an answer nothing more is sent."""
    receiver = EmbeddedReceiver()
    server = DirectServer(customer=receiver)
    sheet = Sheet("t", "d")
    driver = Cut(Twisted(server))
    target = Target("t", "http://127.0.0.1:9", driver_place=DriverPlace(object="here:it"))
    tried = Trial(target, driver, EmbeddedTransport(server.request), receiver, sheet, pause=lambda _: None, patience=0)
    assert tried.ask_capabilities()
    tried.run()
    assert sheet.status == 1
    assert sheet.rows["clock.set"].reason == "the driver answered 2 messages in a row with nothing"
    assert sheet.notes == ["not everything could be undone: the driver answered 2 messages in a row with nothing"]
    assert driver.unanswered == 3


def test_it_ends_in_its_time() -> None:
    """What was tried until then is reported, what was made is dropped."""
    ticks = iter(range(1000))
    receiver = EmbeddedReceiver()
    server = DirectServer(customer=receiver)
    sheet = Sheet("t", "d")
    target = Target("t", "http://127.0.0.1:9", driver_place=DriverPlace(object="here:it"))
    tried = Trial(
        target,
        ObjectDriver(Twisted(server)),
        EmbeddedTransport(server.request),
        receiver,
        sheet,
        pause=lambda _: None,
        patience=0,
        deadline=Deadline(12, clock=lambda: next(ticks)),
    )
    assert tried.ask_capabilities()
    tried.run()
    assert sheet.status == 2
    assert sheet.rows["worlds.create"].outcome == "ok"
    assert "the run's time (--timeout 12 s) was over" in str(sheet.rows["clock.set"].reason)
    worlds = Twisted(server).right("worlds.list", {}, {})["worlds"]
    assert [world["id"] for world in worlds if world["id"].startswith("trial-")] == []


class Cut(ObjectDriver):
    """Says nothing more once two worlds have been made."""

    worlds = 0
    unanswered = 0

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        if self.worlds == 2:
            self.unanswered += 1
            raise NoAnswer(f"no answer to {operation}: timed out")
        self.worlds += operation == "worlds.create"
        return super().exchange(operation, body, query=query, **places)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


BASE = 'base_url = "http://127.0.0.1:9"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BASE + '[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "s"', "has no driver"),
        (BASE + '[driver]\nkind = "http"\nurl = "http://127.0.0.1:9"', "does not answer"),
        (BASE + '[driver]\nkind = "python"\nobject = "no_such:it"', "cannot be loaded"),
        ('base_url = "http://192.0.2.1"\n[driver]\nkind = "http"\nurl = "http://192.0.2.1"', "--yes-i-may-test-this"),
        ("=", "is no TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["check-driver", "--target", str(path)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert told in out.err
    assert out.err.count("\n") == 1
