"""The X side of a check's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.callbacks.replies import Reply, connecting
from privnum.suites.runner.mode_context import ModeContext

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["XContext", "reply_of"]


class XContext(ModeContext):
    """The X applications of a check, and the customer of their calls and SMS."""

    name = "X"

    def answer_callins(self, caller: str, answer: Mapping[str, Any] | bytes, status: int = 200) -> None:
        """From now on answer so to the callin of calls from this caller."""
        self._context.receiver.answer_callin(caller, reply_of(answer, status))

    def connects(self, caller: str, to: str, **fields: Any) -> None:
        """From now on connect calls from this caller.

        `fields` are further fields of connectInfo.
        """
        self._context.receiver.answer_callin(caller, connecting(to, **fields))

    def answers_sms(self, sender: str, verdict: Mapping[str, Any] | bytes) -> None:
        """From now on answer so to the Block of SMS of this sender."""
        self._context.receiver.answer_block(sender, reply_of(verdict))

    def answers_no_sms(self, sender: str) -> None:
        """From now on give no verdict on SMS of this sender.

        He may write in another mode.
        """
        self._context.receiver.forget_block(sender)

    def is_late(self, caller: str) -> None:
        """From now on answer callin of this caller later than anybody waits."""
        self._context.receiver.answer_callin(caller, Reply(stall=LATE))


LATE = 60.0
"""Seconds of real time within which no platform can wait for an answer, with a caller on the line."""


def reply_of(answer: Mapping[str, Any] | bytes, status: int = 200) -> Reply:
    """An answer of the customer: an object as JSON, bytes as they are."""
    return Reply(status, answer if isinstance(answer, bytes) else orjson.dumps(answer))
