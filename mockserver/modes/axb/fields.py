"""AXB: what a bind and a modify have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["USERS", "check_blocked", "check_not_x"]


USERS: Final = ("callerNum", "calleeNum")


def check_not_x(assumptions: Assumptions, x: str, *users: str) -> None:
    """Check that the users are not the X itself (AXB-OPEN-003)."""
    if x in users and (choice := assumptions.text("axb.a_equals_x")) != "accept":
        raise Refusal(choice, "callerNum and calleeNum must not be the X number itself.", "AXB-OPEN-003")


def check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    """Check that a binding on this X can be dissolved and changed.

    binding.blocked_x_changes.
    """
    if x.status in NO_CALLS and (choice := assumptions.text("binding.blocked_x_changes")) != "success":
        raise Refusal(choice, "The X of the binding is suspended or unavailable.", "COM-OPEN-074")
