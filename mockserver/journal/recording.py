"""Enters into a journal what has happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from privnum.mockserver.journal.entries import PushEntry, cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.journal.ring import Journal
    from privnum.mockserver.pushes.outbox import Outbox
    from privnum.mockserver.pushes.outcomes import Attempt, Trip
    from privnum.mockserver.pushes.push import Push

__all__ = ["attempts_into"]


class _Pushing(Protocol):
    now_ms: int
    outbox: Outbox


def attempts_into(journal: Journal, world: _Pushing) -> Callable[[Push, Attempt, bytes, Trip], None]:
    """Return what enters the attempts of a world's pushes into its journal."""
    return partial(_note, journal, world)


def _note(journal: Journal, world: _Pushing, push: Push, attempt: Attempt, answer: bytes, trip: Trip) -> None:
    if journal.wants_pushes:
        journal.add(
            PushEntry(
                edge_ms=journal.watch.now_ms(),
                world_ms=world.now_ms,
                ms=trip.ms,
                push_id=push.id,
                kind=push.kind,
                app_key=push.app_key,
                url=push.url,
                attempt=push.attempt,
                headers=trip.headers,
                body=cut(push.content),
                length=len(push.content),
                outcome=attempt.outcome,
                detail=attempt.detail,
                answer=cut(answer),
                state=push.state,
                next_ms=push.due_ms if push.state == "pending" else None,
                accepted=world.outbox.has_succeeded(attempt.outcome, answer),
                fault="" if push.injected is None else push.injected.label,
            )
        )
