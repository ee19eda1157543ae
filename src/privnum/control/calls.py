"""`privnum call`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from privnum import contracts
from privnum.control.tables import facts, more_of, short_time, table
from privnum.control.values import BEHAVIOURS, add_page_options, identifier, number, page_of, seconds
from privnum.control.verbs import Verb
from privnum.words import language, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]


def _call_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("caller", type=number, metavar="CALLER", help="the number that calls, as in +8613800000001")
    add("x", type=number, metavar="X", help="the number that he dials")
    add(
        "--callee",
        choices=BEHAVIOURS,
        default="answer",
        metavar="BEHAVIOUR",
        help=f"what the other side does: {', '.join(BEHAVIOURS)} (default: answer)",
    )
    add("--ring-after", type=seconds, default=2, metavar="TIME", help="from forwarding to ringing (default: 2)")
    add("--answer-after", type=seconds, default=3, metavar="TIME", help="from ringing to the answer (default: 3)")
    add(
        "--hang-up-after",
        type=seconds,
        metavar="TIME",
        help="from the answer to the callee's hang-up (default: he stays)",
    )
    add("--caller-hangs-up-after", type=seconds, metavar="TIME", help="from the start (default: he stays)")
    add("--digits", action="append", metavar="DIGITS", help="what the caller enters at a prompt of AXE; once for each")
    add("--digits-after", type=seconds, metavar="TIME", help="from a prompt to what is entered (default: 2)")


def _call(client: Client, given: argparse.Namespace) -> Any:
    callee = {
        "behaviour": given.callee,
        "ring_after": given.ring_after,
        "answer_after": given.answer_after,
        "hang_up_after": given.hang_up_after,
    }
    message = {
        "caller": given.caller,
        "called": given.x,
        "callee": callee,
        "caller_hangs_up_after": given.caller_hangs_up_after,
    }
    more = {"digits": given.digits, "digits_after": given.digits_after}
    more = {name: value for name, value in more.items() if value is not None}
    return client.of_world("POST", "/calls", {**message, **more})


def _add_call(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=identifier, metavar="ID", help="id of a call, as in call-1001")


def _hang_up_options(parser: argparse.ArgumentParser) -> None:
    _add_call(parser)
    parser.add_argument("--by", choices=("caller", "callee"), default="caller", help="who does (default: %(default)s)")


def _show(call: Mapping[str, Any]) -> str:
    times = {
        name: short_time(call[f"{name}_at"])
        for name in ("started", "forwarded", "alerting", "answered", "ended")
        if call[f"{name}_at"] is not None
    }
    return facts(
        {
            "call": call["id"],
            "state": say(call["state"]),
            "mode": call["mode"],
            "caller": call["caller"],
            "x": call["x"],
            "reaches": call["forwarded_to"] or say("nobody"),
            "sees": call["displayed"],
            "extension": call.get("extension"),
            "played": ", ".join(call.get("played", ())) or None,
            "cause": _cause(call) or None,
            "problem": call.get("answer_problem"),
            "binding": call["subscription_id"],
            "session": call["session_id"],
            **times,
        }
    )


def _cause(call: Mapping[str, Any]) -> str:
    cause = call["release_cause"]
    if cause is None:
        return ""
    known = contracts.in_language(language()).release_causes().get(cause)
    return f"{cause} {known.meaning if known else call.get('release_cause_text') or ''}".rstrip()


def _list(said: Mapping[str, Any]) -> str:
    """Return the calls, and below them what their causes mean."""
    calls = said["calls"]
    columns = ("call", "state", "cause", "caller", "x", "reaches", "mode", "started")
    rows = (
        (
            *(call["id"], say(call["state"]), "" if call["release_cause"] is None else call["release_cause"]),
            *(call["caller"], call["x"], call["forwarded_to"] or "", call["mode"], short_time(call["started_at"])),
        )
        for call in calls
    )
    causes = {_cause(call): None for call in calls if call["release_cause"] is not None}
    legend = "".join(f"\n{cause}" for cause in causes)
    return table(columns, rows, "no calls") + (f"\n{legend}" if legend else "") + more_of(said)


VERBS: Final = {
    "": Verb(
        "let CALLER call X",
        _call,
        _show,
        _call_options,
        "privnum call +8613800000001 +8617000000001 --hang-up-after 1m",
    ),
    "list": Verb(
        "list the calls",
        lambda client, given: client.of_world("GET", "/calls", query=page_of(given)),
        _list,
        add_page_options,
        "privnum call list",
    ),
    "show": Verb(
        "show a call",
        lambda client, given: client.of_world("GET", f"/calls/{quote(given.id, safe='')}"),
        _show,
        _add_call,
        "privnum call show call-1001",
    ),
    "hang-up": Verb(
        "hang up one side of a call",
        lambda client, given: client.of_world("POST", f"/calls/{quote(given.id, safe='')}/hang_up", {"by": given.by}),
        _show,
        _hang_up_options,
        "privnum call hang-up call-1001 --by callee",
    ),
}
