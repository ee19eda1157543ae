"""The commands that govern a running server, as a person and as a program call them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from privnum import cli, contracts
from privnum.control import COMMANDS
from privnum.control.tables import table
from privnum.control.values import seconds
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from privnum.mockserver.embed.handle import WorldHandle


def module_of(name: str) -> ModuleType:
    return import_module(f"privnum.control.{name}")


class Desk:
    """A world, and what a command prints of it."""

    def __init__(self, world: WorldHandle, capsys: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.x = world.axb.numbers[0]
        self._capsys = capsys

    def run(self, *args: str, status: int = 0) -> str:
        """What a command prints on stdout, or on stderr where it is to fail."""
        try:
            came = cli.main(args)
        except SystemExit as end:
            came = int(str(end.code))
        out, err = self._capsys.readouterr()
        assert came == status, out + err
        return out if status == 0 else err

    def printed_json(self, *args: str) -> Any:
        """What a command prints for a program."""
        return json.loads(self.run(*args, "--json"))


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def desk(
    server: LiveServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Desk]:
    with server.world() as world:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PRIVNUM_SERVER", server.url)
        monkeypatch.setenv("PRIVNUM_WORLD", world.id)
        yield Desk(world, capsys)


def test_a_call_is_placed_shown_listed_and_hung_up(desk: Desk) -> None:
    desk.world.bind(A, B, desk.x)
    call = desk.printed_json("call", A, desk.x, "--ring-after", "1", "--answer-after", "1s")
    assert (call["forwarded_to"], call["state"]) == (B, "forwarded")
    desk.run("clock", "advance", "1m")
    assert desk.printed_json("call", "show", call["id"])["state"] == "answered"
    shown = desk.run("call", "hang-up", call["id"], "--by", "callee").splitlines()
    assert "cause      0 Hung up normally after the call was answered" in shown
    title, row, blank, legend = desk.run("call", "list").splitlines()
    assert title.split() == ["CALL", "STATE", "CAUSE", "CALLER", "X", "REACHES", "MODE", "STARTED"]
    assert row.split()[:6] == [call["id"], "ended", "0", A, desk.x, B]
    assert (blank, legend) == ("", "0 Hung up normally after the call was answered")


def test_a_cause_is_in_the_language_of_the_reader(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program reads English."""
    monkeypatch.setenv("PRIVNUM_LANG", "zh")
    meaning = contracts.in_language("zh").release_causes()[8014].meaning
    assert f"8014 {meaning}" in desk.run("call", A, desk.x)
    assert desk.run("call", "list").splitlines()[-1] == f"8014 {meaning}"
    assert desk.run("pushes").splitlines()[-1] == f"8014 {meaning}"
    (call,) = desk.printed_json("call", "list")["calls"]
    assert call["release_cause_text"] == contracts.release_causes()[8014].meaning


def test_an_sms_is_written_and_shown(desk: Desk) -> None:
    desk.world.bind(A, B, desk.x)
    sms = desk.printed_json("sms", A, desk.x, "at the door")
    assert (sms["delivered_to"], sms["state"]) == (B, "sent")
    assert "at the door" in desk.run("sms", "show", sms["id"])
    assert sms["id"] in desk.run("sms", "list")
    assert "-8 degrees" in desk.run("sms", "--world", desk.world.id, "--", A, desk.x, "-8 degrees")


def test_the_clock_is_advanced_and_runs_and_jumps(desk: Desk) -> None:
    assert desk.run("clock") == "2026-03-01 00:00:00 UTC, frozen\n"
    assert desk.run("clock", "advance", "2h") == "2026-03-01 02:00:00 UTC, frozen\n"
    assert desk.printed_json("clock", "run", "--rate", "60")["rate"] == 60
    assert desk.printed_json("clock", "jump")["mode"] == "jumping"
    assert desk.printed_json("clock", "freeze")["mode"] == "frozen"
    assert desk.run("clock", "set", "2026-04-01T00:00:00Z") == "2026-04-01 00:00:00 UTC, frozen\n"


