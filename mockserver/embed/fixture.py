"""What is behind the pytest fixtures.

The plugin loads it when a test that asks for one was collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from privnum import contracts
from privnum.mockserver.embed import seeds
from privnum.mockserver.embed.async_handle import AsyncWorldHandle
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.http.posting import PushRules

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from privnum.mockserver.embed.handle import WorldHandle

__all__ = ["async_private_number", "get_ready", "private_number", "private_number_server"]

#: The fixture on which the others stand.
SERVER: Final = "private_number_server"
#: The seed of a run in what pytest-xdist hands to its workers.
SEED: Final = "privnum_seed"

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
    seed = option("--privnum-seed")
    if seed is None:
        seed = getattr(config, "workerinput", {}).get(SEED)
    push_to = option("privnum_push_to")
    with LiveServer(push_to=push_to, push_ca=ca_file, push_timeout=seconds, seed=seed) as server:
        config.pluginmanager.register(SeedTeller(server.seed))
        config.pluginmanager.register(Interrupted(server))
        yield server


def private_number(server: LiveServer, request: pytest.FixtureRequest) -> Iterator[WorldHandle]:
    """Yield a world of a test's own.

    Its clock stands still until the test advances it.
    """
    with server.world(**spec_of(server, request)) as world:
        yield world


def async_private_number(server: LiveServer, request: pytest.FixtureRequest) -> Iterator[AsyncWorldHandle]:
    """Yield the same for async tests."""
    with server.world(**spec_of(server, request)) as world:
        yield AsyncWorldHandle(world)


def spec_of(server: LiveServer, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the message that makes the world of a test.

    It has what the test asks for, and is named and seeded after the test.
    """
    asked: dict[str, Any] = getattr(request, "param", {})
    name, seed = seeds.of_test(server.seed, f"{request.fixturename} of {request.node.nodeid}")
    return {"id": name, "seed": seed, **asked}


class Interrupted:
    """Lets Ctrl-C end a run at once, whatever receivers do.

    Fixtures are torn down behind it, and dropping a world waits until its pushes have their outcome.
    """

    def __init__(self, server: LiveServer) -> None:
        self._server = server

    def pytest_keyboard_interrupt(self) -> None:
        """Let the server wait no longer."""
        self._server.hurry()


class SeedTeller:
    """Adds the seed to the report of each test that fails and has a world."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell by what the ids of a failure come again."""
        report = yield
        if report.failed and SERVER in getattr(item, "fixturenames", ()):
            told = f"--privnum-seed={self._seed} makes the same subscriptionIds, keys and nonces again"
            report.sections.append(("privnum", told))
        return report
