"""Which nodes live, and which worlds they have.

A node holds an advisory lock of its number for as long as its connection lives: who can take that lock knows, without
any clock, that the node is dead. One that stands still, so that its beats stop, is taken for dead too, behind some
seconds. Who finds a dead node takes its row away, and with it the right to write; its worlds are nobody's then, and
each goes to the node that it falls to.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg

from privnum.mockserver.database.appending import DEPOSED
from privnum.mockserver.database.placing import node_of
from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.database.session import Connection, Database

__all__ = ["Look", "Watcher"]

_log = logging.getLogger("privnum.nodes")

#: Of the advisory locks of nodes, beside their numbers.
_CLASS: Final = 0x706E756D
#: Seconds between two looks, where nobody says that something is new.
_BETWEEN: Final = 0.5
#: A node that has not beaten for so long, in seconds and in looks of ours, is taken for dead.
_SILENT_SECONDS: Final = 5.0
_SILENT_LOOKS: Final = 8
_CLAIM: Final = """
WITH mine AS MATERIALIZED (SELECT id FROM privnum_nodes WHERE id = %(node)s FOR KEY SHARE)
UPDATE privnum_worlds SET node = mine.id FROM mine
WHERE privnum_worlds.id = ANY(%(worlds)s) AND node IS NULL RETURNING privnum_worlds.id, near
"""


class Look(NamedTuple):
    """What a look has found.

    The addresses of the nodes that live, by number; the worlds that this node has from now on, each with the address of
    the node that it is near to.
    """

    nodes: Mapping[int, str]
    claimed: Mapping[str, str | None]


class _Pulse(NamedTuple):
    """The last beat of another node.

    Since when it was the last, and in how many looks.
    """

    beats: int
    since: float
    looks: int


class Watcher:
    """Keeps a node in the list, and watches the others, in a thread.

    Args:
        connection: for this alone; the node lives as long as it.
        database: what it leads to.
        address: by which other nodes reach this one.
        clock: by which the beats of the others are timed, seconds.
    """

    def __init__(
        self, connection: Connection, database: Database, address: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._connection = connection
        self._database = database
        self._pulses: dict[int, _Pulse] = {}
        self._ends = False
        self._seen: Callable[[Look], None] = lambda _: None
        self._failed: Callable[[str], None] = lambda _: None
        self._thread = threading.Thread(target=self._work, name="privnum-nodes", daemon=True)
        with database.errors():
            with connection.transaction():
                row = self._ask("INSERT INTO privnum_nodes (address) VALUES (%s) RETURNING id", address)[0]
                self._ask("SELECT pg_advisory_lock(%s, %s)", _CLASS, row[0])
            self._ask("LISTEN privnum")
            self._ask("NOTIFY privnum")
        #: The number of this node.
        self.node: int = row[0]

    def start(self, seen: Callable[[Look], None], failed: Callable[[str], None]) -> None:
        """Begin to look.

        `seen` gets what was found, `failed` why this node is one no more: both in the thread.
        """
        self._seen, self._failed = seen, failed
        self._thread.start()

    def stop(self) -> None:
        """Look no more, and be no node any more."""
        self._ends = True

    def look(self) -> Look:
        """Beat, bury who is dead, take what falls to this node.

        Raises:
            StateError: others have taken this one for dead.
        """
        beat = "UPDATE privnum_nodes SET beats = beats + 1 WHERE id = %s"
        if not self._connection.execute(beat, (self.node,)).rowcount:
            raise StateError(DEPOSED)
        listed = self._ask("SELECT id, address, beats FROM privnum_nodes")
        nodes = {node: address for node, address, beats in listed if not self._is_gone(node, beats)}
        if self.node not in nodes:
            raise StateError(DEPOSED)
        self._pulses = {node: pulse for node, pulse in self._pulses.items() if node in nodes}
        free = self._ask("SELECT id, near FROM privnum_worlds WHERE node IS NULL ORDER BY place")
        ours = [world for world, near in free if node_of(world, nodes, near) == self.node]
        return Look(nodes, self._claim(ours) if ours else {})

    def _claim(self, worlds: list[str]) -> dict[str, str | None]:
        return dict(self._connection.execute(_CLAIM, {"node": self.node, "worlds": worlds}).fetchall())

    def _is_gone(self, node: int, beats: int) -> bool:
        """Whether a node is dead, so that its row has been taken away."""
        return node != self.node and self._is_dead(node, beats) and self._bury(node)

    def _is_dead(self, node: int, beats: int) -> bool:
        """Whether another node is dead, or has stood still for so long."""
        row = self._ask("SELECT pg_try_advisory_lock(%s, %s)", _CLASS, node)[0]
        if row[0]:
            self._ask("SELECT pg_advisory_unlock(%s, %s)", _CLASS, node)
            return True
        now, pulse = self._clock(), self._pulses.get(node)
        if pulse is None or pulse.beats != beats:
            self._pulses[node] = _Pulse(beats, now, 0)
            return False
        self._pulses[node] = pulse._replace(looks=pulse.looks + 1)
        return now - pulse.since >= _SILENT_SECONDS and pulse.looks >= _SILENT_LOOKS

    def _bury(self, node: int) -> bool:
        """Take the row of a dead node away, and let its worlds be nobody's.

        Return False where it still writes; the next look tries again.
        """
        try:
            with self._connection.transaction():
                self._connection.execute("DELETE FROM privnum_nodes WHERE id = %s", (node,))
                self._connection.execute("UPDATE privnum_worlds SET node = NULL WHERE node = %s", (node,))
                self._connection.execute("NOTIFY privnum")
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def _ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        done = self._connection.execute(question.encode(), values)
        return done.fetchall() if done.description else []

    def _fail(self, why: str) -> None:
        if not self._ends:
            self._failed(why)

    def _work(self) -> None:
        try:
            with self._database.errors():
                while not self._ends:
                    self._seen(self.look())
                    for _ in self._connection.notifies(timeout=_BETWEEN, stop_after=1):
                        pass
        except StateError as error:
            self._fail(str(error))
        except Exception as error:  # a bug of ours; a node that does not look is none
            _log.exception("internal error while the nodes were looked at")
            self._fail(repr(error))
        finally:
            self._connection.close()
