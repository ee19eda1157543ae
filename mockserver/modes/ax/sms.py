"""AX: whom an SMS to X is for.

A names the receiver by @number, else the customer is asked; others write to A.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.modes import BindingSnapshot, SmsAsk, SmsRefuse, SmsRoute
from privnum.mockserver.core.numbers import kind, with_country
from privnum.mockserver.modes.ax.bindings import binding_on
from privnum.mockserver.modes.sms import may_write, refused_by_binding

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["AXSms"]

_NO_BINDING: Final = 2
_ALL_FAILED: Final = 10
_FROM_A: Final = 1
_TO_A: Final = 0
_UNKNOWN: Final = 2
#: Whose SMS an X that is switched off does not carry, by ax.turned_off_sms: whether they are A's.
_TURNED_OFF: Final[dict[str, tuple[bool, ...]]] = {"none": (), "to_a": (False,), "all": (False, True)}
#: What A writes for somebody: his number stands behind an @ at the very end (AX-SMS-101).
_ADDRESSED: Final = re.compile(r"(.*)@(\+?[0-9]+)", re.DOTALL)


class AXSms:
    """SMS of AX."""

    def route_sms(self, assumptions: Assumptions, x: XNumber, sender: str, text: str) -> SmsRoute | SmsAsk | SmsRefuse:
        """Decide whom an SMS from `sender` to `x` is for.

        AX-SMS-101, AX-SMS-102, AX-SMS-025, AX-SMS-010, AX-SMS-015, AX-OPEN-027.
        """
        binding = binding_on(x)
        if binding is None:
            return SmsRefuse(_NO_BINDING, _UNKNOWN)
        from_a = binding.a == sender
        direction = _FROM_A if from_a else _TO_A
        terms = BindingSnapshot(binding.subscription_id, binding.user_data)
        if (result := refused_by_binding(binding)) is not None:
            return SmsRefuse(result, direction, terms)
        if not may_write(assumptions, binding, from_a=from_a):
            return SmsRefuse(_NO_BINDING, direction, terms)
        if binding.power == "off" and from_a in _TURNED_OFF[assumptions.text("ax.turned_off_sms")]:
            return SmsRefuse(_ALL_FAILED, direction, terms)
        if not from_a:
            return SmsRoute(binding.a, f"{text}[From{sender}]", direction, terms)
        found = _ADDRESSED.fullmatch(text)
        receiver = None if found is None else _full(found[2])
        if found is None or receiver is None:
            return SmsAsk(direction, terms)
        return SmsRoute(receiver, found[1], direction, terms)


def _full(number: str) -> str | None:
    """Return a number in global format; None where it is none.

    That of a mobile may lack its +86.
    """
    return number if kind(number) is not None else with_country(number)
