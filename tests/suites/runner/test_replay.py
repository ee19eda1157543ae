"""The script of a failure says by its exit status whether it came again, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.suites.base.claims import Violation
from privnum.suites.base.trace import Step
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.counterexample import FIRST, LAST, counterexample
from privnum.suites.runner.reproduce import commands
from privnum.suites.runner.session import Session
from privnum.suites.safety.cleanup import asker, bindings_on
from privnum.suites.target.config import Target
from privnum.suites.transport.api import HttpTransport
from tests.suites.platforms import AXB, POOLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GIVEN = {
    "id": "there",
    "applications": [
        {
            "mode": "AXB",
            "app_key": AXB.key,
            "app_secret": AXB.secret,
            "numbers": [{"number": x.number} for x in AXB.numbers],
        }
    ],
}
REFUSED = "403/1012010"


@pytest.fixture
def server() -> Iterator[LiveServer]:
    with LiveServer() as there:
        yield there


def target_given(server: LiveServer) -> Target:
    """A world with given applications."""
    with server.world(**GIVEN) as world:
        url = world.url
    request = urllib.request.Request(  # a server of this process
        f"{server.control_url}/worlds", json.dumps(GIVEN).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()
    return Target("given", base_url=url, driver_url=server.url, world="there", applications=(AXB,), pools=POOLS)


def script_of(session: Session, message: str) -> list[str]:
    """A history with two binds, a call and a bind that is refused, which the violation is about."""
    context = CheckContext(session, "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(context.user(), context.user(), x)
    context.axb.bind(a, b, x)
    context.call(a, x)
    context.axb.bind(a, b, x)
    violation = Violation("AXB-BIND-102", message, {}, context.history)
    told: dict[str, Any] = counterexample(violation, session.target)
    context.close()
    session.close()
    return list(told["curl"])


def replayed_run(lines: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "replay.sh").write_text("\n".join(lines), encoding="utf-8")
    secrets = {"SECRET1": AXB.secret}
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(
        ["bash", folder / "replay.sh"], capture_output=True, text=True, timeout=60, check=False, env=clean | secrets
    )


@pytest.mark.parametrize(
    ("message", "status", "told"),
    [
        (f"expected success, came {REFUSED}", 1, "FAILED as in the run: AXB-BIND-102"),
        ("the list lacks the binding; it's gone\n$(exit 9)", 2, "LOOK at what came: AXB-BIND-102"),
    ],
)
def test_on_a_given_target_it_dissolves_what_it_bound(
    server: LiveServer, tmp_path: Path, message: str, status: int, told: str
) -> None:
    target = target_given(server)
    lines = script_of(Session(target), message)
    done = replayed_run(lines, tmp_path)
    assert done.returncode == status, done.stdout + done.stderr
    assert told in done.stdout
    transport = HttpTransport(target.base_url or "")
    ask = asker(transport, "/w/there")
    assert [list(bindings_on(x.number, AXB, ask)) for x in AXB.numbers] == [[], []]
    transport.close()
    with urllib.request.urlopen(f"{server.control_url}/worlds/there/calls") as answer:
        assert {call["state"] for call in json.load(answer)["calls"]} == {"ended"}


def test_what_does_not_come_again_is_told_so(server: LiveServer, tmp_path: Path) -> None:
    """The platform was mended meanwhile: here, another answer was written down."""
    lines = script_of(Session(target_given(server)), f"expected success, came {REFUSED}")
    lines = [line.replace(REFUSED, "403/1012099") for line in lines]
    done = replayed_run(lines, tmp_path)
    assert done.returncode == 0
    assert f"NOT as in the run, where 403/1012099 came; here it is {REFUSED}" in done.stdout


@pytest.mark.parametrize(
    ("message", "status"),
    [("the call is ended 8014", 1), ("the call is answered", 2)],
)
def test_how_a_call_ended_is_a_verdict(server: LiveServer, tmp_path: Path, message: str, status: int) -> None:
    """Where that came last, and is what is broken: here, a stranger's call."""
    session = Session(target_given(server))
    context = CheckContext(session, "it").open()
    context.look(context.call(context.user(), context.axb.x()))
    told: dict[str, Any] = counterexample(Violation("AXB-CALL-105", message, {}, context.history), session.target)
    context.close()
    session.close()
    done = replayed_run(list(told["curl"]), tmp_path)
    assert done.returncode == status, done.stdout + done.stderr
    otherwise = [line.replace("ended/8014", "answered/") for line in told["curl"]]
    assert replayed_run(otherwise, tmp_path).returncode == (0 if status == 1 else 2)


def test_a_world_of_its_own_is_dropped(server: LiveServer, tmp_path: Path) -> None:
    lines = script_of(Session(), f"expected success, came {REFUSED}")
    done = replayed_run([line.replace("http://127.0.0.1:8080", server.url) for line in lines], tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    with urllib.request.urlopen(f"{server.control_url}/worlds") as answer:
        assert [world["id"] for world in json.load(answer)["worlds"] if world["id"].startswith("replay")] == []


def test_settings_of_a_given_target_are_put_back(server: LiveServer, tmp_path: Path) -> None:
    """Of its application, its X and its addresses, in spite of steps that are left out of a long history."""
    target = target_given(server)
    session = Session(target)
    context = CheckContext(session, "it").open()
    x = context.axb.x()
    context.set_application(context.axb.app, recording=False, requests_per_minute=5000)
    context.set_application(context.axb.app, recording=True, event_url="http://127.0.0.1:9/events")
    for _ in range(FIRST + LAST):
        context.axb.query(relationNum=x)
    context.set_number(x, "9")
    context.set_application(context.axb.app, requests_per_minute=6000, status="frozen")
    answer = context.axb.query(relationNum=x)
    violation = Violation("AXB-QUERY-001", f"came {answer.key}", {}, context.history)
    told: dict[str, Any] = counterexample(violation, target)
    context.close()
    session.close()
    before = looked_at(server)
    done = replayed_run(told["curl"], tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert '"status":"frozen"' in done.stdout
    assert looked_at(server) == before


def test_an_address_with_a_login_stands_in_no_script() -> None:
    step = Step(
        "control",
        "applications.update",
        target='{"app_key":"axb-key"}',
        payload={"event_url": "http://127.0.0.1:9/"},
        result={},
        undo={"event_url": "http://user:word@customer.example/", "fee_url": "inbox:"},
    )
    target = Target("given", base_url="http://127.0.0.1:1", driver_url="http://127.0.0.1:1", applications=(AXB,))
    script = "\n".join(commands([step], target))
    assert "word" not in script
    assert '"$DRIVER/_privnum/worlds/$ID/applications/axb-key"' in script
    assert """'{"fee_url":"inbox:"}'""" in script


def looked_at(server: LiveServer) -> Any:
    """The world as the driver shows it, but for its clock."""
    with urllib.request.urlopen(f"{server.control_url}/worlds/there") as answer:
        return {name: value for name, value in json.load(answer).items() if name != "clock"}
