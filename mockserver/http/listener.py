"""The sockets on which a server listens, and the address that reaches it."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["address_of", "is_loopback", "listen"]

#: Connections that wait to be accepted.
_BACKLOG: Final = 2048
#: What a machine says that has no IPv6, or has it switched off.
_NO_SUCH_FAMILY: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
#: What stands for an address of each family: the wildcard, and the name that systems and programs resolve otherwise.
_BOTH: Final = {"::": ("0.0.0.0", "::"), "localhost": ("127.0.0.1", "::1")}  # noqa: S104 - where it is asked for
#: Tries to find a port that is free on every address.
_TRIES: Final = 20


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address of a host, on one port.

    Port 0 takes a free one.

    Clients may connect before the server is up.

    Raises:
        OSError: an address is in use, or none is one of this machine.
    """
    addresses = list(dict.fromkeys(_addresses(host)))
    for left in reversed(range(_TRIES if port == 0 and len(addresses) > 1 else 1)):
        try:
            return _listen(addresses, port)
        except OSError as error:
            if not left or error.errno != errno.EADDRINUSE:
                raise
    raise AssertionError("the last try returns or raises")


def is_loopback(listeners: Sequence[socket.socket]) -> bool:
    """Return whether only this machine can reach listeners."""
    return all(_ip_of(listener).is_loopback for listener in listeners)


def _ip_of(listener: socket.socket) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0])


def _addresses(host: str) -> Iterator[tuple[socket.AddressFamily, str]]:
    for each in _BOTH.get(host, (host,)):
        for family, *_, address in socket.getaddrinfo(each, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
            yield family, str(address[0])


def _listen(addresses: Sequence[tuple[socket.AddressFamily, str]], port: int) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    missing: OSError | None = None
    with contextlib.ExitStack() as undo:
        for family, address in addresses:
            try:
                listener = socket.create_server((address, port), family=family, backlog=_BACKLOG)
            except OSError as error:
                if error.errno not in _NO_SUCH_FAMILY:
                    raise
                missing = error
                continue
            undo.callback(listener.close)
            listeners.append(listener)
            port = listener.getsockname()[1]
        undo.pop_all()
    if not listeners:
        raise missing or OSError(errno.EADDRNOTAVAIL, "it has no address")
    return listeners


def address_of(listeners: Sequence[socket.socket], scheme: str = "http") -> str:
    """Return the URL under which clients on this machine reach listeners.

    Over IPv4, where they can.
    """
    places = [listener.getsockname()[:2] for listener in listeners]
    host, port = next((place for place in places if ":" not in place[0]), places[0])
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
