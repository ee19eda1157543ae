"""The customer's server: it takes down every push before it acknowledges it."""

from __future__ import annotations

import re
import threading
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_NONCE = re.compile(r'Nonce="([0-9a-f]+)"')


class Receiver:
    """Answers each push with success.

    `taken` has, by nonce, how often an attempt has come; a server that does not know how one ended sends it again as
    the same attempt, with the same nonce. `nonces` has, by address and body, with which nonces a push has come: as
    each was acknowledged, one with two was sent as two.
    """

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.nonces: dict[bytes, set[str]] = {}
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                found = _NONCE.search(self.headers["x-aksk"])
                assert found
                push = blake2b(self.path.encode() + b" " + body, digest_size=16).digest()
                with receiver.lock:
                    receiver.taken[found[1]] = receiver.taken.get(found[1], 0) + 1
                    receiver.nonces.setdefault(push, set()).add(found[1])
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Listener(ThreadingHTTPServer):
            request_queue_size = 512

        self._server = Listener(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def sent_as_two(self) -> int:
        """How many pushes have come with more than one nonce."""
        with self.lock:
            return sum(len(nonces) > 1 for nonces in self.nonces.values())

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
