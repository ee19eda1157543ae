"""Control messages to the world of a handle, as all its parts send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from privnum.mockserver.embed.errors import tells_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["ControlledWorld", "HasKey", "change_applications", "given_fields", "path_part"]

__tracebackhide__ = tells_all


class ControlledWorld(Protocol):
    """A world that takes control messages."""

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any: ...


class HasKey(Protocol):
    """An application, as its key names it."""

    @property
    def app_key(self) -> str:
        """Its key."""
        ...


def change_applications(world: ControlledWorld, apps: Iterable[HasKey], settings: Mapping[str, Any]) -> None:
    """Change these settings of applications of a world."""
    for app in apps:
        world._control("PATCH", f"/applications/{path_part(app.app_key)}", settings)


def given_fields(**fields: Any) -> dict[str, Any]:
    """Return the fields that are given: those that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def path_part(name: str) -> str:
    """Return a name as a segment of a path, whatever signs it has."""
    return quote(name, safe="")
