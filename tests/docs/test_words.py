"""What users read is in plain English: none of the words that a newcomer stumbled over."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from privnum.cli import COMMANDS, main
from privnum.suites.target.template import TEMPLATE

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    *("README.md", "CONTRIBUTING.md", "AGENTS.md", "CHANGELOG.md", "Makefile", "contracts/README.md"),
    *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "renumbered.md"),
    *(f"docs/how-to/{page.name}" for page in sorted((ROOT / "docs/how-to").glob("*.md"))),
    *(page.relative_to(ROOT).as_posix() for page in sorted((ROOT / "examples").rglob("README.md"))),
)
"""Every page but the table of old ids."""
RIDDLES = {
    r"\bjudg\w*": "check, test, verdict",
    r"\b(?:tells?|told|telling)\b": "says, prints, reports, has, gets, is given",
    r"\bwhat there is\b": "available",
    r"\bstands? in\b": "is in",
    r"\bwhoever\b": "name who it is",
    r"\bbindings book\b": "cleanup journal",
    r"\bas many as (?:you|your \w+) can\b": "as many as … supports",
}
"""Each with what to say instead. A module that is named is not prose."""
_NAMED = re.compile(r"`[^`\n]*`|examples\.judge")


def riddles(text: str) -> list[str]:
    """The words of the text that are riddles, with what to say instead."""
    prose = " ".join(_NAMED.sub("", text).split())
    found = ((re.findall(word, prose, re.IGNORECASE), better) for word, better in RIDDLES.items())
    return [f"{words}: {better}" for words, better in found if words]


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_no_riddles(page: str) -> None:
    assert not riddles((ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_no_riddles(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        main([command, "--help"] if command else ["--help"])
    shown = capsys.readouterr().out
    assert "usage" in shown
    assert not riddles(shown)


def test_the_file_that_init_target_writes_has_no_riddles() -> None:
    assert not riddles(TEMPLATE)


def test_a_riddle_is_found() -> None:
    assert riddles("The target is\ntold so; `judge.py` judges it.") == [
        "['judges']: check, test, verdict",
        "['told']: says, prints, reports, has, gets, is given",
    ]


PACKAGES = [
    f"{room}/{folder.parent.name}/"
    for room in ("mockserver", "suites")
    for folder in sorted((ROOT / room).glob("*/__init__.py"))
]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_shows_every_package(package: str) -> None:
    room, name, _ = package.split("/")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text[text.index(f"| `{room}/`, lowest first") :].split("\n\n")[0]
    assert f"`{name}/`" in table


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    for link in links:
        assert link.startswith("http") or (ROOT / page).parent.joinpath(link).exists(), link
