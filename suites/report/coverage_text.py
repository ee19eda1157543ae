"""The coverage of a run for a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.coverage.items import KINDS
from privnum.words import count_of, figure, language, say
from privnum.words.layout import pad_text, width_of, wrapped_lines

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
    refuted = count_of(len(coverage.refuted), "reserved item was", "reserved items were")
    return say(
        "{items}: {covered} covered, {reserved} reserved, {uncovered} uncovered{more}",
        items=count_of(len(coverage.items), "item"),
        covered=figure(len(coverage.covered)),
        reserved=figure(len(coverage.reserved)),
        uncovered=figure(len(coverage.uncovered)),
        more=say("; {refuted} seen", refuted=refuted) if coverage.refuted else "",
    )


def _table(coverage: Coverage) -> Iterator[str]:
    counts = coverage.counts()
    rows = [[say("covered of all"), *map(say, KINDS.values())]]
    for mode in coverage.modes:
        found = (counts.get((mode, kind)) for kind in KINDS)
        rows.append([say(mode), *("-" if cell is None else _cell(*cell) for cell in found)])
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (" " * (width - width_of(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join([pad_text(first, widths[0]), *cells])


def _cell(covered: int, reserved: int, there: int) -> str:
    shown = {"covered": figure(covered), "there": figure(there)}
    if not reserved:
        return say("{covered} of {there}", **shown)
    return say("{covered} of {there}, {reserved} res.", **shown, reserved=figure(reserved))


def _refuted_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.refuted:
        yield ""
        yield say("RESERVED, BUT SEEN: the reason no longer holds; take the item out of contracts/reserved.toml")
    for id_ in coverage.refuted:
        one = coverage.seen[id_][0]
        yield say("  {id}: seen by {check} ({rule})", id=id_, check=one.check, rule=one.requirement)


def _uncovered_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.uncovered:
        yield ""
        yield say("UNCOVERED: no check has asserted on an exchange that shows it")
    for mode in coverage.modes:
        for kind in KINDS:
            found = [id_ for id_ in coverage.uncovered if coverage.items[id_].mode == mode]
            found = [id_ for id_ in found if coverage.items[id_].kind == kind]
            if found:
                yield say("  {mode}, {items}", mode=say(mode), items=count_of(len(found), kind, KINDS[kind]))
                yield from (f"    {id_}" for id_ in found)


def _reserved_lines(coverage: Coverage) -> Iterator[str]:
    if coverage.reserved:
        yield ""
        yield say("RESERVED: nobody can see it")
    for row, held in coverage.reasons():
        why = contracts.in_language(language()).reserved().get(row.id, row).why
        yield from wrapped_lines(say("{reason}: {why}", reason=say(row.reason), why=why), _WIDTH, first="  ", rest="  ")
        yield from _packed_lines(held, "    ")


def _covered_lines(coverage: Coverage) -> Iterator[str]:
    yield ""
    yield say("COVERED: by the rule and the check, the first few")
    for id_ in coverage.covered:
        yield f"  {id_}"
        yield from (f"    {one.requirement}  {one.check}" for one in coverage.seen[id_])


def _packed_lines(ids: list[str], indent: str) -> Iterator[str]:
    """Ids one after the other, none of them broken."""
    line = ""
    for id_ in ids:
        if line and len(f"{indent}{line}; {id_}") > _WIDTH:
            yield indent + line
            line = ""
        line = f"{line}; {id_}" if line else id_
    yield indent + line
