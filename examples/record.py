"""Records how examples/platform kept the rules, as evidence for reports.

`make example && python -m examples.record` reads the report of that run and writes suites/report/evidence/second.toml.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from examples.check import FOLDER
from privnum.suites.report import evidence

__all__ = ["table_of"]

FILE = Path(evidence.__file__).with_name("second.toml")
KEPT = ("passed", "failed")


def table_of(report: dict[str, Any]) -> str:
    """The file's text: rules that the platform kept, and those that its gaps break."""
    rules = {rule["id"]: rule["verdict"] for rule in report["requirements"] if rule["verdict"] in KEPT}
    head = (
        "# How a second implementation, which shares no code with the server, kept the rules.\n"
        "# failed: one of its known gaps.\n"
        "# Written by: make example && python -m examples.record\n\n"
    )
    facts = f'name = "examples/platform"\ndate = "{report["run"]["time"][:10]}"\n\n[rules]\n'
    return head + facts + "".join(f'"{id_}" = "{verdict}"\n' for id_, verdict in sorted(rules.items()))


if __name__ == "__main__":
    report = json.loads((FOLDER / "report.json").read_bytes())
    FILE.write_text(table_of(report), encoding="utf-8", newline="\n")