def test_bindings_and_their_filters(desk: Desk) -> None:
    assert desk.run("bindings") == "no bindings\n"
    desk.world.bind(A, B, desk.x)
    row = desk.run("bindings", "--user", B).splitlines()[1]
    assert row.split()[:4] == ["AXB", desk.x, A, B]
    assert desk.printed_json("bindings", "--x", desk.world.axe.numbers[0])["bindings"] == []


@pytest.mark.parametrize(
    "form", ["+8613800000001", "13800000001", "8613800000001", "008613800000001", "+86 138-0000-0001"]
)
def test_every_command_takes_a_number_in_every_form(desk: Desk, form: str) -> None:
    x = form.replace("138", "170", 1)
    assert desk.printed_json("number", x)["number"] == desk.x
    desk.world.bind(A, B, desk.x)
    assert desk.printed_json("call", form, x)["forwarded_to"] == B
    assert desk.printed_json("sms", form, x, "at the door")["delivered_to"] == B
    for option, value in (("--x", x), ("--user", form)):
        assert len(desk.printed_json("bindings", option, value)["bindings"]) == 1
    assert desk.printed_json("journal", "--number", form, "--kind", "request")["entries"]
    assert desk.printed_json("trigger", "cdr", f"callerNum={form}")["body"]["feeLst"][0]["callerNum"] == A
    assert desk.printed_json("fault", "add", "--operation", "any", "--fault", "reset", "--number", form)["left"] is None
    desk.run("fault", "clear")


@pytest.mark.parametrize(
    "args",
    [
        ("call", "me", "+8617000000001"),
        ("call", "+8613800000001", "me"),
        ("sms", "me", "+8617000000001", "text"),
        ("number", "me"),
        ("bindings", "--x", "me"),
        ("bindings", "--user", "me"),
        ("journal", "--number", "me"),
        ("trigger", "cdr", "calleeNum=me"),
        ("fault", "add", "--number", "me"),
    ],
    ids=" ".join,
)
def test_what_is_no_number_is_refused_in_one_way(desk: Desk, args: tuple[str, ...]) -> None:
    said = desk.run(*args, status=2)
    assert "'me' is no number; write +86 and its digits, as in +8613800000001" in said


def test_the_journal_finds_a_number_that_was_sent_without_its_country(desk: Desk) -> None:
    desk.world.request("axb.bind", body={"callerNum": A.removeprefix("+86"), "calleeNum": B})
    assert len(desk.printed_json("journal", "--number", A)["entries"]) == 1


LISTS = [name for name, command in COMMANDS.items() if "list" in vars(module_of(command.module)).get("VERBS", ())]


@pytest.mark.parametrize("command", LISTS)
def test_every_list_is_asked_for_by_one_word(desk: Desk, command: str) -> None:
    assert desk.printed_json(command, "list") is not None
    if command != "snapshot":  # of which lst may be the name
        assert f"did you mean privnum {command} list?" in desk.run(command, "lst", status=2)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_lists_has_the_word(command: str) -> None:
    verbs = vars(module_of(COMMANDS[command].module)).get("VERBS", {})
    assert "list" in verbs or not any("list" in verb.title for verb in verbs.values())


@pytest.mark.parametrize("command", ["bindings", "call", "pushes", "sms"])
def test_long_lists_come_in_pages(desk: Desk, command: str) -> None:
    desk.world.bind(A, B, desk.x)
    desk.world.axe.bind(A, desk.world.axe.numbers[0])
    for text in ("first", "second"):
        desk.world.send_sms(A, desk.x, text)
        desk.world.call(A, desk.x)
    first = desk.printed_json(command, "list", "--limit", "1")
    assert desk.run(command, "list", "--limit", "1").endswith(f"there are more: --after {first['next']}\n")
    assert desk.printed_json(command, "list", "--after", first["next"]) != first


