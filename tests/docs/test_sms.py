"""docs/sms.md: its session runs, in a shell with curl alone, and prints what the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mockserver.http.test_command import serving

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sms.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("curl") is None, reason="needs curl and openssl")
def test_the_session_prints_what_the_page_shows() -> None:
    commands = [line[2:] for line in LINES if line.startswith("$ ")]
    shown = [line for line in LINES if not line.startswith("$ ")]
    assert len(commands) > 10
    with serving("--port", "0") as (_, line):
        port = line.strip().rpartition(":")[2]
        script = "\n".join(commands).replace(":8080", f":{port}")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == shown, done.stderr
