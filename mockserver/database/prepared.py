"""A statement that is prepared once, and carried out by one call of libpq.

psycopg hands a statement over and fetches what comes of it in a dozen calls. Behind each its thread waits for Python's
lock, which the thread that serves has nearly all the time: that was half of what a commit took.
"""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Final

from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGresult

    from privnum.mockserver.database.session import Connection

__all__ = ["Prepared", "of_bytes", "of_int", "of_ints", "of_texts"]

#: Numbers of types, which are the same in every database.
_BYTEA: Final = 17
_INT8: Final = 20
_TEXT: Final = 25
#: The SQLSTATE of a prepared statement that there is not: psycopg gives all up where a transaction is rolled back.
_UNKNOWN: Final = b"26000"


class Prepared:
    """A statement of a connection.

    Args:
        connection: of one thread alone, in autocommit.
        name: that no other statement has there.
        statement: with $1, $2 and so on for values.

    Raises:
        psycopg.Error: the database does not take it.
    """

    def __init__(self, connection: Connection, name: str, statement: str) -> None:
        self._connection = connection
        self._name = name.encode()
        self._statement = statement.encode()
        self._result: PGresult | None = None
        self._prepare()

    def run(self, *values: bytes) -> int:
        """Carry it out; return how many rows it has changed.

        Args:
            values: each in binary form.

        Raises:
            psycopg.Error: the database has not done it, or is away.
        """
        done = self._carry_out(values)
        if done.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:
            self._prepare()
            done = self._carry_out(values)
        self._check(done)
        return done.command_tuples or 0

    def send(self, *values: bytes) -> None:
        """Begin to carry it out, and do not wait.

        What of it is still to be sent is flushed by who asks.

        Args:
            values: each in binary form.

        Raises:
            psycopg.Error: the database is away.
        """
        self._result = None
        self._connection.pgconn.send_query_prepared(self._name, values, [Format.BINARY] * len(values))

    def fetch(self) -> int | None:
        """Take what has come of what was sent, and do not wait.

        Return how many rows it has changed; None where that is not known yet.

        Raises:
            psycopg.Error: the database has not done it, or is away.
        """
        pgconn = self._connection.pgconn
        pgconn.consume_input()
        while not pgconn.is_busy():
            done = pgconn.get_result()
            if done is not None:
                self._result = done
            elif self._result is None:
                return None  # nothing was asked: a notice
            else:
                self._check(self._result)
                return self._result.command_tuples or 0
        return None

    def _prepare(self) -> None:
        self._check(self._connection.pgconn.prepare(self._name, self._statement))

    def _carry_out(self, values: Sequence[bytes]) -> PGresult:
        return self._connection.pgconn.exec_prepared(self._name, values, [Format.BINARY] * len(values))

    def _check(self, done: PGresult) -> None:
        if done.status != ExecStatus.COMMAND_OK:
            raise error_from_result(done, self._connection.info.encoding)


def of_int(value: int) -> bytes:
    """Return an int as a bigint."""
    return pack("!q", value)


def of_ints(values: Sequence[int]) -> bytes:
    """Return ints as an array of bigint."""
    return _array(_INT8, [pack("!q", value) for value in values])


def of_texts(values: Sequence[str], encoding: str) -> bytes:
    """Return texts as an array of text."""
    return _array(_TEXT, [value.encode(encoding) for value in values])


def of_bytes(values: Sequence[bytes]) -> bytes:
    """Return bytes as an array of bytea."""
    return _array(_BYTEA, values)


def _array(kind: int, items: Sequence[bytes]) -> bytes:
    """Return an array of one dimension, without nulls, as PostgreSQL sends it."""
    head = pack("!iiIii", 1, 0, kind, len(items), 1)
    return b"".join([head, *(part for item in items for part in (pack("!i", len(item)), item))])
