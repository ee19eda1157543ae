"""When no more pushes come, by the driver's word or by a stated time: so it is decided that a push did not come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.driver.protocol import moment

if TYPE_CHECKING:
    from privnum.suites.runner.context import Bench

__all__ = ["settle", "tells"]

FIRST, LONGEST = 0.02, 0.5
"""Seconds between two looks, at first and at most."""


def tells(bench: Bench) -> bool:
    """Whether the driver can say that no push is due; the embedded server pushes before it answers."""
    return bench.session.target.embedded or "pushes" in bench.session.capabilities


def settle(bench: Bench) -> str | None:
    """Wait until every push that is due has come; in words how that was decided, None where the driver said so.

    Without the driver's word, none has come for `patience_seconds` of target.toml's [receiver]. So long is a driver
    believed too that says that some are due.
    """
    if bench.session.target.embedded:
        return None
    return _by_word(bench) if tells(bench) else _by_time(bench)


def _by_word(bench: Bench) -> str | None:
    session = bench.session
    end, step = session.clock() + session.patience, FIRST
    while (due := _due(bench)) and session.clock() < end:
        session.wait(step)
        step = min(2 * step, LONGEST)
    return f"{due} pushes were still due after {session.patience:g} s, says the driver" if due else None


def _due(bench: Bench) -> int:
    pending = bench.outbox("pending")
    if not pending:
        return 0
    now = bench.now()
    times = [push["next_attempt_at"] for push in pending]
    return sum(1 for at in times if at is None or moment(at) <= now)


def _by_time(bench: Bench) -> str:
    session, box = bench.session, bench.receiver
    count, end = len(box.pushes), session.clock() + session.patience
    while (left := end - session.clock()) > 0:
        session.wait(min(left, LONGEST))
        if len(box.pushes) > count:
            count, end = len(box.pushes), session.clock() + session.patience
    return f"no more pushes came for {session.patience:g} s"
