"""Every end of a command has a status that means something: 1 is a verdict, in a report that was written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

import pytest

from privnum.suites.base.ended import RunEnded, ended_in_order, until_answered
from privnum.suites.commands import check as suites_cli
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.report import terminal
from privnum.suites.runner.events import Journal
from privnum.suites.safety.cleanup import drop_worlds, put_back
from privnum.suites.safety.cleanup_journal import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECK = [sys.executable, "-m", "privnum.cli", "check", "--mode", "AXB"]
#: A run that is over soon and has a whole report: nearly every rule is out of reach.
SHORT = ["--max-requests", "20"]


def run(
    folder: Path, *arguments: str, stdout: int | IO[Any] = subprocess.PIPE, limit: int | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    before = "" if limit is None else f"ulimit -f {limit}; "
    command = ["bash", "-c", f'{before}exec "$@"', "-", *CHECK[:3], *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **env},
    )


def one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Status 2, and one line that says why."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr


# ── what is in the way of the report ─────────────────────────────────────────────────────────────────────────────────


def test_a_folder_in_the_place_of_the_report_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "out" / "report.json").mkdir(parents=True)
    one_line(run(tmp_path, "check", "--mode", "AXB", "--report-dir", "out"), "report.json", "directory")
    assert not (tmp_path / "out" / "events.jsonl").exists()


@pytest.mark.parametrize("name", ["report.json", "report.html", "junit.xml"])
def test_report_says_which_file_cannot_be_written(tmp_path: Path, name: str) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(_events())
    (tmp_path / "out" / name).mkdir(parents=True)
    one_line(run(tmp_path, "report", str(events), "--out", "out"), name, "directory")


def test_no_report_of_an_earlier_run_is_left_for_that_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.json").write_text("{}", encoding="utf-8")
    one_line(run(tmp_path, "check", *CHECK[4:], "--report-dir", "out", limit=4), "events cannot be written")
    assert not (tmp_path / "out" / "report.json").exists()


def test_the_first_event_that_cannot_be_written_ends_the_run(tmp_path: Path) -> None:
    """The limit on the size of files is what a full disk would be."""
    done = run(tmp_path, "check", "--mode", "AXB", "--report-dir", "out", limit=40)
    one_line(done, "events.jsonl: the events cannot be written: File too large")
    assert (tmp_path / "out" / "events.jsonl").stat().st_size <= 40 * 1024


def test_a_journal_that_is_full_writes_no_more_and_stays_quiet_at_its_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    file = journal._file
    assert file is not None
    with Path("/dev/full").open("wb", buffering=0) as full:
        os.dup2(full.fileno(), file.fileno())
    with pytest.raises(RunEnded, match=r"events\.jsonl: the events cannot be written: No space left"):
        journal.check_started("a", ["AXB-BIND-001"])
    journal.run_finished(interrupted=True)
    assert [event["event"] for event in journal.events] == ["check_started", "run_finished"]


def test_a_book_that_is_full_lets_nothing_be_bound_and_everything_be_undone(tmp_path: Path) -> None:
    book = Book(tmp_path / "book.jsonl")
    debt = book.owe("calls.hang_up", {"by": "caller"}, world="w", call="1")
    file = book._file
    assert file is not None
    with Path("/dev/full").open("wb", buffering=0) as full:
        os.dup2(full.fileno(), file)
    with pytest.raises(RunEnded, match=r"book\.jsonl: the cleanup journal cannot be written: No space left"):
        book.owe("calls.hang_up", {"by": "caller"}, world="w", call="2")
    assert book.debts() == [debt]
    book.close_debt(debt)
    assert book.left == 0


@pytest.mark.parametrize("moment", ["arrange", "_plan"])
def test_who_stops_a_run_before_its_first_check_is_told_just_that(tmp_path: Path, moment: str) -> None:
    """While the checks are collected, and when the events file is begun and empty."""
    code = (
        "import os, signal, sys\n"
        "from privnum import cli\n"
        "from privnum.suites.runner.pytest_hooks import Hooks\n"
        f"Hooks.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.exit(cli.main(['check', '--mode', 'AXB']))\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    one_line(done, "privnum check: interrupted by SIGTERM\n")


# ── standard output ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["whole", "quiet"])
@pytest.mark.parametrize("command", ["check", "report"])
def test_full_output_is_no_verdict(tmp_path: Path, command: str, quiet: list[str]) -> None:
    (tmp_path / "events.jsonl").write_bytes(_events())
    arguments = ["--mode", "AXB", *SHORT] if command == "check" else ["events.jsonl"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        one_line(run(tmp_path, command, *arguments, *quiet, stdout=full), "No space left")


def test_full_output_is_not_laid_to_the_folder_of_reports(tmp_path: Path) -> None:
    """The report is written; who reads the line looks at the right disk."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = run(tmp_path, "check", "--mode", "AXB", *SHORT, stdout=full)
    one_line(done, "privnum check: standard output cannot be written: No space left on device; see build/conformance")
    assert (tmp_path / "build" / "conformance" / "report.json").exists()


