"""`privnum check` takes no answer of a world that makes faults for evidence."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.suites.base.answer import Answer
from privnum.suites.base.ended import RunEnded
from privnum.suites.driver.circuit_breaker import Watch, WatchedTransport
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from privnum.suites.transport.client import Headers

FAULT = {"operation": "axb.bind", "code": "403/1012010", "probability": 0.1}
X = "+8617000000001"


@pytest.fixture
def live() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


def check(live: LiveServer, folder: Path, driver: str) -> subprocess.CompletedProcess[str]:
    """Check the world "given" by the options of target.toml."""
    spec = {"applications": [{"mode": "AXB", "app_key": "key", "app_secret": "secret", "numbers": [X]}]}
    with live.world(id="given", faults=[FAULT], **spec) as world:
        target = folder / "target.toml"
        target.write_text(
            f'name = "faulty"\nbase_url = "{world.url}"\n{driver}'
            '[[applications]]\nmode = "AXB"\napp_key = "key"\napp_secret = "secret"\n'
            f'numbers = ["{X}"]\n[users]\nmobile = {{ prefix = "+86138000", count = 20000 }}\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "privnum.cli", "check", "--target", str(target), "--rule", "AXB-BIND-001"]
        options = ["--report-dir", str(folder / "out"), "--quiet", "--mode", "AXB"]
        return subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)


def test_a_driver_that_says_so_ends_the_run_before_it_begins(live: LiveServer, tmp_path: Path) -> None:
    done = check(live, tmp_path, f'[driver]\nkind = "http"\nurl = "{live.url}"\nworld = "given"\n')
    assert done.returncode == 2
    assert "world given makes 1 fault (code): what it answers meanwhile is no evidence" in done.stderr
    assert "privnum fault clear" in done.stderr
    assert not (tmp_path / "out" / "report.json").exists()


def test_without_a_driver_the_header_ends_it(live: LiveServer, tmp_path: Path) -> None:
    done = check(live, tmp_path, "")
    assert done.returncode == 2
    assert "the target makes faults (header X-Privnum-Faults)" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_fault_that_is_made_meanwhile_ends_the_run() -> None:
    class Faulty:
        def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
            return Answer(200, (("x-privnum-faults", "on"),), b"{}", {})

        def close(self) -> None: ...

    transport = WatchedTransport(Faulty(), Watch(Deadline()))
    with pytest.raises(RunEnded, match="is no evidence"):
        transport.request("GET", "/rest", "", [], b"")
