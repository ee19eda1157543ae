"""The Chinese guide shows what the English pages do."""

from __future__ import annotations

import re
import shlex

from privnum.cli import main
from tests.docs.shown import ROOT, blocks, page, session

CHINESE = page("docs/zh/guide.md")
ENGLISH = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]


def test_examples_are_those_of_the_english_pages() -> None:
    """So they are run where those are tested."""
    english = {block for text in ENGLISH for block in blocks(text, "python")}
    own = set(blocks(CHINESE, "python"))
    assert own
    assert own <= english


def test_commands_are_those_of_the_english_pages() -> None:
    """But for those that are about Chinese."""
    english = {command for text in ENGLISH for command in session(text).commands}
    other = [command for command in session(CHINESE).commands if command not in english]
    assert other
    assert all("--lang zh" in command for command in other), other


def test_its_own_commands_work() -> None:
    for command in session(CHINESE).commands:
        words = shlex.split(command)
        if words[:2] == ["privnum", "rules"]:
            assert main(words[1:]) == 0, command


def test_every_link_leads_somewhere() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", CHINESE)]
    assert links
    assert [link for link in links if not (ROOT / "docs/zh" / link).exists()] == []
