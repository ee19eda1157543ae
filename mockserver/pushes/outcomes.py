"""How an attempt to send a push ended."""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum import contracts
from privnum.mockserver.core.timestamps import precise

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ERROR",
    "NOBODY",
    "NO_TRIP",
    "RESULTS",
    "Attempt",
    "AttemptError",
    "Outcome",
    "Trip",
    "answered_outcome",
    "first_signs",
    "is_success",
    "outcome_of",
]

#: What `Outcome.result` may be besides the HTTP status of an answer.
RESULTS: Final = {
    "refused": "no connection: nobody listens there, the host is not known, or no push may go there",
    "reset": "the connection ended before the answer was whole",
    "certificate": "the receiver's certificate is not trusted, so nothing was sent",
    "tls": "no secure connection for another reason",
    "timeout": "no whole answer in time",
    "bad_answer": "what came is no HTTP/1.1 answer",
    "error": "given up by this server",
}


class Trip(NamedTuple):
    """What only the shell knows of an attempt.

    The headers that it sent, and milliseconds of real time. None: nothing was sent.
    """

    headers: Sequence[tuple[str, str]] = ()
    ms: float | None = None

    @classmethod
    def since(cls, began: float, headers: Sequence[tuple[str, str]]) -> Trip:
        """Return one that began then, by `perf_counter`."""
        return cls(headers, round((perf_counter() - began) * 1000, 3))


#: Bytes of a receiver's answer that messages show.
_FIRST: Final = 120
#: Longest text that may be masked: a number that is cut off could not be known as one.
_LONGEST_MASKED: Final = 64

#: That of an attempt of which nothing was sent.
NO_TRIP: Final = Trip()


class Outcome(NamedTuple):
    """How an attempt ended.

    A status as text or a word of RESULTS, the answer's body, and a line for a person.
    """

    result: str
    body: bytes = b""
    detail: str = ""
    trip: Trip = NO_TRIP


#: An attempt that was given up for a reason on our side.
ERROR: Final = Outcome("error", b"", "this server gave the attempt up; its log says why")
#: An attempt where no customer is.
NOBODY: Final = Outcome("refused", b"", "this server was given no customer to whom pushes go")


class Attempt(NamedTuple):
    """An attempt that is over.

    When it was sent, how it ended, and a line about that for a person.
    """

    sent_ms: int
    outcome: str
    detail: str

    def view(self) -> dict[str, str]:
        """Return the attempt as the control plane shows it."""
        return {"at": precise(self.sent_ms), "outcome": self.outcome, "detail": self.detail}


class AttemptError(ConnectionError):
    """An attempt ended without an answer; `outcome` says how."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


def answered_outcome(status: int, body: bytes) -> Outcome:
    """Return the outcome of an attempt that was answered."""
    return Outcome(str(status), body, _answered_line(status))


@cache
def _answered_line(status: int) -> str:
    """Return the line of a status.

    One text for all attempts, of which worlds keep many.
    """
    return f"answered HTTP {status}"


def outcome_of(error: OSError) -> Outcome:
    """Return the outcome of an attempt that ended with an error."""
    if isinstance(error, AttemptError):
        return error.outcome
    if isinstance(error, TimeoutError):
        return Outcome("timeout", b"", str(error) or "no answer in time")
    reset = isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError)
    return Outcome("reset" if reset else "refused", b"", str(error) or type(error).__name__)


def first_signs(answer: bytes) -> str:
    """Return how a receiver's answer begins, as logs and messages show it."""
    return contracts.mask(answer[: _FIRST + _LONGEST_MASKED].decode(errors="backslashreplace"))[:_FIRST]


def is_success(result: str, choice: str) -> bool:
    """Return whether an attempt was answered with success (COM-OPEN-026).

    `choice` is what counts: "200", or "2xx".
    """
    if choice == "200":
        return result == "200"
    return len(result) == 3 and result.isdecimal() and result[0] == "2"
