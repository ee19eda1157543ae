"""One push to the customer, and a question that it may be."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from privnum.mockserver.core.timestamps import iso, precise

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.faults import Fault
    from privnum.mockserver.pushes.outcomes import Attempt

__all__ = ["Push", "Question", "two_copies"]


class Answered(Protocol):
    """What an answer to a question decides."""

    def __call__(self, body: bytes | None, now_ms: int, came: str, /) -> bool:
        """Take the body of the answer, None for one that is no success.

        `came` says for people what came in the place of a good one. Return whether the push may be sent again then.
        """
        ...


class Question(NamedTuple):
    """What makes of a push a question to the customer (notifyMode Block).

    `answered` is told of his answer. `until_ms` is when it is too late to ask; None: never. `inbox` is what the
    built-in inbox answers at once; None: it answers later, or does not.
    """

    answered: Answered
    until_ms: int | None = None
    inbox: bytes | None = None


class Push:
    """One message to the customer and its attempts.

    `kind` is "call_event", "cdr", "number_status", "sms_notify" or "sms_block".
    """

    __slots__ = (
        "_app",
        "_assumptions",
        "after",
        "attempt",
        "attempts",
        "body",
        "due_ms",
        "epoch",
        "first_ms",
        "generation",
        "id",
        "injected",
        "kind",
        "minutes",
        "nonce",
        "order",
        "question",
        "sent_ms",
        "state",
        "stream",
        "url",
    )

    def __init__(
        self, app: Application, assumptions: Assumptions, push_id: str, kind: str, url: str, body: bytes
    ) -> None:
        self._app = app
        self._assumptions = assumptions
        self.id = push_id
        self.kind = kind
        self.url = url
        self.body = body
        self.stream = ""
        #: Streams whose pushes go first, if they are ready: a call's events before its CDR.
        self.after: frozenset[str] = frozenset()
        #: Minutes after which it is repeated where it failed; None: the usual ones.
        self.minutes: tuple[int, ...] | None = None
        self.attempt = 0
        self.attempts: list[Attempt] = []
        self.order = 0
        self.first_ms = self.sent_ms = 0
        self.due_ms: int | None = None
        self.generation = 0
        self.nonce = ""
        #: How often its outbox had been emptied, or put back, when it was handed out last.
        self.epoch = 0
        self.state = "pending"
        #: The fault that strikes the attempt that is due or under way, None: none does.
        self.injected: Fault | None = None
        #: What it asks the customer; None: it is a note (X-EVENT-101).
        self.question: Question | None = None

    @property
    def app_key(self) -> str:
        """Key of the application whose call it is about."""
        return self._app.app_key

    @property
    def timeout_seconds(self) -> int:
        """Seconds of real time that the customer has for an answer.

        COM-OPEN-048.
        """
        return self._assumptions.number("push.timeout_seconds")

    @property
    def content(self) -> bytes:
        """What this attempt sends: the body, unless a fault cuts it off."""
        return self.body[: len(self.body) // 2] if self.suffers("cut_off") else self.body

    def suffers(self, word: str) -> bool:
        """Return whether a fault of this word strikes the attempt."""
        return self.injected is not None and self.injected.word == word

    def headers(self, edge_now_ms: int) -> list[tuple[str, str]]:
        """Return the headers of this attempt, signed at edge time.

        COM-PUSH-001, COM-PUSH-002, COM-PUSH-003, COM-PUSH-007, COM-PUSH-008.
        """
        created = iso(edge_now_ms)
        separator = self._assumptions.text("push.separator")
        stamp = (self.nonce + created).encode()
        if self.suffers("wrongly_signed"):
            stamp += b"!"
        if (self._app.push_scheme or self._assumptions["push.scheme"]) == "aksk":
            word, digest = "AKSK", self._app.signer.aksk(stamp)
        else:
            word, digest = "WSSE", self._app.signer.wsse(stamp)
        token = (
            f'Username="{self.app_key}"',
            f'PasswordDigest="{digest.decode()}"',
            f'Nonce="{self.nonce}"',
            f'Created="{created}"',
        )
        scheme = ('realm="SDP"', 'profile="UsernameToken"', 'type="Appkey"')
        return [
            ("Content-Type", "application/json;charset=UTF-8"),
            ("Authorization", f"{word} {separator.join(scheme)}"),
            (f"X-{word}", f"UsernameToken {separator.join(token)}"),
        ]

    def mentions(self, text: str) -> bool:
        """Whether its id is this text, or the text is in its body."""
        return text == self.id or text.encode() in self.body

    def view(self) -> dict[str, Any]:
        """Return the push as the control plane shows it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "app_key": self.app_key,
            "url": self.url,
            "state": self.state,
            "attempts": [attempt.view() for attempt in self.attempts],
            "next_attempt_at": None if self.due_ms is None else precise(self.due_ms),
            "body": orjson.loads(self.body),
        }


def two_copies(push: Push) -> tuple[Push, Push]:
    """Return an attempt that goes out twice; the outcome of the first counts."""
    return push, copy.copy(push)
