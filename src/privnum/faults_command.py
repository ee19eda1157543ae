"""`privnum fault`: let things go wrong in a world of a running stand-in."""

from __future__ import annotations

import http.client
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from privnum import contracts
from privnum.options import BAD_USAGE, OptionParser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["fault_main"]

_SECONDS: Final = 30
_WORDS: Final = ("fault", "operation", "number", "push", "code")
_NUMBERS: Final = ("status", "delay_ms", "delay_seconds", "times")
_GOOD: Final = 300


class _Refused(Exception):  # noqa: N818 - says what is so
    """The server does not answer, or refuses; the text is one line."""


def fault_main(argv: Sequence[str]) -> int:
    """List, add or clear the faults of a world.

    Status 0: done. 2: bad usage, no answer, or refused.
    """
    given = _parser().parse_args(argv)
    try:
        shown = _ask(given, *_message(given))
    except _Refused as refused:
        sys.stderr.write(f"privnum fault: {contracts.mask(str(refused))}\n")
        return BAD_USAGE
    if given.json:
        sys.stdout.write(json.dumps(shown) + "\n")
        return 0
    for line in _lines(shown.get("faults", [shown])):
        sys.stdout.write(f"{line}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(
        prog="privnum fault",
        description="Let things go wrong in a world of a running stand-in (docs/faults.md).",
        epilog="status: 0 done; 2 bad usage, no answer, or refused",
        allow_abbrev=False,
    )
    add = parser.add_argument
    env = os.environ.get
    add("action", choices=("list", "add", "clear"), help="show the faults, make one more, or make none any more")
    add(
        "--server",
        default=env("PRIVNUM_SERVER") or "http://localhost:8080",
        metavar="URL",
        help="address of the server (default: $PRIVNUM_SERVER, else http://localhost:8080)",
    )
    add("--world", default=env("PRIVNUM_WORLD") or "default", help="its id (default: $PRIVNUM_WORLD, else default)")
    add(
        "--token",
        default=env("PRIVNUM_CONTROL_TOKEN"),
        help="control token of the server (default: $PRIVNUM_CONTROL_TOKEN)",
    )
    add("--json", action="store_true", help="print one line of JSON instead")
    add("--id", metavar="N", help="clear: this one only")
    add("--fault", metavar="WORD", help="add: what goes wrong (privnum rules --list faults)")
    add("--operation", metavar="ID", help="add: requests of this one, as axb.bind; any: of all")
    add("--number", metavar="NUMBER", help="add: requests, or with --push pushes, in which it stands")
    add("--push", metavar="KIND", help="add: pushes of this kind, as cdr; any: of all")
    add("--code", metavar="CODE", help="add: refuse with this result code, as 403/1012010")
    add("--status", type=int, metavar="N", help="add: answer with this HTTP status, without a body")
    add("--delay-ms", type=int, metavar="N", help="add: answer so much later, in real time")
    add("--delay-seconds", type=int, metavar="N", help="add: push so much later, in world time")
    add("--carried-out", choices=("yes", "no"), help="add: whether the request is carried out, though not answered")
    add("--times", type=int, metavar="N", help="add: strike this many times at most")
    add("--probability", type=float, metavar="P", help="add: how likely it strikes, drawn from the seed")
    return parser


def _message(given: argparse.Namespace) -> tuple[str, str, dict[str, Any] | None]:
    """Return method, the end of the path, and body of what is asked for.

    Raises:
        _Refused: options that are not of the action.
    """
    asked = {name: getattr(given, name) for name in (*_WORDS, *_NUMBERS, "probability")}
    asked["carried_out"] = None if given.carried_out is None else given.carried_out == "yes"
    asked = {name: value for name, value in asked.items() if value is not None}
    if given.action != "add" and asked:
        raise _Refused(f"--{next(iter(asked)).replace('_', '-')} is for add; {given.action} takes none of its options")
    if given.action != "clear" and given.id is not None:
        raise _Refused("--id is for clear")
    if given.action == "clear":
        return "DELETE", "" if given.id is None else f"?id={quote(given.id, safe='')}", None
    return ("POST", "", asked) if given.action == "add" else ("GET", "", None)


def _ask(given: argparse.Namespace, method: str, end: str, body: dict[str, Any] | None) -> dict[str, Any]:
    """Send a control message and return the answer.

    Raises:
        _Refused: it is refused, or nothing answers.
    """
    try:
        parts = urlsplit(given.server)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connection = kinds[parts.scheme](parts.hostname or "", parts.port, timeout=_SECONDS)
    except (KeyError, ValueError):
        raise _Refused(f"--server: {given.server!r} is no address; write http://localhost:8080") from None
    headers = {"Content-Type": "application/json"}
    if given.token:
        headers["Authorization"] = f"Bearer {given.token}"
    path = f"{parts.path.rstrip('/')}/_privnum/worlds/{quote(given.world, safe='')}/faults{end}"
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
        told = json.loads(content)
    except (OSError, http.client.HTTPException) as error:
        raise _Refused(f"no answer from {given.server}: {error or type(error).__name__}") from None
    except ValueError:
        raise _Refused(f"{given.server} answered HTTP {answer.status} with no JSON: {content[:80]!r}") from None
    finally:
        connection.close()
    if answer.status >= _GOOD or not isinstance(told, dict):
        said = told if isinstance(told, dict) else {}
        raise _Refused(f"{said.get('error', content[:200])} (HTTP {answer.status}, {said.get('where', 'answer')})")
    return told


def _lines(faults: Sequence[dict[str, Any]]) -> list[str]:
    """Return faults as a table for people."""
    if not faults:
        return ["no faults: the world does as the contract says"]
    rows = [("id", "where", "fault", "hits", "left")]
    for fault in faults:
        where = " ".join(str(fault[name]) for name in ("operation", "push", "number") if name in fault)
        details = [f"{name}={fault[name]}" for name in (*_NUMBERS[:3], "code", "carried_out") if name in fault]
        chance = [f"probability={fault['probability']}"] if "probability" in fault else []
        what = " ".join((fault["fault"], *details, *chance))
        left = "no bound" if fault["left"] is None else str(fault["left"])
        rows.append((str(fault["id"]), contracts.mask(where), what, str(fault["hits"]), left))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
