"""What a rule and its check rest on, in columns that are never added up.

Each is of another kind: a page says it, this run has tried it, a seeded bug breaks it, another implementation was held
against it, the real platform was seen to do so.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum import contracts

__all__ = ["COLUMNS", "evidence", "recorded_evidence"]

_FOLDER: Final = Path(__file__).parent
COLUMNS: Final = {
    "documented": "documented",
    "checked": "checked here",
    "bugs": "kills a seeded bug",
    "second": "held against a second implementation",
    "platform": "seen on the real platform",
}
"""The columns, and what they are called."""


def evidence(rule: contracts.Requirement, verdict: str) -> dict[str, Any]:
    """The evidence of a rule.

    `documented` are its sources where one states it, `checked` the verdict of this run where it was tried, `bugs` the
    seeded bugs that its checks must find, `second` and `platform` when and what was seen; None or empty: nothing.
    """
    second = recorded_evidence("second")
    seen = second["rules"].get(rule.id)
    return {
        "documented": list(rule.source) if rule.basis == "documented" else [],
        "checked": verdict if verdict in ("passed", "failed", "differs") else None,
        "bugs": list(recorded_evidence("bugs").get(rule.id, ())),
        "second": None if seen is None else {"name": second["name"], "date": second["date"], "verdict": seen},
        "platform": recorded_evidence("platform").get(rule.id),
    }


@cache
def recorded_evidence(name: str) -> Mapping[str, Any]:
    """A file of recorded evidence: "bugs", "second" or "platform"."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
