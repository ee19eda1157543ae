"""The parts of the page that show what came out otherwise than passed.

One block for each rule.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.report import steps
from privnum.suites.report.html import sequence
from privnum.suites.report.html.elements import Child, Html, join, tag
from privnum.suites.report.html.rules import badge, link, sources
from privnum.suites.report.model import by_harm
from privnum.suites.report.statement import is_seen_once
from privnum.suites.report.text import (
    again_or_not,
    by_reason,
    harm_title,
    title,
    worded_text,
)
from privnum.words import count_of, language, retell, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.report.load import Run

__all__ = ["differing", "failure_links", "failures", "mishaps", "untried_rules"]

Rule = dict[str, Any]

_KINDS = {
    "setting": "Setting",
    "request": "Request",
    "call": "Call",
    "time": "Time",
    "push": "Push",
    "note": "Note",
    "gap": "Left out",
    "step": "Step",
}
_LONG = 12
"""A body of more lines is folded, and a diagram of more steps."""


def failures(run: Run) -> Html | None:
    """Broken documented rules: what was found, how, and how to replay it."""
    failed = by_harm(_of(run, "failed"))
    if not failed:
        return None
    lead = say(
        "These rules are in the documents, and the target breaks them. Only such rules fail a target. They are in the "
        "order of what a breach can do to people at the worst."
    )
    return _section("failed", say("What failed"), lead, [_failure(rule) for rule in failed])


def _failure(rule: Rule) -> Html:
    example = rule["counterexample"] or {"steps": []}
    history = steps.history(example["steps"])
    got = steps.broken_claim(example["steps"]) or rule["reason"]
    return _finding(
        rule,
        tag(
            "dl",
            _pair("Harm", harm(rule)),
            _pair("Expected", worded_text(rule), class_="expected"),
            _pair("Got", retell(got), class_="got"),
            _pair("Source", sources(rule["source"])),
            _pair("Check", tag("code", next(c["id"] for c in rule["checks"] if c["verdict"] == "failed"))),
            _pair("Repeated", again_or_not(rule)),
            class_="facts",
        ),
        join(tag("h4", say("How it came about")), tag("ol", map(_step, history), class_="steps")) if history else None,
        _sequence(rule, len(history)),
        _replay(rule["id"], example.get("curl") or []),
    )


def harm(rule: Rule) -> Html:
    """What the breach of a rule can do at the worst, in words."""
    kind = contracts.in_language(language()).harms()[rule["harm"]]
    return join(tag("b", kind.title), say(": "), kind.text)


def failure_links(run: Run) -> Html | None:
    """The failures as links, by harm, for the head of the page."""
    failed = by_harm(_of(run, "failed"))
    if not failed:
        return None
    rows = []
    for kind, group in groupby(failed, key=lambda rule: str(rule["harm"])):
        links = [
            tag("li", tag("a", tag("span", rule["id"], class_="id"), " ", title(rule), href=f"#finding-{rule['id']}"))
            for rule in group
        ]
        rows.append(tag("li", tag("b", harm_title({"harm": kind})), tag("ul", links), class_=kind))
    return tag("nav", tag("ul", rows), aria_label=say("What failed"), id="worst")


def _step(step: steps.StepView) -> Html:
    arrow = tag("span", "→ ", class_="arrow", aria_hidden="true")
    is_sent = step.kind in ("request", "push")
    line = tag("code", step.line, class_="line") if is_sent else tag("span", retell(step.line))
    return tag(
        "li",
        tag("span", say(_KINDS[step.kind]), class_="kind"),
        tag(
            "div",
            line,
            _body(step.body),
            tag("span", retell(step.rest), class_="rest") if step.rest else None,
            tag("div", arrow, step.came, class_="came") if step.came else None,
        ),
        class_=f"step {step.kind}",
        style=f"counter-increment:step {step.count}" if step.count != 1 else None,
    )


def _sequence(rule: Rule, length: int) -> Html | None:
    """The steps as a picture; a long one is folded."""
    drawn = sequence.diagram(rule)
    if drawn is None:
        return None
    told = tag("summary", say("The same as a sequence diagram"))
    return tag("details", told, drawn, class_="drawn", open=length <= _LONG)


def _body(body: str | None) -> Html | None:
    if body is None:
        return None
    lines = body.count("\n") + 1
    text = tag("pre", tag("code", body))
    if lines <= _LONG:
        return text
    return tag("details", tag("summary", say("body, {lines}", lines=count_of(lines, "line"))), text, class_="body")


def _replay(id_: str, lines: list[str]) -> Html | None:
    if not lines:
        return None
    return tag(
        "details",
        tag("summary", say("Replay it in a shell")),
        tag("p", say("or: "), tag("code", f"privnum replay REPORT {id_}"), class_="aside"),
        tag("div", tag("pre", tag("code", "\n".join(lines)), tabindex="0"), class_="copyable"),
        class_="replay",
    )


def mishaps(run: Run) -> Html | None:
    """Rules of which nothing can be said because something went wrong."""
    broken = _of(run, "error")
    if not broken:
        return None
    lead = say(
        "The target gave no answer, or a check itself went wrong. Nothing can be said of these rules "
        "before that is mended."
    )
    return _section(
        "error", say("What went wrong"), lead, [_group(reason, group) for reason, group in by_reason(broken)]
    )


def differing(run: Run) -> Html | None:
    """What the target does otherwise without breaking the documents."""
    found = _of(run, "differs")
    if not found:
        return None
    lead = say(
        "No fault: nothing documented that must be so is broken. Where the public record is silent the target chose "
        "otherwise than we did; elsewhere it departs from a recommendation or from what was seen of the platform."
    )
    probed = {probe["assumption"]: probe for probe in run.report["choices"]}
    return _section("differs", say("What differs"), lead, [_difference(rule, probed) for rule in found])


def _difference(rule: Rule, probed: Mapping[str, Mapping[str, Any]]) -> Html:
    requirement = contracts.requirements().get(rule["id"])
    known = contracts.in_language(language()).assumptions()
    assumption = known.get(requirement.assumption or "") if requirement else None
    probe = probed.get(assumption.id) if assumption else None
    if assumption is None or probe is None:
        pairs = [_pair("Expected", worded_text(rule)), _pair("Got", _reasons(rule["reason"]))]
    else:
        pairs = [
            _pair("Expected", tag("code", str(probe["expected"])), " ", tag("span", assumption.why, class_="aside")),
            _pair("Got", tag("code", str(probe["observed"])), " ", _legal(probe["observed"], assumption)),
        ]
        if probe["observed"] in assumption.values:
            command = f"privnum serve --assume {assumption.id}={probe['observed']}"
            pairs.append(_pair("Stand-in", say("does the same with "), tag("code", command)))
    return _finding(rule, tag("dl", pairs, _pair("Source", sources(rule["source"])), class_="facts"))


def _legal(observed: object, assumption: contracts.Assumption) -> Html:
    if observed in assumption.values:
        text = say("One of the other choices that the contract knows.")
    else:
        values = ", ".join(map(str, assumption.values))
        text = say("No choice that the contract knows; it knows {values}.", values=values)
    return tag("span", text, class_="aside")


def _reasons(reason: str | None) -> Child:
    texts = [retell(text) for text in (reason or "").split(" | ")]
    return texts[0] if len(texts) == 1 else tag("ul", [tag("li", text) for text in texts])


def untried_rules(run: Run) -> Html | None:
    """Rules that were not exercised, by what was missing."""
    found = _of(run, "not_exercised")
    if not found:
        return None
    lead = say("Nothing is said of these rules, for or against. Each group says what was missing.")
    groups = [_group(reason, group) for reason, group in by_reason(found)]
    return _section("not_exercised", say("What was not exercised"), lead, groups)


def ways(run: Run) -> Html | None:
    """What would let more rules be checked."""
    steps = run.report["next_steps"]
    if not steps:
        return None
    lead = say(
        "What would let the suites check more rules, the cheapest first. A number counts all that the step would open."
    )
    rows = [
        tag(
            "li",
            tag("b", count_of(len(step["requirements"]), "rule")),
            say(": "),
            retell(step["text"]),
            " ",
            tag(
                "details",
                tag("summary", say("which")),
                join(*_comma_separated([link(id_) for id_ in step["requirements"]])),
            ),
        )
        for step in steps
    ]
    return _section("ways", say("How to check more"), lead, [tag("ul", rows, class_="ways")])


def _comma_separated(links: list[Html]) -> list[Child]:
    return [part for place, one in enumerate(links) for part in ((", ", one) if place else (one,))]


def _group(reason: str, rules: list[Rule]) -> Html:
    mark = badge(rules[0]["verdict"])
    rows = [tag("li", link(rule["id"]), " ", title(rule)) for rule in rules]
    return tag(
        "article",
        tag("h3", mark, " ", tag("span", retell(reason), class_="reason")),
        tag(
            "details",
            tag("summary", count_of(len(rules), "rule")),
            tag("ul", rows, class_="ids"),
            open=len(rules) <= 5,
        ),
        class_="group",
    )


def _of(run: Run, verdict: str) -> list[Rule]:
    return [rule for rule in run.report["requirements"] if rule["verdict"] == verdict]


def _section(id_: str, heading: str, lead: str, blocks: list[Html]) -> Html:
    return tag("section", tag("h2", heading), tag("p", lead, class_="lead"), blocks, id=id_, class_="findings")


def _finding(rule: Rule, *parts: Child) -> Html:
    once = tag("span", say("seen once, not again"), class_="once") if is_seen_once(rule) else None
    name = tag("span", title(rule), class_="title")
    head = tag("h3", badge(rule["verdict"]), " ", once, " ", link(rule["id"]), " ", name)
    return tag("article", head, *parts, class_=f"finding {rule['verdict']}", id=f"finding-{rule['id']}")


def _pair(term: str, *content: Child, class_: str | None = None) -> Html:
    return tag("div", tag("dt", say(term)), tag("dd", *content), class_=class_)
