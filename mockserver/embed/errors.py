"""What the handle of a world raises, and what it warns of."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from privnum.contracts import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

__all__ = ["DriverError", "PushNotAccepted", "RequestRefused", "keep_first_error", "tells_all"]

_RULE: Final = re.compile(r"\[([A-Z]+(?:-[A-Z]+)*-[0-9]+)\]$")


class RequestRefused(Exception):
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


class DriverError(Exception):
    """The server refused a message, or its answer is no JSON.

    `where` is the field or path at fault, or "answer".
    """

    def __init__(self, status: int, error: str, where: str) -> None:
        super().__init__(f"{error} (HTTP {status}, {where})")
        self.status = status
        self.where = where


_TOLD: Final = (RequestRefused, DriverError, PushNotAccepted, ContractError, ConnectionError, TimeoutError)
#: As they are, not what derives from them: a KeyError is a fault of ours.
_TOLD_ALONE: Final = frozenset({LookupError, TypeError, ValueError})


@contextmanager
def keep_first_error(error: BaseException | None) -> Iterator[None]:
    """At the end of a `with`: let nothing hide the error that ended it.

    What goes wrong within becomes a note on that error; where there is none, it is raised.
    """
    try:
        yield
    except Exception as problem:
        if error is None:
            raise
        error.add_note(f"And at the end of the `with`: {problem}")


def tells_all(error: pytest.ExceptionInfo[BaseException] | None) -> bool:
    """Return whether an error says what its raiser's caller did wrong.

    Modules of the handle give it to pytest as `__tracebackhide__`: then its traceback ends at the line of the test. A
    fault of ours is shown whole.
    """
    return error is not None and (isinstance(error.value, _TOLD) or error.type in _TOLD_ALONE)
