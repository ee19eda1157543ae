"""The state of AXE.

Extensions, the call-back records of their A, and the settings that its requests carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axe.routing import AxeCall
from privnum.suites.oracle.axe.types import (
    FOREVER,
    AxeBinding,
    AxeSurroundings,
    Record,
    Span,
)
from privnum.suites.oracle.faults import Codes, fault_of_foreign_x
from privnum.suites.oracle.state import OracleState
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.types import Assumptions, Fault

__all__ = ["AxeState", "fields_of"]

NUMBERS = ("bindNum", "virtualNum", "areaCode", "areaMatchMode", "subscriptionId", "extendNum")
X_CODES = Codes("axe.x_of_other_application", "AXE-OPEN-005", ("1012001", "1011004"))
UNKNOWN_X, MALFORMED_X = ("axe.unknown_x", "AXE-OPEN-006"), ("axe.malformed_x", "AXE-OPEN-007")
TIMES = ("timeUnit", "bindExpiredTime", "callbackExpiredTime")


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings of a bind or modify beside numbers and times.

    In one form: the flag as bool.
    """
    carried = {k: v for k, v in body.items() if v is not None and k not in (*NUMBERS, *TIMES)}
    if "recordFlag" in carried:
        carried["recordFlag"] = carried["recordFlag"] in (True, "true")
    if "displayNumMode" in carried:
        carried["displayNumMode"] = str(carried["displayNumMode"])
    return carried


class AxeState(OracleState[AxeBinding, AxeCall, AxeSurroundings]):
    """The state of one application's AXE numbers."""

    mode = "AXE"

    def __init__(self, surroundings: AxeSurroundings, assumptions: Assumptions, now: int) -> None:
        super().__init__(surroundings, assumptions, now)
        self.unbound_at: dict[tuple[str, str], int] = {}
        """(X, extension) of bindings that were unbound -> when the last one was."""

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def by_extension(self, x: str, extension: str) -> AxeBinding | None:
        """The binding of that extension on `x`."""
        return next((b for b in self.on(x) if b.extension == extension), None)

    def by_user(self, x: str, a: str) -> AxeBinding | None:
        """The binding of `a` on `x`."""
        return next((b for b in self.on(x) if b.a == a), None)

    def x_fault(self, x: str) -> Fault | None:
        """Why a bind on `x` is no affair of this application, if so."""
        return fault_of_foreign_x(self, x, "AXE-BIND-010", X_CODES, unknown=UNKNOWN_X, malformed=MALFORMED_X)

    # ── call-back records ────────────────────────────────────────────────────────────────────────────────────────────

    def record_seconds(self, binding: AxeBinding) -> int | None:
        """How long a record of `binding` lives when it is written.

        None: none is written.
        """
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
        """A call-back was put through.

        Its record may live longer now, or end sooner if the time was changed.
        """
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
        records = [b.record.gone_from for b in self.bindings.values() if b.record is not None]
        ends = [super().next_expiry(), *(end for end in records if self.now < end < FOREVER)]
        return min((end for end in ends if end is not None), default=None)

    def drop(self, binding: AxeBinding, by: str, frees: str) -> None:
        """See OracleState."""
        if by.startswith("AXE-UNBIND"):
            self.unbound_at[binding.x, binding.extension] = self.now
        super().drop(binding, by, frees)

    def may_be_cut(self, by: str) -> bool:
        """See OracleState: an unbind lets earlier calls go on normally."""
        return not by.startswith("AXE-UNBIND")
