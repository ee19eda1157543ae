"""nginx before several servers: requests go to each in turn, or all of a world to one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.bench.servers import wait_for
from tests.docs.shown import blocks, page
from tests.ports import free_port
from tests.postgres.needs import nginx_program

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A server that failed is asked again at once, so that what is measured is the servers' time, not nginx's. But where
#: all requests of a world go to one, another has to be asked when that stands still.
_SERVER = "    server 127.0.0.1:{port} {fails};"
_FAILS = {False: "max_fails=0", True: "max_fails=1 fail_timeout=2s"}
_CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/errors warn;
{user}
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 100m;
  keepalive_requests 1000000;
{map}
  upstream nodes {{
{servers}
    keepalive 64;
    keepalive_requests 1000000;
  }}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_connect_timeout 2s;
  proxy_read_timeout {patience}s;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = /_balancer {{ return 200; }}
{locations}
  }}
}}
"""
_PLAIN = "    location / { proxy_pass http://nodes; proxy_next_upstream off; }"
#: nginx sends no POST twice, but a DELETE and a PUT, whatever has become of the first. So these are sent once, too.
_RETRYING = """
    error_page 418 = @once;
    location / {
      if ($request_method ~ ^(DELETE|PUT)$) { return 418; }
      proxy_pass http://nodes;
      proxy_next_upstream error;
    }
    location @once { proxy_pass http://nodes; proxy_next_upstream off; }"""


class Balancer:
    """nginx on a port of the loopback interface, from `with` on.

    Args:
        ports: of the servers.
        retries: whether a request that a server cannot have got goes to another one.
        by_world: whether all requests of a world go to one server, not to each in turn.
        patience: seconds for which an answer is waited.
    """

    def __init__(
        self, ports: Sequence[int], *, retries: bool = False, by_world: bool = False, patience: int = 2
    ) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        (self._folder / "nginx.conf").write_text(
            _CONFIGURATION.format(
                folder=self._folder,
                user="user root;" if os.geteuid() == 0 else "",
                map=_map_of_page() if by_world else "",
                servers=("    hash $privnum_world consistent;\n" if by_world else "")
                + "\n".join(_SERVER.format(port=port, fails=_FAILS[by_world]) for port in ports),
                patience=patience,
                port=self.port,
                locations=_RETRYING if retries else _PLAIN,
            ),
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        program = nginx_program()
        assert program, "there is no nginx"
        command = [program, "-p", str(self._folder), "-e", f"{self._folder}/errors", "-c", "nginx.conf"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, "/_balancer", 10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder)


def _map_of_page() -> str:
    """What docs/state.md shows, by which all requests of a world, or of an application key, go to one server."""
    (shown,) = blocks(page("docs/state.md"), "nginx")
    found, _, _ = shown.partition("upstream ")
    return found
