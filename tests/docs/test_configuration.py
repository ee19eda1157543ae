"""docs/configuration.md: its tables are those of the schema, its files are read, and what it prints is printed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.mockserver.pushes.outcomes import RESULTS
from privnum.serving.forms import settings
from privnum.serving.sources import Settings
from tests.mockserver.http.test_command import PRIVNUM

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).resolve().parents[2] / "docs/configuration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SESSION = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _default(part: dict[str, Any]) -> str:
    return f"`{json.dumps(part['default'])}`" if "default" in part else "–"


def table() -> Iterator[str]:
    """A row for each setting."""
    yield _row("key", "option", "environment", "default", "what it is")
    yield "|---|---|---|---|---|"
    for name, part in settings().items():
        option = ", ".join(f"`{each}`" for each in part["x-option"].split(", "))
        what = part["description"]
        yield _row(f"`{name}`", option, f"`{part['x-environment']}`", _default(dict(part)), what)


def applications() -> Iterator[str]:
    """A row for what an application of the file may have."""
    yield _row("key", "what it is")
    yield "|---|---|"
    items = contracts.schema("server/config")["properties"]["applications"]["items"]
    for name, part in items["properties"].items():
        yield _row(f"`{name}`", part["description"])


@pytest.mark.parametrize("rows", [table, applications], ids=["settings", "applications"])
def test_the_tables_are_those_of_the_schema(rows: Any) -> None:
    text = "\n".join(rows())
    assert text in PAGE, f"docs/configuration.md has to have:\n{text}"


def test_its_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "t")
    monkeypatch.setenv("AXB_SECRET", "s")
    assert BLOCKS
    for block in BLOCKS:
        path = tmp_path / "privnum.toml"
        path.write_text(block, encoding="utf-8")
        assert Settings({"config": str(path)}, {}).file is not None


def test_the_session_prints_what_the_page_shows(tmp_path: Path) -> None:
    """With the file that it begins with."""
    (tmp_path / "lab.toml").write_text(BLOCKS[0], encoding="utf-8")
    privnum = " ".join(PRIVNUM)
    for block in SESSION:
        lines = block.splitlines()
        if "curl" in block:
            continue  # tests/mockserver/http/test_tls.py does the same in Python
        script = "\n".join(line[2:] for line in lines if line.startswith("$ "))
        done = subprocess.run(
            ["bash", "-c", f'privnum() {{ {privnum} "$@"; }}\n{script}'],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
        )
        shown = [line for line in lines if not line.startswith("$ ")]
        assert (done.stdout + done.stderr).splitlines() == shown


def test_every_outcome_of_an_attempt_without_an_answer_is_told() -> None:
    driver = (Path(__file__).resolve().parents[2] / "docs/driver.md").read_text(encoding="utf-8")
    for word in RESULTS:
        assert f"`{word}`" in driver
