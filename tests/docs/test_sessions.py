"""Pages with a session: it runs, in a shell with curl alone, and prints what the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mockserver.http.test_command import serving

DOCS = Path(__file__).resolve().parents[2] / "docs"


def lines_of(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("curl") is None, reason="needs curl and openssl")
@pytest.mark.parametrize("page", ["faults.md", "journal.md", "sms.md", "x.md"])
def test_the_session_prints_what_the_page_shows(page: str) -> None:
    lines = lines_of(page)
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    shown = [line for line in lines if not line.startswith("$ ")]
    assert len(commands) > 10
    with serving("--port", "0") as (_, line):
        port = line.strip().rpartition(":")[2]
        script = "\n".join(commands).replace(":8080", f":{port}")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == shown, done.stderr
