"""Logs for tests: a session of all five modes on the embedded server, as its journal has it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import RequestRefused
from privnum.suites.log.applications import Applications
from privnum.suites.log.examine import examine
from privnum.suites.log.reading import read_log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.suites.log.findings import Findings

Entry = dict[str, Any]

A, B, C, D = "+8613800000001", "+8613900000002", "+8613700000003", "+8613600000004"
SESSION_SECONDS = 600
CUSTOMER = "http://127.0.0.1:9/pushes"


def take(_url: str, _headers: list[tuple[str, str]], content: bytes) -> tuple[int, bytes]:
    """A customer who takes every push, and connects calls of X to B."""
    info = json.loads(content).get("statusInfo") or {}
    if info.get("notifyMode") != "Block":
        return 200, b""
    return 200, json.dumps({"operation": "connect", "connectInfo": {"calleeNum": B, "userData": "order-9"}}).encode()


def entries_of(world: WorldHandle, *, form: str = "json") -> Any:
    """The whole journal of a world, with digests."""
    answer = world._control("GET", f"/journal?secrets=shown&format={form}")
    return answer["entries"] if form == "json" else answer


def session(*, lenient: bool = False, **spec: Any) -> tuple[list[Entry], dict[str, str]]:
    """The entries of a session of every mode, and the secrets by app_key.

    Where `lenient`, a server that refuses a step, or takes one, otherwise than ours ends the part of that mode.
    """
    with DirectServer(customer=take).world(**spec) as world:
        _play(world, lenient=lenient)
        secrets = {app.app_key: app.app_secret for app in world.applications}
        return entries_of(world), secrets


@cache
def plain_session() -> tuple[str, Mapping[str, str]]:
    """The same, made once; as JSON, so that nobody changes it."""
    entries, secrets = session()
    return json.dumps(entries), secrets


def har_session() -> tuple[dict[str, Any], dict[str, str]]:
    """A session as the HAR file of the journal."""
    with DirectServer(customer=take).world() as world:
        _play(world)
        return entries_of(world, form="har"), {app.app_key: app.app_secret for app in world.applications}


def _play(world: WorldHandle, *, lenient: bool = False) -> None:
    world.send_pushes_to(CUSTOMER)
    world.send_sms_notices_to(CUSTOMER)
    for play in (_play_axb, _play_ax, _play_axe, _play_axyb, _play_x):
        try:
            play(world)
        except (RequestRefused, pytest.fail.Exception):
            if not lenient:
                raise
    world.advance(SESSION_SECONDS)
    world.axb.query(relationNum=world.axb.numbers[0])
    _talk(world, A, world.axb.numbers[0])
    world.advance(SESSION_SECONDS)
    world.axb.query(relationNum=world.axb.numbers[0])


def _talk(world: WorldHandle, caller: str, dialled: str, **fields: Any) -> None:
    world.call(caller, dialled, hang_up_after=10, **fields)
    world.advance(20)


def _expect_refusal(ask: Callable[..., object], *given: str, **fields: str) -> None:
    with pytest.raises(RequestRefused):
        ask(*given, **fields)


def _play_axb(world: WorldHandle) -> None:
    app, x = world.axb, world.axb.numbers[0]
    bound = app.bind(A, B, x, userData="order-42", maxDuration=5)
    _expect_refusal(app.bind, A, C, x)  # A is on X already
    app.bind(C, D, x, callDirection=1)
    short = app.bind(D, A, app.numbers[1], duration=60)
    app.query(subscriptionId=bound["subscriptionId"])
    _talk(world, A, x)
    _talk(world, B, x)
    _talk(world, D, x)  # callDirection 1: refused
    world.send_sms(A, x, "on my way")
    world.advance(5)
    app.modify(bound["subscriptionId"], callDirection=2, userData="order-43")
    app.query(subscriptionId=bound["subscriptionId"])
    world.advance(120)
    _expect_refusal(app.query, subscriptionId=short["subscriptionId"])  # expired
    app.unbind(subscriptionId=bound["subscriptionId"])
    _expect_refusal(app.query, subscriptionId=bound["subscriptionId"])
    app.unbind(relationNum=x)
    app.bind(A, C, x)


def _play_ax(world: WorldHandle) -> None:
    app, x = world.ax, world.ax.numbers[0]
    bound = app.bind(A, x, userData="order-7")
    _expect_refusal(app.bind, B, x)  # X has an A
    app.query(subscriptionId=bound["subscriptionId"])
    _talk(world, C, x)
    app.set_callee(bound["subscriptionId"], D)
    _talk(world, A, x)
    app.unbind(subscriptionId=bound["subscriptionId"])
    app.bind(B, x)


def _play_axe(world: WorldHandle) -> None:
    app, x = world.axe, world.axe.numbers[0]
    bound = app.bind(A, x, bindExpiredTime=24, userData="order-8")
    app.query(subscriptionId=bound["subscriptionId"])
    _talk(world, B, x, digits=bound["extendNum"])
    _talk(world, A, x)
    app.unbind(subscriptionId=bound["subscriptionId"])


def _play_axyb(world: WorldHandle) -> None:
    app = world.axyb
    bound = app.bind(A, "0755", duration=3600, areaMatchMode="1")
    sub = bound["subscriptionId"]
    other = app.bind_b(B, sub)
    app.query(subscriptionId=sub)
    _talk(world, B, bound["relationNumber"])
    _talk(world, A, other["relationNumber"])
    app.unbind(subscriptionId=sub)
    _expect_refusal(app.query, subscriptionId=sub)


def _play_x(world: WorldHandle) -> None:
    _talk(world, A, world.x.numbers[0])


def write_lines(path: Path, entries: Sequence[Mapping[str, Any]]) -> Path:
    """Write entries as JSON lines."""
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return path


def findings_of(path: Path, secrets: Mapping[str, str] = {}, **known: Any) -> Findings:
    """What a file shows."""
    return examine(read_log(path), Applications(secrets), known)


def places_of_breaches(findings: Findings) -> dict[str, list[tuple[int, ...]]]:
    """The places of breaches, by rule."""
    return {rule: [breach.lines for breach in found] for rule, found in findings.broken.items()}
