"""`privnum check-log`: what it prints, its reports and its status."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.cli import main
from privnum.suites.log.findings import Breach, Findings
from tests.suites.log.seeds import SEEDS
from tests.suites.log.session import plain_session, write_lines

if TYPE_CHECKING:
    from pathlib import Path

SEED = {seed.name: seed for seed in SEEDS}


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """The file of a session that breaks nothing."""
    return write_lines(tmp_path / "log.jsonl", json.loads(plain_session()[0]))


def edit_log(path: Path, name: str) -> Path:
    """The file, with one edit."""
    text, secrets = plain_session()
    entries: list[dict[str, Any]] = json.loads(text)
    SEED[name].edit(entries, secrets)
    return write_lines(path, entries)


def test_a_good_recording(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-log", str(log_file)]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("log.jsonl: 28 requests and 65 pushes: 0 documented rules are broken, ")


def test_a_breach_is_shown_with_its_lines_and_the_rule(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-log", str(edit_log(log_file, "a user twice on X"))]) == 1
    verdict, _, *lines = capsys.readouterr().out.splitlines()
    assert ": 1 documented rule is broken, " in verdict
    assert lines[0] == "FAILED AXB-BIND-102 A user number is on an X once, in any role"
    assert lines[1].startswith("  lines 2, 1: axb.bind was accepted: ")
    assert lines[2].startswith("  right: ")
    assert "privnum rules AXB-BIND-102 shows the pages" in lines[3]
    assert not any("+8613800000001" in line for line in lines)


def test_reports_are_those_of_every_run(log_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_log(log_file, "an end that is off")
    assert main(["check-log", str(log_file), "--report-dir", str(tmp_path / "out")]) == 1
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    rules = {rule["id"]: rule for rule in report["requirements"]}
    assert rules["AXB-CDR-006"]["verdict"] == "failed"
    assert any("line 11: push cdr" in step for step in rules["AXB-CDR-006"]["counterexample"]["steps"])
    unseen = rules["AXB-BIND-103"]
    assert (unseen["verdict"], unseen["reason"]) == ("not_exercised", "nothing in the log shows it")
    assert "AXB-CDR-006" in (tmp_path / "out" / "junit.xml").read_text(encoding="utf-8")
    assert "privnum check-log log.jsonl" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["report", str(tmp_path / "out"), "--quiet"]) == 0
    assert "failed AXB-CDR-006" in capsys.readouterr().out


PATH = "/rest/caas/relationnumber/partners/v1.0"
BIND = {"callerNum": "+8613800000001", "calleeNum": "+8613900000002", "relationNum": "+8617000000001"}


@pytest.mark.parametrize(
    ("field", "value", "hidden"),
    [
        ("calleeNum", "+8613812345678", "38123456"),
        ("calleeNum", "8613812345678", "38123456"),
        ("calleeNum", "008613812345678", "38123456"),
        ("calleeNum", "138 1234 5678", "1234 56"),
        ("calleeNum", "+86-138-1234-5678", "1234-56"),
        ("calleeNum", 75512345678, "12345678"),
        ("calleeNum", "4008123456", "8123456"),
        ("relationNum", "4008123456", "8123456"),
        ("userData", "订单 of alice", "alice"),
        ("alice@mail.test", "x", "alice"),
        ("13812345678", "x", "38123456"),
        ("operation", "ask alice", "alice"),
        ("newField", {"of": "alice"}, "alice"),
    ],
)
def test_nobody_is_named_on_the_screen_or_in_a_report(
    field: str, value: object, hidden: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However a number is written, and whatever the customer wrote."""
    answer = {"resultcode": "0", "resultdesc": "Success", "subscriptionId": "b-1", "relationNum": BIND["relationNum"]}
    entry = {"at": 1_700_000_000, "method": "POST", "path": PATH, "status": 200, "answer": answer}
    rows = [entry | {"body": {**BIND, field: value}}, entry | {"body": BIND}]
    log = write_lines(tmp_path / "log.jsonl", rows)
    out = tmp_path / "out"
    assert main(["check-log", str(log), "--report-dir", str(out)]) == 1
    texts = {file.name: file.read_text(encoding="utf-8") for file in out.iterdir() if file.is_file()}
    texts["screen"] = capsys.readouterr().out
    assert "line 1: axb.bind (callerNum +86138****0001" in texts["events.jsonl"]
    assert [name for name, text in texts.items() if hidden in text or "13800000001" in text] == []


