"""What there is in AXE at one moment: bindings, their call-back records, calls, the clock; how time changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axe.types import (
    FOREVER,
    AxeBinding,
    AxeSurroundings,
    Record,
    Span,
)
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Assumptions, Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axe.routing import AxeCall

__all__ = ["AxeState", "fields_of"]

NUMBERS = ("bindNum", "virtualNum", "areaCode", "areaMatchMode", "subscriptionId", "extendNum")
TIMES = ("timeUnit", "bindExpiredTime", "callbackExpiredTime")


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings that a bind or modify carries beside numbers and times, in one form: the flag as bool."""
    carried = {k: v for k, v in body.items() if v is not None and k not in (*NUMBERS, *TIMES)}
    if "recordFlag" in carried:
        carried["recordFlag"] = carried["recordFlag"] in (True, "true")
    if "displayNumMode" in carried:
        carried["displayNumMode"] = str(carried["displayNumMode"])
    return carried


class AxeState:
    """The state. `now` is world time in whole seconds since the epoch."""

    def __init__(self, surroundings: AxeSurroundings, assumptions: Assumptions, now: int) -> None:
        self.around = surroundings
        self.assumptions = assumptions
        self.now = now
        self.bindings: dict[str, AxeBinding] = {}
        self.foreign_bindings: dict[str, str] = {}
        """subscriptionId -> X of another application's bindings."""
        self.dissolved: dict[str, str] = {}
        """subscriptionId of what is gone -> the requirement by which it went."""
        self.freed: dict[tuple[str, str], str] = {}
        """(X, A) and (X, extension) that may be bound again -> the requirement that says so."""
        self.unbound_at: dict[tuple[str, str], int] = {}
        """(X, extension) of bindings that were unbound -> when the last one was."""
        self.status: dict[str, str] = {}
        self.calls: list[AxeCall] = []

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def on(self, x: str) -> list[AxeBinding]:
        """The live bindings on `x`."""
        return [b for b in self.bindings.values() if b.x == x]

    def by_extension(self, x: str, extension: str) -> AxeBinding | None:
        """The binding of that extension on `x`."""
        return next((b for b in self.on(x) if b.extension == extension), None)

    def by_user(self, x: str, a: str) -> AxeBinding | None:
        """The binding of `a` on `x`."""
        return next((b for b in self.on(x) if b.a == a), None)

    def blocked(self, x: str) -> bool:
        """Whether `x` takes no bindings now."""
        return self.status.get(x, "5") != "5"

    def running(self) -> list[AxeCall]:
        """Calls that have not surely ended."""
        return [call for call in self.calls if not call.lost and call.state(self.now) != "ended"]

    def x_fault(self, x: str) -> Fault | None:
        """Why a bind on `x` is no affair of this application, if so."""
        if x in self.around.own:
            return None
        if x in self.around.foreign:
            code = self.assumptions.choose("axe.x_of_other_application", "1012001", "1011004")
            return Fault.of("AXE-BIND-010", f"403/{code}", code="AXE-OPEN-005")
        mobile = kind_of(x) == "mobile"
        code = self.assumptions.choose("axe.unknown_x" if mobile else "axe.malformed_x")
        return Fault.of("AXE-OPEN-006" if mobile else "AXE-OPEN-007", f"403/{code}")

    # ── call-back records ────────────────────────────────────────────────────────────────────────────────────────────

    def record_seconds(self, binding: AxeBinding) -> int | None:
        """How long a record of `binding` lives when it is written; None: none is written."""
        span = binding.callback
        if span is None:
            span = Span(int(self.assumptions.choose("axe.callback_expired_default", 0, 24)), "0")
        if span.amount:
            return span.seconds
        zero = self.assumptions.choose("axe.callback_expired_zero", "as_binding", "no_record")
        return FOREVER if zero == "as_binding" else None

    def write_record(self, binding: AxeBinding, caller: str) -> None:
        """`caller` was put through to A: he is the one whom A reaches from now on."""
        try:
            lasts = self.record_seconds(binding)
            ends = (self.now + lasts,) * 2 if lasts is not None else None
        except Undecided:
            ends = (self.now, FOREVER)
        before = binding.record
        if ends is None:
            if before is not None:  # whether a call that writes none leaves the one before: nobody says
                before.sure_until = min(before.sure_until, self.now)
            return
        together = before.callers if before is not None and before.written_at == self.now else frozenset()
        binding.record = Record(together | {caller}, self.now, *ends)

    def refresh_record(self, binding: AxeBinding) -> None:
        """A call-back was put through: its record may live longer now, or end sooner if the time was changed."""
        record = binding.record
        if record is None or "yes" not in self.assumptions.any_of("axe.callback_refreshes_record", "no", "yes"):
            return
        try:
            lasts = self.record_seconds(binding) or 0
        except Undecided:
            lasts = 0
        record.sure_until = min(record.sure_until, self.now + lasts)
        # from the transfer, the answer or the end of the call: nobody says
        record.gone_from = FOREVER

    def living_record(self, binding: AxeBinding) -> Record | None:
        """The record in force. Raises Undecided where it may live or not."""
        record = binding.record
        if record is None or self.now > record.gone_from:
            return None
        if self.now < record.sure_until:
            return record
        raise Undecided("a call-back record at the end of its life")

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_expiry(self) -> int | None:
        """The second in which the next binding or record ends."""
        ends = [b.expires_at for b in self.bindings.values() if b.expires_at is not None]
        records = [b.record for b in self.bindings.values() if b.record is not None]
        ends += [r.gone_from for r in records if self.now < r.gone_from < FOREVER]
        return min(ends, default=None)

    def decided_at(self, second: int) -> bool:
        """Whether the state at `second` is decided: it is not at the very end of a binding, if that is open."""
        try:
            self.assumptions.choose("binding.expiry_instant", "gone", "alive")
        except Undecided:
            return all(b.expires_at != second for b in self.bindings.values())
        return True

    def advance(self, seconds: int) -> None:
        """Let time pass: bindings end, callers enter digits, records are written, in the order of time."""
        end = self.now + seconds
        while (at := self._next_act(end)) is not None:
            self.now = at
            self._expire()
            for call in list(self.calls):
                call.act(self)
        self.now = end
        self._expire()

    def _next_act(self, end: int) -> int | None:
        """The next second up to `end` in which a call does something or a binding ends."""
        acts = [call.acts_at for call in self.calls if not call.lost and call.acts_at is not None]
        acts += [at for b in self.bindings.values() if (at := b.expires_at) is not None and at > self.now]
        return min((at for at in acts if at <= end), default=None)

    def _expire(self) -> None:
        for binding in list(self.bindings.values()):
            if not self._lives(binding):
                self.drop(binding, binding.lifetime, "AXE-LIFE-006")

    def _lives(self, binding: AxeBinding) -> bool:
        if binding.expires_at is None or self.now < binding.expires_at:
            return True
        at_the_end = self.now == binding.expires_at
        if not at_the_end:
            return False
        try:
            return self.assumptions.choose("binding.expiry_instant", "gone", "alive") == "alive"
        except Undecided:
            # Nobody looks in this second; a call that enters its extension now is given up in AxeCall.act.
            return True

    def drop(self, binding: AxeBinding, by: str, frees: str) -> None:
        """Forget `binding`, which went by the rule `by`; its A and extension are free by the rule `frees`."""
        del self.bindings[binding.subscription_id]
        self.dissolved[binding.subscription_id] = by
        self.freed[binding.x, binding.a] = frees
        self.freed[binding.x, binding.extension] = frees
        if by.startswith("AXE-UNBIND"):
            self.unbound_at[binding.x, binding.extension] = self.now
            return
        for call in self.calls:
            # that it goes on when its binding expires is said of a call; whether it is one before the answer is not
            if call.subscription_id == binding.subscription_id and call.state(self.now) in ("forwarded", "alerting"):
                call.lost, call.acts_at = True, None
