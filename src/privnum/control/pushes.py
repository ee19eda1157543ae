"""`privnum pushes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from privnum import contracts
from privnum.control.tables import facts, more_of, short_time, table
from privnum.control.values import add_page_options, identifier, page_of
from privnum.control.verbs import Verb
from privnum.words import language, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS", "show_push"]

_STATES: Final = ("pending", "delivered", "given_up")


def _list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", choices=_STATES, help="those in this state")
    add_page_options(parser)


def _ask(client: Client, given: argparse.Namespace) -> Any:
    return client.of_world("GET", "/pushes", query={"state": given.state, **page_of(given)})


def _add_push(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=identifier, metavar="ID", help="id of a push, as in push-1")


def _resend_options(parser: argparse.ArgumentParser) -> None:
    _add_push(parser)
    parser.add_argument("--url", metavar="URL", help="where it goes this time (default: where it went)")


def _resend(client: Client, given: argparse.Namespace) -> Any:
    message = {} if given.url is None else {"url": given.url}
    return client.of_world("POST", f"/pushes/{quote(given.id, safe='')}/resend", message)


def _about(push: Mapping[str, Any]) -> str:
    """Return in a word what a push says: the event, how many CDRs, …."""
    body = push["body"]
    if push["kind"] == "cdr":
        causes = [str(cdr.get("ulFailReason", "")) for cdr in body.get("feeLst", ())]
        return f"fee {' '.join(causes)}".rstrip()
    if push["kind"] == "number_status":
        return " ".join(f"{each.get('number')}={each.get('status')}" for each in body.get("numInfo", ()))
    return str(body.get("eventType") or body.get("smsEvent", {}).get("notificationMode", ""))


def _causes(push: Mapping[str, Any]) -> list[str]:
    """Return the release causes that a push tells, in words."""
    body, known = push["body"], contracts.in_language(language()).release_causes()
    told = [body.get("statusInfo", {}).get("stateCode"), *(cdr.get("ulFailReason") for cdr in body.get("feeLst", ()))]
    return [f"{cause} {known[cause].meaning}" for cause in told if isinstance(cause, int) and cause in known]


def _list(said: Mapping[str, Any]) -> str:
    """Return the pushes, and below them what the causes of CDRs mean."""
    rows = (
        (
            *(push["id"], push["kind"], _about(push), say(push["state"])),
            " ".join(attempt["outcome"] for attempt in push["attempts"]),
            *(short_time(push["next_attempt_at"]), push["url"]),
        )
        for push in said["pushes"]
    )
    causes = dict.fromkeys(cause for push in said["pushes"] if push["kind"] == "cdr" for cause in _causes(push))
    legend = "".join(f"\n{cause}" for cause in causes)
    columns = ("push", "kind", "about", "state", "answers", "next attempt", "to")
    return table(columns, rows, "no pushes") + (f"\n{legend}" if legend else "") + more_of(said)


def show_push(push: Mapping[str, Any]) -> str:
    """Return a push, its attempts and its body."""
    head = facts(
        {
            "push": push["id"],
            "kind": push["kind"],
            "state": say(push["state"]),
            "to": push["url"],
            "application": push["app_key"],
            "cause": ", ".join(dict.fromkeys(_causes(push))) or None,
            "next attempt": short_time(push["next_attempt_at"]) or None,
        }
    )
    rows = ((short_time(each["at"]), each["outcome"], each.get("detail", "")) for each in push["attempts"])
    attempts = table(("sent", "answer", "what happened"), rows, "no attempt yet")
    return f"{head}\n\n{attempts}\n\n{orjson.dumps(push['body'], option=orjson.OPT_INDENT_2).decode()}"


_LIST: Final = Verb("list the pushes", _ask, _list, _list_options, "privnum pushes --state pending")
VERBS: Final = {
    "": _LIST,
    "list": _LIST,
    "show": Verb(
        "show a push",
        lambda client, given: client.of_world("GET", f"/pushes/{quote(given.id, safe='')}"),
        show_push,
        _add_push,
        "privnum pushes show push-1",
    ),
    "resend": Verb(
        "send a push once more, as a new one", _resend, show_push, _resend_options, "privnum pushes resend push-1"
    ),
}