def test_pushes_are_listed_shown_and_sent_again(desk: Desk) -> None:
    made = desk.printed_json("trigger", "cdr", "ulFailReason=8102", "userData=", "--mode", "AXB")
    assert made["body"]["feeLst"][0]["ulFailReason"] == 8102
    assert "userData" not in made["body"]["feeLst"][0]
    text = contracts.release_causes()[8102].meaning
    assert "fee 8102" in desk.run("pushes")
    assert desk.run("pushes").splitlines()[-1] == f"8102 {text}"
    shown = desk.run("pushes", "show", made["id"])
    assert '"ulFailReason": 8102' in shown
    assert f"cause        8102 {text}\n" in shown
    again = desk.printed_json("pushes", "resend", made["id"])
    assert (again["body"], again["id"] != made["id"]) == (made["body"], True)
    assert desk.run("pushes", "--state", "pending") == "no pushes\n"


def test_options_may_stand_before_between_and_behind_fields(desk: Desk) -> None:
    for args in (
        ("--mode", "AXE", "cdr", "ulFailReason=8102", "direction=1"),
        ("cdr", "--mode", "AXE", "ulFailReason=8102", "direction=1"),
        ("cdr", "ulFailReason=8102", "--mode", "AXE", "direction=1"),
    ):
        made = desk.printed_json("trigger", *args)
        assert made["app_key"] == desk.world.axe.app_key
        fee = made["body"]["feeLst"][0]
        assert (fee["ulFailReason"], fee["direction"]) == (8102, 1)


def test_a_field_that_is_text_stays_text(desk: Desk) -> None:
    made = desk.printed_json("trigger", "number_status", "status=9", "cause=")
    assert made["body"]["numInfo"][0]["status"] == "9"


def test_numbers_are_listed_and_changed(desk: Desk) -> None:
    assert desk.x in desk.run("number", "list")
    assert "9       suspended" in desk.run("number", desk.x, "--status", "9")
    assert desk.printed_json("number", desk.x)["status"] == "9"
    assert "did you mean" in desk.run("number", desk.x + "0", status=1)


def test_a_number_that_is_no_x_gets_no_advice_on_its_sign(desk: Desk) -> None:
    assert "%2B" not in desk.run("number", "+8617999999999", "--status", "9", status=1)
    with pytest.raises(DriverError, match=r"write its [+] as %2B"):
        desk.world._wire.control(
            "PATCH", f"/worlds/{desk.world.id}/numbers/{desk.x.replace('+', '%20')}", {"status": "9"}
        )


def test_who_looks_around_is_shown_where_to_look(desk: Desk) -> None:
    assert "it begins with /_privnum/health" in body_of(f"{desk.world.url.partition('/w/')[0]}/_privnum")
    assert "this is privnum" in body_of(f"{desk.world.url.partition('/w/')[0]}/")


def body_of(url: str) -> str:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url)
    with answer.value as refusal:
        return refusal.read().decode()


def test_a_wrong_number_is_masked_with_its_length(desk: Desk) -> None:
    desk.world.request("axb.bind", body={"callerNum": A, "calleeNum": "+8612", "relationNum": desk.x})
    assert "calleeNum +8**** (5 characters) must be" in desk.run("journal", "--format", "json")


def test_the_journal_as_table_json_and_curl(desk: Desk) -> None:
    desk.world.request("axb.bind", body={"callerNumm": A, "calleeNum": B})
    row = desk.run("journal", "--refused").splitlines()[1]
    assert "axb.bind" in row
    assert "AXB-BIND-003 unread:callerNumm" in row
    assert desk.printed_json("journal")["entries"][0]["status"] == 403
    assert "curl" in desk.run("journal", "--format", "curl")
    assert json.loads(desk.run("journal", "--format", "har"))["log"]


def test_worlds_are_made_shown_emptied_and_dropped(desk: Desk, tmp_path: Path) -> None:
    recipe = tmp_path / "world.json"
    recipe.write_text(json.dumps({"applications": [{"mode": "AXB", "numbers": ["+8617000000077"]}]}))
    made = desk.printed_json("worlds", "create", "--id", "mine", "--file", str(recipe))
    assert made["id"] == "mine"
    assert "mine" in desk.run("worlds")
    assert "+8617000000077" in desk.run("worlds", "show", "mine")
    assert "is empty" in desk.run("reset", "--world", "mine")
    assert desk.run("worlds", "drop", "mine") == "dropped mine\n"
    assert "there is no world 'mine'" in desk.run("worlds", "show", "mine", status=1)
    assert f"did you mean {desk.world.id}?" in desk.run("clock", "--world", f"{desk.world.id}x", status=1)


