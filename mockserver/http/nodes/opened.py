"""The connections of a node to its database."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from privnum.mockserver.database.appending import LoopAppender
from privnum.mockserver.database.reading import Reader
from privnum.mockserver.database.store import Store
from privnum.mockserver.database.watch import Watcher

if TYPE_CHECKING:
    from privnum.mockserver.database.session import Connection, Database

__all__ = ["Opened"]


class Opened:
    """Connections of a node, and the number that it got.

    To make them takes as long as the database does.

    Args:
        database: to which.
        address: by which other nodes reach this one.

    Raises:
        StateError: the database is away.
    """

    def __init__(self, database: Database, address: str) -> None:
        with contextlib.ExitStack() as undo:
            connections: list[Connection] = []
            for _ in range(5):
                connections.append(database.connect())
                undo.callback(connections[-1].close)
            watching, writing, appending, asking, self.loading = connections
            self.database = database
            self.watcher = Watcher(watching, database, address)
            self.store = Store(writing, database, self.watcher.node)
            self.appender = LoopAppender(appending, database, self.watcher.node)
            self.reader = Reader(asking, database)
            undo.pop_all()
