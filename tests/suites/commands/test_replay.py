"""`privnum replay`: the script of a failure on the report's host, or on that of a target.toml, and on no other."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from privnum.cli import main
from privnum.mockserver.embed.live import LiveServer
from privnum.suites.base.claims import Violation
from privnum.suites.commands import replay
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.counterexample import counterexample
from privnum.suites.runner.replay import UNDO_AT_END
from privnum.suites.runner.session import Session
from privnum.suites.safety.cleanup import asker, bindings_on
from privnum.suites.target.config import Target
from privnum.suites.transport.api import HttpTransport
from tests.suites import recordings as rec
from tests.suites.platforms import AXB, POOLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULE = "AXB-BIND-102"
REFUSED = "403/1012010"
GIVEN = {
    "id": "there",
    "applications": [
        {
            "mode": "AXB",
            "app_key": AXB.key,
            "app_secret": AXB.secret,
            "numbers": [{"number": x.number} for x in AXB.numbers],
        }
    ],
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with LiveServer() as there:
        make_world(there)
        yield there


def make_world(server: LiveServer) -> None:
    request = urllib.request.Request(
        f"{server.control_url}/worlds", json.dumps(GIVEN).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def target_of(server: LiveServer) -> Target:
    url = f"{server.url}/w/there"
    return Target("given", base_url=url, driver_url=server.url, world="there", applications=(AXB,), pools=POOLS)


def report_of(folder: Path, target: Target | None = None, message: str = f"expected success, came {REFUSED}") -> Path:
    """A report of a run in which a pair was bound twice, and the second bind is what is broken."""
    session = Session(target) if target else Session()
    context = CheckContext(session, "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    context.axb.bind(a, b, x)
    example = counterexample(Violation(RULE, message, {}, context.history), session.target)
    context.close()
    session.close()
    events = [
        rec.run_started(),
        *rec.whole_check("it", [RULE], "failed", {RULE: ("failed", message)}, counterexample=example),
        rec.run_finished(),
    ]
    events[0]["target"] = session.target.describe()
    rec.write(folder / "events.jsonl", events)
    return folder


def bound_on(server: LiveServer) -> list[Any]:
    transport = HttpTransport(f"{server.url}/w/there")
    found = [each for x in AXB.numbers for each in bindings_on(x.number, AXB, asker(transport, "/w/there"))]
    transport.close()
    return found


def set_answer(folder: Path, wanted: str) -> None:
    """Another answer was written down: the platform was mended meanwhile."""
    path = folder / "events.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace(REFUSED, wanted), encoding="utf-8")


@pytest.mark.parametrize(
    ("came", "status", "told"),
    [(REFUSED, 1, "it still fails"), ("200/0", 0, "what broke the rule does not come any more")],
)
def test_it_says_by_its_status_whether_the_rule_holds(
    server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    came: str,
    status: int,
    told: str,
) -> None:
    """And leaves nothing bound."""
    monkeypatch.setenv("SECRET1", AXB.secret)
    folder = report_of(tmp_path, target_of(server))
    set_answer(folder, came)
    assert main(["replay", str(folder), RULE.lower()]) == status
    assert told in capfd.readouterr().out
    assert bound_on(server) == []


def test_where_the_failure_lies_elsewhere_somebody_has_to_look(
    server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET1", AXB.secret)
    folder = report_of(tmp_path, target_of(server), "the list lacks the binding")
    assert main(["replay", str(folder), RULE]) == 2
    assert "LOOK at what came" in capfd.readouterr().out
    assert bound_on(server) == []


@pytest.mark.parametrize("secret", ["wrong", AXB.secret])
def test_without_what_came_before_nothing_is_said(
    server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    secret: str,
) -> None:
    """A wrong secret, or nobody at home, is no proof that the rule holds."""
    monkeypatch.setenv("SECRET1", secret)
    folder = report_of(tmp_path, target_of(server))
    if secret == AXB.secret:
        server.stop()
    assert main(["replay", str(folder), RULE]) == 2
    assert "LOOK at what came: there is no binding" in capfd.readouterr().out


def test_a_report_of_the_embedded_server_is_replayed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    folder = report_of(tmp_path)
    assert main(["replay", str(folder), RULE]) == 1
    assert "it still fails" in capfd.readouterr().out


def test_another_target_has_its_own_keys_and_secrets(
    server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes to the host of the report."""
    folder = report_of(tmp_path, target_of(server))
    monkeypatch.delenv("SECRET1", raising=False)
    numbers = ", ".join(f'{{ number = "{x.number}" }}' for x in AXB.numbers)
    with LiveServer() as other:
        make_world(other)
        (tmp_path / "target.toml").write_text(
            f'base_url = "{other.url}/w/there"\n[driver]\nkind = "http"\nurl = "{other.url}"\nworld = "there"\n'
            f'[[applications]]\nmode = "AXB"\napp_key = "{AXB.key}"\napp_secret = "{AXB.secret}"\n'
            f"numbers = [{numbers}]\n",
            encoding="utf-8",
        )
        server.stop()
        assert main(["replay", str(folder), RULE, "--target", str(tmp_path / "target.toml")]) == 1
        assert bound_on(other) == []