@pytest.mark.parametrize(
    "command", ["check", "report", "rules", "clean", "init-target", "check-driver", "check-receiver", "serve"]
)
def test_closed_output_is_told_before_anything_is_done(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", 'exec "$@" >&-', "-", *CHECK[:3], command],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    one_line(done, f"privnum {command}: standard output is closed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["whole", "quiet"])
def test_a_reader_who_goes_away_takes_nothing_from_the_verdict(tmp_path: Path, quiet: list[str]) -> None:
    for arguments, right in (
        ([*CHECK[3:], *SHORT], 0),
        (["report", "build/conformance/events.jsonl"], 0),
    ):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as nobody:
            done = run(tmp_path, *arguments, *quiet, stdout=nobody)
        assert (done.returncode, done.stderr) == (right, "")
        assert (tmp_path / "build" / "conformance" / "report.json").exists()


def test_the_verdict_is_that_of_the_report_when_nobody_reads_it(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(_events(outcome="failed"))

    class Gone:
        encoding = "utf-8"

        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

        def isatty(self) -> bool:
            return False

    for quiet in (True, False):
        screen = terminal.screen(cast("TextIO", Gone()))
        assert suites_cli.write_report(events, tmp_path, screen, quiet=quiet) == 1


def test_what_a_terminal_cannot_show_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(_events(message="bound 号码 \u2026"))
    done = run(tmp_path, "report", "events.jsonl", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bound \\u53f7\\u7801 \\u2026" in done.stdout


# ── signals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stop_run(folder: Path, number: signal.Signals, *, when: str) -> subprocess.CompletedProcess[str]:
    """Start a run and stop it when its events have this word."""
    process = subprocess.Popen(
        [*CHECK, "--report-dir", "out"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    events = folder / "out" / "events.jsonl"
    for _ in range(6000):
        if process.poll() is not None or (events.exists() and when.encode() in events.read_bytes()):
            break
        time.sleep(0.01)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, stdout, stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_run_with_a_report_and_status_2(tmp_path: Path, number: signal.Signals) -> None:
    done = _stop_run(tmp_path, number, when="check_finished")
    assert done.returncode == 2, done.stderr
    assert "The run was interrupted before its end" in done.stdout
    assert json.loads((tmp_path / "out" / "report.json").read_bytes())["run"]["interrupted"] is True


_EARLY = """
import os, signal, sys
from privnum import cli

def stop(args):
    os.kill(os.getpid(), signal.{signal})
    raise AssertionError("nobody heeded the signal")

cli._function_of = lambda name: stop
sys.exit(cli.main(["{command}"]))
"""


@pytest.mark.parametrize(
    ("command", "name"),
    [("check", "SIGTERM"), ("check", "SIGHUP"), ("check", "SIGINT"), ("serve", "SIGTERM"), ("serve", "SIGINT")],
)
def test_a_signal_before_it_has_begun_is_one_line(tmp_path: Path, command: str, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _EARLY.replace("{signal}", name).replace("{command}", command)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    one_line(done, f"privnum {command}: interrupted by {name}")


def test_a_hang_up_that_is_ignored_from_the_start_stays_ignored(tmp_path: Path) -> None:
    """As under nohup."""
    script = (
        _EARLY.replace("{signal}", "SIGHUP")
        .replace("{command}", "check")
        .replace('raise AssertionError("nobody heeded the signal")', "return 0")
    )
    done = subprocess.run(
        ["bash", "-c", "trap '' HUP; exec \"$@\"", "-", sys.executable, "-c", script], timeout=60, check=False
    )
    assert done.returncode == 0


def test_a_signal_waits_for_the_answer_that_is_under_way() -> None:
    """Else nobody knows what was bound; whoever asks twice does not wait."""
    heard: list[str] = []
    with ended_in_order():
        with pytest.raises(KeyboardInterrupt, match="SIGTERM"):
            _ask_once(heard)
        assert heard == ["inner", "outer"]
        with pytest.raises(KeyboardInterrupt, match="SIGINT"):
            _ask_twice(heard)
    assert heard == ["inner", "outer"]


def _ask_once(heard: list[str]) -> None:
    with until_answered():
        with until_answered():
            os.kill(os.getpid(), signal.SIGTERM)
            heard.append("inner")
        heard.append("outer")


def _ask_twice(heard: list[str]) -> None:
    with until_answered():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        heard.append("never")


class _Refuses(Driver):
    """Answers every message with the same refusal."""

    def __init__(self, status: int) -> None:
        self.status_of_all = status
        self.sent: list[tuple[str, dict[str, str]]] = []

    def send(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Any:
        self.sent.append((operation, places))
        raise DriverError("refused", self.status_of_all)


@pytest.mark.parametrize(("status", "left"), [(409, 0), (404, 0), (410, 0), (500, 1), (400, 1)])
def test_what_is_over_is_undone(status: int, left: int) -> None:
    """A driver answers 409 where the call has ended that shall be hung up."""
    book = Book()
    book.owe("calls.hang_up", {"by": "caller"}, world="w", call="1")
    put_back(book, _Refuses(status))
    assert book.left == left


def test_worlds_that_an_interrupted_run_has_made_are_dropped() -> None:
    driver = _Refuses(404)
    drop_worlds({"check-1-2", "check-1-1"}, driver)
    assert driver.sent == [("worlds.delete", {"world": "check-1-1"}), ("worlds.delete", {"world": "check-1-2"})]


# ── what nobody foresaw ──────────────────────────────────────────────────────────────────────────────────────────────

_FAULT = """
import sys
from privnum import cli

def fault(args):
    {statement}

cli._function_of = lambda name: fault
sys.exit(cli.main([{command!r}]))
"""


@pytest.mark.parametrize("command", ["check", "report", "clean", "check-driver", "check-receiver", "init-target"])
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("raise RuntimeError('of no kind\\nthat we know')", "RuntimeError: of no kind that we know"),
        ("sys.exit(1)", "SystemExit(1)"),
        ("raise OSError(28, 'No space left on device', 'file')", "file: No space left on device"),
    ],
    ids=["fault", "exit", "disk"],
)
def test_an_unforeseen_end_is_status_2_and_one_line(command: str, statement: str, told: str) -> None:
    script = _FAULT.format(statement=statement, command=command)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    one_line(done, f"privnum {command}: ", told)


def test_a_fault_while_the_checks_run_is_one_line_too(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom privnum import cli\nfrom privnum.suites.runner import session\n"
        "def fault(*_, **__):\n    raise RuntimeError('of no kind')\n"
        "session.Session._survey = fault\nsys.exit(cli.main(['check']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    one_line(done, "privnum check: a fault of privnum: RuntimeError: of no kind (")
    assert done.stdout == ""


def test_the_place_of_a_fault_is_told_on_request() -> None:
    script = _FAULT.format(statement="raise RuntimeError('x')", command="check")
    with _environment(PRIVNUM_TRACEBACK="1"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" in done.stderr


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        yield


def _events(*, outcome: str = "passed", message: str = "held") -> bytes:
    """A run of one check."""
    journal = Journal()
    journal.run_started({"name": "it", "capabilities": []}, {"profile": "quick", "seed": 1, "modes": ["AXB"]})
    journal.check_started("a::b", ["AXB-BIND-005"])
    journal.write("claim", check="a::b", requirement="AXB-BIND-005", outcome=outcome, message=message)
    reason = None if outcome == "passed" else message
    journal.check_finished("a::b", outcome, reason=reason, reproduced=None, counterexample=None, seconds=0.0)
    journal.write("claim", check="a::b", requirement="COM-OPEN-061", outcome="differs", message=message)
    journal.run_finished(interrupted=False)
    return b"\n".join(json.dumps(event).encode() for event in journal.events) + b"\n"
