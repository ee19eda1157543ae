"""privnum check-receiver: what it sends, its options, its files and its statuses."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from examples.receiver.faults import FAULTS
from examples.receiver.receiver import Receiver
from examples.receiver.server import serving

from privnum import contracts
from privnum.cli import main
from privnum.mockserver.http.tls import tls_of_own_making
from privnum.suites.commands.check_receiver.run import run
from privnum.suites.commands.check_receiver.scenes import Scene
from privnum.suites.commands.check_receiver.settings import Settings
from privnum.suites.report import model
from privnum.suites.runner.events import Journal
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

KEY, SECRET = "receiver-key-1", "receiver-secret-1"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODES = ("AX", "AXB", "AXE", "AXYB", "X")


def schema_of(mode: str, kind: str) -> str:
    common = f"common.{kind}"
    return contracts.callbacks()[common if common in contracts.callbacks() else f"{mode.lower()}.{kind}"].schema


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", MODES)
def test_every_kind_and_event_of_the_mode_is_sent(mode: str) -> None:
    messages = Scene(mode, KEY, SECRET, seed=1, now=NOW).whole()
    for message in messages:
        assert contracts.validator(schema_of(mode, message.kind)).problems(message.fields) == []
    known = [each for each in contracts.callbacks().values() if each.mode in (mode, "common")]
    assert {message.kind for message in messages} == {each.kind for each in known}
    events = contracts.schema(schema_of(mode, "call_event"))["properties"]["eventType"]["enum"]
    assert {message.event for message in messages if message.kind == "call_event"} == set(events)


def test_both_questions_are_sent() -> None:
    asked = [
        message.name for mode in MODES for message in Scene(mode, KEY, SECRET, seed=1, now=NOW).whole() if message.asks
    ]
    assert set(asked) == {"AX SMS Block", "X SMS Block", "X callin (a question)"}


@pytest.mark.parametrize("mode", MODES)
def test_many_are_sent_in_one_message(mode: str) -> None:
    events, cdrs = Scene(mode, KEY, SECRET, seed=1, now=NOW).cdrs(50)
    assert contracts.validator(schema_of(mode, "cdr")).problems(cdrs.fields) == []
    sessions = {cdr["sessionId"] for cdr in cdrs.fields["feeLst"]}
    assert len(sessions) == 50
    assert {event.fields["statusInfo"]["sessionId"] for event in events} == sessions
    statuses = Scene(mode, KEY, SECRET, seed=1, now=NOW, numbers=100).statuses()
    assert contracts.validator("common/number_status").problems(statuses.fields) == []
    assert len({info["number"] for info in statuses.fields["numInfo"]}) == 100


def test_no_push_tells_of_what_has_not_happened_yet() -> None:
    scenes = [Scene("AXB", KEY, SECRET, seed=1, now=NOW) for _ in range(2)]
    cdrs = [cdr for message in scenes[0].whole() if message.kind == "cdr" for cdr in message.fields["feeLst"]]
    cdrs += scenes[1].cdrs(50)[1].fields["feeLst"]
    assert max(cdr["callEndTime"] for cdr in cdrs) < "2026-03-01 12:00:00"


def test_worlds_of_another_seed_have_other_calls() -> None:
    one, other = (Scene("AXB", KEY, SECRET, seed=seed, now=NOW).cdrs(5)[1].fields["feeLst"] for seed in (1, 2))
    assert not {cdr["sessionId"] for cdr in one} & {cdr["sessionId"] for cdr in other}


class Listens(Receiver):
    """Writes down what comes."""

    def __init__(self) -> None:
        super().__init__(KEY, SECRET)
        self.came: list[tuple[str, bytes]] = []

    def take(self, path: str, message: dict[str, Any]) -> tuple[int, bytes]:
        self.came.append((message["eventType"], json.dumps(message).encode()))
        return super().take(path, message)


def hear_pushes(rule: str) -> tuple[list[str], list[tuple[str, bytes]]]:
    """The events of the plain pushes, and the pushes that the check of a rule sent behind them."""
    receiver = Listens()
    with serving(receiver) as url:
        run(settings(url, rules=(rule,)), Journal(), Deadline(60))
    plain = [message.event for message in Scene("AXB", KEY, SECRET, seed=1, now=NOW).whole()]
    plain = [{"cdr": "fee", "number_status": "numStatus"}.get(event, event) for event in plain if "sms" not in event]
    assert [event for event, _ in receiver.came[: len(plain)]] == plain
    return plain, receiver.came[len(plain) :]


def test_another_order_is_another_order() -> None:
    plain, came = hear_pushes("RECEIVER-ORDER-001")
    events = [event for event, _ in came]
    assert sorted(events) == sorted(plain)
    assert events[:4] == ["fee", "fee", "fee", "numStatus"]
    assert [event for event in reversed(events) if event != "fee"] == [event for event in plain if event != "fee"]


def test_a_push_that_comes_again_is_the_same_byte_for_byte() -> None:
    plain, came = hear_pushes("RECEIVER-REPEAT-001")
    firsts, seconds = came[::2], came[1::2]
    assert firsts == seconds
    assert [event for event, _ in firsts] == plain


def test_a_late_push_tells_of_what_was_hours_ago() -> None:
    _, came = hear_pushes("RECEIVER-REPEAT-002")
    told = [json.loads(body) for event, body in came if event == "fee"]
    ended = [datetime.fromisoformat(f"{cdr['callEndTime']}+00:00") for body in told for cdr in body["feeLst"]]
    assert ended
    assert all(datetime.now(UTC) - each >= timedelta(minutes=300) for each in ended)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def arguments(url: str, folder: Path, *more: str) -> list[str]:
    return [
        "check-receiver", "--fee-url", f"{url}/fee", "--status-url", f"{url}/status", "--app-key", KEY,
        "--app-secret", SECRET, "--mode", "AXB", "--report-dir", str(folder), *more,
    ]  # fmt: skip


def test_reports_are_written_and_hold_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Receiver(KEY, SECRET)) as url:
        assert main(arguments(url, tmp_path)) == 0
    shown = capsys.readouterr().out
    assert ": no rule fails; " in shown
    assert re.search(r"^sent to the target: [0-9]+ pushes$", shown, re.MULTILINE)
    files = ("events.jsonl", "report.json", "report.html", "junit.xml")
    texts = {name: (tmp_path / name).read_text(encoding="utf-8") for name in files}
    assert not [name for name, text in {**texts, "screen": shown}.items() if SECRET in text]
    report = json.loads(texts["report.json"])
    assert contracts.validator("report/report").problems(report) == []
    untried = {rule["id"]: rule["reason"] for rule in report["requirements"] if rule["verdict"] == "not_exercised"}
    assert untried["RECEIVER-BLOCK-001"] == "no address is given for it: --sms-control-url"
    assert untried["RECEIVER-CALLIN-001"] == "no mode that is checked has such questions: AXB"
    assert "privnum check-receiver --status-url" in texts["report.html"]


def test_a_secret_that_the_receiver_says_is_masked() -> None:
    class Tells(Receiver):
        def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
            return 500, f"KeyError with secret {self.secret}".encode()

    journal = Journal()
    with serving(Tells(KEY, SECRET)) as url:
        run(settings(url), journal, Deadline(60))
    assert "KeyError" in str(journal.events)
    assert SECRET not in str(journal.events)


def test_a_secret_of_a_few_signs_leaves_the_words_of_an_answer_alone() -> None:
    class Fails(Receiver):
        def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
            return 500, b"see the log"

    journal = Journal()
    with serving(Fails(KEY, "e")) as url:
        run(settings(url, secret="e"), journal, Deadline(60))
    assert "see the log" in str(journal.events)


def test_a_secret_of_a_few_signs_is_said_to_be_in_no_hiding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Receiver(KEY, "e")) as url:
        args = arguments(url, tmp_path, "--rule", "RECEIVER-ANSWER-002")
        assert main(["e" if each == SECRET else each for each in args]) == 0
    line = "privnum check-receiver: a secret of less than 8 signs is not looked for in answers: a report may show it\n"
    assert capsys.readouterr().err == line


def test_tls_that_nobody_speaks_is_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Receiver(KEY, SECRET)) as url:
        assert main(arguments(url.replace("http://", "https://"), tmp_path)) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "--status-url: nobody speaks TLS at https://127.0.0.1:" in shown.err
    assert "write http://… where it takes plain HTTP" in shown.err
    assert not (tmp_path / "report.json").exists()


def test_a_certificate_that_is_not_trusted_is_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = arguments("", tmp_path)
    with tls_of_own_making(["127.0.0.1"], None) as tls, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        hears = threading.Thread(target=shake_hands, args=(listener, tls.context))
        hears.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        assert main([f"{url}{each[1:]}" if each in ("/fee", "/status") else each for each in args]) == 2
        hears.join(30)
    assert "is not trusted (" in (err := capsys.readouterr().err)
    assert "--ca FILE names certificates to trust" in err


def shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Answer one client by TLS; it will not like the certificate."""
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


