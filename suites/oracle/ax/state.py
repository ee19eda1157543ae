"""The state of AX.

Each X has one A, who may have set whom he reaches by his next call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.ax.routing import AxCall
from privnum.suites.oracle.ax.types import AxBinding, AxSurroundings, TemporaryCallee
from privnum.suites.oracle.settings import settings_of
from privnum.suites.oracle.state import OracleState
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["AxState", "fields_of"]

NOT_SETTINGS = ("origNum", "privateNum", "privateNumType", "areaCode", "areaMatchMode", "subscriptionId")


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings that a bind or modify carries, in one form.

    Flags are bool, calleeNumDisplay is text.
    """
    fields = settings_of(body, NOT_SETTINGS)
    if "calleeNumDisplay" in fields:
        fields["calleeNumDisplay"] = str(fields["calleeNumDisplay"])
    return fields


class AxState(OracleState[AxBinding, AxCall, AxSurroundings]):
    """The state of one application's AX numbers."""

    mode = "AX"

    def of(self, a: str) -> list[AxBinding]:
        """The bindings of one A."""
        return [binding for binding in self.bindings.values() if binding.a == a]

    def bound_on(self, x: str) -> AxBinding | None:
        """The binding on `x`."""
        return next(iter(self.on(x)), None)

    def ends(self) -> Iterator[int]:
        """See OracleState.

        Bindings last until they are dissolved, temporary callees do not.
        """
        callees = (binding.callee for binding in self.bindings.values())
        return (callee.ends_at for callee in callees if callee is not None)

    def expire(self) -> None:
        """See OracleState."""
        for binding in self.bindings.values():
            if binding.callee is not None and not self.lives_until(binding.callee.ends_at):
                binding.without_callee = binding.callee.lifetime
                binding.callee = None

    def record_call(self, call: AxCall) -> None:
        """See OracleState.

        Whom A has reached has to be set again, if one call is all that he is set for.
        """
        super().record_call(call)
        callee, binding = call.callee, self.bound_on(call.x)
        if callee is None or binding is None:
            return
        used = self.assumptions.any_of("ax.callee_use", "one_call", "until_expiry")
        if used == {"one_call"} and call.forwarded:
            binding.callee, binding.without_callee = None, "AX-OPEN-020"
        elif used != {"until_expiry"}:
            callee.is_open = True

    def callee_of(self, binding: AxBinding) -> TemporaryCallee | None:
        """Whom A of `binding` reaches now.

        Raises Undecided where he may be gone or not.
        """
        callee = binding.callee
        if callee is None or callee.number == binding.a:
            return None
        if callee.is_open:
            raise Undecided("a temporary callee after something of which nobody says whether it ends him")
        return callee
