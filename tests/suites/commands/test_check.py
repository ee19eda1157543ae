"""`privnum check`, `privnum init-target`, and the same as a pytest run, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from privnum import contracts
from privnum.suites.base.claims import Ledger, Violation
from privnum.suites.commands import check as cli
from privnum.suites.commands.init_target import init_target_main
from privnum.suites.runner.events import Journal
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(folder: Path, *arguments: str, module: str = "privnum.cli") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


def python_tests(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    return run(folder, "-p", "no:cacheprovider", "-p", "no:randomly", "-q", "test_it.py", *arguments, module="pytest")


def events_of(path: Path) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    check = contracts.validator("report/event")
    assert [problem for event in events for problem in check.problems(event)] == []
    return events


@pytest.fixture
def liar() -> Iterator[str]:
    """The address of a platform that binds a pair as often as it is asked."""
    platform = mini.ForgetsPairs()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, _, query = self.path.partition("?")
            try:
                answer = platform.request(self.command, f"/api{path}", query, [], body)
            except (KeyError, ValueError, TypeError):
                answer = platform.say(403, "1010002")
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


# ── privnum check ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_embedded_server_from_an_empty_folder(tmp_path: Path) -> None:
    """Whatever pytest settings lie about there; nothing but the report is left behind."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    done = run(tmp_path, "check", "--report-dir", "out", "--mode", "AXE")  # all modes: make conformance, make suites
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "Conforms: no rule fails; " in done.stdout
    assert "\x1b[" not in done.stdout
    assert not contracts.validator("report/report").problems(report)
    assert report["run"]["profile"] == "quick"
    assert {"privnum", "python", "hypothesis", "platform", "seed", "edition", "seconds"} <= report["run"].keys()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "pytest.ini"]
    order = [
        event["check"].partition("::")[0] for event in events_of(tmp_path / "out" / "events.jsonl") if "check" in event
    ]
    untried = {rule["id"] for rule in report["requirements"] if rule["verdict"] == "not_exercised"}
    assert {id_ for id_ in untried if id_.startswith("AXE-")} == {"AXE-OPEN-039", "AXE-OPEN-042"}  # nobody can see them
    assert order[0] == "test_probes"
    assert order.index("axe.test_bind") > max(place for place, name in enumerate(order) if name == "test_probes")


def test_a_broken_must_is_status_1(tmp_path: Path, liar: str) -> None:
    (tmp_path / "target.toml").write_text(
        f'base_url = "{liar}"\n[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "very-secret"\n'
        'numbers = ["+8617000000001"]\n[users]\nmobile = { prefix = "+8613800000", count = 20 }\n',
        encoding="utf-8",
    )
    done = run(tmp_path, "check", "--target", "target.toml", "--report-dir", "out", "--rule", "AXB-BIND-005")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED AXB-BIND-005 A pair is bound once on an X" in done.stdout
    assert "very-secret" not in done.stdout + (tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["check", "check-driver"])
def test_a_port_for_pushes_that_is_taken_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "target.toml").write_text(
            'base_url = "http://127.0.0.1:9"\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:9"\n'
            f"[receiver]\nport = {port}\n",
            encoding="utf-8",
        )
        done = run(tmp_path, command, "--target", "target.toml")
    assert (done.returncode, done.stdout) == (2, "")
    told = f"privnum {command}: cannot listen for pushes on 127.0.0.1:{port}: Address already in use; [receiver]"
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


def test_a_target_that_does_not_answer_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(
        'name = "gone"\nbase_url = "http://127.0.0.1:9"\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:9"\n',
        encoding="utf-8",
    )
    done = run(tmp_path, "check", "--target", "target.toml", "--report-dir", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("privnum check: gone: nothing answers at the driver, http://127.0.0.1:9: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--mode", "AXZ"], "no checks of mode 'AXZ'; there are: AX, AXB, AXE, AXYB"),
        (["--assume", "axb.a_equals_b"], "is not ID=VALUE"),
        (["--assume", "axb.a_equals_b=7"], "does not take '7'"),
        (["--assume", "qqqqqqqqq"], "the nearest of"),
        (["--target", "none.toml"], "none.toml: cannot be read"),
    ],
)
def test_bad_options_are_told_in_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.check_main(arguments) == 2
    output = capsys.readouterr()
    assert told in output.err
    assert (output.err.count("\n"), output.out) == (1, "")


