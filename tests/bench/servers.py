"""Starts and ends the servers under measurement, each on one core, and speaks to privnum's control plane."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ports import free_port

from .wrk import SERVER_CORE

if TYPE_CHECKING:
    from collections.abc import Iterator

BIND_PATH = "/rest/caas/relationnumber/partners/v1.0"


@dataclass(frozen=True, slots=True)
class Running:
    """A server under measurement."""

    port: int
    pid: int

    @property
    def rss(self) -> int:
        """Resident memory in bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")


@contextlib.contextmanager
def started_server(*command: str, port: int, ready: str, pinned: bool = True) -> Iterator[Running]:
    """A server process that answers `ready`; ended by its own id."""
    pin = ["taskset", "-c", SERVER_CORE] if pinned else []
    process = subprocess.Popen([*pin, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, ready)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int, path: str, seconds: float = 60.0) -> None:
    """Return when the server answers `path` with 200."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


@contextlib.contextmanager
def privnum_server(*options: str) -> Iterator[Running]:
    """`privnum serve` on a free port, without a line of log for each request."""
    port = free_port()
    command = (sys.executable, "-m", "privnum.cli", "serve", "--port", str(port), "--json", "--quiet", *options)
    with started_server(*command, port=port, ready="/_privnum/health") as server:
        yield server


@contextlib.contextmanager
def static_server() -> Iterator[Running]:
    """The yardstick: uvicorn with a bare static reply."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "uvicorn", "tests.bench.static_app:app", "--port", str(port)),
        *("--no-access-log", "--log-level", "warning", "--http", "httptools", "--loop", "uvloop"),
    )
    with started_server(*command, port=port, ready="/") as server:
        yield server


def control(port: int, method: str, path: str, message: object = None, timeout: float = 600.0) -> Any:
    """Send a control message and return the answer."""
    body = None if message is None else json.dumps(message).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_privnum{path}", data=body, method=method)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        text = answer.read()
    return json.loads(text) if text else None


#: X numbers of one control message: more would be a larger body than a server takes.
X_A_MESSAGE = 40_000


def new_application(port: int, world: str, x_count: int, mode: str = "AXB") -> dict[str, str]:
    """Make a world with one application of `x_count` X numbers; return the headers that sign for it."""
    spec = {"mode": mode, "event_url": "inbox:", "fee_url": "inbox:"}
    made = control(port, "POST", "/worlds", {"id": world, "clock": {"mode": "running"}, "applications": [spec]})
    app = made["applications"][0]
    for first in range(0, x_count, X_A_MESSAGE):
        numbers = [f"+86170{i:08d}" for i in range(first, min(first + X_A_MESSAGE, x_count))]
        control(port, "POST", f"/worlds/{world}/applications/{app['app_key']}/numbers", {"numbers": numbers})
    return signed_headers(app["app_key"], app["app_secret"])


def signed_headers(app_key: str, app_secret: str) -> dict[str, str]:
    """Headers that authenticate; they may be repeated, as some programs do."""
    nonce, created = (
        hashlib.sha256(app_key.encode()).hexdigest()[:32],
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    digest = base64.b64encode(hmac.digest(app_secret.encode(), (nonce + created).encode(), "sha256")).decode()
    token = f'Username="{app_key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": f"UsernameToken {token}",
    }


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def bind_body(n: int, x_count: int) -> bytes:
    """The n-th bind: users that never repeat, X numbers in turn."""
    users = f'"callerNum":"+86138{n:08d}","calleeNum":"+86139{n:08d}"'
    return f'{{{users},"relationNum":"+86170{n % x_count:08d}","duration":0,"maxDuration":60}}'.encode()
