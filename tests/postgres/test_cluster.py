"""The cluster and nginx do what the other tests take for granted."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.ports import free_port
from tests.postgres.balancer import Balancer
from tests.postgres.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(small_disk_mb=64) as made:
        made.query("CREATE TABLE kept (n int); ALTER TABLE kept OWNER TO privnum; INSERT INTO kept VALUES (1)")
        yield made


def test_what_was_committed_is_there_behind_a_kill(cluster: Cluster) -> None:
    cluster.query("INSERT INTO kept VALUES (2)")
    cluster.kill()
    with pytest.raises(subprocess.CalledProcessError):
        cluster.query("SELECT 1")
    cluster.start()
    assert "database system was not properly shut down" in cluster.log()
    assert cluster.query("SELECT n FROM kept ORDER BY n") == ["1", "2"]


def test_it_is_reached_by_its_socket_alone(cluster: Cluster) -> None:
    assert cluster.query("SHOW listen_addresses") == [""]
    assert cluster.url_for("someone") == f"postgresql://someone@/privnum?host={cluster.folder}"


def test_users_own_the_same_tables_and_are_cut_one_by_one(cluster: Cluster) -> None:
    cluster.url_for("one")
    cluster.url_for("other")
    command = ["psql", "-XAtq", "-h", str(cluster.folder), "-d", "privnum"]
    for statement in ("ALTER TABLE kept ADD IF NOT EXISTS m int", "SELECT pg_sleep(60)"):
        command += ["-c", statement]
    sessions = {user: subprocess.Popen([*command, "-U", user], stderr=subprocess.PIPE) for user in ("one", "other")}
    asleep = "SELECT usename FROM pg_stat_activity WHERE wait_event = 'PgSleep' ORDER BY usename"
    while cluster.query(asleep) != ["one", "other"]:
        assert all(each.poll() is None for each in sessions.values())
    assert cluster.cut_connections("one") == 1
    assert sessions["one"].wait(10) == 2
    assert cluster.query(asleep) == ["other"]
    assert cluster.cut_connections("other") == 1
    for each in sessions.values():
        each.communicate(timeout=10)


def test_a_full_disk_refuses_and_has_room_again(cluster: Cluster) -> None:
    fill = "INSERT INTO kept SELECT generate_series(1, 100000)"
    cluster.query(fill)
    cluster.fill_disk()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        cluster.query(fill)
    assert "No space left on device" in refused.value.stderr
    cluster.free_disk()
    cluster.query(fill)
    assert cluster.query("SELECT count(*) > 200000 FROM kept") == ["t"]


def test_nothing_is_left_of_it() -> None:
    with Cluster(small_disk_mb=8) as made:
        folder = made.folder
    assert not folder.exists()


def test_tables_refuse_where_there_is_no_small_disk() -> None:
    with Cluster() as made:
        made.query("CREATE TABLE kept (n int)")
        made.fill_disk()
        with pytest.raises(subprocess.CalledProcessError) as refused:
            made.query("INSERT INTO kept VALUES (1)")
        assert "No space left on device" in refused.value.stderr
        made.free_disk()
        made.query("INSERT INTO kept VALUES (1)")


class Named:
    """A server that answers each request with its name, and counts them."""

    def __init__(self, name: str) -> None:
        self.seen: list[str] = []
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def do_DELETE(self) -> None:
                self._answer()

            def _answer(self) -> None:
                seen.append(self.command)
                self.send_response(200)
                self.send_header("content-length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def servers() -> Iterator[tuple[Named, Named]]:
    pair = Named("a"), Named("b")
    yield pair
    for each in pair:
        each.stop()


def answer(port: int, method: str = "GET", path: str = "", headers: dict[str, str] | None = None) -> str:
    """The text of an answer, or its status where it is none of a server."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as got:
            text: str = got.read().decode()
            return text
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)


def test_nginx_asks_one_server_after_the_other(servers: tuple[Named, Named]) -> None:
    with Balancer([each.port for each in servers]) as balancer:
        answers = [answer(balancer.port) for _ in range(10)]
    assert answers in (["a", "b"] * 5, ["b", "a"] * 5)


def test_nginx_sends_all_of_a_world_or_a_key_to_one_server(servers: tuple[Named, Named]) -> None:
    """And different ones to both."""
    with Balancer([each.port for each in servers], by_world=True) as balancer:
        by_path, by_key = ({n: set[str]() for n in range(16)} for _ in range(2))
        for _ in range(3):
            for n in range(16):
                for path in (f"w/w{n}/rest", f"_privnum/worlds/w{n}", f"_privnum/worlds/w{n}/bindings"):
                    by_path[n].add(answer(balancer.port, "GET", path))
                for header in ("X-AKSK", "X-WSSE"):
                    signed = {header: f'UsernameToken Username="key-{n}",PasswordDigest="d",Nonce="{n}"'}
                    by_key[n].add(answer(balancer.port, "POST", "rest", signed))
    for seen in (by_path, by_key):
        assert {len(names) for names in seen.values()} == {1}
        assert {name for names in seen.values() for name in names} == {"a", "b"}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_nginx_says_that_a_server_is_away(servers: tuple[Named, Named], method: str) -> None:
    with Balancer([servers[0].port, free_port()]) as balancer:
        assert sorted(answer(balancer.port, method) for _ in range(4)) == ["502", "502", "a", "a"]


@pytest.mark.parametrize(("method", "answers"), [("GET", {"a"}), ("POST", {"a"}), ("DELETE", {"a", "502"})])
def test_nginx_asks_another_server_for_what_is_safe(
    servers: tuple[Named, Named], method: str, answers: set[str]
) -> None:
    with Balancer([servers[0].port, free_port()], retries=True) as balancer:
        assert {answer(balancer.port, method) for _ in range(4)} == answers
    assert set(servers[0].seen) == {method}
