"""What a node writes.

Each statement holds the row of the node, or writes nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.database.appending import DEPOSED, Append
from privnum.mockserver.statefile.file import Batch, StateError, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.mockserver.database.session import Connection, Database

__all__ = ["Made", "Store", "TakenError", "put_world"]

#: The row of the node, held so that nobody can take it away before the end of the transaction. Its beats pass by.
_HOLD: Final = "SELECT id FROM privnum_nodes WHERE id = %(node)s FOR KEY SHARE"
_PUT_CHUNK: Final = """
WITH mine AS MATERIALIZED (SELECT id FROM privnum_nodes WHERE id = %(node)s FOR KEY SHARE)
INSERT INTO privnum_chunks (world, image, place, content) SELECT %(world)s, %(last)s, %(place)s, %(content)b FROM mine
"""
_PUT_KEY: Final = """
WITH mine AS MATERIALIZED (SELECT id FROM privnum_nodes WHERE id = %(node)s FOR KEY SHARE)
INSERT INTO privnum_keys (app_key, world, application) SELECT %(key)s, %(world)s, %(application)s FROM mine
ON CONFLICT (app_key) DO UPDATE SET application = coalesce(excluded.application, privnum_keys.application)
    WHERE privnum_keys.world = excluded.world
"""
_GIVE_BACK: Final = """
WITH mine AS MATERIALIZED (SELECT id FROM privnum_nodes WHERE id = %(node)s FOR KEY SHARE)
UPDATE privnum_worlds SET node = NULL, near = coalesce(%(near)s, near) FROM mine
WHERE node = mine.id AND privnum_worlds.id = ANY(%(worlds)s)
"""
_OF_WORLD: Final = ("privnum_inputs", "privnum_chunks", "privnum_images", "privnum_keys")


class TakenError(Exception):
    """A world has an id or a key that another has; `key` None: its id."""

    def __init__(self, key: str | None) -> None:
        super().__init__(key)
        self.key = key


class Made(NamedTuple):
    """A world that was made.

    Its applications by their keys, as shown, and its image.
    """

    world: str
    applications: Mapping[str, bytes]
    image: bytes


class Store:
    """The database as a node writes it, one statement at a time in one thread.

    Args:
        connection: for this alone.
        database: what it leads to.
        node: the number of the node.
    """

    def __init__(self, connection: Connection, database: Database, node: int) -> None:
        self._connection = connection
        self._database = database
        self._node = node
        self._append: Append | None = None

    def append(self, batches: Sequence[tuple[str, Batch]]) -> None:
        """Keep inputs of worlds.

        Without any, make sure that the worlds are still of this node.

        Raises:
            StateError: they cannot be written, or the node was taken for dead.
        """
        if not batches:
            self._write(1, "SELECT id FROM privnum_nodes WHERE id = %(node)s")
            return
        with self._database.errors():
            if self._append is None:
                self._append = Append(self._connection, self._database, self._node)
            rows = self._append.statement.run(*self._append.values(batches))
        if rows != len(batches):
            raise StateError(DEPOSED)

    def make_world(self, made: Made) -> None:
        """Keep a new world of this node.

        Raises:
            TakenError: another has its id, or a key of it.
            StateError: it cannot be written.
        """
        with self._database.errors(), self._connection.transaction():
            self._hold()
            put_world(self._connection, made, self._node)

    def drop_world(self, world: str) -> None:
        """Forget a world of this node.

        Raises:
            StateError: it cannot be done.
        """
        with self._database.errors(), self._connection.transaction():
            self._hold()
            self._connection.execute("DELETE FROM privnum_worlds WHERE id = %s", (world,))
            for table in _OF_WORLD:
                self._connection.execute(f"DELETE FROM {table} WHERE world = %s".encode(), (world,))  # noqa: S608

    def put_keys(self, world: str, applications: Mapping[str, bytes | None]) -> str | None:
        """Keep which applications a world has; None: a key of one to come.

        Return a key that another world has; those before it are kept then.

        Raises:
            StateError: it cannot be written.
        """
        for key, application in applications.items():
            with self._database.errors():
                values = {"node": self._node, "key": key, "world": world, "application": application}
                if not self._connection.execute(_PUT_KEY.encode(), values).rowcount:
                    return key
        return None

    def free_key(self, key: str) -> None:
        """Let others have a key that became no application's."""
        with self._database.errors():
            self._connection.execute("DELETE FROM privnum_keys WHERE app_key = %s AND application IS NULL", (key,))

    def put_chunk(self, world: str, last: int, place: int, content: bytes) -> None:
        """Keep a piece of an image that counts when it is whole.

        Raises:
            StateError: it cannot be written.
        """
        if not place:  # what was left of one that never became whole
            self._forget(
                "DELETE FROM privnum_chunks WHERE world = %s AND image NOT IN "
                "(SELECT last FROM privnum_images WHERE world = %s)",
                (world, world),
            )
        self._write(1, _PUT_CHUNK, {"world": world, "last": last, "place": place, "content": content})

    def finish_image(self, world: str, last: int, size: int, digest: bytes) -> None:
        """Let an image count whose pieces are there, and forget what is older.

        Raises:
            StateError: it cannot be written.
        """
        with self._database.errors(), self._connection.transaction():
            self._hold()
            _put_image(self._connection, world, last, size, digest)
            for table, column in (("images", "last <"), ("chunks", "image <"), ("inputs", "last <=")):
                forget = f"DELETE FROM privnum_{table} WHERE world = %s AND {column} %s"  # noqa: S608
                self._connection.execute(forget.encode(), (world, last))

    def give_back(self, worlds: Sequence[str], near: str | None = None) -> None:
        """Let other nodes have worlds, and let them know.

        `near` is the address of the node that they are near to; None: that stays.

        Raises:
            StateError: it cannot be done.
        """
        with self._database.errors():
            self._connection.execute(_GIVE_BACK.encode(), {"node": self._node, "worlds": list(worlds), "near": near})
            self._connection.execute("NOTIFY privnum")

    def leave(self) -> None:
        """End the node: it has no worlds, nor those of its last look."""
        with self._database.errors(), self._connection.transaction():
            self._connection.execute("DELETE FROM privnum_nodes WHERE id = %s", (self._node,))
            self._connection.execute("UPDATE privnum_worlds SET node = NULL WHERE node = %s", (self._node,))
            self._connection.execute("NOTIFY privnum")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _hold(self) -> None:
        """Hold the row of the node until the end of the transaction."""
        if not self._connection.execute(_HOLD, {"node": self._node}).rowcount:
            raise StateError(DEPOSED)

    def _write(self, rows: int, statement: str, values: Mapping[str, Any] | None = None) -> None:
        with self._database.errors():
            done = self._connection.execute(statement.encode(), {"node": self._node, **(values or {})})
        if done.rowcount != rows:
            raise StateError(DEPOSED)

    def _forget(self, statement: str, values: Iterable[Any]) -> None:
        with self._database.errors():
            self._connection.execute(statement.encode(), tuple(values))


def put_world(connection: Connection, made: Made, node: int | None = None) -> None:
    """Put a new world into the tables, in a transaction.

    It is of a node, or of nobody yet.

    Raises:
        TakenError: another has its id, or a key of it.
    """
    world, applications, image = made
    put = "INSERT INTO privnum_worlds (id, node) VALUES (%s, %s) ON CONFLICT DO NOTHING"
    if not connection.execute(put, (world, node)).rowcount:
        raise TakenError(None)
    put = "INSERT INTO privnum_keys (app_key, world, application) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    for key, application in applications.items():
        if not connection.execute(put, (key, world, application)).rowcount:
            raise TakenError(key)
    for place, piece in enumerate(pieces_of(image)):
        connection.execute("INSERT INTO privnum_chunks VALUES (%s, 0, %s, %s)", (world, place, piece))
    _put_image(connection, world, 0, len(image), blake2b(b"0 " + image, digest_size=16).digest())


def _put_image(connection: Connection, world: str, last: int, size: int, digest: bytes) -> None:
    connection.execute("INSERT INTO privnum_images VALUES (%s, %s, %s, %s)", (world, last, size, digest))
