"""`privnum serve --state`: another start goes on where the server ended, however it ended."""

from __future__ import annotations

import json
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.servers import control, signed_headers
from tests.bench.servers import request_bytes as signed_bytes
from tests.mockserver.http.test_command import PRIVNUM, run, serving
from tests.mockserver.rig import A, B
from tests.mockserver.support import Told, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AXB = "/rest/caas/relationnumber/partners/v1.0"
HEALTH = b"GET /_privnum/health HTTP/1.1\r\nHost: x\r\n\r\n"
WORLD = "/worlds/default"


class Kept:
    """A server with a state file, and the AXB application of its default world."""

    def __init__(self, process: subprocess.Popen[str], line: str) -> None:
        self.process = process
        self.told = json.loads(line)
        self.port = int(self.told["url"].rpartition(":")[2])
        app = next(each for each in self.told["applications"] if each["mode"] == "AXB")
        self.x: str = app["numbers"][0]
        self.headers = signed_headers(app["app_key"], app["app_secret"])

    def control(self, method: str, path: str, message: Any = None) -> Any:
        return control(self.port, method, path, message)

    def bind_bytes(self, **fields: Any) -> bytes:
        body = {"callerNum": A, "calleeNum": B, "relationNum": self.x, **fields}
        return signed_bytes("POST", AXB, self.headers, json.dumps(body).encode())

    def bind(self, **fields: Any) -> str:
        with Wire(self.told["url"]) as wire:
            made: str = wire.send(self.bind_bytes(**fields)).read().json["subscriptionId"]
        return made

    def all(self) -> list[Any]:
        """What the control plane shows of every world, but for where a running clock stands."""
        ids = [each["id"] for each in self.control("GET", "/worlds")["worlds"]]
        of_each = ("bindings", "calls", "sms", "pushes", "faults", "snapshots", "journal?format=json")
        lists = [self.control("GET", f"/worlds/{id_}/{what}") for id_ in ids for what in of_each]
        for each in (snapshot for shown in lists for snapshot in shown.get("snapshots", ())):
            del each["bytes"]  # it counts equal texts, of which some may be one
        worlds = [self.control("GET", f"/worlds/{id_}") | {"url": "", "clock": ""} for id_ in ids]
        return [*worlds, *lists]

    def end(self, by: signal.Signals) -> None:
        self.process.send_signal(by)
        _, err = self.process.communicate(timeout=30)
        assert err == ""
        assert self.process.returncode == (-9 if by is signal.SIGKILL else 0)


@contextmanager
def keeping(path: Path | str, *options: str) -> Iterator[Kept]:
    with serving("--port", "0", "--json", "--quiet", "--state", str(path), *options) as (process, line):
        yield Kept(process, line)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_all_is_as_it_was(tmp_path: Path, end: signal.Signals) -> None:
    path = tmp_path / "a.state"
    with keeping(path, "--clock", "frozen") as server:
        server.bind(userData="order 1")
        server.control("POST", "/worlds", {"id": "lab", "clock": {"mode": "frozen"}, "strict": True})
        server.control("POST", "/worlds/lab/faults", {"operation": "axb.bind", "code": "403/1012010"})
        server.control("POST", f"{WORLD}/calls", {"caller": A, "called": server.x})
        server.control("POST", f"{WORLD}/clock", {"advance_seconds": 5})
        server.control("POST", f"{WORLD}/snapshots", {"id": "before"})
        server.control("PATCH", f"{WORLD}/numbers/{server.x.replace('+', '%2B')}", {"status": "9"})
        before = server.all()
        server.end(end)
    with keeping(path, "--clock", "frozen") as server:
        assert server.all() == before
        server.control("POST", f"{WORLD}/restore", {"snapshot": "before"})
        first = server.told
        server.end(end)
    with keeping(path, "--clock", "frozen") as server:
        assert server.told["applications"] == first["applications"]
        assert server.told["seed"] == first["seed"]
        listed = server.control("GET", f"{WORLD}/journal")["entries"]
        assert listed[-1]["path"] == f"/_privnum{WORLD}/restore"


def test_a_running_clock_goes_on_as_if_the_server_had_not_been_away(tmp_path: Path) -> None:
    """What fell due meanwhile happens at the start, in order, each at its time."""
    path = tmp_path / "a.state"
    with keeping(path) as server:
        server.bind(duration=7200)
        server.control("POST", f"{WORLD}/clock", {"mode": "running", "rate": 3600})
        call = {"caller": A, "called": server.x, "caller_hangs_up_after": 60}
        placed = server.control("POST", f"{WORLD}/calls", call)
        assert placed["state"] != "ended"
        server.end(signal.SIGKILL)
    stopped = path.stat().st_mtime_ns
    with keeping(path) as server:
        called = server.control("GET", f"{WORLD}/calls/{placed['id']}")
        clock = server.control("GET", f"{WORLD}/clock")
        pushes = server.control("GET", f"{WORLD}/pushes")["pushes"]
        bound = server.control("GET", f"{WORLD}/bindings")["bindings"]
    assert called["state"] == "ended"
    assert [each["kind"] for each in pushes] == ["call_event"] * (len(pushes) - 1) + ["cdr"]
    times = [each["attempts"][0]["at"] for each in pushes]
    assert times == sorted(times)
    assert times[0] < times[-1] < clock["now"]
    assert stopped
    assert len(bound) <= 1


