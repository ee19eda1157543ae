"""The tables of a shared state: made by the first node, checked by each."""

from __future__ import annotations

import json
import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.statefile.file import Meta, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.database.session import Connection, Database

__all__ = ["NEW_DATABASE", "open_tables"]

FORM: Final = 1
#: What a message proposes in place of a database that cannot be used.
NEW_DATABASE: Final = "name another database"
#: Of the advisory lock under which the tables are made; the nodes have another class.
_LOCK: Final = (0x706E75, 0)
_TABLES: Final = """
CREATE TABLE privnum_meta (
    form integer NOT NULL, content bytea NOT NULL, digest bytea NOT NULL, secret text NOT NULL,
    made bigint NOT NULL DEFAULT 0
);
CREATE TABLE privnum_nodes (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, address text NOT NULL, beats bigint NOT NULL DEFAULT 0
);
CREATE TABLE privnum_worlds (
    id text COLLATE "C" PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY, node integer, near text
);
CREATE INDEX privnum_worlds_node ON privnum_worlds (node);
CREATE TABLE privnum_keys (
    app_key text COLLATE "C" PRIMARY KEY, world text COLLATE "C" NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY, application bytea
);
CREATE INDEX privnum_keys_world ON privnum_keys (world);
CREATE TABLE privnum_images (
    world text COLLATE "C", last bigint, size bigint NOT NULL, digest bytea NOT NULL, PRIMARY KEY (world, last)
);
CREATE TABLE privnum_chunks (
    world text COLLATE "C", image bigint, place integer, content bytea NOT NULL, PRIMARY KEY (world, image, place)
);
ALTER TABLE privnum_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE TABLE privnum_inputs (
    world text COLLATE "C", last bigint, first bigint NOT NULL, digest bytea NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (world, last)
)
"""
#: A database of an earlier version has all but that.
_HAS_NEAR: Final = "SELECT 1 FROM pg_attribute WHERE attrelid = 'privnum_worlds'::regclass AND attname = 'near'"
_ADD_NEAR: Final = "ALTER TABLE privnum_worlds ADD COLUMN near text"


class Head(NamedTuple):
    """What all nodes share: by what the state was made, and a secret."""

    settings: Mapping[str, Any]
    secret: str

    def secret_for(self, what: str) -> str:
        """Return a secret of its own for something."""
        return blake2b(what.encode(), key=self.secret.encode(), digest_size=24).hexdigest()


def open_tables(
    connection: Connection,
    database: Database,
    settings: Mapping[str, Any],
    begin: Callable[[Connection], None],
) -> Head:
    """Return what nodes share.

    The first one makes the tables, and what `begin` puts in.

    Raises:
        StateError: another version made them.
    """
    with database.errors(), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
        row = connection.execute("SELECT to_regclass('privnum_meta')").fetchone()
        if row is None or row[0] is None:
            _make(connection, settings)
            begin(connection)
        elif not connection.execute(_HAS_NEAR).fetchone():
            connection.execute(_ADD_NEAR)
        row = connection.execute("SELECT form, content, digest, secret FROM privnum_meta").fetchone()
    if row is None:
        raise StateError(f"{database} is damaged: it has no head; put a copy back, or {NEW_DATABASE}")
    form, content, digest, secret = row
    if form != FORM:
        newer = f"has form {form}, this version reads form {FORM}"
        raise StateError(f"{database} {newer}; a newer privnum wrote it: go on with that one, or {NEW_DATABASE}")
    if blake2b(content, digest_size=16).digest() != digest:
        raise StateError(f"{database} is damaged: its head is not what was written; put a copy back, or {NEW_DATABASE}")
    meta = Meta(**json.loads(content))
    meta.check(database, NEW_DATABASE)
    return Head(meta.settings, secret)


def _make(connection: Connection, settings: Mapping[str, Any]) -> None:
    for statement in _TABLES.split(";"):
        connection.execute(statement.encode())
    content = json.dumps(Meta.now(settings)._asdict()).encode()
    digest = blake2b(content, digest_size=16).digest()
    values = (FORM, content, digest, secrets.token_hex(24))
    connection.execute("INSERT INTO privnum_meta (form, content, digest, secret) VALUES (%s, %s, %s, %s)", values)
