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


#: Seconds of world time over which the calls of `ten_hours` are spread, and how often the size is looked at.
TEN_HOURS = 36_000
LOOKS = 10


def calls(count: int) -> dict[str, Any]:
    """Resident memory of a new process whose one world has had so many answered calls, all of them over.

    It keeps the last KEPT calls, and as many pushes: `bytes_per_kept_call` is what a call and a push have made it grow
    by when so many are kept, `ratio_full_to_end` its size a while later to its size at the end: 1 where it grows no
    more.
    """
    return _in_new_process("calls", count)


def ten_hours(count: int) -> dict[str, Any]:
    """Resident memory of a new process whose one world has so many answered calls in ten hours of world time.

    They are placed through the control plane in process, those of a second together, and the clock goes on second by
    second; so nothing is left out but sockets. `sizes` has the bytes at each tenth, `ratio_half_to_highest` what was
    there after five hours to the most of the five after: 1 where it grows no more.
    """
    return _in_new_process("ten_hours", count)


def _in_new_process(what: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, what, str(count)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _server_with_pair() -> DirectServer:
    """Return a server with one world `w`, in which A and B are bound on X."""
    server = DirectServer()
    made = _send(server, "/worlds", {"id": "w", "applications": [APPLICATION]})["applications"][0]
    users = json.dumps({"callerNum": A, "calleeNum": B, "relationNum": X}).encode()
    signature = list(signed_headers(made["app_key"], made["app_secret"]).items())
    status, _, body = server.request("POST", f"/w/w{BIND_PATH}", headers=signature, body=users)
    if status != 200:
        raise RuntimeError(body.decode())
    return server


CALL = {"caller": A, "called": X, "callee": {"behaviour": "answer", "hang_up_after": 1}}


def _have_ten_hours(count: int) -> dict[str, Any]:
    server, placed = _server_with_pair(), 0
    sizes: list[int] = []
    began = time.process_time()
    for second in range(1, TEN_HOURS + 1):
        due = count * second // TEN_HOURS
        for _ in range(due - placed):
            _send(server, "/worlds/w/calls", CALL)
        placed = due
        _send(server, "/worlds/w/clock", {"advance_seconds": 1})
        if second % (TEN_HOURS // LOOKS) == 0:
            sizes.append(_own_rss())
    half, later = sizes[LOOKS // 2 - 1], max(sizes[LOOKS // 2 :])
    return {
        "calls": placed,
        "cpu_seconds": time.process_time() - began,
        "sizes": sizes,
        "half_mb": half / 1e6,
        "highest_mb": later / 1e6,
        "ratio_half_to_highest": half / later,
    }


def _have_calls(count: int) -> dict[str, Any]:
    server = _server_with_pair()
    sizes: dict[int, int] = {}
    for n in range(count + 1):
        _send(server, "/worlds/w/calls", CALL)
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
    run = {"calls": _have_calls, "ten_hours": _have_ten_hours}[sys.argv[1]]
    print(json.dumps(run(int(sys.argv[2]))))
