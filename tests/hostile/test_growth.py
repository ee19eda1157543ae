"""No request, message, push or file costs more than work that goes with its length."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.mockserver.control.edge import Edge
from privnum.mockserver.http.gate import Gate
from privnum.mockserver.pushes.addresses import fault_of, receiver_of, shown
from privnum.suites.base.answer import json_object
from privnum.suites.base.printing import visible
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.report.html.elements import tag
from privnum.suites.report.load import EventsError, read_run
from privnum.suites.report.steps import history
from privnum.suites.report.text import by_reason
from privnum.suites.runner import execute as check
from privnum.suites.safety.phone_numbers import (
    numbers_in,
    numbers_of_message,
    spelled,
    touched,
)
from privnum.suites.target.config import App, TargetError, load_target
from privnum.suites.transport.client import verify
from tests.hostile.growth import MOST, growth, lines_run
from tests.mockserver.control.test_plane import APP, Console
from tests.mockserver.rig import AKSK, CLIENT, EDGE_MS, PATH, Rig, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Values of a header: each makes a reader try again from the middle that does not know what it has passed over.
VALUES: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    "letters and blanks": lambda n: "a " * (n // 2),
    "blanks": lambda n: "a" + " " * n,
    "blanks behind a name": lambda n: "Username" + " " * n,
    "blanks behind the sign": lambda n: 'Username="a",PasswordDigest=' + " " * n,
    "names": lambda n: "Username" * (n // 8),
    "names with a sign": lambda n: "Username=" * (n // 9),
    "open quotes": lambda n: 'Username="' * (n // 10),
    "quotes": lambda n: '"' * n,
    "signs": lambda n: "a=" * (n // 2),
    "attributes": lambda n: 'a="b",' * (n // 6),
    "a long value": lambda n: f'Username="{"x" * n}"',
    "a long nonce": lambda n: f'Username="a",PasswordDigest="b",Nonce="{"1" * n}",Created="c"',
    "commas": lambda n: "," * n,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("scheme", ["", "AKSK ", "UsernameToken "])
def test_a_header_is_read_in_one_go(value: Callable[[int], str], scheme: str) -> None:
    rig = Rig()
    edge = Edge(rig.platform)

    def send(text: bytes) -> None:
        for headers in ([(b"authorization", text)], [(b"authorization", AKSK), (b"x-aksk", text)]):
            rig.platform.handle("POST", PATH, "", headers, b"{}", client=CLIENT, edge_now_ms=EDGE_MS)
            edge.oversized(PATH, headers)

    assert growth(send, lambda n, i: f"{scheme}{value(n)}{i}".encode(), 4000) < MOST


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_the_signature_of_a_push_is_read_in_one_go(value: Callable[[int], str]) -> None:
    app = App("key", "secret", "AXB")

    def check(text: str) -> None:
        assert all(len(fault) < 500 for faults in verify({"x-aksk": text}, app).values() for fault in faults)

    assert growth(check, lambda n, i: f"UsernameToken {value(n)}{i}", 4000) < MOST


QUERIES: dict[str, Callable[[int], str]] = {
    "parameters": lambda n: "&".join(f"p{i}=1" for i in range(n // 6)),
    "one parameter again and again": lambda n: "relationNum=%2B1&" * (n // 17),
    "nothing": lambda n: "&" * n,
    "signs": lambda n: "=" * n,
    "blanks": lambda n: "a=" + "+" * n,
    "escapes": lambda n: "a=" + "%41" * (n // 3),
    "bad escapes": lambda n: "a=" + "%" * n,
    "digits": lambda n: "%zz" + "1" * n,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_string_is_read_in_one_go(query: Callable[[int], str]) -> None:
    rig, console = Rig(), Console()
    console.world(id="w")

    def send(text: str) -> None:
        rig.platform.handle("GET", PATH, text, signed(rig.app), b"", client=CLIENT, edge_now_ms=EDGE_MS)
        console.send("GET", "/worlds/w/pushes", query=text)

    assert growth(send, lambda n, i: f"{query(n)}&z{i}=1", 4000) < MOST


BODIES: dict[str, Callable[[int], str]] = {
    "the last member stands twice": lambda n: (
        "{" + "".join(f'"m{i}":1,' for i in range(n // 10)) + f'"m{n // 10 - 1}":2}}'
    ),
    "every member stands twice": lambda n: "{" + "".join(f'"m{i % (n // 20)}":1,' for i in range(n // 10)) + '"z":1}',
    "an inner member stands twice": lambda n: '{"a":{"b":1,"b":2},' + ",".join(f'"m{i}":1' for i in range(n)) + "}",
    "members": lambda n: "{" + ",".join(f'"m{i}":1' for i in range(n // 10)) + "}",
    "colons": lambda n: '{"userData":"' + ":" * n + '"}',
    "a long name": lambda n: '{"' + "a" * n + '":1,"' + "a" * n + '":2}',
    "digits": lambda n: '{"duration":' + "1" * n + "}",
    "fraction": lambda n: '{"duration":0.' + "1" * n + "}",
    "a long number": lambda n: '{"callerNum":"+86' + "1" * n + '"}',
    "escapes": lambda n: '{"userData":"' + "\\u4e2d" * (n // 6) + '"}',
    "lists": lambda n: '{"callerNum":[' + ",".join(["[]"] * (n // 3)) + "]}",
    "blanks": lambda n: " " * n,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("choice", ["1010002", "first", "last"])
def test_a_body_is_read_in_one_go(body: Callable[[int], str], choice: str) -> None:
    """COM-OPEN-033 is read so that a doubled member is found by one pass."""
    rig = Rig(assumptions={"http.repeated_member": choice})

    def send(content: bytes) -> None:
        rig.platform.handle("POST", PATH, "", signed(rig.app), content, client=CLIENT, edge_now_ms=EDGE_MS)

    assert growth(send, lambda n, i: body(n).encode() + b" " * i, 16_000) < MOST


X = "+8617000000001"
#: Messages to an operation: many faults, one fault behind much that is right, and much that is right.
MESSAGES: dict[str, tuple[str, str, Callable[[int], Any]]] = {
    "numbers without +86": ("POST", "/worlds/w/applications/key/numbers", lambda n: {"numbers": ["1700"] * n}),
    "the last number": ("POST", "/worlds/w/applications/key/numbers", lambda n: {"numbers": [X] * n + ["1"]}),
    "the same number": ("POST", "/worlds/w/applications/key/numbers", lambda n: {"numbers": [X] * n}),
    "number objects": (
        "POST",
        "/worlds/w/applications/key/numbers",
        lambda n: {"numbers": [{"number": X, "a": 1}] * n},
    ),
    "tones": ("PATCH", "/worlds/w/applications/key", lambda n: {"tones": [1] * n}),
    "the last tone": ("PATCH", "/worlds/w/applications/key", lambda n: {"tones": ["a"] * n + [1]}),
    "addresses": ("PATCH", "/worlds/w/applications/key", lambda n: {"allow_list": ["10.0.0.0/8"] * n + ["here"]}),
    "unknown settings": ("PATCH", "/worlds/w/applications/key", lambda n: {f"s{i}": i for i in range(n)}),
    "a long name": ("PATCH", "/worlds/w/applications/key", lambda n: {"s" * 20 * n: 1}),
    "applications": ("POST", "/worlds", lambda n: {"applications": [{"mode": "AXZ"}] * n}),
    "the last application": ("POST", "/worlds", lambda n: {"applications": [{"mode": "AX"}] * n + [{}]}),
    "one key": ("POST", "/worlds", lambda n: {"applications": [{"mode": "AX", "app_key": "key"}] * n}),
    "choices": ("POST", "/worlds", lambda n: {"assumptions": {f"a{i}": None for i in range(n)}}),
    "unknown readings": ("POST", "/worlds", lambda n: {"assumptions": {f"a{i}": "x" for i in range(n)}}),
    "a long reading": ("POST", "/worlds", lambda n: {"assumptions": {"a" * n: "x"}}),
    "variations": ("POST", "/worlds", lambda n: {"variations": [f"v{i}" for i in range(n)]}),
    "home areas": ("POST", "/worlds", lambda n: {"home_areas": {f"+86{i}": "0755" for i in range(n)} | {"+": "1"}}),
    "an edition": ("POST", "/worlds", lambda n: {"edition": "2" * n}),
    "digits": ("POST", "/worlds/w/calls", lambda n: {"caller": "1", "called": X, "digits": ["x"] * n}),
}


@pytest.mark.parametrize(("method", "path", "message"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_control_message_is_judged_in_one_go(method: str, path: str, message: Callable[[int], Any]) -> None:
    console = Console()
    console.world(id="w", applications=[{**APP, "app_key": "key"}])

    def send(content: bytes) -> None:
        status, told = console.send(method, path, content)
        assert 400 <= status < 500, told
        assert len(told["error"]) <= 2000

    assert growth(send, lambda n, i: json.dumps(message(n)).encode() + b" " * i, 2000) < MOST


#: Most lines of Python for each further element of a control message; to explain a fault takes some hundreds.
LINES_AN_ELEMENT = 80


@pytest.mark.parametrize(("method", "path", "message"), MESSAGES.values(), ids=MESSAGES.keys())
def test_of_many_faults_one_is_explained(method: str, path: str, message: Callable[[int], Any]) -> None:
    """What an element costs, right or wrong: the first fault is what is answered, so no other one is looked at."""
    console = Console()
    console.world(id="w", applications=[{**APP, "app_key": "key"}])
    few, many = (json.dumps(message(n)).encode() for n in (50, 400))
    for content in (few, many):
        console.send(method, path, content)  # what is made once has been made
    lines = [lines_run(lambda content=content: console.send(method, path, content)) for content in (few, many)]  # type: ignore[misc]
    assert lines[1] - lines[0] <= 350 * LINES_AN_ELEMENT, lines


def test_a_control_path_is_read_in_one_go() -> None:
    console = Console()
    assert growth(lambda path: console.send("GET", path), lambda n, i: "/a" * n + str(i), 4000) < MOST


ANSWERS: dict[str, Callable[[int], str]] = {
    "levels": lambda n: '{"a":' * n + "1" + "}" * n,
    "lists": lambda n: '{"a":[' + ",".join(["[]"] * n) + "]}",
    "objects": lambda n: '{"a":[' + ",".join(["{}"] * n) + "]}",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_is_read_in_one_go(answer: Callable[[int], str]) -> None:
    assert growth(json_object, lambda n, i: answer(n).encode() + b" " * i, 4000) < MOST


FILES: dict[str, Callable[[int], str]] = {
    "applications": lambda n: "[[applications]]\nmode = 1\n" * n,
    "members": lambda n: "".join(f"a{i} = 1\n" for i in range(n)),
    "users": lambda n: 'base_url = "http://127.0.0.1:1"\n[users]\nmobile = [' + "1," * n + "]",
    "comments": lambda n: "# nothing\n" * n,
    "blanks": lambda n: " " * n + "\n",
    "a long text": lambda n: 'name = "' + "x" * n + '"\n',
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_target_is_read_in_one_go(text: Callable[[int], str], tmp_path: Path) -> None:
    path = tmp_path / "target.toml"

    def make(size: int, _: int) -> Path:
        path.write_text(text(size), encoding="utf-8")
        return path

    def read(_: Path) -> None:
        with pytest.raises(TargetError) as caught:
            load_target(path)
        assert len(str(caught.value)) < 2000
        assert "\n" not in str(caught.value)

    assert growth(read, make, 500) < MOST


EVENTS: dict[str, Callable[[int], str]] = {
    "nothing": lambda n: "\n" * n,
    "no events": lambda n: "{}\n" * n,
    "members": lambda n: json.dumps({f"m{i}": i for i in range(n)}),
    "a long line": lambda n: json.dumps({"event": "x" * n}),
    "levels": lambda n: '{"a":' * n + "1" + "}" * n,
}


@pytest.mark.parametrize("text", EVENTS.values(), ids=EVENTS.keys())
def test_a_file_of_events_is_read_in_one_go(text: Callable[[int], str], tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    def make(size: int, i: int) -> Path:
        path.write_text(text(size) + " " * i, encoding="utf-8")
        return path

    def read(_: Path) -> None:
        with pytest.raises(EventsError) as caught:
            read_run(path)
        assert len(str(caught.value)) < 2000

    assert growth(read, make, 4000) < MOST


#: Texts that a target, a driver or a file may hold, for whoever looks for something in them.
TEXTS: dict[str, Callable[[int], str]] = {
    "a long word": lambda n: "a" * n,
    "words": lambda n: "a " * (n // 2),
    "digits": lambda n: "1" * n,
    "numbers": lambda n: "+8613800000001 " * (n // 15),
    "signs between digits": lambda n: "1-" * (n // 2),
    "blanks": lambda n: " " * n,
    "dots": lambda n: "a." * (n // 2),
    "underscores": lambda n: "_" * n,
    "requests": lambda n: "GET /" * (n // 5),
    "a long path": lambda n: "GET /" + "a" * n,
    "slashes": lambda n: " /" * (n // 2),
    "two slashes": lambda n: "//" * (n // 2),
    "paths of pushes": lambda n: "/push/" * (n // 6),
    "a path of pushes": lambda n: "/push/" + "a" * n,
    "addresses": lambda n: "http://" * (n // 7),
    "a long login": lambda n: "http://" + "a" * n,
    "at signs": lambda n: "http://" + "@" * n,
    "secrets": lambda n: "secret" * (n // 6),
    "a secret and blanks": lambda n: "secret" + " " * n,
    "a secret that is none": lambda n: "secret=" + " " * n,
    "quotes": lambda n: '\\"' * (n // 2),
    "arrows": lambda n: " -> " * (n // 4),
    "pushes": lambda n: "pushed: " * (n // 8),
    "calls": lambda n: "a calls " * (n // 8),
    "a call without an end": lambda n: "a calls " + "-" * n,
    "braces": lambda n: "a {" * (n // 3),
    "brackets": lambda n: "[" * n,
    "lists": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "percents": lambda n: "%" * n,
    "escapes": lambda n: "%2B" * (n // 3),
    "marks out of order": lambda n: "1" + "\u0301\u0316" * (n // 2),
    "wide digits": lambda n: "\uff11" * n,
    "long signs": lambda n: "\ufdfa" * n,
    "hidden signs": lambda n: "\x1b\u202e" * (n // 2),
    "halves": lambda n: "\ud800" * n,
    "labels": lambda n: "http://" + "a." * (n // 2),
    "colons": lambda n: "http://[" + ":" * n + "]",
}


class _Pushed:
    """The customer of a run, with a mailbox for whatever comes."""

    def __init__(self) -> None:
        self.receiver = EmbeddedReceiver()
        self.receiver.open_box("token")

    def __call__(self, text: str) -> None:
        shown = text.encode("utf-8", "replace")
        self.receiver.take("POST", f"/push/token/{text}", {"x-aksk": text, "content-type": text}, shown)
        event = json.dumps({"eventType": text, "statusInfo": {"sessionId": text, "timestamp": text}})
        self.receiver.take("POST", text, {}, event.encode())


def _requests(text: str) -> None:
    body = json.dumps({"callerNum": text, "other": [text]}).encode()
    touched("POST", text, text.encode("ascii", "replace").decode(), body)
    touched("POST", PATH, "", text.encode("utf-8", "replace"))


def _gate(text: str) -> None:
    value = text.encode("latin-1", "replace")
    for name in (b"host", b"origin", b"content-type", b"authorization"):
        assert len(str(Gate().refusal("POST", "/_privnum/worlds", [(name, value)]))) < 500


class _Paths:
    """Servers that stay, so that what is measured is a request."""

    def __init__(self) -> None:
        self.console, self.rig = Console(), Rig()

    def control(self, text: str) -> None:
        self.console.send("GET", f"/worlds/{text}")

    def api(self, text: str) -> None:
        self.rig.platform.handle("GET", f"/{text}", "", [], b"", client=CLIENT, edge_now_ms=EDGE_MS)


#: Who looks for something in a text that others wrote.
READERS: dict[str, Callable[[str], object]] = {
    "a number in any spelling": spelled,
    "numbers in a text": numbers_in,
    "numbers of a request": _requests,
    "numbers of a message to a driver": lambda text: numbers_of_message({"caller": text, "more": [text, [text]]}),
    "what is masked": contracts.mask,
    "signs that nobody sees": visible,
    "an element of a page": lambda text: tag("p", text, title=text),
    "reasons in groups": lambda text: by_reason([{"verdict": "error", "reason": text}]),
    "a reason without its world": lambda text: check._BEFORE_REST.sub("", text),
    "steps of a counterexample": lambda text: history([text, f"pushed: {text}", f"{text} -> 200"]),
    "a push address": lambda text: fault_of(f"http://{text}"),
    "a push address as it is shown": lambda text: shown(f"http://{text}"),
    "a receiver of pushes": lambda text: receiver_of(f"http://{text}"),
    "a push": _Pushed(),
    "headers of a control message": _gate,
    "a control path": _Paths().control,
    "an API path": _Paths().api,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_text_of_others_is_read_in_one_go(reader: str) -> None:
    """Whatever it holds: the worst text counts."""
    grown = {name: growth(READERS[reader], _ending_in_a_letter(text), 2000) for name, text in TEXTS.items()}
    assert max(grown.values()) < MOST, {name: f"{value:.0f}" for name, value in grown.items() if value >= MOST}


def _ending_in_a_letter(text: Callable[[int], str]) -> Callable[[int, int], str]:
    return lambda n, i: text(n) + chr(ord("a") + i % 10)


@pytest.mark.parametrize("levels", [60, 300, 900, 5000])
def test_deep_nesting_in_a_file_of_events_is_told_in_one_line(levels: int, tmp_path: Path) -> None:
    """JSON readers and writers give up at different depths; nothing deep gets as far as a report."""
    path = tmp_path / "events.jsonl"
    path.write_text('{"event":"note","steps":' + "[" * levels + "]" * levels + "}\n", encoding="utf-8")
    with pytest.raises(EventsError, match=r"line 1 is (nested deeper than 50 levels|no JSON)"):
        read_run(path)


@pytest.mark.parametrize("levels", [2, 60, 900, 100_000])
def test_a_step_is_laid_out_as_far_as_somebody_reads_it(levels: int) -> None:
    (told,) = history([f"pushed: {'[' * levels}{']' * levels}"])
    assert told.kind == "push"
    assert len(told.line + (told.body or "")) < 2 * levels + 20


def test_pushes_of_calls_that_nobody_has_asked_for_are_looked_through_once() -> None:
    """A guest's call may be told of before its id is known; each such push is kept by its calls."""
    receiver = EmbeddedReceiver()
    host = receiver.open_box("token")
    guest = receiver.open_box("guest", host)
    for n in range(50):
        body = json.dumps({"eventType": "callin", "statusInfo": {"sessionId": f"call-{n}"}}).encode()
        receiver.take("POST", "/push/token/events", {}, body)
    lines = []
    for n in (7, 8, 9):
        lines.append(lines_run(lambda n=n: guest.expect(f"call-{n}")))  # type: ignore[misc]
        assert [push.body["statusInfo"]["sessionId"] for push in guest.pushes][-1] == f"call-{n}"
    assert len(guest.pushes) == 3
    few = lines[-1]
    for n in range(50, 400):
        body = json.dumps({"eventType": "callin", "statusInfo": {"sessionId": f"call-{n}"}}).encode()
        receiver.take("POST", "/push/token/events", {}, body)
    assert lines_run(lambda: guest.expect("call-399")) <= few + 20
