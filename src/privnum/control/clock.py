"""`privnum clock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.control.tables import short_time
from privnum.control.values import seconds, whole
from privnum.control.verbs import Verb
from privnum.words import join_words, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from privnum.control.client import Client

__all__ = ["VERBS"]


def _set(message: Callable[[argparse.Namespace], Mapping[str, Any]]) -> Callable[[Client, argparse.Namespace], Any]:
    return lambda client, given: client.of_world("POST", "/clock", message(given))


def _show(clock: Mapping[str, Any]) -> str:
    parts = [f"{short_time(clock['now'])} UTC", say(clock["mode"])]
    if clock.get("rate", 1) != 1:
        parts.append(say("{rate} times as fast as real time", rate=clock["rate"]))
    return join_words(parts)


def _run(given: argparse.Namespace) -> Mapping[str, Any]:
    return {"mode": "running", "rate": given.rate}


VERBS: Final = {
    "": Verb("show world time", lambda client, _: client.of_world("GET", "/clock"), _show, example="privnum clock"),
    "advance": Verb(
        "let time pass; answers when all that fell due has happened and every push has its outcome",
        _set(lambda given: {"advance_seconds": given.time}),
        _show,
        lambda parser: parser.add_argument(
            "time", metavar="TIME", type=seconds, help="how long, as in 30, 5m, 2h or 1d"
        ),
        "privnum clock advance 5m",
    ),
    "freeze": Verb(
        "let the clock stand until it is advanced",
        _set(lambda _: {"mode": "frozen"}),
        _show,
        example="privnum clock freeze",
    ),
    "run": Verb(
        "let the clock run",
        _set(_run),
        _show,
        lambda parser: parser.add_argument(
            "--rate", type=whole, default=1, metavar="N", help="seconds of the world in one of real time (default: 1)"
        ),
        "privnum clock run --rate 60",
    ),
    "jump": Verb(
        "let the clock go on by itself to what is due next, until nothing is",
        _set(lambda _: {"mode": "jumping"}),
        _show,
        example="privnum clock jump",
    ),
    "set": Verb(
        "put the clock to a time; what would fall due until then does not happen",
        _set(lambda given: {"now": given.now}),
        _show,
        lambda parser: parser.add_argument("now", metavar="NOW", help="time in UTC, as in 2026-03-01T00:00:00Z"),
        "privnum clock set 2026-03-01T00:00:00Z",
    ),
}
