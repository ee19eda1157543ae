"""Delivery of pushes to customers' servers over HTTP."""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter
from typing import TYPE_CHECKING, Final

from privnum.mockserver.http.posting import Poster, PushRules
from privnum.mockserver.pushes.addresses import masked_address, receiver_of
from privnum.mockserver.pushes.outcomes import Trip

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.pushes.outcomes import Outcome
    from privnum.mockserver.pushes.push import Push

__all__ = ["PATIENCE_SECONDS", "HttpDelivery"]

#: Seconds of real time after which an answer counts as slow, and a line says who is waited for.
PATIENCE_SECONDS: Final = 1.0

_log = logging.getLogger("privnum.delivery")


class HttpDelivery:
    """Sends pushes, and logs which receivers are slow.

    Args:
        edge_now_ms: the wall clock, by which pushes are signed.
        rules: how they are sent.
        patience_seconds: after so long a line says who is waited for.
    """

    def __init__(
        self,
        edge_now_ms: Callable[[], int],
        rules: PushRules | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._edge_now_ms = edge_now_ms
        self._rules = rules or PushRules()
        self._patience_seconds = patience_seconds
        self._poster = Poster(self._rules)
        #: Attempts under way by receiver, and the receivers of which it was said that they are slow.
        self._under_way: dict[str, int] = {}
        self._slow: set[str] = set()

    async def __call__(self, push: Push) -> Outcome:
        """Make one attempt and return how it ended."""
        receiver = masked_address(receiver_of(push.url))
        self._under_way[receiver] = self._under_way.get(receiver, 0) + 1
        given = self._rules.timeout_seconds
        seconds = push.timeout_seconds if given is None else given
        timer = asyncio.get_running_loop().call_later(self._patience_seconds, self._log_slow, receiver, seconds)
        try:
            headers, began = push.headers(self._edge_now_ms()), perf_counter()
            outcome = await self._poster.post(push.url, headers, push.content, seconds)
        finally:
            timer.cancel()
            self._under_way[receiver] -= 1
            if not self._under_way[receiver]:
                del self._under_way[receiver]
                self._slow.discard(receiver)
        return outcome._replace(trip=Trip.since(began, headers))

    def hurry(self, seconds: float) -> None:
        """Wait for no customer longer than that: the end is near."""
        self._poster.hurry(seconds)

    def _log_slow(self, receiver: str, seconds: float) -> None:
        if receiver not in self._slow:
            self._slow.add(receiver)
            _log.warning(
                "waiting for %s, which has not answered %d push%s; each attempt ends after %g s (--push-timeout)",
                receiver,
                self._under_way[receiver],
                "" if self._under_way[receiver] == 1 else "es",
                seconds,
            )
