"""In process, in virtual time: a call with its five events and its CDR, and an SMS with its notice.

An in-memory customer takes every push, after its headers were signed as they would be for a socket.
"""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from privnum.mockserver.pushes.outcomes import Outcome
from privnum.mockserver.pushes.pump import settle
from privnum.mockserver.worlds.platform import Platform
from privnum.mockserver.worlds.sms import write_sms

from .servers import BIND_PATH, signed_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.worlds.world import World

A, B, X = "+8613800000001", "+8613900000002", "+8617000000001"
NOWHERE = "http://127.0.0.1:9/"
EDGE_MS = 1_790_000_000_000
#: Seconds of world time that a call takes, and in which its CDR is collected.
LONG_ENOUGH_MS = 60_000


class Customer:
    """Takes every push, and keeps what came last."""

    def __init__(self) -> None:
        self.pushes: list[Any] = []

    def __call__(self, push: Any) -> Outcome:
        """Answer a push."""
        push.headers(EDGE_MS)
        self.pushes.append(push)
        return Outcome("200")


def measure(rounds: int, count: int) -> dict[str, Any]:
    """Milliseconds of each flow, the median round, and its ratio to the reference in the same round.

    reference  the flow's pushes, made once, only put into JSON and signed again: what no server could leave out
    """
    flows = {"call": _call, "sms": _sms}
    found: dict[str, Any] = {}
    for name, flow in flows.items():
        world, customer = _world_with_pair(), Customer()
        flow(world, customer)  # what is made once
        customer.pushes.clear()
        flow(world, customer)
        pushes = list(customer.pushes)
        pairs = []
        for _ in range(rounds):
            customer.pushes.clear()
            whole = _milliseconds(count, partial(flow, world, customer))
            pairs.append((whole, _milliseconds(count, partial(_write_again, pushes))))
        found[f"{name}_ms"] = statistics.median(whole for whole, _ in pairs)
        found[f"{name}_pushes"] = len(pushes)
        found[f"{name}_ratio"] = statistics.median(reference / whole for whole, reference in pairs)
    return found


def _milliseconds(count: int, act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        act()
    return (time.perf_counter() - begin) * 1000 / count


def _world_with_pair() -> World:
    """A world with a pair on an X."""
    platform = Platform(seed=1)
    urls = {f"{kind}_url": NOWHERE + kind for kind in ("event", "fee", "sms_notify", "sms_control")}
    application = {"mode": "AXB", "app_key": "flow", "app_secret": "flow", "numbers": [X], **urls}
    world = platform.create_world({"id": "flow", "applications": [application]})
    headers = [(name.lower().encode(), value.encode()) for name, value in signed_headers("flow", "flow").items()]
    body = orjson.dumps({"callerNum": A, "calleeNum": B, "relationNum": X})
    edge_ms = int(time.time() * 1000)
    answer = platform.handle("POST", BIND_PATH, "", headers, body, client="127.0.0.1", edge_now_ms=edge_ms)
    if answer.status != 200:
        raise RuntimeError(answer.body.decode())
    return world


def _call(world: World, customer: Customer) -> None:
    world.place_call({"caller": A, "called": X, "callee": {"behaviour": "answer", "hang_up_after": 20}})
    settle(world, customer, world.now_ms + LONG_ENOUGH_MS)


def _sms(world: World, customer: Customer) -> None:
    write_sms(world, {"from": A, "to": X, "text": "the parcel is at the door"})
    settle(world, customer, world.now_ms + LONG_ENOUGH_MS)


def _write_again(pushes: list[Any]) -> None:
    for push in pushes:
        orjson.dumps(orjson.loads(push.body))
        push.headers(EDGE_MS)
