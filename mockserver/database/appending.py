"""Inputs of worlds on their way into the database.

The thread that writes appends them, or the loop itself.

A thread waits for Python's lock behind each call, which the loop has nearly all the time. The loop sends a batch over a
connection of its own, and goes on when that has an answer.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Final

from privnum.mockserver.database.prepared import Prepared, of_bytes, of_int, of_ints, of_texts
from privnum.mockserver.statefile.file import Batch, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.mockserver.database.session import Connection, Database

__all__ = ["DEPOSED", "Append", "LoopAppender"]

#: What a node hears of which others have taken the worlds.
DEPOSED: Final = "other nodes took this one for dead"

_APPEND: Final = """
WITH mine AS MATERIALIZED (SELECT id FROM privnum_nodes WHERE id = $1::bigint FOR KEY SHARE)
INSERT INTO privnum_inputs (world, first, last, digest, content)
SELECT new.* FROM mine JOIN privnum_worlds ON node = mine.id
JOIN unnest($2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[])
AS new (world, first, last, digest, content) ON new.world = privnum_worlds.id
"""


class Append:
    """The statement that keeps inputs.

    Args:
        connection: on which it is.
        database: what that leads to.
        node: the number of the node.

    Raises:
        StateError: the database is away.
    """

    def __init__(self, connection: Connection, database: Database, node: int) -> None:
        self._node = of_int(node)
        self._encoding = connection.info.encoding
        with database.errors():
            self.statement = Prepared(connection, "privnum_append", _APPEND)

    def values(self, batches: Sequence[tuple[str, Batch]]) -> tuple[bytes, ...]:
        """Return what the statement is given to keep inputs of worlds."""
        return (
            self._node,
            of_texts([world for world, _ in batches], self._encoding),
            of_ints([batch.first for _, batch in batches]),
            of_ints([batch.last for _, batch in batches]),
            of_bytes([batch.digest for _, batch in batches]),
            of_bytes([batch.content for _, batch in batches]),
        )


class LoopAppender:
    """Keeps inputs from the loop, one batch at a time.

    Args:
        connection: for this alone.
        database: what it leads to.
        node: the number of the node.

    Raises:
        StateError: the database is away.
    """

    def __init__(self, connection: Connection, database: Database, node: int) -> None:
        #: Held while a batch is under way.
        self.busy = threading.Lock()
        self._connection = connection
        self._database = database
        self._append = Append(connection, database, node)
        #: A connection that is lost does not say it any more.
        self._socket = connection.pgconn.socket
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writes = False
        self._kept: Callable[[], None] = lambda: None
        self._failed: Callable[[str], None] = lambda _: None
        self._sent: Sequence[tuple[str, Batch]] | None = None

    def start(self, kept: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Begin, in the loop that runs.

        `kept` is called behind each batch; `failed` with why no more can be kept, and has to close this.
        """
        loop = asyncio.get_running_loop()
        self._kept, self._failed = kept, failed
        try:
            loop.add_reader(self._socket, self._read)
        except NotImplementedError:  # the loop of Windows has none: the thread keeps all
            return
        self._loop = loop

    def send(self, batches: Sequence[tuple[str, Batch]]) -> bool:
        """Send inputs, unless the thread is at work or the loop cannot.

        Return whether they are sent.
        """
        if self._loop is None or not self.busy.acquire(blocking=False):
            return False
        self._sent = batches
        try:
            with self._database.errors():
                self._append.statement.send(*self._append.values(batches))
                self._flush()
        except StateError as error:
            self._failed(str(error))
        return True

    def close(self) -> None:
        """Close the connection; what is under way may be kept or not."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._loop = None
        self._connection.close()
        if self._sent is not None:
            self._sent = None
            self.busy.release()

    def finish(self) -> None:
        """Wait for what is under way, and close the connection."""
        if self._sent is not None:
            while self._connection.pgconn.get_result() is not None:
                pass
        self.close()

    def _flush(self) -> None:
        """Send what is left of a batch, as soon as it can be sent."""
        assert self._loop is not None
        is_left = bool(self._connection.pgconn.flush())
        if is_left and not self._writes:
            self._loop.add_writer(self._socket, self._write)
        elif self._writes and not is_left:
            self._loop.remove_writer(self._socket)
        self._writes = is_left

    def _write(self) -> None:
        try:
            with self._database.errors():
                self._flush()
        except StateError as error:
            self._failed(str(error))

    def _read(self) -> None:
        """Take what the database sends."""
        try:
            with self._database.errors():
                rows = self._append.statement.fetch()
        except StateError as error:
            self._failed(str(error))
            return
        sent = self._sent
        if rows is None or sent is None:
            return
        if rows != len(sent):
            self._failed(DEPOSED)
            return
        self._sent = None
        self.busy.release()
        self._kept()
