"""Sessions in which a message is right or wrong by others long before it."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import PushNotAccepted, RequestRefused
from tests.suites.log.session import CUSTOMER, A, B, C, D, _talk, entries_of, findings_of, write_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.suites.log.findings import Findings
    from tests.suites.log.session import Entry

E = "+8613500000005"
HOUR = 3600


def decide(_url: str, _headers: list[tuple[str, str]], content: bytes) -> tuple[int, bytes]:
    """A customer whose verdict on an SMS is what its text says."""
    event = json.loads(content).get("smsEvent") or {}
    if event.get("notificationMode") != "Block":
        return 200, b""
    text = event["smsContent"]
    if text == "away":
        return 200, json.dumps({"actions": [{"operation": "DiscardMessage"}]}).encode()
    if text == "nothing":
        return 500, b""
    action = {"operation": "vNumberRoute", "message": {"called": B}, "userData": "order-5"}
    return 200, json.dumps({"actions": [action]}).encode()


def record(name: str, *, lenient: bool = False, **spec: Any) -> list[Entry]:
    """The journal of a world in which one of these was played.

    Where `lenient`, a server that refuses a step ends the session.
    """
    play, own = PLAYS[name]
    with DirectServer(customer=decide).world(**own, **spec) as world, warnings.catch_warnings():
        warnings.simplefilter("ignore", PushNotAccepted)  # what the customer answers is part of the session
        world.send_pushes_to(CUSTOMER)
        world.send_sms_notices_to(CUSTOMER)
        try:
            play(world)
        except RequestRefused:
            if not lenient:
                raise
        world.advance(HOUR)
        entries: list[Entry] = entries_of(world)
        return entries


def call_back(world: WorldHandle) -> None:
    """B and C call A; he calls back. Without a caller callbackNum or the tone counts, and after an hour again."""
    app, x = world.axe, world.axe.numbers[0]
    other = app.bind(D, x, bindExpiredTime=24)
    _talk(world, C, x, digits=other["extendNum"])
    app.unbind(subscriptionId=other["subscriptionId"])
    world.advance(10)
    bound = app.bind(A, x, bindExpiredTime=24, callbackExpiredTime=1, callbackNum=E)
    _talk(world, A, x)  # E
    _talk(world, B, x, digits=bound["extendNum"])
    _talk(world, A, x)  # B
    _talk(world, C, x, digits=bound["extendNum"])
    _talk(world, A, x)  # C
    app.bind(D, x, bindExpiredTime=24, callbackTone="tone.wav")
    _talk(world, D, x)  # a tone
    world.advance(2 * HOUR)
    app.query(subscriptionId=bound["subscriptionId"])
    _talk(world, A, x)  # E


def give_numbers(world: WorldHandle) -> None:
    """B is bound to a Y; C and D are given one by their calls, twice the same, and A calls by them."""
    app = world.axyb
    bound = app.bind(A, "0755", duration=0, areaMatchMode="1")
    sub, x = bound["subscriptionId"], bound["relationNumber"]
    own = app.bind_b(B, sub)["relationNumber"]
    world.advance(10)
    _talk(world, B, x)
    for caller in (C, D, C):
        _talk(world, caller, x)
    shown = app.query(subscriptionId=sub)["xyRelationNumList"]
    given = next(row["numY"] for row in shown if row["numB"] == C)
    _talk(world, A, given)
    _talk(world, A, own)


MANY_Y = {
    "applications": [
        {"mode": "AXYB", "numbers": [{"number": f"+861700000003{end}", "area_code": "0755"} for end in range(1, 8)]}
    ]
}
"""A world with Y for every caller."""


def write_sms(world: WorldHandle) -> None:
    """SMS with a verdict, with DiscardMessage, without one; in AX and in X."""
    x = world.ax.numbers[0]
    world.ax.bind(A, x)
    _talk(world, C, world.x.numbers[0])  # by whose events the log says that it is an X of X mode
    for sender, number in ((A, x), (C, world.x.numbers[0])):
        for text in ("hello", "away", "nothing", "again"):
            world.send_sms(sender, number, text)
            world.advance(60)
    world.send_sms(A, x, f"there@{D}")
    world.send_sms(C, x, "to A")
    world.advance(60)


PLAYS: dict[str, tuple[Callable[[WorldHandle], None], dict[str, Any]]] = {
    "call_back": (call_back, {}),
    "give_numbers": (give_numbers, MANY_Y),
    "write_sms": (write_sms, {}),
}


@cache
def _journal_text(name: str) -> str:
    return json.dumps(record(name))


def journal_of(name: str) -> list[Entry]:
    """The journal of one of these, anew."""
    entries: list[Entry] = json.loads(_journal_text(name))
    return entries


def found_in(entries: list[Entry], path: Path, **known: Any) -> Findings:
    """What the entries show, as a file."""
    return findings_of(write_lines(path / "log.jsonl", entries), **known)


def events_of(entries: list[Entry], kind: str, **fields: str) -> list[Entry]:
    """The pushes of events of a kind with these fields in statusInfo."""
    found = []
    for entry in entries:
        if entry["kind"] != "call_event":
            continue
        body = json.loads(entry["body"])
        info = body["statusInfo"]
        if body["eventType"] == kind and all(info.get(name) == value for name, value in fields.items()):
            found.append(entry)
    return found


def change_body(entry: Entry, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the body of an entry."""
    body = json.loads(entry["body"])
    change(body)
    entry["body"] = json.dumps(body)
    entry["body_bytes"] = len(entry["body"].encode())


def reach(entries: list[Entry], session: str, to: str) -> None:
    """Let a call reach somebody else, by its events and its CDR."""
    for entry in entries:
        if entry["kind"] in ("call_event", "cdr"):
            change_body(entry, lambda body: _reach(body, session, to))


def _reach(body: dict[str, Any], session: str, to: str) -> None:
    info: Mapping[str, Any] = body.get("statusInfo") or {}
    if info.get("sessionId") == session and body["eventType"] in ("callout", "alerting", "answer", "disconnect"):
        body["statusInfo"]["called"] = to
    for fee in body.get("feeLst") or ():
        if fee["sessionId"] == session:
            fee["fwdDstNum"] = to


def see(entries: list[Entry], session: str, display: str) -> None:
    """Let the callee of a call see another number, by its events and its CDR."""

    def change(body: dict[str, Any]) -> None:
        for fee in body.get("feeLst") or ():
            if fee["sessionId"] == session:
                fee["fwdDisplayNum"] = display

    for entry in entries:
        if entry["kind"] == "cdr":
            change_body(entry, change)


def calls_of(entries: list[Entry], caller: str, called: str | None = None) -> list[str]:
    """The sessionId of each call of somebody."""
    given = {"caller": caller} | ({} if called is None else {"called": called})
    return [json.loads(entry["body"])["statusInfo"]["sessionId"] for entry in events_of(entries, "callin", **given)]
