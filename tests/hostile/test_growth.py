"""No request, message, push or file costs more than work that goes with its length."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.control.edge import Edge
from privnum.mockserver.embed.direct import DirectServer
from privnum.suites.base.answer import json_object
from privnum.suites.target.config import App, TargetError, load_target
from privnum.suites.transport.client import verify
from tests.hostile.growth import MOST, growth, lines_run
from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.control.test_plane import APP, Console
from tests.mockserver.rig import AKSK, CLIENT, EDGE_MS, signed_headers

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
    rig = AxbRig()
    edge = Edge(rig.platform)

    def send(text: bytes) -> None:
        for headers in ([(b"authorization", text)], [(b"authorization", AKSK), (b"x-aksk", text)]):
            rig.platform.handle("POST", AXB_PATH, "", headers, b"{}", client=CLIENT, edge_now_ms=EDGE_MS)
            edge.oversized_answer(AXB_PATH, headers)

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
    rig, console = AxbRig(), Console()
    console.world(id="w")

    def send(text: str) -> None:
        rig.platform.handle("GET", AXB_PATH, text, signed_headers(rig.app), b"", client=CLIENT, edge_now_ms=EDGE_MS)
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
    rig = AxbRig(assumptions={"http.repeated_member": choice})

    def send(content: bytes) -> None:
        rig.platform.handle("POST", AXB_PATH, "", signed_headers(rig.app), content, client=CLIENT, edge_now_ms=EDGE_MS)

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
    lines = [lines_run(partial(console.send, method, path, content)) for content in (few, many)]
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


#: A bind that names no X, by mode; `user` is another one each time.
BINDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "AX": lambda user: {"origNum": user},
    "AXB": lambda user: {"callerNum": user, "calleeNum": "+8613900000001"},
    "AXE": lambda user: {"bindNum": user},
    "AXYB": lambda user: {"origNum": user, "areaMatchMode": "1"},
}


@pytest.mark.parametrize("half_taken", [False, True])
@pytest.mark.parametrize("mode", BINDS)
def test_a_bind_by_area_costs_the_same_in_a_pool_of_any_size(mode: str, half_taken: bool) -> None:
    """Loosely: the area has no X, its province has."""

    def lines(size: int) -> int:
        numbers = [{"number": f"+86170{i:08d}", "area_code": "0755"} for i in range(size)]
        world = DirectServer().world(applications=[{"mode": mode, "numbers": numbers}])

        def bind(index: int) -> None:
            body = {"areaCode": "020", "areaMatchMode": 1, **BINDS[mode](f"+86138{index:08d}")}
            query = {"app_key": world.applications[0].app_key} if mode == "AXYB" else None
            assert world.request(f"{mode.lower()}.bind", query=query, body=body)["resultcode"] == "0"

        for index in range(size // 2 if half_taken and mode in ("AX", "AXYB") else 1):
            bind(index)
        return lines_run(lambda: bind(size))

    assert lines(1600) < 1.2 * lines(100)
