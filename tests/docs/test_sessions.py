"""Pages with a session: it runs, in a shell with curl alone, and prints what the page shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mockserver.http.test_command import serving

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: The page that a server has for programs that read.
GUIDE = "mockserver/inspector/page/guide.md"


def lines_of(page: str) -> list[str]:
    text = ((ROOT if "/" in page else DOCS) / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


NEEDED = shutil.which("openssl") is not None and shutil.which("curl") is not None


@pytest.mark.skipif(not NEEDED, reason="needs curl and openssl")
@pytest.mark.parametrize("page", ["faults.md", "journal.md", "sms.md", "x.md", GUIDE])
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


@pytest.mark.skipif(not NEEDED, reason="needs curl and openssl")
def test_the_session_of_the_commands_prints_what_the_page_shows(tmp_path: Path) -> None:
    """It starts and stops a server of its own; its port and process are others each time."""
    lines = lines_of("control.md")
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    shown = [line for line in lines if not line.startswith("$ ")]
    assert len(commands) > 15
    script = "\n".join(commands).replace("start --detach", "start --detach --port 0")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRIVNUM_")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    try:
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
        )
    finally:
        subprocess.run(["privnum", "stop"], cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    said = re.sub(r"pid \d+", "pid 4711", re.sub(r"(?<=127[.]0[.]0[.]1:)\d+", "8080", done.stdout))
    assert said.splitlines() == shown, done.stderr
