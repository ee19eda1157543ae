"""One call: its caller and X, its state, and what its mode has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.mockserver.core.timestamps import precise
from privnum.mockserver.pushes.outcomes import is_success

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.calls.participants import CallPlan
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Ask, BindingSnapshot, CallMode, DigitsDecision
    from privnum.mockserver.pushes.push import Question

__all__ = ["Asking", "Call", "Collection", "no_answer_text"]


class Collection:
    """The asking for digits in a call.

    What was entered so far, an entry for each prompt that is over.
    """

    __slots__ = ("decide", "entries", "pending_digits", "prompted_ms")

    def __init__(self, decide: Callable[[tuple[str, ...]], DigitsDecision], now_ms: int) -> None:
        self.decide = decide
        self.prompted_ms = now_ms
        self.entries: tuple[str, ...] = ()
        #: Digits that are pushed when the asking is over, if nothing else is entered.
        self.pending_digits: str | None = None


class Asking:
    """The question to the customer, while he has not answered.

    `until_ms` is when it is too late, `inbox_ms` when the built-in inbox answers; None: another is asked.
    """

    __slots__ = ("_wait_seconds", "decide", "inbox", "inbox_ms", "question", "until_ms")

    def __init__(self, decision: Ask, question: Question, now_ms: int, wait_seconds: int, *, by_inbox: bool) -> None:
        self.decide = decision.answered
        self.question = question
        self.inbox = decision.inbox
        self._wait_seconds = wait_seconds
        self.until_ms = now_ms + wait_seconds * 1000
        self.inbox_ms = now_ms + decision.inbox.after * 1000 if by_inbox else None

    def answer_by_itself(self, how: str, choice: str) -> tuple[bytes | None, str]:
        """Return the answer with which the asking ends by itself, and what came.

        None: no success, by the choice of what counts as one.
        """
        if how == "unanswered":
            return None, f"nothing within {self._wait_seconds} s of world time"
        answer = self.inbox.body if is_success(str(self.inbox.status), choice) else None
        return answer, f"answered HTTP {self.inbox.status} by the built-in inbox"

    def next_step(self) -> tuple[int, str]:
        """Return when the asking ends by itself, and how.

        An answer in the last instant is in time.
        """
        if self.inbox_ms is not None and self.inbox_ms <= self.until_ms:
            return self.inbox_ms, "inbox"
        return self.until_ms, "unanswered"


class Call:
    """One call to an X, with its own copy of what its binding said.

    Times are milliseconds, None = not reached.
    """

    __slots__ = (
        "alerting_ms",
        "answered_ms",
        "asking",
        "caller",
        "collection",
        "direction",
        "displayed",
        "ended_ms",
        "extension",
        "forwarded_ms",
        "forwarded_to",
        "generation",
        "hung_up_by",
        "id",
        "mode",
        "plan",
        "played",
        "problem",
        "put_through",
        "recording",
        "release_cause",
        "session_id",
        "started_ms",
        "state",
        "terms",
        "waiting",
        "x",
    )

    def __init__(
        self, call_id: str, session_id: str, mode: CallMode, x: XNumber, caller: str, plan: CallPlan, now_ms: int
    ) -> None:
        self.id = call_id
        self.session_id = session_id
        self.mode = mode
        self.x = x
        self.caller = caller
        self.plan = plan
        self.generation = 0
        self.waiting = False
        self.state = "forwarded"
        self.direction = 0
        self.collection: Collection | None = None
        #: The question to the customer, while it is open.
        self.asking: Asking | None = None
        #: "caller" or "callee", of a call that was answered.
        self.hung_up_by: str | None = None
        self.played: tuple[str, ...] = ()
        #: What was wrong with the customer's answer, and what would be right.
        self.problem: str | None = None
        self.extension: str | None = None
        self.put_through: Callable[[str, int], None] | None = None
        self.terms: BindingSnapshot | None = None
        #: The name of its recording, if it has one.
        self.recording: str | None = None
        self.forwarded_to: str | None = None
        self.displayed: str | None = None
        self.release_cause: int | None = None
        self.started_ms = now_ms
        self.forwarded_ms: int | None = None
        self.alerting_ms: int | None = None
        self.answered_ms: int | None = None
        self.ended_ms: int | None = None

    def view(self) -> dict[str, Any]:
        """Return the call as the control plane shows it."""
        return {
            "id": self.id,
            "session_id": self.session_id,
            "mode": self.x.app.mode,
            "app_key": self.x.app.app_key or None,
            "x": self.x.number,
            "caller": self.caller,
            "called": self.x.number,
            "state": self.state,
            **self._collection_fields(),
            **({"answer_problem": self.problem} if self.mode.asks else {}),
            "forwarded_to": self.forwarded_to,
            "displayed": self.displayed,
            "subscription_id": (self.terms.subscription_id or None) if self.terms else None,
            "release_cause": self.release_cause,
            "release_cause_text": self._cause_text(),
            "started_at": precise(self.started_ms),
            "forwarded_at": _time(self.forwarded_ms),
            "alerting_at": _time(self.alerting_ms),
            "answered_at": _time(self.answered_ms),
            "ended_at": _time(self.ended_ms),
        }

    def mentions(self, text: str) -> bool:
        """Whether its id is this text, or a number or another id of it has it."""
        binding = self.terms.subscription_id if self.terms else None
        words = (self.session_id, self.caller, self.x.number, self.forwarded_to, binding)
        return text == self.id or any(text in word for word in words if word)

    def _cause_text(self) -> str | None:
        cause = self.release_cause
        return None if cause is None else contracts.release_causes()[cause].meaning

    def _collection_fields(self) -> dict[str, Any]:
        """Return the fields of a mode whose callers are asked for digits."""
        if not self.mode.collects:
            return {}
        entries = self.collection.entries if self.collection else ()
        return {
            "extension": None if self.forwarded_to is None else self.extension,
            "collected": [entry for entry in entries if entry],
            "played": list(self.played),
        }


def no_answer_text(answer: bytes | None, came: str, choice: str) -> str:
    """Return what was wrong with an answer to callin that is none.

    And what would be right: `choice` is which status counts as success.
    """
    right = f"callin must be answered in time, with {choice} and an operation; no such answer came"
    empty = "" if answer is None else ", without a body"
    return f"{right}, but: {came}{empty} [X-CALL-103]"


def _time(ms: int | None) -> str | None:
    return None if ms is None else precise(ms)
