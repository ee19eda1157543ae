"""The customer's server: it takes down every push before it acknowledges it."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_NONCE = re.compile(r'Nonce="([0-9a-f]+)"')


class Receiver:
    """Answers each push with success.

    `taken` has, by nonce, how often an attempt has come; a server that does not know how one ended sends it again as
    the same attempt, with the same nonce.
    """

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                found = _NONCE.search(self.headers["x-aksk"])
                assert found
                with receiver.lock:
                    receiver.taken[found[1]] = receiver.taken.get(found[1], 0) + 1
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
