"""Whom a recorded call reaches, by the binding that its events name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Placed", "route_claims"]


class Placed(NamedTuple):
    """A call that was put through.

    Who called which number when, and whom it reached.


    `at` is in seconds, which may be off by `slack`. A number that the events do not show is empty.
    """

    caller: str
    dialled: str
    to: str
    at: float
    slack: int


def route_claims(mode: str, binding: Any, call: Placed) -> Iterator[Claim]:
    """What a binding says of a call that was put through by it."""
    if call.caller:
        yield from _ROUTES[mode](binding, call)
        if kind_of(call.caller) == "fixed_line":
            yield Claim(f"{mode}-CALL-007", False, f"a call of the fixed line {call.caller} was put through")


def _reaches(rule: str, call: Placed, wanted: str) -> Iterator[Claim]:
    if call.to:
        ok = call.to == wanted
        yield Claim(rule, ok, f"the call of {call.caller} to {call.dialled} reached {call.to}; {wanted} is right")


def _dials(mode: str, call: Placed, x: str) -> Iterator[Claim]:
    if call.dialled:
        ok = call.dialled == x
        yield Claim(f"{mode}-EVENT-006", ok, f"callin has called {call.dialled}; the X of the binding is {x}")


def _forbids(rule: str, call: Placed, direction: int) -> Claim:
    text = f"callDirection is {direction}, and the call of {call.caller} was put through"
    return Claim(rule, False, text)


def _of_axb(binding: Any, call: Placed) -> Iterator[Claim]:
    yield from _dials("AXB", call, binding.x)
    if call.caller not in binding.users:
        text = f"{call.caller}, who is not bound on {binding.x} by it, was put through"
        yield Claim("AXB-CALL-105", False, text)
        return
    from_a = call.caller == binding.a
    yield from _reaches("AXB-CALL-101" if from_a else "AXB-CALL-102", call, binding.partner(call.caller))
    if binding.direction == (2 if from_a else 1):
        yield _forbids("AXB-CALL-104" if from_a else "AXB-CALL-103", call, binding.direction)


def _of_ax(binding: Any, call: Placed) -> Iterator[Claim]:
    yield from _dials("AX", call, binding.x)
    if call.caller != binding.a:
        yield from _reaches("AX-CALL-101", call, binding.a)
        if binding.direction == 1:
            yield _forbids("AX-CALL-104", call, 1)
        return
    callee = binding.callee
    if callee is None or (not callee.is_open and callee.ends_at + call.slack < call.at):
        rule = "AX-CALL-103" if callee is None else callee.lifetime
        yield Claim(rule, False, f"A had no temporary callee, and reached {call.to}")
    elif not callee.is_open:
        yield from _reaches("AX-CALL-102", call, callee.number)
        if binding.direction == 2:
            yield _forbids("AX-CALL-105", call, 2)


def _of_axe(binding: Any, call: Placed) -> Iterator[Claim]:
    yield from _dials("AXE", call, binding.x)
    if call.caller != binding.a:
        yield from _reaches("AXE-CALL-101", call, binding.a)


def _of_axyb(binding: Any, call: Placed) -> Iterator[Claim]:
    relation = binding.of_number(call.dialled)
    if call.dialled == binding.x:
        if call.caller == binding.a:
            yield Claim("AXYB-CALL-106", False, f"A dialled his own X, and reached {call.to}")
            return
        yield from _reaches("AXYB-CALL-101", call, binding.a)
        if binding.direction == 1:
            yield _forbids("AXYB-CALL-109", call, 1)
    elif relation is not None and call.caller == binding.a:
        yield from _reaches("AXYB-CALL-102", call, relation.b)
        if binding.direction == 2:
            yield _forbids("AXYB-CALL-110", call, 2)


_ROUTES: Final[Mapping[str, Callable[[Any, Placed], Iterator[Claim]]]] = {
    "AX": _of_ax,
    "AXB": _of_axb,
    "AXE": _of_axe,
    "AXYB": _of_axyb,
    "X": lambda _binding, _call: iter(()),
}
