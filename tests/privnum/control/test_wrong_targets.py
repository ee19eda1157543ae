"""What is wrong with an address, a token or an argument is told in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from privnum import cli
from tests.mockserver.http.test_command import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_SERVER = "http://127.0.0.1:1"


def line_of(capsys: pytest.CaptureFixture[str], args: list[str]) -> str:
    """Return the one line of a command that ends with status 2."""
    try:
        status = cli.main(args)
    except SystemExit as end:
        status = int(str(end.code))
    out, err = capsys.readouterr()
    assert (status, out) == (2, ""), out + err
    assert err.count("\n") == 1
    assert "a fault of privnum" not in err
    return err


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:999999", "http://127.0.0.1:x", ":x", "http://[::1", "http://", "localhost:8080", "ftp://h"],
)
@pytest.mark.parametrize("command", ["clock", "fault", "wait"])
def test_what_is_no_address(capsys: pytest.CaptureFixture[str], command: str, address: str) -> None:
    line = line_of(capsys, [command, "--server", address])
    assert f"{address!r} is no address of a server; write http://HOST:PORT" in line


@pytest.mark.parametrize("option", ["--server", "--world"])
def test_an_empty_option_says_nothing(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert f"{option} is empty; write " in line_of(capsys, ["clock", option, ""])


LONG = "x" * 5000


@pytest.mark.parametrize(
    "args",
    [
        [LONG],
        ["clock", LONG],
        ["clock", "--server", f"http://{LONG}"],
        ["rules", "--list", LONG],
        ["rules", f"AXB-{LONG}-005".upper()],
        ["check", LONG],
        ["check", "--mode", LONG],
        ["check", "--seed", LONG],
        ["check-driver", "--target", LONG],
        ["compare", LONG, LONG],
        ["coverage", LONG],
        ["serve", "--config", LONG],
    ],
    ids=lambda args: " ".join(args)[:24],
)
def test_a_long_name_is_not_repeated_whole(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    assert LONG[:400] not in line_of(capsys, args).lower()


@pytest.mark.parametrize("path", ["/w/default", "/_privnum", "/?a=1"])
def test_a_path_behind_the_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("PRIVNUM_SERVER", f"http://localhost:8080{path}")
    line = line_of(capsys, ["clock"])
    assert "--server is the address without a path; write http://localhost:8080, and the world by --world" in line


def test_a_slash_behind_the_address_is_no_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no answer from http://127.0.0.1:1: " in line_of(capsys, ["clock", "--server", f"{NO_SERVER}/"])


def test_a_host_that_no_name_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no answer from http://a..b" in line_of(capsys, ["clock", "--server", "http://a..b"])


@pytest.mark.parametrize("token", ["t\nX: y", "t\u4e2d", "t\udcff"])
def test_a_token_that_no_header_holds(capsys: pytest.CaptureFixture[str], token: str) -> None:
    line = line_of(capsys, ["clock", "--server", NO_SERVER, "--token", token])
    assert "the control token (--token, PRIVNUM_TOKEN) has a sign or a line break that no header holds" in line


@pytest.mark.parametrize(
    "command",
    [
        *(["call", "show"], ["call", "hang-up"], ["pushes", "show"], ["pushes", "resend"], ["sms", "show"]),
        *(["worlds", "show"], ["worlds", "drop"]),
    ],
    ids=" ".join,
)
def test_an_empty_id(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert "it is empty; write an id" in line_of(capsys, [*command, "", "--server", NO_SERVER])


@pytest.mark.parametrize(
    "args",
    [
        ["sms", "+8613800000001", "+8617000000001", "\udcff"],
        ["call", "show", "\udcff"],
        ["bindings", "--after", "\udcff"],
        ["trigger", "cdr", "userData=\udcff"],
        ["clock", "--world", "\udcff"],
        ["fault", "add", "--operation", "\udcff"],
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_an_argument_that_is_no_text(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    assert "is no text in UTF-8" in line_of(capsys, [*args, "--server", NO_SERVER])


@pytest.mark.parametrize(
    "args", [["call", "\udcff", "+8617000000001"], ["fault", "add", "--number", "\udcff"]], ids=repr
)
def test_a_number_that_is_no_text(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    assert "'\\udcff' is no number" in line_of(capsys, [*args, "--server", NO_SERVER])


def test_bytes_of_a_shell_that_are_no_text() -> None:
    command = [
        os.fsencode(sys.executable),
        b"-m",
        b"privnum.cli",
        b"sms",
        b"+8613800000001",
        b"+8617000000001",
        b"\xff",
    ]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"is no text in UTF-8" in done.stderr


@contextmanager
def stranger(kind: str, body: bytes) -> Iterator[str]:
    """Serve one answer to everything; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        *(("application/json", b"{}"), ("application/json", b"[]"), ("application/json", b"\xff\x00")),
        *(("text/html", b"<p>hello"), ("application/octet-stream", b"\xff\x00"), ("application/json", b"")),
    ],
)
def test_a_server_that_is_another(capsys: pytest.CaptureFixture[str], kind: str, body: bytes) -> None:
    commands = [
        "clock",
        "bindings",
        "pushes",
        "worlds",
        "reset",
        "snapshot",
        "snapshot list",
        "restore",
        "fault",
        "journal",
        "trigger cdr",
        "call 1 2",
        "call list",
    ]
    with stranger(kind, body) as url:
        for command in commands:
            for more in ([], ["--json"]):
                assert "is it privnum?" in line_of(capsys, [*command.split(), "--server", url, *more])


def test_wait_does_not_take_another_server_for_privnum(capsys: pytest.CaptureFixture[str]) -> None:
    with stranger("application/json", b"{}") as url:
        assert cli.main(["wait", "--server", url, "--timeout", "0"]) == 1
    assert "is it privnum?" in capsys.readouterr().err


def test_a_file_names_the_certificate_to_trust(capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--port", "0", "--tls", "--tls-port", "0", "--json") as (_, line):
        secure = json.loads(line)["tls"]
        told = line_of(capsys, ["clock", "--server", secure["url"]])
        assert f"the certificate of {secure['url']} is not trusted" in told
        assert "--ca FILE names the one to trust" in told
        for command in ("clock", "fault", "wait"):
            assert cli.main([command, "--server", secure["url"], "--ca", secure["ca_file"]]) == 0


@pytest.mark.parametrize(
    ("file", "words"), [(__file__, "has no certificate; name a file"), ("/no/ca.pem", "cannot be read: No such file")]
)
def test_a_file_without_a_certificate(capsys: pytest.CaptureFixture[str], file: str, words: str) -> None:
    assert words in line_of(capsys, ["clock", "--server", "https://127.0.0.1:1", "--ca", file])
