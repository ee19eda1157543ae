"""Messages about snapshots: what they answer, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from privnum.mockserver.worlds.snapshots import MOST
from tests.mockserver.control.test_plane import APP, Console
from tests.mockserver.rig import A, X

WORLD = "/worlds/w"


@pytest.fixture
def console() -> Console:
    console = Console()
    console.world(id="w", applications=[APP])
    return console


def ids(console: Console) -> list[str]:
    return [each["id"] for each in console.send("GET", f"{WORLD}/snapshots")[1]["snapshots"]]


def test_a_snapshot_says_its_id_time_and_size(console: Console) -> None:
    status, made = console.send("POST", f"{WORLD}/snapshots")
    assert status == 201
    assert made["id"] == "snapshot-1"
    assert made["clock"] == {"mode": "frozen", "now": "2026-03-01T00:00:00Z"}
    assert (made["bindings"], made["made_at"]) == (0, "1970-01-01T00:00:00Z")
    assert 1000 < made["bytes"] < 100_000
    assert console.send("POST", f"{WORLD}/snapshots", {"id": "with-a-name"})[1]["id"] == "with-a-name"
    assert console.send("POST", f"{WORLD}/snapshots", {"id": "snapshot-2"})[0] == 201
    assert console.send("POST", f"{WORLD}/snapshots")[1]["id"] == "snapshot-3"
    assert ids(console) == ["snapshot-1", "with-a-name", "snapshot-2", "snapshot-3"]
    assert console.send("DELETE", f"{WORLD}/snapshots/snapshot-1") == (204, None)
    assert ids(console) == ["with-a-name", "snapshot-2", "snapshot-3"]


def test_the_latest_is_restored_unless_one_is_named(console: Console) -> None:
    for name, seconds in (("first", 5), ("second", 7)):
        console.send("POST", f"{WORLD}/snapshots", {"id": name})
        console.send("POST", f"{WORLD}/clock", {"advance_seconds": seconds})
    assert console.send("POST", f"{WORLD}/restore")[1]["clock"]["now"] == "2026-03-01T00:00:05Z"
    assert console.send("POST", f"{WORLD}/restore", {"snapshot": "first"})[1]["clock"]["now"] == "2026-03-01T00:00:00Z"
    status, world = console.send("POST", f"{WORLD}/restore", {"snapshot": "second"})
    assert (status, world) == console.send("GET", WORLD)
    assert world["clock"]["now"] == "2026-03-01T00:00:05Z"


def test_the_journal_stays_and_has_a_line_for_the_restore(console: Console) -> None:
    console.send("POST", f"{WORLD}/snapshots", {"id": "before"})
    console.send("POST", f"{WORLD}/calls", {"caller": A, "called": X})
    console.send("POST", f"{WORLD}/restore")
    events, mark = console.send("GET", f"{WORLD}/journal")[1]["entries"][:-1], entries(console)[-1]
    assert [entry["kind"] for entry in events] == ["call_event", "call_event"]
    assert (mark["kind"], mark["method"], mark["path"]) == ("request", "POST", "/_privnum/worlds/w/restore")
    assert (mark["body"], mark["status"], mark["operation"]) == ('{"snapshot":"before"}', 200, None)
    assert mark["world_time"] == "2026-03-01T00:00:00Z"
    assert console.send("GET", f"{WORLD}/calls")[1]["calls"] == []


def entries(console: Console) -> Any:
    return console.send("GET", f"{WORLD}/journal")[1]["entries"]


@pytest.mark.parametrize(
    ("method", "path", "message", "status", "where", "says"),
    [
        ("POST", "/snapshots", {"name": "a"}, 400, "name", "name is no field here; the fields are id."),
        ("POST", "/snapshots", {"id": "a b"}, 400, "id", "letters, digits, _ . or -"),
        ("POST", "/snapshots", {"id": ".."}, 400, "id", "the first of them no ."),
        ("DELETE", "/snapshots/+8613812345678", None, 404, "snapshot", "has no snapshot '+86138****5678'"),
        ("POST", "/snapshots", {"id": "here"}, 409, "id", "world w has a snapshot 'here' already; drop it first, or"),
        ("POST", "/restore", {"snapshop": "here"}, 400, "snapshop", "did you mean snapshot?"),
        ("POST", "/restore", {"snapshot": "hare"}, 404, "snapshot", "world w has no snapshot 'hare'; there are: here"),
        ("DELETE", "/snapshots/hare", None, 404, "snapshot", "world w has no snapshot 'hare'; there are: here"),
        ("DELETE", "/snapshots/here", {"a": 1}, 400, "body", "snapshots.delete has no body; leave it out"),
        (
            "POST",
            "/restor",
            None,
            404,
            "path",
            "has no /_privnum/worlds/w/restor; did you mean /_privnum/worlds/w/restore?",
        ),
        ("PUT", "/snapshots", None, 405, "method", "/_privnum/worlds/w/snapshots has POST, GET, not PUT"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    console: Console, method: str, path: str, message: Any, status: int, where: str, says: str
) -> None:
    console.send("POST", f"{WORLD}/snapshots", {"id": "here"})
    answer, error = console.send(method, WORLD + path, message)
    assert (answer, error["where"]) == (status, where)
    assert says in error["error"]
    assert ids(console) == ["here"]


def test_a_world_without_snapshots_and_no_world_say_so(console: Console) -> None:
    status, error = console.send("POST", f"{WORLD}/restore")
    assert (status, error["error"]) == (404, "world w has no snapshot; make one first")
    for method, path in (("POST", "/snapshots"), ("GET", "/snapshots"), ("POST", "/restore")):
        assert console.send(method, f"/worlds/v{path}")[0] == 404


def test_one_more_than_are_kept_is_refused(console: Console) -> None:
    for _ in range(MOST):
        assert console.send("POST", f"{WORLD}/snapshots")[0] == 201
    status, error = console.send("POST", f"{WORLD}/snapshots")
    assert (status, error["where"]) == (409, "snapshots")
    assert "drop one first: snapshot-1, " in error["error"]
    console.send("DELETE", f"{WORLD}/snapshots/snapshot-3")
    assert console.send("POST", f"{WORLD}/snapshots")[1]["id"] == f"snapshot-{MOST + 1}"
