"""Sends the answers of one round of the event loop together."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from privnum.mockserver.http.holding import HoldingProtocol

__all__ = ["Round"]

_log = logging.getLogger("privnum.http")

#: Most answers that wait for each other: the first one waits for the making of the others.
_MOST: Final = 32


class Round:
    """The answers that are made in one round of the event loop.

    They go out one right after the other. A client on this machine sleeps while answers are made; each that goes out
    by itself wakes it, which takes the kernel as long as a fifth of a bind.
    """

    __slots__ = ("_answers",)

    def __init__(self) -> None:
        self._answers: list[tuple[HoldingProtocol, bytes, bool]] = []

    def add(self, protocol: HoldingProtocol, answer: bytes, closes: bool) -> None:
        """Send an answer at the end of this round."""
        answers = self._answers
        if not answers:
            protocol.loop.call_soon(self.end)
        answers.append((protocol, answer, closes))
        if len(answers) == _MOST:
            self.end()

    def end(self) -> None:
        """Send what waits."""
        answers, self._answers = self._answers, []
        for protocol, answer, closes in answers:
            try:
                protocol.let_go(answer, closes)
            except Exception:  # the others shall have their answers
                _log.exception("an answer could not be sent")
