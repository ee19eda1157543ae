"""What docs/pytest.md shows runs, in a project of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "pytest.md").read_text(encoding="utf-8")


def test_the_snippets_pass(tmp_path: Path) -> None:
    snippets = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for number, text in enumerate(snippets):
        (tmp_path / f"test_{number}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    tests = len(re.findall(r"^(?:async )?def test_", "\n".join(snippets), re.MULTILINE))
    assert tests > 5
    assert f"{tests + 1} passed" in done.stdout, done.stdout + done.stderr  # the async one on asyncio and on trio


def test_the_fixtures_are_those_of_the_plugin() -> None:
    from privnum import plugin

    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(plugin.__all__)
