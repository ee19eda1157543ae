"""The part of the page that says what the run has exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.coverage.items import KINDS
from privnum.suites.report.coverage_text import summary
from privnum.suites.report.html.elements import Child, Html, join, tag
from privnum.suites.report.html.rules import link
from privnum.words import count_of, figure, language, say

if TYPE_CHECKING:
    from privnum.suites.report.coverage import Coverage, Sighting
    from privnum.suites.report.load import Run

__all__ = ["section"]

_OPEN = 40
"""Items of a list that is open from the beginning; a longer one is a screen of its own."""


def section(run: Run) -> Html | None:
    """The counts, what is uncovered or reserved, who has seen the rest.

    None where nothing was counted.
    """
    coverage = run.coverage
    if coverage is None:
        return None
    lead = say(
        "Operations, pushes, their fields and enumerated values, result codes and release causes. An item is covered "
        "when it was seen in an exchange that a check asserted on."
    )
    cut = say("The run did not come to its end: what is uncovered may only not have been tried yet.")
    return tag(
        "section",
        tag("h2", say("What of the contract was exercised")),
        tag("p", lead, class_="lead"),
        tag("p", say("{parts}.", parts=summary(coverage)), class_="counted"),
        tag("p", cut, class_="notice", role="note") if run.ended != "finished" else None,
        _table(coverage),
        _refuted_block(coverage),
        _uncovered_block(coverage),
        _reserved_block(coverage),
        _covered_block(coverage),
        id="coverage",
    )


def _table(coverage: Coverage) -> Html:
    counts = coverage.counts()
    head = [tag("th", say("Mode"), scope="col"), *(tag("th", say(kinds), scope="col") for kinds in KINDS.values())]
    rows = []
    for mode in coverage.modes:
        cells = [_cell(kinds, counts.get((mode, kind))) for kind, kinds in KINDS.items()]
        rows.append(tag("tr", tag("th", _mode_title(mode), scope="row"), cells))
    caption = tag("caption", say("Covered of all, and how many are reserved"))
    return tag("table", caption, tag("thead", tag("tr", head)), tag("tbody", rows), class_="items")


def _mode_title(mode: str) -> str:
    return say("Common") if mode == "common" else mode


def _cell(kinds: str, count: tuple[int, int, int] | None) -> Html:
    if count is None:
        return tag("td", "–", class_="zero")
    covered, reserved, there = count
    more = tag("span", say(" {count} reserved", count=figure(reserved)), class_="aside") if reserved else None
    short = covered + reserved < there
    return tag(
        "td",
        say("{covered} of {there}", covered=figure(covered), there=figure(there)),
        more,
        class_="short" if short else None,
        data_kind=say(kinds),
    )


def _refuted_block(coverage: Coverage) -> Html | None:
    rows = [tag("li", tag("code", id_), _by(coverage.seen[id_][:1])) for id_ in coverage.refuted]
    told = say("The reason no longer holds: they have to leave contracts/reserved.toml.")
    return _list(say("Reserved, but seen"), told, rows)


def _uncovered_block(coverage: Coverage) -> Html | None:
    rows = [
        tag("li", tag("code", id_), " ", tag("span", say(coverage.items[id_].kind), class_="aside"))
        for id_ in coverage.uncovered
    ]
    return _list(say("Uncovered"), say("No check has asserted on an exchange that shows them."), rows)


def _list(heading: str, told: str, rows: list[Html]) -> Html | None:
    if not rows:
        return None
    return tag(
        "article",
        tag("h3", heading),
        tag("p", told, class_="lead"),
        tag("details", tag("summary", count_of(len(rows), "item")), tag("ul", rows), open=len(rows) <= _OPEN),
        class_="group",
    )


def _reserved_block(coverage: Coverage) -> Html | None:
    rows = [_reason(row, held) for row, held in coverage.reasons()]
    if not rows:
        return None
    return tag("article", tag("h3", say("Reserved, and why")), tag("dl", rows, class_="reasons"), class_="group")


def _reason(row: contracts.Reserved, held: list[str]) -> Html:
    why = contracts.in_language(language()).reserved().get(row.id, row).why
    named = tag(
        "details", tag("summary", count_of(len(held), "item")), tag("ul", [tag("li", tag("code", i)) for i in held])
    )
    return tag("div", tag("dt", say(row.reason)), tag("dd", why, named))


def _covered_block(coverage: Coverage) -> Html | None:
    blocks = []
    for mode in coverage.modes:
        found = [id_ for id_ in coverage.covered if coverage.items[id_].mode == mode]
        rows = [tag("li", tag("code", id_), _by(coverage.seen[id_])) for id_ in found]
        if rows:
            told = say(
                "{mode}: {items}, and who has seen them", mode=_mode_title(mode), items=count_of(len(rows), "item")
            )
            blocks.append(tag("details", tag("summary", told), tag("ul", rows, class_="sightings")))
    return tag("article", tag("h3", say("Covered")), blocks, class_="group") if blocks else None


def _by(sightings: tuple[Sighting, ...]) -> Html:
    """The rules, each once, and the first check.

    All checks that were reported are in events.jsonl.
    """
    known = contracts.requirements()
    rules = list(dict.fromkeys(one.requirement for one in sightings))
    links: list[Child] = [
        part for id_ in rules for part in (" ", link(id_) if id_ in known else tag("span", id_, class_="id"))
    ]
    return tag("span", join(*links), " ", tag("span", sightings[0].check, class_="aside"))
