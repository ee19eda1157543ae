"""`privnum serve --state postgresql://…`: the database of the options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from privnum.mockserver.control.edge import Edge, wall_clock_ms
from privnum.mockserver.database.reading import Reader
from privnum.mockserver.database.session import Database, own_address
from privnum.mockserver.database.store import put_world
from privnum.mockserver.database.tables import NEW_DATABASE, open_tables
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.delivery import HttpDelivery
from privnum.mockserver.http.feed import Feed
from privnum.mockserver.http.making import check_settings, settings_of
from privnum.mockserver.http.nodes.app import NodeApp
from privnum.mockserver.http.nodes.elsewhere import Elsewhere
from privnum.mockserver.http.nodes.life import Life
from privnum.mockserver.http.nodes.passing import Passer
from privnum.mockserver.http.nodes.protocol import PassingProtocol
from privnum.mockserver.http.nodes.units import Shared, made_of
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.worlds.platform import DEFAULT_WORLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from privnum.mockserver.database.session import Connection
    from privnum.mockserver.http.command import Options
    from privnum.mockserver.http.gate import Gate
    from privnum.mockserver.http.posting import PushRules
    from privnum.mockserver.http.serve import Server
    from privnum.mockserver.worlds.platform import Platform
    from privnum.mockserver.worlds.world import World

__all__ = ["SharedState"]

_EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - as it is asked for


class SharedState:
    """A database, and what it had.

    Args:
        options: of the server; `state` names the database.
        seed: of a new one; another goes on with its own.
        make: makes a platform without worlds, by a seed and like another one.
        fill: makes the default world of a new one.

    Raises:
        StateError: it cannot be used, or was made with other settings.
    """

    #: Never ends the server: it waits until the database is back.
    failure: str | None = None
    #: The first node makes the default world, in the database.
    is_new: Final = False
    is_shared: Literal[True] = True

    def __init__(
        self,
        options: Options,
        seed: int,
        make: Callable[[int, Platform | None], Platform],
        fill: Callable[[Platform], object],
    ) -> None:
        self.database = Database(options.state or "")
        self._make = make
        given = settings_of(options, seed)

        def begin(connection: Connection) -> None:
            platform = make(seed, None)
            fill(platform)
            edge = KeptEdge(platform)
            world = platform.worlds[DEFAULT_WORLD]
            shown = {key: orjson.dumps(app.view()) for key, app in world.applications.items()}
            put_world(connection, made_of(DEFAULT_WORLD, edge, shown))

        with self.database.connect() as connection:
            self._head = open_tables(connection, self.database, given, begin)
            is_given = options.seed is not None
            where, made = self.database, self._head.settings
            check_settings(given, made, seed_is_given=is_given, where=where, other=NEW_DATABASE)
            self._own_address = own_address(connection)
            shown = Reader(connection, self.database).applications_of(DEFAULT_WORLD)
        #: Applications of the default world.
        self.applications: Sequence[Mapping[str, Any]] = [orjson.loads(app) for app in shown]
        #: Of the worlds.
        self.seed: int = self._head.settings["seed"]
        #: Has no world, and serves what is for none.
        self.platform = make(self.seed, None)
        #: Drawn once, for all nodes.
        self.control_token = self._head.secret_for("control plane")
        self._life: Life | None = None

    @property
    def shown(self) -> str:
        """What it is called."""
        return str(self.database)

    def address_at(self, here: str, host: str) -> str:
        """Return by which address others reach this node, which listens `here`.

        Where that is every address of the machine, the one by which the machine reaches the database.
        """
        _, _, address = here.partition("://")
        if host not in _EVERY_ADDRESS or self._own_address is None:
            return address
        port = address.rpartition(":")[2]
        return f"[{self._own_address}]:{port}" if ":" in self._own_address else f"{self._own_address}:{port}"

    def app(self, gate: Gate, rules: PushRules, address: str) -> NodeApp:
        """Return what serves the worlds.

        `address` is that by which other nodes reach this one.
        """
        here = _WorldsHere()
        feed, http = Feed(here), HttpDelivery(wall_clock_ms, rules)
        lobby = App(Edge(self.platform), http, gate=gate, rules=rules, feed=feed)
        self.platform.push_targets = rules.targets

        def make() -> Platform:
            platform = self._make(self.seed, self.platform)
            platform.base_url = self.platform.base_url
            return platform

        secret = self._head.secret_for("nodes").encode()
        elsewhere = Elsewhere(feed, secret, gate.authorization)
        shared = Shared(make, gate, rules, http, feed, Passer(secret), elsewhere)
        here.life = self._life = Life(self.database, address, shared)
        return NodeApp(self._life, lobby, shared, http, secret)

    def attach(self, server: Server) -> None:
        """Let a server pass requests on.

        The loss of the database ends its connections.
        """
        assert self._life is not None
        server.use_protocol(PassingProtocol)
        self._life.closes = server.drop_held


class _WorldsHere(Mapping[str, "World"]):
    """The worlds of this node, for who follows it."""

    life: Life | None = None

    def _worlds(self) -> dict[str, World]:
        node = None if self.life is None else self.life.node
        units = () if node is None else node.units.values()
        return {unit.id: world for unit in units if (world := unit.world) is not None}

    def __getitem__(self, world: str) -> World:
        return self._worlds()[world]

    def __iter__(self) -> Iterator[str]:
        return iter(self._worlds())

    def __len__(self) -> int:
        return len(self._worlds())
