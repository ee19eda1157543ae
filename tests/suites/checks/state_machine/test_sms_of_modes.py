"""SMS of several modes in one history."""

from __future__ import annotations

from privnum.suites.checks.ax.model_based import AxPair
from privnum.suites.checks.sms.verdicts import route
from privnum.suites.checks.state_machine.sms import write
from privnum.suites.checks.x.model_based import XPair
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED


def test_a_verdict_of_x_is_given_in_no_other_mode() -> None:
    """The same person writes in X, where the customer answers, and then in AX, where he does not."""
    context = CheckContext(Session(EMBEDDED), "sms").open()
    sender, other = context.user(), context.user()
    x_pair = XPair(context, context.x.app, ())
    ax_pair = AxPair(context, context.ax.app, (), [sender, other])
    x_pair.write(sender, context.x.x(0), "hello", route(other))
    ax_pair.bind_plainly([sender], context.ax.x(0))
    write(ax_pair, sender, context.ax.x(0), ("hello", None), [])  # claims that the SMS waits
    context.close()
