"""The nginx of docs/state.md and docs/security.md, on ports of this machine, before the servers that they show."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shlex
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from privnum.control.client import Client
from tests.bench.servers import bind_body, control, new_application, signed_headers, started_server, wait_for
from tests.docs.shown import blocks, page
from tests.ports import free_port
from tests.postgres.cluster import Cluster
from tests.postgres.needs import nginx_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

BIND = "/rest/caas/relationnumber/partners/v1.0"
#: What stands around the block of the page in nginx.conf.
AROUND = "daemon off; pid {0}/pid; error_log {0}/errors; {1} events {{}} http {{ access_log off; {2} }}"


@contextlib.contextmanager
def balancer(folder: Path, ports: list[int]) -> Iterator[int]:
    """Nginx with the block of the page, before servers at other ports."""
    (shown,) = blocks(page("docs/state.md"), "nginx")
    port, left = free_port(), iter(ports)
    block = re.sub(r"\b10\.0\.0\.\d:8080", lambda _: f"127.0.0.1:{next(left)}", shown)
    assert next(left, None) is None
    assert block.count("listen 80;") == 1
    with started_nginx(folder, block.replace("listen 80;", f"listen 127.0.0.1:{port};")):
        wait_for(port, "/_privnum/health")
        yield port


@contextlib.contextmanager
def started_nginx(folder: Path, block: str) -> Iterator[None]:
    """Nginx with a block of a page, from when it listens; ended by its own id."""
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder, user, block), encoding="utf-8")
    program = nginx_program()
    assert program
    process = subprocess.Popen([program, "-p", str(folder), "-e", f"{folder}/errors", "-c", "nginx.conf"])
    try:
        deadline = time.monotonic() + 20
        while not (folder / "pid").exists():  # it is written when the sockets are open
            assert process.poll() is None, (folder / "errors").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "nginx does not come up"
            time.sleep(0.005)
        yield
    finally:
        process.terminate()
        process.wait(10)


def test_the_servers_and_the_balancer_of_the_page_have_one_state(tmp_path: Path) -> None:
    (shown,) = blocks(page("docs/state.md"), "sh")
    starts = [shlex.split(line) for line in shown.splitlines() if line.startswith("privnum serve ")]
    assert len(starts) == 2
    with contextlib.ExitStack() as stack:
        state = stack.enter_context(Cluster()).url_for("privnum")
        ports = [free_port() for _ in starts]
        for words, port in zip(starts, ports, strict=True):
            words[words.index("--port") + 1] = str(port)
            words[words.index("--state") + 1] = state
            command = (sys.executable, "-m", "privnum.cli", *words[1:])
            stack.enter_context(started_server(*command, port=port, ready="/_privnum/health", pinned=False))
        before_them = stack.enter_context(balancer(tmp_path, ports))
        headers = new_application(before_them, "lab", 4)
        for number in range(4):
            asked = urllib.request.Request(f"http://127.0.0.1:{before_them}{BIND}", bind_body(number, 4), headers)
            with urllib.request.urlopen(asked, timeout=20) as answer:
                assert b'"resultcode":"0"' in answer.read()
        for port in (*ports, before_them, before_them):
            assert len(control(port, "GET", "/worlds/lab/bindings")["bindings"]) == 4


@contextlib.contextmanager
def proxy(folder: Path, name: str, behind: int) -> Iterator[int]:
    """Nginx with the block of docs/security.md, under a certificate of our own making for its name."""
    (shown,) = blocks(page("docs/security.md"), "nginx")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={name}")
    files = ("-keyout", "privnum.key", "-out", "privnum.pem", "-addext", f"subjectAltName=DNS:{name}")
    subprocess.run([*made, *files], cwd=folder, check=True, capture_output=True, timeout=60)
    port = free_port()
    for there, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/", f"{folder}/"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    ):
        assert there in shown
        shown = shown.replace(there, here)
    with started_nginx(folder, shown):
        yield port


def ask_proxy(folder: Path, name: str, port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Send a request to a proxy by its public name, which resolves nowhere."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        context = ssl.create_default_context(cafile=folder / "privnum.pem")
        connection.sock = context.wrap_socket(plain, server_hostname=name)
        connection.request("POST", path, body, {**headers, "Host": name})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
    return found


def test_the_proxy_of_the_page_leads_to_the_api_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes through it reaches worlds by their keys, and no control plane."""
    monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "of-this-test")
    shown = blocks(page("docs/security.md"), "console")
    (line,) = (
        line for text in shown for line in text.splitlines() if line.startswith("$ privnum serve --port 8080 --pub")
    )
    words = shlex.split(line.removeprefix("$ privnum "))
    name = urlsplit(words[words.index("--public-url") + 1]).hostname or ""
    behind = free_port()
    words[words.index("--port") + 1] = str(behind)
    command = (sys.executable, "-m", "privnum.cli", *words, "--quiet")
    with contextlib.ExitStack() as stack:
        stack.enter_context(started_server(*command, port=behind, ready="/_privnum/health", pinned=False))
        port = stack.enter_context(proxy(tmp_path, name, behind))
        world = Client(f"http://127.0.0.1:{behind}", token="of-this-test")
        made = world.send(
            "POST", "/worlds", {"id": "lab", "applications": [{"mode": "AXB", "numbers": ["+8617000000000"]}]}
        )
        assert made["url"] == f"https://{name}/w/lab"
        (app,) = made["applications"]
        signed = signed_headers(app["app_key"], app["app_secret"])
        status, body = ask_proxy(tmp_path, name, port, f"/w/lab{BIND}", bind_body(0, 1), signed)
        assert (status, b'"resultcode":"0"' in body) == (200, True)
        token = {"Authorization": "Bearer of-this-test"}
        assert ask_proxy(tmp_path, name, port, "/_privnum/worlds", b"{}", token)[0] == 404
