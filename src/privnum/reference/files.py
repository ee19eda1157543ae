"""Pages of what privnum reads and writes: settings, targets, reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.reference.fields import fields_table
from privnum.reference.markdown import anchor, code, page, plain, table
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["files_page", "settings_page"]

#: Documents that have a page of their own, or are on that of the control plane.
_ELSEWHERE: Final = ("config", "control_error")


def settings_page() -> str:
    """Return the page of privnum.toml, with options and variables."""
    parts = contracts.schema("server/config")["properties"]
    rows = [_setting(name, part) for name, part in parts.items() if "x-option" in part]
    tables = [
        f"## {code(name)} {{#{anchor(name)}}}\n\n{plain(part.get('description', ''))}\n\n"
        + table(("name", "value", "what it is"), _keys(part.get("items", part)))
        for name, part in parts.items()
        if "x-option" not in part
    ]
    return page(
        say("Settings of the server"),
        say(
            "Keys of privnum.toml, each an option of `privnum serve` and a variable of the environment, too. An option "
            "counts before its variable, that before the file. `privnum serve --print-config` shows what is in force."
        ),
        table(("name", "option", "environment", "default", "value", "what it is"), rows),
        *tables,
    )


def _setting(name: str, part: Mapping[str, Any]) -> list[str]:
    default = code(json.dumps(part["default"])) if "default" in part else ""
    options = ", ".join(map(code, part["x-option"].split(", ")))
    value = plain(contracts.describe(part))
    return [code(name), options, code(part["x-environment"]), default, value, plain(part["description"])]


def _keys(part: Mapping[str, Any]) -> list[list[str]]:
    return [
        [code(name), plain(contracts.describe(each)), plain(str(each.get("description", "")))]
        for name, each in part.get("properties", {}).items()
    ]


def files_page() -> str:
    """Return the page of target.toml, reports and baselines."""
    return page(
        say("Files: targets, reports, baselines"),
        say("What the suites read and write, field by field; TOML is read as the same in JSON."),
        *(
            f"## {plain(each.title)} {{#{anchor(each.id)}}}\n\n{fields_table('Fields', each.schema)}"
            for each in contracts.documents().values()
            if each.id not in _ELSEWHERE
        ),
    )
