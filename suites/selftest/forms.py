"""What came of forms that are allowed: kept as a file, joined, summed up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ROWS", "Row", "join_parts", "summary", "write_rows"]

ROWS: Final = Path("build/specificity/forms.json")
"""Where a run writes what came of its forms."""


class Row(NamedTuple):
    """What came of one form.

    How many verdicts on rules, in how many seconds, what is wrong with it, and the command that checks it again.
    """

    name: str
    seconds: float
    verdicts: int
    faults: list[str]
    again: str

    @property
    def kind(self) -> str:
        """What sort of form it is."""
        if self.name in contracts.variations():
            return "variations"
        if self.name.startswith("random-"):
            return "random combinations"
        return "plain" if self.name == "plain" else "other choices"


def write_rows(rows: Sequence[Row], wanted: Sequence[str]) -> None:
    """Write what came of a run, or of a part of one.

    `wanted` has the names of all forms of the whole.
    """
    ROWS.parent.mkdir(parents=True, exist_ok=True)
    ROWS.write_bytes(orjson.dumps({"forms": list(wanted), "rows": [row._asdict() for row in rows]}))


def join_parts(folders: Sequence[Path]) -> list[Row]:
    """The rows of several parts, each a copy of the folder of ROWS.

    Raises SystemExit: a form stands in two parts or in none, or the parts are of different runs.
    """
    rows: dict[str, Row] = {}
    wanted: list[str] | None = None
    for path in (folder / ROWS.name for folder in folders):
        try:
            found = orjson.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path} cannot be read: {error}") from None
        if wanted not in (None, found["forms"]):
            raise SystemExit(f"{path} is a part of another run: its forms are not those of the part before")
        wanted = found["forms"]
        for row in (Row(**each) for each in found["rows"]):
            if row.name in rows:
                raise SystemExit(f"{path}: {row.name} stands in another part, too")
            rows[row.name] = row
    lacking = [name for name in wanted or () if name not in rows]
    if lacking:
        raise SystemExit(f"{len(lacking)} forms are in no part, such as {lacking[0]}")
    return [rows[name] for name in wanted or ()]


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """The sum of forms: how many of each kind, and which have a fault."""
    for kind in ("plain", "variations", "other choices", "random combinations"):
        found = [row for row in rows if row.kind == kind]
        bad = [row.name for row in found if row.faults]
        verdicts = sum(row.verdicts for row in found)
        counts = f"{len(found):4} checked, {verdicts:6} verdicts on rules, {len(bad)} with a fault"
        yield f"{kind:20} {counts}{': ' * bool(bad)}{', '.join(bad)}"
