"""report.html: one file that needs nothing else.

For those who decide, and those who mend.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from privnum.suites.base.printing import visible
from privnum.suites.report.html import coverage, findings, questions, rules
from privnum.suites.report.html.elements import Child, Html, join, tag
from privnum.suites.report.statement import CONFORMS, FAILS, statement
from privnum.suites.report.text import (
    BASES,
    MARKS,
    SHOWN,
    WORDS,
    again,
    duration,
    moment,
    out_of_scope,
    spent_text,
    target_name,
    tried_text,
    trouble,
)
from privnum.words import count_of, figure, language, say

if TYPE_CHECKING:
    from privnum.suites.report.load import Run

__all__ = ["page", "write"]

_FOLDER = Path(__file__).parent
_TONES = {CONFORMS: "good", FAILS: "bad"}
"""A verdict that leaves something open is neither."""
_LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""What HTML calls the languages."""
_SCRIPT = ("Open all", "Close all", "Copy", "Copied", "{count} rules", "{shown} of {all}")
_SCRIPT_LABEL = "{count}: show these rules ({mode}, {basis}, {verdict})"
"""What the script of the page says."""


def write(run: Run, path: Path) -> None:
    """Write the page of a run."""
    path.write_text(page(run), encoding="utf-8", newline="\n")


def page(run: Run) -> str:
    """The page of a run. The same run gives the same page."""
    style, script = _asset("page.css") + _asset("sequence.css"), _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; base-uri 'none'"
    )
    return Template(_asset("page.html")).substitute(
        title=join(say("{verdict}: {name}", verdict=say(statement(run.report).verdict), name=target_name(run.report))),
        language=_LANGUAGES[language()],
        words=_script_words(),
        policy=join(policy),
        style=style,
        script=script,
        body=_body(run),
    )


def _script_words() -> Html:
    """What the script says, as an attribute of the page's body.

    None where it says it in English.
    """
    if language() == "en":
        return Html("")
    said = {text: say(text) for text in (*_SCRIPT, _SCRIPT_LABEL, *BASES, "common")}
    said |= {verdict.replace("_", " "): say(word) for verdict, word in WORDS.items()}
    return Html(f' data-words="{escape(json.dumps(said, ensure_ascii=False))}"')


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _body(run: Run) -> Html:
    found = (
        findings.failures(run),
        _end_of_print(),
        findings.mishaps(run),
        findings.differing(run),
        findings.untried_rules(run),
        findings.ways(run),
        questions.link_to_page(run),
        coverage.section(run),
    )
    return join(
        tag("header", _head(run), class_="page"),
        tag("main", _numbers(run), *found, rules.catalogue(run), questions.page(run), id="main"),
        _foot(run),
    )


def _end_of_print() -> Html:
    """The last line on paper; the screen does not show it."""
    told = say(
        "The print ends here. report.html itself has the rest: what differs, what was not exercised and why, open "
        "points, every rule with its evidence, how to replay a failure, and the run."
    )
    return tag("p", told, class_="paper")


def _head(run: Run) -> Html:
    word, sentence = statement(run.report)
    notice = trouble(run)
    return join(
        tag("p", say("PrivateNumber conformance"), " · ", tag("b", target_name(run.report)), class_="kicker"),
        tag(
            "h1",
            tag("strong", say("{verdict}:", verdict=say(word))),
            " ",
            sentence,
            class_=f"conclusion {_TONES.get(word, 'open')}",
        ),
        tag("p", _facts_line(run), class_="when"),
        findings.failure_links(run),
        tag("p", notice, class_="notice", role="note") if notice else None,
    )


def _facts_line(run: Run) -> Child:
    target, facts = run.report["target"], run.report["run"]
    parts: list[Child] = [tag("code", str(target["base_url"])) if target.get("base_url") else say("in this process")]
    parts.append(tag("time", moment(facts["time"]), datetime=facts["time"]))
    if "seconds" in facts:
        parts.append(say("took {time}", time=duration(facts["seconds"])))
    parts += tried_text(facts)
    if facts.get("edition"):
        parts.append(say("edition {name}", name=facts["edition"]))
    if facts.get("profile"):
        parts.append(say("profile {name}", name=facts["profile"]))
    return [join(" · " if place else None, part) for place, part in enumerate(parts)]


# ── the numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _numbers(run: Run) -> Html:
    summary = run.report["summary"]
    total = summary["rules"]
    absent = out_of_scope(run.report)
    return tag(
        "section",
        tag("h2", say("{rules} in numbers", rules=count_of(total, "rule"))),
        tag("ul", [_tally(verdict, summary[verdict]) for verdict in SHOWN], _total(total), class_="tally"),
        _bar(summary, total),
        tag("p", say("{parts}.", parts=absent), class_="aside scope") if absent else None,
        _matrix(run.report),
        _legend(),
        id="numbers",
    )


def _tally(verdict: str, count: int) -> Html:
    mark = tag("span", MARKS[verdict], class_="mark", aria_hidden="true")
    label = join(tag("b", figure(count)), " ", tag("span", mark, say(WORDS[verdict])))
    place = "all" if verdict == "passed" else verdict
    inner = tag("a", label, href=f"#{place}") if count else tag("span", label)
    return tag("li", inner, class_=verdict if count else f"{verdict} zero")


