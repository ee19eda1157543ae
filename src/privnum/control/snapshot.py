"""`privnum snapshot`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from privnum.control.tables import short_time, table
from privnum.control.values import identifier
from privnum.control.verbs import Verb
from privnum.words import figure, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

_COLUMNS: Final = ("snapshot", "time", "clock", "bindings", "bytes", "made (real time)")


def _show(said: Mapping[str, Any]) -> str:
    """Return the snapshots, or the one that was made, as a table."""
    rows = (
        (
            each["id"],
            short_time(each["clock"]["now"]),
            say(each["clock"]["mode"]),
            each["bindings"],
            figure(each["bytes"]),
            short_time(each["made_at"]),
        )
        for each in said.get("snapshots", [said])
    )
    return table(_COLUMNS, rows, "no snapshots")


def _make(client: Client, given: argparse.Namespace) -> Any:
    return client.of_world("POST", "/snapshots", {} if given.name is None else {"id": given.name})


def _drop(client: Client, given: argparse.Namespace) -> Any:
    client.of_world("DELETE", f"/snapshots/{quote(given.name, safe='')}")
    return {"dropped": given.name}


VERBS: Final = {
    "": Verb(
        "keep all that the world is, to put it back by privnum restore",
        _make,
        _show,
        lambda parser: parser.add_argument(
            "name", nargs="?", type=identifier, metavar="NAME", help="its name (default: the server makes one)"
        ),
        "privnum snapshot before-the-call",
    ),
    "list": Verb(
        "list the snapshots of the world",
        lambda client, _: client.of_world("GET", "/snapshots"),
        _show,
        example="privnum snapshot list",
    ),
    "drop": Verb(
        "keep a snapshot no more",
        _drop,
        lambda said: say("dropped {name}", name=said["dropped"]),
        lambda parser: parser.add_argument("name", type=identifier, metavar="NAME", help="name of a snapshot"),
        "privnum snapshot drop before-the-call",
    ),
}
