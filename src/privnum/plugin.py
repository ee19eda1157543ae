"""The pytest plugin.

Options and fixtures of the suites, and the stand-in server as a fixture.

It is loaded in every pytest run where privnum is installed, so it imports nothing of the suites or the server
before a test that asks for them was collected, and does nothing where no check of `privnum.suites` was.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.async_handle import AsyncWorldHandle
    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

__all__ = ["async_private_number", "private_number", "private_number_server"]

_CHECK = "__privnum_check__"
_ONE_WORKER, _SPREAD, _SEED = "privnum_one_worker", "privnum_spread", "privnum_seed"
_SERVER = "private_number_server"
_PLACES = pytest.StashKey[list[pytest.Item]]()
_DRAWN = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `pytest --pyargs privnum.suites`.

    `privnum check` sets the same ones.
    """
    group = parser.getgroup("privnum", "privnum: checking an implementation of PrivateNumber (--pyargs privnum.suites)")
    add = group.addoption
    add("--privnum-target", metavar="FILE", help="target.toml of what is under test (default: the embedded server)")
    add(
        "--privnum-profile",
        choices=("quick", "ci", "thorough"),
        default="quick",
        help="how hard the state machines try (default: quick)",
    )
    add("--privnum-events", metavar="FILE", help="write the event stream there, one JSON object a line")
    add(
        "--privnum-seed",
        metavar="N",
        type=int,
        help="seed of the run (default: of checks one fixed for each profile, of worlds of private_number a new one)",
    )
    add(
        "--privnum-assume",
        metavar="ID=VALUE",
        action="append",
        help="make worlds with this choice of an assumption; probes must find it out; may be repeated",
    )
    add(
        "--privnum-timeout",
        metavar="SECONDS",
        type=float,
        help="end the run after so long (default: an hour; profile ci 4 hours, thorough 24)",
    )
    add(
        "--privnum-max-wait",
        metavar="SECONDS",
        type=float,
        default=10.0,
        help="where no clock can be advanced, wait so long for what a rule needs (default: 10)",
    )
    _add_bounds(group)
    _add_fixture_options(parser)


def _add_bounds(group: pytest.OptionGroup) -> None:
    """What is checked, and what a run may do to a target."""
    add = group.addoption
    add("--privnum-mode", metavar="MODE", action="append", help="check this mode only; may be repeated")
    add(
        "--privnum-rule",
        metavar="ID",
        action="append",
        help="check these rules only: an id, a part of ids, a code, an operation, or words; may be repeated",
    )
    add("--privnum-first", metavar="ID", action="append", help="check this rule first; may be repeated")
    add("--privnum-shard", metavar="I/N", help="check the I-th of N parts only; privnum report joins their events")
    add(
        "--privnum-vary",
        metavar="ID",
        action="append",
        help="make worlds that do otherwise within the contract (privnum rules --list variations); may be repeated",
    )
    add("--privnum-ca", metavar="FILE", help="trust the certificates of this file too where the target is https")
    add("--privnum-disruptive", action="store_true", help="run checks that lock out or flood also off this machine")
    add("--privnum-concurrency", action="store_true", help="run checks that send many requests at once, too")
    add("--privnum-yes-i-may-test-this", action="store_true", help="send to a target that is not on this machine")
    add("--privnum-bindings", metavar="FILE", help="enter binds there (default: .privnum beside the target's file)")
    add("--privnum-max-requests", metavar="N", type=int, help="send at most N API requests")
    add("--privnum-max-calls", metavar="N", type=int, help="place at most N calls")
    add("--privnum-rate", metavar="N", type=float, help="send at most N API requests and calls in a second")


