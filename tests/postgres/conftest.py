"""A cluster and nodes for these tests, where PostgreSQL, psycopg and nginx are installed."""

from __future__ import annotations

import os

import pytest

from tests.postgres.needs import REQUIRED, missing_things


@pytest.fixture(scope="session", autouse=True)
def there_is_what_is_needed() -> None:
    """Skip all, with the reason, where something is missing; with PRIVNUM_REQUIRE_POSTGRES fail."""
    missing = missing_things()
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"there is {', '.join(missing)} here, and {REQUIRED} is set")
    if missing:
        pytest.skip(f"there is {', '.join(missing)} here")