def test_a_world_is_kept_and_put_back(desk: Desk) -> None:
    title, row = desk.run("snapshot").splitlines()
    assert title.split()[:5] == ["SNAPSHOT", "TIME", "CLOCK", "BINDINGS", "BYTES"]
    assert row.split()[:5] == ["snapshot-1", "2026-03-01", "00:00:00", "frozen", "0"]
    assert desk.printed_json("snapshot", "bound", "--world", desk.world.id)["id"] == "bound"
    desk.world.bind(A, B, desk.x)
    desk.run("clock", "advance", "5m")
    world = f"world {desk.world.id}"
    assert (
        desk.run("restore", "snapshot-1")
        == f"{world} is as it was: 2026-03-01 00:00:00 UTC, frozen; its journal stays\n"
    )
    assert desk.run("bindings") == "no bindings\n"
    assert [line.split()[0] for line in desk.run("snapshot", "list").splitlines()] == [
        "SNAPSHOT",
        "snapshot-1",
        "bound",
    ]
    assert desk.printed_json("restore")["id"] == desk.world.id
    assert desk.run("snapshot", "drop", "bound") == "dropped bound\n"
    assert "has no snapshot 'bound'; there are: snapshot-1 (snapshot, HTTP 404)" in desk.run(
        "restore", "bound", status=1
    )
    assert "a snapshot 'snapshot-1' already" in desk.run("snapshot", "snapshot-1", status=1)
    assert "letters, digits, _ . or -" in desk.run("snapshot", "a b", status=1)
    desk.run("snapshot", "drop", "snapshot-1")
    assert desk.run("snapshot", "list") == "no snapshots\n"


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (("bindngs",), 2, "did you mean bindings?"),
        (("trigger", "cdrs"), 2, "did you mean cdr?"),
        (("trigger", "cdr", "directon=1"), 1, "did you mean direction"),
        (("trigger", "cdr", "direction=far"), 2, "direction is no text"),
        (("trigger",), 2, "the following arguments are required: KIND"),
        (("trigger", "cdr", "--moed=AXE", "direction=1"), 2, "unrecognized arguments: --moed=AXE"),
        (("trigger", "cdr", "direction"), 2, "write FIELD=VALUE"),
        (("call", "1", "2", "--callee", "busi"), 2, "did you mean busy?"),
        (("clock", "advance", "soon"), 2, "as in 5m"),
        (("clock", "set", "noon"), 1, "a time in UTC like 2026-03-01T00:00:00Z"),
        (("journal", "--kind", "pus"), 1, "Did you mean push?"),
        (("call", "show", "call-1"), 1, "it has none, place one first"),
        (("clock", "--server", "ftp://h"), 2, "write http://HOST:PORT"),
        (("clock", "--server", "http://127.0.0.1:1"), 2, "privnum start --detach starts a server"),
        (("clock", "--world", "nowhere"), 1, "there is no world 'nowhere'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value)[:12],
)
def test_what_is_wrong_is_told_in_a_line_with_what_would_be_right(
    desk: Desk, args: tuple[str, ...], status: int, words: str
) -> None:
    told = desk.run(*args, status=status)
    assert words in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(desk: Desk, command: str) -> None:
    assert f"privnum {command}" in desk.run(command, "--help")
    assert f"  {command} " in desk.run("--help") or command in desk.run("--help")


def test_wide_signs_take_two_columns() -> None:
    assert table(("a", "b"), [("中文", "x"), ("abcd", "y")], "") == "A     B\n中文  x\nabcd  y"


def test_signs_that_move_a_terminal_are_not_printed() -> None:
    assert "\x1b" not in table(("a",), [("\x1b[2J",)], "")


@pytest.mark.parametrize(("text", "value"), [("90", 90), ("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400)])
def test_times(text: str, value: int) -> None:
    assert seconds(text) == value
