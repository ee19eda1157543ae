"""A driver written in Python: found by its entry point or its name, and checked like one over HTTP."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.mockserver.embed.direct import DirectServer
from privnum.suites.base.claims import NoAnswer
from privnum.suites.driver.protocol import DriverError
from privnum.suites.driver.python import (
    DriverPlace,
    ObjectDriver,
    Refused,
    load_driver,
)
from privnum.suites.runner.session import Session
from privnum.suites.target.config import Target, TargetError, load_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = 'base_url = "http://127.0.0.1:9"\n[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "s"\n'

MODULE = """
from privnum.suites.driver.python import Refused

class Console:
    def __init__(self, **settings):
        self.settings = settings
        self.closed = False

    def perform(self, operation, places, message):
        if operation == "capabilities":
            return {"protocol": 1, "modes": ["AXB"], "capabilities": [], "product": self.settings["product"]}
        raise Refused(f"there is no {operation} here", "operation", 404)

    def close(self):
        self.closed = True

def broken():
    raise RuntimeError("the console is off")

class Inner:
    make = Console
"""


class Speaks:
    """Answers with what it is given, and remembers what it was asked."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    def perform(self, operation: str, places: Mapping[str, str], message: Mapping[str, Any]) -> Any:
        self.asked.append((operation, dict(places), dict(message)))
        if isinstance(self.reply, BaseException):
            raise self.reply
        return self.reply


@pytest.fixture
def module(tmp_path: Path) -> Iterator[str]:
    """The name of a module with drivers, in a folder of its own."""
    name = "console_of_the_test"
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    yield name
    sys.modules.pop(name, None)
    sys.path[:] = [place for place in sys.path if place != str(tmp_path)]


def load(tmp_path: Path, driver: str) -> Target:
    path = tmp_path / "target.toml"
    path.write_text(FILE + f"[driver]\n{driver}\n", encoding="utf-8")
    return load_target(path)


