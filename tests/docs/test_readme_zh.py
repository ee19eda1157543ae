"""The Chinese README shows what the English one does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from privnum.cli import main

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """The lines of a page that are typed."""
    return [line for kind, text in BLOCK.findall(page) if kind == "console" for line in text.splitlines()]


def test_examples_are_those_of_the_english_page() -> None:
    """So they are run where that is tested."""
    english = {text for kind, text in BLOCK.findall(ENGLISH) if kind == "python"}
    own = {text for kind, text in BLOCK.findall(CHINESE) if kind == "python"}
    assert own
    assert own <= english


def test_commands_are_those_of_the_english_page() -> None:
    """But for those that are about Chinese."""
    other = [line for line in commands(CHINESE) if line not in commands(ENGLISH)]
    assert all("--lang zh" in line for line in other), other


def test_its_own_commands_work() -> None:
    for line in commands(CHINESE):
        words = shlex.split(line.removeprefix("$ "))
        if words[:2] == ["privnum", "rules"]:
            assert main(words[1:]) == 0, line


def test_every_link_leads_somewhere() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", CHINESE)]
    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []


def test_figures_are_those_of_the_english_page() -> None:
    """How many rules there are, and how many cannot be tried."""
    (rules,) = re.findall(r"([0-9]+) rules with their verdicts", ENGLISH)
    assert f"{rules}条规则及其结论" in CHINESE


def test_each_page_leads_to_the_other() -> None:
    assert "(README.zh-CN.md)" in ENGLISH
    assert "(README.md)" in CHINESE
