"""Writes for reports which seeded bugs break which rule.

Reports import nothing of the server.

`python -m privnum.suites.mutation.evidence` writes suites/report/evidence/bugs.toml anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from privnum.suites.mutation.registry import mutants
from privnum.suites.report import evidence

__all__ = ["FILE", "table_of_bugs"]

FILE: Final = Path(evidence.__file__).with_name("bugs.toml")
_HEAD: Final = (
    "# Seeded bugs by the rule that each breaks, and that has to notice it; `make mutants` holds that it does.\n"
    "# Written by: python -m privnum.suites.mutation.evidence\n\n"
)


def table_of_bugs() -> str:
    """The file's text."""
    found: dict[str, list[str]] = {}
    for id_, mutant in mutants().items():
        found.setdefault(mutant.rule_id, []).append(id_)
    lines = [f'"{rule}" = [{", ".join(f"{chr(34)}{bug}{chr(34)}" for bug in found[rule])}]\n' for rule in sorted(found)]
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    FILE.write_text(table_of_bugs(), encoding="utf-8", newline="\n")
