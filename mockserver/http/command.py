"""`privnum serve`: from options to a running server.

The socket listens, and what a newcomer needs is printed, before the heavy imports begin; anybody who connects meanwhile
is answered as soon as they are done.
"""

from __future__ import annotations

import errno
import gc
import logging
import secrets
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast
from urllib.parse import urlsplit

from privnum.ends import report_problem
from privnum.mockserver.control.start import Start
from privnum.mockserver.database.address import is_database

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from privnum.mockserver.http.asgi import App
    from privnum.mockserver.http.gate import Gate
    from privnum.mockserver.http.keeping import KeptState
    from privnum.mockserver.http.nodes.beginning import SharedState
    from privnum.mockserver.http.serve import Server
    from privnum.mockserver.http.tls import Tls
    from privnum.mockserver.pushes.addresses import PushTargets
    from privnum.mockserver.statefile.edge import KeptEdge
    from privnum.mockserver.worlds.platform import Platform

__all__ = ["Options", "serve"]

#: Exit status for an option or an environment that cannot be used.
BAD_USAGE: Final = 2
#: Exit status where the state cannot be kept any more.
LOST: Final = 1
#: What is logged: with "usual" a line for each request and push, with "verbose" their bodies too.
_LEVELS: Final = {"quiet": logging.WARNING, "usual": logging.INFO, "verbose": logging.DEBUG}
#: This many seeds can be drawn; what the control plane takes too.
_SEEDS: Final = 2**53
#: What the server cannot do without.
_PACKAGES: Final = ("uvicorn", "httptools")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of `privnum serve`.

    `event_url` and `fee_url` are where the demo applications' call events and CDRs go: http(s) or "inbox:".
    `clock` is "running" or "frozen". `assumptions` are choices that differ from the edition's, `variations` ids of
    contracts/variations.toml. `public_url` is the address under which others reach the server, None: the one they ask.
    `control_token` must go with control messages; None: one is drawn where other machines can reach the server, and
    none is needed elsewhere. `keep` is how many ended calls and settled pushes a world keeps, `journal` how many
    entries its journal keeps, None: the usual number. `strict` refuses forms that the real platform may not take.
    `log` is "quiet" (warnings alone), "usual" or "verbose" (with bodies), `log_format` "text" or "json". `seed` None:
    one is drawn, so that no two servers have the same ids. `push_timeout`, `push_ca` and `push_to` are those of
    `PushRules` and `PushTargets`. `applications` and `home_areas` are those of the default world, in the control
    plane's form; None: a made-up application of each mode. `place` returns where a part of them was written. With `tls`
    (None: where there is a `tls_cert`) the server listens for HTTPS too, on `tls_port`: by the certificate in
    `tls_cert` (its key in `tls_key`), or by one of its own making, whose CA is written into `tls_ca_file`. `state` is
    the file in which all that happens is kept, or the database that several servers share; None: nothing is kept.
    `advertise` is by which host and port the others of them reach this one, None: where it listens.
    """

    host: str = "localhost"
    port: int = 8080
    as_json: bool = False
    edition: str | None = None
    assumptions: Mapping[str, str | int] = field(default_factory=dict)
    variations: Sequence[str] = ()
    seed: int | None = None
    keep: int | None = None
    journal: int | None = None
    strict: bool = False
    log: str = "usual"
    log_format: str = "text"
    public_url: str | None = None
    control_token: str | None = None
    event_url: str = "inbox:"
    fee_url: str = "inbox:"
    clock: str = "running"
    push_timeout: float | None = None
    push_ca: str | None = None
    push_to: Sequence[str] = ()
    tls: bool | None = None
    tls_port: int = 8443
    tls_cert: str | None = None
    tls_key: str | None = None
    tls_ca_file: str | None = None
    applications: Sequence[Mapping[str, Any]] | None = None
    home_areas: Mapping[str, str] = field(default_factory=dict)
    state: str | None = None
    advertise: str | None = None
    place: Callable[[str], str] = str


#: Signals that came while it started: an import in C may pass over the exception of one.
_SIGNALS: Final[list[int]] = []


class _StartError(Exception):
    """The server does not start; the text says why."""


class _EndError(Exception):
    """The server has ended, as its state cannot be kept; the text says why."""


def serve(options: Options) -> int:
    """Serve until SIGINT or SIGTERM; return the exit status."""
    gc.disable()  # imports make much and drop little; the server turns the collector on again
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _end)  # while starting; the server has its own
    for package in _PACKAGES:
        if find_spec(package) is None:
            return _refuse(f"{package} is not installed; pip install '.[server]' in privnum's checkout")
    try:
        _serve(options)
    except (_StartError, _EndError) as error:
        return _refuse(str(error), LOST if isinstance(error, _EndError) else BAD_USAGE)
    return 0


def _serve(options: Options) -> None:
    from privnum.mockserver.http.logs import show_log

    show_log(_LEVELS[options.log], as_json=options.log_format == "json")
    seed = secrets.randbelow(_SEEDS) if options.seed is None else options.seed
    if options.advertise is not None and not is_database(options.state or ""):
        raise _StartError("--advertise is for servers that share a database; name that with --state")
    kept = None if options.state is None else _kept_state(options, options.state, seed)
    platform = _platform(options, seed) if kept is None else kept.platform
    with _tls(options) as tls:
        _listen_and_run(options, platform, seed if kept is None else kept.seed, tls, kept)
    if kept is not None and kept.failure is not None:
        raise _EndError(kept.failure)


def _kept_state(options: Options, state: str, seed: int) -> KeptState | SharedState:
    """The state file or the database that is asked for, and what it has."""
    from privnum.mockserver.http.keeping import KeptState
    from privnum.mockserver.statefile.file import StateError

    try:
        if not is_database(state):
            return KeptState(options, seed, partial(_platform, options))
        if find_spec("psycopg") is None:
            raise _StartError("psycopg is not installed; pip install '.[postgres]' in privnum's checkout")
        from privnum.mockserver.http.nodes.beginning import SharedState

        return SharedState(options, seed, partial(_platform, options), partial(_default_world, options))
    except StateError as error:
        raise _StartError(str(error)) from None


def _listen_and_run(
    options: Options, platform: Platform, seed: int, tls: Tls | None, kept: KeptState | SharedState | None
) -> None:
    from privnum.mockserver.http.gate import Gate
    from privnum.mockserver.http.listener import address_of

    listeners = _listeners(options, options.port, "--port")
    secure = [] if tls is None else _listeners(options, options.tls_port, "--tls-port")
    here = address_of(listeners)
    platform.base_url = options.public_url or here
    secure_url = address_of(secure, "https") if secure else None
    targets = _push_targets(options, [platform.base_url, here, *([secure_url] if secure_url else ())])
    is_open = _is_open(options, listeners)
    token = options.control_token or (_control_token(kept) if is_open else None)
    # Through a tunnel or a published port the address that was asked is the one that works, on loopback too.
    gate = Gate(token, options.public_url, follows_host=True)
    apps = _default_world(options, platform) if kept is None or kept.is_new else kept.applications
    served = _state_to_serve(kept)
    shown = None if kept is None else kept.shown
    local = None if platform.base_url == here else here
    _announce(options, platform, apps, Start(seed, token, secure_url, tls.ca_file if tls else None, shown, local))
    if is_open:
        report_problem(
            "privnum serve",
            "other machines can reach this server; its control plane, which makes calls and shows every secret, is for "
            "those only who send the control token",
        )
    from privnum.mockserver.http.serve import run

    app = _app(options, platform, served, gate, targets, here)
    on_tls = None if tls is None else (secure, tls.context)

    def begin(server: Server) -> None:
        if kept is not None:
            kept.attach(server)
        if _SIGNALS:
            server.stop()

    run(app, listeners, on_tls, begin)


def _state_to_serve(kept: KeptState | SharedState | None) -> KeptEdge | SharedState | None:
    """The edge whose inputs are kept in a file; all else as it is."""
    if kept is None or kept.is_shared is True:
        return kept
    from privnum.mockserver.statefile.file import StateError

    try:
        return kept.edge()
    except StateError as error:
        raise _StartError(str(error)) from None


def _app(
    options: Options,
    platform: Platform,
    served: KeptEdge | SharedState | None,
    gate: Gate,
    targets: PushTargets,
    here: str,
) -> App:
    """The application.

    Other nodes reach it `here`, unless another address is named.
    """
    from privnum.mockserver.control.edge import Edge
    from privnum.mockserver.http.asgi import App
    from privnum.mockserver.http.posting import PushRules

    rules = PushRules(timeout_seconds=options.push_timeout, ca_file=options.push_ca, targets=targets)
    if served is None or isinstance(served, Edge):
        return App(served or Edge(platform), gate=gate, rules=rules)
    app = served.app(gate, rules, options.advertise or served.address_at(here, options.host))
    return cast("App", app)  # it serves as one does


def _control_token(kept: KeptState | SharedState | None) -> str:
    """What is drawn where other machines can reach the server.

    For all nodes that share a state it is the same.
    """
    drawn: str | None = getattr(kept, "control_token", None)
    return drawn or secrets.token_urlsafe(24)


def _listeners(options: Options, port: int, option: str) -> list[socket.socket]:
    from privnum.mockserver.http.listener import listen

    try:
        return listen(options.host, port)
    except OSError as error:
        raise _StartError(_cannot_listen(options.host, port, option, error)) from None


@contextmanager
def _tls(options: Options) -> Iterator[Tls | None]:
    """Have the certificate that is asked for, None where none is."""
    if options.tls_key is not None and options.tls_cert is None:
        raise _StartError("--tls-key is the key of a certificate; name that with --tls-cert")
    is_wanted = options.tls_cert is not None if options.tls is None else options.tls
    if options.tls_ca_file is not None and (options.tls_cert is not None or not is_wanted):
        raise _StartError("--tls-ca-file is where the server writes what it makes with --tls and without --tls-cert")
    if not is_wanted:
        yield None
        return
    from privnum.mockserver.http.tls import TlsError, names_of, tls_of_files, tls_of_own_making

    named = urlsplit(options.public_url).hostname if options.public_url else None
    try:
        if options.tls_cert is not None:
            yield tls_of_files(options.tls_cert, options.tls_key)
            return
        with tls_of_own_making(names_of(options.host, named), options.tls_ca_file) as tls:
            yield tls
    except TlsError as error:
        raise _StartError(str(error)) from None


def _is_open(options: Options, listeners: Sequence[socket.socket]) -> bool:
    """Whether other machines can reach the server.

    By itself, or through the proxy that --public-url names.
    """
    from privnum.mockserver.http.listener import is_loopback
    from privnum.mockserver.pushes.addresses import is_loopback as is_own_host

    named = urlsplit(options.public_url).hostname if options.public_url else None
    return not is_loopback(listeners) or (named is not None and not is_own_host(named))


def _platform(options: Options, seed: int, like: Platform | None = None) -> Platform:
    """The platform that is asked for, without a world."""
    from privnum import contracts
    from privnum.mockserver.core.history import KEPT
    from privnum.mockserver.journal import ring
    from privnum.mockserver.worlds.platform import Platform

    try:
        return Platform(
            edition=options.edition or contracts.DEFAULT_EDITION,
            assumptions=options.assumptions,
            seed=seed,
            keep=KEPT if options.keep is None else options.keep,
            variations=options.variations,
            journal=ring.KEPT if options.journal is None else options.journal,
            strict=options.strict,
            like=like,
        )
    except contracts.ContractError as error:
        raise _StartError(str(error)) from None


def _push_targets(options: Options, ours: Sequence[str]) -> PushTargets:
    """Where pushes may go: not to `ours`, the addresses of the server."""
    from privnum.mockserver.pushes.addresses import PushTargets, masked_address

    targets = PushTargets(options.push_to)
    targets.allow_hosts_of(options.event_url, options.fee_url)
    for app in options.applications or ():
        targets.allow_hosts_of(*(app[name] for name in app if name.endswith("_url")))
    for address in ours:
        targets.belongs_to_us(address)
    for url in (options.event_url, options.fee_url):
        if (why := targets.fault(url)) is not None:
            raise _StartError(f"no push can go to {masked_address(url)}: {why}")
    if options.push_ca is not None and (why := _ca_fault(options.push_ca)) is not None:
        raise _StartError(why)
    return targets


def _announce(options: Options, platform: Platform, apps: Sequence[Mapping[str, Any]], start: Start) -> None:
    """Print how to use the default world."""
    from privnum.mockserver.control import quickstart

    if options.as_json:
        import orjson

        told = {**quickstart.summary(platform.base_url, apps), **start.view()}
        _say(orjson.dumps(told).decode() + "\n")
    else:
        _say(quickstart.overview(platform.base_url, apps, (options.event_url, options.fee_url), start))


def _default_world(options: Options, platform: Platform) -> Sequence[Mapping[str, Any]]:
    """Make the default world; return its applications as they are."""
    from privnum.mockserver.control import quickstart
    from privnum.mockserver.control.edge import wall_clock_ms
    from privnum.mockserver.core.errors import ControlError
    from privnum.mockserver.core.timestamps import iso
    from privnum.mockserver.worlds.platform import DEFAULT_WORLD

    apps = quickstart.applications(options.event_url, options.fee_url, options.applications)
    clock = {"mode": options.clock}
    if options.clock == "running":
        clock["now"] = iso(wall_clock_ms())
    spec = {"id": DEFAULT_WORLD, "clock": clock, "applications": apps, "home_areas": options.home_areas}
    for where, why in platform.push_faults(spec):
        raise _StartError(f"{options.place(where)}: {where}: {why}")
    try:
        world = platform.create_world(spec)
    except ControlError as error:
        raise _StartError(f"{options.place(error.where)}: {error.where}: {error.error}") from None
    return [app.view() for app in world.applications.values()]


def _cannot_listen(host: str, port: int, option: str, error: OSError) -> str:
    # asyncio's sentences name the address once more
    why = (error.strerror or str(error)).partition(" (while")[0]
    hint = f"{option} 0 takes a free one" if error.errno == errno.EADDRINUSE else f"see --host and {option}"
    return f"cannot listen on {host} port {port}: {why}; {hint}"


def _ca_fault(path: str) -> str | None:
    """Return why a file of certificates cannot be used."""
    import ssl

    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        return f"cannot use --push-ca {path}: {error.strerror or error}; name a file with certificates in PEM"
    return None


def _end(name: int, _: object) -> NoReturn:
    _SIGNALS.append(name)
    sys.exit(0)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _refuse(why: str, status: int = BAD_USAGE) -> int:
    report_problem("privnum serve", why)
    return status
