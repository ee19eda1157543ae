"""How long calls take on the target.

What others plan by, and so found out before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.axe.scenarios import PROMPTS
from privnum.suites.probes.axe.fixtures import require_binding
from privnum.suites.probes.fixtures import way
from privnum.suites.runner.call_timing import wait_for_state
from privnum.suites.runner.check import CannotSettle, probe
from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from datetime import datetime

    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

TIMED = ("calls", "clock")
RINGS = 2
"""Seconds after the forwarding at which the callee of the plan rings."""
CALLS = 2
"""Calls that are compared: a time that is another one each time is none to plan by."""
LONGEST = 60
"""Seconds in which a collection must be over."""


def whole(since: datetime | None, until: datetime | None, what: str) -> int:
    """The whole seconds between two times.

    Raises CannotSettle where they are no whole number, or not reported.
    """
    if since is None or until is None:
        raise CannotSettle(f"the driver does not report {what}")
    seconds = (until - since).total_seconds()
    if abs(seconds - round(seconds)) > 0.05:  # what is off by so little is the precision of a clock
        raise CannotSettle(f"{what}: {seconds:.3f} s, and calls are planned in whole seconds")
    return round(seconds)


@probe("call.setup_seconds", needs=TIMED)
def setup_seconds(context: CheckContext) -> int:
    """Seconds from the forwarding to the ringing, without those of the plan."""
    leg = way(context)
    seen = []
    for _ in range(CALLS):
        call = context.call(leg.caller, leg.dialled, ring_after=RINGS, answer_after=300, **leg.plan)
        call = wait_for_state(context, call, "alerting", 0)
        seen.append(whole(call.forwarded_at, call.alerting_at, "how long a call takes to ring") - RINGS)
        context.hang_up(call)
    if len(set(seen)) > 1:
        raise CannotSettle(f"calls took {' and '.join(map(str, seen))} s more than planned until the callee rang")
    return max(0, seen[0])


@probe("axe.collection_seconds", needs=TIMED)
def collection_seconds(context: CheckContext) -> int:
    """Seconds until a silent caller is given up, for each prompt heard."""
    binding = require_binding(context)
    call = context.call(context.user(), binding.x)
    call = poll_call(context, call, lambda view: view.state == "ended", 0, late=PROMPTS * LONGEST)
    prompts = 1 if call.played is None else call.played.count("extension_prompt")
    if not prompts or (call.played is None and context.axe.app.repeat_collections):
        raise CannotSettle("the driver does not report how often the caller was asked")
    seconds = whole(call.started_at, call.ended_at, "how long a caller was asked")
    if seconds % prompts:
        raise CannotSettle(f"{seconds} s for {prompts} prompts are no whole number for each")
    return seconds // prompts
