"""Ways to edit a recorded session."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from privnum.suites.transport.client import digest_of, read_token
from tests.suites.log.session import C

Entries = list[dict[str, Any]]
Edit = Callable[[Entries, Mapping[str, str]], None]
"""Edits entries; the secrets are by app_key."""


SUCCESS = {"resultcode": "0", "resultdesc": "Success"}


def at(entries: Entries, number: int) -> dict[str, Any]:
    """The entry of that number in the session."""
    return entries[number - 1]


def load(entry: Mapping[str, Any], part: str) -> dict[str, Any]:
    """A body or answer of an entry."""
    found: dict[str, Any] = json.loads(entry[part])
    return found


def store(entry: dict[str, Any], part: str, value: object) -> None:
    """Put a body or answer into an entry."""
    entry[part] = json.dumps(value)
    if part == "body":
        entry["body_bytes"] = len(entry["body"].encode())


def change_field(number: int, part: str, path: str, value: object) -> Edit:
    """An edit of one field ("statusInfo.called", "feeLst.0.bindNum"); None takes it out."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        entry = at(entries, number)
        whole = load(entry, part)
        *before, last = path.split(".")
        place: Any = whole
        for step in before:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
        store(entry, part, whole)

    return edit


def with_fields(number: int, **fields: Any) -> Edit:
    """An edit of fields of the entry itself."""
    return lambda entries, _secrets: at(entries, number).update(fields)


def accept_request(number: int, answer: Mapping[str, Any], **body: Any) -> Edit:
    """A request that was refused is accepted, maybe with another body."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        entry = at(entries, number)
        entry.update(status=200, accepted=True)
        store(entry, "answer", {**SUCCESS, **answer})
        if body:
            store(entry, "body", {**load(entry, "body"), **body})

    return edit


def refuse_request(number: int, code: str, status: int = 403) -> Edit:
    """A request that was carried out is refused."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        at(entries, number).update(status=status, accepted=False)
        store(at(entries, number), "answer", {"resultcode": code, "resultdesc": "No."})

    return edit


def header(number: int, name: str, old: str, new: str) -> Edit:
    """An edit of a header's value."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        headers = at(entries, number)["headers"]
        for pair in headers:
            if pair[0].lower() == name:
                assert old in pair[1]
                pair[1] = pair[1].replace(old, new)

    return edit


def signed_in_2001(entries: Entries, secrets: Mapping[str, str]) -> None:
    """A request signed rightly, long ago."""
    for pair in at(entries, 1)["headers"]:
        if pair[0].lower() == "x-aksk":
            given = dict(read_token(pair[1]))
            created = "2001-01-01T00:00:00Z"
            digest = digest_of("aksk", given["Nonce"], created, secrets[given["Username"]])
            pair[1] = pair[1].replace(given["Created"], created).replace(given["PasswordDigest"], digest)


def without(number: int) -> Edit:
    """An entry is not there; the others close up."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        del entries[number - 1]
        _count(entries)

    return edit


def repeat_entry(number: int, behind: int, *, times: int = 1, seconds: int = 0, **fields: Any) -> Edit:
    """An entry comes again, with the time of the one behind which it stands, or later."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        base = at(entries, behind)
        at(entries, number).update(fields)
        for turn in range(times):
            again = {**copy.deepcopy(at(entries, number)), **fields}
            again.update(at=base["at"], world_time=later(base["world_time"], seconds * (turn + 1)))
            entries.insert(behind + turn, again)
        _count(entries)

    return edit


def call_again(behind: int, sub: int, when: str) -> Edit:
    """The first call comes once more, by the binding of another request, at a later time."""

    def edit(entries: Entries, _secrets: Mapping[str, str]) -> None:
        named = load(at(entries, sub), "answer")["subscriptionId"]
        first = load(at(entries, 6), "body")["statusInfo"]["subscriptionId"]
        copies = []
        for number in (6, 7):
            again = copy.deepcopy(at(entries, number))
            again.update(world_time=f"2026-03-01T{when}Z")
            body = again["body"].replace(first, named).replace("1200_1777", "1200_9999")
            again["body"] = body.replace("2026-03-01 00:00:00", f"2026-03-01 {when}")
            copies.append(again)
        entries[behind:behind] = copies
        _count(entries)

    return edit


def forward_call(entries: Entries, _secrets: Mapping[str, str]) -> None:
    """The call that callDirection forbids is put through."""
    callout = copy.deepcopy(at(entries, 18))
    body = load(callout, "body")
    body["eventType"] = "callout"
    sub = load(at(entries, 3), "answer")["subscriptionId"]
    body["statusInfo"].update(called=C, subscriptionId=sub)
    body["statusInfo"].pop("userData", None)
    store(callout, "body", body)
    for number in (18, 19, 20):
        entry = at(entries, number)
        parts = load(entry, "body")
        info = parts.get("statusInfo") or parts["feeLst"][0]
        info["subscriptionId"] = sub
        store(entry, "body", parts)
    entries.insert(18, callout)
    _count(entries)


def stop_ended_call(entries: Entries, _secrets: Mapping[str, str]) -> None:
    """A call that has ended is stopped."""
    session = load(at(entries, 6), "body")["statusInfo"]["sessionId"]
    stop = copy.deepcopy(at(entries, 22))
    stop.update(path="/rest/httpsessions/callStop/v2.0", method="POST", operation="common.stop_call")
    store(stop, "body", {"sessionid": session, "signal": "call_stop"})
    entries.insert(22, stop)
    _count(entries)


def later(time: str, seconds: int) -> str:
    """A time so many seconds later."""
    return (datetime.fromisoformat(time) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _count(entries: Entries) -> None:
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number


def cdr(number: int, field: str, value: object) -> Edit:
    """An edit of a field of a CDR."""
    return change_field(number, "body", f"feeLst.0.{field}", value)


def event(number: int, field: str, value: object) -> Edit:
    """An edit of a field of a call event."""
    return change_field(number, "body", f"statusInfo.{field}", value)


def together(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(entries: Entries, secrets: Mapping[str, str]) -> None:
        for each in edits:
            each(entries, secrets)

    return edit
