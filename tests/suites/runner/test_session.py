"""What a session finds out by itself, whoever makes it."""

from __future__ import annotations

import subprocess
import sys


def test_a_session_finds_out_every_reading_that_a_probe_can_find() -> None:
    ran = _in_another_process("import privnum.suites.probes; print(sorted(Session().unsettled))")
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_session_without_probes_says_so_instead_of_leaving_readings_open() -> None:
    ran = _in_another_process("Session().unsettled")
    assert ran.returncode == 1
    assert "import privnum.suites.probes" in ran.stderr


def _in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code where nobody has imported the probes."""
    whole = f"from privnum.suites.runner.session import Session; {code}"
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
