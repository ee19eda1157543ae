"""The file: SQLite, with an image of all worlds, and inputs behind it.

Each has a digest. It is read first and opened for writing then, so that one which cannot be used is left as it is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from privnum import __version__, contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = [
    "CHUNK",
    "FORMAT",
    "NEW_FILE",
    "Batch",
    "Image",
    "Meta",
    "StateError",
    "StateFile",
    "StateReader",
    "checked_batches",
    "checked_image",
    "pieces_of",
    "reading",
]

#: What stands in the head of the file: whose it is, and which form it has.
_APPLICATION: Final = 0x70_6E_75_6D  # "pnum"
FORMAT: Final = 1
_MAGIC: Final = b"SQLite format 3\0"
_HEAD: Final = 100
#: Bytes of an image in a row.
CHUNK: Final = 1 << 20
#: What a message proposes in place of a file that cannot be used.
NEW_FILE: Final = "name a new file"
_TABLES: Final = """
CREATE TABLE meta (content BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE images (last INTEGER PRIMARY KEY, size INTEGER NOT NULL, digest BLOB NOT NULL);
CREATE TABLE chunks (image INTEGER NOT NULL, place INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (image, place));
CREATE TABLE inputs (last INTEGER PRIMARY KEY, first INTEGER NOT NULL, digest BLOB NOT NULL, content BLOB NOT NULL);
"""


class StateError(Exception):
    """A state file cannot be used. The text is one line, and says why."""


class Batch(NamedTuple):
    """Inputs that were kept together.

    The numbers of the first and the last, and their bytes.
    """

    first: int
    last: int
    content: bytes

    @property
    def digest(self) -> bytes:
        """What the bytes, and their place, must have."""
        return blake2b(b"%d %d " % (self.first, self.last) + self.content, digest_size=16).digest()


class Image(NamedTuple):
    """All worlds as they were behind the input of this number."""

    last: int
    content: bytes

    @property
    def digest(self) -> bytes:
        """What the bytes, and their place, must have."""
        return blake2b(b"%d " % self.last + self.content, digest_size=16).digest()


class Meta(NamedTuple):
    """By what a file was made.

    The version, a digest of the contract, and settings of the server.
    """

    version: str
    contract: str
    settings: Mapping[str, Any]

    @classmethod
    def now(cls, settings: Mapping[str, Any]) -> Meta:
        """Return what a file gets that is made now."""
        return cls(__version__, contracts.digest(), settings)

    def check(self, where: object, other: str = NEW_FILE) -> None:
        """See whether this version can go on with a state.

        `where` names it, `other` says what to name in its place.

        Raises:
            StateError: another version has made it, or one with another contract.
        """
        if (self.version, self.contract) != (__version__, contracts.digest()):
            maker = f"privnum {self.version}" + (" with another contract" if self.version == __version__ else "")
            raise StateError(f"{where} was made by {maker}, this is {__version__}; go on with that one, or {other}")


def checked_image(image: Image, size: int, digest: bytes, damage: Callable[[str], StateError]) -> Image:
    """Return an image that is as it was written, else raise StateError."""
    if len(image.content) != size or image.digest != digest:
        raise damage(f"the image behind input {image.last} is not what was written")
    return image


def checked_batches(
    rows: Iterable[tuple[Any, ...]], behind: int, damage: Callable[[str], StateError]
) -> Iterator[Batch]:
    """The batches of rows: first, last, content, digest.

    Raises:
        StateError: what `damage` makes of a text; they are not what was written, or some are missing.
    """
    end = behind
    for first, last, content, digest in rows:
        batch = Batch(first, last, content)
        if first != end + 1:
            raise damage(f"inputs {end + 1} to {first - 1} are missing")
        if batch.digest != digest:
            raise damage(f"inputs {first} to {last} are not what was written")
        end = last
        yield batch


class StateReader:
    """A state file that is read, and not changed.

    Args:
        path: of the file.
        connection: to it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def meta(self) -> Meta:
        """Return by what it was made.

        Raises:
            StateError: it is damaged.
        """
        content, digest = self._one((bytes, bytes), "SELECT content, digest FROM meta", "it has no head")
        if blake2b(content, digest_size=16).digest() != digest:
            raise self._damage_error("its head is not what was written")
        return Meta(**json.loads(content))

    def image(self) -> Image:
        """Return the newest image.

        Raises:
            StateError: it is damaged.
        """
        newest = "SELECT last, size, digest FROM images ORDER BY last DESC"
        last, size, digest = self._one((int, int, bytes), newest, "it has no image")
        rows = self._rows((bytes,), "SELECT content FROM chunks WHERE image = ? ORDER BY place", last)
        image = Image(last, b"".join(content for (content,) in rows))
        return checked_image(image, size, digest, self._damage_error)

    def batches(self, behind: int) -> Generator[Batch, None, None]:
        """The inputs behind a number, in order.

        Raises:
            StateError: they are damaged, or some are missing.
        """
        question = "SELECT first, last, content, digest FROM inputs WHERE last > ? ORDER BY last"
        with closing(self._rows((int, int, bytes, bytes), question, behind)) as rows:
            yield from checked_batches(rows, behind, self._damage_error)

    def check_pages(self) -> None:
        """Look at every page of the file.

        Raises:
            StateError: SQLite finds it damaged.
        """
        for (found,) in list(self._rows((str,), "PRAGMA integrity_check")):
            if found != "ok":
                raise self._damage_error(str(found).partition("\n")[0])

    def _one(self, kinds: tuple[type, ...], question: str, without: str) -> tuple[Any, ...]:
        with closing(self._rows(kinds, question)) as rows:
            found = next(rows, None)
        if found is None:
            raise self._damage_error(without)
        return found

    def _rows(self, kinds: tuple[type, ...], question: str, *values: int) -> Generator[tuple[Any, ...], None, None]:
        """The answer to a question, whose columns are of these types."""
        try:
            for row in self._connection.execute(question, values):
                if tuple(map(type, row)) != kinds:
                    raise self._damage_error("a row has another form")
                yield row
        except sqlite3.DatabaseError as error:
            raise _fault(self._path, error) from None

    def _damage_error(self, why: str) -> StateError:
        return StateError(_damage(self._path, why))


@contextmanager
def reading(path: Path) -> Iterator[StateReader]:
    """Read a state file, and leave it as it is.

    So is what SQLite has beside it.

    Raises:
        StateError: it is none, a newer version wrote it, or a server has it.
    """
    _check_head(path)
    memory = path.with_name(f"{path.name}-shm")  # SQLite makes it to read what stands beside the file
    is_alone = not path.with_name(f"{path.name}-wal").exists()  # then nobody has it, and SQLite makes nothing
    was_there = memory.exists() or is_alone
    try:
        address = _address(path, "ro") + ("&immutable=1" if is_alone else "")
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
    except sqlite3.Error as error:
        raise _fault(path, error) from None
    try:
        with closing(connection):
            connection.execute("PRAGMA query_only = 1")
            yield StateReader(path, connection)
    finally:
        if not was_there:
            memory.unlink(missing_ok=True)


class StateFile:
    """A state file that this process alone has, to be written on.

    Every method may be called in any thread, one at a time.

    Args:
        path: of the file.
        last: number of the last input that is in it.

    Raises:
        StateError: another server has it, or has written on it meanwhile.
    """

    def __init__(self, path: Path, last: int) -> None:
        self.path = path
        try:
            self._connection = sqlite3.connect(
                _address(path, "rw"), uri=True, isolation_level=None, timeout=0, check_same_thread=False
            )
            self._execute("PRAGMA locking_mode = EXCLUSIVE")
            self._execute("BEGIN IMMEDIATE")
            (found,) = self._execute(
                "SELECT max(coalesce((SELECT max(last) FROM inputs), 0), coalesce((SELECT max(last) FROM images), 0))"
            ).fetchone()
            self._execute("COMMIT")
            if found != last:
                raise StateError(_in_use(path))
            # An end of the process loses nothing: what is committed is with the system. An end of the power may lose
            # the latest commits, and damages nothing; to wait for the disk would cost milliseconds for each answer.
            self._execute("PRAGMA synchronous = NORMAL")
            self._execute("PRAGMA wal_autocheckpoint = 4000")
        except sqlite3.Error as error:
            raise _fault(path, error) from None

    @classmethod
    def make(cls, path: Path, meta: Meta, image: Image) -> StateFile:
        """Make a file with an image alone; an empty one may be there.

        Raises:
            StateError: it cannot be written.
        """
        try:
            path.touch(mode=0o600)
            with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                connection.execute("PRAGMA journal_mode = WAL")
                head = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {FORMAT};"
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} {head}")
                content = json.dumps(meta._asdict()).encode()
                digest = blake2b(content, digest_size=16).digest()
                connection.execute("INSERT INTO meta VALUES (?, ?)", (content, digest))
                _put_chunks(connection, image.last, pieces_of(image.content))
                _put_image(connection, image.last, len(image.content), image.digest)
                connection.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise _fault(path, error) from None
        return cls(path, image.last)

    def append(self, batch: Batch) -> None:
        """Keep inputs; they are durable when this returns.

        Raises:
            StateError: they cannot be written.
        """
        row = (batch.last, batch.first, batch.digest, batch.content)
        self._write("INSERT INTO inputs VALUES (?, ?, ?, ?)", row)

    def put_chunk(self, last: int, place: int, content: bytes) -> None:
        """Keep a piece of an image that counts when it is whole.

        Raises:
            StateError: it cannot be written.
        """
        if not place:  # what was left of one that never became whole
            self._write("DELETE FROM chunks WHERE image NOT IN (SELECT last FROM images)")
        self._write("INSERT INTO chunks VALUES (?, ?, ?)", (last, place, content))

    def finish_image(self, last: int, size: int, digest: bytes) -> None:
        """Let an image count whose pieces are there, and forget what is older.

        Raises:
            StateError: it cannot be written.
        """
        self._write("BEGIN IMMEDIATE")
        self._write("INSERT INTO images VALUES (?, ?, ?)", (last, size, digest))
        self._write("DELETE FROM images WHERE last < ?", (last,))
        self._write("DELETE FROM chunks WHERE image < ?", (last,))
        self._write("DELETE FROM inputs WHERE last <= ?", (last,))
        self._write("COMMIT")

    def close(self) -> None:
        """Bring all into the one file, and let others have it."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _write(self, statement: str, values: Iterable[Any] = ()) -> None:
        try:
            self._execute(statement, values)
        except sqlite3.Error as error:
            raise _fault(self.path, error) from None

    def _execute(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(statement, tuple(values))


def pieces_of(content: bytes) -> Iterator[bytes]:
    """The pieces of an image, as rows have them."""
    for place in range(0, max(len(content), 1), CHUNK):
        yield content[place : place + CHUNK]


def _put_chunks(connection: sqlite3.Connection, last: int, pieces: Iterable[bytes]) -> None:
    rows = ((last, place, content) for place, content in enumerate(pieces))
    connection.executemany("INSERT INTO chunks VALUES (?, ?, ?)", rows)


def _put_image(connection: sqlite3.Connection, last: int, size: int, digest: bytes) -> None:
    connection.execute("INSERT INTO images VALUES (?, ?, ?)", (last, size, digest))


def _check_head(path: Path) -> None:
    """See by its first bytes whether a file is ours, of a known form."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise _fault(path, error) from None
    if len(head) < _HEAD or not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != _APPLICATION:
        raise StateError(f"{path} is no state file of privnum; name another one, or one that is not there yet")
    found = int.from_bytes(head[60:64], "big")
    if found != FORMAT:
        newer = f"has form {found}, this version reads form {FORMAT}"
        raise StateError(f"{path} {newer}; a newer privnum wrote it: go on with that one, or name a new file")


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(os.fspath(path.absolute()))}?mode={mode}"


def _fault(path: Path, error: Exception) -> StateError:
    """Return what an error of the system or of SQLite means for the file."""
    if isinstance(error, OSError):
        return StateError(f"{path} cannot be used: {error.strerror or error}")
    if isinstance(error, sqlite3.OperationalError):
        if "locked" in str(error):
            return StateError(_in_use(path))
        return StateError(f"{path} cannot be used: {error}")
    return StateError(_damage(path, str(error)))


def _in_use(path: Path) -> str:
    return f"{path} is in use by another server; stop that one first, or name another file"


def _damage(path: Path, why: str) -> str:
    return f"{path} is damaged: {why}; it was left as it is: put a copy back, or name a new file"
