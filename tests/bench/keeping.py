"""What calls leave behind in a server, and what a control message costs beside many worlds."""

from __future__ import annotations

import gc
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from privnum.mockserver.core.history import KEPT
from privnum.mockserver.embed.direct import DirectServer

from .servers import BIND_PATH, Running, control, privnum_server, signed_headers

A, B, X = "+8613800000001", "+8613900000002", "+8617000000001"
APPLICATION = {"mode": "AXB", "numbers": [X], "event_url": "inbox:", "fee_url": "inbox:"}
#: Control messages of one round.
MESSAGES = 400


def calls(count: int) -> dict[str, Any]:
    """Resident memory of a new process whose one world has had so many answered calls, all of them over.

    It keeps the last KEPT calls, and as many pushes: `bytes_per_kept_call` is what a call and a push have made it grow
    by when so many are kept, `ratio_full_to_end` its size a while later to its size at the end: 1 where it grows no
    more.
    """
    done = subprocess.run([sys.executable, "-m", __name__, str(count)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _have_calls(count: int) -> dict[str, Any]:
    server = DirectServer()
    made = _send(server, "/worlds", {"id": "w", "applications": [APPLICATION]})["applications"][0]
    users = json.dumps({"callerNum": A, "calleeNum": B, "relationNum": X}).encode()
    signature = list(signed_headers(made["app_key"], made["app_secret"]).items())
    status, _, body = server.request("POST", f"/w/w{BIND_PATH}", headers=signature, body=users)
    if status != 200:
        raise RuntimeError(body.decode())
    call = {"caller": A, "called": X, "callee": {"behaviour": "answer", "hang_up_after": 1}}
    sizes: dict[int, int] = {}
    for n in range(count + 1):
        _send(server, "/worlds/w/calls", call)
        _send(server, "/worlds/w/clock", {"advance_seconds": 10})
        if n in (0, KEPT, 2 * KEPT, count):
            sizes[n] = _own_rss()
    return {
        "calls": count,
        "kept": KEPT,
        "bytes_per_kept_call": (sizes[KEPT] - sizes[0]) / KEPT,
        "grown_later": sizes[count] - sizes[2 * KEPT],
        "ratio_full_to_end": sizes[2 * KEPT] / sizes[count],
    }


def _send(server: DirectServer, path: str, message: dict[str, Any]) -> Any:
    status, _, body = server.request("POST", f"/_privnum{path}", body=json.dumps(message).encode())
    if status >= 300:
        raise RuntimeError(body.decode())
    return json.loads(body)


def _own_rss() -> int:
    gc.collect()
    return Running(0, os.getpid()).rss


def beside_worlds(count: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of a control message to a server with one world, and to one with so many; median of the ratios."""
    with privnum_server() as one, privnum_server() as many:
        for server, worlds in ((one, 1), (many, count)):
            for n in range(worlds):
                spec = {"id": f"w{n}", "clock": {"mode": "running"}, "applications": [APPLICATION]}
                control(server.port, "POST", "/worlds", spec)
        times = [(_message_ms(one), _message_ms(many)) for _ in range(rounds)]
    return {
        "worlds": count,
        "one_ms": statistics.median(first for first, _ in times),
        "many_ms": statistics.median(second for _, second in times),
        "ratio_one_to_many": statistics.median(first / second for first, second in times),
    }


def _message_ms(server: Running) -> float:
    """The median of calls that are placed, clocks that are set and worlds that are looked at, over one connection."""
    call, headers = json.dumps({"caller": A, "called": X}), {"Content-Type": "application/json"}
    messages = (
        ("POST", "/_privnum/worlds/w0/calls", call),
        ("POST", "/_privnum/worlds/w0/clock", '{"advance_seconds":1}'),
        ("GET", "/_privnum/worlds/w0", None),
    )
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times = []
    for _ in range(MESSAGES // len(messages)):
        begin = time.perf_counter()
        for method, path, body in messages:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status >= 300:
                raise RuntimeError(told.decode())
        times.append((time.perf_counter() - begin) / len(messages))
    connection.close()
    return statistics.median(times) * 1000


if __name__ == "__main__":
    print(json.dumps(_have_calls(int(sys.argv[1]))))
