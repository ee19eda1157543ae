"""One server with a state file, killed again and again under load."""

from __future__ import annotations

import itertools
import random
import tempfile
import time
from pathlib import Path

from tests.bench.servers import control
from tests.kills.checks import World
from tests.kills.load import Acknowledged, Load
from tests.kills.process import Server
from tests.kills.receiver import Receiver

#: Milliseconds of load before a kill.
_LOAD_MS = (30, 500)


def run(kills: int, seed: int = 0) -> dict[str, int]:
    """Kill a server this many times; return what was counted.

    Raises:
        AssertionError: something that was acknowledged is lost, or was pushed twice.
    """
    draws, known, numbers, receiver = random.Random(seed), Acknowledged(), itertools.count(), Receiver()
    urls = ("--event-url", f"{receiver.url}/events", "--fee-url", f"{receiver.url}/fee")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(str(Path(folder) / "kills.state"), *urls)
        server.start()
        world = World(server.port, "default", known, receiver)
        control(server.port, "POST", "/worlds/default/clock", {"mode": "running", "rate": 60})
        app = next(each for each in server.said["applications"] if each["mode"] == "AXB")
        for _ in range(kills):
            load = Load(server.port, app, known, numbers)
            load.start()
            time.sleep(draws.randint(*_LOAD_MS) / 1000)  # what is struck is to be another place each time
            server.kill()
            load.join()
            assert not load.errors, load.errors
            server.start()
            world.check()
        late = world.wait_for_pushes()
        world.check_delivered()
        assert server.stop() == 0
        server.start()
        world.check()
        assert server.stop() == 0
    receiver.stop()
    assert receiver.sent_as_two() <= late
    return {
        "kills": kills,
        "bindings": len(known.bound),
        "unbound": len(known.gone),
        "calls": len(known.calls),
        "pushes": len(receiver.taken),
        "delivered_before_a_kill": len(world.final),
        "sent_again": sum(times - 1 for times in receiver.taken.values()),
    }
