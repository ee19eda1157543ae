"""What a binding says of SMS, in every mode that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.modes.bindings import DirectedBinding

__all__ = ["may_write", "refused_by_binding"]

#: The side that a callDirection shuts out: 1 lets A alone begin, 2 the others alone.
_SHUT_OUT: Final = {1: False, 2: True}


def refused_by_binding(binding: DirectedBinding) -> str | None:
    """Return the assumption with the result where privateSms is false.

    AX-SMS-015, SMS-015.
    """
    return "sms.private_sms_off" if binding.private_sms is False else None


def may_write(assumptions: Assumptions, binding: DirectedBinding, *, from_a: bool) -> bool:
    """Return whether callDirection lets A, or others, write (COM-OPEN-959)."""
    if assumptions["sms.call_direction"] == "ignored" or not binding.direction:
        return True
    return _SHUT_OUT.get(binding.direction) is not from_a
