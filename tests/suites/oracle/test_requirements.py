"""A prediction can only be claimed under a requirement of the contract."""

from __future__ import annotations

import re
from pathlib import Path

from privnum import contracts
from privnum.suites import oracle


def test_every_requirement_that_the_oracles_name_exists() -> None:
    text = "\n".join(path.read_text() for path in Path(oracle.__path__[0]).rglob("*.py"))
    named = set(re.findall(r'"((?:AX|AXB|AXE|AXYB|COM)-[A-Z]+-\d{3})"', text))
    assert named <= set(contracts.requirements())
