"""The journal of `private_number`, and warnings of pushes that were not accepted."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from privnum import PushNotAccepted
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.embed.errors import DriverError
from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.journal import JournalEntry


def test_what_a_client_sends_is_in_the_journal(private_number: WorldHandle) -> None:
    private_number.request("axb.bind", body={"callerNumm": A, "calleeNum": B})
    (entry,) = private_number.journal(operation="axb.bind", accepted=False)
    assert (entry.kind, entry.unread, entry.remarks) == ("request", ("callerNumm",), ("unknown_field",))
    assert entry.json["calleeNum"] == B
    assert entry.rule == "AXB-BIND-003"


def test_who_waits_is_woken_by_the_next_entry(private_number: WorldHandle) -> None:
    timer = threading.Timer(0.05, lambda: private_number.bind(A, B))
    timer.start()
    (entry,) = private_number.journal(kind="request", wait=30)
    timer.join()
    assert entry.view["operation"] == "axb.bind"
    assert private_number.journal(since=entry.number, wait=0.01) == []


def test_who_would_wait_in_process_is_refused_with_what_would_be_right() -> None:
    """Nothing else runs that could bring an entry; one that is there is answered."""
    with DirectServer().world() as world:
        with pytest.raises(DriverError, match=r"none comes while you wait: in process .* leave wait out") as refused:
            world.journal(kind="request", wait=5)
        assert (refused.value.status, refused.value.where) == (409, "wait")
        world.bind(A, B)
        (entry,) = world.journal(kind="request", wait=5)
        assert entry.view["operation"] == "axb.bind"


def test_many_entries_are_read_on_without_another_wait() -> None:
    """They come a thousand at a time; behind the last there is none to wait for."""
    with DirectServer().world(journal=2000) as world:
        for _ in range(1000):
            world.request("axb.query", body=None)
        assert len(world.journal(kind="request", wait=5)) == 1000


def test_a_push_that_is_not_accepted_is_a_warning_at_the_line_of_the_test(
    private_number: WorldHandle, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/status").respond_with_data("the database is down", status=500)
    private_number.send_pushes_to(httpserver.url_for("/status"))
    x = private_number.axb.numbers[0]
    private_number.bind(A, B, x)
    with pytest.warns(PushNotAccepted) as caught:
        private_number.call(A, x)
    text = str(caught[0].message)
    assert "answered HTTP 500, the answer begins 'the database is down' (attempt 1); next attempt at 2026-" in text
    assert caught[0].filename == __file__
    told = len(caught)
    with pytest.warns(PushNotAccepted) as again:
        private_number.advance(10)
    assert (told, len(again)) == (2, 2)
    assert all("(attempt 1)" in str(each.message) for each in again), "each attempt is told once"
    private_number.send_pushes_to("inbox:")
    private_number.reset()


TEST = """
from privnum import RequestRefused

def test_mine(private_number):
    x = private_number.axb.numbers[0]
    private_number.send_pushes_to("http://127.0.0.1:9/nobody")
    private_number.axb.bind("+8613800000001", "+8613900000002", x)
    private_number.call("+8613800000001", x)
"""


@pytest.mark.parametrize(("options", "outcome"), [((), "1 passed, 2 warnings"), (("-W", "error"), "1 failed")])
def test_a_pytest_user_sees_it_without_any_option(tmp_path: Path, options: tuple[str, ...], outcome: str) -> None:
    (tmp_path / "test_mine.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert outcome in done.stdout, done.stdout + done.stderr
    assert "test_mine.py:8: " in done.stdout
    assert "PushNotAccepted: push call_event push-1 to" in done.stdout
    assert "nobody listens at 127.0.0.1 port 9 (attempt 1); next attempt at" in done.stdout
    ignored = [*command, "-W", "ignore::privnum.PushNotAccepted"]
    done = subprocess.run(ignored, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "1 passed" in done.stdout
    assert "warning" not in done.stdout


def test_a_server_that_is_stopped_lets_those_go_who_wait() -> None:
    with LiveServer() as server:
        world = server.world()
        found: list[list[JournalEntry]] = []
        waiting = threading.Thread(target=lambda: found.append(world.journal(wait=60)))
        waiting.start()
        while not server._server._app.edge.platform.worlds[world.id].journal.watchers:
            pass
        server.stop()
        waiting.join(20)
        world._wire.close()
    assert found == [[]]
