"""Where a setting comes from.

From an option, the environment, the file, or a default, in this order.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum import contracts
from privnum.control import VARIABLES
from privnum.serving.forms import PATHS, FormError, check, read, settings
from privnum.serving.options import CONFIG
from privnum.toml_files import FileError, TomlFile, from_environment, read_toml
from privnum.toml_lines import join_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DEFAULT", "Given", "SettingError", "Settings", "strangers"]

DEFAULT: Final = "default"
_BETWEEN: Final = re.compile(r"[,\s]+")
#: So much alike is a variable that was meant to be one of ours; others may begin with PRIVNUM_ too.
_ALIKE: Final = 0.85


class SettingError(Exception):
    """A setting cannot be used. The text is one line, with its place."""


class Given(NamedTuple):
    """A value, and where it comes from."""

    value: Any
    origin: str


class Settings:
    """What the server is to run with.

    Args:
        options: what was given on the command line, by setting.
        environment: the variables of the process.

    Raises:
        SettingError: a variable, or something in the file, cannot be used.
    """

    def __init__(self, options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> None:
        path = options.get("config") or environment.get(CONFIG)
        self.file = None if not path else _file(Path(path))
        self.given: dict[str, Given] = {}
        #: Choices of assumptions; each may come from another place.
        self.assumptions: dict[str, Given] = {}
        for name, part in settings().items():
            self._enter(name, part.get("default"), lambda _: DEFAULT)
            if self.file is not None and name in self.file.table:
                self._enter(name, _of_file(self.file, name), self.file.place)
            text = environment.get(part["x-environment"])
            if text:
                variable = part["x-environment"]
                self._enter(name, _of_variable(name, variable, text), lambda _, origin=variable: origin)
            if name in options:
                option = f"--{options[name]}" if name == "log" else part["x-option"]
                self._enter(name, _of_option(name, options[name]), lambda _, origin=option: origin)
        for name in ("applications", "home_areas"):
            table = {} if self.file is None else self.file.table
            self.given[name] = Given(table.get(name), self.place(name) if name in table else DEFAULT)

    def _enter(self, name: str, value: Any, origin: Any) -> None:
        if name == "assumptions":
            self.assumptions |= {id_: Given(one, origin(join_key(name, id_))) for id_, one in (value or {}).items()}
        else:
            self.given[name] = Given(value, origin(name))

    def __getitem__(self, name: str) -> Any:
        """Return the value of a setting."""
        return self.given[name].value

    def place(self, name: str) -> str:
        """Return where in the file a key stands.

        The key itself where there is no file.
        """
        return name if self.file is None else self.file.place(name)


def strangers(environment: Mapping[str, str] = os.environ) -> Iterator[tuple[str, str]]:
    """Variables that are no settings but look like one, and that one."""
    known = {CONFIG, *(part["x-environment"] for part in settings().values())}
    for name in environment:
        if name.startswith("PRIVNUM_") and name not in known | VARIABLES:
            near = contracts.nearest(name, known, _ALIKE)
            if near:
                yield name, near


def _of_option(name: str, value: Any) -> Any:
    if name == "assumptions":
        return {id_: choice for one in value for id_, choice in one.items()}
    return [item for one in value for item in one] if isinstance(value, list) else value


def _of_variable(name: str, variable: str, text: str) -> Any:
    try:
        if settings()[name].get("type") in ("array", "object"):
            return _of_option(name, [read(name, one) for one in _BETWEEN.split(text) if one])
        return read(name, text)
    except FormError as error:
        raise SettingError(f"{variable}: {error}") from None


def _file(path: Path) -> TomlFile:
    """Return the file.

    With what it takes from the environment, and paths as they are from here.
    """
    try:
        file = read_toml(path, "server/config", "docs/configuration.md")
        if "control_token" in file.table:
            _resolve(file, file.table, "control_token", "control_token")
        for index, app in enumerate(file.table.get("applications", ())):
            if "app_secret" in app:
                _resolve(file, app, "app_secret", f"applications[{index}].app_secret")
    except FileError as error:
        raise SettingError(str(error)) from None
    for name in PATHS:
        if name in file.table and "://" not in file.table[name]:  # a state may be a database
            file.table[name] = str(path.parent / file.table[name])
    return file


def _resolve(file: TomlFile, table: dict[str, Any], key: str, name: str) -> None:
    try:
        table[key] = from_environment(table[key], name)
    except FileError as error:
        raise file.error(name, str(error)) from None


def _of_file(file: TomlFile, name: str) -> Any:
    value = file.table[name]
    parts: list[tuple[str, Any]] = [(name, value)]
    if name == "assumptions":
        parts = [(join_key(name, id_), {id_: choice}) for id_, choice in value.items()]
    elif name == "variations":
        parts = [(f"{name}[{index}]", [id_]) for index, id_ in enumerate(value)] + parts
    for place, part in parts:
        try:
            check(name, part)
        except FormError as error:
            raise SettingError(f"{file.place(place)}: {name}: {error}") from None
    return value