def test_a_factory_beside_the_file(tmp_path: Path, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVNUM_PRODUCT", "of the environment")
    for name in ("Console", "Inner.make"):
        target = load(
            tmp_path,
            f'kind = "python"\nobject = "{module}:{name}"\nsettings = {{product = "$PRIVNUM_PRODUCT", n = 1}}',
        )
        assert target.driver_place is not None
        assert "of the environment" not in repr(target)
        driver = load_driver(target.driver_place)
        assert driver.send("capabilities")["product"] == "of the environment"
        with pytest.raises(DriverError, match=r"clock was answered with 404: there is no clock\.get here"):
            driver.send("clock.get", world="w")
    assert target.describe()["driver"] == f"python: {module}:Inner.make"
    assert target.has_driver


def test_an_entry_point_of_an_installed_package(tmp_path: Path, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "acme_console-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-console\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[privnum.drivers]\nacme = {module}:Console\nlost = {module}:Nobody\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    driver = load_driver(DriverPlace("acme", settings={"product": "acme"}))
    assert driver.send("capabilities")["product"] == "acme"
    with pytest.raises(DriverError, match=r"'acne' in its entry points privnum.drivers; there: .*acme"):
        load_driver(DriverPlace("acne"))
    with pytest.raises(DriverError, match="driver lost cannot be loaded"):
        load_driver(DriverPlace("lost"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("broken", "raised RuntimeError: the console is off"),
        ("Refused", "missing 1 required positional argument"),
        ("Nobody", "has no attribute 'Nobody'"),
        ("__name__", "'str' object is not callable"),
    ],
)
def test_a_factory_that_fails_is_told_in_one_line(tmp_path: Path, module: str, name: str, told: str) -> None:
    place = DriverPlace(object=f"{module}:{name}", folder=tmp_path)
    with pytest.raises(DriverError, match="driver console_of_the_test") as error:
        load_driver(place)
    assert told in str(error.value)
    with pytest.raises(TargetError, match="driver console_of_the_test"):
        Session(Target("t", "http://127.0.0.1:9", driver_place=place))


def test_what_is_no_driver(tmp_path: Path) -> None:
    with pytest.raises(DriverError, match="has no method perform; its factory returned a dict"):
        load_driver(DriverPlace(object="builtins:dict"))


@pytest.mark.parametrize(
    ("driver", "told"),
    [
        ('kind = "python"', "entry_point or object"),
        ('kind = "python"\nentry_point = "a"\nobject = "a:b"', "entry_point or object"),
        ('kind = "python"\nobject = "a.b"', "package.module:name"),
        ('kind = "none"\nobject = "a:b"', "driver.object is for a driver of kind python, not none"),
        ('kind = "python"\nobject = "a:b"\nsettings = {p = "$PRIVNUM_NOT_SET"}', "p names the environment variable"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, driver: str, told: str) -> None:
    with pytest.raises(TargetError) as error:
        load(tmp_path, driver)
    assert told in str(error.value)


def test_messages_are_those_of_the_protocol() -> None:
    made = Speaks({"pushes": []})
    driver = ObjectDriver(made)
    driver.send("pushes.list", query="state=pending", world="w")
    made.reply = None
    driver.send("worlds.delete", world="w")
    assert made.asked == [
        ("pushes.list", {"world": "w"}, {"state": "pending"}),
        ("worlds.delete", {"world": "w"}, {}),
    ]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ({"mode": "frozen"}, "answered wrongly: now is missing"),
        (None, "answered wrongly"),
        ([1], "answered wrongly"),
        ({"now": object()}, "perform returned what is no JSON"),
        (KeyError("now"), "perform raised KeyError: 'now'"),
        (NoAnswer("of its platform"), "perform raised NoAnswer: of its platform"),
        (Refused("there is no world w", "world", 404), "answered with 404: there is no world w"),
    ],
)
def test_replies_are_judged_as_over_http(reply: Any, told: str) -> None:
    with pytest.raises(DriverError) as error:
        ObjectDriver(Speaks(reply)).send("clock.get", world="w")
    assert told in str(error.value)


class Ours:
    """The embedded server's control plane as a Python driver."""

    def __init__(self, server: DirectServer, broken: str = "") -> None:
        self._server = server
        self._broken = broken
        self.closed = False

    def perform(self, operation: str, places: Mapping[str, str], message: Mapping[str, Any]) -> Any:
        from urllib.parse import quote, urlencode

        from privnum import contracts

        if operation == self._broken:
            raise Refused("not today")
        wanted = contracts.control_operations()[operation]
        path = wanted.path.format_map({name: quote(place, safe="") for name, place in places.items()})
        query = urlencode(message) if wanted.query else ""
        body = orjson.dumps(message) if wanted.body else b""
        status, _, content = self._server.request(wanted.method, path, query, [], body)
        reply: Any = orjson.loads(content) if content else None
        if status != wanted.status:
            raise Refused(reply["error"], reply["where"], status)
        return reply

    def close(self) -> None:
        self.closed = True


def test_a_session_stands_on_it() -> None:
    """With worlds, calls and pushes, as on a driver over HTTP; and it is closed in the end."""
    from privnum.suites.callbacks.receiver import EmbeddedReceiver
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.transport.api import EmbeddedTransport

    receiver = EmbeddedReceiver()
    server = DirectServer(customer=receiver)
    made = Ours(server)
    session = Session(
        Target("t", "http://127.0.0.1:9"),
        transport=EmbeddedTransport(server.request),
        driver=ObjectDriver(made),
        receiver=receiver,
    )
    context = CheckContext(session, "t").open()
    a, b = context.user(), context.user()
    context.axb.bind(a, b, context.axb.x())
    call = context.call(a, context.axb.x())
    context.advance(10)
    assert context.look(call).state == "answered"
    assert [push.event_type for push in context.events(call)] == ["callin", "callout", "alerting", "answer"]
    context.close()
    session.close()
    assert made.closed


def test_it_is_closed_where_the_run_cannot_begin() -> None:
    from privnum.suites.callbacks.receiver import EmbeddedReceiver
    from privnum.suites.transport.api import EmbeddedTransport

    receiver = EmbeddedReceiver()
    server = DirectServer(customer=receiver)
    made = Ours(server, broken="worlds.create")
    with pytest.raises(TargetError, match=r"the driver fails: .* was answered with 400: not today"):
        Session(
            Target("t", "http://127.0.0.1:9"),
            transport=EmbeddedTransport(server.request),
            driver=ObjectDriver(made),
            receiver=receiver,
        )
    assert made.closed
