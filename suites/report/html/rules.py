"""The part of the page that lists every rule.

And what other parts show of a rule.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.report.evidence import COLUMNS
from privnum.suites.report.html.elements import Child, Html, join, tag
from privnum.suites.report.text import (
    BASES,
    LATTICE,
    MARKS,
    SHOWN,
    WORDS,
    duration,
    sections,
    tally,
    title,
    worded_text,
)
from privnum.words import count_of, figure, join_words, retell, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.report.load import Run

__all__ = ["badge", "catalogue", "link", "sources"]

Rule = dict[str, Any]

_LEVELS = ("must", "should", "may")
_CHECKS = 8
"""Checks of a rule that are listed."""


def badge(verdict: str) -> Html:
    """A verdict as a sign and a word, so that it does not hang on colour."""
    mark = tag("span", MARKS[verdict], class_="mark", aria_hidden="true")
    return tag("span", mark, say(WORDS[verdict]), class_=f"badge {verdict}")


def link(id_: str, text: str | None = None) -> Html:
    """A link to the row of a rule."""
    return tag("a", text or id_, href=f"#{id_}", class_="id")


def sources(keys: Iterable[str]) -> Html:
    """Where a rule stands.

    Links where the contract knows a page, titles elsewhere.
    """
    known = contracts.sources()
    return tag("ul", (_source(key, known.get(key.partition("@")[0])) for key in keys), class_="sources")


def _source(key: str, source: contracts.Source | None) -> Html:
    name, _, date = key.partition("@")
    if source is None:
        return tag("li", key)
    safe = source.url is not None and source.url.startswith("https://")
    title = tag("a", source.title, href=source.url, rel="noreferrer noopener") if safe else source.title
    return tag("li", title, tag("span", f" [{name}" + (f", {date}]" if date else "]"), class_="aside"))


def catalogue(run: Run) -> Html:
    """Every rule, by mode and topic, with the filters."""
    groups = sections(run.report)
    blocks = [_group(run, mode, topic, rules) for (mode, topic), rules in groups.items()]
    return tag(
        "section",
        tag("h2", say("All rules")),
        _filters(run),
        tag("div", blocks, id="rules"),
        tag("p", say("No rule is like this."), id="none", hidden=True),
        id="all",
    )


def _filters(run: Run) -> Html:
    """Shown by the script: without it they would do nothing."""
    rules = run.report["requirements"]
    counts = Counter(rule["verdict"] for rule in rules)
    boxes = [_box(verdict, counts[verdict]) for verdict in SHOWN if counts[verdict]]
    modes = list(dict.fromkeys(rule["mode"] for rule in rules))
    return tag(
        "form",
        tag(
            "label",
            tag("span", say("Search")),
            tag("input", type="search", name="text", autocomplete="off", placeholder=say("id, words, result code")),
            class_="search",
        ),
        tag("fieldset", tag("legend", say("Verdict")), boxes),
        _choice("mode", say("Mode"), modes),
        _choice("basis", say("Basis"), list(BASES)),
        _choice("level", say("Level"), list(_LEVELS)),
        tag(
            "p",
            tag("output", count_of(len(rules), "rule"), name="count", aria_live="polite"),
            " ",
            tag("button", say("Open all"), type="button", name="unfold"),
            " ",
            tag("button", say("Clear"), type="reset"),
            class_="count",
        ),
        id="filters",
        role="search",
        hidden=True,
    )


def _box(verdict: str, count: int) -> Html:
    box = tag("input", type="checkbox", name="verdict", value=verdict, autocomplete="off")
    return tag("label", box, badge(verdict), " ", figure(count))


def _choice(name: str, title: str, values: list[str]) -> Html:
    options = [tag("option", say("any"), value=""), *(tag("option", say(value), value=value) for value in values)]
    return tag("label", tag("span", title), tag("select", options, name=name, autocomplete="off"))


def _group(run: Run, mode: str, topic: str, rules: list[Rule]) -> Html:
    counts = Counter(rule["verdict"] for rule in rules)
    summary = tally(counts, SHOWN)
    place = say("Common") if mode == "common" else mode
    return tag(
        "section",
        tag("h3", f"{place} · {topic} ", tag("span", summary, class_="aside")),
        [_row(run, rule) for rule in rules],
        class_="topic",
    )


def _row(run: Run, rule: Rule) -> Html:
    described = contracts.requirements().get(rule["id"])
    marks = [word for word in (rule["level"], rule["basis"]) if word not in ("must", "documented")]
    remark = (described.assumption if described else None) or join_words([say(word) for word in marks])
    note = tag("span", remark, class_="aside") if remark else None
    return tag(
        "details",
        tag(
            "summary",
            badge(rule["verdict"]),
            " ",
            tag("span", rule["id"], class_="id"),
            " ",
            tag("span", title(rule), class_="title"),
            " ",
            note,
        ),
        tag("div", tag("p", worded_text(rule), class_="text"), _facts(run, rule), id=rule["id"], class_="inside"),
        class_="rule",
        data_verdict=rule["verdict"],
        data_mode=rule["mode"],
        data_basis=rule["basis"],
        data_level=rule["level"],
    )


def _facts(run: Run, rule: Rule) -> Html:
    described = contracts.requirements().get(rule["id"])
    needs = ", ".join(described.needs) if described else ""
    finding = rule["verdict"] in ("failed", "differs")
    more = tag("a", say("see what was found"), href=f"#finding-{rule['id']}") if finding else None
    level, basis = say(rule["level"]), say(rule["basis"])
    standing = say("{level}, {basis}: {meaning}", level=level, basis=basis, meaning=say(BASES[rule["basis"]]))
    facts: list[tuple[str, Child]] = [
        (say("Reason"), join(retell(rule["reason"] or ""), " ", more) if rule["reason"] or more else None),
        (say("Standing"), standing),
        (say("Source"), sources(rule["source"]) if rule["source"] else None),
        (say("Evidence"), _evidence(rule)),
        (say("Needs"), needs or None),
        (say("Checks"), _checks(run, rule) if rule["checks"] else None),
    ]
    return tag("dl", (tag("div", tag("dt", term), tag("dd", text)) for term, text in facts if text), class_="facts")


def _evidence(rule: Rule) -> Html:
    """What the rule rests on: a column for each kind, and no sum of them."""
    told = rule["evidence"]
    second = told["second"]
    cells = {
        "documented": count_of(len(told["documented"]), "source") if told["documented"] else None,
        "checked": say(WORDS[told["checked"]]) if told["checked"] else None,
        "bugs": count_of(len(told["bugs"]), "seeded bug") if told["bugs"] else None,
        "second": join_words([say(WORDS[second["verdict"]]), second["date"]]) if second else None,
        "platform": told["platform"],
    }
    rows = [
        tag(
            "div",
            tag("dt", say(COLUMNS[name])),
            tag("dd", cell or "–", title=", ".join(told["bugs"]) if name == "bugs" else None),
        )
        for name, cell in cells.items()
    ]
    return tag("dl", rows, class_="evidence")


def _checks(run: Run, rule: Rule) -> Html:
    """The worst first, then those that are about the rule.

    Of the many that touch it on their way only a number.
    """
    ranked = sorted(
        rule["checks"],
        key=lambda check: (LATTICE.index(check["verdict"]), rule["id"] not in run.cited.get(check["id"], ())),
    )
    left = Counter(check["verdict"] for check in ranked[_CHECKS:])
    summary = tally(left, SHOWN)
    told = say("and {checks} more: {summary}", checks=count_of(left.total(), "check"), summary=summary)
    more = tag("li", told, class_="aside") if summary else None
    return tag("ul", (_check(run, rule, check) for check in ranked[:_CHECKS]), more, class_="checks")


def _check(run: Run, rule: Rule, check: dict[str, Any]) -> Html:
    message = run.claimed.get((check["id"], rule["id"])) if check["verdict"] == "passed" else check["reason"]
    message = None if message == rule["reason"] else message
    took = run.seconds.get(check["id"])
    notes = [
        note for note in (retell(message) if message else None, duration(took) if took is not None else None) if note
    ]
    return tag(
        "li", badge(check["verdict"]), " ", tag("code", check["id"]), " ", tag("span", ", ".join(notes), class_="aside")
    )
