"""Runs that are cut off half-way, on a live server, and what `privnum clean` finds of them."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.mockserver.embed.direct import DirectServer
from privnum.suites.commands.clean import clean_main
from privnum.suites.safety.cleanup_journal import Book, book_path
from privnum.suites.transport.client import encode_query, sign
from tests.suites.platforms import AXB, AXE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from privnum.suites.target.config import App

PATIENCE = 240
"""Seconds in which a run that was cut off must have ended; it takes a few."""
BIND = contracts.operations()["axb.bind"].path


class LivePlatform:
    """The server on a port, with given applications. A certain bind is answered by a signal to whoever asked for it."""

    def __init__(self) -> None:
        self.server = DirectServer()
        apps = [_app_spec(app) for app in (AXB, AXE)]
        world = {"id": "there", "clock": {"mode": "running"}, "applications": apps}
        self.ask("POST", "/_privnum/worlds", orjson.dumps(world))
        self.binds = 0
        self.fatal: tuple[int, signal.Signals] | None = None
        self.victim: subprocess.Popen[bytes] | None = None
        self.started = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def ask(self, method: str, path: str, body: bytes = b"", headers: Any = (), query: str = "") -> Any:
        return self.server.request(method, path, query, list(headers), body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                path, _, query = self.path.partition("?")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, content = platform.ask(self.command, path, body, self.headers.items(), query)
                if self.command == "POST" and path == BIND and status == 200 and platform.strikes():
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                if "content-length" not in {name.lower() for name, _ in headers}:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  # http.server wants these names

            def log_message(self, *args: Any) -> None:
                pass

        return Handler

    def strikes(self) -> bool:
        """Count a bind that succeeded; send the signal if it is the fatal one."""
        self.binds += 1
        if self.fatal is None or self.binds != self.fatal[0]:
            return False
        assert self.started.wait(PATIENCE)
        assert self.victim is not None
        self.victim.send_signal(self.fatal[1])
        return True

    def live_bindings(self) -> list[dict[str, Any]]:
        """Every binding of the AXB application."""
        found: list[dict[str, Any]] = []
        for x in AXB.numbers:
            _, _, content = self.ask("GET", BIND, b"", sign(AXB), encode_query({"relationNum": x.number}))
            found += orjson.loads(content).get("relationNumList") or []
        return found

    def world(self) -> dict[str, Any]:
        """How the clock goes, and how the applications are set."""
        _, _, content = self.ask("GET", "/_privnum/worlds/there")
        told = orjson.loads(content)
        return {"clock": told["clock"]["mode"], "applications": told["applications"]}

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def _app_spec(app: App) -> dict[str, Any]:
    numbers = [{"number": x.number, "area_code": x.area_code} for x in app.numbers]
    return {"mode": app.mode, "app_key": app.key, "app_secret": app.secret, "numbers": numbers}


@pytest.fixture
def platform() -> Iterator[LivePlatform]:
    there = LivePlatform()
    yield there
    there.close()


@pytest.fixture
def target(platform: LivePlatform, tmp_path: Path) -> Path:
    file = tmp_path / "target.toml"
    numbers = ", ".join(f'"{x.number}"' for x in AXB.numbers)
    file.write_text(
        f'name = "there"\nbase_url = "{platform.url}"\n'
        f'[[applications]]\nmode = "AXB"\napp_key = "{AXB.key}"\napp_secret = "{AXB.secret}"\nnumbers = [{numbers}]\n'
        '[users]\nmobile = { prefix = "+86138000000", count = 100 }\n',
        encoding="utf-8",
    )
    return file


def with_driver(target: Path, platform: LivePlatform) -> None:
    text = target.read_text(encoding="utf-8")
    driver = f'[driver]\nkind = "http"\nurl = "{platform.url}"\nworld = "there"\n'
    target.write_text(text.replace("[[applications]]", f"{driver}[[applications]]"), encoding="utf-8")


def cut_off(platform: LivePlatform, target: Path, sent: signal.Signals) -> tuple[int, str]:
    """Check the platform until the fifth bind, which is answered by a signal; exit status and what was printed."""
    platform.fatal = (5, sent)
    command = [sys.executable, "-m", "privnum.cli", "check", "--target", str(target), "--quiet", "--mode", "AXB"]
    command += ["--report-dir", str(target.parent / "report")]
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    # a test run in the background ignores SIGINT, and what it starts would inherit that
    with subprocess.Popen(command, preexec_fn=_heed_interrupts, **pipes) as victim:
        platform.victim = victim
        platform.started.set()
        try:
            _, told = victim.communicate(timeout=PATIENCE)
        finally:
            victim.kill()
    return victim.returncode, told.decode()


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_undoes_what_it_bound_and_reports(
    platform: LivePlatform, target: Path, sent: signal.Signals
) -> None:
    status, told = cut_off(platform, target, sent)
    assert (status, told) == (2, "")
    assert platform.binds >= 5
    assert platform.live_bindings() == []
    assert not book_path(target, "there").exists()
    report = orjson.loads((target.parent / "report" / "report.json").read_bytes())
    assert report["run"]["interrupted"] is True


def test_what_a_killed_run_left_is_cleaned(
    platform: LivePlatform, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _ = cut_off(platform, target, signal.SIGKILL)
    assert status == -signal.SIGKILL
    (left,) = platform.live_bindings()[-1:]
    path = book_path(target, "there")
    book = Book(path)
    last = book.open()[-1]
    book.close()
    assert (last.state, last.a, last.b) == ("asked", left["callerNum"], left["calleeNum"])

    others = orjson.dumps({"callerNum": "+8613900000001", "calleeNum": "+8613900000002", "relationNum": last.x})
    assert platform.ask("POST", BIND, others, sign(AXB))[0] == 200

    assert clean_main(["--target", str(target), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "would be dissolved if it is found by its numbers" in told
    assert left["callerNum"] not in told
    assert left in platform.live_bindings()

    assert clean_main(["--target", str(target)]) == 0
    told = capsys.readouterr().out
    assert f"on {contracts.mask(left['relationNum'])}: dissolved" in told
    assert told.endswith("nothing is left\n")
    assert [binding["callerNum"] for binding in platform.live_bindings()] == ["+8613900000001"]
    assert not path.exists()
    assert clean_main(["--target", str(target)]) == 0


def test_what_the_driver_changed_is_put_back(
    platform: LivePlatform, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_driver(target, platform)
    before = platform.world()
    cut_off(platform, target, signal.SIGKILL)
    left = platform.world()
    assert left["clock"] == "frozen" != before["clock"]
    assert left["applications"] != before["applications"]
    assert clean_main(["--target", str(target), "--dry-run"]) == 0
    assert "Change settings of an application (there, axb-key): would be put back" in capsys.readouterr().out
    assert clean_main(["--target", str(target)]) == 0
    assert platform.world() == before
    assert platform.live_bindings() == []


def test_what_cannot_be_cleaned_stays_in_the_book(target: Path, platform: LivePlatform) -> None:
    platform.close()
    path = book_path(target, "there")
    book = Book(path, platform.url)
    from privnum.suites.safety.phone_numbers import touched_parts

    body = orjson.dumps({"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "relationNum": "+8617000000001"})
    book.ask(touched_parts("POST", BIND, "", body), AXB.key)
    book.ask(touched_parts("POST", BIND, "", body), "another-key")
    book.close()
    assert clean_main(["--target", str(target)]) == 1
    assert len(Book(path).open()) == 2


def test_clean_needs_permission_off_this_machine(target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target.write_text(target.read_text().replace("127.0.0.1", "192.0.2.1"))
    assert clean_main(["--target", str(target)]) == 2
    assert "--yes-i-may-test-this" in capsys.readouterr().err
    assert clean_main(["--target", str(target), "--dry-run"]) == 0


def test_bindings_of_others_stop_a_run_and_the_command_that_it_names_dissolves_them(
    platform: LivePlatform, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = {"callerNum": "+8613900000001", "calleeNum": "+8613900000002", "relationNum": AXB.numbers[1].number}
    headers = [*sign(AXB), ("Content-Type", "application/json")]
    status, _, _ = platform.ask("POST", BIND, orjson.dumps(body), headers)
    assert status == 200
    check = [sys.executable, "-m", "privnum.cli", "check", "--target", str(target), "--quiet"]
    check += ["--report-dir", str(target.parent / "report")]
    run = subprocess.run(check, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 2
    told = run.stderr
    command = f"privnum clean --target {target} --all-bindings"
    assert command in told
    assert told.count("\n") == 1
    asked = command.split()[2:]
    assert clean_main([*asked, "--dry-run"]) == 0
    assert "whatever else is bound on 2 X numbers of target.toml would be dissolved" in capsys.readouterr().out
    assert platform.live_bindings()
    assert clean_main(asked) == 0
    assert "AXB +86139****0001 and +86139****0002 on " in capsys.readouterr().out
    assert platform.live_bindings() == []
