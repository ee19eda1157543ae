"""docs/receiver.md: its session runs, against the example receivers, and prints what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from examples.receiver.faults import FAULTS
from examples.receiver.receiver import Receiver
from examples.receiver.server import serving

from privnum import contracts

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "receiver.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
SERVED: dict[str, type[Receiver]] = {
    "8000": Receiver,
    "8001": FAULTS["fails_at_50_cdrs"][0],
    "8002": FAULTS["no_signature_check"][0],
}


def test_the_session_prints_what_the_page_shows(tmp_path: Path) -> None:
    commands = "\n".join(line[2:] for line in LINES if line.startswith("$ "))
    shown = [line for line in LINES if not line.startswith("$ ")]
    assert len(shown) > 5
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with ExitStack() as stack:
        for port, kind in SERVED.items():
            url = stack.enter_context(serving(kind("demo-key", "demo-secret")))
            commands = commands.replace(f"http://127.0.0.1:{port}", url)
        done = subprocess.run(
            ["bash", "-c", commands],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.stdout.splitlines() == shown, done.stderr


def test_every_family_of_rules_is_on_the_page() -> None:
    table = {word for row in re.findall(r"^\| ([A-Z, ]+) \|", PAGE, re.MULTILINE) for word in row.split(", ")}
    assert table == {id_.split("-")[1] for id_ in contracts.receiver_requirements()}
