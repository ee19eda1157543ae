"""A live server for all tests, and a world of it for each."""

from __future__ import annotations

import importlib.util
from itertools import count
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer
from tests.postgres.needs import server_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle
    from tests.postgres.cluster import Cluster


@pytest.fixture(scope="session")
def live() -> Iterator[LiveServer]:
    with LiveServer(seed=0) as server:
        yield server


@pytest.fixture
def world(live: LiveServer) -> Iterator[WorldHandle]:
    with live.world() as made:
        yield made


_DATABASES = count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL cluster for all tests of a process, where that and psycopg are installed."""
    if server_programs() is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("there is no PostgreSQL here, or no psycopg")
    from tests.postgres.cluster import Cluster

    with Cluster() as made:
        yield made


@pytest.fixture
def url(cluster: Cluster) -> str:
    """The address of a new database, with nothing in it."""
    name = f"test{next(_DATABASES)}"
    cluster.query(f"CREATE DATABASE {name}", "postgres")
    return f"postgresql://postgres@/{name}?host={cluster.folder}"
