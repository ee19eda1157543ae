"""Nodes with one state in PostgreSQL, nginx before them, and worlds with clients."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import shutil
import subprocess
import tempfile
import time
import urllib.error
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.bench.servers import control
from tests.kills.checks import World
from tests.kills.load import UNSURE, Acknowledged, LastingLoad, PatientLoad
from tests.kills.process import Server
from tests.kills.receiver import Receiver
from tests.postgres.balancer import Balancer

if TYPE_CHECKING:
    from tests.postgres.cluster import Cluster

_X_COUNT = 50
#: Seconds in which everything is to answer again, whatever was done to it.
PATIENCE = 60.0


class Node(Server):
    """A node of a shared state, with a database user of its own, by which its connections are known."""

    def __init__(self, cluster: Cluster, name: str, folder: Path, *options: str) -> None:
        super().__init__(cluster.url_for(name), *options, lines=folder / f"{name}.lines")
        self.name = name


class Farm:
    """Nodes behind nginx, from `with` on.

    Args:
        cluster: where the state is.
        nodes: how many.
        worlds: how many, each with clients of its own.
        retries: whether nginx asks another node where one cannot be reached.
        by_world: whether it sends all requests of a world to one node.
    """

    def __init__(
        self, cluster: Cluster, nodes: int, worlds: int, *, retries: bool = False, by_world: bool = False
    ) -> None:
        self.cluster = cluster
        self.folder = Path(tempfile.mkdtemp(prefix="nodes-"))
        self.nodes = [Node(cluster, f"node_{n}", self.folder) for n in range(nodes)]
        self.balancer = Balancer([node.port for node in self.nodes], retries=retries, by_world=by_world)
        self.receiver = Receiver()
        self.worlds: list[World] = []
        self._apps: list[dict[str, Any]] = []
        self._numbers = itertools.count()
        self._loads: list[LastingLoad] = []
        self._count = worlds
        #: Nodes that have ended by themselves, and were started again.
        self.ended = 0

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:
                node.start()
            self.balancer.__enter__()
            for number in range(self._count):
                self._make_world(f"world-{number}")
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.end_load(check=False)
        for node in self.nodes:
            node.end()
        with contextlib.suppress(AssertionError):  # it had not begun
            self.balancer.__exit__()
        self.receiver.stop()
        if kind is None:
            shutil.rmtree(self.folder)

    def _make_world(self, name: str) -> None:
        numbers = [f"+86170{n:08d}" for n in range(_X_COUNT)]
        url = f"{self.receiver.url}/{name}"
        app = {"mode": "AXB", "numbers": numbers, "event_url": f"{url}/events", "fee_url": f"{url}/fee"}
        spec = {"id": name, "clock": {"mode": "running", "rate": 60}, "keep": 0, "applications": [app]}
        made = ask_again(self.balancer.port, "POST", "/worlds", spec)["applications"][0]
        self._apps.append({**made, "numbers": numbers})
        self.worlds.append(World(self.balancer.port, name, Acknowledged(), self.receiver, ask_again))

    # ── load ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_load(self) -> None:
        """Let the clients of each world begin."""
        self._begin(LastingLoad, self.balancer.port)

    def begin_direct_load(self, node: Node) -> None:
        """Let other clients begin that ask one node directly, so that no balancer gives up waiting for it."""
        self._begin(PatientLoad, node.port)

    def _begin(self, kind: type[LastingLoad], port: int) -> None:
        for world, app in zip(self.worlds, self._apps, strict=True):
            load = kind(port, app, world.known, self._numbers, world.name)
            self._loads.append(load)
            load.start()

    def end_load(self, *, check: bool = True) -> None:
        """Let the clients end.

        Raises:
            AssertionError: an answer was wrong.
        """
        loads, self._loads = self._loads, []
        for load in loads:
            load.stop()
        for load in loads:
            load.join()
        errors = [error for load in loads for error in load.errors]
        assert not errors or not check, errors[:3]

    def seconds_until_all_answer(self, since: float) -> float:
        """Return how long it took until each world has acknowledged a bind that began later than `since`.

        Raises:
            AssertionError: one does not, or an answer was wrong.
        """
        deadline = time.monotonic() + PATIENCE
        while not all(world.known.begun > since for world in self.worlds):
            errors = [error for load in self._loads for error in load.errors]
            assert not errors, errors[:3]
            silent = [world.name for world in self.worlds if world.known.begun <= since]
            assert time.monotonic() < deadline, f"{PATIENCE} seconds later {silent} do not answer: {self.last_lines()}"
            time.sleep(0.005)
        return time.monotonic() - since

    def seconds_until_others_have_all(self, node: Node, since: float) -> float:
        """Return how long it took until another node answers for each world, asked directly.

        Clients that wait at nginx for the node may take longer.
        """
        other = next(each for each in self.nodes if each is not node)
        for world in self.worlds:
            ask_again(other.port, "GET", f"/worlds/{world.name}", timeout=1.0)
        return time.monotonic() - since

    def check(self) -> None:
        """Hold each world against what its clients were answered."""
        for world in self.worlds:
            world.check()
            world.check_delivered()

    def start_again(self) -> None:
        """Start the nodes that have ended by themselves."""
        for node in self.nodes:
            if node.has_ended:
                self.ended += 1
                node.kill()
                node.start()

    def last_lines(self) -> str:
        """Where the worlds are, and the last lines that each node has written."""
        where = "SELECT concat_ws(' ', id, 'at', coalesce(node::text, 'none'), 'near', near) FROM privnum_worlds"
        places: list[str] = []
        with contextlib.suppress(subprocess.SubprocessError):  # the database is away
            places = self.cluster.query(f"{where} UNION SELECT concat_ws(' ', id, address) FROM privnum_nodes")
        texts = {node.name: "\n".join(node.stderr_text().splitlines()[-12:]) for node in self.nodes}
        return "\n".join([*places, *(f"── {name}\n{text}" for name, text in texts.items())])


def ask_again(port: int, method: str, path: str, message: object = None, timeout: float = 600.0) -> Any:
    """Send a control message until it is answered by a node that can."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return control(port, method, path, message, timeout)
        except urllib.error.HTTPError as error:
            why, may_change = f"{error.code} {_reason(error)}", error.code in UNSURE
        except (OSError, http.client.HTTPException) as error:
            why, may_change = repr(error), True
        assert may_change, f"{method} {path}: {why}"
        assert time.monotonic() < deadline, f"{method} {path}: {why}"
        time.sleep(0.05)


def _reason(error: urllib.error.HTTPError) -> str:
    return error.read()[:300].decode(errors="replace")
