"""Lets this server be a node, and anew behind each loss of the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from privnum.mockserver.http.nodes.node import Node
from privnum.mockserver.http.nodes.opened import Opened
from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.database.session import Database
    from privnum.mockserver.http.nodes.units import Shared

__all__ = ["Life"]

_log = logging.getLogger("privnum.nodes")

#: Seconds between two tries to reach a database that is away.
_BETWEEN: Final = 0.3
#: Seconds for which an end waits for the database. What was answered is kept by then, and others find the node dead.
_ENDS_WITHIN: Final = 20.0


class Life:
    """The node that this server is now.

    Args:
        database: where the worlds are.
        address: by which other nodes reach this one.
        shared: with all units.
    """

    def __init__(self, database: Database, address: str, shared: Shared) -> None:
        self._database = database
        self._address = address
        self._shared = shared
        #: The node, None while there is none.
        self.node: Node | None = None
        #: Called when a node is lost: ends connections on which answers wait.
        self.closes: Callable[[], None] = lambda: None
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the loop that serves."""
        self._task = asyncio.ensure_future(self._live())

    async def current(self) -> Node | None:
        """Return the node, None where the database is away."""
        await self._tried.wait()
        node = self.node
        return None if node is None or node.is_lost else node

    async def stop(self) -> None:
        """Give all worlds away."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        node = self.node
        if node is None or node.is_lost:
            return
        try:
            async with asyncio.timeout(_ENDS_WITHIN):
                await node.end()
        except TimeoutError:
            node.lose("the database does not answer")

    async def _live(self) -> None:
        is_away = False
        while True:
            try:
                opened = await asyncio.to_thread(Opened, self._database, self._address)
            except StateError as error:
                if not is_away:
                    _log.warning("%s; requests are answered with 503 until it is back", error)
                is_away = True
                self._tried.set()
                await asyncio.sleep(_BETWEEN)
                continue
            gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self.node = Node(opened, self._shared, partial(self._lose, gone))
            self.node.start()
            if is_away:
                _log.warning("the database is back; this is node %d now", self.node.number)
            is_away = False
            self._tried.set()
            why = await gone
            _log.warning("%s; this node lets go of its worlds and begins anew", why)

    def _lose(self, gone: asyncio.Future[str], why: str) -> None:
        self.node = None
        self._tried.clear()  # who asks meanwhile waits until it is known whether the database is away
        self.closes()
        if not gone.done():
            gone.set_result(why)