@pytest.mark.parametrize("arguments", [["--profile", "slow"], ["--seed", "x"], ["--nonsense"], ["--prof", "ci"]])
def test_options_that_there_are_not(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.check_main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_quiet_tells_counts_and_failures_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    session = mini.session_with(mini.ForgetsPairs(), journal=journal)
    ledger = Ledger()
    with contextlib.suppress(Violation):
        ledger.claim("AXB-BIND-005", False, "told", {}, [])
    journal.check_started("one", ["AXB-BIND-005"])
    journal.claims("one", ledger, ledger.violation)
    journal.run_finished(interrupted=False)
    session.close()
    console = Console(file=sys.stdout, width=200)
    assert cli.write_report(tmp_path / "events.jsonl", tmp_path, console, quiet=True) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "failed AXB-BIND-005 (A pair is bound once on an X): told"
    assert len(lines) == 2


def test_a_report_folder_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert cli.check_main(["--report-dir", str(tmp_path / "file" / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err


# ── privnum init-target ──────────────────────────────────────────────────────────────────────────────────────────────


def test_init_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "target.toml"
    assert init_target_main([str(path)]) == 0
    assert f"privnum check --target {path}" in capsys.readouterr().out
    path.write_text("mine", encoding="utf-8")
    assert init_target_main([str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"
    assert init_target_main([str(path), "--force"]) == 0
    assert path.read_text(encoding="utf-8") != "mine"
    assert init_target_main([str(tmp_path / "no" / "target.toml")]) == 2


# ── as a pytest run ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_pytest_from_an_empty_folder(tmp_path: Path) -> None:
    arguments = ["-p", "no:cacheprovider", "-q", "--pyargs", "privnum.suites", "--privnum-events", "events.jsonl"]
    done = run(tmp_path, *arguments, "-k", "test_bind or test_choice", module="pytest")
    assert done.returncode == 0, done.stdout
    assert "= privnum =" in done.stdout
    events = events_of(tmp_path / "events.jsonl")
    assert events[0]["event"] == "run_started"
    assert events[-1] == events[-1] | {"event": "run_finished", "interrupted": False}


def test_other_peoples_runs_pay_nothing(tmp_path: Path) -> None:
    text = (
        "import sys\n"
        "def test_it():\n"
        "    loaded = {name for name in sys.modules if name.startswith('privnum')}\n"
        "    assert loaded == {'privnum', 'privnum.plugin'}\n"
    )
    done = python_tests(tmp_path, text)
    assert done.returncode == 0, done.stdout
    assert "privnum" not in done.stdout


def test_other_tests_have_no_fixtures_of_the_suites(tmp_path: Path) -> None:
    done = python_tests(tmp_path, "def test_it(context):\n    pass\n")
    assert done.returncode == 1
    assert "fixture 'context' not found" in done.stdout


def test_the_stand_in_server_is_a_fixture(tmp_path: Path) -> None:
    done = python_tests(tmp_path, "def test_it(private_number):\n    assert private_number.url.startswith('http')\n")
    assert done.returncode == 0, done.stdout


MIXED = """
from privnum.suites.runner.check import check

@check("AXB-BIND-001", disruptive=True)
def test_disrupts(context):
    context.claim("AXB-BIND-001", True, "")

def test_of_the_user():
    pass

@check("AXB-BIND-001")
def test_machine(context):
    context.claim("AXB-BIND-001", context.target.embedded, "")

@check("AXB-BIND-005")
def test_directed(context):
    context.claim("AXB-BIND-005", False, "told")

@check("AXB-BIND-001")
def test_interrupts(context):
    if {interrupt}:
        raise KeyboardInterrupt
"""


def test_checks_of_ones_own_run_in_order_among_other_tests(tmp_path: Path) -> None:
    done = python_tests(tmp_path, MIXED.format(interrupt=False), "-vv", "--privnum-events", "events.jsonl")
    assert done.returncode == 1
    names = [line.split("::")[1].split()[0] for line in done.stdout.splitlines() if line.startswith("test_it.py::")]
    assert names == ["test_directed", "test_of_the_user", "test_interrupts", "test_machine", "test_disrupts"]
    assert "AXB-BIND-005: told" in done.stdout
    assert "failed AXB-BIND-005 (A pair is bound once on an X): told" in done.stdout


def test_an_interrupted_run_ends_its_stream(tmp_path: Path) -> None:
    python_tests(tmp_path, MIXED.format(interrupt=True), "--privnum-events", "events.jsonl")
    events = events_of(tmp_path / "events.jsonl")
    assert events[-1]["interrupted"] is True
    finished = [event["check"] for event in events if event["event"] == "check_finished"]
    assert finished == ["test_it::test_directed"]


def test_a_bad_target_ends_the_run_with_status_2(tmp_path: Path) -> None:
    done = python_tests(tmp_path, MIXED.format(interrupt=False), "--privnum-target", "none.toml")
    assert done.returncode == 2
    assert "none.toml: cannot be read" in done.stdout


def test_modes_of_the_target_are_judged_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(
        'base_url = "http://127.0.0.1:9"\nmodes = ["AX"]\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:9"\n',
        encoding="utf-8",
    )
    done = python_tests(tmp_path, MIXED.format(interrupt=False), "--privnum-target", "target.toml", "--collect-only")
    assert "1/5 tests collected (4 deselected)" in done.stdout
