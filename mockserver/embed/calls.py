"""A call, as a test sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Call"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call at one moment.

    Times are text of the form 2026-03-01T00:00:00Z, None = not reached.

    `state` is collecting, asking, forwarded, alerting, answered or ended; `forwarded_to` and `displayed` are what the
    platform made of the dialled X: whom it rings, and the number he sees. `extension` is the one by which the call was
    put through, `collected` what the caller entered, `played` what he heard (AXE). `answer_problem` says what was wrong
    with the customer's answer to callin, what came and what would be right (X). `release_cause_text` has the cause in
    words.
    """

    id: str
    session_id: str
    mode: str
    app_key: str | None
    x: str
    caller: str
    called: str
    state: str
    forwarded_to: str | None
    displayed: str | None
    subscription_id: str | None
    release_cause: int | None
    started_at: str
    forwarded_at: str | None
    alerting_at: str | None
    answered_at: str | None
    ended_at: str | None
    extension: str | None = None
    collected: Sequence[str] = ()
    played: Sequence[str] = ()
    answer_problem: str | None = None
    release_cause_text: str | None = None
