"""Ports of the loopback interface for servers that have to be told theirs."""

from __future__ import annotations

import os
import socket

#: Below those that the system gives out by itself, so that no other listener or connection gets one meanwhile.
_PORTS = range(15_000, 32_000)
#: Where this process goes on; others that run beside it begin elsewhere.
_next = os.getpid() * 211 % len(_PORTS)


def free_port() -> int:
    """Return a port that is free, and that this process has not been given before."""
    global _next
    for _ in _PORTS:
        port = _PORTS[_next]
        _next = (_next + 1) % len(_PORTS)
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no port is free")
