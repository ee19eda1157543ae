"""Where a world's pushes go, and who answers calls of X.

A part of the handle of a world.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.world_control import ControlledWorld, change_applications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.embed.answering import AnswerFunction, Answers
    from privnum.mockserver.embed.applications import AppHandle

__all__ = ["Customers"]

__tracebackhide__ = tells_all


class _Unchanged:
    """An address that is not given, where None is one: nowhere."""

    def __repr__(self) -> str:
        return "unchanged"


UNCHANGED: Final = _Unchanged()


class _World(ControlledWorld, Protocol):
    _answers: Answers

    @property
    def applications(self) -> Sequence[AppHandle]: ...

    def _first(self, mode: str | None) -> AppHandle: ...


class Customers:
    """The part of a WorldHandle that is about the customer's server."""

    def send_pushes_to(
        self: _World,
        url: str | _Unchanged = UNCHANGED,
        app: AppHandle | None = None,
        *,
        event_url: str | _Unchanged | None = UNCHANGED,
        fee_url: str | _Unchanged | None = UNCHANGED,
    ) -> None:
        """Send call events and CDRs to an address.

        Each kind may go to one of its own. "inbox:" is the built-in inbox; event_url=None and fee_url=None send them
        nowhere. What is not given stays as it is.

        Args:
            url: of both.
            app: whose pushes; by default those of every application of the world.
            event_url: of call events.
            fee_url: of CDRs.

        Raises:
            TypeError: no address is given, or None for both: a variable that is not set.
        """
        if url is None:
            raise TypeError(
                "send_pushes_to(None): give an address, as in http://localhost:8000/pushes, or inbox:; "
                "event_url=None, fee_url=None sends them nowhere"
            )
        given = {
            "event_url": url if event_url is UNCHANGED else event_url,
            "fee_url": url if fee_url is UNCHANGED else fee_url,
        }
        settings = {name: value for name, value in given.items() if value is not UNCHANGED}
        if not settings:
            raise TypeError("send_pushes_to takes an address, or event_url= and fee_url=, or one of them")
        change_applications(self, self.applications if app is None else (app,), settings)

    def answer_calls(self: _World, answer: AnswerFunction | Mapping[str, Any] | bytes) -> None:
        """Answer for the customer when the platform asks of a call of mode X.

        With a function: it gets the statusInfo of callin (caller, called, sessionId, …) and returns the answer, in a
        thread of its own; None is an empty answer, an exception is answered with 500. An object, or bytes as they are,
        is the answer to every callin. It holds for every X application of the world, until another is given.

            private_number.answer_calls(lambda call: {"operation": "connect", "connectInfo": {"calleeNum": "+86139…"}})

        Raises:
            LookupError: the world has no application of mode X.
            TypeError: the answer is neither a function nor an object nor bytes.
        """
        self._first("X")
        if not (callable(answer) or isinstance(answer, Mapping | bytes)):
            raise TypeError(f"answer_calls takes a function, an object or bytes, not {type(answer).__name__}")
        self._answers.give(answer.decode() if isinstance(answer, bytes) else answer)

    def _change_x(self: _World, settings: Mapping[str, Any]) -> None:
        change_applications(self, [app for app in self.applications if app.mode == "X"], settings)
