"""Where the worlds of other nodes are, as far as a node knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from privnum.mockserver.database.reading import Place, Reader

__all__ = ["Places"]

_T = TypeVar("_T")

#: Keys of other nodes' worlds that are remembered.
_MOST_KEYS: Final = 100_000


class _Asks(Protocol):
    """Asks the database."""

    def __call__(self, question: Callable[[Reader], _T], /) -> Awaitable[_T]:
        """Return what the database says."""
        ...


class Places:
    """What a node was told of worlds, and may be old.

    The node that is asked looks for itself, and says where it does not have the world.

    Args:
        number: of the node.
        ask: asks the database.
    """

    def __init__(self, number: int, ask: _Asks) -> None:
        self._number = number
        self._ask = ask
        self._nodes: Mapping[int, str] = {}
        self._places: dict[str, Place] = {}
        self._worlds_of_keys: dict[bytes, str] = {}

    def begin_anew(self, nodes: Mapping[int, str]) -> None:
        """Forget where worlds are: other nodes live now."""
        self._nodes = nodes
        self._places.clear()

    async def of(self, world: str) -> Place | None:
        """Return where a world was last, None where there is no such world."""
        place = self._places.get(world)
        if place is None:
            place = await self._ask(lambda reader: reader.place_of(world))
            if place is not None:
                self._note(world, place)
        return place

    async def world_of_key(self, app_key: bytes) -> str | None:
        """Return the world that had an application last, None where none has.

        Another may have the key by now.
        """
        if (known := self._worlds_of_keys.get(app_key)) is not None:
            return known
        key = app_key.decode(errors="replace")
        found: Any = await self._ask(lambda reader: reader.world_of_key(key))
        if found is None:
            return None
        world, place = found
        self._note(world, place)
        if len(self._worlds_of_keys) >= _MOST_KEYS:
            self._worlds_of_keys.clear()
        self._worlds_of_keys[app_key] = world
        return str(world)

    def known_address(self, world: str | None, app_key: bytes) -> str | None:
        """Return the address of the node that has a world, as far as it is known."""
        place = self._places.get(world or self._worlds_of_keys.get(app_key, ""))
        return None if place is None else place.address

    def forget(self, world: str, app_key: bytes = b"") -> None:
        """Look again where a world is, and whose a key is."""
        self._places.pop(world, None)
        self._worlds_of_keys.pop(app_key, None)

    def _note(self, world: str, place: Place) -> None:
        if place.node in self._nodes and place.node != self._number:
            self._places[world] = place
