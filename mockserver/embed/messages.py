"""What else a world tells its customer, beside calls: the status of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.embed.pushes import Push

__all__ = ["Messages"]


class _World(Protocol):
    @property
    def pushes(self) -> list[Push]: ...

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any: ...


class Messages:
    """The part of a WorldHandle that is about numbers."""

    def set_number(self: _World, x: str, status: str, cause: str | None = None) -> None:
        """Change the status of an X; the customer is told by a push.

        Args:
            x: an X of this world.
            status: "5" normal, "9" suspended, "10" unavailable, "11" frozen for binding.
            cause: why: "1" deleted, "2" arrears, "3" out of service, "5" restricted by the carrier, "6" restriction
                lifted, "7", "8", "9" call forwarding was set on it: unconditional, on no answer, on busy.
        """
        message = {"status": status} if cause is None else {"status": status, "cause": cause}
        self._control("PATCH", f"/numbers/{quote(x, safe='')}", message)

    @property
    def number_statuses(self: _World) -> list[dict[str, Any]]:
        """What numStatus pushes tell: a number each, with status and cause."""
        return [info for push in self.pushes if push.kind == "number_status" for info in push.body["numInfo"]]
