"""The stand-in on the wire.

An ASGI application, a protocol that bounds what it reads, and the server for both.
"""

from __future__ import annotations
