"""The receiver over HTTP: http.server, a thread for each push."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from examples.receiver.receiver import Receiver

__all__ = ["Server", "serving"]

_LONGEST = 1 << 20
_log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """Listens on loopback. Port 0: a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, receiver: Receiver, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.receiver = receiver
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        """Answer a push; 500 where the receiver fails."""
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            with self.server.lock:
                status, content = self.server.receiver.answer(self.path, headers, body)
        except Exception:
            _log.debug("a push was not taken", exc_info=True)
            status, content = 500, b"Internal Server Error"
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@contextmanager
def serving(receiver: Receiver) -> Iterator[str]:
    """A server for as long as the block runs; its address."""
    server = Server(receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
