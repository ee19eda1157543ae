"""In process: the AXB machine beside the same machine with empty rules, and thirty days of calls."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import orjson

from privnum.mockserver.pushes.outcomes import Outcome
from privnum.mockserver.pushes.pump import settle
from privnum.mockserver.worlds.platform import Platform

from .servers import BIND_PATH, signed_headers

PAIRS_PER_X = 100
DAYS = 30
REFUSALS = 6


class Customer:
    """An in-memory customer that refuses one push in a hundred, six times each, and takes its last repeat."""

    def __init__(self) -> None:
        self.attempts = 0
        self.refusals: dict[str, int] = {}
        self._first_pushes = 0

    def __call__(self, push: Any) -> Outcome:
        """Answer a push, after its headers were signed as they would be for a socket."""
        self.attempts += 1
        push.headers(0)
        refused = self.refusals.get(push.id)
        if refused is None:
            self._first_pushes += 1
            if self._first_pushes % 100:
                return Outcome("200")
            refused = 0
        if refused == REFUSALS:
            return Outcome("200")
        self.refusals[push.id] = refused + 1
        return Outcome("500")


def thirty_days(bindings: int) -> dict[str, Any]:
    """Seconds for thirty days with a call for each binding, and 1 % of the pushes refused six times."""
    platform = Platform(seed=1)
    x_count = bindings // PAIRS_PER_X
    world = platform.create_world(
        {
            "id": "days",
            "applications": [
                {
                    "mode": "AXB",
                    "app_key": "days",
                    "app_secret": "days",
                    "numbers": [f"+86170{i:08d}" for i in range(x_count)],
                    "event_url": "http://127.0.0.1:9/events",
                    "fee_url": "http://127.0.0.1:9/fee",
                }
            ],
        }
    )
    headers = [(name.lower().encode(), value.encode()) for name, value in signed_headers("days", "days").items()]
    edge = int(datetime.now(UTC).timestamp() * 1000)
    customer = Customer()
    start_ms, step_ms = world.now_ms, DAYS * 86_400_000 // bindings
    begin = time.perf_counter()
    for n in range(bindings):
        body = orjson.dumps(
            {"callerNum": f"+86138{n:08d}", "calleeNum": f"+86139{n:08d}", "relationNum": f"+86170{n % x_count:08d}"}
        )
        answer = platform.handle("POST", BIND_PATH, "", headers, body, client="127.0.0.1", edge_now_ms=edge)
        if answer.status != 200:
            raise RuntimeError(answer.body.decode())
    bound = time.perf_counter()
    for n in range(bindings):
        settle(world, customer, start_ms + n * step_ms)
        world.place_call(
            {
                "caller": f"+86138{n:08d}",
                "called": f"+86170{n % x_count:08d}",
                "callee": {"behaviour": "answer", "hang_up_after": 60},
            }
        )
    settle(world, customer, start_ms + DAYS * 86_400_000)
    end = time.perf_counter()
    return {
        "bindings": bindings,
        "seconds": end - begin,
        "binding_seconds": bound - begin,
        "push_attempts": customer.attempts,
        "refused_pushes": len(customer.refusals),
        "refusals": sum(customer.refusals.values()),
    }
