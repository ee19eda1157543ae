"""The site has every page of docs/, and no link out of it that leads nowhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    runpy.run_path(str(ROOT / "docs/site/pages.py"))["gather"](folder)
    return folder / "pages"


def in_menu() -> set[str]:
    """Return every page that the menu names."""
    text = (ROOT / "docs/site/mkdocs.yml").read_text(encoding="utf-8")
    found: set[str] = set()
    left = [yaml.safe_load(text)["nav"]]
    while left:
        entry = left.pop()
        if isinstance(entry, str):
            found.add(entry)
        else:
            left += entry.values() if isinstance(entry, dict) else entry
    return found


def test_the_menu_has_every_page(pages: Path) -> None:
    assert in_menu() == {path.relative_to(pages).as_posix() for path in pages.rglob("*.md")}


def test_links_stay_within_the_site(pages: Path) -> None:
    for path in pages.rglob("*.md"):
        text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for place in re.findall(r"\]\(([^)#\s]+)", re.sub(r"`[^`]*`", "", text)):
            assert re.match(r"https?:", place) or (path.parent / place).exists(), f"{path.name}: {place}"
