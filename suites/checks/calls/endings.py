"""How a call that was put through can end, and what is said of it then.

Good values are copied from the tables of the API reference: hang-up causes (stateCode) and Q.850 causes (fwdUnaswRsn,
page 02_0018). Which release points say the same (ulFailReason), the oracle knows (oracle/release_causes.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INTERCEPTED", "LEFT", "NOT_TAKEN", "TAKEN", "TOO_LONG", "Ending"]


@dataclass(frozen=True, slots=True)
class Ending:
    """One end of a call, with what events and CDR say of it."""

    name: str
    rule: str
    """The rule that says the cause."""
    causes: tuple[int, ...]
    network: tuple[int, ...] = ()
    """Causes of Q.850 that say it; none: the callee's network did not end the call."""
    rings: bool = False
    answered: bool = False
    plan: Mapping[str, Any] = field(default_factory=dict)
    in_event: bool = True
    """Whether the table of stateCode has the cause; else only that of ulFailReason."""
    leaves: int | None = None
    """Seconds after which a caller hangs up who was put through at once."""


TAKEN = (
    Ending("the callee hangs up", "CALL-013", (0,), (0,), True, True),
    Ending("the caller hangs up", "CALL-013", (0,), (0,), True, True, {"hang_up_after": None}, leaves=20),
)
TOO_LONG = Ending("maxDuration is over", "CALL-011", (8010,), (0,), True, True, {"hang_up_after": None})
NOT_TAKEN = (
    Ending("busy", "CALL-016", (8102,), (17,), plan={"behaviour": "busy"}),
    Ending(
        *("no answer", "CALL-017", (8101, 8035), (18, 19)),
        rings=True,
        plan={"behaviour": "no_answer"},
    ),
    Ending("reject", "CALL-018", (7503, 7504), (21,), rings=True, plan={"behaviour": "reject"}),
    Ending("off", "CALL-019", (8104,), (20,), plan={"behaviour": "powered_off"}),
    Ending("out of service", "CALL-020", (8105,), (27,), plan={"behaviour": "out_of_service"}),
    Ending("does not exist", "CALL-021", (8100,), (1,), plan={"behaviour": "not_exist"}),
    Ending("unreachable", "CALL-005", (8103,), (20,), plan={"behaviour": "unreachable"}),
    Ending("silent", "CALL-006", (8035,), (18, 19), plan={"behaviour": "silent"}),
)
INTERCEPTED = (Ending("not registered", "CALL-022", (8058,), plan={"behaviour": "unregistered"}, in_event=False),)
"""What the platform does not put through: no network of a callee says why, and the CDR alone has the cause."""
LEFT = (
    Ending("the caller leaves before it rings", "CALL-014", (7501,), plan={"ring_after": 20}, leaves=5),
    Ending(
        *("the caller leaves while it rings", "CALL-015", (7502,)),
        rings=True,
        plan={"ring_after": 2, "answer_after": 20},
        leaves=10,
    ),
)
