"""junit.xml, for continuous integration.

A suite for each mode, a case for each rule.

differs is a case that passed with a note (system-out), not_exercised one that was skipped with its reason. The times of
the cases add up to those of the checks: a check that cites several rules is shared among them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

from privnum.suites.base.printing import visible
from privnum.suites.report.statement import is_seen_once, statement
from privnum.suites.report.text import (
    again_or_not,
    out_of_scope,
    topic,
    trouble,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from privnum.suites.report.load import Run

__all__ = ["document", "write"]

Rule = dict[str, Any]
_FACTS = ("statement", "out_of_scope", "target", "edition", "profile", "seed")
_MADE_BY = ("privnum", "python", "hypothesis", "platform")


def write(run: Run, path: Path) -> None:
    """Write the document of a run."""
    path.write_bytes(document(run))


def document(run: Run) -> bytes:
    """The document of a run, UTF-8. The same run gives the same bytes."""
    shares = _shares(run)
    root = Xml.Element("testsuites", name="privnum")
    modes = dict.fromkeys(rule["mode"] for rule in run.report["requirements"])
    for mode in modes:
        rules = [rule for rule in run.report["requirements"] if rule["mode"] == mode]
        root.append(_suite(run, mode, [_case(rule, shares.get(rule["id"], 0.0)) for rule in rules]))
    stopped = trouble(run)
    if stopped is not None:
        root.append(_suite(run, "run", [_stopped_case(stopped)]))
    for count in ("tests", "failures", "errors"):  # no skipped here: the schema of Jenkins does not have it
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in root)))
    Xml.indent(root)
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _shares(run: Run) -> dict[str, float]:
    """The seconds of each rule.

    Those of its checks, each shared among the rules that it is about.
    """
    rules: dict[str, list[str]] = {}
    for rule in run.report["requirements"]:
        for check in rule["checks"]:
            rules.setdefault(check["id"], []).append(rule["id"])
    shares: dict[str, float] = {}
    for check, ids in rules.items():
        for id_ in ids:
            shares[id_] = shares.get(id_, 0.0) + run.seconds.get(check, 0.0) / len(ids)
    return shares


def _suite(run: Run, name: str, cases: list[Xml.Element]) -> Xml.Element:
    facts = run.report["run"]
    suite = Xml.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=_count(cases, "failure"),
        errors=_count(cases, "error"),
        skipped=_count(cases, "skipped"),
        time=_seconds(sum(float(case.get("time", "0")) for case in cases)),
        timestamp=_plain_time(facts["time"]),
    )
    known = {
        "statement": statement(run.report).line,
        "out_of_scope": out_of_scope(run.report),
        "target": run.report["target"].get("name"),
        **facts,
    }
    _properties(suite, ((key, str(known[key])) for key in (*_FACTS, *_MADE_BY) if known.get(key) is not None))
    suite.extend(cases)
    return suite


def _count(cases: Iterable[Xml.Element], name: str) -> str:
    return str(sum(case.find(name) is not None for case in cases))


def _plain_time(time: str) -> str:
    """UTC without fractions and offset, as readers of this format expect it."""
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _properties(parent: Xml.Element, pairs: Iterable[tuple[str, str]]) -> None:
    properties = Xml.SubElement(parent, "properties")
    for name, value in pairs:
        Xml.SubElement(properties, "property", name=name, value=visible(value))


def _case(rule: Rule, seconds: float) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        classname=f"privnum.{rule['mode']}.{topic(rule['id']).replace(' ', '_')}",
        name=f"{rule['id']} {visible(rule['title'])}",
        time=_seconds(seconds),
    )
    words = {"verdict": rule["verdict"], "level": rule["level"], "basis": rule["basis"], "harm": rule["harm"]}
    _properties(case, [*words.items(), ("source", ", ".join(rule["source"]))])
    reason = visible(rule["reason"] or "")
    match rule["verdict"]:
        case "failed":
            once = " (seen once, not again)" if is_seen_once(rule) else ""
            failure = Xml.SubElement(case, "failure", message=reason + once, type="broken rule")
            failure.text = visible("\n".join(_story(rule)))
        case "error":
            Xml.SubElement(case, "error", message=reason, type="no verdict").text = reason
        case "not_exercised":
            Xml.SubElement(case, "skipped", message=reason)
        case "differs":
            Xml.SubElement(case, "system-out").text = f"differs: {reason}"
        case _:
            pass
    return case


def _story(rule: Rule) -> list[str]:
    """What an engineer needs who sees no other report."""
    example = rule["counterexample"] or {"steps": []}
    lines = [f"rule: {rule['text']}", f"source: {', '.join(rule['source'])}", f"found: {rule['reason']}"]
    if rule["reproduced"] is not True:
        lines.append(again_or_not(rule))
    lines += [f"{number:>3}  {step}" for number, step in enumerate(example["steps"], start=1)]
    if example.get("curl"):
        lines += ["", "the same for a shell:", *example["curl"]]
    return lines


def _stopped_case(text: str) -> Xml.Element:
    """A run that did not end must not look green."""
    case = Xml.Element("testcase", classname="privnum.run", name="The run came to its end", time=_seconds(0))
    Xml.SubElement(case, "error", message=text, type="no verdict").text = text
    return case
