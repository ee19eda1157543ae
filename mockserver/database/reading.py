"""What a node reads: worlds whole, where a world is, whose a key is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.statefile.file import Batch, Image, StateError, checked_batches, checked_image

if TYPE_CHECKING:
    from collections.abc import Generator

    from privnum.mockserver.database.session import Connection, Database

__all__ = ["Place", "Reader", "read_world"]

_NEWEST: Final = "SELECT last, size, digest FROM privnum_images WHERE world = %s ORDER BY last DESC LIMIT 1"
_CHUNKS: Final = "SELECT content FROM privnum_chunks WHERE world = %s AND image = %s ORDER BY place"
_INPUTS: Final = "SELECT first, last, content, digest FROM privnum_inputs WHERE world = %s AND last > %s ORDER BY last"


class Place(NamedTuple):
    """Where a world is: at a node, None: at none yet; and the address of that."""

    node: int | None
    address: str | None


class Reader:
    """Questions to the database, one at a time in one thread.

    Args:
        connection: for these alone.
        database: what it leads to.
    """

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._database = database

    def place_of(self, world: str) -> Place | None:
        """Return where a world is, None where there is no such world."""
        row = self._one(
            "SELECT node, address FROM privnum_worlds LEFT JOIN privnum_nodes ON privnum_nodes.id = node "
            "WHERE privnum_worlds.id = %s",
            world,
        )
        return None if row is None else Place(*row)

    def world_of_key(self, app_key: str) -> tuple[str, Place] | None:
        """Return the world that has an application of this key, and where that is."""
        row = self._one(
            "SELECT world, node, address FROM privnum_keys JOIN privnum_worlds ON privnum_worlds.id = world "
            "LEFT JOIN privnum_nodes ON privnum_nodes.id = node WHERE app_key = %s",
            app_key,
        )
        return None if row is None else (str(row[0]), Place(*row[1:]))

    def worlds(self) -> list[str]:
        """Return the ids of all worlds, as they were made."""
        with self._database.errors():
            return [row[0] for row in self._connection.execute("SELECT id FROM privnum_worlds ORDER BY place")]

    def applications_of(self, world: str) -> list[bytes]:
        """Return the applications of a world as they are shown."""
        asked = "SELECT application FROM privnum_keys WHERE world = %s AND application IS NOT NULL ORDER BY place"
        with self._database.errors():
            return [row[0] for row in self._connection.execute(asked, (world,))]

    def new_name(self) -> str:
        """Return a name for a world that gives itself none."""
        while True:
            row = self._one("UPDATE privnum_meta SET made = made + 1 RETURNING made")
            name = f"w{row[0]}" if row else "w"
            if self.place_of(name) is None:
                return name

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _one(self, question: str, *values: Any) -> tuple[Any, ...] | None:
        if any("\0" in value for value in values if isinstance(value, str)):
            return None  # no text of a database has it
        with self._database.errors():
            return self._connection.execute(question.encode(), values).fetchone()


class StoredWorld:
    """An image of a world, and the inputs behind it.

    They are checked as they are taken.

    Args:
        where: what it is called.
        image: number of the last input in it, size, digest; None: there is none.
        chunks: its bytes.
        inputs: first, last, content and digest of each batch.
    """

    def __init__(
        self, where: str, image: tuple[Any, ...] | None, chunks: list[bytes], inputs: list[tuple[Any, ...]]
    ) -> None:
        self._where = where
        self._image = image
        self._chunks = chunks
        self._inputs = inputs

    @property
    def size(self) -> int:
        """Bytes of the image."""
        return sum(map(len, self._chunks))

    def image(self) -> Image:
        """Return the image.

        Raises:
            StateError: it is damaged.
        """
        if self._image is None:
            raise self._damage_error("it has no image")
        last, size, digest = self._image
        return checked_image(Image(last, b"".join(self._chunks)), size, digest, self._damage_error)

    def batches(self, behind: int) -> Generator[Batch, None, None]:
        """The inputs behind the image, in order.

        Raises:
            StateError: they are damaged, or some are missing.
        """
        yield from checked_batches(self._inputs, behind, self._damage_error)

    def _damage_error(self, why: str) -> StateError:
        return StateError(f"{self._where} is damaged: {why}; drop it, or put a copy back")


def read_world(connection: Connection, database: Database, world: str) -> StoredWorld:
    """Return a world as it is at one moment.

    Raises:
        StateError: it cannot be read.
    """
    with database.errors(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        image = connection.execute(_NEWEST, (world,)).fetchone()
        last = 0 if image is None else image[0]
        chunks = [content for (content,) in connection.execute(_CHUNKS, (world, last))]
        inputs = connection.execute(_INPUTS, (world, last)).fetchall()
    return StoredWorld(f"world {world} in {database}", image, chunks, inputs)
