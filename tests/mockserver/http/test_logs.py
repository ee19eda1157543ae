"""The log of a server that runs as a command."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.http.logs import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("privnum.test_logs")
    logger.propagate = False
    yield logger
    logger.handlers.clear()


def test_lines_that_nobody_reads_are_left_out_and_counted(logger: logging.Logger) -> None:
    """A full pipe would else stop the server in the middle of a request."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as reader, os.fdopen(writing, "w", buffering=1) as stream:
        logger.addHandler(Lines(stream))
        for n in range(3_000):
            logger.warning("%d %s", n, "a" * 100, extra={"privnum": {}})
        read = reader.read(1 << 20)
        whole = read.count(b"\n")
        logger.warning("again", extra={"privnum": {}})
        rest = reader.read(1 << 20).decode().splitlines()
    assert 0 < whole < 3_000
    assert rest[-2:] == [
        f"{3_000 - whole} lines were left out here: nobody read stderr (--quiet writes fewer)",
        "again",
    ]