def test_a_frozen_clock_stands_where_it_stood(tmp_path: Path) -> None:
    with keeping(tmp_path / "a", "--clock", "frozen") as server:
        server.control("POST", f"{WORLD}/clock", {"advance_seconds": 77})
        stood = server.control("GET", f"{WORLD}/clock")
        server.end(signal.SIGKILL)
    with keeping(tmp_path / "a", "--clock", "frozen") as server:
        assert server.control("GET", f"{WORLD}/clock") == stood


def test_answers_keep_their_order_on_a_connection(tmp_path: Path) -> None:
    """Those that wait for the file, those of the control plane, a file of the page, and a refusal at the end."""
    page = b"GET /_privnum/inspector/page.js HTTP/1.1\r\nHost: x\r\n\r\n"
    with keeping(tmp_path / "a") as server, Wire(server.told["url"]) as wire:
        users = [(f"+861370000000{n}", f"+861360000000{n}") for n in range(3)]
        binds = [server.bind_bytes(callerNum=a, calleeNum=b) for a, b in users]
        wire.send(binds[0] + HEALTH + binds[1] + page + binds[2] + b"garbage\r\n\r\n").half_close()
        answers = [wire.read() for _ in range(6)]
        assert wire.at_end()
    shown = [_kind_of(answer) for answer in answers]
    assert shown == ["bind", "health", "bind", "file", "bind", 400]


def test_a_refusal_does_not_overtake_an_answer_that_waits(tmp_path: Path) -> None:
    with keeping(tmp_path / "a") as server, Wire(server.told["url"]) as wire:
        wire.send(server.bind_bytes() + b"garbage\r\n\r\n")
        assert [_kind_of(wire.read()) for _ in range(2)] == ["bind", 400]
        assert wire.half_close().at_end()


def _kind_of(answer: Told) -> Any:
    if "json" not in answer.headers["content-type"]:
        return "file"
    if answer.status != 200:
        return "file" if answer.status == 404 else answer.status
    return "health" if "status" in answer.json else "bind"


@pytest.mark.parametrize("close", [True, False])
def test_an_answer_goes_out_though_the_client_has_stopped_sending(tmp_path: Path, close: bool) -> None:
    with keeping(tmp_path / "a") as server, Wire(server.told["url"]) as wire:
        if close:
            server.headers["Connection"] = "close"
        wire.send(server.bind_bytes()).half_close()
        assert wire.read().json["resultcode"] == "0"
        assert wire.at_end()


def test_what_is_behind_an_answer_that_waits_is_answered_though_the_client_has_stopped_sending(tmp_path: Path) -> None:
    with keeping(tmp_path / "a") as server, Wire(server.told["url"]) as wire:
        wire.send(server.bind_bytes() + HEALTH + server.bind_bytes() + HEALTH).half_close()
        assert [_kind_of(wire.read()) for _ in range(4)] == ["bind", "health", 403, "health"]
        assert wire.at_end()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--strict",), "was made with strict = false, not true; start it with the settings that it was made with"),
        (("--seed", "8"), "was made with seed = 7, not 8"),
        (("--keep", "5"), "was made with keep = null, not 5"),
        (
            ("--assume", "auth.lockout_failures=20"),
            'was made with assumptions = {}, not {"auth.lockout_failures": "20"}',
        ),
        (("--event-url", "http://localhost:9/secret"), "was made with another event_url; start it"),
    ],
)
def test_other_settings_are_refused(tmp_path: Path, options: tuple[str, ...], text: str) -> None:
    path = tmp_path / "a.state"
    with keeping(path, "--seed", "7") as server:
        server.end(signal.SIGTERM)
    before = path.read_bytes()
    done = run("serve", "--port", "0", "--state", str(path), *options)
    assert done.returncode == 2
    assert text in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr
    assert path.read_bytes() == before


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    with keeping(tmp_path / "a"):
        done = run("serve", "--port", "0", "--state", str(tmp_path / "a"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("is in use by another server; stop that one first, or name another file\n")


def test_where_no_file_can_be_made_nothing_starts(tmp_path: Path) -> None:
    done = run("serve", "--port", "0", "--state", str(tmp_path / "none" / "a"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("a cannot be used: No such file or directory\n")


def test_the_overview_says_where_it_is_kept(tmp_path: Path) -> None:
    with serving("--port", "0", "--state", str(tmp_path / "a")) as (process, _):
        assert process.stdout is not None
        printed = ""
        while "Ctrl+C" not in printed:
            printed += process.stdout.readline()
    assert f"All that happens is kept in {tmp_path / 'a'}: another start with it goes on" in printed
    assert "live in memory" not in printed


def _worlds_until_the_end(server: Kept) -> int:
    """Make worlds until no answer comes; return how many were answered."""
    areas = {f"+8613{n:07d}": "0755" for n in range(50)}
    for made in range(2000):
        try:
            server.control("POST", "/worlds", {"id": f"w{made}", "home_areas": areas})
        except OSError:
            return made
    raise AssertionError("the disk was never full")


def test_what_cannot_be_kept_is_not_answered_and_ends_the_server(tmp_path: Path) -> None:
    """The disk is full: here a file may have so many blocks, and no more."""
    command = 'ulimit -f 600; exec "$@"'
    options = ["serve", "--port", "0", "--json", "--quiet", "--state", str(tmp_path / "a")]
    shell = ["sh", "-c", command, "sh", *PRIVNUM, *options]
    with subprocess.Popen(shell, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server = Kept(process, process.stdout.readline())
        made = _worlds_until_the_end(server)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "cannot be used" in err
    assert err.count("\n") == 1
    with keeping(tmp_path / "a") as server:
        there = {each["id"] for each in server.control("GET", "/worlds")["worlds"]}
    assert {f"w{n}" for n in range(made)} <= there
    assert made > 3
