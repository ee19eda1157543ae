"""A request that a fault of its world strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.answers import Answer, Injected
from privnum.mockserver.core.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.faults import Fault
    from privnum.mockserver.worlds.pipeline import Route
    from privnum.mockserver.worlds.world import World

__all__ = ["answer_by_fault"]

#: Words by which no whole answer goes out.
_ENDINGS: Final = frozenset({"dropped", "reset", "half_sent"})


def answer_by_fault(fault: Fault, world: World, route: Route, serve: Callable[[], Answer], longest: int) -> Answer:
    """Return the answer to a request that is struck.

    It is carried out first where the fault says so.

    Args:
        fault: which strikes it.
        world: which the request is for.
        route: the operation.
        serve: carries it out and answers; it does not raise.
        longest: how long a resultdesc may be.
    """
    answer = serve() if fault.carried_out else Answer(0, b"", ())
    code = fault.code_for(route.operation.id)
    if code:
        answer = _refuse_by_code(code, world, route, longest)
    elif fault.word == "status":
        answer = Answer(fault.get("status"), b"", ())
    ending = fault.word if fault.word in _ENDINGS else ""
    return answer._replace(injected=Injected(fault.label, fault.get("delay_ms") or 0, ending))


def _refuse_by_code(code: str, world: World, route: Route, longest: int) -> Answer:
    """Return the refusal that the platform would send.

    `code` may be an assumption that holds the code.
    """
    if code in world.assumptions:
        code = world.assumptions.text(code)
    former = world.former_codes.get(route.operation.id, {}).get(code, code)
    refusal = Refusal(former)
    return Answer(refusal.status, refusal.body(longest))
