"""A unit: one world with all that serves it, and the log of its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.database.log import WorldLog
from privnum.mockserver.database.reading import read_world
from privnum.mockserver.database.store import Made
from privnum.mockserver.database.tables import NEW_DATABASE
from privnum.mockserver.http.asgi import App
from privnum.mockserver.http.nodes.arrivals import Arrivals
from privnum.mockserver.http.nodes.pipes import Pipes
from privnum.mockserver.statefile.image import pieces_of_image
from privnum.mockserver.statefile.opening import restore_worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Protocol

    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.database.log import NodeLog
    from privnum.mockserver.database.session import Connection, Database
    from privnum.mockserver.http.feed import Feed
    from privnum.mockserver.http.gate import Gate
    from privnum.mockserver.http.nodes.elsewhere import Elsewhere
    from privnum.mockserver.http.nodes.passing import Passer
    from privnum.mockserver.http.posting import PushRules
    from privnum.mockserver.pushes.pump import AsyncDeliver
    from privnum.mockserver.statefile.edge import KeptEdge
    from privnum.mockserver.worlds.platform import Platform
    from privnum.mockserver.worlds.world import World

    class Holds(Protocol):
        """What has a unit, and writes what other worlds have to know of it."""

        async def reserve_key(self, unit: Unit, app_key: str) -> bool:
            """Let no other world have a key; return False where one has it."""
            ...

        async def update_keys(self, unit: Unit, reserved: str | None = None) -> None:
            """Write which applications a unit has, where that is new."""
            ...

        async def forget(self, unit: Unit) -> None:
            """Drop a unit."""
            ...


__all__ = ["Shared", "Unit", "load_unit", "made_of"]

_CREATED: Final = 201
_APPLICATIONS: Final = "/applications"


class Shared:
    """What all units of a node share.

    Args:
        make: makes a platform without a world.
        gate, rules, deliver, feed: as of `App`.
        passer: hands requests to other nodes.
        elsewhere: hears what happens at them.
    """

    def __init__(
        self,
        make: Callable[[], Platform],
        gate: Gate,
        rules: PushRules,
        deliver: AsyncDeliver,
        feed: Feed,
        passer: Passer,
        elsewhere: Elsewhere,
    ) -> None:
        self.passer = passer
        self.pipes = Pipes()
        self.gate = gate
        self.rules = rules
        self.deliver = deliver
        self.feed = feed
        #: Called after a world was emptied.
        self.emptied: Callable[[], None] = lambda: None
        self._elsewhere = elsewhere
        self._make = make

    def keep_only(self, addresses: Collection[str]) -> None:
        """Close the connections to other nodes than these others."""
        self.passer.keep_only(addresses)
        self.pipes.keep_only(addresses)
        self._elsewhere.keep_only(addresses)

    def platform(self) -> Platform:
        """Return a platform without a world, and without rules for pushes.

        What another node has taken may be against the rules of this one, and is carried out again for all that.
        """
        return self._make()


class Unit:
    """One world, as it is served.

    Args:
        world: its id.
        edge: which has that world and no other.
        shared: with the other units.
        holder: what has the units.
    """

    def __init__(self, world: str, edge: KeptEdge, shared: Shared, holder: Holds) -> None:
        self.id = world
        self.edge = edge
        edge.platform.push_targets = shared.rules.targets
        self.app = _UnitApp(self, shared, holder)
        #: Requests that go by way of ASGI and have no answer yet.
        self.busy = 0
        #: Where its requests come in.
        self.arrivals = Arrivals()
        #: What other worlds know of its applications.
        self.known: dict[str, bytes] = {}

    @property
    def world(self) -> World | None:
        """The world, None once it has been dropped."""
        return self.edge.platform.worlds.get(self.id)

    @property
    def idle(self) -> bool:
        """Whether it can be given to another node: nothing is under way."""
        world = self.world
        return not self.busy and self.app.idle and world is not None and not world.outbox.exchanging

    def begin(self, log: NodeLog, last: int, behind_image: int, size: int, entry: tuple[Any, ...] | None) -> None:
        """Serve; arguments as of `WorldLog`, and an input of the beginning."""
        self.edge.log = WorldLog(log, self.id, last, behind_image, lambda: pieces_of_image(self.edge), size)
        if entry is not None:
            self.edge.log.add(entry)
        self.app.start()

    @property
    def log(self) -> WorldLog:
        """Where its inputs go."""
        assert isinstance(self.edge.log, WorldLog)
        return self.edge.log

    def applications(self) -> dict[str, bytes]:
        """Return its applications by their keys, as they are shown."""
        world = self.world
        return {} if world is None else {key: orjson.dumps(app.view()) for key, app in world.applications.items()}


class _UnitApp(App):
    """Serves a unit."""

    def __init__(self, unit: Unit, shared: Shared, holder: Holds) -> None:
        super().__init__(unit.edge, shared.deliver, gate=shared.gate, rules=shared.rules, feed=shared.feed)
        self._unit = unit
        self._holder = holder
        self.emptied = shared.emptied

    @property
    def idle(self) -> bool:
        """Whether no push is under way, and no clock is moved step by step."""
        return self._clocks.idle

    async def abandon(self) -> None:
        """Give up: what is under way is not kept any more."""
        await self._clocks.stop()

    async def carry_out(self, method: str, path: str, query: str, body: bytes, waits_in_loop: bool) -> Answer:
        """See `App.carry_out`; keys, and the end of a world, are entered."""
        key = _key_in(body) if method == "POST" and path.rstrip("/").endswith(_APPLICATIONS) else None
        if key is not None and not await self._holder.reserve_key(self._unit, key):
            taken = ControlError(409, f"app_key {key!r} is in use on this server; keys are unique", "app_key")
            return self.edge.control_error(taken.status, taken.error, taken.where)
        answer = await super().carry_out(method, path, query, body, waits_in_loop)
        if method == "GET" or answer.status >= 500:
            return answer
        if self._unit.world is None:
            await self._holder.forget(self._unit)
        elif key is not None or "/applications" in path or path.endswith("/restore"):
            await self._holder.update_keys(self._unit, key)
        return answer


def _key_in(body: bytes) -> str | None:
    """Return the key that a message asks for, None where it asks for none."""
    try:
        message = orjson.loads(body)
    except ValueError:
        return None
    key = message.get("app_key") if isinstance(message, dict) else None
    return key if isinstance(key, str) and key else None


def load_unit(
    connection: Connection, database: Database, world: str, shared: Shared, holder: Holds
) -> tuple[Unit, int, int, int, tuple[Any, ...]]:
    """Return a world of the database as a unit, in a thread.

    And the arguments of `Unit.begin` behind the log.

    Raises:
        StateError: it cannot be read.
    """
    stored = read_world(connection, database, world)
    edge, last, behind = restore_worlds(stored, shared.platform(), f"world {world} in {database}", NEW_DATABASE)
    entry = edge.restart()
    return Unit(world, edge, shared, holder), last, behind, stored.size, entry


def made_of(world: str, edge: KeptEdge, applications: Mapping[str, bytes]) -> Made:
    """Return a world that was just made, to be kept."""
    return Made(world, applications, b"".join(pieces_of_image(edge)))
