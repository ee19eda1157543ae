"""How the customer answers a push."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

__all__ = ["Reply", "connecting"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a push; `stall` seconds pass before.

    With `drops` the connection ends in its place.
    """

    status: int = 200
    body: bytes = b""
    stall: float = 0.0
    drops: bool = False


def connecting(to: str, **fields: Any) -> Reply:
    """The customer's answer that puts a call of X mode through.

    `fields` are further ones of connectInfo.
    """
    return Reply(body=orjson.dumps({"operation": "connect", "connectInfo": {"calleeNum": to, **fields}}))
