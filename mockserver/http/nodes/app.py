"""The application of a node: which world a request is for, who has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import orjson

from privnum import contracts
from privnum.mockserver.control.edge import MAX_BODY
from privnum.mockserver.control.messages import read_body
from privnum.mockserver.control.plane import ASKED_ADDRESS
from privnum.mockserver.core import auth
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.database.reading import Reader
from privnum.mockserver.database.store import TakenError
from privnum.mockserver.http.feed import EVENTS
from privnum.mockserver.http.nodes.exchange import Exchange, PassedOn, control_answer, passed_fields, taken_error
from privnum.mockserver.http.nodes.passing import NOT_MINE, PIPED, NotSentError, between_nodes, request_bytes
from privnum.mockserver.http.nodes.units import Unit
from privnum.mockserver.http.posting import HURRY_SECONDS
from privnum.mockserver.http.rounds import Round
from privnum.mockserver.inspector.files import FOLDER
from privnum.mockserver.pushes.addresses import is_control
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.statefile.file import StateError
from privnum.mockserver.worlds.platform import DEFAULT_WORLD, world_of_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from privnum.mockserver.http.asgi import App, Receive, Send
    from privnum.mockserver.http.delivery import HttpDelivery
    from privnum.mockserver.http.nodes.life import Life
    from privnum.mockserver.http.nodes.node import Node
    from privnum.mockserver.http.nodes.pipes import Pipe
    from privnum.mockserver.http.nodes.protocol import Request
    from privnum.mockserver.http.nodes.units import Shared

__all__ = ["NodeApp"]

Headers = list[tuple[bytes, bytes]]

_WORLDS: Final = "/_privnum/worlds"
_HEALTH: Final = "/_privnum/health"
#: Seconds for which a request waits for a world whose node is dead, until another has it.
_PATIENCE: Final = 15.0
#: Seconds between two looks for it.
_BETWEEN: Final = 0.05
_CREATED: Final = 201
_SLASHES_OF_WORLD: Final = 3
_AWAY: Final = "this server can keep nothing now, since its database is away or was; ask again in a moment"
_NOBODY: Final = "no node has this world now; ask again in a moment"
_NOT_MINE: Final = Answer(421, b"", ((NOT_MINE, b"1"),))


class NodeApp:
    """Serves what is in a database together with other nodes; see `App`.

    Args:
        life: the node that this server is.
        lobby: serves what belongs to no world.
        shared: with all units.
        http: sends pushes.
        secret: that nodes alone know.
    """

    #: Faults strike in one world; `goes_round` looks at that.
    faulty: AbstractSet[object] = frozenset()

    def __init__(self, life: Life, lobby: App, shared: Shared, http: HttpDelivery, secret: bytes) -> None:
        self._life = life
        self._lobby = lobby
        self._shared = shared
        self._http = http
        self._secret = secret
        self.round = Round()
        #: Called after a world was dropped.
        self.dropped: Callable[[], None] | None = None
        #: Of the request of the API plane that is answered next: its world, or the way to the node that has it.
        self._next: Unit | None = None
        self._passed: PassedOn | None = None
        self._key = b""
        #: Whether others are behind it on the same connection, and wait for its answer.
        self.is_piped = False

    @property
    def emptied(self) -> Callable[[], None]:
        """Called after a world was emptied."""
        return self._shared.emptied

    @emptied.setter
    def emptied(self, then: Callable[[], None]) -> None:
        self._shared.emptied = then

    @property
    def when_kept(self) -> Callable[[Callable[[], None]], None] | None:
        """See `Edge.when_kept`."""
        node = self._life.node
        return None if node is None else node.log.when_kept

    def start(self) -> None:
        """Begin to be a node."""
        self._life.start()

    def hurry(self, *seconds: float) -> None:
        """Wait for no customer much longer; see `App.hurry`."""
        self._http.hurry(*(seconds or (HURRY_SECONDS,)))
        self._lobby.hurry(*seconds)
        node = self._life.node
        for unit in () if node is None else tuple(node.units.values()):
            unit.app.hurry(*seconds)

    async def stop(self) -> None:
        """Let other nodes have the worlds."""
        await self._life.stop()
        await self._lobby.stop()
        self._shared.keep_only(())

    # ── without ASGI ─────────────────────────────────────────────────────────────────────────────────────────────────

    def goes_round(self, target: bytes, headers: Headers) -> bool:
        """Return whether a request has to go by way of ASGI or another node.

        Its world is elsewhere, or unknown, or a fault may strike.
        """
        passed = self._passed = passed_fields(headers, self._secret)
        unit = self._next = self._unit_here(target.decode("latin-1"), headers)
        self.is_piped = passed is not None and passed.is_piped
        if not self.is_piped:
            return unit is None or bool(unit.edge.platform.faulty)
        if unit is not None and unit.edge.platform.altered:
            self._next = None  # its answer may come late, or end the connection
        return False

    def pass_on(self, request: Request, then: Callable[[bytes | None], None]) -> bool:
        """Let the node answer that has the world of a request.

        Return False where that cannot be done at once. `goes_round` has seen the request. `then` is called with the
        answer as bytes, and with None where it is lost.
        """
        node = self._life.node
        pipe = None if node is None or self._passed is not None else self._pipe_for(node, request.target)
        if node is None or pipe is None:
            return False
        fields = between_nodes(self._secret, request.client, request.scheme, node.number)
        pipe.ask(
            request_bytes(request.method, request.target, request.headers, request.body, (*fields, (PIPED, b"1"))), then
        )
        return True

    def _pipe_for(self, node: Node, target: bytes) -> Pipe | None:
        """Return the connection to the node that has the world of a request."""
        if self._next is not None:
            return None
        world, _ = world_of_path(target.decode("latin-1"))
        address = node.places.known_address(world and world.partition("?")[0], self._key)
        return None if address is None else self._shared.pipes.get(address)

    def api(
        self, method: str, path: str, query: str, headers: Headers, body: bytes, client: str, scheme: str
    ) -> Answer:
        """Answer a request of the API plane for which `goes_round` has said no."""
        unit = self._next
        if unit is None:
            return _NOT_MINE
        if self._passed is None:
            unit.arrivals.here += 1
        else:
            headers, client, scheme, by, _ = self._passed
            self._note_passed(unit, by)
        return unit.app.api(method, path, query, headers, body, client, scheme)

    def _note_passed(self, unit: Unit, by: int) -> None:
        """Let the node have a world that has passed nearly all of its requests on."""
        node = self._life.node
        if unit.arrivals.note_passed(by) and node is not None:
            node.bring_near(unit, by)

    def malformed_answer(self, target: str) -> Answer:
        """See `Serves.malformed_answer`."""
        return self._app_here(target, []).malformed_answer(target)

    def oversized_answer(self, target: str, headers: Headers) -> Answer:
        """See `Serves.oversized_answer`."""
        return self._app_here(target, headers).oversized_answer(target, headers)

    def _app_here(self, target: str, headers: Headers) -> App:
        """Return what refuses a request: its world, if that is here."""
        unit = self._unit_here(target, headers)
        return self._lobby if unit is None else unit.app

    def _unit_here(self, target: str, headers: Headers) -> Unit | None:
        """Return the unit of a request, None where that is not known to be here."""
        node = self._life.node
        if node is None:
            return None
        world, _ = world_of_path(target)
        self._key = b"" if world is not None else auth.username(dict(reversed(headers)))
        if self._key:
            return node.homes.get(self._key)
        return node.units.get(DEFAULT_WORLD if world is None else world.partition("?")[0])

    # ── by way of ASGI ───────────────────────────────────────────────────────────────────────────────────────────────

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = Exchange.of(scope, receive, send, self._secret)
        path = exchange.path
        node = await self._life.current()
        try:
            if path == EVENTS or path.startswith(FOLDER):
                await self._answer_in_lobby(node, exchange)
            elif node is None:
                await exchange.refuse(_AWAY)
            else:
                await self._answer(node, exchange)
        except StateError:  # the node is lost
            await exchange.refuse(_AWAY)

    async def _answer(self, node: Node, exchange: Exchange) -> None:
        path = exchange.path.rstrip("/") if is_control(exchange.path) else exchange.path
        if path == _WORLDS and exchange.method == "GET":
            await self._list(node, exchange)
        elif path == _WORLDS and exchange.method == "POST":
            await self._create(node, exchange)
        else:
            await self._answer_in_world(node, path, exchange)

    @staticmethod
    async def _world_of(node: Node, exchange: Exchange, path: str) -> str | None:
        """Return the world that a request is for, None where it is for none."""
        if is_control(path):
            parts = path.split("/")
            return unquote(parts[3]) if len(parts) > 3 and parts[2] == "worlds" else None
        world, _ = world_of_path(path)
        if world is None and exchange.app_key:
            world = await node.world_of_key(exchange.app_key)
        return DEFAULT_WORLD if world is None else world

    async def _answer_in_lobby(self, node: Node | None, exchange: Exchange) -> None:
        """Answer what is for no world, or for one that nobody has made."""
        if node is not None:
            await node.log.wait_until_kept()  # not ahead of an answer on the same connection
            if exchange.path == _HEALTH:
                self._count(node)
        await self._lobby(exchange.scope, exchange.receive, exchange.send)

    def _count(self, node: Node) -> None:
        """Let the lobby say what all worlds here have dropped, and their faults."""
        platform = self._lobby.edge.platform
        platform.dropped.clear()
        platform.faulty.clear()
        for unit in node.units.values():
            platform.dropped.update(unit.edge.platform.dropped)
            platform.faulty.update(unit.edge.platform.faulty)

    async def _answer_in_world(self, node: Node, path: str, exchange: Exchange) -> None:
        """Answer here, or let the node answer that has the world."""
        loop = asyncio.get_running_loop()
        deadline, before = loop.time() + _PATIENCE, None
        while loop.time() < deadline and not node.is_lost:
            world = await self._world_of(node, exchange, path)
            unit = None if world is None else await node.unit(world)
            if unit is not None:
                await self._answer_here(unit, exchange)
                return
            if world in node.unreadable:
                await self._answer_for_unreadable(node, world, exchange)
                return
            if exchange.is_passed:
                node.places.forget(world or "", exchange.app_key)
                await exchange.answer(_NOT_MINE)
                return
            place = None if world is None else await node.places.of(world)
            if place is None and world == before:
                await self._answer_in_lobby(node, exchange)
                return
            address = None if place is None or place.node == node.number else place.address
            if address is not None and await self._pass_on(node, address, exchange):
                return
            node.places.forget(world or "", exchange.app_key)
            if place is None:
                before = world
            else:
                await node.next_look(_BETWEEN)
        await exchange.refuse(_AWAY if node.is_lost else _NOBODY)

    async def _answer_for_unreadable(self, node: Node, world: str, exchange: Exchange) -> None:
        """Say that a world cannot be read; drop it where that is asked."""
        path = exchange.path.rstrip("/")
        if exchange.method != "DELETE" or not is_control(path) or path.count("/") != _SLASHES_OF_WORLD:
            await exchange.refuse(f"world {world[:64]!r} cannot be read; the log of the node that has it says why")
        elif self._shared.gate.refusal("DELETE", path, exchange.headers) is not None:
            await self._answer_in_lobby(node, exchange)
        else:
            await node.drop_unreadable(world)
            await exchange.answer(Answer(204, b"", ()))

    async def _answer_here(self, unit: Unit, exchange: Exchange) -> None:
        if exchange.passed_by is None:
            unit.arrivals.here += 1
        else:
            self._note_passed(unit, exchange.passed_by)
        unit.busy += 1
        try:
            await unit.app(exchange.scope, exchange.receive, exchange.send)
        finally:
            unit.busy -= 1
        await exchange.end()
        if unit.world is None and self.dropped is not None:
            self.dropped()

    async def _pass_on(self, node: Node, address: str, exchange: Exchange) -> bool:
        """Let another node answer; return False to look who has it now."""
        body = await exchange.body()
        if body is None:
            return True  # the client has gone
        try:
            reply = await self._shared.passer.ask(address, exchange.scope, body, node.number)
        except NotSentError:
            return False
        except OSError:  # it died with the request: nobody knows what became of that
            if exchange.method == "GET":
                return False
            exchange.cut(Answer(502, b""), "dropped")
            return True
        if reply.header(NOT_MINE) is not None:
            return False
        await node.log.wait_until_kept()  # not ahead of an answer on the same connection
        await exchange.hand_back(reply)
        return True

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _list(self, node: Node, exchange: Exchange) -> None:
        refused = self._shared.gate.refusal("GET", _WORLDS, exchange.headers)
        if refused is not None or exchange.scope["query_string"]:
            await self._answer_in_lobby(node, exchange)
            return
        worlds = [{"id": world} for world in await node.ask(Reader.worlds)]
        await exchange.answer(Answer(200, orjson.dumps({"worlds": worlds})))

    async def _create(self, node: Node, exchange: Exchange) -> None:
        """Make a world, on the node that it falls to."""
        refused = self._shared.gate.refusal("POST", _WORLDS, exchange.headers)
        body = await exchange.body()
        if refused is not None or body is None or len(body) > MAX_BODY:
            await self._answer_in_lobby(node, exchange)
            return
        try:
            message = read_body(contracts.plane_operations()["worlds.create"], body)
        except ControlError as error:
            await exchange.answer(control_answer(error))
            return
        if not message.get("id"):
            message["id"] = await node.ask(Reader.new_name)
            exchange.replace_body(orjson.dumps(message))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE
        while not exchange.is_passed and (address := node.address_for(message["id"])) is not None:
            if await self._pass_on(node, address, exchange):
                return
            if node.is_lost or loop.time() > deadline:
                await exchange.refuse(_AWAY if node.is_lost else _NOBODY)
                return
            await node.next_look(_BETWEEN)
        await exchange.answer(await self._create_here(node, exchange, message))

    async def _create_here(self, node: Node, exchange: Exchange, message: dict[str, Any]) -> Answer:
        world = message["id"]
        edge = KeptEdge(self._shared.platform())
        unit = Unit(world, edge, self._shared, node)
        ASKED_ADDRESS.set(self._shared.gate.address(exchange.headers, exchange.scope["scheme"]))
        body, query = await exchange.body() or b"", exchange.scope["query_string"].decode("latin-1")
        reply = edge.command("POST", _WORLDS, query, body)
        if reply.status != _CREATED:
            return edge.answer_to(reply)
        try:
            await node.make(unit)
        except TakenError as error:
            return control_answer(taken_error(error, message))
        answer = edge.answer_to(reply)
        self._shared.feed.note_command("POST", _WORLDS, answer.body)
        return answer
