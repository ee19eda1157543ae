"""`privnum fault`: let things go wrong in a world of a running stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.control.tables import table
from privnum.control.values import sought_number
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

_NAMES: Final = (
    *("fault", "operation", "number", "push", "code"),
    *("status", "delay_ms", "delay_seconds", "times", "probability"),
)
_SHOWN: Final = ("status", "delay_ms", "delay_seconds", "code", "carried_out", "probability")


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--fault", metavar="WORD", help="what goes wrong (privnum rules --list faults)")
    add("--operation", metavar="ID", help="requests of this operation, as axb.bind; any: of all")
    add(
        "--number",
        type=sought_number,
        metavar="NUMBER",
        help="requests with this number, or with --push pushes, with its +86 or without",
    )
    add("--push", metavar="KIND", help="pushes of this kind, as cdr; any: of all")
    add("--code", metavar="CODE", help="refuse with this result code, as 403/1012010")
    add("--status", type=int, metavar="N", help="answer with this HTTP status, without a body")
    add("--delay-ms", type=int, metavar="N", help="answer N milliseconds of real time later")
    add("--delay-seconds", type=int, metavar="N", help="push N seconds of world time later")
    add("--carried-out", choices=("yes", "no"), help="whether the request is carried out, though not answered")
    add("--times", type=int, metavar="N", help="strike this many times at most")
    add("--probability", type=float, metavar="P", help="how likely it strikes, drawn from the seed")


def _add(client: Client, given: argparse.Namespace) -> Any:
    asked = {name: getattr(given, name) for name in _NAMES if getattr(given, name) is not None}
    if given.carried_out is not None:
        asked["carried_out"] = given.carried_out == "yes"
    return client.of_world("POST", "/faults", asked)


def _clear_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", metavar="N", help="the fault of this id alone (default: all)")


def _clear(client: Client, given: argparse.Namespace) -> Any:
    return client.of_world("DELETE", "/faults", query={"id": given.id})


def _ask(client: Client, _: argparse.Namespace) -> Any:
    return client.of_world("GET", "/faults")


def _show(said: Mapping[str, Any]) -> str:
    """Return the faults, or the one that was made, as a table."""
    rows = (
        (str(fault["id"]), _where(fault), _what(fault), fault["hits"], _left(fault))
        for fault in said.get("faults", [said])
    )
    return table(("id", "where", "fault", "hits", "left"), rows, "no faults: the world does as the contract says")


def _where(fault: Mapping[str, Any]) -> str:
    return contracts.mask(" ".join(str(fault[name]) for name in ("operation", "push", "number") if name in fault))


def _what(fault: Mapping[str, Any]) -> str:
    return " ".join((fault["fault"], *(f"{name}={fault[name]}" for name in _SHOWN if name in fault)))


def _left(fault: Mapping[str, Any]) -> str:
    return say("no bound") if fault["left"] is None else str(fault["left"])


_LIST: Final = Verb("list the faults of the world", _ask, _show, example="privnum fault list")
VERBS: Final = {
    "": _LIST,
    "list": _LIST,
    "add": Verb(
        "let something go wrong from now on",
        _add,
        _show,
        _add_options,
        "privnum fault add --operation axb.bind --code 403/1012010 --times 2",
    ),
    "clear": Verb("end every fault, or one", _clear, _show, _clear_options, "privnum fault clear --id 1"),
}
