"""Other mock servers beside privnum, each with one stub that answers a bind, and the yardstick in the same run.

They keep no state and check no signature; the comparison flatters them. `make bench-peers` installs them from npm.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ports import free_port

from . import wrk
from .http_load import X_COUNT, bind_script
from .servers import (
    BIND_PATH,
    Running,
    new_application,
    privnum_server,
    signed_headers,
    started_server,
    static_server,
)
from .static_app import REPLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODULES = Path("build/peers/node_modules")
ANSWER = json.loads(REPLY)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another mock server: what must be there for it to run, and the command that serves the stub on a port."""

    name: str
    needs: Path
    command: Callable[[Path, int], list[str]]


def _prism(folder: Path, port: int) -> list[str]:
    path = folder / "openapi.json"
    path.write_text(json.dumps(_openapi()), encoding="utf-8")
    return [str(MODULES / ".bin/prism"), "mock", "-p", str(port), str(path)]


def _mockoon(folder: Path, port: int) -> list[str]:
    path = folder / "mockoon.json"
    path.write_text(json.dumps(_openapi()), encoding="utf-8")
    return [
        str(MODULES / ".bin/mockoon-cli"),
        "start",
        "--data",
        str(path),
        "--port",
        str(port),
        "--disable-log-to-file",
    ]


def _mountebank(folder: Path, port: int) -> list[str]:
    answer = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": REPLY.decode()}
    stub = {"responses": [{"is": answer}]}
    path = folder / "imposters.json"
    imposters = [{"port": port, "protocol": "http", "stubs": [stub]}]
    path.write_text(json.dumps({"imposters": imposters}), encoding="utf-8")
    own = str(free_port())
    log = str(folder / "mb.log")
    return [
        str(MODULES / ".bin/mb"),
        "start",
        "--configfile",
        str(path),
        "--port",
        own,
        "--localOnly",
        "--nologfile",
        "--log",
        log,
    ]


def _wiremock(folder: Path, port: int) -> list[str]:
    mappings = folder / "mappings"
    mappings.mkdir(exist_ok=True)
    stub = {"request": {"urlPath": BIND_PATH, "method": "ANY"}, "response": {"status": 200, "jsonBody": ANSWER}}
    (mappings / "bind.json").write_text(json.dumps(stub), encoding="utf-8")
    jar = next((MODULES / "wiremock").rglob("wiremock-standalone*.jar"))
    return ["java", "-jar", str(jar), "--port", str(port), "--root-dir", str(folder), "--no-request-journal"]


def _openapi() -> dict[str, Any]:
    reply = {"200": {"description": "bound", "content": {"application/json": {"example": ANSWER}}}}
    operation = {"responses": reply}
    return {
        "openapi": "3.0.3",
        "info": {"title": "one stub", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": {BIND_PATH: {"post": operation, "get": operation}},
    }


PEERS = (
    Peer("Prism", MODULES / ".bin/prism", _prism),
    Peer("mountebank", MODULES / ".bin/mb", _mountebank),
    Peer("WireMock", MODULES / "wiremock", _wiremock),
    Peer("Mockoon", MODULES / ".bin/mockoon-cli", _mockoon),
)


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Requests per second of a bind on each, interleaved; whoever is not installed is named."""
    present = [peer for peer in PEERS if peer.needs.exists()]
    missing = [peer.name for peer in PEERS if peer not in present]
    figures: dict[str, list[float]] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers: dict[str, Running] = {"static reply": stack.enter_context(static_server())}
        ours = servers["privnum bind"] = stack.enter_context(privnum_server())
        for peer in present:
            servers[peer.name] = stack.enter_context(_serving(peer, folder))
        for number in range(rounds):
            headers = new_application(ours.port, f"peers-{number}", X_COUNT)
            for name, server in servers.items():
                own = headers if server is ours else signed_headers("peer", "peer")
                wrk.run(server.port, bind_script(1), own, folder, 2)
                run = wrk.run(server.port, bind_script(10_000_000), own, folder, seconds)
                figures.setdefault(name, []).append(run.per_second)
    medians = {name: statistics.median(values) for name, values in figures.items()}
    static = medians["static reply"]
    rows = [{"name": name, "per_second": value, "ratio_to_static": value / static} for name, value in medians.items()]
    return {"rows": rows, "not_installed": missing}


@contextlib.contextmanager
def _serving(peer: Peer, folder: Path) -> Iterator[Running]:
    own = folder / peer.name
    own.mkdir()
    port = free_port()
    command = peer.command(own, port)
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{peer.name}: {command[0]} is not installed")
    with started_server(*command, port=port, ready=BIND_PATH) as server:
        yield server
