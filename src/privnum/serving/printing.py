"""What `privnum serve --print-config` prints.

A privnum.toml that says where each line comes from.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.database.address import is_database, shown_address
from privnum.serving.forms import settings
from privnum.toml_files import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.serving.sources import Settings

__all__ = ["in_line", "toml_of"]

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
#: Signs of a line before the comment.
_WIDE: Final = 42
_HEAD: Final = """\
# What privnum serve runs with. The comment of a line says where it comes from: the option, the variable of the
# environment, file and line, or the default. Secrets are not shown.
"""


def toml_of(given: Settings) -> str:
    """Return every setting as a line of TOML with its origin."""
    return _HEAD + "".join(f"{line}\n" for line in _lines(given))


def _lines(given: Settings) -> Iterator[str]:
    for name, part in settings().items():
        if name == "assumptions":
            continue
        value, origin = given.given[name]
        if value is None:
            absent = part["description"].partition("Absent: ")[2] or "nothing"
            yield _with(f"# {name} =", f"{origin}: {absent.rstrip('.')}")
        else:
            yield _with(f"{name} = {_toml_text(name, value)}", origin)
    if given.assumptions:
        yield ""
        yield "[assumptions]"
        for id_, (value, origin) in given.assumptions.items():
            yield _with(f"{_key(id_)} = {_toml_text(id_, value)}", origin)
    if given["home_areas"]:
        yield ""
        yield _with("[home_areas]", given.given["home_areas"].origin)
        for prefix, area in given["home_areas"].items():
            yield f"{_key(prefix)} = {_toml_text(prefix, area)}"
    for index, app in enumerate(given["applications"] or ()):
        yield ""
        yield _with("[[applications]]", given.place(f"applications[{index}]"))
        for key, value in app.items():
            yield f"{_key(key)} = {_toml_text(key, value)}"


def _with(line: str, origin: str) -> str:
    return f"{line:{_WIDE}} # {origin}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _toml_text(name: str, value: Any) -> str:
    if name == "state" and is_database(value):
        return in_line(shown_address(value))
    return '"****"' if is_secret(name) else in_line(value)


def in_line(value: Any) -> str:
    """Return a value as TOML has it in one line; texts are those of JSON."""
    if isinstance(value, list):
        return f"[{', '.join(map(in_line, value))}]"
    if isinstance(value, dict):
        return _inline(value)
    return json.dumps(value, ensure_ascii=False)


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{_key(key)} = {_toml_text(key, value)}" for key, value in table.items()) + " }"
