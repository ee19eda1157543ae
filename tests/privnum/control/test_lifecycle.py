"""A server in the background: started once, found again, ended, and no other process with it."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import cli
from privnum.control import state

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 30


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRIVNUM_")}
    command = [sys.executable, "-m", "privnum.cli", *args]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def start_detached(folder: Path, *options: str) -> Iterator[subprocess.CompletedProcess[str]]:
    try:
        yield run(folder, "start", "--detach", "--port", "0", *options)
    finally:
        run(folder, "stop")


def test_it_is_started_found_and_stopped(tmp_path: Path) -> None:
    with start_detached(tmp_path, "--clock", "frozen", "--json") as done:
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert json.loads((tmp_path / ".privnum" / "started.json").read_text())["url"] == told["url"]
        assert run(tmp_path, "wait").stdout == f"{told['url']} answers\n"
        assert run(tmp_path, "clock").stdout.endswith("frozen\n")
        status = json.loads(run(tmp_path, "status", "--json").stdout)
        assert (status["state"], status["url"], status["pid"]) == ("running", told["url"], told["pid"])
        second = run(tmp_path, "start", "--detach", "--port", "0")
        assert second.returncode == 1
        assert f"runs already at {told['url']}" in second.stderr
        assert run(tmp_path, "stop").stdout == f"stopped the server at {told['url']}\n"
        assert state.began(told["pid"]) is None
    assert run(tmp_path, "status").returncode == 1
    assert run(tmp_path, "stop").returncode == 0
    assert run(tmp_path, "env").returncode == 1


def servers_of(seed: int) -> list[int]:
    """Return the processes that serve with a seed."""
    found = (path for path in Path("/proc").glob("[0-9]*") if state.began(int(path.name)) is not None)
    lines = ((int(path.name), command_of(path).split(b"\0")) for path in found)
    return [pid for pid, words in lines if b"serve" in words and str(seed).encode() in words]


def command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""  # it has ended this moment


def test_two_starts_at_once_leave_one_server(tmp_path: Path) -> None:
    seed = 10**9 + os.getpid()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRIVNUM_")}
    command = [sys.executable, "-m", "privnum.cli", "start", "--detach", "--port", "0", "--seed", str(seed), "--json"]
    try:
        both = [
            subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        ends = sorted((*each.communicate(timeout=LONGEST), each.returncode)[::-1] for each in both)
        assert [status for status, _, _ in ends] == [0, 1], ends
        assert "runs already" in ends[1][1]
        assert servers_of(seed) == [json.loads(ends[0][2])["pid"]]
    finally:
        run(tmp_path, "stop")
    assert servers_of(seed) == []


def test_a_second_start_does_not_touch_the_first(tmp_path: Path) -> None:
    folder = tmp_path / ".privnum"
    folder.mkdir()
    with state.lock(folder) as ours:
        done = run(tmp_path, "start", "--detach", "--port", "0")
        assert ours
    assert done.returncode == 1
    assert "a privnum start of .privnum runs already" in done.stderr
    assert [file.name for file in folder.iterdir()] == ["lock"]


def test_a_server_that_cannot_be_noted_is_ended(tmp_path: Path) -> None:
    (tmp_path / ".privnum" / "state.json.new").mkdir(parents=True)
    seed = 2 * 10**9 + os.getpid()
    done = run(tmp_path, "start", "--detach", "--port", "0", "--seed", str(seed))
    assert done.returncode == 2
    assert "state.json.new" in done.stderr
    assert servers_of(seed) == []


def test_what_stands_before_it_need_not_be_there_yet(tmp_path: Path) -> None:
    public = "http://127.0.0.1:9"  # nothing listens there
    with start_detached(tmp_path, "--public-url", public, "--json") as done:
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["url"] == public
        assert said["local_url"].startswith("http://127.0.0.1:")
        assert json.loads(run(tmp_path, "status", "--json").stdout)["state"] == "running"
        assert run(tmp_path, "clock").returncode == 0


def test_a_shell_gets_its_variables_and_nobody_else_the_secrets(tmp_path: Path) -> None:
    with start_detached(tmp_path, "--control-token", "tok-1") as done:
        assert done.returncode == 0, done.stderr
        assert "secret" not in done.stdout
        script = f'eval "$({shlex.quote(sys.executable)} -m privnum.cli env)"; echo $PRIVNUM_TOKEN $PRIVNUM_AXB_NUMBER'
        shell = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert shell.stdout == "tok-1 +8617000000001\n"
        assert run(tmp_path, "clock").returncode == 0  # the token comes from the folder
        for file in (tmp_path / ".privnum").iterdir():
            assert file.stat().st_mode & 0o077 == 0, file
        dotenv = run(tmp_path, "env", "--format", "dotenv").stdout.splitlines()
        assert all("=" in line and not line.startswith("export") for line in dotenv)


def test_a_server_that_was_killed_is_gone_and_can_be_started_again(tmp_path: Path) -> None:
    with start_detached(tmp_path, "--json") as done:
        told = json.loads(done.stdout)
        os.kill(told["pid"], signal.SIGKILL)
        until = time.monotonic() + LONGEST
        while state.began(told["pid"]) is not None and time.monotonic() < until:
            pass
        status = run(tmp_path, "status")
        assert status.returncode == 1
        assert "its process has ended" in status.stdout
        again = run(tmp_path, "start", "--detach", "--port", "0", "--json")
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["pid"] != told["pid"]


def test_another_process_that_has_its_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        folder = tmp_path / ".privnum"
        folder.mkdir()
        state.keep(folder, {"pid": other.pid, "began": "1", "url": "http://127.0.0.1:1", "control_url": "x"})
        assert "no server of .privnum runs" in run(tmp_path, "stop").stdout
        assert other.poll() is None
        other.communicate(b"\n", timeout=LONGEST)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "1"}', '{"pid": 1}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    assert state.read(tmp_path) is None


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    done = run(tmp_path, "start", "--detach", "--port", "nope")
    assert done.returncode == 2
    assert "privnum start: argument --port: 'nope' is not a whole number" in done.stderr
    done = run(tmp_path, "start", "--detach", "--config", "nowhere.toml")
    assert done.returncode == 1
    assert "the server did not start; it said:\nprivnum serve: nowhere.toml" in done.stderr
    assert run(tmp_path, "status").returncode == 1


def test_in_the_foreground_it_is_serve(tmp_path: Path) -> None:
    done = run(tmp_path, "start")
    assert done.returncode == 2
    assert "privnum serve" in done.stderr


def options_of(folder: Path, command: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", run(folder, command, "--help").stdout.partition("\n\n")[0]))


def test_start_has_every_option_of_serve(tmp_path: Path) -> None:
    serve, start = options_of(tmp_path, "serve"), options_of(tmp_path, "start")
    assert len(serve) > 20
    assert start - serve == {"--detach", "--env", "--timeout", "--state-dir"}
    assert serve <= start


def test_start_prints_what_serve_would_run_with(tmp_path: Path) -> None:
    options = ("--port", "9000", "--strict", "--print-config")
    assert run(tmp_path, "start", *options).stdout == run(tmp_path, "serve", *options).stdout
    assert "port = 9000" in run(tmp_path, "start", "--detach", *options).stdout
    assert not (tmp_path / ".privnum").exists()


def test_the_shell_gets_the_first_application_of_each_mode(tmp_path: Path) -> None:
    apps = [("AXB", "first", '["+8617000000009"]'), ("AXB", "second", "[]"), ("X", "bare", "[]")]
    text = "".join(f'[[applications]]\nmode = "{m}"\napp_key = "{key}"\nnumbers = {x}\n' for m, key, x in apps)
    (tmp_path / "privnum.toml").write_text(text)
    with start_detached(tmp_path, "--config", "privnum.toml", "--env") as done:
        assert done.returncode == 0, done.stderr
        assert "export PRIVNUM_AXB_APP_KEY=first\n" in done.stdout
        assert "export PRIVNUM_AXB_NUMBER=+8617000000009\n" in done.stdout
        assert "export PRIVNUM_X_APP_KEY=bare\n" in done.stdout
        assert "PRIVNUM_X_NUMBER" not in done.stdout
        assert run(tmp_path, "env").stdout == done.stdout


def test_waiting_for_a_world_is_more_than_for_a_server(tmp_path: Path) -> None:
    with start_detached(tmp_path):
        assert run(tmp_path, "wait").returncode == 0
        assert run(tmp_path, "wait", "--world", "default").returncode == 0
        done = run(tmp_path, "wait", "--world", "later", "--timeout", "0.01")
        assert (done.returncode, "there is no world 'later'" in done.stderr) == (1, True)


def test_waiting_ends(tmp_path: Path) -> None:
    done = run(tmp_path, "wait", "--server", "http://127.0.0.1:1", "--timeout", "0.01")
    assert done.returncode == 1
    assert "no answer from http://127.0.0.1:1" in done.stderr


def test_fault_finds_server_and_token_as_every_command_does(tmp_path: Path) -> None:
    with start_detached(tmp_path, "--control-token", "tok-1", "--json") as done:
        url = json.loads(done.stdout)["url"]
        assert run(tmp_path, "fault").stdout == "no faults: the world does as the contract says\n"
        refused = run(tmp_path, "fault", "--server", url)
        assert refused.returncode == 1
        assert "give --token or PRIVNUM_TOKEN" in refused.stderr
        assert run(tmp_path, "fault", "--server", url, "--token", "tok-1").returncode == 0


def test_the_variable_of_the_server_is_the_last_that_names_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PRIVNUM_SERVER", "PRIVNUM_TOKEN", "PRIVNUM_CONTROL_TOKEN", "PRIVNUM_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    with start_detached(tmp_path, "--control-token", "tok-1", "--json") as done:
        url = json.loads(done.stdout)["url"]
        monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "tok-1")
        assert cli.main(["clock", "--server", url]) == 0
        monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "another")
        assert cli.main(["clock", "--server", url]) == 1
        assert cli.main(["clock"]) == 0  # the token of the folder is that of its server
        monkeypatch.setenv("PRIVNUM_TOKEN", "tok-1")
        assert cli.main(["clock", "--server", url]) == 0
    capsys.readouterr()
