"""Reports are functions of the event stream."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from privnum import contracts
from privnum.suites.base.claims import Ledger, Violation
from privnum.suites.report import json as json_report
from privnum.suites.report import model, terminal
from privnum.suites.report import text as wording
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.counterexample import counterexample
from privnum.suites.runner.events import Journal
from privnum.suites.runner.session import Session
from privnum.suites.target.config import Safety
from tests.suites import miniatures as mini
from tests.suites import recordings as rec

GOLDEN = Path(__file__).parent / "golden.txt"

START = {
    "event": "run_started",
    "time": "2026-03-01T00:00:00.000Z",
    "target": {"name": "a platform", "base_url": "http://127.0.0.1:8080"},
    "run": {"profile": "quick", "seed": 1, "edition": "2026-01", "modes": ["AXB"]},
}
END = {"event": "run_finished", "time": "2026-03-01T00:00:02.500Z", "interrupted": False}


def check_finished(check: str, outcome: str, **fields: Any) -> dict[str, Any]:
    rest = {"reason": None, "reproduced": None, "counterexample": None, "seconds": 0.1}
    return {"event": "check_finished", "check": check, "outcome": outcome, **rest, **fields}


def events_of(*checks: tuple[str, list[str], dict[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """A run of checks: name, cited requirements, claims, and how it finished."""
    events: list[dict[str, Any]] = [START]
    for name, requirements, claims, end in checks:
        events.append({"event": "check_started", "check": name, "requirements": requirements})
        for requirement, outcome in claims.items():
            message = f"{requirement} {outcome}"
            events.append(
                {"event": "claim", "check": name, "requirement": requirement, "outcome": outcome, "message": message}
            )
        events.append(end if "event" in end else check_finished(name, **end))
    return [*events, END]


def verdicts(events: list[dict[str, Any]]) -> dict[str, str]:
    return {rule["id"]: rule["verdict"] for rule in model.build(events)["requirements"]}


def test_the_lattice() -> None:
    words = list(model.LATTICE)
    assert words == ["failed", "error", "differs", "not_exercised", "passed"]
    for place, word in enumerate(words):
        assert model.worst(reversed(words[place:])) == word
    assert model.worst([]) == "not_exercised"


def test_a_requirement_is_as_its_worst_check() -> None:
    ok = {"outcome": "passed"}
    found = verdicts(
        events_of(
            ("one", ["AXB-BIND-001", "AXB-BIND-005"], {"AXB-BIND-001": "passed", "AXB-BIND-005": "passed"}, ok),
            ("two", ["AXB-BIND-001"], {"AXB-BIND-001": "failed"}, {"outcome": "failed", "reason": "stopped"}),
            ("three", ["AXB-BIND-005"], {"AXB-BIND-005": "passed"}, {"outcome": "error", "reason": "crash"}),
            ("four", ["AXB-BIND-106"], {"AXB-BIND-106": "differs", "COM-ENV-001": "passed"}, ok),
            ("five", ["COM-ENV-001"], {}, {"outcome": "not_exercised", "reason": "nobody there"}),
        )
    )
    assert found["AXB-BIND-001"] == "failed"
    assert found["AXB-BIND-005"] == "error"
    assert found["AXB-BIND-106"] == "differs"
    assert found["COM-ENV-001"] == "not_exercised"
    assert found["AXB-CALL-101"] == "not_exercised"


def test_a_claim_made_unasked_counts() -> None:
    found = verdicts(events_of(("one", ["AXB-BIND-001"], {"COM-ENV-002": "failed"}, {"outcome": "failed"})))
    assert found["COM-ENV-002"] == "failed"
    assert found["AXB-BIND-001"] == "not_exercised"


@pytest.mark.parametrize(
    ("claims", "end", "code"),
    [
        ({"AXB-BIND-001": "passed"}, {"outcome": "passed"}, 0),
        ({"AXB-BIND-001": "differs"}, {"outcome": "passed"}, 0),
        ({"AXB-BIND-001": "failed"}, {"outcome": "failed"}, 1),
        ({}, {"outcome": "error"}, 2),
        ({}, {"outcome": "not_exercised"}, 2),
    ],
)
def test_exit_codes(claims: dict[str, str], end: dict[str, Any], code: int) -> None:
    assert model.exit_code(model.build(events_of(("one", ["AXB-BIND-001"], claims, end)))) == code


def test_an_interrupted_run_is_no_conclusion_but_has_a_report() -> None:
    events = events_of(("one", ["AXB-BIND-001"], {"AXB-BIND-001": "passed"}, {"outcome": "passed"}))[:-1]
    events.append({"event": "check_started", "check": "two", "requirements": ["AXB-BIND-005"]})
    for last in ([], [END | {"interrupted": True}]):
        report = model.build(events + last)
        reasons = {rule["id"]: rule["reason"] for rule in report["requirements"]}
        assert report["run"]["interrupted"]
        assert report["summary"]["passed"] == 1
        assert "interrupted" in reasons["AXB-BIND-005"]
        assert reasons["AXB-CALL-101"] == "the run ended before it was checked"
        assert model.exit_code(report) == 2
        assert "was interrupted before its end" in screen(report)
        assert "was interrupted before its end" in "\n".join(terminal.brief(report))


def test_the_report_is_a_pure_function_and_holds_to_its_schema(tmp_path: Path) -> None:
    events = events_of(("one", ["AXB-BIND-001"], {"AXB-BIND-001": "failed"}, {"outcome": "failed"}))
    before = json.dumps(events)
    one, two = model.build(events), model.build(events)
    assert one == two
    assert json.dumps(events) == before
    assert not contracts.validator("report/report").problems(one)
    json_report.write(one, tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text()) == one


def test_the_stream_is_read_back_even_if_it_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "events.jsonl"
    journal = Journal(path)
    journal.run_started({"name": "t"}, {})
    journal.check_started("one", ["AXB-BIND-001"])
    ledger = Ledger()
    ledger.claim("AXB-BIND-001", True, "", {}, [])
    journal.claims("one", ledger, None)
    assert rec.read(path) == journal.events
    path.write_bytes(path.read_bytes() + b'{"event":"che')
    assert rec.read(path) == journal.events
    journal.run_finished(interrupted=False)


def screen(report: dict[str, Any], **options: Any) -> str:
    output = io.StringIO()
    terminal.show(report, Console(file=output, width=100, **options), Path("build"))
    return output.getvalue()


def example() -> dict[str, Any]:
    steps = ["axb.bind [1] -> 200/0", "broken: AXB-BIND-005 failed"]
    return model.build(
        events_of(
            (
                "axb.test_bind::test_once",
                ["AXB-BIND-005"],
                {"AXB-BIND-005": "failed"},
                {"outcome": "failed", "reproduced": True, "counterexample": {"steps": steps, "curl": ["curl [/x]"]}},
            ),
            ("axb.test_bind::test_echo", ["AXB-BIND-106"], {"AXB-BIND-106": "differs"}, {"outcome": "passed"}),
            ("axb.test_bind::test_bind", ["AXB-BIND-001"], {"AXB-BIND-001": "passed"}, {"outcome": "passed"}),
            ("axb.test_call::test_a", ["AXB-CALL-101"], {}, {"outcome": "not_exercised", "reason": "no driver"}),
            ("axb.test_call::test_b", ["AXB-CALL-102"], {}, {"outcome": "error", "reason": "KeyError: 'x'"}),
        )
    )


def told_screen() -> str:
    """The screen without what changes whenever a requirement is added: counts, and those that nobody checked."""
    changing = ("common ", "AXB ", "all ", "  no check:", "  no probe")
    lines = [line.rstrip() for line in screen(example()).splitlines() if not line.startswith(changing)]
    return "\n".join(line for line in lines if not line.startswith("Does not conform")) + "\n"


def test_the_screen() -> None:
    """Written anew with: python -m tests.suites.report.test_model."""
    assert told_screen() == GOLDEN.read_text(encoding="utf-8")


def test_the_screen_has_colours_on_a_terminal_only() -> None:
    assert "\x1b[" not in screen(example())
    assert "\x1b[" in screen(example(), force_terminal=True)


def test_progress_counts_and_goes_away() -> None:
    output = io.StringIO()
    progress = terminal.Progress(Console(file=output, force_terminal=True, width=80))
    progress.on_collected(2)
    for event in events_of(("one", [], {}, {"outcome": "passed"})):
        progress.on_event(event)
    assert "1/2 checks (1 passed)" in output.getvalue()
    quiet = io.StringIO()
    silent = terminal.Progress(Console(file=quiet))
    for event in events_of(("one", [], {}, {"outcome": "passed"})):
        silent.on_event(event)
    assert quiet.getvalue() == ""


# ── counterexamples ──────────────────────────────────────────────────────────────────────────────────────────────────


def history(session: Session) -> CheckContext:
    context = CheckContext(session, "the check").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    sub = context.axb.bind(a, b, x, userData="it's")["subscriptionId"]
    call = context.call(a, x)
    context.hang_up(call)
    context.look(call)
    context.advance(60)
    context.set_number(x, "11")
    context.axb.modify(sub, callDirection=1)
    context.axb.query(subscriptionId=sub, sign={"scheme": "wsse"})
    context.axb.query(relationNum=x, sign={"realm": None})
    context.axb.query(relationNum=x, sign=False)
    context.axb.unbind(subscriptionId=sub, app=context.axb.second_app)
    context.axb.unbind(subscriptionId=sub)
    return context


def told_counterexample(context: CheckContext) -> dict[str, Any]:
    violation = Violation("AXB-BIND-001", "expected +8613800000001", {"got": "+8613800000002"}, context.history)
    return counterexample(violation, context.target)


def test_steps_are_in_words_and_masked() -> None:
    session = Session()
    context = history(session)
    steps = told_counterexample(context)["steps"]
    context.close()
    session.close()
    text = "\n".join(steps)
    assert "+86138****0001 calls +86170****0001" in text
    assert "the caller hangs up -> call" in text
    assert "60 seconds pass; it is 2026-03-01T00:01:00Z" in text
    assert "pushed: callin" in text
    assert "signed with realm None" in text
    assert "+8613800000001" not in text
    assert context.session.target.name == "embedded server"


def test_a_long_history_is_shortened() -> None:
    session = mini.session_with(mini.Honest())
    context = CheckContext(session, "the check").open()
    for _ in range(100):
        context.note("again")
    steps = told_counterexample(context)["steps"]
    context.close()
    assert len(steps) == 62
    assert steps[10] == "… 41 steps are left out …"


@pytest.mark.parametrize(
    "other", [{"base_url": "http://192.0.2.1/api"}, {"safety": Safety(only_named_numbers=True)}], ids=["far", "asked"]
)
def test_numbers_are_masked_in_commands_where_they_may_be_somebodys(other: dict[str, Any]) -> None:
    far = replace(mini.TARGET, **other)
    session = mini.session_with(mini.Honest(), far, permitted=True)
    context = CheckContext(session, "the check").open()
    context.axb.bind(context.user(), context.user(), context.axb.x())
    text = "\n".join(told_counterexample(context)["curl"])
    context.close()
    assert "+8613800000" not in text
    assert "put in yours" in text
    assert f"KEY1={mini.APP.key}; SECRET1=${{SECRET1:?is the app_secret of {mini.APP.key}}}" in text
    assert f"BASE={far.base_url}" in text


def test_the_commands_can_be_replayed(tmp_path: Path) -> None:
    """Against a server that was started anew, every command does what it did, its ids being others."""
    from privnum.mockserver.embed.live import LiveServer

    session = Session()
    context = history(session)
    lines = told_counterexample(context)["curl"]
    context.close()
    session.close()
    wanted = [step.answer.key for step in context.history if step.answer is not None]
    with LiveServer() as server:
        script = "\n".join(lines).replace("http://127.0.0.1:8080", server.url)
        (tmp_path / "replay.sh").write_text(script, encoding="utf-8")
        done = subprocess.run(["bash", tmp_path / "replay.sh"], capture_output=True, text=True, timeout=60, check=False)
    answers = done.stdout + done.stderr
    codes = [part.split('"')[0] for part in answers.split('"resultcode":"')[1:]]
    assert sorted(codes) == sorted(key.partition("/")[2] for key in wanted), answers


if __name__ == "__main__":
    GOLDEN.write_text(told_screen(), encoding="utf-8")


def test_what_was_sent_is_told_where_it_was_counted() -> None:
    counted = END | {"spent": {"requests": 12, "binds": 3, "calls": 1}}
    assert contracts.validator("report/event").problems(counted) == []
    for end, told in ((END, None), (counted, "12 API requests, 3 binds among them, and 1 call")):
        assert wording.spent_text(model.build([START, end])) == told


def test_the_same_run_again_has_the_same_limits() -> None:
    run = {"profile": "quick", "limits": {"requests": 500, "calls": None, "rate": 0.5}}
    report = model.build([START | {"run": run}, END])
    assert "--max-requests 500 --rate 0.5" in wording.again(report)
