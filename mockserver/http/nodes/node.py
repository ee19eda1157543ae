"""A node, for as long as it has its number.

Its worlds, and where the others are.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeVar

from privnum.mockserver.database.asking import Asker
from privnum.mockserver.database.futures import resolve
from privnum.mockserver.database.log import NodeLog
from privnum.mockserver.database.placing import node_of
from privnum.mockserver.database.reading import Reader
from privnum.mockserver.database.session import AwayError
from privnum.mockserver.http.nodes.places import Places
from privnum.mockserver.http.nodes.units import load_unit, made_of
from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from privnum.mockserver.database.session import Connection
    from privnum.mockserver.database.watch import Look
    from privnum.mockserver.http.nodes.opened import Opened
    from privnum.mockserver.http.nodes.units import Shared, Unit

__all__ = ["Node"]

_log = logging.getLogger("privnum.nodes")
_T = TypeVar("_T")

#: Seconds between two tries to give worlds away that another node shall have.
_BETWEEN: Final = 0.2


class Node:
    """The worlds of a node.

    Args:
        opened: its connections.
        shared: with all units.
        lost: called once, with why it is a node no more.
    """

    def __init__(self, opened: Opened, shared: Shared, lost: Callable[[str], None]) -> None:
        self.number = opened.watcher.node
        self.log = NodeLog(opened.store, opened.appender, self.lose)
        #: The nodes that live, by number; empty before the first look.
        self.nodes: Mapping[int, str] = {}
        self.units: dict[str, Unit] = {}
        #: The unit that has an application, by its key.
        self.homes: dict[bytes, Unit] = {}
        #: Where the worlds of other nodes are.
        self.places = Places(self.number, self.ask)
        #: Worlds that cannot be served, and why.
        self.unreadable: dict[str, str] = {}
        self._database = opened.database
        self._shared = shared
        self._lost: Callable[[str], None] | None = lost
        self._watcher = opened.watcher
        self._questions = Asker(opened.reader, Reader.close)
        self._loader = Asker(opened.loading, lambda connection: connection.close())
        #: Worlds that come, and those that go: who waits for one goes on when it is there, or is gone.
        self._coming: dict[str, asyncio.Future[None]] = {}
        self._going: dict[str, asyncio.Future[None]] = {}
        self._asked_for: deque[str] = deque()
        self._leaving: list[Unit] = []
        #: Of worlds here that are near to a node, the address of that.
        self._near: dict[str, str] = {}
        #: The world that is being read.
        self._reads: str | None = None
        self._looked = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_loading = self._is_giving = False

    def start(self) -> None:
        """Begin, in the loop that serves."""
        loop = asyncio.get_running_loop()
        self.log.start()

        def call(what: Callable[[Any], None], value: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(what, value)

        self._watcher.start(lambda look: call(self._see, look), lambda why: call(self.lose, why))

    @property
    def is_lost(self) -> bool:
        """Whether it is a node no more."""
        return self._lost is None

    # ── where worlds are ─────────────────────────────────────────────────────────────────────────────────────────────

    async def unit(self, world: str) -> Unit | None:
        """Return a world of this node, as soon as it is there.

        None where it is another's.
        """
        while not self.is_lost:
            unit = self.units.get(world)
            if unit is not None:
                return unit
            waits = self._coming.get(world) or self._going.get(world)
            if waits is None:
                break
            self._asked_for.append(world)
            await asyncio.shield(waits)
        return None

    async def world_of_key(self, app_key: bytes) -> str | None:
        """Return the world that had an application last, None where none has."""
        unit = self.homes.get(app_key)
        if unit is not None:
            return unit.id
        return await self.places.world_of_key(app_key)

    def address_for(self, world: str) -> str | None:
        """Return the address of the node that is to make a world; None: this one."""
        return None if self._falls_here(world) else self.nodes[node_of(world, self.nodes)]

    async def next_look(self, seconds: float) -> None:
        """Wait until something may be new, but not for long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked.wait(), seconds)

    # ── what units ask ───────────────────────────────────────────────────────────────────────────────────────────────

    async def make(self, unit: Unit) -> None:
        """Keep a new world, and serve it.

        Raises:
            TakenError: another has its id, or a key of it.
            StateError: it cannot be kept.
        """
        unit.known = unit.applications()
        made = made_of(unit.id, unit.edge, unit.known)
        await self.log.run(lambda store: store.make_world(made))
        self._enter(unit, 0, 0, len(made.image), None)

    async def reserve_key(self, unit: Unit, app_key: str) -> bool:
        """Let no other world have a key; return False where one has it."""
        return await self.log.run(lambda store: store.put_keys(unit.id, {app_key: None})) is None

    async def update_keys(self, unit: Unit, reserved: str | None = None) -> None:
        """Write which applications a unit has, where that is new.

        A key that became none's is free.
        """
        now = unit.applications()
        changed = {key: shown for key, shown in now.items() if unit.known.get(key) != shown}
        if changed:
            taken = await self.log.run(lambda store: store.put_keys(unit.id, changed))
            if taken is not None:
                _log.error("world %s has drawn an app_key that another world has", unit.id)
            unit.known.update(changed)
            self.homes.update((key.encode(), unit) for key in changed)
        if reserved is not None and reserved not in now:
            await self.log.run(lambda store: store.free_key(reserved))

    async def forget(self, unit: Unit) -> None:
        """Drop a unit."""
        self._take_out(unit)
        self._near.pop(unit.id, None)
        unit.log.ended = True
        await self.log.run(lambda store: store.drop_world(unit.id))

    async def drop_unreadable(self, world: str) -> None:
        """Drop a world that cannot be read."""
        await self.log.run(lambda store: store.drop_world(world))
        self.unreadable.pop(world, None)
        self._near.pop(world, None)

    # ── worlds that come ─────────────────────────────────────────────────────────────────────────────────────────────

    def _see(self, look: Look) -> None:
        """Take in what a look has found."""
        if self.is_lost:
            return
        if look.nodes != self.nodes:
            self.nodes = look.nodes
            self.places.begin_anew(look.nodes)
            self._shared.keep_only([address for node, address in look.nodes.items() if node != self.number])
            for address in look.nodes.values():  # no push goes to the control plane of another node either
                self._shared.rules.targets.belongs_to_us(f"http://{address}")
            self._leaving = [unit for unit in self.units.values() if not self._falls_here(unit.id)]
            unread = [world for world in self._coming if world != self._reads and not self._falls_here(world)]
            if unread:
                self._spawn(self._give_unread(unread, [self._coming.pop(world) for world in unread]))
        for world, near in look.claimed.items():
            self.places.forget(world)
            self._note_near(world, near)
            self._coming[world] = asyncio.get_running_loop().create_future()
        if self._coming and not self._is_loading:
            self._is_loading = True
            self._spawn(self._load_all())
        self._give_leaving()
        self._looked.set()
        self._looked.clear()

    async def _load_all(self) -> None:
        """Read the worlds that come, first those that are asked for."""
        try:
            while self._coming and not self.is_lost:
                world = self._asked_for.popleft() if self._asked_for else next(iter(self._coming))
                if world in self._coming:
                    self._reads = world
                    await self._load(world)
        finally:
            self._is_loading, self._reads = False, None

    async def _load(self, world: str) -> None:
        def load(connection: Connection) -> tuple[Unit, int, int, int, tuple[Any, ...]]:
            return load_unit(connection, self._database, world, self._shared, self)

        try:
            unit, last, behind, size, entry = await self._loader.ask(load)
        except AwayError as error:
            self.lose(str(error))
            return
        except Exception as error:
            _log.error("world %s cannot be served: %s", world, error)
            self.unreadable[world] = str(error)
        else:
            if not self.is_lost:
                unit.known = unit.applications()
                self._enter(unit, last, behind, size, entry)
        if (waits := self._coming.pop(world, None)) is not None:
            resolve(waits, None)

    def _enter(self, unit: Unit, last: int, behind: int, size: int, entry: tuple[Any, ...] | None) -> None:
        """Serve a unit."""
        if self.is_lost:
            return
        self.units[unit.id] = unit
        self.homes.update((key.encode(), unit) for key in unit.known)
        unit.begin(self.log, last, behind, size, entry)
        if not self._falls_here(unit.id):
            self._leaving.append(unit)
        self._shared.feed.note_command("POST", f"/_privnum/worlds/{unit.id}", b"")  # who follows sees it from now on

    def _take_out(self, unit: Unit) -> None:
        """Serve a unit no more."""
        if self.units.get(unit.id) is unit:
            del self.units[unit.id]
        for key in unit.known:
            if self.homes.get(key.encode()) is unit:
                del self.homes[key.encode()]

    # ── worlds that go ───────────────────────────────────────────────────────────────────────────────────────────────

    def bring_near(self, unit: Unit, node: int) -> None:
        """Let another node have a world, whose requests come in there."""
        address = self.nodes.get(node)
        if address is not None and self.units.get(unit.id) is unit:
            self._note_near(unit.id, address)
            self._leaving.append(unit)
            self._give_leaving()

    def _note_near(self, world: str, near: str | None) -> None:
        if near is None:
            self._near.pop(world, None)
        else:
            self._near[world] = near

    def _give_leaving(self) -> None:
        if self._leaving and not self._is_giving:
            self._is_giving = True
            self._spawn(self._give_all())

    async def _give_all(self) -> None:
        """Give worlds away that another node is to have.

        Each goes when nothing of it is under way.
        """
        try:
            while self._leaving and not self.is_lost:
                waiting, self._leaving = self._leaving, []
                for unit in waiting:
                    if self.units.get(unit.id) is not unit or self._falls_here(unit.id):
                        continue
                    if unit.idle:
                        await self._give(unit)
                    else:
                        self._leaving.append(unit)
                await asyncio.sleep(_BETWEEN)
        except StateError:
            pass  # it is a node no more, and has no worlds
        finally:
            self._is_giving = False

    async def _give_unread(self, worlds: list[str], waits: list[asyncio.Future[None]]) -> None:
        """Give worlds away that have not been read: they fall to another node."""
        with contextlib.suppress(StateError):
            await self.log.run(lambda store: store.give_back(worlds))
        for each in waits:
            resolve(each, None)

    def _falls_here(self, world: str) -> bool:
        return not self.nodes or node_of(world, self.nodes, self._near.get(world)) == self.number

    async def _give(self, unit: Unit) -> None:
        """Give a world away."""
        self._take_out(unit)
        near = self._near.pop(unit.id, None)
        gone = self._going[unit.id] = asyncio.get_running_loop().create_future()
        try:
            log = unit.log
            await unit.app.stop()  # it is idle; nothing falls due here while an image of it is made
            await log.finish()
            log.ended = True
            await self.log.run(lambda store: store.give_back([unit.id], near))
        finally:
            del self._going[unit.id]
            resolve(gone, None)

    async def end(self) -> None:
        """Give all worlds away: the server ends."""
        self._lost = lambda _: None
        self._watcher.stop()
        units, self.units = list(self.units.values()), {}
        with contextlib.suppress(StateError):
            for unit in units:
                await unit.log.finish()
        await asyncio.gather(*(unit.app.stop() for unit in units))
        with contextlib.suppress(StateError):
            if await self.log.wait_until_kept():
                await self.log.run(lambda store: store.give_back([unit.id for unit in units]))
                await self.log.run(lambda store: store.leave())
        self._stop()
        self.log.stop()

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def lose(self, why: str) -> None:
        """Be a node no more: what is in memory may be ahead of the database."""
        if self._lost is None:
            return
        lost, self._lost = self._lost, None
        units, self.units, self.homes = list(self.units.values()), {}, {}
        self.log.abandon()
        self._stop()
        for waits in (*self._coming.values(), *self._going.values()):
            resolve(waits, None)
        self._coming.clear()
        for unit in units:
            unit.edge.platform.watch.told = None  # what becomes of it here is not so
            self._spawn(unit.app.abandon())
        lost(why)

    def _stop(self) -> None:
        self._watcher.stop()
        self._questions.stop()
        self._loader.stop()

    async def ask(self, question: Callable[[Reader], _T]) -> _T:
        """Ask the database.

        Raises:
            AwayError: it does not answer; this is no node any more.
        """
        if self.is_lost:
            raise AwayError("the database is away")
        try:
            return await self._questions.ask(question)
        except AwayError as error:
            self.lose(str(error))
            raise

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish_task)

    def _finish_task(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a world could not be taken or given", exc_info=error)
