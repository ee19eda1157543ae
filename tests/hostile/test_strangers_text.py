"""What strangers say reaches a screen by one way: in one line, visible and masked. What they send is bounded."""

from __future__ import annotations

import http.client
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from privnum.suites.base.answers import TOO_LONG
from privnum.suites.base.printing import printable
from privnum.suites.callbacks.inbox import Inbox
from privnum.suites.callbacks.receiver import HttpReceiver
from privnum.suites.commands.check_driver.report import Sheet
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.report import model, terminal
from privnum.suites.target.config import ReceiverAddress
from privnum.suites.transport.api import make_answer
from tests.hostile.peers import serving

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.client import Headers

#: Clears the screen, sets its title, turns the text around, rings, and names somebody's number.
EVIL = "a\x1b[2J\x1b]0;owned\x07\u202eb\u200b\u2066c\x9bd\ud800 +8613800000021\r\nnext line\u2028and next"


def is_harmless(text: str) -> bool:
    return "13800000021" not in text and all(sign.isprintable() or sign in "\n\t" for sign in text)


def test_the_printer_writes_commands_out_and_masks() -> None:
    told = printable(EVIL)
    assert is_harmless(told)
    assert "\n" not in told
    assert told.startswith("a\\x1b[2J\\x1b]0;owned\\x07\\u202eb\\u200b\\u2066c\\x9bd\\ud800 +86138****0021 next line")
    assert printable("  as it is") == "  as it is"


@pytest.mark.parametrize("quiet", [True, False])
def test_reports_on_a_screen(quiet: bool) -> None:
    report = _report()
    out = io.StringIO()
    screen = Console(file=out, force_terminal=False)
    terminal.print_report(report, screen, Path("out"), quiet=quiet)
    assert is_harmless(out.getvalue()), out.getvalue()
    assert "\\x1b[2J" in out.getvalue()


def _report() -> dict[str, Any]:
    events: list[dict[str, Any]] = [
        {"event": "run_started", "time": "2026-03-01T00:00:00Z", "target": {"name": EVIL}, "run": {}},
        {"event": "check_started", "check": "a::b", "requirements": ["AXB-BIND-005", "COM-OPEN-061"]},
    ]
    for outcome, rule in (("failed", "AXB-BIND-005"), ("differs", "COM-OPEN-061")):
        message = EVIL.replace("13800000021", "138****0021")
        events.append({"event": "claim", "check": "a::b", "requirement": rule, "outcome": outcome, "message": message})
    finished: dict[str, Any] = {
        "outcome": "failed",
        "reason": "x",
        "reproduced": None,
        "counterexample": None,
        "seconds": 0,
        "lacks": [],
    }
    events += [{"event": "check_finished", "check": "a::b", **finished}]
    return model.build(events)


class _Evil:
    """A transport whose every answer is a refusal with that text."""

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        return make_answer(500, [], json.dumps({"error": EVIL, "where": EVIL}).encode())

    def close(self) -> None:
        pass


def test_errors_of_the_driver_and_the_sheet_of_a_driver() -> None:
    with pytest.raises(DriverError) as caught:
        Driver(_Evil()).send("capabilities")
    assert "13800000021" not in str(caught.value)
    sheet = Sheet(EVIL, EVIL)
    sheet.notes.append(EVIL)
    assert is_harmless("\n".join(map(printable, sheet.lines())))


def test_a_target_that_paints_the_terminal_is_told_in_plain_text(tmp_path: Path) -> None:
    """Whole commands against a server of which every text is a command to the terminal."""
    with serving(lambda _: (500, json.dumps({"error": EVIL, "resultcode": EVIL, "resultdesc": EVIL}).encode())) as port:
        (tmp_path / "target.toml").write_text(
            f'base_url = "http://127.0.0.1:{port}"\n[driver]\nkind = "http"\nurl = "http://127.0.0.1:{port}"\n',
            encoding="utf-8",
        )
        for command in ("check", "check-driver"):
            done = subprocess.run(
                [sys.executable, "-m", "privnum.cli", command, "--target", "target.toml"],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 2 or command == "check-driver"
            assert is_harmless(done.stdout + done.stderr), done


# ── long pushes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_a_push_no_more_is_read_than_of_an_answer() -> None:
    receiver = HttpReceiver(ReceiverAddress())
    box = receiver.open_box("token")
    try:
        for chunked in (False, True):
            connection = http.client.HTTPConnection("127.0.0.1", int(receiver.base.rsplit(":", 1)[1]), timeout=30)
            parts = iter([b" " * 65536] * 80)
            headers = {} if chunked else {"Content-Length": str(65536 * 80)}
            try:
                connection.request("POST", "/push/token/events", parts, headers, encode_chunked=chunked)
                connection.getresponse().read()
            except OSError:
                pass  # it was hung up on
            finally:
                connection.close()
        assert [len(push.raw) for push in box.pushes] == [TOO_LONG + 1] * 2
        assert all(f"more than {TOO_LONG} bytes" in " ".join(push.problems) for push in box.pushes)
    finally:
        receiver.close()


def test_a_push_that_is_too_long_breaks_the_rule_of_its_schema() -> None:
    box = Inbox("http://x", "t")
    box.take("POST", "/push/t/events", {}, b"{" + b" " * TOO_LONG, 1)
    assert any(problem.startswith("AXB-EVENT-003: call_event push of more than") for problem in box.pushes[0].problems)
