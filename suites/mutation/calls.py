"""Seeded bugs of how calls end, for each mode: the participants are the same in all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from privnum.mockserver.calls import engine as calls
from privnum.mockserver.calls import participants

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.mutation.model import Mutant, Seed

__all__ = ["wrong_causes"]

#: How a callee does not take a call, a cause that is wrong for it, and the rule that says the right one.
ENDS = (
    ("busy", 8101, "CALL-016"),
    ("no_answer", 7502, "CALL-017"),
    ("reject", 8102, "CALL-018"),
    ("powered_off", 8103, "CALL-019"),
    ("out_of_service", 8104, "CALL-020"),
    ("not_exist", 8105, "CALL-021"),
    ("unreachable", 8104, "CALL-005"),
    ("silent", 8101, "CALL-006"),
)


def wrong_causes(mode: str, make: Callable[[str, str, str, Seed], Mutant]) -> tuple[Mutant, ...]:
    """The bugs of one mode, made by its own `make`: id, rule, description, seed."""
    return (
        *(
            make(f"ends-{how}", f"{mode}-{rule}", f"A call to {how} ends with {cause}.", _ends(how, cause))
            for how, cause, rule in ENDS
        ),
        make("gave-up-early", f"{mode}-CALL-014", "Giving up before it rings is 7502.", _gives_up("forwarded", 7502)),
        make("gave-up-late", f"{mode}-CALL-015", "Giving up while it rings is 7501.", _gives_up("alerting", 7501)),
        make("impatient", f"{mode}-CALL-006", "The platform gives up after a minute.", _patient(60)),
        make("patient", f"{mode}-CALL-006", "The platform gives up after two minutes.", _patient(120)),
        make(
            "hang-up-cause",
            f"{mode}-CALL-013",
            "Hanging up after the answer is 7502.",
            lambda: patch.object(calls, "_ANSWERED_CAUSE", 7502),
        ),
    )


def _ends(behaviour: str, cause: int) -> Seed:
    """A call that the callee does not take ends with another cause."""
    right = participants.BEHAVIOURS[behaviour]
    return lambda: patch.dict(participants.BEHAVIOURS, {behaviour: right._replace(outcome=cause)})


def _gives_up(state: str, cause: int) -> Seed:
    return lambda: patch.dict(calls._GAVE_UP, {state: cause})


def _patient(seconds: int) -> Seed:
    right = participants.BEHAVIOURS["silent"]
    return lambda: patch.dict(participants.BEHAVIOURS, {"silent": right._replace(wait=seconds)})
