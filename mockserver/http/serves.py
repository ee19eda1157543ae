"""What the protocol asks of the application that it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.http.rounds import Round

__all__ = ["Serves"]


class Serves(Protocol):
    """What the protocol asks of the application it serves, beside ASGI."""

    @property
    def faulty(self) -> AbstractSet[object]:
        """The worlds with a fault that can still strike."""
        ...

    @property
    def goes_round(self) -> Callable[[bytes, list[tuple[bytes, bytes]]], bool] | None:
        """Say by target and headers whether a request goes by way of ASGI.

        None: only where a fault may strike.
        """
        ...

    @property
    def when_kept(self) -> Callable[[Callable[[], None]], None] | None:
        """Call something once all that has come in so far is kept.

        None: nothing is kept.
        """
        ...

    @property
    def round(self) -> Round:
        """The answers that are made in this round of the event loop."""
        ...

    def api(
        self,
        method: str,
        path: str,
        query: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        client: str,
        scheme: str,
    ) -> Answer:
        """Answer a request of the API plane."""
        ...

    def malformed_answer(self, target: str) -> Answer:
        """Return the answer to bytes that are no HTTP request.

        What is known of its target may be incomplete.
        """
        ...

    def oversized_answer(self, target: str, headers: list[tuple[bytes, bytes]]) -> Answer:
        """Return the answer to a request that is too large.

        What is known of it may be incomplete.
        """
        ...
