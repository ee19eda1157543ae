"""SMS in a world, by the messages of the driver protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.history import lost_text
from privnum.mockserver.core.numbers import mask, with_country
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.sms.message import Sms
    from privnum.mockserver.worlds.world import World

__all__ = ["sms_of", "write_sms"]


def write_sms(world: World, message: Mapping[str, Any]) -> Sms:
    """Let somebody write an SMS to an X; `message` is the driver protocol's.

    Raises:
        ControlError: the number is no X of this world, or one of a mode without SMS; or the sender is a mobile
            without its +86.
    """
    sender = message["from"]
    if sender[0] != "+" and (full := with_country(sender)) is not None:
        raise ControlError(400, f"sender {mask(sender)} is a mobile without +86; write {mask(full)}", "from")
    x = world.numbers.get(message["to"])
    if x is None:
        text = f"{mask(message['to'])} is no X of world {world.id}; write to one of its applications' numbers"
        raise ControlError(404, text, "to")
    mode = registry.modes()[x.app.mode].sms
    if mode is None:
        there = " or ".join(name for name, mode in registry.modes().items() if mode.sms is not None)
        raise ControlError(400, f"an X of mode {x.app.mode} has no SMS; write to one of {there}", "to")
    network = message.get("network", "delivers")
    return world.sms.write(mode, x, sender, message["text"], network, world.now_ms)


def sms_of(world: World, sms_id: str) -> Sms:
    """Return an SMS.

    Raises:
        ControlError: there is no such SMS.
    """
    sms = world.sms.get(sms_id)
    if sms is None:
        text = f"world {world.id} has no SMS {sms_id[:64]!r} ({lost_text('SMS', world.keep)}); sms.list has them"
        raise ControlError(404, text, "sms")
    return sms
