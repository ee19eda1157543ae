"""X: how the built-in inbox answers in the place of a customer's server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from privnum.mockserver.core.modes import InboxAnswer, Settings

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application

__all__ = ["AnswerSettings", "inbox_answer"]


class AnswerSettings(Settings):
    """The answer of the built-in inbox to a callin.

    As the control plane writes it; None: an empty 200.
    """

    __slots__ = ("callin_answer",)
    names: ClassVar = ("callin_answer",)
    nullable: ClassVar = frozenset({"callin_answer"})

    def __init__(self) -> None:
        self.callin_answer: dict[str, Any] | None = None


def inbox_answer(app: Application) -> InboxAnswer:
    """Return how the inbox answers a callin of an application."""
    settings = app.settings
    given = settings.callin_answer if isinstance(settings, AnswerSettings) else None
    if given is None:
        return InboxAnswer()
    body = given.get("body", "")
    content = body.encode() if isinstance(body, str) else orjson.dumps(body)
    return InboxAnswer(given.get("after", 0), given.get("status", 200), content)
