"""A TOML file of the user's, checked by its schema.

What is wrong is told with file, line and key, and no secret is told.
"""

from __future__ import annotations

import datetime
import json
import math
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.toml_lines import Places, join_key, places_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FileError", "TomlFile", "from_environment", "is_secret", "read_toml"]

#: Keys whose values are shown nowhere.
_SECRETS: Final = frozenset({"app_secret", "control_token", "token", "password"})
#: tomllib tells the place at the end of its sentence.
_PLACE: Final = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$")


class FileError(Exception):
    """A file cannot be used. The text is one line, with the place."""


class TomlFile:
    """A file that fits its schema.

    `path` is where it is, `table` what is in it.
    """

    def __init__(self, path: Path, text: str, table: dict[str, Any]) -> None:
        self.path = path
        self.table = table
        self._text = text
        self._places: Places | None = None

    def place(self, name: str) -> str:
        """Return file and line of a key, e.g. "privnum.toml:12"."""
        if self._places is None:  # most files have nothing wrong
            self._places = places_of(self._text)
        line = self._places.line(name)
        return str(self.path) if line is None else f"{self.path}:{line}"

    def error(self, name: str, message: str) -> FileError:
        """Return the error that tells what is wrong at a key."""
        return FileError(f"{self.place(name)}: {message}")


def read_toml(path: Path, schema: str, page: str) -> TomlFile:
    """Read a file that a schema of contracts describes.

    `page` of the documentation is named where something is wrong.

    Raises:
        FileError: it cannot be read, is no TOML, or does not fit.
    """
    text = _text_of(path)
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise FileError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        raise FileError(_no_toml(path, text, str(error))) from None
    file = TomlFile(path, text, table)
    for name, what in _strange_values(table):
        raise file.error(name, f"{name} is {what}, which is no value here ({page})")
    problem = contracts.validator(schema).first_problem(table)
    if problem is not None:
        raise file.error(problem.parameter, f"{_problem_text(problem)} ({page})")
    return file


def from_environment(text: str, name: str) -> str:
    """Return what a text stands for.

    `$NAME` is that environment variable, so files need no secret.

    Raises:
        FileError: the variable is not set; `name` is the key.
    """
    if not text.startswith("$"):
        return text
    try:
        return os.environ[text[1:]]
    except KeyError:
        raise FileError(f"{name} names the environment variable {text[1:]}, which is not set") from None


def is_secret(name: str) -> bool:
    """Return whether the value of a key is shown nowhere."""
    return name.rpartition(".")[2] in _SECRETS


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from None


def _no_toml(path: Path, text: str, why: str) -> str:
    place = _PLACE.search(why)
    line = f":{place[1]}" if place and place[1] else ""
    twice = places_of(text).twice if why.startswith("Cannot") else None
    if twice is not None:
        return (
            f"{path}:{twice.again}: is no TOML: {twice.name} stands here again, first in line {twice.first}; "
            "leave one of them"
        )
    return f"{path}{line}: is no TOML: {_PLACE.sub('', why) if line else why}"


def _strange_values(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Values that TOML has and JSON, the language of schemas, has not."""
    left: list[tuple[str, Any]] = [("", table)]
    while left:
        name, value = left.pop()
        if isinstance(value, dict):
            left += [(join_key(name, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [(f"{name}[{index}]", inner) for index, inner in enumerate(value)]
        elif isinstance(value, datetime.date | datetime.time):
            yield name, "a date or a time without quotes"
        elif isinstance(value, float) and not math.isfinite(value):
            yield name, "no finite number"


def _problem_text(problem: contracts.Problem) -> str:
    """Return the words of a problem.

    Without a secret, and without a table in which one may be.
    """
    got = problem.got
    if got is None or " is no field here; " in problem.message:
        return problem.message
    begin = f"{problem.parameter or 'the file'} must be {problem.expected}"
    if is_secret(problem.parameter):
        return f"{begin}; what is there is not shown"
    if got[:1] in "{[":
        return f"{begin}, not {'a table' if got[0] == '{' else 'a list'}"
    near = contracts.nearest_choice(problem.expected, got)
    return f"{begin}, not {got}{f'; did you mean {json.dumps(near)}?' if near else ''}"
