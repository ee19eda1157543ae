"""What there is at one moment: live bindings, what is gone and why, running calls, the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import (
    Assumptions,
    Binding,
    Fault,
    Surroundings,
    Undecided,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.oracle.axb.routing import AxbCall

__all__ = ["AxbState", "fields_of"]

NUMBERS = ("callerNum", "calleeNum", "relationNum", "areaCode", "areaMatchMode", "subscriptionId")


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings that a bind or modify carries, in one form: flags as bool, tones without their object."""
    carried = {name: value for name, value in body.items() if value is not None and name not in NUMBERS}
    voice = carried.pop("preVoice", None)
    if isinstance(voice, dict):
        carried |= voice
    for flag in ("recordFlag", "privateSms"):
        if flag in carried:
            carried[flag] = carried[flag] in (True, "true")
    return carried


class AxbState:
    """The state, and how time changes it. `now` is world time in whole seconds since the epoch."""

    def __init__(self, surroundings: Surroundings, assumptions: Assumptions, now: int) -> None:
        self.around = surroundings
        self.assumptions = assumptions
        self.now = now
        self.bindings: dict[str, Binding] = {}
        self.foreign_bindings: dict[str, str] = {}
        """subscriptionId -> X of another application's bindings."""
        self.dissolved: dict[str, str] = {}
        """subscriptionId of what is gone -> the requirement by which it went."""
        self.freed: dict[tuple[str, str], str] = {}
        """(X, user) that may be bound again -> the requirement that says so."""
        self.status: dict[str, str] = {}
        self.calls: list[AxbCall] = []

    def on(self, x: str) -> list[Binding]:
        """The live bindings on `x`."""
        return [b for b in self.bindings.values() if b.x == x]

    def running(self) -> list[AxbCall]:
        """Calls that have not surely ended."""
        return [call for call in self.calls if call.state(self.now) != "ended"]

    def blocked(self, x: str) -> bool:
        """Whether `x` takes no bindings now."""
        return self.status.get(x, "5") != "5"

    def next_expiry(self) -> int | None:
        """The second in which the next binding ends."""
        return min((b.expires_at for b in self.bindings.values() if b.expires_at is not None), default=None)

    def decided_at(self, second: int) -> bool:
        """Whether the state at `second` is decided: it is not at the very end of a binding, if that is open."""
        try:
            self.assumptions.choose("binding.expiry_instant", "gone", "alive")
        except Undecided:
            return all(b.expires_at != second for b in self.bindings.values())
        return True

    def advance(self, seconds: int) -> None:
        """Let time pass; drop what has ended."""
        self.now += seconds
        for binding in list(self.bindings.values()):
            if not self._lives(binding):
                self.drop(binding, binding.lifetime, "AXB-LIFE-006")

    def _lives(self, binding: Binding) -> bool:
        if binding.expires_at is None or self.now < binding.expires_at:
            return True
        at_the_end = self.now == binding.expires_at
        return at_the_end and self.assumptions.choose("binding.expiry_instant", "gone", "alive") == "alive"

    def drop(self, binding: Binding, by: str, frees: str) -> None:
        """Forget `binding`, which went by the rule `by`; its numbers are free by the rule `frees`."""
        del self.bindings[binding.subscription_id]
        self.dissolved[binding.subscription_id] = by
        for user in binding.users:
            self.freed[binding.x, user] = frees
        # one that was not answered yet "may" go on, says the page
        self.give_up(binding, lambda call: call.state(self.now) != "answered")

    def give_up(self, binding: Binding, which: Callable[[AxbCall], bool]) -> None:
        """Follow no more such running calls of `binding`."""
        for call in self.calls:
            if call.subscription_id == binding.subscription_id and call.state(self.now) != "ended" and which(call):
                call.open = True

    def not_ours(
        self,
        x: str,
        foreign: str,
        code_rule: str = "AXB-OPEN-029",
        assumption: str = "axb.selector_x_of_other_application",
    ) -> Fault | None:
        """Why `x` cannot be used by this application, if so.

        `foreign` is the rule for another application's X, `code_rule` that of its code, which `assumption` holds.
        """
        if x in self.around.own:
            return None
        if x in self.around.foreign:
            code = self.assumptions.choose(assumption, "1012001", "1012007")
            return Fault.of(foreign, f"403/{code}", code=code_rule)
        code = self.assumptions.choose("numbers.unknown_x" if kind_of(x) == "mobile" else "numbers.malformed_x")
        return Fault.of("COM-OPEN-021" if kind_of(x) == "mobile" else "COM-OPEN-020", f"403/{code}")
