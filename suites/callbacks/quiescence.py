"""When no more pushes come, by the driver's word or by a stated time.

So it is decided that a push did not come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.base.printing import plural
from privnum.suites.driver.protocol import moment

if TYPE_CHECKING:
    from privnum.suites.callbacks.observer import Observer

__all__ = ["can_observe_quiet", "wait_until_quiet"]

FIRST, LONGEST = 0.02, 0.5
"""Seconds between two looks, at first and at most."""


def can_observe_quiet(check: Observer) -> bool:
    """Whether the driver can say that no push is due.

    The embedded server pushes before it answers.
    """
    return check.session.target.embedded or "pushes" in check.session.capabilities


def wait_until_quiet(check: Observer) -> str | None:
    """Wait until every push that is due has come.

    In words how that was decided, None where the driver said so.

    Without the driver's word, none has come for `patience_seconds` of target.toml's [receiver]. So long is a driver
    believed too that says that some are due.
    """
    if check.session.target.embedded:
        return None
    return _by_word(check) if can_observe_quiet(check) else _by_time(check)


def _by_word(check: Observer) -> str | None:
    session = check.session
    end, step = session.clock() + session.patience, FIRST
    while (due := _due(check)) and session.clock() < end:
        session.wait(step)
        step = min(2 * step, LONGEST)
    return (
        f"{plural(due, 'push was', 'pushes were')} still due after {session.patience:g} s, says the driver"
        if due
        else None
    )


def _due(check: Observer) -> int:
    pending = check.outbox("pending")
    if not pending:
        return 0
    now = check.now()
    times = [push["next_attempt_at"] for push in pending]
    return sum(1 for at in times if at is None or moment(at) <= now)


def _by_time(check: Observer) -> str:
    session, box = check.session, check.receiver
    count, end = len(box.pushes), session.clock() + session.patience
    while (left := end - session.clock()) > 0:
        session.wait(min(left, LONGEST))
        if len(box.pushes) > count:
            count, end = len(box.pushes), session.clock() + session.patience
    return f"no more pushes came for {session.patience:g} s"
