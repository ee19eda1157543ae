"""What is wrong is said in Chinese where Chinese is asked for, by every command."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import words
from privnum.cli import main
from tests.privnum.test_words import COMMAND, ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
MODULES = [
    *(ROOT / "src/privnum").glob("*.py"),
    *(
        path
        for room in ("control", "openapi", "reference", "serving")
        for path in (ROOT / "src/privnum" / room).glob("*.py")
    ),
    ROOT / "src/privnum/mcp/command.py",
    *(ROOT / "mockserver/http" / f"{name}.py" for name in ("command", "tls", "keeping")),
    *(ROOT / "suites/commands").rglob("*.py"),
    *(ROOT / "suites/log").glob("*.py"),
    *(ROOT / "suites/report").glob("*.py"),
]
SPEAKERS = frozenset(("refuse", "_refuse", "_fails", "report_problem"))
"""Functions that print what is wrong."""
NOT_PRINTED = frozenset(
    ("AttributeError", "ImportError", "ValueError", "AssertionError", "UnreplacedError", "SpaceError")
)
"""Errors of who calls a function, and those that have a test of their own."""
GENERAL = frozenset(("v0 is not v2", "v0 must be v2"))
"""What is put together of anything, and would take any sentence for one of its own; it stays English."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def text_of(node: ast.expr) -> str | None:
    """A text of the code, with a word in the place of each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else f"v{at}" for at, each in enumerate(node.values)]
        return "".join(map(str, parts))
    return None


def problems(kind: str = "") -> Iterator[str]:
    """Every text that says what is wrong, of all kinds or of one."""
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
            if (
                not isinstance(call, ast.Call)
                or name in NOT_PRINTED
                or not (name == kind if kind else name in SPEAKERS or name.endswith("Error"))
            ):
                continue
            for text in filter(None, map(text_of, call.args[name == "report_problem" :])):
                if text not in GENERAL and re.search(r"[a-z]{2} [a-z]{2}", text):
                    yield text


@pytest.mark.parametrize("text", sorted(set(problems())))
def test_what_is_wrong_has_its_words(text: str) -> None:
    """Enter what is missing into [sentences] of src/privnum/words/zh.toml."""
    with words.speak("zh"):
        told = words.retell(text)
    assert CHINESE.search(told)
    assert not ENGLISH.search(COMMAND.sub("", told))


@pytest.mark.parametrize("text", sorted(set(problems("ArgumentTypeError"))))
def test_it_has_them_as_the_value_of_an_option_too(text: str) -> None:
    """Between the name of the option and where to read on."""
    with words.speak("zh"):
        told = words.retell(f"argument WORD: {text}; see privnum check --help")
    assert not ENGLISH.search(COMMAND.sub("", told)), told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["check-log", "/nothing"], "无法读取"),
        (["clock", "--server", "nowhere"], "不是服务器的地址"),
        (["stop", "--timeout", "x"], "参数"),
        (["serve", "--port", "x"], "privnum serve --help"),
        (["chek"], "没有名为'chek'的命令"),
        (["call"], "缺少参数"),
    ],
)
def test_a_command_says_it_in_chinese(
    command: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRIVNUM_LANG", "zh")
    try:
        status = main(command)
    except SystemExit as end:
        status = int(str(end.code))
    assert status == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--lang", "zh"], ["--lang=zh"]])
@pytest.mark.parametrize("words_before", [["check", "--rate", "x"], ["check", "--help"], ["call", "list", "--help"]])
def test_the_language_counts_wherever_it_is_named(
    words_before: list[str], option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind what is wrong, too, and behind the wish for help."""
    with pytest.raises(SystemExit):
        main([*words_before, *option])
    told = capsys.readouterr()
    assert CHINESE.search(told.out + told.err)