@pytest.mark.parametrize(("more", "status"), [((), 0), (("--strict",), 1)], ids=["usual", "strict"])
def test_advice_counts_if_it_is_asked_for(tmp_path: Path, more: tuple[str, ...], status: int) -> None:
    kind, rule = FAULTS["no_signature_check"]
    with serving(kind(KEY, SECRET)) as url:
        assert main(arguments(url, tmp_path, "--rule", rule, "--quiet", *more)) == status


def test_a_broken_documented_rule_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, rule = FAULTS["redirects"]
    with serving(kind(KEY, SECRET)) as url:
        assert main(arguments(url, tmp_path, "--rule", rule)) == 1
    shown = capsys.readouterr().out
    assert f"FAILED {rule} CDRs are answered with success" in shown
    assert "answered with 302, a redirect, which no push follows" in shown


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "no address is given; name one or more of --status-url, --fee-url"),
        (["--fee-url", "ftp://127.0.0.1/fee"], "--fee-url: that is no address of http or https"),
        (["--fee-url", "http://a:b@127.0.0.1/fee"], "--fee-url: it has a user or a password"),
        (["--fee-url", "http://192.0.2.1/fee"], "say so with --yes-i-may-test-this"),
        (["--fee-url", "http://127.0.0.1/fee"], "--app-key and --app-secret (or $PRIVNUM_APP_SECRET) are missing"),
        (["--fee-url", "http://127.0.0.1/fee", "--app-key", "a b", "--app-secret", "s"], "--app-key must be"),
        (["--fee-url", "http://127.0.0.1/fee", "--app-key", "k", "--app-secret", "s", "--mode", "AY"], "no mode 'AY'"),
        (
            ["--fee-url", "http://127.0.0.1/fee", "--app-key", "k", "--app-secret", "s", "--rule", "RECEIVER-SIGN-01"],
            "did you mean RECEIVER-SIGN-001",
        ),
        (["--fee-url", "http://127.0.0.1:9/fee", "--app-key", "k", "--app-secret", "s"], "nobody listens at"),
    ],
)
def test_bad_usage_is_one_line(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRIVNUM_APP_SECRET", raising=False)
    assert main(["check-receiver", *options]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("privnum check-receiver: ")
    assert said in shown.err
    assert shown.err.count("\n") == 1


# ── a run that cannot go on ──────────────────────────────────────────────────────────────────────────────────────────


def settings(url: str, **more: Any) -> Settings:
    usual: dict[str, Any] = {
        "urls": {"call_event": f"{url}/status", "cdr": f"{url}/fee"},
        "key": KEY,
        "secret": SECRET,
        "modes": ("AXB",),
        "seed": 1,
        "within": 5.0,
        "asked_within": 5.0,
        "longest": 30.0,
    }
    return Settings(**usual | more)


def test_a_run_whose_time_is_over_has_no_verdict() -> None:
    ticks = iter(range(10**6))
    journal = Journal()
    with serving(Receiver(KEY, SECRET)) as url:
        run(settings(url), journal, Deadline(200, lambda: float(next(ticks))), lambda: 0.0)
    report = model.build(journal.events)
    assert model.exit_code(report) == 2
    assert report["run"]["stopped"] == "the run's time (--timeout 200 s) was over"
    assert report["summary"]["passed"] > 0
    assert report["summary"]["not_exercised"] > 0


def test_who_answers_nothing_breaks_the_rule_once_and_is_not_asked_again() -> None:
    class Refuses(Receiver):
        def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
            return 401, b"who are you?"

    journal = Journal()
    with serving(Refuses(KEY, SECRET)) as url:
        sent = run(settings(url), journal, Deadline(60))
    report = model.build(journal.events)
    verdicts = {rule["id"]: rule["verdict"] for rule in report["requirements"]}
    assert sent == len([m for m in Scene("AXB", KEY, SECRET, seed=1, now=NOW).whole() if m.kind != "sms_notify"])
    assert {id_ for id_, verdict in verdicts.items() if verdict == "failed"} == {
        "RECEIVER-ANSWER-001",
        "RECEIVER-ANSWER-002",
    }
    assert verdicts["RECEIVER-SIGN-001"] == "not_exercised"
    reason = next(rule["reason"] for rule in report["requirements"] if rule["id"] == "RECEIVER-ANSWER-002")
    assert "was answered with 401, 'who are you?'" in reason
