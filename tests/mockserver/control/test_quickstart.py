from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.mockserver.control import quickstart
from privnum.mockserver.control.start import Start
from privnum.mockserver.modes import registry
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import EDGE_MS, signed_headers

if TYPE_CHECKING:
    from pathlib import Path


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


def test_the_commands_run_nothing_that_a_file_says(tmp_path: Path) -> None:
    """Key, secret, address and token reach curl as they are."""
    evil = f"k'\"$(touch${{IFS}}{tmp_path}/ran)`touch${{IFS}}{tmp_path}/ran`\\"
    first = next(iter(registry.modes()))
    apps = [{"mode": first, "app_key": evil, "app_secret": evil, "numbers": ["+8617000000001"]}]
    text = quickstart.overview("http://h;ls", apps, ("inbox:", "inbox:"), Start(1, token="t'$(ls)"))
    commands = text[text.index("  N=$(openssl") : text.index("Open http")].replace(_PROSE, "")
    words = "curl() { printf '%s\\0' \"$@\"; }\n"
    done = subprocess.run(["bash", "-c", words + commands], cwd=tmp_path, capture_output=True, text=True, check=True)
    given = done.stdout.split("\0")
    assert any(word.startswith(f'X-AKSK: UsernameToken Username="{evil}",PasswordDigest="') for word in given)
    assert sum(word.startswith("http://h;ls/") for word in given) == 4
    assert given.count("Authorization: Bearer t'$(ls)") == 3
    assert list(tmp_path.iterdir()) == []
    assert done.stderr == ""


_PROSE = "Let one of them call it, half a minute pass, and look at what was pushed:"
