"""HTTPS beside HTTP: by a certificate of the server's own making, or by yours."""

from __future__ import annotations

import json
import socket
import ssl
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import pytest

from privnum.mockserver.http import tls
from tests.mockserver.http.test_command import get, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A certificate of its own for localhost, and its key: made up, good for nothing else.
CERTIFICATE = str(Path(__file__).with_name("localhost.pem"))


def fetch(url: str, ca: str, body: bytes | None = None) -> Any:
    handler = HTTPSHandler(context=ssl.create_default_context(cafile=ca))
    request = Request(url, body, {"Content-Type": "application/json"})
    with build_opener(handler, ProxyHandler({})).open(request, timeout=30) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def told() -> Iterator[Any]:
    with serving("--port", "0", "--tls", "--tls-port", "0", "--json") as (_, line):
        yield json.loads(line)


def connect_tls(told: Any, name: str = "127.0.0.1") -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=told["tls"]["ca_file"])
    port = int(told["tls"]["url"].rpartition(":")[2])
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 30), server_hostname=name)


def test_it_is_told_where_it_is_and_whom_to_trust(told: Any) -> None:
    secure = told["tls"]
    assert secure.keys() == {"url", "control_url", "ca_file"}
    assert secure["url"].startswith("https://127.0.0.1:")
    assert secure["url"].rpartition(":")[2] != told["url"].rpartition(":")[2]
    assert Path(secure["ca_file"]).read_text(encoding="ascii").startswith("-----BEGIN CERTIFICATE-----")
    assert "KEY" not in Path(secure["ca_file"]).read_text(encoding="ascii")
    assert fetch(secure["control_url"] + "/health", secure["ca_file"])["status"] == "ok"


def test_addresses_of_worlds_have_the_scheme_that_was_asked(told: Any) -> None:
    secure = told["tls"]
    assert fetch(secure["control_url"] + "/worlds/default", secure["ca_file"])["url"] == secure["url"] + "/w/default"
    assert get(told["control_url"] + "/worlds/default")["url"] == told["url"] + "/w/default"
    made = fetch(secure["control_url"] + "/worlds", secure["ca_file"], b'{"id":"by-https"}')
    assert made["url"] == secure["url"] + "/w/by-https"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_certificate_is_for_every_name_of_this_machine(told: Any, name: str) -> None:
    with connect_tls(told, name) as connection:
        assert connection.version() is not None


def test_a_client_that_does_not_trust_it_does_not_speak_to_it(told: Any) -> None:
    port = int(told["tls"]["url"].rpartition(":")[2])
    with (
        closing(socket.create_connection(("127.0.0.1", port), 30)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


def test_a_refused_request_is_answered_whole(told: Any) -> None:
    """TLS knows no connection that is half open: it is closed behind the answer."""
    with connect_tls(told) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(4096), b""))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"COM-ENV-011" in received


def test_many_requests_go_over_one_connection(told: Any) -> None:
    with connect_tls(told) as connection:
        for _ in range(3):
            connection.sendall(b"GET /_privnum/health HTTP/1.1\r\nHost: x\r\n\r\n")
            received = b""
            while not received.endswith(b"}"):
                received += connection.recv(4096)
            assert received.startswith(b"HTTP/1.1 200 ")


def test_a_certificate_of_yours() -> None:
    with serving("--port", "0", "--tls-port", "0", "--tls-cert", CERTIFICATE, "--json") as (_, line):
        secure = json.loads(line)["tls"]
        url = secure["url"].replace("127.0.0.1", "localhost")
        assert fetch(f"{url}/_privnum/health", CERTIFICATE)["status"] == "ok"
    assert secure["ca_file"] is None


def test_the_file_to_trust_has_the_name_that_is_asked_for(tmp_path: Path) -> None:
    """And is written over at the next start; without a name it is gone at the end."""
    ca = tmp_path / "ca.pem"
    seen = []
    for _ in range(2):
        with serving("--port", "0", "--tls", "--tls-port", "0", "--tls-ca-file", str(ca)) as (process, _):
            assert process.stdout is not None
            line = process.stdout.readline()
            url = line.split()[4].removesuffix(";")
            assert line == f"and over TLS at {url}; trust {ca}, as in curl --cacert {ca}\n"
            assert fetch(f"{url}/_privnum/health", str(ca))["status"] == "ok"
        seen.append(ca.read_bytes())
    assert seen[0] != seen[1]


def test_what_was_written_for_this_start_is_gone_at_its_end() -> None:
    with serving("--port", "0", "--tls", "--tls-port", "0", "--json") as (process, line):
        ca = Path(json.loads(line)["tls"]["ca_file"])
        assert ca.exists()
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert not ca.parent.exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--tls-key", "x"], "--tls-key is the key of a certificate; name that with --tls-cert"),
        (["--tls-cert", "/no.pem"], "cannot use --tls-cert /no.pem: there is no such file"),
        (["--tls-cert", CERTIFICATE, "--tls-key", "/no.key"], "cannot use --tls-key /no.key: there is no such file"),
        (["--tls-cert", __file__], "no certificate is in it; name a certificate and its key in PEM"),
        (["--tls", "--tls-ca-file", __file__], "is there already and no certificate; name another file"),
        (["--tls", "--tls-ca-file", "/no/ca.pem"], "--tls-ca-file /no/ca.pem cannot be written: No such file"),
        (["--tls-ca-file", "ca.pem"], "--tls-ca-file is where the server writes what it makes"),
        (["--tls", "--public-url", "https://a_b"], "no certificate can be made for localhost"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(args: list[str], told: str) -> None:
    done = run("serve", "--port", "0", "--tls-port", "0", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_told_with_its_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", "0", "--tls-cert", CERTIFICATE, "--tls-port", port)
    assert done.stderr.startswith(f"privnum serve: cannot listen on localhost port {port}: ")
    assert "--tls-port 0 takes a free one" in done.stderr


def test_without_trustme_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.setattr(tls, "find_spec", lambda _: None)
    with pytest.raises(tls.TlsError, match=r"pip install '\.\[tls\]'"), tls.tls_of_own_making(["localhost"], None):
        pass


def test_no_push_goes_to_the_control_plane_over_tls() -> None:
    with serving("--port", "0", "--tls", "--tls-port", "0", "--json") as (_, line):
        told = json.loads(line)
        url = f"{told['tls']['control_url']}/worlds"
        body = json.dumps({"applications": [{"mode": "AXB", "event_url": url}]}).encode()
        with pytest.raises(OSError, match="400"):
            fetch(f"{told['tls']['control_url']}/worlds", told["tls"]["ca_file"], body)
