"""What speaks against a request, whatever its mode.

Numbers, tones, an X that is another's or blocked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.oracle.state import OracleState

    State = OracleState[Any, Any, Any]

__all__ = [
    "MALFORMED",
    "Codes",
    "fault_of_foreign_x",
    "fault_of_subscription",
    "faults_of_blocked_x",
    "faults_of_change",
    "faults_of_tones",
    "faults_of_users",
]

MALFORMED = "403/1010002"
UNKNOWN_X, MALFORMED_X = ("numbers.unknown_x", "COM-OPEN-021"), ("numbers.malformed_x", "COM-OPEN-020")
"""The assumption that gives the code, and the requirement of that code."""


class Codes(NamedTuple):
    """The codes that an assumption may have, and the requirement of the code."""

    assumption: str
    requirement: str
    choices: tuple[str, ...] = ()

    def fault(self, state: State, requirement: str) -> Fault:
        """A refusal that `requirement` asks for, with the code that is settled.

        Raises Undecided where none is.
        """
        code = state.assumptions.choose(self.assumption, *self.choices)
        return Fault.of(requirement, f"403/{code}", code=self.requirement)


def faults_of_users(state: State, users: Iterable[str]) -> list[Fault]:
    """What speaks against binding these numbers.

    No service numbers, and none that are malformed.
    """
    faults = []
    for kind in sorted({kind_of(user) for user in users}):
        if kind == "service":
            codes = Codes("numbers.service_user", "COM-OPEN-019", ("1010002", "1012007"))
            faults.append(codes.fault(state, state.rule("BIND-027")))
        elif kind == "malformed" and (code := state.assumptions.choose("numbers.malformed_user")) != "accept":
            faults.append(Fault.of("COM-OPEN-018", f"403/{code}"))
    return faults


def faults_of_tones(state: State, fields: Mapping[str, object], names: Iterable[str]) -> list[Fault]:
    """What speaks against the tones that are named: they are not uploaded."""
    named = {fields[name] for name in names if fields.get(name)}
    known = state.around.tones
    return [] if known is None or named <= set(known) else [Fault.of(state.rule("BIND-030"), MALFORMED)]


def fault_of_foreign_x(
    state: State,
    x: str,
    requirement: str,
    codes: Codes,
    *,
    unknown: tuple[str, str] = UNKNOWN_X,
    malformed: tuple[str, str] = MALFORMED_X,
) -> Fault | None:
    """Why `x` cannot be used by this application, if so.

    `requirement` is broken by one who takes another application's X; `codes` are those of its refusal.
    """
    if x in state.around.own:
        return None
    if x in state.around.foreign:
        return codes.fault(state, requirement)
    assumption, rule = unknown if kind_of(x) == "mobile" else malformed
    return Fault.of(rule, f"403/{state.assumptions.choose(assumption)}")


def faults_of_blocked_x(state: State, x: str, codes: Codes) -> list[Fault]:
    """What speaks against a bind on an X that is blocked."""
    return [codes.fault(state, state.rule("BIND-029"))] if state.is_blocked(x) else []


def faults_of_change(state: State, x: str, codes: Codes) -> list[Fault]:
    """What speaks against dissolving or changing a binding whose X is blocked.

    Raises Undecided where X is frozen.
    """
    if state.status.get(x) == "11":
        raise Undecided("a change of a binding whose X is frozen for binding")
    if state.is_blocked(x) and state.assumptions.choose(codes.assumption, "success", "1012102") != "success":
        return [Fault.of(codes.requirement, "403/1012102")]
    return []


def fault_of_subscription(
    state: State, subscription_id: str, gone: str, *, unknown: str, expired: str, foreign: Fault
) -> Fault:
    """Why an unknown subscriptionId selects none; `gone` answers it.

    `unknown` and `expired` are the requirements that one who finds something breaks.
    """
    if state.is_foreign(subscription_id):
        return foreign
    ended = state.dissolved.get(subscription_id, "").startswith(state.rule("LIFE"))
    return Fault.of(expired if ended else unknown, gone)
