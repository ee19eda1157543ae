"""The worlds that an agent has made, by id."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from privnum import contracts
from privnum.control.client import Client
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.handle import WorldHandle

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["UnknownWorld", "Worlds"]


_PLANE: Final = "/_privnum"


class UnknownWorld(LookupError):
    """There is no such world here; the message names those that there are."""


class Worlds:
    """The worlds of one session; each is on the same server.

    Tools run in threads, so that two of them may make worlds at once.

    Args:
        server_url: address of the server.
    """

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self._worlds: dict[str, WorldHandle] = {}
        self._lock = Lock()

    def make(self, spec: Mapping[str, Any]) -> WorldHandle:
        """Make a world by a control message (driver/world.create).

        Raises:
            DriverError: the server refuses it.
        """
        world = WorldHandle(self.server_url, spec)
        with self._lock:
            self._worlds[world.id] = world
        return world

    def find(self, id_: str | None) -> WorldHandle:
        """Return a world; without an id the one that was made last.

        Raises:
            UnknownWorld: there is none of this id, or none at all.
        """
        with self._lock:
            there = list(self._worlds)
            name = there[-1] if id_ is None and there else id_
            found = self._worlds.get(name) if name is not None else None
        if found is None:
            why = f"there is no world {id_!r} here" if id_ is not None else "there is no world yet"
            raise UnknownWorld(f"{why}; {'there are ' + ', '.join(there) if there else 'make_world makes one'}")
        return found

    def control(
        self,
        message: str,
        parameters: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        world: str | None = None,
    ) -> dict[str, Any]:
        """Send a control message by its id; return its answer.

        Raises:
            CommandError: the server refuses it.
            UnknownName: there is no such message.
            UnknownWorld: the world is none of this session.
            ValueError: a part of its path is missing, or says two things.
        """
        known = contracts.plane_operations().get(message)
        if known is None:
            raise contracts.UnknownName("control message", message, contracts.plane_operations())
        if message == "worlds.create":
            raise ValueError("make_world makes a world, which is dropped at the end of the session")
        parts = {name: quote(str(value), safe="") for name, value in parameters.items()}
        if "{world}" in known.path:
            found = self.find(_one_of(world, parameters.get("world")))
            if message == "worlds.delete":
                self.drop(found.id)
                return {}
            parts["world"] = quote(found.id, safe="")
        try:
            path = known.path.removeprefix(_PLANE).format(**parts)
        except KeyError as missing:
            raise ValueError(f"{message} is {known.method} {known.path}: parameters must have {missing}") from None
        answer: dict[str, Any] = Client(self.server_url).send(known.method, path, body, query) or {}
        return answer

    def drop(self, id_: str) -> None:
        """Drop a world, on the server too.

        Raises:
            UnknownWorld: there is none of this id.
        """
        world = self.find(id_)
        with self._lock:
            self._worlds.pop(world.id, None)
        world.close()

    def close(self) -> None:
        """Drop every world; one whose server has gone is gone with it."""
        with self._lock:
            left, self._worlds = list(self._worlds.values()), {}
        for world in left:
            with suppress(OSError, DriverError):
                world.close()


def _one_of(world: str | None, parameter: str | None) -> str | None:
    """Return the world that a message names, in either place."""
    if world is not None and parameter is not None and world != parameter:
        raise ValueError(f"the message names world {world!r} and world {parameter!r}; name it once")
    return parameter if world is None else world
