"""docs/state.md: its session prints what it shows."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.docs.shown import page, run_in_shell, session
from tests.mockserver.http.test_command import serving

if TYPE_CHECKING:
    from pathlib import Path

STARTS = "privnum serve --state lab.state --seed 7 --clock frozen"


def test_the_session_prints_what_the_page_shows(tmp_path: Path) -> None:
    commands, shown = session(page("docs/state.md"))
    assert commands[0] == STARTS
    options = ("--state", str(tmp_path / "lab.state"), "--seed", "7", "--clock", "frozen")
    with serving("--port", "0", *options) as (process, _):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    done = run_in_shell("\n".join(["exec 2>&1", *commands[1:]]), tmp_path)
    assert done.stdout.splitlines() == shown
