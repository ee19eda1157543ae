"""`privnum sms`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from privnum.control.tables import facts, more_of, short_time, table
from privnum.control.values import add_page_options, identifier, number, page_of
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

_NETWORK: Final = ("delivers", "partly", "fails", "breaks")


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("sender", type=number, metavar="FROM", help="the number that writes, as in +8613800000001")
    add("x", type=number, metavar="X", help="the number that he writes to")
    add("text", metavar="TEXT", help="what he writes")
    add(
        "--network",
        choices=_NETWORK,
        default="delivers",
        help="what the network does with it: all parts, all but the last, none, or the platform fails",
    )


def _send(client: Client, given: argparse.Namespace) -> Any:
    message = {"from": given.sender, "to": given.x, "text": given.text, "network": given.network}
    return client.of_world("POST", "/sms", message)


def _add_sms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=identifier, metavar="ID", help="id of an SMS, as in sms-1")


def _show(sms: Mapping[str, Any]) -> str:
    return facts(
        {
            "sms": sms["id"],
            "state": say(sms["state"]),
            "from": sms["from"],
            "x": sms["to"],
            "text": sms["text"],
            "reaches": sms["delivered_to"] or say("nobody"),
            "sees": sms["displayed"],
            "reads": sms["delivered_text"],
            "result": sms["result"],
            "problem": sms.get("answer_problem"),
            "written": short_time(sms["created_at"]),
            "identifier": sms["identifier"],
        }
    )


def _list(said: Mapping[str, Any]) -> str:
    columns = ("sms", "written", "from", "x", "reaches", "state", "result", "text")
    rows = (
        (
            *(sms["id"], short_time(sms["created_at"]), sms["from"], sms["to"], sms["delivered_to"] or ""),
            *(say(sms["state"]), sms["result"], sms["text"]),
        )
        for sms in said["sms"]
    )
    return table(columns, rows, "no SMS") + more_of(said)


VERBS: Final = {
    "": Verb(
        "let FROM write an SMS to X",
        _send,
        _show,
        _options,
        "privnum sms +8613800000001 +8617000000001 'I am at the door.'",
    ),
    "list": Verb(
        "list the SMS",
        lambda client, given: client.of_world("GET", "/sms", query=page_of(given)),
        _list,
        add_page_options,
        "privnum sms list",
    ),
    "show": Verb(
        "show an SMS",
        lambda client, given: client.of_world("GET", f"/sms/{quote(given.id, safe='')}"),
        _show,
        _add_sms,
        "privnum sms show sms-1",
    ),
}
