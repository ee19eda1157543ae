"""Every page of the repository: each link leads to a file that is there, and to a heading of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.shown import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("docs", "contracts", "examples", "mockserver")
PAGES = sorted([*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))])


def text_of(path: Path) -> str:
    """A page without its blocks and words of code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", lambda word: re.sub(r"[^\w -]", "", word[0]), text)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", text_of(path), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        place = path.parent / file if file else path
        assert place.exists(), link
        assert not anchor or place.suffix != ".md" or anchor in anchors(place), link


def test_there_are_links() -> None:
    assert sum(len(re.findall(r"\]\(", text_of(path))) for path in PAGES) > 250
