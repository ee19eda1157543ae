"""The bindings book: what stands in it, and what becomes of what it has open."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, NotExercised, Violation
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.safety.cleanup import asker, undo, undo_all
from privnum.suites.safety.cleanup_journal import Book, BookError, book_path
from privnum.suites.safety.limits import Guard
from privnum.suites.safety.phone_numbers import touched_parts
from privnum.suites.target.config import TargetError
from privnum.suites.transport.api import make_answer
from privnum.suites.transport.client import encode_query, sign
from tests.suites import miniatures as mini
from tests.suites.platforms import AX, AXB, AXE, Platform

if TYPE_CHECKING:
    from pathlib import Path

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.client import Headers

A, B = "+8613800000001", "+8613800000002"
AXB_PATH = contracts.operations()["axb.bind"].path


def bind_of(a: str = A, b: str = B, x: str | None = mini.X) -> Any:
    body = {"callerNum": a, "calleeNum": b} | ({"relationNum": x} if x else {})
    return touched_parts("POST", AXB_PATH, "", orjson.dumps(body))


def answer(status: int = 200, **fields: Any) -> Answer:
    return make_answer(status, [], orjson.dumps(fields))


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bind_stands_in_the_file_before_it_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "book" / "b.jsonl"
    target = replace(mini.TARGET, base_url="http://127.0.0.1:1/api")
    lines: list[Any] = []

    class Looks(mini.Honest):
        def bind(self, body: dict[str, Any]) -> Answer:
            lines.append(orjson.loads(path.read_bytes().splitlines()[-1]))
            return super().bind(body)

    session = mini.session_with(Looks(), target, guard=Guard(target, bindings=path))
    context = CheckContext(session, "a check").open()
    sub = context.axb.bind(context.user(), context.user(), context.axb.x())["subscriptionId"]
    assert lines[0]["event"] == "asked"
    assert {lines[0][name] for name in ("a", "b", "x")} == {"+8613800000000", "+8613800000001", mini.X}
    assert (lines[0]["app_key"], lines[0]["target"]) == ("key", "http://127.0.0.1:1/api")
    assert orjson.loads(path.read_bytes().splitlines()[-1])["subscription_id"] == sub
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    context.close()
    assert orjson.loads(path.read_bytes().splitlines()[-1])["how"] == "dissolved"
    session.close()
    assert not path.exists()


def test_what_was_open_is_open_again(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    book = Book(path, "http://t")
    asked, bound, refused = (book.ask(bind_of(b=f"+861390000000{n}"), "key") for n in range(3))
    book.enter_answer(bound, answer(resultcode="0", subscriptionId="s-1"))
    book.enter_answer(refused, answer(403, resultcode="1012010"))
    book.close()
    with path.open("ab") as file:
        file.write(b'{"event":"closed","id":1,"ti')
    again = Book(path, "http://t")
    assert [(e.id, e.state, e.subscription_id) for e in again.open()] == [(1, "asked", None), (2, "bound", "s-1")]
    assert again.numbers() == {A, "+8613900000000", "+8613900000001"}
    for entry in again.open():
        again.close_entry(entry, "dissolved")
    assert again.ask(bind_of(), "key").id == 4
    assert asked.state == "asked"


def test_a_byte_order_mark_hides_no_binding(tmp_path: Path) -> None:
    """An editor may have put it there; the first line counts as before."""
    path = tmp_path / "b.jsonl"
    book = Book(path, "http://t")
    book.ask(bind_of(), "key")
    book.close()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [entry.id for entry in Book(path, "http://t").open()] == [1]


@pytest.mark.parametrize(
    ("status", "fields", "state"),
    [
        (200, {"resultcode": "0", "subscriptionId": "s"}, "bound"),
        (200, {"resultcode": 0, "subscriptionId": "s"}, "bound"),
        (403, {"resultcode": "1", "subscriptionId": "s"}, "bound"),
        (403, {"resultcode": "1012010"}, "closed"),
        (400, {}, "closed"),
        (500, {"resultcode": "1010001"}, "answered"),
        (200, {"resultcode": "0"}, "answered"),
    ],
)
def test_only_a_refusal_closes_a_bind(status: int, fields: dict[str, Any], state: str) -> None:
    book = Book()
    entry = book.ask(bind_of(), "key")
    book.enter_answer(entry, answer(status, **fields))
    assert entry.state == state


def test_one_run_at_a_time_uses_a_book(tmp_path: Path) -> None:
    first = Book(tmp_path / "b.jsonl")
    with pytest.raises(BookError, match="another run"):
        Book(tmp_path / "b.jsonl")
    first.close()
    Book(tmp_path / "b.jsonl").close()


def test_a_book_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="cannot be written"):
        Book(tmp_path / "file" / "b.jsonl")


def test_each_target_has_its_own_book(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    assert book_path(file, "my platform") == tmp_path / ".privnum" / "bindings-my-platform.jsonl"
    assert book_path(file, "../x").parent == tmp_path / ".privnum"


def test_a_run_does_not_begin_on_what_another_left(tmp_path: Path) -> None:
    book = Book(tmp_path / "b.jsonl")
    book.ask(bind_of(), "key")
    book.close()
    for _ in range(2):
        with pytest.raises(TargetError, match=r"an earlier run has left 1 thing undone .* privnum clean"):
            mini.session_with(mini.Honest(), guard=Guard(mini.TARGET, bindings=tmp_path / "b.jsonl"))


# ── undoing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Losing:
    """A transport that loses the answers to binds: the platform has bound, and nobody hears of it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.sent: list[str] = []

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        self.sent.append(f"{method} {query}")
        reply = self.platform.transport.request(method, path, query, headers, body)
        if method == "POST":
            raise NoAnswer("lost")
        return reply

    def close(self) -> None:
        pass


