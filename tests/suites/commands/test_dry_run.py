"""What would be sent, shown without sending anything."""

from __future__ import annotations

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.commands.check import check_main
from privnum.suites.commands.dry_run import Rehearsal
from privnum.suites.safety.limits import Guard, Limits
from privnum.suites.target.config import load_target

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
name = "paid"
base_url = "http://192.0.2.1/api"
{driver}
[[applications]]
mode = "AXB"
app_key = "the-key"
app_secret = "the-secret"
numbers = [{{ number = "+8617000000001", area_code = "0755" }}, "+8617000000002"]
[[applications]]
mode = "AXE"
app_key = "other-key"
app_secret = "other-secret"
numbers = ["+8617000000003"]
no_record = {{ play = "wait.wav" }}
[users]
mobile = {{ prefix = "+86138000000", count = 40 }}
"""
DRIVER = '[driver]\nkind = "http"\nurl = "http://192.0.2.1:8081"\nworld = "main"\n'


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects to an address that is not of this machine fails."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        assert self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1"), f"connected to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


def target_file(folder: Path, driver: str = "") -> Path:
    file = folder / "target.toml"
    file.write_text(FILE.format(driver=driver), encoding="utf-8")
    return file


def rehearse(folder: Path, capsys: pytest.CaptureFixture[str], *options: str, driver: str = "") -> list[str]:
    file = target_file(folder, driver)
    arguments = ["--target", str(file), "--dry-run", "--report-dir", str(folder / "report"), *options]
    assert check_main([*arguments, "--mode", "AXB"]) == 0
    assert not (folder / "report").exists()
    assert not (folder / ".privnum").exists()
    return capsys.readouterr().out.splitlines()


def block(lines: list[str], name: str) -> list[str]:
    """What is shown of one check."""
    start = next(place for place, line in enumerate(lines) if line.startswith(name))
    return lines[start : lines.index("", start)]


def test_a_run_is_told_check_by_check_and_in_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = rehearse(tmp_path, capsys, "--max-requests", "900", "--rate", "2")
    text = "\n".join(lines)
    assert lines[0].startswith("Dry run: nothing was sent to paid.")
    assert "POST /api/rest/caas/relationnumber/partners/v1.0" in text
    assert "+86138****00" in text
    assert not re.search(r"\+8613800000|the-secret", text)
    clock = block(lines, "axb.test_call::")
    assert clock[1] == "  not tried: there is no driver with which calls can be placed, looked at and hung up"
    (sums,) = (line for line in lines if line.startswith("About "))
    requests, binds, calls = (int(number) for number in re.findall(r"[0-9]+", sums)[:3])
    assert 900 <= requests < 920
    assert 0 < binds < requests
    assert calls == 0
    assert f"At --rate 2 that takes {-(-requests // 2)} seconds or more." in lines
    assert "A limit is reached: the run has sent its 900 requests (--max-requests)." in lines


def test_counts_of_the_checks_add_up_and_calls_are_among_them(tmp_path: Path) -> None:
    target = load_target(target_file(tmp_path, DRIVER))
    rehearsal = Rehearsal()
    session = rehearsal.make_session(target, guard=Guard(target, Limits(calls=3)))
    from privnum.suites.runner.context import CheckContext

    session.journal.listen(rehearsal.on_event)
    session.journal.check_started("one", ["AXB-BIND-001"])
    context = CheckContext(session, "one").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    assert context.axb.bind(a, b, x).ok
    context.call(a, x)
    context.close()
    session.journal.check_finished(
        "one", "passed", reason=None, reproduced=None, tries=None, counterexample=None, seconds=0.0, lacks=()
    )
    session.close()
    (one,) = rehearsal.checks
    assert (one.spent.requests, one.spent.binds, one.spent.calls) == (2, 1, 1)
    assert one.sent[1] == "call from +86138****0000 to +86170****0001"
    assert any("it is taken that it can do all" in line for line in rehearsal.lines())


def test_a_dry_run_is_of_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_main(["--dry-run"]) == 2
    assert "--target" in capsys.readouterr().err


def test_a_driver_on_this_machine_is_asked_what_it_can_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its answer decides what would be tried; nothing else is sent to it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            body = b'{"protocol": 1, "product": "acme", "modes": ["AXB"], "capabilities": ["calls"]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        file = target_file(tmp_path, DRIVER.replace("http://192.0.2.1:8081", url))
        file.write_text(file.read_text().replace("http://192.0.2.1/api", f"{url}/api"), encoding="utf-8")
        assert check_main(["--target", str(file), "--dry-run", "--mode", "AXB"]) == 0
        server.shutdown()
    lines = capsys.readouterr().out.splitlines()
    assert asked == ["GET /_privnum/capabilities"]
    assert "The driver, which was asked for that alone, has calls." in lines
    assert any("the driver does not offer that" in line for line in lines)


def test_the_sums_are_a_range_around_what_a_run_sends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the histories one in ten is tried."""
    last = rehearse(tmp_path, capsys)[-1]
    range_ = r"([\d,]+) to ([\d,]+)"
    found = re.match(rf"About {range_} API requests, {range_} of them binds, and (\d+) calls", last)
    assert found, last
    low, high = (int(figure.replace(",", "")) for figure in found.groups()[:2])
    assert low < high < 2 * low
