"""`privnum reset`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VERBS"]


def _show(world: Mapping[str, Any]) -> str:
    return say("world {id} is empty; its applications, numbers, settings and clock are as they were", id=world["id"])


VERBS: Final = {
    "": Verb(
        "empty the world of bindings, calls, SMS, pushes and its journal",
        lambda client, _: client.of_world("POST", "/reset"),
        _show,
        example="privnum reset",
    )
}
