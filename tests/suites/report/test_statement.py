"""One statement and one sum, the same in every report; failures by harm."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.suites.report import model, terminal
from privnum.suites.report.html import page as html
from privnum.suites.report.statement import statement
from tests.suites import recordings as rec
from tests.suites.report.html.test_page import Page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("events", "word", "sentence"),
    [
        (rec.all_passed(), "Conforms", "no rule fails; {all} of {all} pass."),
        (rec.all_passed(3), "Conforms", "no rule fails; {all-3} of {all} pass; 3 not exercised."),
        (
            rec.all_passed(150),
            "Conforms as far as it was tried",
            "no rule fails; {all-150} of {all} pass; 150 not exercised.",
        ),
        (
            rec.every_verdict(),
            "Does not conform",
            "1 rule fails; 2 of {all} pass; 3 differ without a fault; 1 ended in an error; {all-7} not exercised.",
        ),
        (
            [rec.run_started(), rec.run_finished()],
            "No verdict",
            "nothing could be tried; no rule fails; 0 of {all} pass; {all} not exercised.",
        ),
        (rec.all_passed()[:-1], "No verdict", "the run was cut off; no rule fails; {all} of {all} pass."),
        (
            [*rec.all_passed()[:-1], rec.run_finished(interrupted=True)],
            "No verdict",
            "the run was interrupted; no rule fails; {all} of {all} pass.",
        ),
        (
            [
                *rec.all_passed(1)[:-1],
                *rec.whole_check("x", ["COM-ENV-001"], "error", {}, reason="no answer"),
                rec.run_finished(),
            ],
            "No verdict",
            "something went wrong; no rule fails; {all-1} of {all} pass; 1 ended in an error.",
        ),
    ],
)
def test_the_conclusion(tmp_path: Path, events: list[rec.Event], word: str, sentence: str) -> None:
    run = rec.run_of(tmp_path, events)
    rules = len(contracts.requirements())
    sentence = re.sub(r"\{all-?(\d*)\}", lambda left: f"{rules - int(left[1] or 0):,}", sentence)
    found = statement(run.report)
    assert found == (word, sentence)
    assert (word.startswith("Conforms")) == (model.exit_code(run.report) == 0)
    source = Page(html.page(run)).source
    assert found[1] in source
    assert ('class="conclusion good"' in source) == (word == "Conforms")  # green is for what was tried


def test_every_report_says_the_same_sum(tmp_path: Path) -> None:
    """The sentence is the first thing on the screen and in the page; its figures add up."""
    run = rec.run_of(tmp_path, rec.every_verdict())
    said = statement(run.report)
    figures = [int(figure.replace(",", "")) for figure in re.findall(r"[\d,]+", said.sentence)]
    failed, passed, rules, *others = figures
    assert failed + passed + sum(others) == rules == len(run.report["requirements"])
    assert run.report["summary"]["statement"] == said.sentence
    assert next(terminal.brief(run.report)) == said.line
    output = io.StringIO()
    terminal.show(run.report, terminal.screen(output))
    assert output.getvalue().splitlines()[0] == said.line
    assert output.getvalue().count(f"{rules:,}") > 2  # the table has the same form as the sentence
    assert str(rules) not in output.getvalue()
    source = html.page(run)
    assert re.search(r"<h1[^>]*>(.*?)</h1>", source)[1] == f"<strong>{said.verdict}:</strong> {said.sentence}"  # type: ignore[index]


IN_DISORDER = ("AXB-BIND-004", "AXB-CDR-001", "AXB-CALL-008", "AXB-SMS-004", "AXB-CALL-105")
BY_HARM = list(reversed(IN_DISORDER))


def test_failures_come_by_harm_in_every_report(tmp_path: Path) -> None:
    """A wrong person first, form last."""
    run = rec.run_of(tmp_path, rec.failures_of(*IN_DISORDER))
    assert run.report["failures"] == BY_HARM
    page = Page(html.page(run))
    links = [str(link["href"]) for link in page.all("a") if str(link.get("href")).startswith("#finding-")]
    assert links[: len(BY_HARM)] == [f"#finding-{id_}" for id_ in BY_HARM]
    assert re.findall(r'id="finding-([A-Z0-9-]+)"', page.source) == BY_HARM
    output = io.StringIO()
    terminal.show(run.report, terminal.screen(output))
    assert re.findall(r"^FAILED (\S+)", output.getvalue(), re.MULTILINE) == BY_HARM
    assert [line.split()[1] for line in terminal.brief(run.report) if line.startswith("failed")] == BY_HARM
    for id_ in BY_HARM:
        harm = contracts.harms()[contracts.requirements()[id_].harm]
        assert harm.title in page.texts["worst"]
        assert harm.text in page.texts[f"finding-{id_}"]
        assert harm.title in output.getvalue()


def test_modes_that_were_not_checked_are_named_once_and_counted_nowhere(tmp_path: Path) -> None:
    events = rec.every_verdict()
    events[0]["run"]["modes"] = ["AXB"]
    run = rec.run_of(tmp_path, events)
    assert run.report["out_of_scope"] == ["AX", "AXE", "AXYB", "X"]
    assert {rule["mode"] for rule in run.report["requirements"]} == {"common", "AXB"}
    assert html.page(run).count("AX, AXE, AXYB, X") == 1
    events[0]["run"]["rules"] = ["AXB-BIND-001"]
    single = rec.run_of(tmp_path, events)
    assert single.report["out_of_scope"] == run.report["out_of_scope"]
    assert len(single.report["requirements"]) == 1
    events[0]["run"]["modes"] = ["AX", "AXB", "AXE", "AXYB", "X"]
    assert rec.run_of(tmp_path, events).report["out_of_scope"] == []
