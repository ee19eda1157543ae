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
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.counterexample import counterexample
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


def given(server: LiveServer) -> Target:
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


def replayed(lines: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
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
    target = given(server)
    lines = script_of(Session(target), message)
    done = replayed(lines, tmp_path)
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
    lines = script_of(Session(given(server)), f"expected success, came {REFUSED}")
    lines = [line.replace(REFUSED, "403/1012099") for line in lines]
    done = replayed(lines, tmp_path)
    assert done.returncode == 0
    assert f"NOT as in the run, where 403/1012099 came; here it is {REFUSED}" in done.stdout


def test_a_world_of_its_own_is_dropped(server: LiveServer, tmp_path: Path) -> None:
    lines = script_of(Session(), f"expected success, came {REFUSED}")
    done = replayed([line.replace("http://127.0.0.1:8080", server.url) for line in lines], tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    with urllib.request.urlopen(f"{server.control_url}/worlds") as answer:
        assert [world["id"] for world in json.load(answer)["worlds"] if world["id"].startswith("replay")] == []
