"""The password of a database is in no message."""

from __future__ import annotations

import pytest

from privnum.mockserver.database.address import is_database, shown_address, without_secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://lab:s3cret@db:5432/privnum", "postgresql://lab@db:5432/privnum"),
        ("postgres://lab:s3cret@a:1,b:2/privnum?sslmode=require", "postgres://lab@a:1,b:2/privnum?sslmode=require"),
        ("postgresql:///privnum?host=/run/pg&password=s3cret", "postgresql:///privnum?host=/run/pg"),
        ("postgresql://db/privnum?password=s3cret", "postgresql://db/privnum"),
        ("postgresql://lab:s3cret@@db/privnum", "postgresql://lab@db/privnum"),
        ("postgresql://lab:s3/cret@db/privnum", "postgresql://lab@db/privnum"),
    ],
)
def test_the_password_is_not_shown(url: str, shown: str) -> None:
    assert is_database(url)
    assert shown_address(url) == shown


@pytest.mark.parametrize("url", ["postgresql://lab:s3cret@db/p", "postgresql://db/p?password=s3cret&sslmode=disable"])
def test_nor_is_it_in_what_the_client_library_says(url: str) -> None:
    assert without_secrets(f'missing "=" after "{url}" in connection info string', url).count("s3cret") == 0


@pytest.mark.parametrize("state", ["lab.state", "postgresql", "sqlite:///lab", "./postgresql:/a"])
def test_all_else_is_a_file(state: str) -> None:
    assert not is_database(state)
