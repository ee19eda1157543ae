"""The state of AXB, and the settings that its requests carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axb.routing import AxbCall
from privnum.suites.oracle.axb.types import AxbBinding, AxbSurroundings
from privnum.suites.oracle.faults import Codes, fault_of_foreign_x
from privnum.suites.oracle.settings import settings_of
from privnum.suites.oracle.state import OracleState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.types import Fault

__all__ = ["AxbState", "fields_of"]

NUMBERS = ("callerNum", "calleeNum", "relationNum", "areaCode", "areaMatchMode", "subscriptionId")
SELECTOR_CODES = Codes("axb.selector_x_of_other_application", "AXB-OPEN-029", ("1012001", "1012007"))


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings that a bind or modify carries, in one form.

    Flags as bool, tones without their object.
    """
    return settings_of(body, NUMBERS)


class AxbState(OracleState[AxbBinding, AxbCall, AxbSurroundings]):
    """The state of one application's AXB numbers."""

    mode = "AXB"

    def not_ours(self, x: str, requirement: str, codes: Codes = SELECTOR_CODES) -> Fault | None:
        """Why `x` cannot be used by this application, if so.

        `requirement` is about another application's X.
        """
        return fault_of_foreign_x(self, x, requirement, codes)
