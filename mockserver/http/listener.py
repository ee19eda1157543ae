"""The socket on which a server listens, and the address by which it is reached."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

__all__ = ["address_of", "is_everywhere", "is_loopback", "listen"]

#: Connections that wait to be accepted.
_BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Clients may connect before the server is up.

    Raises:
        OSError: the address is in use, or is not one of this machine.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server((str(address[0]), int(address[1])), family=family, backlog=_BACKLOG)


def is_loopback(listener: socket.socket) -> bool:
    """Return whether only this machine can reach a listener."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def is_everywhere(listener: socket.socket) -> bool:
    """Return whether a listener has every address of this machine."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_unspecified


def address_of(listener: socket.socket) -> str:
    """Return the URL under which clients on this machine reach a listener."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
