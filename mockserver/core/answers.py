"""An answer of the API plane, as every part of the server hands it on."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["JSON", "Answer", "Headers", "Injected"]

Headers = tuple[tuple[bytes, bytes], ...]
JSON: Final[Headers] = ((b"content-type", b"application/json;charset=utf-8"),)


class Injected(NamedTuple):
    """What a fault makes of an answer: the shell carries it out.

    `ending` is "dropped", "reset" or "half_sent", or "" where the whole answer goes out. `label` is for people.
    """

    label: str
    delay_ms: int = 0
    ending: str = ""


class Answer(NamedTuple):
    """An answer of the API plane (COM-ENV-003).

    `injected` is None unless somebody has asked for a fault, and this is one. Status 0: there is none to be sent.
    """

    status: int
    body: bytes
    headers: Headers = JSON
    injected: Injected | None = None
