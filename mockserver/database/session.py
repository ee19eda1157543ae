"""Connections to the database, and what its errors say."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from privnum.mockserver.database.address import shown_address, without_secrets
from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AwayError", "Connection", "Database", "own_address"]

Connection = psycopg.Connection[Any]

#: What a connection has unless the address says otherwise: a host that is lost is noticed within seconds.
_USUAL: Final[dict[str, Any]] = {
    "application_name": "privnum",
    "connect_timeout": 5,
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 6000,
}
#: A transaction whose process stands still ends, and nobody waits for a lock of it for ever. What is committed is with
#: the disk, whatever the usual is of this database.
_BEGIN: Final = """
SELECT set_config('idle_in_transaction_session_timeout', '3s', false), set_config('lock_timeout', '5s', false)
"""
_WITH_THE_DISK: Final = """
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""


def own_address(connection: Connection) -> str | None:
    """Return the address of this machine by which it reaches a database.

    None where that is on this machine, too.
    """
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as here:
        if here.family not in (socket.AF_INET, socket.AF_INET6):
            return None
        address = str(here.getsockname()[0]).partition("%")[0]
    return None if ipaddress.ip_address(address).is_loopback else address


class AwayError(StateError):
    """The database does not answer, or cannot do what was asked."""


class Database:
    """A database.

    Args:
        url: its address, which may have a password.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def __str__(self) -> str:
        """Return its address without a password."""
        return shown_address(self._url)

    def connect(self) -> Connection:
        """Return a connection, on which each statement is a transaction.

        Raises:
            AwayError: there is none.
        """
        with self.errors():
            given = conninfo_to_dict(self._url)
            connection = psycopg.connect(autocommit=True, **{**_USUAL, **given})
            connection.execute(_BEGIN)
            connection.execute(_WITH_THE_DISK)
        return connection

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Say what errors of the database mean.

        Raises:
            AwayError: in their place.
        """
        try:
            yield
        except psycopg.Error as error:
            raise AwayError(self.fault(error)) from None

    def fault(self, error: Exception) -> str:
        """Return what an error of the database means, in one line."""
        why = " ".join(without_secrets(str(error), self._url).split()) or type(error).__name__
        return f"{self} cannot be used: {why[:300]}"
