"""What a session finds out by itself, whoever makes it."""

from __future__ import annotations

import subprocess
import sys


def test_a_session_finds_out_every_reading_that_a_probe_can_find() -> None:
    told = "from privnum.suites.runner.session import Session; print(sorted(Session().unsettled))"
    # in a process of its own, where nobody has imported the probes
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
