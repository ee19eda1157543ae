"""docs/coding-agents.md and the skills: what they name is there, what they show runs."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from pathlib import Path

import pytest

from privnum.contracts import variations
from privnum.mcp.server import mcp_server
from privnum.mcp.worlds import Worlds
from privnum.mockserver.embed.handle import WorldHandle
from tests.privnum.parsing import parsed_by

pytest_plugins = ["pytester"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "coding-agents.md").read_text(encoding="utf-8")
SKILLS = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted((DOCS / "skills").glob("*/SKILL.md"))}
CONSOLE = re.compile(r"^\$ (privnum .*)$", re.MULTILINE)
INLINE = re.compile(r"`(privnum [a-z][^`…]*)`")
COMMANDS = [
    command for text in (PAGE, *SKILLS.values()) for find in (CONSOLE, INLINE) for command in find.findall(text)
]


def test_every_tool_is_on_the_page_and_no_other() -> None:
    """The worlds are never asked, so that no server is needed."""
    listed = asyncio.run(mcp_server(Worlds("http://localhost:9")).list_tools())
    rows = re.findall(
        r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", PAGE.partition("| tool |")[2].partition("## ")[0], re.MULTILINE
    )
    assert {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)} == {tool.name for tool in listed}


def test_the_settings_of_an_agent_start_the_tools() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    entry = json.loads(block)["mcpServers"]["privnum"]
    assert parsed_by(entry["args"]).given.server is None
    assert entry["command"] == "privnum"


@pytest.mark.parametrize("name", SKILLS)
def test_a_skill_says_its_name_and_when_it_is_used(name: str) -> None:
    """As agents read it: a name of its folder, and a description of at most 1024 signs."""
    head = re.fullmatch(r"---\nname: (.+)\ndescription: (.+)\n---\n.*", SKILLS[name], re.DOTALL)
    assert head is not None
    assert head[1] == name
    assert "Use it when" in head[2]
    assert len(head[2]) <= 1024
    assert f"(skills/{name}/SKILL.md)" in PAGE


@pytest.mark.parametrize("command", sorted({command.strip() for command in COMMANDS}))
def test_every_command_is_one(command: str) -> None:
    """Its parser takes every word; URL, FILE, ID and the like stand for one of the reader's."""
    words = shlex.split(command)[1:]
    if len(words) > 1 or words == ["mcp"]:
        parsed_by([word.replace("URL", "http://127.0.0.1:9000") for word in words])


def test_every_name_in_the_skills_is_one() -> None:
    text = "\n".join(SKILLS.values())
    varied = set(re.findall(r"--vary ([a-z]+\.[a-z_]+)", text))
    assert varied
    assert varied <= set(variations())
    used = set(re.findall(r"private_number\.([a-z_]+)", text)) - {"axb", "axe"}
    assert used
    assert all(hasattr(WorldHandle, name) for name in used)
    for page in re.findall(r"docs/([a-z-]+\.md)", text):
        assert (DOCS / page).exists(), page


def test_the_examples_of_the_skills_pass(pytester: pytest.Pytester) -> None:
    examples = [
        block
        for text in SKILLS.values()
        for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]
    assert examples
    pytester.makepyfile(**{f"test_{place}": example for place, example in enumerate(examples)})
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=len(examples))
