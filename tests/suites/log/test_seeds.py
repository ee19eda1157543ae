"""Each seeded edit of a log is found by the rule that it breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.suites.log.seeds import SEEDS, Seed
from tests.suites.log.session import findings_of, plain_session, write_lines

if TYPE_CHECKING:
    from pathlib import Path


def test_the_plain_session_breaks_nothing(tmp_path: Path) -> None:
    """And shows rules of all five modes."""
    text, secrets = plain_session()
    findings = findings_of(write_lines(tmp_path / "log.jsonl", json.loads(text)), secrets)
    assert findings.broken == {}
    assert {rule.partition("-")[0] for rule in findings.passed} == {"COM", "AX", "AXB", "AXE", "AXYB", "X"}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_an_edit_is_found_by_its_rule(seed: Seed, tmp_path: Path) -> None:
    text, secrets = plain_session()
    entries = json.loads(text)
    seed.edit(entries, secrets)
    findings = findings_of(write_lines(tmp_path / "log.jsonl", entries), secrets)
    assert seed.rule in findings.failed, f"found: {findings.broken}"
