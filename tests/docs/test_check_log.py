"""docs/check-log.md: its session runs, and prints what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "check-log.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_the_session_prints_what_the_page_shows(tmp_path: Path) -> None:
    commands = "\n".join(line[2:] for line in LINES if line.startswith("$ "))
    shown = [line for line in LINES if not line.startswith("$ ")]
    assert len(shown) > 8
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRIVNUM_")}
    env |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", commands], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.splitlines() == shown, done.stderr
