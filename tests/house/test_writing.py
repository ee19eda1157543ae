"""How long modules and first lines of docstrings may be, and words that they do without."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROOMS = ("contracts", "mockserver", "suites", "src/privnum")
LONGEST_FIRST_LINE = 72
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 40
WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _modules(room: str) -> Iterator[Path]:
    """Every module of a room; rooms that are linked into another count once."""
    for path in sorted((ROOT / room).rglob("*.py")):
        if path.resolve() == path:
            yield path


def _first_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The first line of each docstring, and its number."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, WITH_DOCSTRING):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text.splitlines()[0]


@pytest.mark.parametrize("room", ROOMS)
def test_first_lines_of_docstrings_are_short(room: str) -> None:
    long = [
        f"{path.relative_to(ROOT)}:{line}: {len(text)} signs, {LONGEST_FIRST_LINE} at most: {text}"
        for path in _modules(room)
        for line, text in _first_lines(path)
        if len(text) > LONGEST_FIRST_LINE
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("room", [*ROOMS, "tests", "examples"])
def test_modules_are_short(room: str) -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _modules(room)}
    assert lines
    long = [f"{path.relative_to(ROOT)}: {count} lines" for path, count in lines.items() if count > MOST_LINES]
    assert not long, f"{MOST_LINES} lines at most; split by subject: {long}"


@pytest.mark.parametrize("room", ROOMS)
def test_functions_are_short(room: str) -> None:
    """Lines of the body, without its docstring."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {count} lines, {MOST_LINES_OF_A_FUNCTION} at most"
        for path in _modules(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := _lines_of_body(node)) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def _lines_of_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    begin = function.body[0]
    has_docstring = ast.get_docstring(function, clean=False) is not None
    first = (begin.end_lineno or 0) + 1 if has_docstring else begin.lineno
    return (function.end_lineno or 0) - first + 1


RIDDLES = re.compile(r"\b(judg\w*|bindings book|whoever|what there is|so many)\b", re.IGNORECASE)
"""Words for which plain ones are written: check, cleanup journal, who, available, this many."""


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Texts of more than one word in a module: docstrings, and what users see."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_texts_are_plain(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in _modules(room)
        for line, text in _texts(path)
        for match in RIDDLES.finditer(text)
    ]
    assert not found, "\n".join(found)
