"""Who waits for the next entry of a journal.

Nobody polls: a new entry wakes those whom it fits.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privnum.mockserver.journal.entries import Entry
    from privnum.mockserver.journal.select import Wait

__all__ = ["Waiters"]


class Waiters:
    """Those who wait, in the loop that serves them."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def wait(self, wait: Wait) -> None:
        """Return when there is an entry that is wanted, or the time is over."""
        journal, wanted = wait.journal, wait.wanted
        if wait.over:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(_: int, entry: Entry) -> None:
            if wanted.fits(entry) and not woken.done():
                woken.set_result(None)

        journal.watchers.append(look)
        self._waiting.add(woken)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait.seconds):
                    await woken
        finally:
            journal.watchers.remove(look)
            self._waiting.discard(woken)

    def release(self) -> None:
        """Let all of them go: the server is being stopped."""
        for woken in self._waiting:
            if not woken.done():
                woken.set_result(None)
