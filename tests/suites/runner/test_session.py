"""What a session finds out by itself, whoever makes it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.probes import PROBES
from privnum.suites.runner.assumptions import Findings
from privnum.suites.runner.session import Session
from privnum.suites.target.config import Target

if TYPE_CHECKING:
    import pytest


def test_a_session_finds_out_every_reading_that_a_probe_can_find() -> None:
    ran = _in_another_process("import privnum.suites.probes; print(sorted(Session().unsettled))")
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_session_without_probes_says_so_instead_of_leaving_readings_open() -> None:
    ran = _in_another_process("Session().unsettled")
    assert ran.returncode == 1
    assert "import privnum.suites.probes" in ran.stderr


def test_a_choice_that_is_known_is_not_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check is tried beforehand on a server whose choices are all known: its probes would find nothing out."""
    tried: list[str] = []
    monkeypatch.setattr(Findings, "_probe_quietly", lambda _, probe: tried.append(probe.assumption))
    open_one = "axb.a_equals_x"
    known = {id_: value for id_, value in contracts.assumption_values().items() if id_ != open_one}
    session = Session(Target("known", assumptions=known), probes=PROBES)
    try:
        assert session.assumptions.keys() >= known.keys()
    finally:
        session.close()
    assert tried == [open_one]


def _in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code where nobody has imported the probes."""
    whole = f"from privnum.suites.runner.session import Session; {code}"
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
