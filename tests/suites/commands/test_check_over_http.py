"""`privnum check` and servers that talk nonsense on real connections: it ends, says why, and no fault is ours."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PEOPLE = b"+8613800000021"
HTML = b"<html>" + PEOPLE + b"</html>"


def head(body: bytes, line: bytes = b"HTTP/1.1 200 OK", length: int | None = None, more: bytes = b"") -> bytes:
    size = len(body) if length is None else length
    return line + b"\r\nContent-Type: text/html\r\nContent-Length: %d\r\n" % size + more + b"\r\n" + body


class Server:
    """Answers each request on each connection with the bytes, and hangs up if it is set to."""

    def __init__(self, answer: bytes, *, closes: bool) -> None:
        self._answer = answer
        self._closes = closes
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._opened: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._opened.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while connection.recv(65536):
                connection.sendall(self._answer)
                if self._closes:
                    connection.close()
                    return

    def stop(self) -> None:
        for each in (self._socket, *self._opened):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._thread.join(5)


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    servers: list[Server] = []

    def start(answer: bytes, *, closes: bool) -> str:
        servers.append(Server(answer, closes=closes))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


def check(folder: Path, url: str, *options: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    (folder / "target.toml").write_text(
        f'name = "nonsense"\nbase_url = "{url}"\nrequest_timeout = 0.3\n[[applications]]\nmode = "AXB"\napp_key = "k"\n'
        'app_secret = "very-secret"\nnumbers = ["+8617000000001", "+8617000000002"]\n'
        '[users]\nmobile = { prefix = "+86138000", count = 20000 }\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "privnum.cli", "check", "--target", "target.toml", "--report-dir", "out"]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    for line in done.stderr.splitlines():
        assert "privnum clean --target" in line, "whether a bind without an answer was made nobody knows"
    assert "Traceback" not in done.stdout
    files = (path for path in (folder / "out").rglob("*") if path.is_file())
    for text in (done.stdout, *(path.read_text(encoding="utf-8") for path in files)):
        assert "very-secret" not in text
    assert PEOPLE.decode() not in done.stdout
    report: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert all(rule["reason"] for rule in report["requirements"] if rule["verdict"] != "passed")
    return done, report


def reasons(report: dict[str, Any], verdict: str) -> set[str]:
    return {rule["reason"] for rule in report["requirements"] if rule["verdict"] == verdict}


@pytest.mark.parametrize(
    ("answer", "closes", "told"),
    [
        (head(b'{"resu', length=100), True, "peer closed connection without sending complete message body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", False, "illegal chunk header"),
    ],
    ids=["in the middle", "chunks"],
)
def test_what_is_no_http_makes_errors(
    tmp_path: Path, serve: Callable[..., str], answer: bytes, closes: bool, told: str
) -> None:
    done, report = check(tmp_path, serve(answer, closes=closes))
    assert done.returncode == 2
    assert report["summary"]["failed"] == 0
    assert any("the last 6 requests (the last: GET /rest/caas" in reason for reason in reasons(report, "error"))
    assert any(told in reason for reason in reasons(report, "error"))


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        (head(HTML, b"HTTP/1.0 200 OK"), True),
        (head(b"", b"HTTP/1.1 302 Found", more=b"Location: https://login.example/\r\n"), False),
    ],
    ids=["old", "redirect"],
)
def test_html_breaks_the_rule_of_answers(
    tmp_path: Path, serve: Callable[..., str], answer: bytes, closes: bool
) -> None:
    done, report = check(tmp_path, serve(answer, closes=closes))
    assert done.returncode == 1
    failed = {rule["id"] for rule in report["requirements"] if rule["verdict"] == "failed"}
    assert failed == {"COM-ENV-001", "COM-ENV-005"}
    assert "without a JSON object" in done.stdout


def test_more_than_was_said_is_no_answer_to_the_next(tmp_path: Path, serve: Callable[..., str]) -> None:
    """What stands behind an answer is not taken for the next one."""
    done, report = check(tmp_path, serve(head(b"{}" + HTML, length=2), closes=False), "--timeout", "60")
    assert done.returncode == 1
    assert {r["id"] for r in report["requirements"] if r["verdict"] == "failed"} <= {"COM-ENV-001", "COM-ENV-005"}


def test_a_run_against_a_target_that_hangs_ends_in_time(tmp_path: Path, serve: Callable[..., str]) -> None:
    done, report = check(tmp_path, serve(b"", closes=False), "--timeout", "0.9")
    assert done.returncode == 2
    assert report["run"]["stopped"] == "the run's time (--timeout 0.9 s) was over"
    assert report["summary"]["failed"] == report["summary"]["passed"] == 0
    late = "the run's time (--timeout 0.9 s) was over before it was tried"
    assert late in reasons(report, "not_exercised")
    told = {check["reason"] for rule in report["requirements"] for check in rule["checks"]}
    assert told <= {late, *(reason for reason in told if "0.3 s" in reason or "before the check had ended" in reason)}
    assert "the run's time (--timeout 0.9 s) was over" in done.stdout