def test_a_line_that_cannot_be_read_leaves_no_verdict(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_file.write_text(log_file.read_text(encoding="utf-8") + "{torn", encoding="utf-8")
    assert main(["check-log", str(log_file)]) == 2
    out = capsys.readouterr().out
    assert "1 line cannot be read; no verdict" in out
    assert "line 94 cannot be read: no JSON" in out


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://a.test", "https://b.test"),
        ("http://a.test:1", "http://a.test:2"),
        ("http://a.test", "http://a.test/w/2"),
    ],
)
def test_two_platforms_are_not_held_against_one_another(
    first: str, second: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same pair on the same X of each is no breach; twice on one it is."""
    answer = {"resultcode": "0", "resultdesc": "Success", "relationNum": BIND["relationNum"]}
    rows = [
        {"at": at, "method": "POST", "url": server + PATH, "body": BIND, "status": 200}
        | {"answer": {**answer, "subscriptionId": f"b-{at}"}}
        for at, server in ((1_700_000_000, first), (1_700_000_009, second))
    ]
    assert main(["check-log", str(write_lines(tmp_path / "log.jsonl", rows)), "--rule", "AXB-BIND-005"]) == 2
    assert "one application's requests went to " in capsys.readouterr().out
    rows[1]["url"] = rows[0]["url"]
    assert main(["check-log", str(write_lines(tmp_path / "log.jsonl", rows)), "--rule", "AXB-BIND-005"]) == 1
    assert "requests went to" not in capsys.readouterr().out


class Gone(io.StringIO):
    """A reader who has gone away."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_reader_who_goes_away_changes_no_status(
    log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout", Gone())
    assert main(["check-log", str(log_file)]) == 0
    assert main(["sanitise", str(log_file), str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == ""


def test_many_breaches_are_not_held_against_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long log of a platform that breaks a rule in every line is read in one go."""
    findings, compared = Findings(), []

    def equal(one: Breach, other: Breach) -> bool:
        compared.append(other)
        return one.lines == other.lines

    monkeypatch.setattr(Breach, "__eq__", equal)
    for line in 2 * list(range(300)):
        findings.claim("AXB-BIND-005", False, "accepted", line)
    assert len(findings.broken["AXB-BIND-005"]) == 300
    assert len(compared) <= 600


def test_entries_of_a_har_file_are_no_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.har"
    log.write_text(json.dumps({"log": {"entries": [{}]}}), encoding="utf-8")
    assert main(["check-log", str(log)]) == 2
    out = capsys.readouterr().out
    assert "1 entry cannot be read" in out
    assert "entry 1 cannot be read: request, response" in out
    assert main(["check-log", str(log), "--lang", "zh"]) == 2
    assert "第1条无法读取：缺少request" in capsys.readouterr().out


RULE = "AXB-BIND-102"


def test_a_breach_is_told_in_chinese(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-log", str(edit_log(log_file, "a user twice on X")), "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert f"axb.bind被接受：{contracts.in_language('zh').requirements()[RULE].title}" in out
    assert contracts.requirements()[RULE].title not in out


def test_nothing_to_say_is_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "log", [{"method": "GET", "path": "/nothing", "status": 404, "answer": "no"}])
    assert main(["check-log", str(path)]) == 2
    assert "no verdict" in capsys.readouterr().out


def test_one_rule_alone(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_log(log_file, "an end that is off")
    assert main(["check-log", str(log_file), "--rule", "AXB-BIND-102"]) == 0
    assert main(["check-log", str(log_file), "--rule", "AXB-CDR-006"]) == 1
    capsys.readouterr()


def test_what_stands_alone_where_requests_are_missing(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second bind may follow an unbind that is not there; a code with a wrong status is wrong by itself."""
    assert main(["check-log", str(edit_log(log_file, "a user twice on X")), "--incomplete", "--quiet"]) == 0
    assert main(["check-log", str(edit_log(log_file, "200 with a code of failure")), "--incomplete", "--quiet"]) == 1
    capsys.readouterr()


def test_secrets_come_by_the_environment(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_log(log_file, "a wrong digest is accepted")
    assert main(["check-log", str(log_file), "--quiet"]) == 0
    monkeypatch.setenv("PRIVNUM_APP_SECRETS", " ".join(f"{key}={value}" for key, value in plain_session()[1].items()))
    assert main(["check-log", str(log_file), "--quiet"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--mode", "ABX"], "ABX"),
        (["--rule", "AXB-BIND-999"], "AXB-BIND-999"),
        (["--assume", "axb.modify_swap=never"], "axb.modify_swap"),
        (["--app-secret", "key"], "a secret is written KEY=SECRET"),
    ],
)
def test_bad_usage(words: list[str], problem: str, log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-log", str(log_file), *words]) == 2
    assert problem in capsys.readouterr().err


def test_it_speaks_chinese(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_log(log_file, "a user twice on X")
    assert main(["check-log", str(log_file), "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "违反1条有文档的规则" in out
    assert "第2, 1行" in out
