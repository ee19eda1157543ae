"""How long the calls of a target take.

No page says it, so a call is followed by what the driver reports of it.

A check waits until a call has come so far, and longer than its plan says where the platform takes longer. Where it has
to plan a time, it plans by the platform's own: how long a call is set up, and how long digits are waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["LATE", "collection_seconds", "entry_delay", "setup_seconds", "wait_for_state", "wait_until_decided"]

LATE = 60
"""Seconds by which a call may come later to what its plan says: real networks need some of them."""
LOOK = 0.05
"""Seconds of real time between two looks at a call of which the customer is asked."""
ORDER = ("collecting", "asking", "forwarded", "alerting", "answered", "ended")
"""The states of a call, in the order in which it comes to them."""


def setup_seconds(context: CheckContext) -> int:
    """Seconds that the platform adds between forwarding and ringing.

    As far as that is known.
    """
    return int(context.assumptions["call.setup_seconds"])


def collection_seconds(context: CheckContext) -> int:
    """Seconds after a prompt within which a caller has to enter an extension."""
    return int(context.assumptions["axe.collection_seconds"])


def entry_delay(context: CheckContext, wanted: int) -> int:
    """Seconds after a prompt at which a caller enters something in time.

    As wanted, or less.
    """
    return max(1, min(wanted, collection_seconds(context) // 2))


def wait_for_state(context: CheckContext, call: CallView, state: str, seconds: int) -> CallView:
    """The call once it has come to that state, or further.

    By its plan after `seconds`, at most LATE s later.
    """
    place = ORDER.index(state)
    return poll_call(context, call, lambda view: ORDER.index(view.state) >= place, seconds, late=LATE)


def wait_until_decided(context: CheckContext, call: CallView) -> CallView:
    """The call once the customer of X mode has answered, if he does soon.

    He is asked in real time, while the time of the world need not go on.
    """
    session = context.session
    end = session.clock() + session.patience
    while call.state == "asking" and session.clock() < end:
        session.wait(LOOK)
        call = context.look(call)
    return call
