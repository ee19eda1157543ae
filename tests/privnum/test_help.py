"""Help of every command and verb: plain, of one style, with an example that its parser takes."""

from __future__ import annotations

import re
import shlex
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import cli
from privnum.control import COMMANDS as CONTROL
from privnum.options import OptionParser
from tests.docs.test_words import riddles
from tests.privnum.parsing import Parsed, parsed_by

if TYPE_CHECKING:
    import argparse

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
#: Abbreviations that need no word of ours.
COMMON = frozenset({"API", "HTTP", "HTTPS", "JSON", "README", "TLS", "TOML", "UTC", "URL"})
#: What stands for a value, and names that are written as they are.
_VALUES = re.compile(r"\$?\b(?:PRIVNUM_\w+|NAME\b)|[A-Z]{2,4}-[A-Z]+-[0-9]+|\b[a-z][\w./-]*[.][a-z]+\b")


def verbs_of(command: str) -> list[str]:
    if command not in CONTROL:
        return [""]
    return list(vars(import_module(f"privnum.control.{CONTROL[command].module}")).get("VERBS", [""]))


WAYS = [(command, verb) for command in cli.COMMANDS for verb in verbs_of(command)]
NAMES = [f"{command} {verb}".rstrip() for command, verb in WAYS]


@cache
def parser_of(name: str) -> OptionParser:
    """The parser that a command makes, as it prints its help."""
    caught: list[OptionParser] = []

    def keep(self: OptionParser, *_: object, **__: object) -> None:
        caught.append(self)
        raise SystemExit(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OptionParser, "print_help", keep)
        with pytest.raises(SystemExit):
            cli.main([*name.split(), "--help"])
    return caught[0]


def options_of(name: str) -> list[argparse.Action]:
    return [action for action in parser_of(name)._actions if action.dest != "help"]


@pytest.mark.parametrize("name", NAMES)
def test_options_have_one_style(name: str) -> None:
    for action in options_of(name):
        text = str(action.help)
        where = "/".join(action.option_strings) or action.dest
        assert action.help, f"{where} has no help"
        assert not text.endswith("."), f"{where}: no full stop at the end: {text}"
        assert not re.match(r"[A-Z][a-z]", text), f"{where}: begins with a small letter: {text}"
        for option in action.option_strings:
            assert re.fullmatch(r"-[a-z]|--[a-z]+(-[a-z]+)*", option), option
        if action.option_strings and action.nargs != 0 and action.choices is None:
            assert re.fullmatch(r"[A-Z]+([=/][A-Z]+)?|\{.*\}", str(action.metavar)), f"{where}: metavar in capitals"


@pytest.mark.parametrize("name", NAMES)
def test_the_help_is_plain(name: str) -> None:
    text = parser_of(name).format_help()
    assert not riddles(text)
    description = parser_of(name).description
    assert description
    assert description.endswith((".", '".'))
    assert description[0].isupper()
    assert "status: 0 " in text


@pytest.mark.parametrize("name", NAMES)
def test_every_abbreviation_is_in_the_glossary(name: str) -> None:
    parser = parser_of(name)
    texts = [str(parser.description), *(str(action.help) for action in options_of(name))]
    metavars = {word for action in options_of(name) for word in re.findall("[A-Z]+", str(action.metavar))}
    words = {word for text in texts for word in re.findall(r"\b[A-Z]{2,}\b", _VALUES.sub("", text))}
    strange = {word for word in words - COMMON - metavars if not re.search(rf"\b{word}\b", GLOSSARY)}
    assert not strange, "docs/glossary.md does not explain them"


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_taken_by_the_parser(name: str) -> None:
    lines = parser_of(name).format_help().rpartition("\nexample")[2].splitlines()[1:]
    assert lines, "there is no example"
    for line in lines:
        call = re.sub(r'^eval "\$\((.*)\)"$', r"\1", line.strip())
        words = shlex.split(call)
        assert words[0] == "privnum"
        assert words[1 : 1 + len(name.split())] == name.split() or name.split()[0] == words[1]
        assert isinstance(parsed_by(words[1:]), Parsed)


def test_a_command_that_is_wrong_is_not_parsed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parsed_by(["serve", "--no-such-option"])
    assert end.value.code == 2
    assert "no-such-option" in capsys.readouterr().err
