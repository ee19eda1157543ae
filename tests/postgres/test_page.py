"""docs/state.md: the servers and the balancer that it shows have one state, on ports of this machine."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

from tests.bench.servers import bind_body, control, free_port, new_application, started_server, wait_for
from tests.docs.shown import blocks, page
from tests.postgres.cluster import Cluster
from tests.postgres.needs import nginx_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    user = "user root;" if os.geteuid() == 0 else ""
    text = AROUND.format(folder, user, block.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    program = nginx_program()
    assert program
    process = subprocess.Popen([program, "-p", str(folder), "-e", f"{folder}/errors", "-c", "nginx.conf"])
    try:
        wait_for(port, "/_privnum/health")
        yield port
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
