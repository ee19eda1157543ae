"""AXB: whom an SMS to X is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.core.modes import BindingSnapshot, SmsRefuse, SmsRoute
from privnum.mockserver.modes.axb.bindings import pair_of
from privnum.mockserver.modes.sms import may_write, refused_by_binding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["AXBSms"]

_NO_BINDING = 2
_UNKNOWN = 2


class AXBSms:
    """SMS of AXB: the other of the pair gets what one writes."""

    def route_sms(self, assumptions: Assumptions, x: XNumber, sender: str, text: str) -> SmsRoute | SmsRefuse:
        """Decide whom an SMS from `sender` to `x` is for.

        AXB-SMS-101, AXB-SMS-010, AXB-SMS-015.
        """
        pair = pair_of(x, sender)
        if pair is None:
            return SmsRefuse(_NO_BINDING, _UNKNOWN)
        from_a = pair.a == sender
        direction = 1 if from_a else 0
        terms = BindingSnapshot(pair.subscription_id, pair.user_data)
        if (result := refused_by_binding(pair)) is not None:
            return SmsRefuse(result, direction, terms)
        if not may_write(assumptions, pair, from_a=from_a):
            return SmsRefuse(_NO_BINDING, direction, terms)
        return SmsRoute(pair.b if from_a else pair.a, text, direction, terms)
