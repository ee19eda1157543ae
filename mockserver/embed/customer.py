"""Customers' servers for the embedded stand-in: over HTTP, or a Python function, sync or async."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import httpx

from privnum.mockserver.http.delivery import LONGEST_ANSWER, is_web_address, outcome_of, user_agent

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.direct import Customer
    from privnum.mockserver.outbox import Push
    from privnum.mockserver.pump import AsyncDeliver, Outcome

__all__ = ["AsyncCustomer", "HttpCustomer", "calling"]

#: As `Customer`, but awaited.
AsyncCustomer = Callable[[str, list[tuple[str, str]], bytes], Awaitable[tuple[int, bytes]]]


class HttpCustomer:
    """Sends pushes over HTTP, for a server in process whose customer is not: `DirectServer(customer=HttpCustomer())`.

    Args:
        cap_seconds: real time for each phase of an attempt; then it counts as "timeout" (COM-OPEN-048).
    """

    def __init__(self, cap_seconds: float = 5.0) -> None:
        self._client = httpx.Client(
            headers=user_agent(), trust_env=False, follow_redirects=False, timeout=httpx.Timeout(cap_seconds)
        )

    def __call__(self, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        """Make one attempt.

        Raises:
            TimeoutError: no answer in time.
            ConnectionError: nobody there, or no HTTP.
        """
        try:
            answer = self._client.post(url, headers=headers, content=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if outcome_of(error)[0] == "timeout":
                raise TimeoutError(str(error)) from error
            raise ConnectionError(str(error)) from error
        return answer.status_code, answer.content[:LONGEST_ANSWER]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def calling(customer: Customer | AsyncCustomer, edge_now_ms: Callable[[], int]) -> AsyncDeliver:
    """Return a delivery that calls a function, sync or async, as the customer's server."""

    async def deliver(push: Push) -> Outcome:
        if not is_web_address(push.url):
            return "refused", b""
        try:
            answer = customer(push.url, push.headers(edge_now_ms()), push.body)
            status, body = await answer if inspect.isawaitable(answer) else answer
        except TimeoutError:
            return "timeout", b""
        except ConnectionError:
            return "refused", b""
        return str(status), body

    return deliver