def _total(count: int) -> Html:
    """What the others add up to."""
    label = join(tag("b", f"= {figure(count)}"), " ", tag("span", say("rules")))
    return tag("li", tag("a", label, href="#all"), class_="total")


def _bar(summary: dict[str, Any], total: int) -> Html | None:
    if not total:
        return None
    parts = [
        tag("span", class_=verdict, style=f"flex-grow:{summary[verdict]}") for verdict in SHOWN if summary[verdict]
    ]
    return tag("div", parts, class_="bar", aria_hidden="true")


def _matrix(report: dict[str, Any]) -> Html:
    counts = Counter((rule["mode"], rule["basis"], rule["verdict"]) for rule in report["requirements"])
    modes = list(dict.fromkeys(rule["mode"] for rule in report["requirements"]))
    columns = SHOWN
    head = [tag("th", say("Mode, basis"), scope="col")]
    head += [tag("th", say(WORDS[v]), scope="col", class_=v) for v in columns]
    head.append(tag("th", say("rules"), scope="col"))
    bodies = []
    for mode in modes:
        rows = [
            tag(
                "tr", tag("th", say("Common") if mode == "common" else mode, scope="rowgroup", colspan=7), class_="mode"
            )
        ]
        for basis in BASES:
            cells = [_cell(mode, basis, verdict, counts[mode, basis, verdict]) for verdict in columns]
            row = sum(counts[mode, basis, verdict] for verdict in columns)
            rows.append(tag("tr", tag("th", say(basis), scope="row"), cells, tag("td", figure(row), class_="total")))
        bodies.append(tag("tbody", rows))
    total = [tag("td", figure(report["summary"][v]), class_=v if report["summary"][v] else "zero") for v in columns]
    foot = tag("tfoot", tag("tr", tag("th", say("All"), scope="row"), total, _sum_of(report)))
    return tag(
        "table",
        tag("caption", say("Rules by mode and basis")),
        tag("thead", tag("tr", head)),
        bodies,
        foot,
        class_="matrix",
    )


def _sum_of(report: dict[str, Any]) -> Html:
    return tag("td", figure(report["summary"]["rules"]), class_="total")


def _cell(mode: str, basis: str, verdict: str, count: int) -> Html:
    data = {"data_mode": mode, "data_basis": basis, "data_verdict": verdict}
    return tag("td", figure(count), class_=verdict if count else "zero", **data)


def _legend() -> Html:
    return tag(
        "dl",
        (tag("div", tag("dt", say(word)), tag("dd", say(meaning))) for word, meaning in BASES.items()),
        tag(
            "div",
            tag("dt", say("differs")),
            tag("dd", say("otherwise than expected, but nothing documented that must be so is broken")),
        ),
        tag("div", tag("dt", say("not exercised")), tag("dd", say("not tried, so nothing is said for or against"))),
        class_="legend",
    )


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _foot(run: Run) -> Html:
    target, described = run.report["target"], run.report["run"]
    shown = {
        "Target": target_name(run.report),
        **_reach(target),
        "Product": " ".join(str(target[key]) for key in ("product", "version") if target.get(key)),
        "Checked": moment(described["time"]),
        "Edition": described.get("edition"),
        "Modes": _listed_values(described.get("modes")),
        "Sent": spent_text(run.report),
        "Profile": described.get("profile"),
        "Seed": described.get("seed"),
        "Choices asked for": _listed_values(described.get("assumed")),
        "Variations asked for": _listed_values(described.get("varied")),
        "Checked by": f"privnum {described['privnum']}" if described.get("privnum") else None,
        "Python": described.get("python"),
        "Hypothesis": described.get("hypothesis"),
        "Platform": described.get("platform"),
    }
    told = {say(term): str(text) for term, text in shown.items() if text not in (None, "")}
    rows = [tag("div", tag("dt", term), tag("dd", text)) for term, text in told.items()]
    commands = f"{again(run.report)}\nprivnum report events.jsonl"
    return tag(
        "footer",
        tag("h2", say("The run")),
        tag("dl", rows, class_="facts"),
        tag("h3", say("Run it again; make these reports again from its events")),
        tag("div", tag("pre", tag("code", commands), tabindex="0"), class_="copyable"),
        id="run",
    )


def _reach(target: dict[str, Any]) -> dict[str, object]:
    """Where the target is, and what can be done there.

    A receiver has an address for each kind of push.
    """
    addresses = target.get("addresses")
    if isinstance(addresses, dict):
        return {"Addresses": _listed_values({str(option).lstrip("-"): url for option, url in addresses.items()})}
    return {
        "Address": target.get("base_url") or say("in this process"),
        "Driver": target.get("driver") or say("none"),
        "Can do": _listed_values(target.get("capabilities")) or say("nothing beyond the API"),
    }


def _listed_values(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={choice}" for name, choice in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else visible(str(value or ""))