def lose_answer(platform: Platform, book: Book, app: Any, operation: str, **fields: Any) -> None:
    """A bind whose answer is lost."""
    path, body = contracts.operations()[operation].path, orjson.dumps(fields)
    book.ask(touched_parts("POST", path, "", body), app.key)
    reply = platform.transport.request("POST", path, "", sign(app), body)
    assert reply.ok, reply.text


def on(platform: Platform, app: Any, x: str) -> int:
    """How many bindings there are on an AXB application's X."""
    query = encode_query({"relationNum": x})
    return int(platform.transport.request("GET", AXB_PATH, query, sign(app), b"")["totalCount"] or 0)


@pytest.mark.parametrize("x", [AXB.numbers[0].number, None])
def test_a_bind_without_an_answer_is_found_by_its_users(x: str | None) -> None:
    platform, book = Platform(), Book()
    fields = {"callerNum": A, "calleeNum": B} | ({"relationNum": x} if x else {"areaCode": "0755"})
    lose_answer(platform, book, AXB, "axb.bind", **fields)
    undo_all(book, book.open(), [AXB, AXE], asker(platform.transport, ""))
    assert book.open() == []
    assert on(platform, AXB, AXB.numbers[0].number) + on(platform, AXB, AXB.numbers[1].number) == 0


@pytest.mark.parametrize("extension", ["1234", None])
def test_the_same_in_axe(extension: str | None) -> None:
    platform, book = Platform(), Book()
    x = AXE.numbers[0].number
    fields = {"bindNum": A, "virtualNum": x} | ({"extendNum": extension} if extension else {})
    lose_answer(platform, book, AXE, "axe.bind", **fields)
    ask = asker(platform.transport, "")
    undo_all(book, book.open(), [AXB, AXE], ask)
    assert book.open() == []
    assert not ask("axe.query_v2", AXE, {"virtualNum": x})["extendNumList"]


@pytest.mark.parametrize("x", [AX.numbers[0].number, None])
def test_the_same_in_ax(x: str | None) -> None:
    platform, book = Platform(AX), Book()
    where = {"privateNum": x} if x else {"areaCode": "0755", "privateNumType": "mobile-virtual"}
    lose_answer(platform, book, AX, "ax.bind", origNum=A, **where)
    ask = asker(platform.transport, "")
    undo_all(book, book.open(), [AX], ask)
    assert book.open() == []
    assert [ask("ax.query", AX, {"privateNum": number.number}).ok for number in AX.numbers] == [False] * 3


