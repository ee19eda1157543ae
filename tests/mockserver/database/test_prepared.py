"""A prepared statement has in the database what it was given, and says what the database says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg")

import psycopg

from privnum.mockserver.database.prepared import Prepared, of_bytes, of_int, of_ints, of_texts
from privnum.mockserver.database.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.database.session import Connection

_COLUMNS = "number bigint, name text, content bytea"
_PUT = "INSERT INTO these SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[]) WHERE $4::bigint = 1"
_ROWS = [(1, "one", b"\x00\x01"), (-(2**63), 'q"uo,te{}', b""), (2**63 - 1, "绑定 NULL", bytes(range(256)))]


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with Database(url).connect() as connection:
        connection.execute(f"CREATE TEMPORARY TABLE these ({_COLUMNS})".encode())
        yield connection


def test_values_arrive_as_they_are(connection: Connection) -> None:
    put = Prepared(connection, "put", _PUT)
    numbers, names, contents = zip(*_ROWS, strict=True)
    values = of_ints(numbers), of_texts(names, connection.info.encoding), of_bytes(contents)
    assert put.run(*values, of_int(0)) == 0
    assert put.run(*values, of_int(1)) == len(_ROWS)
    assert connection.execute("SELECT number, name, content FROM these").fetchall() == _ROWS
    assert put.run(of_ints([]), of_texts([], "utf-8"), of_bytes([]), of_int(1)) == 0


def test_what_the_database_does_not_take_is_an_error(connection: Connection) -> None:
    with pytest.raises(psycopg.Error, match="no_such_table"):
        Prepared(connection, "wrong", "DELETE FROM no_such_table")
    divide = Prepared(connection, "divide", "INSERT INTO these SELECT 1 / $1::bigint")
    assert divide.run(of_int(1)) == 1
    with pytest.raises(psycopg.errors.DivisionByZero):
        divide.run(of_int(0))
    connection.execute("DEALLOCATE ALL")
    assert divide.run(of_int(1)) == 1
    connection.close()
    with pytest.raises(psycopg.Error):
        divide.run(of_int(1))
