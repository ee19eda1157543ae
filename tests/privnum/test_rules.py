"""`privnum rules`: questions as people ask them, and the rule that answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from privnum import cli, contracts, rules

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "A of AXE dials X, no call-back record, neither callbackNum nor callbackTone is set",
            "AXE-CALLBACK-106",
        ),
        ("which code for an X of another AXB application?", "AXB-BIND-010"),
        ("may a fixed line call back?", "AXE-CALLBACK-109"),
        ("when is a failed push sent again", "COM-PUSH-004"),
        ("lock out after repeated failures", "COM-AUTH-029"),
        ("1012010", "AXB-BIND-005"),
        ("8019", "AXE-CALLBACK-106"),
        ("axb.a_equals_b", "AXB-OPEN-002"),
        ("may customers reach the platform without HTTPS", "COM-FACT-001"),
        ("what becomes of bindings when an X is moved to another application", "COM-FACT-005"),
        ("callOutUnaswRsn", "COM-FACT-009"),
        ("an extension that was entered wrongly", "AXE-CALL-103"),
    ],
)
def test_a_question_finds_its_rule_first(question: str, first: str) -> None:
    assert rules.find(question.split())[0].id == first


def test_a_word_with_an_ending_that_no_rule_has_finds_what_its_beginning_finds() -> None:
    assert [rule.id for rule in rules.find(["wrongly"])] == [rule.id for rule in rules.find(["wrong"])] != []
    assert rules.find(["wrongheadedly"]) == []


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("AXB-BNID-005", "AXB-BIND-005"),
        ("axb-bnid-005", "AXB-BIND-005"),
        ("BNID-005", "BIND-005"),
        ("CDR-999", "CDR-"),
        ("XYZZY-ID", "there is none like it"),
        ("axb.bnd", "axb.bind"),
        ("axb.a_equal_b", "axb.a_equals_b"),
        ("1012999", "1012"),
    ],
)
def test_an_id_that_there_is_not_is_no_search(capsys: pytest.CaptureFixture[str], word: str, near: str) -> None:
    assert cli.main(["rules", word]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{word.upper() if '-' in word else word!r}".strip("'") in err
    assert near in err or ("nearest of" in err and near == "there is none like it")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words", ["X-AKSK", "call-back record", "Q.850", "privateSms", "CALLIN", "axb.bind", "bind-005"]
)
def test_a_word_of_a_rule_is_a_search(capsys: pytest.CaptureFixture[str], words: str) -> None:
    assert cli.main(["rules", *words.split()]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("word", "found"), [("今天吃什么", 1), ("天气很好", 1), ("绑定", 0), ("隐私号码有几个绑定", 0)]
)
def test_one_pair_of_signs_is_no_word(word: str, found: int) -> None:
    """A Chinese word finds rules where more of it than one pair in four is theirs."""
    assert cli.main(["rules", word]) == found


def test_a_word_that_no_rule_has_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "frobnicate", "call-back", "record"]) == 0
    out, err = capsys.readouterr()
    assert "call-back" in out
    assert err == "privnum rules: no rule has frobnicate; the other words are looked for\n"


def test_an_id_finds_that_rule_only() -> None:
    assert [rule.id for rule in rules.find(["axe-callback-104"])] == ["AXE-CALLBACK-104"]


def test_the_id_of_a_family_finds_its_rule_of_every_mode() -> None:
    assert [rule.id for rule in rules.find(["cdr-006"])] == [f"{m}-CDR-006" for m in ("AX", "AXB", "AXE", "AXYB", "X")]
    assert [rule.id for rule in rules.find(["call-011"])] == ["AX-CALL-011", "AXB-CALL-011", "X-CALL-011"]


def test_a_documented_rule_tells_its_text_cause_source_check_and_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "AXE-CALLBACK-106"]) == 0
    told = capsys.readouterr().out
    rule = contracts.requirements()["AXE-CALLBACK-106"]
    assert "AXE-CALLBACK-106  No record and nothing set  (must, documented)" in told
    assert rule.text in " ".join(told.split())
    assert "8019  No call-back record" in told
    assert "Appendix: release causes" in told
    assert "suites/checks/axe/test_callback.py:" in told
    assert "mockserver/modes/axe/calls.py:" in told


def test_an_assumption_tells_our_value_the_other_readings_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "AXB-OPEN-002"]) == 0
    told = capsys.readouterr().out
    assert "ours       1010002: It breaks the rule" in told
    assert "also legal 1012010" in told


def test_a_fact_that_no_check_can_judge_tells_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "COM-FACT-002"]) == 0
    told = capsys.readouterr().out
    assert "COM-FACT-002  The lock-out ends  (untested, documented)" in told
    assert "no check   real time: Signatures" in told


def test_every_place_that_is_told_names_the_rule() -> None:
    """Every rule has a check or a probe, and each place is a line of a file of the repository."""
    for rule in contracts.requirements().values():
        found = list(rules.places(rule))
        declared = rule.assumption and contracts.assumptions()[rule.assumption].settled == "declared"
        assert declared or {"check", "probe"} & {use for use, _ in found}, rule.id
        for _, place in found:
            path, _, line = place.partition(":")
            named = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            family = f'"{rule.id.partition("-")[2]}"'
            names = (rule.id, rule.assumption or rule.id, *([family] if path.startswith("suites/checks/") else ()))
            assert any(name in named for name in names)


def test_a_rule_of_which_a_docstring_tells_is_found_in_the_server() -> None:
    """A docstring names the rule without quotation marks."""
    places = dict(rules.places(contracts.requirements()["AXE-CALLBACK-108"]))
    assert places["check"].startswith("suites/checks/axe/test_callback.py:")
    assert places["server"].startswith("mockserver/modes/axe/times.py:")


def test_every_rule_can_be_told() -> None:
    every: list[rules.Rule] = [*contracts.every_rule().values(), *contracts.untested().values()]
    for rule in every:
        told = rules.text_of(rule)
        assert told.startswith(f"{rule.id}  ")
        assert "  source " in told


def test_all_are_listed_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(contracts.every_rule()) + len(contracts.untested())


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("rules", contracts.every_rule().keys() | contracts.untested().keys()),
        ("assumptions", contracts.assumptions().keys()),
        ("variations", contracts.variations().keys()),
        ("operations", contracts.operations().keys()),
        ("messages", contracts.plane_operations().keys() | contracts.plane_rules().keys()),
    ],
)
def test_every_id_of_a_kind_is_listed(kind: str, ids: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    """For who has installed privnum, and no checkout with the tables in it."""
    assert cli.main(["rules", "--list", kind]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == ids
    assert all(len(line.split()) > 2 for line in lines)


def test_a_variation_a_message_and_a_rule_of_drivers_are_shown_by_their_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "pushes.late", "clock.set", "calls.nobody"]) == 0
    late, clock, nobody = capsys.readouterr().out.splitlines()
    assert late == f"pushes.late  {contracts.variations()['pushes.late'].text}"
    assert "POST /_privnum/worlds/{world}/clock" in clock
    assert "advance_seconds" in clock
    assert nobody.endswith(contracts.control_rules()["calls.nobody"])


def test_the_first_few_are_shown_and_the_rest_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "fixed", "line"]) == 0
    few = capsys.readouterr().out
    assert cli.main(["rules", "fixed", "line", "--all"]) == 0
    every = capsys.readouterr().out
    assert few.splitlines()[:20] == every.splitlines()[:20]
    assert few.splitlines()[-1].endswith("more fit less well: --all")
    assert len(every) > len(few)


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["AXB-BIND-999"], 2, ["AXB-BIND-999", "did you mean", "AXB-BIND-0"]),
        (["xylophone"], 1, ["xylophone", "privnum rules lists"]),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    args: list[str], status: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rules", *args]) == status
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert all(word in told.err for word in words)


def test_it_needs_neither_the_suites_nor_the_server() -> None:
    code = (
        "import sys; from privnum import cli; cli.main(['rules', 'AXB-BIND-001'])\n"
        "sys.exit(any(name in sys.modules for name in ('pytest', 'hypothesis', 'uvicorn', 'jsonschema')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=False).returncode == 0


@pytest.mark.parametrize(
    ("rule", "text"), [("COM-AUTH-022", "Invalid digest."), ("COM-AUTH-030", "The flow control upper limit")]
)
def test_a_code_of_two_statuses_has_the_text_of_the_one_that_is_meant(
    rule: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rules", rule]) == 0
    codes = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("code ")]
    assert len(codes) == 1
    assert text in codes[0]
