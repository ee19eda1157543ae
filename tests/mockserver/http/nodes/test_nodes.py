"""Two nodes with one set of worlds: whichever is asked, the answer is that of the one that has the world."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.core.ids import Ids
from tests.bench.servers import control, request_bytes, signed_headers
from tests.kills.receiver import Receiver
from tests.mockserver.http.test_command import run
from tests.mockserver.http.test_keeping import AXB, HEALTH, Kept, keeping
from tests.mockserver.rig import A, B
from tests.mockserver.support import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres.cluster import Cluster

WORLDS = [f"w{n}" for n in range(12)]
#: A call that takes some real time at sixty times the speed, and its pushes.
ENDS = {"callee": {"behaviour": "answer", "hang_up_after": 90}}
PUSHES = 6
SPOKEN = {"x-privnum-node": "guess", "x-privnum-node-client": "10.9.9.9", "x-privnum-node-scheme": "https"}


@contextmanager
def two_nodes(url: str, cluster: Cluster) -> Iterator[tuple[Kept, Kept]]:
    """Two nodes with twelve worlds and the default one, of which each has some."""
    with ExitStack() as stack:
        one, two = (stack.enter_context(keeping(url, "--clock", "frozen")) for _ in range(2))
        for n, world in enumerate(WORLDS):
            app = {"mode": "AXB", "app_key": f"key-{n}", "app_secret": "secret", "numbers": [f"+86171000000{n:02d}"]}
            (one, two)[n % 2].control("POST", "/worlds", {"id": world, "applications": [app]})
        while ask(cluster, url, "SELECT count(DISTINCT node) FROM privnum_worlds") != "2":
            pass  # what the second one has not made goes to it when the first one has seen it
        yield one, two


def ask(cluster: Cluster, url: str, question: str) -> str:
    (answer,) = cluster.query(question, url.partition("@/")[2].partition("?")[0])
    return answer


def bind_body(n: int, caller: str = A) -> bytes:
    return json.dumps({"callerNum": caller, "calleeNum": B, "relationNum": f"+86171000000{n:02d}"}).encode()


def bind_bytes(n: int, caller: str = A, prefix: str = "") -> bytes:
    return request_bytes("POST", prefix + AXB, signed_headers(f"key-{n}", "secret"), bind_body(n, caller))


def bind(node: Kept, n: int, caller: str = A, prefix: str = "") -> Any:
    with Wire(node.told["url"]) as wire:
        return wire.send(bind_bytes(n, caller, prefix)).read()


def refusal(node: Kept, method: str, path: str, message: Any = None) -> tuple[int, dict[str, str]]:
    with pytest.raises(urllib.error.HTTPError) as error:
        control(node.port, method, path, message)
    return error.value.code, json.loads(error.value.read())


def test_either_node_answers_for_every_world(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        listed = [each.control("GET", "/worlds")["worlds"] for each in (one, two)]
        assert listed[0] == listed[1] == [{"id": world} for world in ("default", *WORLDS)]
        for n, world in enumerate(WORLDS):
            assert bind(one, n).json["resultcode"] == "0"
            assert bind(two, n).json["resultcode"] == "1012010"
            assert bind(two, n, "+8613800000009", f"/w/{world}").json["resultcode"] == "1012010"
            shown = [each.control("GET", f"/worlds/{world}/bindings")["bindings"] for each in (one, two)]
            assert shown[0] == shown[1]
            assert len(shown[0]) == 1
            journal = two.control("GET", f"/worlds/{world}/journal")["entries"]
            assert {name for entry in journal for name in entry["headers"] if "node" in name} == set()
            assert {entry["client"] for entry in journal} == {"127.0.0.1"}
        assert one.told["applications"] == two.told["applications"]
        assert one.bind() != ""
        assert two.control("GET", "/worlds/default/bindings")["bindings"][0]["x"] == one.x


def test_ids_and_keys_are_unique_over_all_nodes(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        for node in (one, two):
            for n, world in enumerate(WORLDS[:4]):
                status, said = refusal(node, "POST", "/worlds", {"id": world})
                assert (status, said["where"]) == (409, "id")
                app = {"mode": "AXB", "app_key": f"key-{n}"}
                status, said = refusal(node, "POST", "/worlds", {"id": "new", "applications": [app]})
                assert (status, said["where"]) == (409, "applications[0].app_key")
                status, said = refusal(node, "POST", "/worlds/default/applications", app)
                assert (status, said["where"]) == (409, "app_key")
        two.control("DELETE", "/worlds/w0")
        assert refusal(one, "GET", "/worlds/w0")[0] == 404
        assert (
            refusal(one, "POST", "/worlds/default/applications", {"mode": "AXB", "app_key": "ok", "sp_id": 5})[0] == 400
        )
        for key in ("ok", "key-0"):
            made = one.control("POST", "/worlds/default/applications", {"mode": "AXB", "app_key": key})
            assert made["app_key"] == key
        assert two.control("POST", "/worlds", {})["id"] not in WORLDS


def test_a_key_may_move_to_another_world_at_any_node(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        for n in range(8):
            one.control("DELETE", f"/worlds/w{n}")
            app = {"mode": "AXB", "app_key": "key-0", "app_secret": "secret", "numbers": ["+8617100000000"]}
            two.control("POST", "/worlds", {"id": f"next{n}", "applications": [app]})
            assert [bind(node, 0).json["resultcode"] for node in (one, two)] == ["0", "1012010"]
            one.control("DELETE", f"/worlds/next{n}")
            assert [bind(node, 0).json["resultcode"] for node in (one, two)] == ["1010003"] * 2


def test_a_node_that_is_killed_is_replaced_with_all_that_was_acknowledged(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        for n in range(len(WORLDS)):
            bind(one, n)
        one.control("POST", "/worlds/w3/snapshots", {"id": "before"})
        before = two.all()
        one.end(signal.SIGKILL)
        assert two.all() == before
        two.end(signal.SIGKILL)
    with keeping(url, "--clock", "frozen") as node:
        assert node.all() == before
        node.end(signal.SIGTERM)
    with keeping(url, "--clock", "frozen") as node:
        assert node.all() == before


def test_only_nodes_speak_for_a_client(url: str, cluster: Cluster) -> None:
    """Who does not know their secret is a client, whatever his headers say."""
    with two_nodes(url, cluster) as (one, _):
        one.control("PATCH", "/worlds/w0/applications/key-0", {"allow_list": ["10.9.9.9"]})
        for n in range(2):
            spoken = request_bytes("POST", AXB, {**signed_headers(f"key-{n}", "secret"), **SPOKEN}, bind_body(n))
            with Wire(one.told["url"]) as wire:
                assert wire.send(spoken).read().json["resultcode"] == ("1020166", "0")[n]
            entry = one.control("GET", f"/worlds/w{n}/journal?last=1")["entries"][0]
            assert entry["client"] == "127.0.0.1"


@pytest.mark.parametrize("spoken", [{"x-privnum-node": "guess"}, {"x-privnum-node-client": "10.9.9.9"}])
def test_the_secret_of_nodes_is_shown_to_no_client(url: str, cluster: Cluster, spoken: dict[str, str]) -> None:
    """Nor does a request that is passed on come from where its client says."""
    with two_nodes(url, cluster) as (one, _):
        for n, world in enumerate(WORLDS):
            sent = request_bytes("POST", AXB, {**signed_headers(f"key-{n}", "secret"), **spoken}, bind_body(n))
            with Wire(one.told["url"]) as wire:
                assert wire.send(sent + sent).read().json["resultcode"] == "0"
                wire.read()
            for entry in one.control("GET", f"/worlds/{world}/journal")["entries"]:
                assert entry["client"] == "127.0.0.1"
                shown = {name: value for name, value in entry["headers"] if "node" in name}
                assert shown in ({}, spoken)


def test_where_pushes_may_go_is_each_nodes_own(url: str, cluster: Cluster) -> None:
    """What one has taken the other carries out again; no push goes to the control plane of any of them."""
    with keeping(url, "--push-to", "lab.example") as one:
        one.control("POST", "/worlds", {"id": "lab", "applications": [{"mode": "AXB", "app_key": "key"}]})
        one.control("PATCH", "/worlds/lab/applications/key", {"event_url": "http://lab.example/events"})
        one.end(signal.SIGKILL)
    with keeping(url) as one, keeping(url) as two:
        assert one.control("GET", "/worlds/lab")["applications"][0]["event_url"] == "http://lab.example/events"
        assert (
            refusal(one, "PATCH", "/worlds/lab/applications/key", {"event_url": "http://lab.example/other"})[0] == 400
        )
        while ask(cluster, url, "SELECT count(*) FROM privnum_nodes WHERE beats > 3") != "2":
            pass
        for node in (one, two):
            to = {"event_url": f"http://localhost:{node.port}/_privnum/worlds"}
            assert {refusal(each, "PATCH", "/worlds/lab/applications/key", to)[0] for each in (one, two)} == {400}


def test_a_node_that_stops_gives_its_worlds_back(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        before = two.all()
        one.end(signal.SIGTERM)
        assert two.all() == before
        two.end(signal.SIGTERM)
    assert ask(cluster, url, "SELECT count(*) FROM privnum_nodes") == "0"
    assert ask(cluster, url, "SELECT DISTINCT node IS NULL FROM privnum_worlds") == "t"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_clocks_and_pushes_go_on_without_a_request(url: str, cluster: Cluster, end: signal.Signals) -> None:
    """At another node: a call that was under way ends, its events and its CDR come once."""
    receiver, to = Receiver(), ("--event-url", "{}/events", "--fee-url", "{}/fee")
    options = [each.format(receiver.url) for each in to]
    with ExitStack() as stack:
        nodes = [stack.enter_context(keeping(url, "--seed", "7", *options)) for _ in range(2)]
        nodes[0].bind()
        nodes[0].control("POST", "/worlds/default/clock", {"mode": "running", "rate": 60})
        placed = nodes[0].control("POST", "/worlds/default/calls", {"caller": A, "called": nodes[0].x, **ENDS})
        place = "SELECT address FROM privnum_worlds JOIN privnum_nodes ON privnum_nodes.id = node WHERE "
        for _ in range(600):  # while it goes from one to the other it is at none
            rows = cluster.query(f"{place} privnum_worlds.id = 'default'", url.partition("@/")[2].partition("?")[0])
            if rows:
                break
        port = int(rows[0].rpartition(":")[2])
        owner, other = sorted(nodes, key=lambda node: node.port != port)
        owner.process.send_signal(end)
        came = Ids("7/default").nonce(f"push-{PUSHES}", 1)
        while came not in receiver.taken:
            Event().wait(0.02)
        assert other.control("GET", f"/worlds/default/calls/{placed['id']}")["state"] == "ended"
        pushes = other.control("GET", "/worlds/default/pushes")["pushes"]
        owner.process.send_signal(signal.SIGCONT)
    assert [each["kind"] for each in pushes] == ["call_event"] * (PUSHES - 1) + ["cdr"]
    assert {Ids("7/default").nonce(each["id"], 1) for each in pushes} == receiver.taken.keys()
    receiver.stop()


@pytest.mark.parametrize("fault", ["dropped", "half_sent"])
def test_a_fault_ends_the_connection_of_the_client(url: str, cluster: Cluster, fault: str) -> None:
    """At whichever node it is."""
    with two_nodes(url, cluster) as (one, two):
        for n, world in enumerate(WORLDS[:4]):
            one.control("POST", f"/worlds/{world}/faults", {"operation": "axb.bind", "fault": fault})
            request = bind_bytes(n)
            for came in (_all_that_comes(node, request) for node in (one, two)):
                assert bool(came) == (fault == "half_sent")
                head, _, body = came.partition(b"\r\n\r\n")
                assert not came or len(body) == int(head.rpartition(b"content-length: ")[2].split()[0]) // 2


def test_a_fault_strikes_a_query_once_whichever_node_is_asked(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        for n, world in enumerate(WORLDS[:2]):
            one.control("POST", f"/worlds/{world}/faults", {"operation": "axb.query", "fault": "dropped", "times": 2})
            target = f"{AXB}?relationNum=%2B86171000000{n:02d}"
            query = request_bytes("GET", target, signed_headers(f"key-{n}", "secret")).replace(
                b"Content-Length: 0\r\n", b""
            )
            assert [_all_that_comes(node, query) for node in (one, two)] == [b"", b""]
            assert one.control("GET", f"/worlds/{world}/faults")["faults"][0]["hits"] == 2


def _all_that_comes(node: Kept, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", node.port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_answers_keep_their_order_on_a_connection(url: str, cluster: Cluster) -> None:
    """Those that wait for the database, those of the other node, and a refusal at the end."""
    with two_nodes(url, cluster) as (one, _), Wire(one.told["url"]) as wire:
        sent = b""
        for n in range(len(WORLDS)):
            sent += bind_bytes(n) + HEALTH
        wire.send(sent + b"garbage\r\n\r\n").half_close()
        shown = ["bind" if "subscriptionId" in wire.read().json else "health" for _ in range(2 * len(WORLDS))]
        assert shown == ["bind", "health"] * len(WORLDS)
        assert wire.read().status == 400
        assert wire.at_end()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--strict",), "was made with strict = false, not true; start it with the settings that it was made with, or"),
        (("--seed", "8"), "was made with seed = 7, not 8"),
        (("--fee-url", "http://localhost:9/hidden"), "was made with another fee_url; start it"),
    ],
)
def test_other_settings_are_refused(url: str, options: tuple[str, ...], text: str) -> None:
    with keeping(url, "--seed", "7"):
        done = run("serve", "--port", "0", "--state", url, *options)
    assert done.returncode == 2
    assert text in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hidden" not in done.stderr


def test_a_database_that_cannot_be_reached_is_refused_in_one_line() -> None:
    pytest.importorskip("psycopg")
    done = run("serve", "--port", "0", "--state", "postgresql://lab:s3cret@/lab?host=/nowhere&password=s3cret")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("privnum serve: postgresql://lab@/lab?host=/nowhere cannot be used: ")
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


def test_without_the_client_of_postgresql_the_server_does_not_start() -> None:
    code = "import sys; sys.modules['psycopg'] = None; from privnum.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--state", "postgresql://lab:s3cret@db/lab"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "privnum serve: psycopg is not installed; pip install '.[postgres]' in privnum's checkout\n"


def test_an_address_for_other_nodes_is_for_a_database_alone(tmp_path: Any) -> None:
    done = run("serve", "--port", "0", "--state", str(tmp_path / "a"), "--advertise", "10.0.0.7:8080")
    assert done.returncode == 2
    assert "--advertise is for servers that share a database" in done.stderr


def test_a_push_that_was_under_way_at_the_end_has_no_outcome(url: str) -> None:
    """Also where the world was written as a whole at the end, since much had come in."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # whoever connects is never answered
        to = f"http://127.0.0.1:{silent.getsockname()[1]}"
        options = ("--event-url", to, "--fee-url", to)
        with keeping(url, *options) as node:
            node.bind()
            query = request_bytes("GET", f"{AXB}?subscriptionId=none", node.headers, b"")
            with Wire(node.told["url"]) as wire:
                for _ in range(42):
                    wire.send(query * 50)
                    assert {wire.read().status for _ in range(50)} == {403}
            node.control("POST", "/worlds/default/calls", {"caller": A, "called": node.x})
            with silent.accept()[0]:
                node.process.send_signal(signal.SIGTERM)
                node.process.communicate(timeout=30)
        with keeping(url, *options) as node:
            pushes = node.control("GET", "/worlds/default/pushes")["pushes"]
            assert pushes
            assert [attempt["outcome"] for push in pushes for attempt in push["attempts"]] == []
            node.process.kill()
            node.process.communicate(timeout=30)
