"""The platform: its worlds, and the front of the API plane."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.core import auth
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.core.assumptions import Assumptions
from privnum.mockserver.core.errors import (
    ControlError,
    Refusal,
    answer_body,
    printable,
)
from privnum.mockserver.core.history import KEPT, Dropped
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.recordings import FILES
from privnum.mockserver.journal import ring
from privnum.mockserver.journal.ring import Journal, Watch
from privnum.mockserver.pushes.addresses import fault_of, faults_of
from privnum.mockserver.pushes.variations import Variations, VariedIdentity
from privnum.mockserver.worlds import files, setup
from privnum.mockserver.worlds.faulty import answer_by_fault
from privnum.mockserver.worlds.pipeline import (
    Pipeline,
    Request,
    Route,
    longest_text,
)
from privnum.mockserver.worlds.snapshots import Shelf, Snapshot
from privnum.mockserver.worlds.state import load_state, state_of
from privnum.mockserver.worlds.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.pushes.addresses import PushTargets

__all__ = ["DEFAULT_WORLD", "Platform", "world_of_path"]

_log = logging.getLogger(__name__)

#: The world of requests that name neither a world nor an application that is known.
DEFAULT_WORLD: Final = "default"

_WORLD_PREFIX: Final = "/w/"


class Platform:
    """Every world of one server.

    Nothing in it reads a clock, opens a socket or draws from a global generator.

    Args:
        edition: of worlds that name none.
        assumptions: choices that differ from the edition's, for worlds that name none.
        seed: of worlds that name none; worlds of one seed and different ids draw different ids.
        base_url: under which the worlds can be reached.
        variations: what worlds that name none do otherwise within the contract.
        keep: how many ended calls and settled pushes, each, worlds keep that say nothing of it; 0: all.
        journal: how many entries the journals of worlds keep that say nothing of it; 0: none.
        strict: whether worlds that say nothing of it refuse forms that the real platform may not take.
        like: another one of this process; what never changes is shared with it, so that many take little room.

    Raises:
        ContractError: unknown edition, assumption or variation, or a value that is no choice.
    """

    def __init__(
        self,
        *,
        edition: str = contracts.DEFAULT_EDITION,
        assumptions: Mapping[str, str | int] | None = None,
        seed: int = 0,
        base_url: str = "http://127.0.0.1:8080",
        variations: Iterable[str] = (),
        keep: int = KEPT,
        journal: int = ring.KEPT,
        strict: bool = False,
        like: Platform | None = None,
    ) -> None:
        self.edition = edition
        self.assumptions = dict(assumptions or {})
        self.seed = seed
        self.base_url = base_url
        self.variations = Variations(variations).ids
        self.keep = keep
        self.journal = journal
        self.strict = strict
        #: What all worlds together have dropped.
        self.dropped: Dropped = Dropped()
        self.worlds: dict[str, World] = {}
        self._shelves: dict[World, Shelf] = {}
        self._assumptions = Assumptions.of(edition, assumptions)
        self._pipeline: Pipeline = Pipeline() if like is None else like._pipeline
        self._homes: dict[bytes, tuple[World, Application]] = {}
        #: Worlds that got their name here.
        self.made = 0
        #: Worlds whose answers have another form than usual: few have, and the others shall not pay for it.
        self.altered: set[World] = set()
        #: Worlds with a fault that can still strike.
        self.faulty: set[World] = set()
        #: Of the last request of the API plane: its world, its operation, and the rule that refused it.
        self.served: World | None = None
        self.asked_for = self.refused_by = ""
        #: What the journals of all worlds share.
        self.watch = Watch()
        #: Where pushes may go; None: wherever an address can point to, since nothing is sent over a network.
        self.push_targets: PushTargets | None = None
        #: Returns the URL under which a request has reached the server, where that need not be `base_url`.
        self.asked_url: Callable[[Mapping[bytes, bytes]], str] = lambda _: self.base_url
        #: Called with the world that a request is for, before it is served, and edge time: a shell brings its clock up.
        self.visited: Callable[[World, int], None] | None = None

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def create_world(self, spec: Mapping[str, Any]) -> World:
        """Make a world by `spec`, a message that is valid by its schema.

        Raises:
            ControlError: a name, key, number or choice that cannot be; nothing has been made then.
        """
        world_id, made = (spec["id"], self.made) if spec.get("id") else self._next_world_id()
        if world_id in self.worlds:
            raise ControlError(409, f"there is a world {world_id!r} already; drop it first or name another", "id")
        edition = spec.get("edition") or self.edition
        overrides = {**self.assumptions, **(spec.get("assumptions") or {})}
        assumptions = setup.assumptions(edition, overrides)
        seed = self.seed if spec.get("seed") is None else spec["seed"]
        variations = setup.variations(self.variations if spec.get("variations") is None else spec["variations"])
        name = f"{seed}/{world_id}"
        clock = spec.get("clock") or {}
        world = World(
            world_id,
            now_ms=setup.clock_start(clock),
            clock_mode=clock.get("mode") or "frozen",
            clock_rate=setup.clock_rate(clock.get("mode") or "frozen", clock, "clock.rate"),
            edition=edition,
            assumptions=assumptions,
            identity=Ids(name) if variations is None else VariedIdentity(name, variations),
            variations=variations,
            keep=self.keep if spec.get("keep") is None else spec["keep"],
            dropped=self.dropped,
            journal=Journal(world_id, self.journal if spec.get("journal") is None else spec["journal"], self.watch),
            strict=self.strict if spec.get("strict") is None else spec["strict"],
        )
        world.faults.replace(spec.get("faults") or ())
        world.home_areas.update(setup.home_areas(spec.get("home_areas") or {}))
        for i, asked in enumerate(spec.get("applications") or ()):
            setup.add_application(world, asked, f"applications[{i}]", taken=self._homes)
        self.worlds[world_id] = world
        self.made = made
        for app in world.applications.values():
            self._homes[app.key_bytes] = world, app
        world.faults.changed.append(partial(self._sort_in, world))
        self._sort_in(world)
        return world

    def _sort_in(self, world: World) -> None:
        """Note whether a world makes faults, and whether its answers are altered."""
        altered = world.variations is not None or world.assumptions["http.connection"] == "close"
        faulty = bool(world.faults.active)
        for worlds, among in ((self.faulty, faulty), (self.altered, altered or faulty)):
            if among and self.worlds.get(world.id) is world:
                worlds.add(world)
            else:
                worlds.discard(world)

    def _next_world_id(self) -> tuple[str, int]:
        """Return a free name for a world, and the new count of such names."""
        count = self.made + 1
        while f"w{count}" in self.worlds:
            count += 1
        return f"w{count}", count

    def add_application(self, world: World, spec: Mapping[str, Any]) -> Application:
        """Add an application to a world; `spec` is valid by its schema.

        Raises:
            ControlError: its key or a number of it is taken.
        """
        app = setup.add_application(world, spec, "", taken=self._homes)
        self._homes[app.key_bytes] = world, app
        return app

    def drop_world(self, world_id: str) -> None:
        """Forget a world.

        Raises:
            ControlError: there is no such world.
        """
        world = self.worlds.pop(world_id, None)
        if world is None:
            raise ControlError(404, f"there is no world {world_id!r}", "world")
        self._sort_in(world)
        self._shelves.pop(world, None)
        for app in world.applications.values():
            self._homes.pop(app.key_bytes, None)

    # ── snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────

    def shelf_of(self, world: World) -> Shelf:
        """Return the snapshots of a world."""
        return self._shelves.setdefault(world, Shelf(world.id))

    def take_snapshot(self, world: World, name: str | None) -> Snapshot:
        """Make a snapshot of a world; None: it gets a name.

        Raises:
            ControlError: the name is taken, or there are as many as are kept.
        """
        shelf = self.shelf_of(world)
        name = shelf.name_of_next(name)
        snapshot = Snapshot(name, world, state_of(world, self.uncopied_things), self.watch.now_ms())
        shelf.add(snapshot)
        return snapshot

    def restore(self, world: World, snapshot: Snapshot) -> None:
        """Put a world back to a snapshot of it; its journal stays.

        Raises:
            ControlError: a key of its applications is another world's now; nothing has changed then.
        """
        state = load_state(world, snapshot.content, self.uncopied_things)
        homes = {app.key_bytes: (world, app) for app in state["applications"].values()}
        for key in homes.keys() & self._homes.keys():
            other = self._homes[key][0]
            if other is not world:
                text = f"app_key {key.decode()!r} is one of world {other.id} now; drop that world first"
                raise ControlError(409, text, "snapshot")
        for app in world.applications.values():
            del self._homes[app.key_bytes]
        self._homes.update(homes)
        emptied = world.outbox.emptied + 1
        for attribute, value in state.items():
            setattr(world, attribute, value)
        world.outbox.put_back(emptied)
        self._sort_in(world)

    @property
    def uncopied_things(self) -> tuple[object, ...]:
        """What worlds refer to that is no part of what they have become."""
        return self, self.dropped

    def adopt(self, world: World, shelf: Shelf) -> None:
        """Take in a world with its snapshots; its id and keys are free."""
        self.worlds[world.id] = world
        self._shelves[world] = shelf
        for app in world.applications.values():
            self._homes[app.key_bytes] = world, app
        self._sort_in(world)

    def home_of(self, app_key: bytes) -> tuple[World, Application] | None:
        """Return the application that has a key, and its world.

        A key is one application's on this server.
        """
        return self._homes.get(app_key)

    def push_faults(self, message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The push addresses in a control message that cannot be.

        Where each stands, and what is wrong.
        """
        return faults_of(message, fault_of if self.push_targets is None else self.push_targets.fault)

    # ── API plane ────────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(
        self,
        method: str,
        path: str,
        query: str,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes,
        *,
        client: str,
        edge_now_ms: int,
    ) -> Answer:
        """Answer a request of the API plane; never raises.

        Args:
            method: as sent.
            path: the raw path, not decoded, as latin-1 text.
            query: the raw query string, not decoded, as latin-1 text.
            headers: names in lower case; the first of equal ones counts.
            body: as sent.
            client: the address it comes from.
            edge_now_ms: the real time, milliseconds; freshness and lock-out go by it.
        """
        # dict() keeps the last of equal names, so the order is turned round.
        fields = dict(reversed(headers))
        # As Request(…), in two thirds of its time.
        request = tuple.__new__(Request, (query, fields, body, client, edge_now_ms, self.asked_url))
        route: Route | None = None
        self.served, self.asked_for, self.refused_by = None, "", ""
        try:
            try:
                world, app, path = self._home(path, request)
                assumptions = self._assumptions
                if world is not None:
                    self.served, assumptions = world, world.assumptions
                    if self.visited is not None:
                        self.visited(world, edge_now_ms)
                    if path.startswith(FILES):
                        return files.download(world, method, path)
                route = self._pipeline.route(method, path, assumptions)
                self.asked_for = route.operation.id
                if self.faulty:
                    return self._serve_faulty(route, request, assumptions, world, app)
                return self._pipeline.serve(route, request, assumptions, world, app)
            except Refusal as refusal:
                return self._answer_refusal(refusal, route)
        except Exception:  # the stand-in must answer; a bug is logged and told apart by its code
            _log.exception("internal error while answering %s", contracts.mask(printable(f"{method} {path}")))
            return Answer(500, answer_body("1010001", "Internal system error."))

    def _answer_refusal(self, refusal: Refusal, route: Route | None) -> Answer:
        self.refused_by = refusal.rule
        sent = refusal.body(longest_text(route))
        return Answer(refusal.status, sent) if sent else Answer(refusal.status, b"", ())

    def _serve_faulty(
        self, route: Route, request: Request, assumptions: Assumptions, world: World | None, app: Application | None
    ) -> Answer:
        """Serve a request while some world makes faults; one may strike it."""

        def serve() -> Answer:
            try:
                return self._pipeline.serve(route, request, assumptions, world, app)
            except Refusal as refusal:
                return self._answer_refusal(refusal, route)

        fault = None if world is None else world.faults.of_request(route.operation.id, request.query, request.body)
        if world is None or fault is None:
            return serve()
        return answer_by_fault(fault, world, route, serve, longest_text(route))

    def _home(self, path: str, request: Request) -> tuple[World | None, Application | None, str]:
        """Return a request's world and application, and its path in the world.

        The world is that of the path prefix /w/<id>, else that of the app_key in the token.
        """
        home = self._homes.get(auth.username(request.headers))
        if not path.startswith(_WORLD_PREFIX):
            return (self.worlds.get(DEFAULT_WORLD), None, path) if home is None else (*home, path)
        world_id, rest = world_of_path(path)
        world = None if world_id is None else self.worlds.get(world_id)
        if world is None:
            raise Refusal("404/1010006", f"There is no world {(world_id or '')[:40]!r}.", "COM-ENV-005")
        return world, home[1] if home is not None and home[0] is world else None, rest


def world_of_path(path: str) -> tuple[str | None, str]:
    """Return the world that a path of the API plane begins with, and the rest.

    None: it begins with none, so that the app_key says which world it is (`auth.username`).
    """
    if not path.startswith(_WORLD_PREFIX):
        return None, path
    world_id, slash, rest = path[len(_WORLD_PREFIX) :].partition("/")
    return world_id, slash + rest