def _add_fixture_options(parser: pytest.Parser) -> None:
    """The options of the fixture private_number."""
    fixture = parser.getgroup("private_number", "privnum: the fixture private_number")
    fixture.addoption(
        "--privnum-push-to",
        metavar="HOST",
        action="append",
        default=[],
        help="let its pushes go to this host, besides this machine; any: to all; may be repeated",
    )
    fixture.addoption(
        "--privnum-push-ca", metavar="FILE", help="trust the certificates of this file too where its pushes go to https"
    )
    fixture.addoption(
        "--privnum-push-timeout",
        metavar="SECONDS",
        type=float,
        help="time that a receiver of its pushes has to answer (default: the choice of push.timeout_seconds)",
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note which place a check has, before plugins shuffle tests."""
    if hasattr(getattr(item, "function", None), _CHECK):
        item.config.stash.setdefault(_PLACES, []).append(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where checks were collected.

    Put them into their order, whatever other plugins made of it, and get ready to check; or to serve, where tests ask.
    """
    if any(hasattr(getattr(item, "function", None), _CHECK) for item in items):
        from privnum.suites.probes import PROBES
        from privnum.suites.report.pytest_summary import Summary
        from privnum.suites.runner.pytest_hooks import Hooks

        hooks = Hooks(config, PROBES)
        collected: list[pytest.Item] = config.stash.get(_PLACES, [])
        hooks.arrange(items, collected)
        config.pluginmanager.register(hooks, Hooks.NAME)
        config.pluginmanager.register(Summary(hooks))
    if any(_SERVER in getattr(item, "fixturenames", ()) for item in items):
        from privnum.mockserver.embed import fixture

        fixture.get_ready()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With pytest-xdist: say to a worker whether it has all checks, or a part."""
    node.workerinput[_ONE_WORKER] = _asks_for_checks(node.config)
    node.workerinput[_SPREAD] = _is_spread(node.config)
    node.workerinput[_SEED] = node.config.stash.setdefault(_DRAWN, int.from_bytes(os.urandom(6)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With pytest-xdist, where checks are asked for.

    All of them go to one worker; those of the embedded server to all workers.
    """
    from privnum.suites.report.pytest_summary import Controller
    from privnum.suites.runner.workers import make_scheduler

    expects, spread = _asks_for_checks(config), _is_spread(config)
    config.pluginmanager.register(Controller(config, expects=expects, spread=spread), Controller.NAME)
    return make_scheduler(config, log, spread=spread) if expects else None


def _is_spread(config: pytest.Config) -> bool:
    """Whether checks go to several workers, each with a server of its own.

    A target is one for all of them, and a bound is that of the whole run.
    """
    shared = ("target", "max-requests", "max-calls", "rate")
    return _asks_for_checks(config) and all(config.getoption(f"--privnum-{name}") is None for name in shared)


def _asks_for_checks(config: pytest.Config) -> bool:
    return config.getoption("dist", "no") != "each" and any(map(_names_checks, config.args))


def _names_checks(argument: str) -> bool:
    """Whether an argument of pytest names our checks, by package or file."""
    place = argument.partition("::")[0]
    home = Path(__file__).resolve().parent / "suites"
    return place.startswith("privnum.suites") or Path(place).resolve().is_relative_to(home.resolve())


@pytest.fixture(scope="session")
def private_number_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """The server of the fixture private_number, for a world of another scope.

    `private_number_server.world()`.

    Such a world is a context manager: for each example of Hypothesis, or in a fixture of a module. Override this
    fixture to have another server (privnum.mockserver.embed.live.LiveServer).
    """
    from privnum.mockserver.embed import fixture

    yield from fixture.private_number_server(request.config)


@pytest.fixture
def private_number(request: pytest.FixtureRequest, private_number_server: LiveServer) -> Iterator[WorldHandle]:
    """A stand-in of the platform on loopback, in this test's own world.

    Give `.url`, `.axb.app_key` and `.axb.app_secret` to the client under test, its push handler to `.send_pushes_to`;
    `.bind`, `.call`, `.hang_up` and `.advance` make things happen; `.events`, `.cdrs` and `.pushes` return pushes.
    The clock stands still until advanced. Other applications, assumptions or variations: parametrize it indirectly with
    a message that makes a world, such as `{"applications": [...]}` (privnum.mockserver.embed.handle.WorldHandle).
    """
    from privnum.mockserver.embed import fixture

    yield from fixture.private_number(private_number_server, request)


@pytest.fixture
def async_private_number(
    request: pytest.FixtureRequest, private_number_server: LiveServer
) -> Iterator[AsyncWorldHandle]:
    """The fixture private_number for async tests.

    What asks the server is awaited: `await async_private_number.call(a, x)`, `await async_private_number.cdrs()`. A
    receiver of pushes may run in the test's own event loop, of asyncio or trio (pytest-asyncio, anyio): the loop is
    free while a method waits.
    """
    from privnum.mockserver.embed import fixture

    yield from fixture.async_private_number(private_number_server, request)
