"""Pushes to the customer.

Signed when they are sent, repeated at the documented minutes, kept for anybody who looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum import contracts
from privnum.mockserver.core.history import Kept
from privnum.mockserver.core.timestamps import LATEST_MS
from privnum.mockserver.pushes.addresses import INBOX, receiver_of
from privnum.mockserver.pushes.outcomes import NO_TRIP, Attempt, Trip, first_signs, is_success
from privnum.mockserver.pushes.push import Push, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.history import Page
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.faulty import PushFaults

__all__ = ["RETRY_MINUTES", "Outbox"]

#: Minutes after which a failed push is repeated (COM-PUSH-004).
RETRY_MINUTES: Final = (1, 4, 9, 106, 203, 300)
#: Rank of re-pushes within an instant: after expiries, calls and CDR windows.
RANK: Final = 3


class Outbox:
    """The pushes of a world. An attempt that is due now is ready.

    One that was handed out is open.

    Outcomes may come in any order: what is handed out next, and all that is drawn for it, depends on none.
    """

    __slots__ = (
        "_assumptions",
        "_behind",
        "_busy",
        "_held",
        "_identity",
        "_made",
        "_open",
        "_pushes",
        "_ready",
        "_timers",
        "attempts_over",
        "emptied",
        "faults",
        "kept",
        "noted",
    )

    def __init__(self, assumptions: Assumptions, identity: Ids, timers: Timers) -> None:
        #: The settled ones that are still there.
        self.kept = Kept("pushes")
        #: Told of every attempt that is over, with the answer: a journal.
        self.noted: Callable[[Push, Attempt, bytes, Trip], None] | None = None
        #: What goes wrong with pushes, None: nothing is told to.
        self.faults: PushFaults | None = None
        self._assumptions = assumptions
        self._identity = identity
        self._timers = timers
        self._made = 0
        #: Attempts that have had their outcome.
        self.attempts_over = 0
        #: How often it was emptied, or put back; attempts from before then count no more.
        self.emptied = -1
        self.clear()

    def clear(self) -> None:
        """Forget every push; outcomes of open ones will be ignored."""
        self._pushes: dict[str, Push] = {}
        self._ready: list[Push] = []
        self._open: dict[str, Push] = {}
        #: Streams of the open ones with their receivers; by stream what has to wait for it; and of that the streams.
        self._busy: dict[str, str] = {}
        self._behind: dict[str, list[Push]] = {}
        self._held: dict[str, int] = {}
        self.emptied += 1
        self.kept.clear()

    def put_back(self, emptied: int) -> None:
        """Begin anew as a snapshot has it; that is the beginning of this number.

        What was handed out when the snapshot was made, and has no outcome in it, is ready again: the same attempt.
        """
        self.emptied = emptied
        for push in self._open.values():
            push.attempt -= 1
        ready = [*self._ready, *self._open.values(), *(push for behind in self._behind.values() for push in behind)]
        self._ready, self._open, self._busy, self._behind, self._held = ready, {}, {}, {}, {}

    @property
    def waiting(self) -> bool:
        """Whether a push is ready to be handed out."""
        return bool(self._ready)

    @property
    def exchanging(self) -> bool:
        """Whether a push that was handed out has no outcome yet."""
        return bool(self._open)

    def send(
        self,
        app: Application,
        kind: str,
        url: str,
        body: bytes,
        *,
        stream: str,
        now_ms: int,
        after: frozenset[str] = frozenset(),
        minutes: tuple[int, ...] | None = None,
        question: Question | None = None,
    ) -> Push:
        """Enter a new push whose first attempt is due at once, and return it.

        It goes behind what is ready of the streams in `after`. `minutes` are those after which it is repeated, None:
        RETRY_MINUTES.
        """
        # A copy of its size: what orjson returns lies in a buffer of some thousand bytes, for as long as it lives.
        body = b"%b" % body
        push = Push(app, self._assumptions, self._identity.push_id(), kind, url, body)
        push.stream, push.after = stream, after
        push.minutes, push.question = minutes, question
        self._made += 1
        push.order = self._made
        push.first_ms = push.due_ms = now_ms
        push.epoch = self.emptied
        self._pushes[push.id] = push
        if self.faults is not None and self.faults.withhold(push, now_ms):
            return push
        if url == INBOX:
            self._take_in(push, now_ms)
        else:
            self.begin(push)
        if self.faults is not None:
            self.faults.let_go(push)
        return push

    def get(self, push_id: str) -> Push | None:
        """Return a push that is kept."""
        return self._pushes.get(push_id)

    def resend(self, push: Push, url: str, now_ms: int) -> Push:
        """Send what a push says once more, as a new push that is a note.

        The body goes as it went: variations have changed it already.
        """
        known: dict[str, Any] = {"stream": push.stream, "now_ms": now_ms, "minutes": push.minutes}
        return Outbox.send(self, push._app, push.kind, url, push.body, **known)

    def _take_in(self, push: Push, now_ms: int) -> None:
        """Let the built-in inbox take a push, and answer where it is a question."""
        question, push.attempt = push.question, 1
        answer = b"" if question is None or question.inbox is None else question.inbox
        for _ in (push,) if self.faults is None else self.faults.attempts([push]):
            push.attempts.append(Attempt(now_ms, "200", "taken by the built-in inbox"))
            if push.state == "pending":
                self._settle(push, "delivered")
            self._note(push, answer, NO_TRIP)
        if question is not None and question.inbox is not None:
            question.answered(question.inbox, now_ms, push.attempts[-1].detail)

    def lose(self, push: Push, now_ms: int) -> None:
        """Give a push up that never goes out, since a fault drops it."""
        push.attempt = 1
        push.attempts.append(Attempt(now_ms, "error", "dropped by a fault that was asked for: it never went out"))
        self._settle(push, "given_up")  # who was to be asked lets the time of his answer pass
        self._note(push, b"", NO_TRIP)

    def begin(self, push: Push) -> None:
        """Make the first attempt of a push ready."""
        self._ready.append(push)

    def begin_at(self, push: Push, ms: int) -> None:
        """Make the first attempt of a push ready at a later instant."""
        push.first_ms = push.due_ms = ms
        self._timers.add(ms, RANK, push)

    def due(self, push: Push) -> None:
        """Make a push ready; the timers says that its time has come."""
        if push.attempt:
            push.injected = None  # a repeat is drawn for anew
        if push.url == INBOX:
            self._take_in(push, push.first_ms)
        else:
            self._ready.append(push)

    def put_last(self, push: Push, other: Push) -> None:
        """Let a push go out behind another, of whatever stream."""
        self._made += 1
        push.order = self._made
        push.after |= {other.stream}
        self.due(push)

    def take(self, now_ms: int) -> list[Push]:
        """Hand out what is ready, in order; of one call one push at a time.

        Its events in order, its CDR last.
        """
        ready, self._ready = self._ready, []
        taken: list[Push] = []
        for push in self.arranged_pushes(ready):
            blocking = self._blocking(push)
            if blocking is not None:
                self._behind.setdefault(blocking, []).append(push)
                self._held[push.stream] = self._held.get(push.stream, 0) + 1
                continue
            push.attempt += 1
            push.nonce = self._identity.nonce(push.id, push.attempt)
            push.sent_ms, push.epoch = now_ms, self.emptied
            self._busy[push.stream] = receiver_of(push.url)
            self._open[push.id] = push
            taken.append(push)
        return taken if self.faults is None else self.faults.attempts(taken)

    def _blocking(self, push: Push) -> str | None:
        """Return the stream for whose open push another has to wait.

        Its own, or at its receiver one that goes first.

        What goes to another receiver waits for none: it is slow on its own account.
        """
        if push.stream in self._busy or push.stream in self._held:
            return push.stream
        if self._busy and push.after:
            receiver = receiver_of(push.url)
            return next((stream for stream in push.after if self._busy.get(stream) == receiver), None)
        return None

    def _release(self, stream: str) -> None:
        """Make ready what waits for a stream's push, and so on in turn."""
        self._busy.pop(stream, None)
        streams = [stream]
        while streams:
            for push in self._behind.pop(streams.pop(), ()):
                self._held[push.stream] -= 1
                if not self._held[push.stream]:
                    del self._held[push.stream]
                self._ready.append(push)
                if push.stream not in self._busy:
                    streams.append(push.stream)

    def arranged_pushes(self, pushes: list[Push]) -> list[Push]:
        """Return pushes in the order in which they are handed out.

        That in which they arose.
        """
        return pushes if len(pushes) == 1 else sorted(pushes, key=lambda push: push.order)

    def record(self, push: Push, outcome: str, body: bytes, detail: str, now_ms: int, trip: Trip = NO_TRIP) -> None:
        """Enter the outcome of an attempt.

        Decide between success, another attempt and giving up.

        Raises:
            ValueError: the push is known, but no attempt of it is open.
        """
        if push.epoch != self.emptied:
            return
        if self._pushes.get(push.id) is not push:
            if push.id in self._pushes:  # a second copy, of which the first counts
                push.attempts = [Attempt(push.sent_ms, outcome, detail)]
                self._note(push, body, trip)
            return
        if self._open.pop(push.id, None) is None:
            raise ValueError(f"push {push.id} has no open attempt; outcomes are recorded once per hand-out")
        self.attempts_over += 1
        self._release(push.stream)
        push.attempts.append(Attempt(push.sent_ms, outcome, detail))
        self._decide(push, outcome, body, now_ms)
        self._note(push, body, trip)

    def _note(self, push: Push, body: bytes, trip: Trip) -> None:
        if self.noted is not None:
            self.noted(push, push.attempts[-1], body, trip)

    def _decide(self, push: Push, outcome: str, body: bytes, now_ms: int) -> None:
        question = push.question
        if self.has_succeeded(outcome, body):
            self._settle(push, "delivered")
            if question is not None:
                question.answered(body, now_ms, _came(push.attempts[-1], body))
            return
        if question is not None and not question.answered(None, now_ms, _came(push.attempts[-1], body)):
            self._settle(push, "given_up")
            return
        failures, minutes = len(push.attempts), RETRY_MINUTES if push.minutes is None else push.minutes
        if failures > len(minutes):
            self._settle(push, "given_up")
            return
        start = push.first_ms if self._assumptions["push.retry_clock"] == "first_attempt" else now_ms
        due_ms = start + minutes[failures - 1] * 60_000
        too_late = question is not None and question.until_ms is not None and due_ms >= question.until_ms
        if too_late or due_ms > LATEST_MS:  # no such minute comes
            self._settle(push, "given_up")
            return
        push.due_ms = due_ms
        self._timers.add(due_ms, RANK, push)

    def has_succeeded(self, outcome: str, body: bytes) -> bool:
        """Return whether an attempt that ended so was accepted (COM-OPEN-026)."""
        good = is_success(outcome, self._assumptions.text("push.success_status"))
        if good and body and self._assumptions["push.answer_resultcode"] == "read":
            try:
                answer = orjson.loads(body)
            except ValueError:
                return True
            return not isinstance(answer, dict) or str(answer.get("resultcode", "0")) == "0"
        return good

    def _settle(self, push: Push, state: str) -> None:
        push.state = state
        push.due_ms = push.question = None
        gone = self.kept.add(push.id)
        if gone is not None:
            del self._pushes[gone]

    def page(self, page: Page, state: str | None = None) -> tuple[list[dict[str, Any]], bool]:
        """Return a page of the kept pushes, and whether there are more.

        As the control plane shows them, oldest first.
        """
        found, more = page.of(self._pushes, lambda push: state in (None, push.state) and page.finds(push))
        return [push.view() for push in found], more


def _came(attempt: Attempt, body: bytes) -> str:
    """Return what came of a question, in words, as its record has it."""
    first = first_signs(body)
    return contracts.mask(attempt.detail or attempt.outcome) + (f"; the answer begins {first!r}" if first else "")
