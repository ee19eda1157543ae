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

    from privnum.suites.runner.definitions import Probe


def test_a_session_finds_out_every_reading_that_a_probe_can_find() -> None:
    ran = _in_another_process("import privnum.suites.probes; print(sorted(Session().unsettled))")
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_session_without_probes_says_so_instead_of_leaving_readings_open() -> None:
    ran = _in_another_process("list(Session().unsettled)")
    assert ran.returncode == 1
    assert "import privnum.suites.probes" in ran.stderr


def test_a_choice_that_is_known_is_not_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check is tried beforehand on a server whose choices are all known: its probes would find nothing out."""
    tried = _note_probes(monkeypatch)
    open_one = "axb.a_equals_x"
    known = {id_: value for id_, value in contracts.assumption_values().items() if id_ != open_one}
    session = Session(Target("known", assumptions=known), probes=PROBES)
    try:
        assert dict(session.assumptions).keys() >= known.keys()
    finally:
        session.close()
    assert tried == [open_one]


def test_only_the_probe_that_is_asked_for_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of one rule does not wait for a hundred probes; where a world is shared all run, before it is in use."""
    tried = _note_probes(monkeypatch)
    session = Session(Target("asked"), probes=PROBES)
    try:
        monkeypatch.setattr(type(session), "owns_worlds", True)
        assert session.assumptions["axb.a_equals_x"] == contracts.assumption_values()["axb.a_equals_x"]
        assert "axb.a_equals_b" in session.unsettled
        assert tried == ["axb.a_equals_x", "axb.a_equals_b"]
        assert session.assumptions["axb.a_equals_x"]
        assert tried == ["axb.a_equals_x", "axb.a_equals_b"]
        monkeypatch.setattr(type(session), "owns_worlds", False)
        assert "axe.a_equals_x" in session.unsettled
    finally:
        session.close()
    assert set(tried) == PROBES.keys()


def _note_probes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let probes run by name alone; return the names, which grow."""
    tried: list[str] = []

    def note(self: Findings, probe: Probe) -> None:
        with self.probing(probe.assumption):
            tried.append(probe.assumption)

    monkeypatch.setattr(Findings, "_probe_quietly", note)
    return tried


def _in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code where nobody has imported the probes."""
    whole = f"from privnum.suites.runner.session import Session; {code}"
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