def refusal_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["replay", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def with_script(folder: Path, lines: list[str], base_url: str | None = "http://127.0.0.1:9/x") -> str:
    events = rec.every_verdict()
    events[0]["target"] |= {"base_url": base_url, "driver": None}
    for event in events:
        if event.get("counterexample"):
            event["counterexample"]["curl"] = lines
    rec.write(folder / "events.jsonl", events)
    return str(folder)


HEAD = "# bash, with curl, jq and openssl"


@pytest.mark.parametrize(
    ("lines", "base_url", "told"),
    [
        ([HEAD, "BASE=http://127.0.0.1:10/x"], "http://127.0.0.1:9/x", "name the target: --target FILE"),
        ([HEAD, "DRIVER=http://10.0.0.1; ID=a"], "http://127.0.0.1:9/x", "the script goes to http://10.0.0.1"),
        ([HEAD, "BASE=https://far.example"], "https://far.example", "--yes-i-may-test-this"),
        ([HEAD, "BASE=http://127.0.0.1:9/x", "KEY1=k; SECRET1=${SECRET1:?is}"], "http://127.0.0.1:9/x", "set SECRET1"),
        ([f"{HEAD}; numbers are masked, put in yours"], "http://127.0.0.1:9/x", "are masked"),
        ([HEAD, "BASE=…  # url of that world"], "http://127.0.0.1:9/x", "a driver in Python"),
    ],
)
def test_what_is_not_run(
    lines: list[str],
    base_url: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Another host above all."""
    monkeypatch.delenv("SECRET1", raising=False)
    trace = tmp_path / "ran"
    folder = with_script(tmp_path, [*lines, f"touch {shlex.quote(str(trace))}"], base_url)
    assert told in refusal_of(capsys, folder, "AXB-CALL-105")
    assert not trace.exists()


def test_a_rule_without_a_script_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = with_script(tmp_path, [HEAD])
    told = refusal_of(capsys, folder, "AXB-BIND-001")
    assert told.startswith("privnum replay: AXB-BIND-001 has no script in this report, its verdict is passed; ")
    assert told.endswith("there is one of AXB-CALL-105\n")
    assert "did you mean" in refusal_of(capsys, folder, "AXB-BIND-999")
    assert "cannot be read" in refusal_of(capsys, str(tmp_path / "none"), "AXB-BIND-001")


def test_the_script_is_printed_and_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = tmp_path / "ran"
    folder = with_script(tmp_path, [HEAD, f"touch {shlex.quote(str(trace))}"])
    assert main(["replay", folder, "AXB-CALL-105", "--print"]) == 0
    assert capsys.readouterr().out.startswith(f"{HEAD}\ntouch ")
    assert not trace.exists()


def test_a_script_whose_time_is_over_undoes_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its hour is over as soon as it has come to its wait: the script says so, and no clock is asked."""
    trace, waits = tmp_path / "undone", tmp_path / "waits"
    os.mkfifo(waits)

    class Hurried(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            if timeout == 3600:
                waits.read_bytes()
                raise subprocess.TimeoutExpired(self.args, timeout)
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", Hurried)
    undo = f"undo() {{ sleep 0.2; touch {shlex.quote(str(trace))}; }}; {UNDO_AT_END}"
    lines = [HEAD, "(", undo, f"echo here >{shlex.quote(str(waits))}", "sleep 600", ")"]
    told = refusal_of(capsys, with_script(tmp_path, lines), "AXB-CALL-105", "--timeout", "3600")
    assert "did not end in 3600 s" in told
    assert trace.exists()


def test_a_tool_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay, "TOOLS", ("bash", "no-such-tool"))
    told = refusal_of(capsys, with_script(tmp_path, [HEAD]), "AXB-CALL-105")
    assert "not installed here: no-such-tool" in told


def test_the_script_gets_no_other_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("A_TOKEN", "of somebody")
    assert main(["replay", with_script(tmp_path, [HEAD, "env", "exit 1"]), "AXB-CALL-105"]) == 1
    assert "A_TOKEN" not in capfd.readouterr().out


def test_it_speaks_chinese_where_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its verdict, and why there is none."""
    report = str(report_of(tmp_path))
    assert main(["replay", report, RULE, "--lang", "zh"]) == 1
    assert "：仍然失败" in capfd.readouterr().out.replace(": ", "：")
    assert main(["replay", report, "AXB-BIND-005", "--lang", "zh"]) == 2
    assert "AXB-BIND-005在该报告中没有脚本" in capfd.readouterr().err
