"""Every text that is printed has its Chinese, with the same things in its braces."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import privnum.words
from privnum import cli, contracts, control, words
from privnum.cli import main
from privnum.control import number
from privnum.mockserver.control import quickstart
from privnum.mockserver.modes import registry
from privnum.options import OptionParser
from privnum.suites.coverage.items import KINDS
from privnum.suites.report import baseline, comparison, next_steps, terminal, text
from privnum.suites.report.evidence import COLUMNS
from privnum.suites.report.html import findings, page, questions, sequence
from privnum.suites.target.modes import MODES
from privnum.words.layout import width_of, wrapped_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TABLE = tomllib.loads(Path(privnum.words.__file__).with_name("zh.toml").read_text(encoding="utf-8"))
SPEAKERS = [
    *(ROOT / "suites/report").rglob("*.py"),
    ROOT / "suites/commands/baseline.py",
    ROOT / "suites/commands/check_log.py",
    ROOT / "suites/commands/compare.py",
    ROOT / "suites/commands/sanitise.py",
    *(ROOT / "src/privnum").glob("*.py"),
    *(
        path
        for room in ("control", "mcp", "reference", "serving")
        for path in (ROOT / "src/privnum" / room).glob("*.py")
    ),
    ROOT / "mockserver/control/quickstart.py",
    ROOT / "mockserver/control/start.py",
]
TABLED = [*(ROOT / "src/privnum/control").glob("*.py"), *(ROOT / "src/privnum/reference").glob("*.py")]
"""Modules that print tables, whose titles are said."""
#: Texts that are said by their name in a table: words of reports, of `privnum rules`, of the page's footer and script.
TABLES = {
    *text.WORDS.values(), *text.BASES, *text.BASES.values(), *text._TOPICS.values(), *KINDS, *KINDS.values(),
    *baseline.SAID.values(), *findings._KINDS.values(), *(name for _, name in sequence._LANES.values()),
    *COLUMNS.values(), *questions._SETTLED.values(), *page._TONES, *page._SCRIPT, page._SCRIPT_LABEL, terminal._CUT,
    *comparison._ORDER,
    "Conforms as far as it was tried", "No verdict", "common", "all", "receiver",
    "must", "should", "may", "untested", "reserved", "not visible", "beyond the driver", "advice", "real time",
    "another choice", "older edition", *(text.topic(id_) for id_ in contracts.every_rule()),
    "fact", "no check", "open", "ours", "also legal", "rule", "code", "cause", "source", "check", "probe", "server",
    "host", "id", "key", "nonce", "number", "path", "text", "secret",
    "found", "again", "edition", "profile", "seed",
    "Harm", "harm", "Expected", "Got", "Source", "Check", "Repeated", "Stand-in", "Open point", "Ours", "The target",
    "Target", "Address", "Addresses", "Driver", "Can do", "Product", "Checked", "Edition", "Modes", "Sent", "Profile",
    "Seed", "Choices asked for", "Variations asked for", "Checked by", "Python", "Hypothesis", "Platform",
    "mobile", "fixed_line", "service", "not found out", "the run was interrupted", "the run was cut off",
    "{count} rule: {text}", "{count} rules: {text}",
    "started", "forwarded", "alerting", "answered", "ended", "state", "url", "pid", "version", "why",
    "Rules of all modes", "Rules of the customer's receiver",
    *(each.reason.capitalize() for each in contracts.untested().values()),
}  # fmt: skip


ENGLISH = re.compile(r"(?<![\w/.:\"-])[a-z]{2,} (?:[a-z]{2,}) [a-z]{2,}(?![\w\"])")
DEFAULTS = re.compile(r"%\([a-z]+\)[a-z]")
COMMAND = re.compile(r"privnum [a-z][a-z -]*")


def texts_handed_to(name: str) -> Iterator[str]:
    """Texts that are handed to a function of privnum.words, as they stand in the code."""
    for path in SPEAKERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                argument = node.args[1 if name == "count_of" else 0]
                choices = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                for each in choices:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value


def texts_in_tables() -> Iterator[str]:
    """Titles of columns, names of facts, and what is printed where a table would be empty."""
    for path in TABLED:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
                continue
            first = named.get(call.args[0].id) if isinstance(call.args[0], ast.Name) else call.args[0]
            given = (
                [first.elts if isinstance(first, ast.Tuple) else [], call.args[2:]] if call.func.id == "table" else []
            )
            given += (
                [[key for key in first.keys if key is not None]]
                if call.func.id == "facts" and isinstance(first, ast.Dict)
                else []
            )
            given += [[first]] if call.func.id == "fields_table" and first is not None else []
            for node in (each for row in given for each in row):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def words_of_states() -> Iterator[str]:
    """States of calls, SMS, pushes, clocks and numbers, as commands print them."""
    for schema, name in (("driver/call", "state"), ("driver/sms", "state"), ("driver/push", "state")):
        yield from contracts.schema(schema)["properties"][name]["enum"]
    yield from contracts.schema("driver/clock")["properties"]["mode"]["enum"]
    yield from number._WORDS.values()
    yield from ("none", "ended", "silent", "running")  # of a server that privnum start has started


def lines_of_overview() -> Iterator[str]:
    """Lines of what privnum serve prints, but for commands to copy; and the hints of the modes."""
    templates = (quickstart._OVERVIEW, quickstart._FIRST, quickstart._OTHER_MODE, quickstart._CALLED_MODE)
    for line in "\n".join(templates).split("\n"):
        if not line.startswith("  ") and re.search(r"[a-z]{2}", re.sub(r"\{[a-z_]+\}", "", line)):
            yield line
    yield from quickstart._APPLICATION.split("\n")[2:]
    yield from (mode.example.hint for mode in registry.modes().values())


def places(template: str) -> list[str]:
    """What stands in braces."""
    return sorted(re.findall(r"\{[a-z_]+\}", template))


def test_every_text_has_its_words() -> None:
    """And no entry is left over."""
    used = {*texts_handed_to("say"), *TABLES, *texts_in_tables(), *words_of_states(), *lines_of_overview()}
    assert sorted(used - TABLE["words"].keys()) == [], "enter them into src/privnum/words/zh.toml"
    assert sorted(TABLE["words"].keys() - used) == [], "nobody says these: take them out"


def test_everything_that_is_counted_has_its_word() -> None:
    used = set(texts_handed_to("count_of")) | set(KINDS)
    assert used == set(TABLE["counts"])
    assert all(places(template) == ["{count}"] for template in TABLE["counts"].values())


@pytest.mark.parametrize("part", ["words", "sentences"])
def test_the_same_stands_in_the_braces(part: str) -> None:
    wrong = [english for english, own in TABLE[part].items() if places(own) != places(english)]
    assert wrong == []


def test_every_step_has_its_words() -> None:
    """What would let more rules be checked."""
    for _, step in next_steps._REMEDIES.values():
        for mode in MODES:
            with words.speak("zh"):
                told = words.retell(step.format(mode=mode))
            assert re.search(r"[\u4e00-\u9fff]", told), step


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """Every text of every command's help, with the command."""
    found: dict[str, str] = {}

    def collect(parser: OptionParser) -> str:
        texts = [action.help for action in parser._actions if action.help != argparse.SUPPRESS]
        texts += [group.title for group in parser._action_groups if group._group_actions]
        texts += [parser.description, *(parser.epilog or "").split("\n")]
        found.update((str(each).strip(), parser.prog) for each in texts if each)
        return ""

    commands = [[name] for name in cli.COMMANDS]
    for name, governing in control.COMMANDS.items():
        verbs = getattr(import_module(f"privnum.control.{governing.module}"), "VERBS", {})
        commands += [[name, verb] for verb in verbs if verb]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OptionParser, "format_help", collect)
        for command in commands:
            with pytest.raises(SystemExit):
                main([*command, "--help"])
    lines = cli._overview().splitlines()
    behind = (re.fullmatch(r"(?:  [a-z-]+ +|  +)?(.*)", line) for line in lines)
    return found | {line[1]: "privnum" for line in behind if line and line[1]}


