"""`privnum number`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from privnum.control.client import CommandError
from privnum.control.tables import table
from privnum.control.values import number
from privnum.control.verbs import Verb
from privnum.options import nearest_word
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

_WORDS: Final = {"5": "normal", "9": "suspended", "10": "unavailable", "11": "frozen for new bindings"}


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("x", type=number, metavar="X", help="an X of the world")
    words = ", ".join(f"{status} {word}" for status, word in _WORDS.items())
    add("--status", metavar="STATUS", help=f"{words}; the customer gets a push of it")
    add(
        "--cause",
        metavar="CAUSE",
        help="why: 1 deleted, 2 arrears, 3 out of service, 5 restricted, 6 restriction lifted, 7 to 9 forwarding",
    )
    add("--area-code", metavar="CODE", help="city code, as in 0755")


def _change(client: Client, given: argparse.Namespace) -> Any:
    named = {"status": given.status, "cause": given.cause, "area_code": given.area_code}
    message = {name: value for name, value in named.items() if value is not None}
    if message:
        return client.of_world("PATCH", f"/numbers/{quote(given.x, safe='')}", message)
    numbers = {each["number"]: each for each in _ask(client, given)}
    if given.x not in numbers:
        near = nearest_word(given.x, numbers)
        hint = f"did you mean {near}?" if near else "privnum number list has its numbers"
        raise CommandError(f"{given.x} is no X of world {client.world}; {hint}")
    return numbers[given.x]


def _ask(client: Client, _: argparse.Namespace) -> Any:
    world = client.of_world("GET", "")
    return [{"mode": app["mode"], **x} for app in world["applications"] for x in app["numbers"]]


def _list(numbers: list[Mapping[str, Any]]) -> str:
    rows = (
        (x["number"], x.get("mode", ""), x["area_code"], x["status"], say(_WORDS[x["status"]]), x.get("cause"))
        for x in numbers
    )
    return table(("x", "mode", "area", "status", "that is", "cause"), rows, "no numbers")


VERBS: Final = {
    "": Verb(
        "show an X, or change its status, cause or area",
        _change,
        lambda x: _list([x]),
        _options,
        "privnum number +8617000000001 --status 9",
    ),
    "list": Verb("list the X numbers of the world", _ask, _list, example="privnum number list"),
}
