"""An answer of the API plane, as every part of the server hands it on."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["JSON", "Answer", "Headers"]

Headers = tuple[tuple[bytes, bytes], ...]
JSON: Final[Headers] = ((b"content-type", b"application/json;charset=utf-8"),)


class Answer(NamedTuple):
    """An answer of the API plane (COM-ENV-003)."""

    status: int
    body: bytes
    headers: Headers = JSON
