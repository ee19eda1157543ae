"""What the checks of a receiver share.

The pushes to send, and which of them the receiver takes in their plain form.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from privnum.suites.base.claims import NotExercised
from privnum.suites.commands.check_receiver.scenes import Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from privnum.suites.commands.check_receiver.findings import Findings
    from privnum.suites.commands.check_receiver.scenes import Message
    from privnum.suites.commands.check_receiver.sending import Sender, Sent
    from privnum.suites.commands.check_receiver.settings import Settings

__all__ = ["Bench"]


class Bench:
    """The receiver of a run. `sender` sends to it."""

    def __init__(self, settings: Settings, sender: Sender) -> None:
        self.settings = settings
        self.sender = sender
        self._seeds = itertools.count(settings.seed)

    def scene(
        self, mode: str, *, variations: Iterable[str] = (), ago: timedelta = timedelta(), numbers: int = 2
    ) -> Scene:
        """A new world, whose ids no other one has."""
        settings = self.settings
        now = datetime.now(UTC) - ago
        return Scene(
            mode,
            settings.key,
            settings.secret,
            seed=next(self._seeds),
            now=now,
            variations=variations,
            numbers=numbers,
        )

    @cached_property
    def plain(self) -> list[Sent]:
        """Every push of every mode as it usually comes, sent once."""
        found = []
        for mode in self.settings.modes:
            messages = self.scene(mode).whole()
            found += [self.sender.send(each) for each in messages if self.settings.has(each.kind)]
        return found

    @cached_property
    def _taken(self) -> set[tuple[str, str]]:
        """Sorts of pushes of which every plain one was answered with success."""
        return {sent.message.sort for sent in self.plain} - {
            sent.message.sort for sent in self.plain if not sent.succeeded
        }

    def takes(self, message: Message) -> bool:
        """Whether the receiver takes such a push in its plain form.

        Else another form of it says nothing.
        """
        return message.sort in self._taken

    def new_pushes(self, mode: str, *, variations: Iterable[str] = (), ago: timedelta = timedelta()) -> list[Message]:
        """New pushes of a mode that the receiver takes."""
        return [each for each in self.scene(mode, variations=variations, ago=ago).whole() if self.takes(each)]

    def every_new_push(self, *, variations: Iterable[str] = (), ago: timedelta = timedelta()) -> Iterator[Message]:
        """New pushes of every mode that the receiver takes."""
        for mode in self.settings.modes:
            yield from self.new_pushes(mode, variations=variations, ago=ago)

    def samples(self) -> Iterator[Message]:
        """One new push of each kind of every mode."""
        for mode in self.settings.modes:
            yield from self.first_of_each_kind(mode)

    def first_of_each_kind(self, mode: str) -> Iterator[Message]:
        """One new push of each kind of a mode that the receiver takes."""
        seen: set[str] = set()
        for message in self.new_pushes(mode):
            if message.kind not in seen:
                seen.add(message.kind)
                yield message

    def claim_success(self, findings: Findings, rule: str, sent: Sent) -> None:
        """Claim that a push was answered with success, and in time.

        A question has rules of its own about its answer.
        """
        text = f"{sent.message.name}, {sent.note}, was {sent.outcome}; right is 200"
        findings.claim(rule, sent.succeeded, text, sent)
        self.claim_time(findings, sent)

    def claim_time(self, findings: Findings, sent: Sent) -> None:
        """Claim of an answer of success that it came in time and is a 200."""
        if not sent.succeeded:
            return
        asks = sent.message.asks and sent.message.kind == "call_event"
        within = self.settings.asked_within if asks else self.settings.within
        rule = "RECEIVER-TIME-002" if asks else "RECEIVER-TIME-001"
        text = f"{sent.message.name} was answered after {sent.seconds:.1f} s; right is within {within:g} s"
        findings.claim(rule, sent.seconds <= within, text, sent)
        text = f"{sent.message.name} was answered with {sent.status}; right is 200, of which alone the FAQ says success"
        findings.claim("RECEIVER-ANSWER-005", sent.status == 200, text, sent)

    def need(self, findings: Findings, what: str | None = None) -> None:
        """Raise NotExercised where nothing was claimed.

        `what` are the plain pushes that were looked for; None: other forms of pushes that are taken.
        """
        if findings.held or findings.broken:
            return
        if what is None:
            raise NotExercised("no push of that kind was answered with success in its plain form, or none is sent")
        raise NotExercised(f"no mode that is checked has such {what}: {', '.join(self.settings.modes)}")
