"""A bare socket, and what else tests of a live server share."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle

A, B = "+8613800000001", "+8613900000002"
AXB_PATH = "/rest/caas/relationnumber/partners/v1.0"


class Told(NamedTuple):
    """An answer as it stands on the wire."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class Wire:
    """A TCP connection to a server, with nothing in between."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=10)
        self._rest = b""

    def send(self, data: bytes) -> Self:
        self.socket.sendall(data)
        return self

    def half_close(self) -> Self:
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def read(self) -> Told:
        """Read one answer."""
        told = self.read_head()
        length = int(told.headers.get("content-length", "0"))
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return told._replace(body=body)

    def read_head(self) -> Told:
        """Read an answer that has no body, whatever length it states."""
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        version, status, _ = first.split(" ", 2)
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return Told(version, int(status), headers, b"")

    def at_end(self) -> bool:
        """Wait for the server to close; return whether it said nothing more."""
        while data := self.socket.recv(65536):
            self._rest += data
        return not self._rest

    def _more(self) -> None:
        data = self.socket.recv(65536)
        assert data, f"connection closed in the middle of an answer: {self._rest!r}"
        self._rest += data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def request_bytes(
    world: WorldHandle,
    method: str = "POST",
    target: str = AXB_PATH,
    body: bytes = b"",
    *,
    version: str = "1.1",
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return a signed request as it stands on the wire."""
    fields = {"Host": "x", **world.headers(), "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    path = urlsplit(world.url).path + target if target.startswith("/rest") else target
    return f"{method} {path} HTTP/{version}\r\n{lines}\r\n".encode("latin-1") + body


def axb_bind_body(x: str, a: str = A, b: str = B) -> bytes:
    return json.dumps({"callerNum": a, "calleeNum": b, "relationNum": x}).encode()
