"""X: of every SMS the customer is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.modes import SmsAsk

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["XSms"]

#: direction of every SMS of X (X-SMS-007).
_DIRECTION: Final = 1


class XSms:
    """SMS of X: nothing is bound, so the platform knows no receiver."""

    def route_sms(self, assumptions: Assumptions, x: XNumber, sender: str, text: str) -> SmsAsk:  # noqa: ARG002
        """Have the customer asked of anybody's SMS (X-SMS-025, X-OPEN-015)."""
        return SmsAsk(_DIRECTION, takes_data=assumptions["x.sms_user_data"] == "echoed")
