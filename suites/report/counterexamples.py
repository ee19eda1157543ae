"""The counterexample of each failure as files beside the report.

A sequence diagram (SVG) and an Arazzo document (JSON).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum.suites.report.html import sequence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["FOLDER", "remove", "write"]

FOLDER: Final = "counterexamples"
_KINDS: Final = (".svg", ".arazzo.json")


def write(report: Mapping[str, Any], folder: Path) -> None:
    """Write the files of every failure that has a history.

    Those of an earlier run are removed.     Raises OSError.
    """
    remove(folder)
    for rule in report["requirements"]:
        files = _files(rule)
        if files:
            (folder / FOLDER).mkdir(exist_ok=True)
        for kind, content in files.items():
            (folder / FOLDER / f"{rule['id']}{kind}").write_bytes(content)


def _files(rule: dict[str, Any]) -> dict[str, bytes]:
    found = {}
    if (picture := sequence.document(rule)) is not None:
        found[".svg"] = picture.encode()
    if flow := (rule["counterexample"] or {}).get("arazzo"):
        found[".arazzo.json"] = orjson.dumps(flow, option=orjson.OPT_INDENT_2) + b"\n"
    return found


def remove(folder: Path) -> None:
    """Remove what `write` wrote, and the folder where it is empty then.

    Raises OSError.
    """
    place = folder / FOLDER
    if not place.is_dir():
        return
    for kind in _KINDS:
        for file in place.glob(f"*{kind}"):
            file.unlink()
    if not any(place.iterdir()):
        place.rmdir()
