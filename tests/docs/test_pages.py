"""Pages of commands: each command is one, and what is named is there.

The commands are run here, in test_commands.py, or where that says so.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.cli import COMMANDS
from tests.docs.in_order import run_in_order
from tests.docs.shown import ROOT, page, session
from tests.privnum.parsing import parsed_by

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
PAGES += [f"docs/how-to/{path.name}" for path in sorted((ROOT / "docs/how-to").glob("*.md"))]
#: Pages that show commands without what they print.
IN_ORDER = ["docs/install.md", "docs/openapi.md", "docs/rules.md", "docs/server.md"]
TYPED = {name: session(page(name)).commands for name in PAGES}


def plain(command: str) -> bool:
    """Whether the command is one of `privnum` alone, without pipes or words of the shell."""
    words = command.split()
    return command.startswith("privnum ") and words[1] in COMMANDS and not re.search(r"[|>;&$…]", command)


@pytest.mark.parametrize("name", IN_ORDER)
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_run_in_their_order(name: str, tmp_path: Path) -> None:
    done = run_in_order(TYPED[name], tmp_path)
    if name == "docs/rules.md":
        assert "AXE-CALLBACK-108" in done.stdout
    if name == "docs/server.md":
        assert '"error"' not in done.stdout
        assert sum("curl -s" in command for command in TYPED[name]) > 10


@pytest.mark.parametrize("command", sorted({each for name in PAGES for each in TYPED[name] if plain(each)}))
def test_every_privnum_command_is_one(command: str) -> None:
    """Its parser takes every word."""
    parsed_by(shlex.split(command, comments=True)[1:])


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_is_one(name: str) -> None:
    makefile = page("Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {command.split()[1] for command in TYPED[name] if command.startswith("make ")}
    assert named | set(re.findall(r"`make ([a-z-]+)`", page(name))) <= targets


def test_every_extra_is_one_and_on_the_page_of_installing() -> None:
    extras = tomllib.loads(page("pyproject.toml"))["project"]["optional-dependencies"]
    named = {
        each for name in PAGES for found in re.findall(r"'\.\[([\w,]+)\]'", page(name)) for each in found.split(",")
    }
    assert named
    assert named <= set(extras)
    table = set(re.findall(r"^\| `(\w+)` \|", page("docs/install.md"), re.MULTILINE))
    assert named - {"dev", "site", "fuzz"} <= table <= set(extras)


@pytest.mark.parametrize("name", PAGES)
def test_every_assumption_and_rule_named_is_one(name: str) -> None:
    text = page(name)
    assumed = re.findall(r"--assume ([a-z.0-9_]+)=([^\s`]+)", text)
    contracts.assumption_values(overrides=dict(assumed))
    for id_ in re.findall(r"--vary ([a-z]+\.[a-z_]+)", text):
        assert id_ in contracts.variations()
    known = contracts.every_rule().keys() | contracts.untested().keys()
    if name not in ("docs/renumbered.md", "docs/robustness.md", "docs/security.md"):
        assert set(re.findall(r"`((?:COM|AX[A-Z]*)-[A-Z]+-\d{3})`", text)) <= known
