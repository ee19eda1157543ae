"""docs/target.md: its whole file can be loaded, and no setting is missing from it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from privnum import contracts
from privnum.suites.target.config import load_target

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page: (ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("target.md", "driver.md")}
BLOCKS = {page: re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for page, text in PAGES.items()}


@pytest.mark.parametrize("page", PAGES)
def test_every_part_of_a_target_file_fits_the_schema(page: str) -> None:
    """What of a block belongs to a target.toml; base_url is not repeated in each."""
    settings = contracts.schema("target/target")["properties"]
    parts = [tomllib.loads(block) for block in BLOCKS[page]]
    parts = [part for part in parts if part.keys() <= settings.keys()]
    assert parts
    for part in parts:
        whole = {"base_url": "http://127.0.0.1:8080"} | part
        assert contracts.validator("target/target").problems(whole) == []


def test_the_whole_file_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGING_SECRET", "s")
    monkeypatch.setenv("CONTROL_TOKEN", "t")
    path = tmp_path / "target.toml"
    path.write_text(BLOCKS["target.md"][0], encoding="utf-8")
    target = load_target(path)
    assert target.driver_token == "t"
    assert target.receiver.fixed == ("http://192.0.2.1:9090/events", "http://192.0.2.1:9090/fee")


def test_no_setting_is_missing() -> None:
    schema = contracts.schema("target/target")["properties"]
    sections = [part for part in schema.values() if part.get("type") == "object"]
    named = [*schema, *schema["applications"]["items"]["properties"]]
    for name in (*named, *(name for part in sections for name in part.get("properties", ()))):
        assert re.search(rf"`{name}`|^(# )?{name} = |^\[+{name}\]", PAGES["target.md"], re.MULTILINE), name
