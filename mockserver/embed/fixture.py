"""What is behind the pytest fixtures.

The plugin loads it when a test that asks for one was collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.http.posting import PushRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle

__all__ = ["get_ready", "private_number", "private_number_server"]

_LONGEST_TIMEOUT: Final = 3600


def get_ready() -> None:
    """Read what the server needs of its package.

    A test may replace the file system before it asks for the server.

    Its modules have been imported with this one.
    """
    contracts.read_files()


def private_number_server(config: pytest.Config) -> Iterator[LiveServer]:
    """Yield a server: one for a process, so one for a worker of pytest-xdist."""
    option = config.getoption
    ca_file, seconds = option("privnum_push_ca"), option("privnum_push_timeout")
    if seconds is not None and not 0 < seconds <= _LONGEST_TIMEOUT:
        raise pytest.UsageError(f"--privnum-push-timeout {seconds:g}: write seconds up to {_LONGEST_TIMEOUT}, e.g. 2.5")
    try:
        if ca_file is not None:
            PushRules(ca_file=ca_file).tls()
    except OSError as error:
        why = error.strerror or error
        raise pytest.UsageError(
            f"cannot use --privnum-push-ca {ca_file}: {why}; name a file with certificates in PEM"
        ) from None
    with LiveServer(push_to=option("privnum_push_to"), push_ca=ca_file, push_timeout=seconds) as server:
        yield server


def private_number(server: LiveServer, spec: dict[str, object]) -> Iterator[WorldHandle]:
    """Yield a world of a test's own.

    Its clock stands still until the test advances it.
    """
    with server.world(**spec) as world:
        yield world
