from __future__ import annotations

import re

import pytest

from privnum import contracts
from privnum.mockserver.control import quickstart
from privnum.mockserver.control.start import Start
from privnum.mockserver.modes import registry
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import EDGE_MS, signed_headers


@pytest.mark.parametrize("mode", [name for name, mode in registry.modes().items() if mode.example.bind])
def test_what_is_printed_of_each_mode_is_its_first_bind(mode: str) -> None:
    """Path, query string and body as they stand there, signed for the application that is listed."""
    platform = Platform()
    world = platform.create_world({"applications": quickstart.applications("inbox:", "inbox:")})
    apps = [app.view() for app in world.applications.values()]
    text = quickstart.overview("http://127.0.0.1:8080", apps, ("inbox:", "inbox:"), Start(1))
    app = next(app for app in world.applications.values() if app.mode == mode)
    path = contracts.operations()[f"{mode.lower()}.bind"].path
    found = re.search(rf"POST (\{{.*?\}}) to http://127.0.0.1:8080({re.escape(path)})\??([^;]*);", text)
    if found is None:  # the first mode is printed as a command
        found = re.search(rf"()({re.escape(path)})()", text)
        assert found is not None
        body = re.search(r"-d '(\{\"callerNum.*?\})'", text)
        assert body is not None
        sent, query = body[1], ""
    else:
        sent, query = found[1], found[3]
    answer = platform.handle(
        "POST", path, query, signed_headers(app), sent.encode(), client="10.0.0.1", edge_now_ms=EDGE_MS
    )
    assert answer.status == 200, answer.body


def test_the_first_call_of_x_is_connected() -> None:
    """As it is printed: nothing is bound, and the built-in inbox answers."""
    platform = Platform()
    world = platform.create_world({"applications": quickstart.applications("inbox:", "inbox:")})
    apps = [app.view() for app in world.applications.values()]
    text = quickstart.overview("http://127.0.0.1:8080", apps, ("inbox:", "inbox:"), Start(1))
    found = re.search(r"With the X application nothing is bound: call (\S+);\n.*connects the caller to (\S+)", text)
    assert found is not None
    call = world.place_call({"caller": "+8613800000001", "called": found[1]})
    assert call.forwarded_to == found[2]
