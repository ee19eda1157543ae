"""--timeout holds whatever comes: a run ends in time though the pushes of its target are made to be read slowly."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.pushes.push import Push

if TYPE_CHECKING:
    from pathlib import Path

RULE = "COM-PUSH-002"
#: As long as a line of a header may be to the receiver; a reader that goes back over it takes a minute for each.
LONG = 60_000


@pytest.mark.parametrize("value", ["a", 'Username="'])
def test_pushes_with_headers_that_are_slow_to_read_keep_no_run_beyond_its_time(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = Push.headers

    def longer(self: Push, now_ms: int) -> list[tuple[str, str]]:
        return [
            (name, value * (LONG // len(value)) if name == "X-AKSK" else text) for name, text in headers(self, now_ms)
        ]

    monkeypatch.setattr(Push, "headers", longer)
    with LiveServer() as server:
        (tmp_path / "target.toml").write_text(
            f'base_url = "{server.url}"\n[driver]\nkind = "http"\nurl = "{server.url}"\n', encoding="utf-8"
        )
        command = ["check", "--target", "target.toml", "--rule", RULE, "--timeout", "60", "--quiet"]
        done = subprocess.run(
            [sys.executable, "-m", "privnum.cli", *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 1, done.stdout + done.stderr
    report = json.loads((tmp_path / "build" / "conformance" / "report.json").read_bytes())
    assert [(rule["id"], rule["verdict"]) for rule in report["requirements"]] == [(RULE, "failed")]
    assert report["run"]["interrupted"] is False
