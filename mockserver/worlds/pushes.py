"""Pushes of a world, looked at and sent once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.history import lost_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

__all__ = ["push_of", "resend"]


def push_of(world: World, push_id: str) -> Push:
    """Return a push.

    Raises:
        ControlError: there is no such push, or it is kept no more.
    """
    push = world.outbox.get(push_id)
    if push is None:
        text = f"world {world.id} has no push {push_id[:64]!r} ({lost_text('push', world.keep)}); pushes.list has them"
        raise ControlError(404, text, "push")
    return push


def resend(world: World, push_id: str, message: Mapping[str, Any]) -> Push:
    """Send a push once more, as a new one; `message` is the driver protocol's.

    Raises:
        ControlError: there is no such push.
    """
    push = push_of(world, push_id)
    return world.outbox.resend(push, message.get("url") or push.url, world.now_ms)
