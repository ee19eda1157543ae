"""Answers that a fault keeps from coming whole or in time, on the wire."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from privnum.mockserver.core.answers import Answer, Injected

__all__ = ["CUT", "PATIENCE", "RESETS", "AnswerLost", "end", "half_of", "pause", "time_and_ending"]

#: Key of the scope: cuts the connection of the request with an answer, where there is a connection.
CUT: Final = "privnum.cut"
#: Seconds for which who asks in process waits for an answer; None: as long as it takes.
PATIENCE: Final[ContextVar[float | None]] = ContextVar("privnum_patience", default=None)
#: A socket that is closed so resets its connection.
RESETS: Final = struct.pack("ii", 1, 0)


class AnswerLost(ConnectionError):
    """A fault that was asked for keeps an answer from coming.

    `ending` is "dropped", "reset" or "half_sent", or "late" where it comes after the client has stopped waiting.
    """

    def __init__(self, answer: Answer, injected: Injected, ending: str) -> None:
        super().__init__(f"injected fault: {injected.label}")
        self.answer = answer
        self.ending = ending


def time_and_ending(injected: Injected, patience: float | None) -> tuple[float, str]:
    """Return for how long a fault keeps an answer, and how that ends.

    Both times in seconds. To who has less patience (None: no end of it) it comes too late; "": all of it goes out.
    """
    seconds = injected.delay_ms / 1000
    if patience is not None and seconds > patience:
        return patience, "late"
    return seconds, injected.ending


async def pause(seconds: float, hurried: asyncio.Event) -> None:
    """Let seconds pass, but not once the server is being stopped."""
    if seconds:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(hurried.wait(), seconds)


def half_of(head: bytes, body: bytes) -> bytes:
    """Return the first half of an answer: of its body, where it has one."""
    return head + body[: len(body) // 2] if body else head[: len(head) // 2]


def end(transport: asyncio.Transport, ending: str, half: bytes) -> None:
    """End a connection as a fault says, behind half of an answer or none."""
    if ending == "reset":
        connection: Any = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
        transport.abort()
        return
    if ending == "half_sent":
        transport.write(half)
    transport.close()
