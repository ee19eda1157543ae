"""`privnum bindings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import more_of, short_time, table
from privnum.control.values import add_page_options, number, page_of
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--x", type=number, metavar="NUMBER", help="those on this X")
    add("--user", type=number, metavar="NUMBER", help="those of this user")
    add("--subscription-id", metavar="ID", help="those of this id")
    add_page_options(parser)


def _ask(client: Client, given: argparse.Namespace) -> Any:
    named = {"x": given.x, "user": given.user, "subscription_id": given.subscription_id}
    return client.of_world("GET", "/bindings", query={**named, **page_of(given)})


def _show(said: Mapping[str, Any]) -> str:
    columns = ("mode", "x", "ext", "users", "ends", "a reaches", "id", "bound")
    rows = (
        (
            *(each["mode"], each["x"], each["shown"].get("extendNum", ""), " ".join(each["users"])),
            *(short_time(each["ends_at"]) or say("never"), each.get("reaches") or "", each["id"]),
            short_time(each["bound_at"]),
        )
        for each in said["bindings"]
    )
    return table(columns, rows, "no bindings") + more_of(said)


_LIST: Final = Verb(
    "list what is bound, in every mode", _ask, _show, _options, "privnum bindings --user +8613800000001"
)
VERBS: Final = {"": _LIST, "list": _LIST}
