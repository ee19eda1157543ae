"""`privnum worlds`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from privnum.control.client import CommandError
from privnum.control.tables import facts, short_time, table
from privnum.control.values import identifier
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

#: Worlds of which a list has more than the id.
_SHOWN: Final = 100


def _ask(client: Client, _: argparse.Namespace) -> Any:
    ids = [world["id"] for world in client.send("GET", "/worlds")["worlds"]]
    worlds = [client.send("GET", f"/worlds/{quote(id_, safe='')}") for id_ in ids[:_SHOWN]]
    return {"worlds": worlds + [{"id": id_} for id_ in ids[_SHOWN:]]}


def _list(said: Mapping[str, Any]) -> str:
    rows = (
        (world["id"], short_time(world["clock"]["now"]), say(world["clock"]["mode"]), _modes(world), world["url"])
        if "clock" in world
        else (world["id"], "", "", "", "")
        for world in said["worlds"]
    )
    return table(("world", "time", "clock", "modes", "url"), rows, "no worlds")


def _modes(world: Mapping[str, Any]) -> str:
    return " ".join(app["mode"] for app in world["applications"])


def _show(world: Mapping[str, Any]) -> str:
    clock = world["clock"]
    now, mode = short_time(clock["now"]), say(clock["mode"])
    head = facts({"world": world["id"], "url": world["url"], "time": now, "clock": mode})
    rows = (
        (app["mode"], app["app_key"], " ".join(x["number"] for x in app["numbers"][:3]), len(app["numbers"]))
        for app in world["applications"]
    )
    return f"{head}\n\n{table(('mode', 'app key', 'x', 'numbers'), rows, 'no applications')}"


def _add_world(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=identifier, metavar="ID", help="id of a world")


def _create_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", metavar="ID", help="its id (default: the server makes one)")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of its ids")
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="a file with the message in JSON (driver/world.create)"
    )


def _create(client: Client, given: argparse.Namespace) -> Any:
    message: Any = {}
    if given.file is not None:
        try:
            message = orjson.loads(given.file.read_bytes())
        except ValueError as error:
            raise CommandError(f"{given.file} is no JSON: {error}", 2) from None
        if not isinstance(message, dict):
            raise CommandError(f"{given.file} must hold a JSON object, as driver/world.create", 2)
    named = {"id": given.id, "seed": given.seed}
    return client.send(
        "POST", "/worlds", {**message, **{name: each for name, each in named.items() if each is not None}}
    )


def _drop(client: Client, given: argparse.Namespace) -> Any:
    client.send("DELETE", f"/worlds/{quote(given.id, safe='')}")
    return {"dropped": given.id}


_LIST: Final = Verb("list the worlds", _ask, _list, example="privnum worlds")
VERBS: Final = {
    "": _LIST,
    "list": _LIST,
    "show": Verb(
        "show a world",
        lambda client, given: client.send("GET", f"/worlds/{quote(given.id, safe='')}"),
        _show,
        _add_world,
        "privnum worlds show default",
    ),
    "create": Verb("make a world", _create, _show, _create_options, "privnum worlds create --id mine --seed 7"),
    "drop": Verb(
        "drop a world",
        _drop,
        lambda said: say("dropped {name}", name=said["dropped"]),
        _add_world,
        "privnum worlds drop mine",
    ),
}
