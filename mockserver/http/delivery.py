"""Delivery of pushes to customers' servers over HTTP."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import TYPE_CHECKING, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from privnum.mockserver.outbox import Push
    from privnum.mockserver.pump import Outcome

__all__ = ["LONGEST_ANSWER", "HttpDelivery", "is_web_address", "outcome_of", "user_agent"]

#: Seconds of real time that are left to customers when the server is stopped.
_HURRY_SECONDS: Final = 0.5
#: Bytes of an answer that are read; nothing but a short result is expected in it.
LONGEST_ANSWER: Final = 1 << 16

_log = logging.getLogger("privnum.delivery")


def is_web_address(url: str) -> bool:
    """Return whether a push can be sent to `url`: http and https only."""
    return url.lower().startswith(("http://", "https://"))


def user_agent() -> dict[str, str]:
    """Return the headers that replace httpx's own: no compression, since answers are read raw."""
    return {"user-agent": "privnum", "accept": "*/*", "accept-encoding": "identity"}


def outcome_of(error: Exception) -> Outcome:
    """Return the outcome of an attempt that ended with an error of httpx instead of an answer."""
    import httpx

    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timeout", b""
    if isinstance(error, httpx.ConnectError):
        return "refused", b""
    return "error", b""


class HttpDelivery:
    """Sends pushes; never follows a redirect, never uses a proxy of the environment.

    Args:
        edge_now_ms: the wall clock, by which pushes are signed.
        cap_seconds: real time after which an attempt counts as "timeout" at the latest: that of the push's world may
            be shorter (COM-OPEN-048).
    """

    def __init__(self, edge_now_ms: Callable[[], int], cap_seconds: float = math.inf) -> None:
        self._edge_now_ms = edge_now_ms
        self._cap_seconds = cap_seconds
        self._opening: asyncio.Future[httpx.AsyncClient] | None = None
        self._attempts: set[asyncio.Timeout] = set()

    async def __call__(self, push: Push) -> Outcome:
        """Make one attempt and return how it ended."""
        if not is_web_address(push.url):
            outcome: Outcome = ("error", b"")
        else:
            outcome = await self._attempt(await self.open(), push)
        if not outcome[0].startswith("2"):
            level = logging.INFO if outcome[0].isdecimal() else logging.WARNING
            _log.log(level, "%s %s to %s: %s", push.kind, push.id, contracts.mask(push.url), outcome[0])
        return outcome

    async def open(self) -> httpx.AsyncClient:
        """Get ready; the first push does it otherwise."""
        # Importing httpx takes longer than a hundred requests do; in a thread it holds up none of them.
        if self._opening is None:
            self._opening = asyncio.ensure_future(asyncio.to_thread(_client))
        return await asyncio.shield(self._opening)

    def hurry(self) -> None:
        """Wait for no customer much longer: the server is being stopped."""
        self._cap_seconds = min(self._cap_seconds, _HURRY_SECONDS)
        latest = asyncio.get_running_loop().time() + _HURRY_SECONDS
        for attempt in self._attempts:
            when = attempt.when()
            if when is not None and when > latest:
                attempt.reschedule(latest)

    async def close(self) -> None:
        """Close the connections to customers."""
        if self._opening is not None:
            client = await self._opening
            self._opening = None
            await client.aclose()

    async def _attempt(self, client: httpx.AsyncClient, push: Push) -> Outcome:
        attempt = asyncio.timeout(min(self._cap_seconds, push.timeout_seconds))
        self._attempts.add(attempt)
        try:
            async with attempt:
                return await self._post(client, push)
        except Exception as error:
            return outcome_of(error)
        finally:
            self._attempts.discard(attempt)

    async def _post(self, client: httpx.AsyncClient, push: Push) -> Outcome:
        headers = push.headers(self._edge_now_ms())
        async with client.stream("POST", push.url, headers=headers, content=push.body) as answer:
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) >= LONGEST_ANSWER:
                    break
            return str(answer.status_code), bytes(body[:LONGEST_ANSWER])


def _client() -> httpx.AsyncClient:
    import httpx

    # Each world bounds how many of its own pushes are under way (pump.py), so the pool need not.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    return httpx.AsyncClient(
        headers=user_agent(), trust_env=False, follow_redirects=False, timeout=httpx.Timeout(None), limits=limits
    )
