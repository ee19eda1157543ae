"""`privnum init` and `privnum schema`.

Files for the server, and for the editor that one writes them in.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.ends import report_problem
from privnum.options import BAD_USAGE, OptionParser, add_language
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["init_main", "schema_main", "schema_of"]

#: Files that have a schema for editors, and its name in the contract.
_SCHEMAS: Final = {"config": "server/config", "target": "target/target"}


def init_main(args: Sequence[str]) -> int:
    """Write a privnum.toml; return the status."""
    parser = OptionParser(
        prog="privnum init",
        description="Write a privnum.toml with every setting explained and an application of each mode.",
        epilog="status: 0 it is written; 2 it is not: there is one already, or it cannot be",
        examples=("privnum init", "privnum init lab.toml"),
        allow_abbrev=False,
    )
    parser.add_argument(
        "file", nargs="?", default="privnum.toml", metavar="FILE", help="the file to write (default: %(default)s)"
    )
    add_language(parser)
    given = parser.parse_args(args)
    from privnum.serving.template import template

    path = Path(given.file)
    try:
        with open(path, "x", encoding="utf-8", opener=_private) as file:
            file.write(template())
    except FileExistsError:
        return _refuse("init", f"{path} is there already; name another file, or take that one away")
    except OSError as error:
        return _refuse("init", f"{path} cannot be written: {error.strerror}")
    sys.stdout.write(say("{path} is written; run: privnum serve --config {path}", path=path) + "\n")
    return 0


def schema_main(args: Sequence[str]) -> int:
    """Write the JSON Schema of a file; return the status."""
    parser = OptionParser(
        prog="privnum schema",
        description="Write the JSON Schema of privnum.toml or target.toml, for an editor that checks and completes "
        "what is written in them. The line '#:schema FILE' at the beginning of a TOML file names its schema.",
        epilog="status: 0 the schema is written; 2 it is not, or bad usage",
        examples=("privnum schema config --output privnum.schema.json",),
        allow_abbrev=False,
    )
    parser.add_argument("kind", choices=tuple(_SCHEMAS), help="config: privnum.toml; target: target.toml")
    parser.add_argument("--output", metavar="FILE", help="write into this file (default: standard output)")
    add_language(parser)
    given = parser.parse_args(args)
    text = json.dumps(schema_of(given.kind), indent=2, ensure_ascii=False) + "\n"
    if given.output is None:
        sys.stdout.write(text)
        return 0
    try:
        Path(given.output).write_text(text, encoding="utf-8")
    except OSError as error:
        return _refuse("schema", f"{given.output} cannot be written: {error.strerror}")
    return 0


def schema_of(kind: str) -> dict[str, Any]:
    """Return the schema by which a file is read, in plain JSON Schema."""
    schema: dict[str, Any] = _plain(contracts.schema(_SCHEMAS[kind]))
    return schema


def _plain(node: Any) -> Any:
    """Return a schema without our own annotations.

    And without null, which TOML has not.
    """
    if isinstance(node, list):
        return [_plain(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    return {key: _plain(value) for key, value in node.items() if not key.startswith("x-")}


def _private(path: str, flags: int) -> int:
    """Open a new file that only its owner may read.

    Keys and secrets will be in it.
    """
    return os.open(path, flags, 0o600)


def _refuse(command: str, why: str) -> int:
    report_problem(f"privnum {command}", why)
    return BAD_USAGE
