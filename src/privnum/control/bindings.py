"""`privnum bindings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import short_time, table
from privnum.control.values import whole
from privnum.control.verbs import Verb

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--x", metavar="X", help="those on this number")
    add("--user", metavar="NUMBER", help="those in which this user stands")
    add("--subscription-id", metavar="ID", help="those of this id")
    add("--after", metavar="ID", help="those behind this one")
    add("--limit", type=whole, metavar="N", help="N at most (default: 1000)")


def _ask(client: Client, given: argparse.Namespace) -> Any:
    names = ("x", "user", "subscription_id", "after", "limit")
    return client.of_world("GET", "/bindings", query={name: getattr(given, name) for name in names})


def _show(said: Mapping[str, Any]) -> str:
    columns = ("mode", "x", "ext", "users", "ends", "a reaches", "id", "bound")
    rows = (
        (
            *(each["mode"], each["x"], each["shown"].get("extendNum", ""), " ".join(each["users"])),
            *(short_time(each["ends_at"]) or "never", each.get("reaches") or "", each["id"]),
            short_time(each["bound_at"]),
        )
        for each in said["bindings"]
    )
    more = f"\nthere are more: --after {said['next']}" if said.get("next") else ""
    return table(columns, rows, "no bindings") + more


VERBS: Final = {"": Verb("list what is bound, in every mode", _ask, _show, _options)}