def test_every_help_is_chinese(helps: dict[str, str]) -> None:
    """Options, descriptions and what the status means; names of commands, files and words stay."""
    with words.speak("zh"):
        told = {text: words.retell(text) for text in helps}
    same = {text for text, own in told.items() if own == text and " " in text}
    english = {text for text, own in told.items() if ENGLISH.search(COMMAND.sub("", own))}
    left = {f"{helps[text]}: {told[text]}" for text in same | english}
    assert sorted(left) == [], "enter it into [options] of zh.toml"


def test_no_help_is_left_over(helps: dict[str, str]) -> None:
    """Each entry is part of a help text."""
    every = "\n".join([*helps, "may be repeated"])
    assert [text for text in TABLE["options"] if text not in every] == []


def test_placeholders_of_helps_stay() -> None:
    wrong = [text for text, own in TABLE["options"].items() if DEFAULTS.findall(text) != DEFAULTS.findall(own)]
    assert wrong == []


@pytest.mark.parametrize("command", ["", "check", "rules", "serve", "clock"])
def test_a_help_fits_a_terminal(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No line that says what an option or a command is has more than 80 columns."""
    monkeypatch.setenv("PRIVNUM_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "80")
    if command:
        with pytest.raises(SystemExit):
            main([command, "--help"])
    else:
        main(["--help"])
    out = capsys.readouterr().out
    assert out.startswith("用法：privnum")
    wide = [line for line in out.splitlines() if line.startswith("   ") and not line.isascii() and width_of(line) > 80]
    assert wide == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LANG": "C", "LC_ALL": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "PRIVNUM_LANG": "en"}, "en"),
        ({"PRIVNUM_LANG": "zh"}, "zh"),
        ({"PRIVNUM_LANG": "zh-CN"}, "zh"),
        ({"PRIVNUM_LANG": "", "LANG": "de_DE"}, "en"),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert words.language_of(environment) == language


def test_another_language_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By every command, with those that there are."""
    monkeypatch.setenv("PRIVNUM_LANG", "fr")
    assert main(["rules", "AXB-BIND-005"]) == 2
    assert capsys.readouterr().err == "privnum rules: PRIVNUM_LANG: there is no language 'fr'; there are en, zh\n"


@pytest.mark.parametrize("option", [["--lang", "zh"], ["--lang=zh"]])
def test_the_option_counts_where_the_environment_names_no_language(
    option: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRIVNUM_LANG", "fr")
    assert main(["rules", *option, "AXB-BIND-103"]) == 0
    assert "一个X号码5000对" in capsys.readouterr().out


def test_the_option_counts_for_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The next one speaks the language of the environment again."""
    assert main(["rules", "--lang", "zh", "AXB-BIND-103"]) == 0
    assert capsys.readouterr().out.startswith("AXB-BIND-103  一个X号码5000对  （必须，有文档）\n")
    assert main(["rules", "AXB-BIND-103"]) == 0
    assert capsys.readouterr().out.startswith("AXB-BIND-103  5000 pairs on an X  (must, documented)\n")


def test_what_was_written_in_english_is_retold() -> None:
    """Whole sentences, parts of them, and those that nobody knows as they are."""
    with words.speak("zh"):
        assert words.retell("there is no AXE application") == "没有AXE应用"
        assert words.retell("declare auth.lockout_failures; open recording for the AX application") == (
            "声明auth.lockout_failures；为AX应用开通录音"
        )
        assert words.retell("there is no driver with which world time can be advanced") == (
            "没有驱动，而这需要：可以推进模拟时间"
        )
        assert words.retell("something new") == "something new"
    assert words.retell("there is no AXE application") == "there is no AXE application"


def test_what_has_no_words_stays_as_it_is() -> None:
    with words.speak("zh"):
        assert words.retell("X is missing; it must be there.") == "X is missing; it must be there."


def test_lines_are_as_wide_as_they_may_be() -> None:
    """A Chinese sign takes two columns; no word is broken, and no line begins with a stop."""
    text = (
        "callbackExpiredTime（按其单位，且不为0）到期后回呼记录消失，回呼按callbackNum、callbackTone或应用设置处理。"
        * 3
    )
    lines = wrapped_lines(text, 40, first="  规则  ", rest=" " * 8)
    assert max(map(width_of, lines)) <= 42
    assert "".join(line.strip().removeprefix("规则  ") for line in lines) == text
    assert not [line for line in lines if line.strip()[0] in "，。、）"]
    assert not [line for line in lines if line.endswith("callback")]


def test_english_lines_are_as_ever() -> None:
    assert wrapped_lines("one two three", 8, first="* ", rest="  ") == ["* one", "  two", "  three"]


def test_a_number_has_one_form_in_a_language() -> None:
    assert (words.figure(1058), words.count_of(1058, "rule"), words.figure(999)) == ("1,058", "1,058 rules", "999")
    with words.speak("zh"):
        assert (words.figure(1058), words.count_of(1058, "rule")) == ("1058", "1058条规则")