def test_other_peoples_bindings_are_left_alone() -> None:
    platform, book = Platform(), Book()
    x = AXB.numbers[0].number
    body = orjson.dumps({"callerNum": A, "calleeNum": "+8613800000009", "relationNum": x})
    assert platform.transport.request("POST", AXB_PATH, "", sign(AXB), body).ok
    entry = book.ask(bind_of(x=x), AXB.key)
    ask = asker(platform.transport, "")
    assert "never answered" in undo(book, entry, AXB, ask)
    assert book.open() == [entry]
    assert undo(book, entry, AXB, ask, late=True) == "not there"
    assert on(platform, AXB, x) == 1


def test_a_check_whose_bind_gets_no_answer_leaves_nothing() -> None:
    platform = Platform()
    session = Session(platform.target(), transport=Losing(platform), receiver=platform.receiver)
    context = CheckContext(session, "a check").open()
    with pytest.raises(NoAnswer):
        context.axb.bind(context.user(), context.user(), context.axb.x())
    assert on(platform, AXB, context.axb.x()) == 1
    context.close()
    assert on(platform, AXB, AXB.numbers[0].number) == 0
    session.close()


def test_an_unbind_that_is_refused_stays_open_and_its_users_are_not_taken_again() -> None:
    class Keeps(mini.Honest):
        def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
            return (
                self.say(500, "1010001") if method == "DELETE" else super().request(method, path, query, headers, body)
            )

    target = replace(mini.TARGET, pools={"mobile": replace(mini.TARGET.pools["mobile"], count=3)})
    session = mini.session_with(Keeps(), target)
    context = CheckContext(session, "a check").open()
    a, b = context.user(), context.user()
    context.axb.bind(a, b, context.axb.x())
    context.close()
    held = session.guard.busy()
    assert held == {a, b}
    for _ in range(3):
        context = CheckContext(session, "another").open()
        assert context.user() not in held
        with pytest.raises(NotExercised, match="2 of them are held by bindings that could not be dissolved"):
            context.user()
        context.close()


class Renames:
    """The platform with a code of its own for an unbind of what is not there."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        reply = self.platform.transport.request(method, path, query, headers, body)
        if method == "DELETE" and not reply.ok:
            return make_answer(404, [], b'{"resultcode": "7", "resultdesc": "what?"}')
        return reply

    def close(self) -> None:
        pass


def test_a_binding_that_was_dissolved_with_its_x_is_not_waited_for() -> None:
    platform = Platform()
    session = Session(platform.target(), transport=Renames(platform), receiver=platform.receiver)
    assert session.guard.book is not None
    context = CheckContext(session, "a check").open()
    context.axb.bind(context.user(), context.user(), context.axb.x())
    assert context.axb.unbind(relationNum=context.axb.x()).ok
    assert len(session.guard.book.open()) == 1
    context.close()
    assert session.guard.book.open() == []
    session.close()


def test_codes_as_numbers_are_understood() -> None:
    session = mini.session_with(mini.NumericCode())
    assert session.guard.book is not None
    context = CheckContext(session, "a check").open()
    with pytest.raises(Violation):
        context.axb.bind(context.user(), context.user(), context.axb.x())
    assert len(session.guard.book.open()) == 1
    context.close()
    assert session.guard.book.open() == []


def test_checks_that_run_at_once_undo_their_own() -> None:
    platform = Platform()
    session = platform.session(driver=False)
    host = CheckContext(session, "the first").open()
    one, other = (CheckContext(session, name, host=host.receiver).open() for name in ("one", "other"))
    for context in (one, other, one):
        assert context.axb.bind(context.user(), context.user(), context.axb.x()).ok
    one.close()
    assert on(platform, AXB, other.axb.x()) == 1
    other.close()
    assert on(platform, AXB, AXB.numbers[0].number) == 0
    host.close()
    session.close()
