"""The command, as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import privnum
from privnum import cli
from privnum.mockserver.control.edge import Edge
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.serve import Server
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.support import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVNUM = [sys.executable, "-m", "privnum.cli"]


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PRIVNUM, *args], capture_output=True, text=True, timeout=30, check=False)


@contextmanager
def serving(*args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process, and the first line it prints."""
    process = subprocess.Popen([*PRIVNUM, "serve", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def get(url: str) -> Any:
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request("GET", f"/{path}")
        answer = connection.getresponse()
        assert answer.status == 200
        return json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_one_line_of_json_then_health_then_a_clean_end(name: signal.Signals) -> None:
    with serving("--port", "0", "--json") as (process, line):
        told = json.loads(line)
        assert set(told) == {"url", "control_url", "applications", "seed"}
        assert told["control_url"] == told["url"] + "/_privnum"
        assert set(told["applications"][0]) == {"mode", "app_key", "app_secret", "numbers"}
        assert get(told["control_url"] + "/health").items() >= {"status": "ok", "version": privnum.__version__}.items()
        process.send_signal(name)
        out, err = process.communicate(timeout=30)
        assert (out, err, process.returncode) == ("", "", 0)


def test_two_starts_have_other_ids_unless_they_are_given_one_seed() -> None:
    """A database with a unique index refuses the ids of yesterday's server."""

    def first_id(*options: str) -> tuple[str, int]:
        with serving("--port", "0", "--json", *options) as (_, line):
            told = json.loads(line)
            call = b'{"caller":"+8613800000001","called":"+8617000000001"}'
            with Wire(told["url"]) as wire:
                head = f"POST /_privnum/worlds/default/calls HTTP/1.1\r\nHost: x\r\nContent-Length: {len(call)}\r\n\r\n"
                session: str = wire.send(head.encode() + call).read().json["session_id"]
            return session.split("_")[1], told["seed"]

    (one, seed), (other, another) = first_id(), first_id()
    assert seed != another
    assert one != other
    assert first_id("--seed", str(seed)) == (one, seed)


def test_it_says_that_its_state_lives_in_memory() -> None:
    with serving("--port", "0") as (process, _):
        assert process.stdout is not None
        printed = ""
        while "Ctrl+C" not in printed:
            printed += process.stdout.readline()
    assert "live in memory" in printed
    assert "--seed" in printed


def test_a_signal_before_it_is_up_ends_it_too() -> None:
    with serving("--port", "0", "--json") as (process, _):
        process.terminate()
        out, err = process.communicate(timeout=30)
        assert (out, err, process.returncode) == ("", "", 0)


def test_a_signal_that_an_import_has_passed_over_counts() -> None:
    code = (
        "from privnum.cli import main\n"
        "from privnum.mockserver.http import command\n"
        "command._SIGNALS.append(15)\n"
        "main(['serve', '--port', '0', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_requests_under_way_are_answered_before_it_ends() -> None:
    """Half of a request is there when the signal comes, the other half follows."""
    with serving("--port", "0", "--json") as (process, line):
        url = json.loads(line)["url"]
        with Wire(url) as wire:
            wire.send(b"POST /_privnum/worlds HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{")
            get(f"{url}/_privnum/health")
            process.terminate()
            told = wire.send(b"}").read()
            assert told.status == 201
            assert wire.at_end()
        assert process.wait(timeout=30) == 0


def test_what_comes_whole_too_late_is_not_answered() -> None:
    """Nothing would be kept of it any more."""
    ends, may_end = threading.Event(), threading.Event()

    class Ending(App):
        async def stop(self) -> None:
            ends.set()
            await asyncio.to_thread(may_end.wait, 30)
            await super().stop()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = Server(Ending(Edge(Platform())), [listener])
        server.config.timeout_graceful_shutdown = 1
        thread = threading.Thread(target=server.run_until_stopped)
        thread.start()
        with Wire(url) as wire:
            wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").read()
            wire.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{")
            get(f"{url}/_privnum/health")
            server.stop()
            assert ends.wait(30)
            with contextlib.suppress(ConnectionError):
                wire.send(b"}")
                assert wire.at_end()
        may_end.set()
        thread.join(30)
        assert not thread.is_alive()


def test_a_customer_who_does_not_answer_holds_up_the_end_for_a_moment_only() -> None:
    """The request that waits for his answer is answered, though an attempt would have an hour."""
    call = b'{"caller":"+8613800000001","called":"+8617000000001"}'
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with (
            serving("--port", "0", "--json", "--event-url", url, "--push-timeout", "3600") as (process, line),
            Wire(json.loads(line)["url"]) as wire,
        ):
            head = f"POST /_privnum/worlds/default/calls HTTP/1.1\r\nHost: x\r\nContent-Length: {len(call)}\r\n\r\n"
            wire.send(head.encode() + call)
            pushed, _ = listener.accept()
            process.terminate()
            assert wire.read().status == 201
            assert process.wait(timeout=30) == 0
            pushed.close()


def test_options_reach_the_default_world() -> None:
    options = ["--assume", "axb.a_equals_b=1012010", "--assume", "auth.lockout_failures=7", "--clock", "frozen"]
    urls = ["--event-url", "http://127.0.0.1:9/events", "--fee-url", "inbox:", "--edition", "2019"]
    with serving("--port", "0", "--json", "--seed", "7", *options, *urls) as (_, line):
        world = get(json.loads(line)["control_url"] + "/worlds/default")
    assert world["assumptions"]["axb.a_equals_b"] == "1012010"
    assert world["assumptions"]["auth.lockout_failures"] == 7
    assert world["assumptions"]["push.scheme"] == "wsse"
    assert world["edition"] == "2019"
    assert world["clock"] == {"mode": "frozen", "now": "2026-03-01T00:00:00Z"}
    assert world["applications"][0]["event_url"] == "http://127.0.0.1:9/events"
    assert world["applications"][0]["fee_url"] == "inbox:"
    assert world["url"] == json.loads(line)["url"] + "/w/default"


def overview(process: subprocess.Popen[str]) -> str:
    """What a server that was just started prints, but for its first line."""
    assert process.stdout is not None
    printed = ""
    while "Ctrl+C" not in printed:
        printed += process.stdout.readline()
    return printed


def shell_output(lines: list[str], folder: Path) -> str:
    """What these lines print in a shell."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = ["sh", "-e", "-c", "\necho\n".join(lines)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, cwd=folder, env=clean).stdout


def kinds_of(pushes: str) -> list[str]:
    """What the last list of pushes in this text has."""
    return [push["body"]["eventType"] for push in json.loads(pushes[pushes.rindex('{"pushes"') :])["pushes"]]


def test_the_printed_commands_work_as_they_stand(tmp_path: Path) -> None:
    """What a newcomer copies: bind, call, let time pass, look at the pushes."""
    with serving("--port", "0") as (process, _):
        out = shell_output([block for block in overview(process).split("\n\n") if "curl" in block], tmp_path)
    assert '"resultcode":"0"' in out
    assert '"state":"forwarded"' in out
    assert kinds_of(out) == ["callin", "callout", "alerting", "answer"]


def test_the_lines_of_the_page_follow_the_printed_bind(tmp_path: Path) -> None:
    """Five call events and the CDR, as it says."""
    text = Path(__file__).parents[3].joinpath("docs/server.md").read_text(encoding="utf-8")
    block = next(block for block in text.split("```console\n") if block.startswith("$ J=")).partition("```")[0]
    with serving("--port", "0") as (process, line):
        bind = next(block for block in overview(process).split("\n\n") if "curl" in block)
        port = line.strip().rpartition(":")[2]
        lines = [each[2:] for each in block.splitlines() if each.startswith("$ ")]
        out = shell_output([bind, *(each.replace(":8080", f":{port}") for each in lines)], tmp_path)
    assert kinds_of(out) == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]


def test_who_reads_the_first_line_only_sees_no_traceback() -> None:
    with subprocess.Popen([*PRIVNUM, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 2


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert str(port) in done.stderr
    assert "in use" in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--port", "70000"], ["--port", "65535"]),
        (["--port", "http"], ["--port", "'http'"]),
        (["--clock", "fast"], ["--clock", "frozen"]),
        (["--assume", "axb.a_equals_b"], ["ID=VALUE", "axb.a_equals_b=1010002"]),
        (["--assume", "qqqqqqqqq"], ["nearest", "privnum rules --list assumptions"]),
        (["--assume", "qqqqqqqqq=1"], ["nearest", "privnum rules --list assumptions"]),
        (["--vary", "nonsense"], ["nearest", "privnum rules --list variations"]),
        (["--assume", "axb.a_equal_b=1012010"], ["axb.a_equals_b"]),
        (["--assume", "axb.a_equals_b=7"], ["1012010", "AXB-OPEN-002"]),
        (["--edition", "1999"], ["1999", "2019"]),
        (["--event-url", "ftp://x"], ["--event-url", "inbox:"]),
        (["--host", "no.such.host.invalid"], ["no.such.host.invalid"]),
        (["--frobnicate"], ["--frobnicate"]),
    ],
)
def test_a_bad_option_is_told_in_one_line(args: list[str], words: list[str]) -> None:
    done = run("serve", "--port", "0", *args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in ("serve", "check", "init-target", "rules"))
    assert cli.main(["frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"privnum {privnum.__version__}\n"


@pytest.mark.parametrize("command", ["check", "check-receiver"])
def test_a_missing_extra_is_told_in_one_line(command: str) -> None:
    code = f"import sys; sys.modules['pytest'] = None; from privnum import cli; sys.exit(cli.main([{command!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "pip install '.[suites]' in privnum's checkout" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("package", ["uvicorn", "httptools"])
def test_a_missing_server_extra_is_told_in_one_line(package: str) -> None:
    hide = f"lambda name: None if name == {package!r} else find(name)"
    code = (
        f"import sys, importlib.util as util; find = util.find_spec; util.find_spec = {hide}\n"
        "from privnum import cli; sys.exit(cli.main(['serve', '--port=0']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"privnum serve: {package} is not installed; pip install '.[server]' in privnum's checkout\n"


def test_the_command_imports_nothing_heavy_before_it_must() -> None:
    """Start-up counts in milliseconds: no HTTP client, no suites, no test library in a server that was just started."""
    code = "import sys; from privnum import cli; cli.main(['--version']); print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("asyncio", "uvicorn", "httpx", "pytest", "hypothesis", "jsonschema", "orjson", "logging"):
        assert f" {name} " not in loaded
    code = "import sys; import privnum.mockserver.http.serve; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("httpx", "pytest", "hypothesis", "jsonschema", "rich", "privnum.suites"):
        assert f" {name} " not in loaded


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ((), r"\d\d:\d\d:\d\d GET /nowhere 404 1010006 COM-ENV-005 [0-9.]+ ms: Invalid Rest API\. .*\n"),
        (("--quiet",), ""),
        (("-v",), r".*COM-ENV-005.*\n  < \{\"resultcode\":\"1010006\".*\n"),
        (
            ("--log-format", "json"),
            r'\{"time": "20.*Z", "level": "info", "event": "request", .*"rule": "COM-ENV-005".*\}\n',
        ),
    ],
)
def test_a_request_is_a_line_on_stderr(options: tuple[str, ...], wanted: str) -> None:
    with serving("--port", "0", "--json", *options) as (process, line):
        with Wire(json.loads(line)["url"]) as wire:
            assert wire.send(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").read().status == 404
        process.terminate()
        _, err = process.communicate(timeout=30)
    assert re.fullmatch(wanted, err), err
