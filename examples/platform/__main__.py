"""`python -m examples.platform --port 8090`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from examples.platform.service import Platform

__all__ = ["main", "serve"]


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection; each connection carries one request."""

    daemon_threads = True
    request_queue_size = 50


class Quiet(WSGIRequestHandler):
    """Without a line for each request."""

    def address_string(self) -> str:
        """No look-up of names."""
        return str(self.client_address[0])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the standard library
        """Nothing."""


def serve(port: int) -> WSGIServer:
    """The platform with the applications of applications.json, on that port of this machine; 0: any."""
    apps = json.loads(Path(__file__).with_name("applications.json").read_text(encoding="utf-8"))
    return make_server("127.0.0.1", port, Platform(apps), Server, Quiet)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m examples.platform", description="A small AXB platform.")
    parser.add_argument("--port", type=int, default=8090, help="default: %(default)s")
    server = serve(parser.parse_args().port)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
