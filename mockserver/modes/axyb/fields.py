"""AXYB: what its operations have in common.

app_key in the query string, tones, what a blocked X allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.errors import Refusal

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params

__all__ = ["check_app_key", "check_blocked"]


def check_app_key(assumptions: Assumptions, app: Application, params: Params) -> None:
    """Check that app_key in the query is the signer's (AXYB-OPEN-013).

    Check that the query string names the application that has signed the request (AXYB-OPEN-013).
    """
    if params["app_key"] != app.app_key and (choice := assumptions.text("axyb.app_key_differs")) != "ignore":
        raise Refusal(choice, "app_key of the query string must be that of the header.", "AXYB-OPEN-013")


def check_blocked(assumptions: Assumptions, x: XNumber, assumption: str, rule: str) -> None:
    """Check that a binding on this X may be changed.

    It is dissolved, or gets a B; the assumption says whether it can.
    """
    if x.status in NO_CALLS and (choice := assumptions.text(assumption)) != "success":
        raise Refusal(choice, "The X of the binding is suspended or unavailable.", rule)
