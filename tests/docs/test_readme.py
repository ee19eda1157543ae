"""What the README says is true: its example runs, its commands and files exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from privnum import contracts
from privnum.cli import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
COMMANDS = [line[2:] for line in LINES if line.startswith("$ ")]

pytest_plugins = ["pytester"]


def test_the_examples_pass(pytester: pytest.Pytester) -> None:
    examples = [text for kind, text in BLOCKS if kind == "python"]
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(examples)})
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=len(examples))


def test_what_is_looked_for_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [command for command in COMMANDS if command.startswith("privnum rules")]
    assert asked
    for command in asked:
        assert main(shlex.split(command)[1:]) == 0
    assert "AXE-CALLBACK-108" in capsys.readouterr().out


def test_every_privnum_command_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        words = shlex.split(command.split("#")[0])
        if words[0] != "privnum":
            continue
        with pytest.raises(SystemExit) as ended:
            main([words[1], "--help"])
        assert ended.value.code == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words[2:] if word.startswith("--")), command


def test_every_make_target_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {shlex.split(c)[1] for c in COMMANDS if c.startswith("make ")} <= targets


def test_every_extra_is_one() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = set(re.findall(r"pip install '\.\[(\w+)\]'", README))
    assert named
    assert named <= set(extras)


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_assumption_and_rule_named_is_one() -> None:
    assumed = re.findall(r"--assume ([^\s=`]+)=([^\s`]+)", README)
    contracts.assumption_values(overrides=dict(assumed))
    assert set(re.findall(r"`((?:COM|AX[A-Z]*)-[A-Z]+-\d{3})`", README)) <= set(contracts.requirements())
