"""Sends a push to the receiver, and tells what came of it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum.suites.base.answer import json_object
from privnum.suites.base.claims import NoAnswer
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.client import JSON_TYPE, Signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.commands.check_receiver.scenes import Message
    from privnum.suites.commands.check_receiver.settings import Settings
    from privnum.suites.transport.client import Headers
    from privnum.suites.transport.deadline import Deadline

__all__ = ["Sender", "Sent"]

_SHOWN = 120
"""Signs of an answer that a message quotes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A push that was sent, and its answer.

    `note` says how it was sent. `status` 0: no answer came, and `text` says why; else `text` begins the answer.
    """

    message: Message
    note: str
    status: int
    seconds: float
    content: bytes
    text: str

    @property
    def succeeded(self) -> bool:
        """Whether the platform takes it for delivered (COM-OPEN-026)."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the receiver said that it does not take it."""
        return 400 <= self.status < 500

    @property
    def answer(self) -> dict[str, Any] | None:
        """The answer's JSON object; None: it is none."""
        return json_object(self.content)

    @property
    def outcome(self) -> str:
        """What came, in a few words."""
        if not self.status:
            return self.text
        redirect = ", a redirect, which no push follows" if 300 <= self.status < 400 else ""
        quoted = f", {self.text!r}" if self.text else ", without a body"
        return f"answered with {self.status}{redirect}{quoted}"

    @property
    def step(self) -> str:
        """It as a step of a counterexample."""
        return f"pushed: {self.message.name}, {self.note} {self.message.shown} {self.outcome} ({self.seconds:.3f} s)"


class Sender:
    """Sends pushes, signed as the platform does it, or as a check bends it.

    Args:
        settings: where they go, and who signs.
        deadline: of the run.
        clock: real time in seconds; by it answers are timed.
    """

    def __init__(self, settings: Settings, deadline: Deadline, clock: Callable[[], float] = time.perf_counter) -> None:
        self._settings = settings
        self._deadline = deadline
        self._clock = clock
        self._transports: dict[str, HttpTransport] = {}
        self.count = 0

    def signed_headers(self, *, nonce: str = "", ago: timedelta = timedelta(), **parts: Any) -> Headers:
        """The headers of a push.

        `ago` is how long its Created is over; `parts` are as in Signature.
        """
        created = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        nonce = nonce or secrets.token_hex(16)
        settings = self._settings
        return Signature(settings.key, settings.secret, nonce, created).with_parts(parts).headers()

    def send(self, message: Message, headers: Headers | None = None, note: str = "signed by AKSK") -> Sent:
        """Send a push; it is signed anew unless `headers` are given.

        Raises NotExercised where no address is known, TimeOver at the end of the run's time.
        """
        url = self._settings.url(message.kind)
        self._deadline.check()
        transport = self._transport(url)
        parts = urlsplit(url)
        self.count += 1
        started = self._clock()
        try:
            signature = self.signed_headers() if headers is None else headers
            answer = transport.request("POST", parts.path or "/", parts.query, [JSON_TYPE, *signature], message.body)
        except NoAnswer as error:
            text = f"not answered: {self._settings.without_secret(str(error))}"
            self._deadline.check()  # what was cut off by the end of the run is not the receiver's fault
            return Sent(message, note, 0, self._clock() - started, b"", text)
        text = self._settings.without_secret(answer.text[:_SHOWN])
        return Sent(message, note, answer.status, answer.seconds, answer.content, text)

    def _transport(self, url: str) -> HttpTransport:
        """Connections are not kept: each push is an exchange of its own."""
        base = "/".join(url.split("/", 3)[:3])
        if base not in self._transports:
            longest = self._settings.longest
            self._transports[base] = HttpTransport(
                base,
                self._clock,
                timeout=longest,
                deadline=self._deadline,
                keeps=False,
                ca_file=self._settings.ca_file,
            )
        return self._transports[base]

    def close(self) -> None:
        """Let go of connections."""
        for transport in self._transports.values():
            transport.close()
