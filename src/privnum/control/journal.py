"""`privnum journal`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import short_time, table
from privnum.control.values import sought_number, whole
from privnum.control.verbs import Verb
from privnum.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]

_NAMES: Final = ("kind", "operation", "number", "session_id", "since", "limit", "wait", "format")


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--kind",
        metavar="KIND",
        help="request, push, or a kind of push: call_event, cdr, number_status, sms_notify, sms_block",
    )
    add("--operation", metavar="ID", help="requests of this one, as in axb.bind")
    add("--number", type=sought_number, metavar="NUMBER", help="those with this number, with its +86 or without")
    add("--session-id", metavar="ID", help="those with this sessionId")
    add("--refused", action="store_true", help="what was not carried out or not accepted")
    add("--since", "--after", metavar="N", help="those behind entry number N")
    add("--limit", type=whole, metavar="N", help="N at most")
    add("--wait", metavar="SECONDS", help="where there is none, wait for the next one")
    add("--format", choices=("json", "har", "curl"), help="print it as JSON, HAR or curl commands instead of a table")


def _ask(client: Client, given: argparse.Namespace) -> Any:
    query = {name: getattr(given, name) for name in _NAMES}
    said = client.of_world("GET", "/journal", query={**query, "accepted": "false" if given.refused else None})
    given.json = given.json or given.format is not None
    return said


def _show(said: Mapping[str, Any]) -> str:
    rows = (_row(entry) for entry in said["entries"])
    return table(("no", "world time", "what", "answer", "rule", "ms", "where"), rows, "the journal has no such entry")


def _row(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    head = entry["number"], short_time(entry.get("world_time") or entry["at"])
    if entry["kind"] == "request":
        answer = f"{entry['status']} {entry.get('resultcode') or ''}".rstrip()
        unread = " ".join(f"unread:{field['name']}" for field in entry.get("unread", ()))
        why = f"{entry.get('rule') or ''} {unread}".strip()
        return *head, entry.get("operation") or "-", answer, why, entry["ms"], f"{entry['method']} {entry['path']}"
    answer = f"{entry['outcome']}{'' if entry['accepted'] else ' ' + say('not accepted')}"
    again = short_time(entry.get("next_attempt_at"))
    return *head, entry["kind"], answer, say("next {time}", time=again) if again else "", entry["ms"], entry["url"]


_LIST: Final = Verb(
    "list requests with their answers, and attempts to push", _ask, _show, _options, "privnum journal --refused"
)
VERBS: Final = {"": _LIST, "list": _LIST}
