"""What the handle of a world raises, and what it warns of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PushNotAccepted", "RequestRefused"]

_RULE: Final = re.compile(r"\[([A-Z]+(?:-[A-Z]+)*-[0-9]+)\]$")


class RequestRefused(Exception):  # noqa: N818  (the field's word; it is no error of the program that sends)
    """The platform has refused a request that a test took for a good one.

    `world.request(…)` returns the answer instead, where a refusal is what a test wants.

    Args:
        operation: id of the operation, e.g. "axb.bind".
        answer: the answer; nothing where it had no body.
    """

    def __init__(self, operation: str, answer: Mapping[str, Any] | None) -> None:
        self.operation = operation
        self.answer = dict(answer or {})
        self.resultcode = str(self.answer.get("resultcode", ""))
        self.resultdesc = str(self.answer.get("resultdesc", ""))
        found = _RULE.search(self.resultdesc)
        #: Id of the rule that says so; `privnum rules ID` shows it. None: the answer names none.
        self.rule = found[1] if found else None
        why = f"{self.resultcode} {self.resultdesc}" if self.answer else "the answer has no body"
        super().__init__(f"{operation} was refused: {why} (.request returns the answer of a refusal that is wanted)")

    def __reduce__(self) -> tuple[type[RequestRefused], tuple[str, dict[str, Any]]]:
        """Let workers of pytest-xdist send it."""
        return type(self), (self.operation, self.answer)


class PushNotAccepted(UserWarning):
    """A push was not accepted: what came, and when it is sent again."""
