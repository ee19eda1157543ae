"""The coverage of a run for a screen."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from privnum.suites.base.printing import plural
from privnum.suites.coverage.items import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.report.coverage import Coverage

__all__ = ["lines", "summary"]

_WIDTH = 100


def lines(coverage: Coverage, *, everything: bool = False) -> Iterator[str]:
    """The counts, what is uncovered, and what is reserved and why.

    `everything`: what is covered, too, with the rule and the check.
    """
    yield summary(coverage)
    yield ""
    yield from _table(coverage)
    yield from _refuted_lines(coverage)
    yield from _uncovered_lines(coverage)
    yield from _reserved_lines(coverage)
    if everything:
        yield from _covered_lines(coverage)


def summary(coverage: Coverage) -> str:
    """The counts in one line."""
    counted = f"{len(coverage.covered)} covered, {len(coverage.reserved)} reserved, {len(coverage.uncovered)} uncovered"
    more = f"; {plural(len(coverage.refuted), 'reserved item was', 'reserved items were')} seen" * bool(
        coverage.refuted
    )
    return f"{plural(len(coverage.items), 'item')}: {counted}{more}"


def _table(coverage: Coverage) -> Iterator[str]:
    counts = coverage.counts()
    rows = [["covered of all", *KINDS.values()]]
    for mode in coverage.modes:
        found = (counts.get((mode, kind)) for kind in KINDS)
        rows.append([mode, *("-" if cell is None else _cell(*cell) for cell in found)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        yield "  ".join([first.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(rest, widths[1:], strict=True))])


def _cell(covered: int, reserved: int, there: int) -> str:
    return f"{covered} of {there}" + f", {reserved} res." * bool(reserved)


def _refuted_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.refuted:
        yield ""
        yield "RESERVED, BUT SEEN: the reason no longer holds; take the item out of contracts/reserved.toml"
    for id_ in coverage.refuted:
        one = coverage.seen[id_][0]
        yield f"  {id_}: seen by {one.check} ({one.requirement})"


def _uncovered_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.uncovered:
        yield ""
        yield "UNCOVERED: no check has asserted on an exchange that shows it"
    for mode in coverage.modes:
        for kind in KINDS:
            found = [id_ for id_ in coverage.uncovered if coverage.items[id_].mode == mode]
            found = [id_ for id_ in found if coverage.items[id_].kind == kind]
            if found:
                yield f"  {mode}, {plural(len(found), kind, KINDS[kind])}"
                yield from (f"    {id_}" for id_ in found)


def _reserved_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.reserved:
        yield ""
        yield "RESERVED: nobody can see it"
    for row, held in coverage.reasons():
        yield from _wrapped_lines(f"{row.reason}: {row.why}", "  ")
        yield from _packed_lines(held, "    ")


def _covered_lines(coverage: Coverage) -> Iterator[str]:
    yield ""
    yield "COVERED: by the rule and the check, the first few"
    for id_ in coverage.covered:
        yield f"  {id_}"
        yield from (f"    {one.requirement}  {one.check}" for one in coverage.seen[id_])


def _wrapped_lines(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _packed_lines(ids: list[str], indent: str) -> Iterator[str]:
    """Ids one after the other, none of them broken."""
    line = ""
    for id_ in ids:
        if line and len(f"{indent}{line}; {id_}") > _WIDTH:
            yield indent + line
            line = ""
        line = f"{line}; {id_}" if line else id_
    yield indent + line
