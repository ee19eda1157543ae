"""The evidence of a rule: five kinds beside each other, and no sum of them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from examples.record import table_of

from privnum import contracts
from privnum.suites.report.evidence import COLUMNS, evidence, recorded_evidence
from privnum.suites.report.html import page as html
from tests.suites import recordings as rec

RULES = contracts.requirements()
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("name", ["bugs", "platform"])
def test_recorded_evidence_is_of_rules_that_there_are(name: str) -> None:
    assert recorded_evidence(name)
    assert set(recorded_evidence(name)) <= set(contracts.every_rule())


def test_the_second_implementation_broke_its_known_gaps_and_nothing_else() -> None:
    second = recorded_evidence("second")
    gaps = tomllib.loads((ROOT / "examples/platform/gaps.toml").read_text(encoding="utf-8"))
    assert {id_ for id_, verdict in second["rules"].items() if verdict == "failed"} == set(gaps)
    assert set(second["rules"].values()) == {"passed", "failed"}
    assert set(second["rules"]) <= set(RULES)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", second["date"])


def test_a_run_is_recorded_as_it_came_out(tmp_path: Path) -> None:
    """What was not tried, differs or ended in an error is no evidence."""
    found = tomllib.loads(table_of(rec.run_of(tmp_path, rec.every_verdict()).report))
    assert found["date"] == "2026-03-01"
    assert found["rules"] == {"AXB-BIND-001": "passed", "AXB-BIND-003": "passed", "AXB-CALL-105": "failed"}


def test_each_kind_stands_for_itself() -> None:
    told = evidence(RULES["AXB-BIND-005"], "not_exercised")
    assert list(told) == list(COLUMNS)
    assert told["documented"] == list(RULES["AXB-BIND-005"].source)
    assert told["checked"] is None
    assert told["bugs"] == recorded_evidence("bugs")["AXB-BIND-005"]
    assert told["second"] == {
        "name": "examples/platform",
        "date": recorded_evidence("second")["date"],
        "verdict": "passed",
    }
    assert told["platform"] is None
    assert evidence(RULES["AXB-CDR-101"], "passed")["documented"] == []
    assert evidence(RULES["AXB-CDR-101"], "passed")["platform"] == "2022"
    assert evidence(RULES["AX-BIND-001"], "passed")["second"] is None


def test_reports_have_it_of_every_rule(tmp_path: Path) -> None:
    run = rec.run_of(tmp_path, rec.every_verdict())
    assert not contracts.validator("report/report").problems(run.report)
    told = {rule["id"]: rule["evidence"] for rule in run.report["requirements"]}
    assert (told["AXB-BIND-001"]["checked"], told["COM-AUTH-010"]["checked"]) == ("passed", None)
    page = html.page(run)
    assert page.count('<dl class="evidence">') == len(told)
    row = re.search(r'id="AXB-CDR-101".*?<dl class="evidence">(.*?)</dl>', page, re.DOTALL)
    assert row
    assert re.findall("<dt>(.*?)</dt>", row[1]) == list(COLUMNS.values())
    assert re.findall("<dd[^>]*>(.*?)</dd>", row[1])[-1] == "2022"


def test_a_report_imports_nothing_of_the_server() -> None:
    code = "import sys; import privnum.suites.report.html.page; print([m for m in sys.modules if 'mockserver' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
