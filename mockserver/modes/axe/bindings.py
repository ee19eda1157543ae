"""Extensions of an X (AXE).

Who has which, which are free, and whom each of them calls back.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.core.modes import Held
from privnum.mockserver.modes.axe.settings import settings_of

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.ids import Ids

__all__ = ["Extension", "Extensions", "LastCall", "extension_text", "extensions_of"]


class LastCall(NamedTuple):
    """A call-back record.

    The latest user who was put through to A, and how long A reaches him; 0 = no end.
    """

    caller: str
    written_ms: int
    until_ms: int


class Extension(Binding):
    """A and his extension on an X. What was never set is None.

    `unit` is the bind's timeUnit, 0 hours or 1 minutes, `bound_time` its bindExpiredTime; `shown_unit` and `shown_time`
    are both as queries show them; `callback_time` is callbackExpiredTime in `callback_unit`. `tone_first` says that
    callbackTone goes before callbackNum. `sequence` counts the binds on X.
    """

    __slots__ = (
        "bound_time",
        "callback_num",
        "callback_time",
        "callback_tone",
        "callback_unit",
        "digits",
        "display",
        "last_call",
        "sequence",
        "shown_time",
        "shown_unit",
        "tone_first",
        "unit",
    )

    def __init__(self, subscription_id: str, x: XNumber, a: str, digits: str, now_ms: int) -> None:
        super().__init__(subscription_id, x, a, now_ms)
        self.digits = digits
        self.sequence = 0
        self.display: int | None = None
        self.callback_tone: str | None = None
        self.callback_num: str | None = None
        self.tone_first = False
        self.unit: int | None = None
        self.shown_unit: int | None = None
        self.bound_time: int | None = None
        self.shown_time: int | None = None
        self.callback_time: int | None = None
        self.callback_unit = 0
        self.last_call: LastCall | None = None

    def caller_at(self, now_ms: int) -> str | None:
        """Return the user whom A reaches by dialling X.

        None without a record, or where it is over.
        """
        last = self.last_call
        if last is None or 0 < last.until_ms <= now_ms:
            return None
        return last.caller

    def reaches(self, now_ms: int) -> str | None:
        """Return the user of the call-back record."""
        return self.caller_at(now_ms)

    def enter(self) -> None:
        """Take the extension and A's place on X."""
        held = extensions_of(self.x)
        if held is None:
            raise RuntimeError("an extension is given by Extensions.of(x), which makes the index")
        held.enter(self)

    def leave(self) -> None:
        """Free A and the extension (AXE-UNBIND-007, AXE-LIFE-006)."""
        held = extensions_of(self.x)
        if held is not None:
            held.leave(self)


class Extensions(Held):
    """The extensions of one X.

    Which free one is next is the world's choice at axe.extension_order. In turn, they are given from a random one on;
    when each was given once, the one that has been free longest is next: a free one is found at once, and is not given
    to another A while somebody may still dial it.

    Attributes:
        by_digits: the bindings by extension, in the order in which they were bound.
        by_user: the bindings by A.
        ever: how many bindings there have been.
    """

    __slots__ = ("_capacity", "_digits", "_freed", "_given", "_start", "by_digits", "by_user", "ever")

    def __init__(self, digits: int, identity: Ids) -> None:
        self._digits = digits
        self._capacity: int = 10**digits - 1
        self._start = identity.below(self._capacity)
        self._given = 0
        #: Extensions that are free though their turn is over, longest free first.
        self._freed: OrderedDict[str, None] | None = None
        self.by_digits: dict[str, Extension] = {}
        self.by_user: dict[str, Extension] = {}
        self.ever = 0

    @classmethod
    def of(cls, x: XNumber, identity: Ids) -> Extensions:
        """Return the extensions of an X; made when the first is wanted."""
        held = extensions_of(x)
        if held is None:
            held = x.held = cls(settings_of(x.app).extension_digits, identity)
        return held

    def __len__(self) -> int:
        return len(self.by_digits)

    @property
    def is_full(self) -> bool:
        """Whether no extension can be given any more (AXE-BIND-106).

        Zero is none of those (AXE-BIND-105).
        """
        given = len(self.by_digits)
        return given >= self._capacity and given - (extension_text(0, self._digits) in self.by_digits) >= self._capacity

    def free_one(self, order: str, identity: Ids) -> str:
        """Return a free extension; only where the X is not full.

        AXE-BIND-102, AXE-OPEN-049.
        """
        if order == "in_turn":
            return self._next_in_turn()
        first = 0 if order == "lowest" else identity.below(self._capacity)
        turns = ((first + i) % self._capacity + 1 for i in range(self._capacity))
        free = (text for turn in turns if (text := extension_text(turn, self._digits)) not in self.by_digits)
        return next(free)

    def _next_in_turn(self) -> str:
        while self._given < self._capacity:
            digits = extension_text((self._start + self._given) % self._capacity + 1, self._digits)
            self._given += 1
            if digits not in self.by_digits:
                return digits
        if not self._freed:
            raise RuntimeError("every extension is given; ask is_full first")
        return next(iter(self._freed))

    def enter(self, binding: Extension) -> None:
        """Enter a binding whose extension and A are free."""
        self.by_digits[binding.digits] = self.by_user[binding.a] = binding
        if self._freed:
            self._freed.pop(binding.digits, None)
        self.ever += 1
        binding.sequence = self.ever

    def leave(self, binding: Extension) -> None:
        """Strike a binding out."""
        del self.by_digits[binding.digits]
        del self.by_user[binding.a]
        value = int(binding.digits)
        if value and (value - 1 - self._start) % self._capacity < self._given:
            if self._freed is None:
                self._freed = OrderedDict()
            self._freed[binding.digits] = None


def extensions_of(x: XNumber) -> Extensions | None:
    """Return the extensions of an X, None before the first bind."""
    held = x.held
    return held if isinstance(held, Extensions) else None


def extension_text(value: int, digits: int) -> str:
    """Return an extension of this many digits; every X shares the text."""
    return sys.intern(f"{value:0{digits}d}")
