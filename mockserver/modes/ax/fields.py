"""AX: what a bind and a modify have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["check_blocked", "check_not_x"]


def check_not_x(assumptions: Assumptions, x: XNumber, name: str, number: str) -> None:
    """Check that a number is not the X itself (ax.a_equals_x)."""
    if number == x.number and (choice := assumptions.text("ax.a_equals_x")) != "accept":
        raise Refusal(choice, f"{name} must not be the X number itself.", "AX-OPEN-011")


def check_blocked(assumptions: Assumptions, x: XNumber) -> None:
    """Check that a binding on this X can be dissolved and changed.

    binding.blocked_x_changes.
    """
    if x.status in NO_CALLS and (choice := assumptions.text("binding.blocked_x_changes")) != "success":
        raise Refusal(choice, "The X of the binding is suspended or unavailable.", "COM-OPEN-074")
