"""`privnum restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import short_time
from privnum.control.values import identifier
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]


def _restore(client: Client, given: argparse.Namespace) -> Any:
    return client.of_world("POST", "/restore", {} if given.name is None else {"snapshot": given.name})


def _show(world: Mapping[str, Any]) -> str:
    clock = world["clock"]
    return say(
        "world {id} is as it was: {now} UTC, {mode}; its journal stays",
        id=world["id"],
        now=short_time(clock["now"]),
        mode=say(clock["mode"]),
    )


VERBS: Final = {
    "": Verb(
        "put the world back to a snapshot",
        _restore,
        _show,
        lambda parser: parser.add_argument(
            "name", nargs="?", type=identifier, metavar="NAME", help="name of the snapshot (default: the latest)"
        ),
        "privnum restore before-the-call",
    )
}
