"""Pushes of a world that was told to make faults.

A world that makes none has nothing of this in the way of its pushes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.pushes.push import two_copies

if TYPE_CHECKING:
    from privnum.mockserver.core.faults import Faults
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.outbox import Outbox
    from privnum.mockserver.pushes.push import Push

__all__ = ["PushFaults"]

#: Seconds of world time after which a push goes out that was to go behind the next one, where none comes.
HELD_SECONDS: Final = 10

#: What strikes a push as a whole, one that must not wait, and each attempt.
_LATE: Final = frozenset({"delayed", "reordered", "dropped"})
_NOW: Final = frozenset({"dropped"})
_ATTEMPTS: Final = frozenset({"duplicated", "cut_off", "wrongly_signed"})


class PushFaults:
    """What faults make of the pushes of a world.

    Args:
        faults: those of the world.
        outbox, timers: of the world.
    """

    __slots__ = ("_faults", "_held", "_outbox", "_timers")

    def __init__(self, faults: Faults, outbox: Outbox, timers: Timers) -> None:
        self._faults = faults
        self._outbox = outbox
        self._timers = timers
        #: Pushes that go out behind the next one of their application.
        self._held: list[Push] = []

    def switch(self) -> None:
        """Be in the way of pushes while a fault can strike them, or one is held."""
        self._outbox.faults = self if self._held or self._faults.befall("push") else None

    def withhold(self, push: Push, now_ms: int) -> bool:
        """Return whether a new push does not go out now.

        A question is dropped, but never late: a caller waits for its answer.
        """
        words = _LATE if push.question is None else _NOW
        push.injected = fault = self._faults.of_push(push.kind, push.body, words)
        if fault is None:
            return False
        if fault.word == "dropped":
            self._outbox.lose(push, now_ms)
            return True
        held = fault.word == "reordered"
        seconds: int = HELD_SECONDS if held else fault.get("delay_seconds")
        self._outbox.begin_at(push, now_ms + 1000 * seconds)
        if held:
            self._held.append(push)
            self.switch()  # the fault may be used up
        return True

    def let_go(self, other: Push) -> None:
        """Let what was held back go out behind another push."""
        if not self._held or other.question is not None:
            return
        now_ms = other.first_ms
        held = [push for push in self._held if self._is_held(push, now_ms)]
        self._held = [push for push in held if push.app_key != other.app_key]
        for push in held:
            if push.app_key == other.app_key:
                self._timers.cancel(push)
                push.first_ms = push.due_ms = now_ms
                self._outbox.put_last(push, other)
        self.switch()

    def _is_held(self, push: Push, now_ms: int) -> bool:
        """Return whether a push still waits: its time may have come, or a reset."""
        return push.attempt == 0 and push.first_ms > now_ms and self._outbox.get(push.id) is push

    def attempts(self, taken: list[Push]) -> list[Push]:
        """Return the attempts that are made of what is due: two of some.

        The second copy goes out with the first, whose outcome counts.
        """
        found: list[Push] = []
        for push in taken:
            if push.injected is None:
                push.injected = self._faults.of_push(push.kind, push.body, _ATTEMPTS)
            found += two_copies(push) if push.suffers("duplicated") else (push,)
        return found
