"""Kills a server under load so many times, and holds it against what it had acknowledged: python -m tests.kills 100."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.ids import Ids
from tests.bench.servers import control, free_port, wait_for
from tests.kills.load import Acknowledged, Load
from tests.kills.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seed of the server: by it the nonce of an attempt is known.
_SEED = 7
#: Inputs behind which the server makes an image: few, so that some kills strike while it does, and so many that most
#: pushes that were called delivered are known by the log alone.
_EVERY = 2000
#: Milliseconds of load before a kill.
_LOAD_MS = (30, 500)
_DEFAULT = "/worlds/default"


class Server:
    """A server with a state file, started again behind each kill."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.port = free_port()
        urls = ("--event-url", f"{receiver.url}/events", "--fee-url", f"{receiver.url}/fee")
        place = ("--state", str(folder / "kills.state"), "--port", str(self.port), "--seed", str(_SEED))
        options = ("--keep", "0", "--json", "--quiet", *place, *urls)
        self._command = (sys.executable, "-m", "tests.kills.server", str(_EVERY), *options)
        self._process: subprocess.Popen[str] | None = None
        self.said: dict[str, Any] = {}

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.said = json.loads(self._process.stdout.readline() or "{}")
        wait_for(self.port, "/_privnum/health")

    def kill(self) -> None:
        """End it without notice."""
        assert self._process
        self._process.kill()
        self._process.communicate(timeout=30)

    def stop(self) -> int:
        """End it; return its status."""
        assert self._process
        self._process.terminate()
        self._process.communicate(timeout=30)
        return self._process.returncode


def run(kills: int, seed: int = 0) -> dict[str, int]:
    """Kill a server so many times; return what was counted.

    Raises:
        AssertionError: something that was acknowledged is lost, or was pushed twice.
    """
    draws, known, numbers, receiver = random.Random(seed), Acknowledged(), itertools.count(), Receiver()
    final: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), receiver)
        server.start()
        control(server.port, "POST", f"{_DEFAULT}/clock", {"mode": "running", "rate": 60})
        app = next(each for each in server.said["applications"] if each["mode"] == "AXB")
        for _ in range(kills):
            load = Load(server.port, app, known, numbers)
            load.start()
            time.sleep(draws.randint(*_LOAD_MS) / 1000)  # what is struck is to be another place each time
            server.kill()
            load.join()
            assert not load.errors, load.errors
            _count_delivered(known, receiver, final)
            server.start()
            _check(server.port, known)
        again = _wait_for_pushes(server.port, receiver, known)
        twice = [nonce for nonce, times in final.items() if receiver.taken[nonce] > times]
        assert not twice, f"{len(twice)} pushes that were acknowledged were sent again"
        assert server.stop() == 0
        server.start()
        _check(server.port, known)
        assert server.stop() == 0
    receiver.stop()
    return {
        "kills": kills,
        "bindings": len(known.bound),
        "unbound": len(known.gone),
        "calls": len(known.calls),
        "pushes": len(receiver.taken),
        "delivered_before_a_kill": len(final),
        "sent_again": again,
    }


def _pages(port: int, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = control(port, "GET", f"{_DEFAULT}/{what}?limit=1000{after}")
        found += page[what]
        if not page.get("next"):
            return found
        after = f"&after={page['next']}"


def _check(port: int, known: Acknowledged) -> None:
    """Hold the state against the clients' record."""
    there = {each["id"] for each in _pages(port, "bindings")}
    lost, back = known.bound.keys() - there, known.gone & there
    assert not lost, f"{len(lost)} bindings that were acknowledged are lost, such as {min(lost)}"
    assert not back, f"{len(back)} unbinds that were acknowledged are undone, such as {min(back)}"
    for unsure in tuple(known.unsure):  # whichever: it was not acknowledged
        known.unsure.discard(unsure)
        if unsure not in there:
            known.gone.add(unsure)
    calls = known.calls - {each["id"] for each in _pages(port, "calls")}
    assert not calls, f"{len(calls)} calls that were acknowledged are lost, such as {min(calls)}"


def _nonces(pushes: Iterable[str]) -> set[str]:
    ids = Ids(f"{_SEED}/default")
    return {ids.nonce(push, 1) for push in pushes}


def _count_delivered(known: Acknowledged, receiver: Receiver, final: dict[str, int]) -> None:
    """Note how often each push has come that an answer has called delivered before the kill: it is to come no more."""
    delivered = _nonces(known.delivered)
    assert delivered <= receiver.taken.keys(), "a push was called delivered that had never come"
    for nonce in delivered:
        final.setdefault(nonce, receiver.taken[nonce])


def _wait_for_pushes(port: int, receiver: Receiver, known: Acknowledged) -> int:
    """Return, once every call is over and all pushes are delivered, how many came twice."""
    deadline = time.monotonic() + 60
    while control(port, "GET", f"{_DEFAULT}/pushes?state=pending&limit=1")["pushes"] or any(
        each["state"] != "ended" for each in control(port, "GET", f"{_DEFAULT}/calls?last=100")["calls"]
    ):
        assert time.monotonic() < deadline, "the pushes do not come to an end"
        time.sleep(0.05)
    pushes = _pages(port, "pushes")
    missing = {each["id"] for each in pushes if each["state"] != "delivered"}
    assert not missing, f"{len(missing)} pushes were given up"
    assert _nonces({each["id"] for each in pushes}) <= receiver.taken.keys() | _later(pushes)
    calls = {each["id"] for each in _pages(port, "calls")}
    assert known.calls <= calls
    return sum(times - 1 for times in receiver.taken.values())


def _later(pushes: list[dict[str, Any]]) -> set[str]:
    """The nonces of first attempts of pushes that came with a later one: the first found no receiver."""
    return _nonces({each["id"] for each in pushes if len(each["attempts"]) > 1})


def main() -> int:
    """Run it, and print what was counted."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    began = time.monotonic()
    found = run(given.kills, given.seed)
    sys.stdout.write(json.dumps({**found, "seconds": round(time.monotonic() - began)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
