"""The fixture, as somebody uses it who tests a client of his own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import RequestRefused, contracts
from privnum.mockserver.modes import registry
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from privnum.mockserver.embed.handle import WorldHandle


class Client:
    """A small client program under test."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self.url, self.key, self.secret = url, key, secret

    def bind(self, a: str, b: str, x: str) -> str:
        created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = base64.b64encode(hmac.new(self.secret.encode(), b"abc" + created.encode(), hashlib.sha256).digest())
        token = f'Username="{self.key}",PasswordDigest="{digest.decode()}",Nonce="abc",Created="{created}"'
        request = urllib.request.Request(
            f"{self.url}/rest/caas/relationnumber/partners/v1.0",
            json.dumps({"callerNum": a, "calleeNum": b, "relationNum": x}).encode(),
            {
                "Content-Type": "application/json;charset=UTF-8",
                "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
                "X-AKSK": f"UsernameToken {token}",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            subscription: str = json.load(answer)["subscriptionId"]
        return subscription


def test_a_client_binds_and_a_call_runs(private_number: WorldHandle) -> None:
    app = private_number.axb
    client = Client(private_number.url, app.app_key, app.app_secret)
    x = app.numbers[0]

    subscription = client.bind(A, B, x)
    assert private_number.query(subscriptionId=subscription)["relationNumList"][0]["calleeNum"] == B

    call = private_number.call(A, x)
    assert (call.forwarded_to, call.displayed) == (B, x)
    private_number.advance(10)
    assert private_number.look(call).state == "answered"
    assert private_number.hang_up(call, by="callee").release_cause == 0

    kinds = [event["eventType"] for event in private_number.events]
    assert kinds == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert [push.kind for push in private_number.pushes] == ["call_event"] * 5 + ["cdr"]
    assert private_number.cdrs[0]["sessionId"] == call.session_id
    assert private_number.modify(subscription, duration=60)["resultcode"] == "0"
    private_number.advance(61)
    for operation in ("axb.query", "axb.unbind"):
        assert private_number.request(operation, query={"subscriptionId": subscription})["resultcode"] == "1012007"


@pytest.mark.filterwarnings("ignore::privnum.PushNotAccepted")
def test_pushes_reach_the_program_under_test(private_number: WorldHandle, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/status").respond_with_data("down", status=500)
    private_number.send_pushes_to(httpserver.url_for("/status"))
    private_number.call(A, private_number.axb.numbers[0])
    failed = private_number.pushes[0]
    assert (failed.state, failed.outcomes) == ("pending", ("500",))
    httpserver.clear()
    httpserver.expect_request("/status").respond_with_data("")
    private_number.advance(60)
    repeated = private_number.pushes[0]
    assert (repeated.state, repeated.outcomes) == ("delivered", ("500", "200"))
    private_number.send_pushes_to(event_url=None, fee_url=None)
    sent = len(private_number.pushes)
    private_number.call(A, private_number.axb.numbers[0])
    assert len(private_number.pushes) == sent


def test_no_address_is_told_and_changes_nothing(private_number: WorldHandle) -> None:
    private_number.send_pushes_to("inbox:")
    with pytest.raises(TypeError, match=r"give an address, as in http://.*event_url=None, fee_url=None sends them"):
        private_number.send_pushes_to(None)  # type: ignore[arg-type]
    private_number.call(A, private_number.axb.numbers[0])
    assert {push.url for push in private_number.pushes} == {"inbox:"}


@pytest.mark.parametrize("private_number", [{"assumptions": {"axb.a_equals_b": "1012010"}}], indirect=True)
def test_a_world_with_another_reading(private_number: WorldHandle) -> None:
    with pytest.raises(RequestRefused, match="1012010"):
        private_number.bind(A, A, private_number.axb.numbers[0])


def test_a_world_has_an_application_of_every_mode(private_number: WorldHandle) -> None:
    assert [app.mode for app in private_number.applications] == list(registry.modes())


def test_a_first_call_of_axyb(private_number: WorldHandle) -> None:
    """Its numbers have areas, as the bind of A needs one."""
    bound = private_number.axyb.bind(A, "0755")
    call = private_number.call(B, bound["relationNumber"])
    assert (call.forwarded_to, call.subscription_id) == (A, bound["subscriptionId"])
    private_number.advance(10)
    private_number.hang_up(call)
    shown = private_number.axyb.query(relationNum=bound["relationNumber"])
    assert [(each["numB"], each["numY"]) for each in shown["xyRelationNumList"]] == [(B, call.displayed)]


ONLY_AXB = {"applications": [{"mode": "AXB", "numbers": ["+8617000000001"]}]}


@pytest.mark.parametrize("private_number", [ONLY_AXB], indirect=True)
def test_what_is_not_there_is_told(private_number: WorldHandle) -> None:
    with pytest.raises(LookupError, match=r"no application of mode AXE, only: AXB; .*applications"):
        _ = private_number.axe
    with pytest.raises(contracts.UnknownName, match=r"unknown operation 'axb.bnd'; did you mean axb.bind"):
        private_number.request("axb.bnd")
    nearly = private_number.url + "/rest/caas/relationnumber/partner/v1.0"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(nearly)
    assert "did you mean /rest/caas/relationnumber/partners/v1.0?" in refused.value.read().decode()


@pytest.mark.parametrize("turn", range(3))
def test_each_test_has_a_world_of_its_own(private_number: WorldHandle, turn: int) -> None:
    assert private_number.bind(A, B, private_number.axb.numbers[0])["resultcode"] == "0"
    assert private_number.now.year == 2026


def test_it_works_from_any_folder_and_in_workers(tmp_path: Path) -> None:
    """Two workers of pytest-xdist, a server each; warnings are errors."""
    (tmp_path / "test_mine.py").write_text(
        """
import pytest

@pytest.mark.parametrize("turn", range(6))
def test_bind(private_number, turn):
    x = private_number.axb.numbers[0]
    assert private_number.bind("+8613800000001", "+8613900000002", x)["resultcode"] == "0"
"""
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "6 passed" in done.stdout, done.stdout + done.stderr


def test_hosts_to_which_pushes_may_go_are_named_by_an_option(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        """
def test_it(private_number):
    private_number.send_pushes_to("http://app.example:9000/events")
"""
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    for option, told in (("--privnum-push-to=app.example", "1 passed"), ("--privnum-push-to=b.example", "1 failed")):
        done = subprocess.run(
            [*command, option], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert told in done.stdout, done.stdout + done.stderr


def test_how_pushes_are_sent_is_said_by_options(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("def test_it(private_number): pass\n")
    ca = Path(__file__).parents[1] / "http/localhost.pem"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    for options, told in (
        ([f"--privnum-push-ca={ca}", "--privnum-push-timeout=2.5"], "1 passed"),
        (["--privnum-push-ca=/nowhere"], "cannot use --privnum-push-ca /nowhere: No such file or directory; name a"),
        ([f"--privnum-push-ca={__file__}"], "name a file with certificates in PEM"),
        (["--privnum-push-timeout=0"], "--privnum-push-timeout 0: write seconds up to 3600"),
    ):
        done = subprocess.run(
            [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert told in done.stdout, done.stdout + done.stderr


def pytest_run(folder: Path, text: str, *arguments: str) -> str:
    """What a run of pytest prints for a project with this module."""
    (folder / "test_mine.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


IDS = """
import pytest

A, B = "+8613800000001", "+8613900000002"

@pytest.mark.parametrize("turn", range(3))
def test_ids(private_number, turn):
    app = private_number.axb
    bound = private_number.bind(A, B, app.numbers[0])["subscriptionId"]
    private_number.call(A, app.numbers[0])
    with open("ids.txt", "a") as file:
        print(turn, bound, app.app_key, app.app_secret, private_number.url.partition("/w/")[2], file=file)
"""


def ids_of(folder: Path, *arguments: str) -> set[str]:
    shown = pytest_run(folder, IDS, *arguments)
    assert " passed" in shown, shown
    found = (folder / "ids.txt").read_text().splitlines()
    (folder / "ids.txt").unlink()
    return set(found)


def test_ids_differ_from_run_to_run_but_for_a_seed(tmp_path: Path) -> None:
    """The seed gives those of a test, whatever ran before it, and where; pytest-randomly seeds Python's generators."""
    first, second = (ids_of(tmp_path, "-p", "randomly", "-p", "no:xdist", "--randomly-seed=1") for _ in range(2))
    assert len(first) == 3
    parts = [{word for line in lines for word in line.split()[1:]} for lines in (first, second)]
    assert not parts[0] & parts[1]
    seeded = ids_of(tmp_path, "--privnum-seed=7", "--randomly-seed=1")
    assert ids_of(tmp_path, "--privnum-seed=7", "--randomly-seed=2") == seeded
    assert ids_of(tmp_path, "--privnum-seed=7", "-k", "2") < seeded
    assert ids_of(tmp_path, "--privnum-seed=7", "-n", "2") == seeded
    assert ids_of(tmp_path, "--privnum-seed=8", "-k", "2").isdisjoint(seeded)


FAILS = """
import pytest
from privnum import RequestRefused

@pytest.fixture
def bound(private_number):
    return private_number.axb.bind("13800000001", "+8613900000002", private_number.axb.numbers[0])

def test_in_a_fixture(bound):
    pass

def test_refused(private_number):
    private_number.axb.bind("13800000001", "+8613900000002", private_number.axb.numbers[0])

def test_no_such_call(private_number):
    private_number.hang_up("nobody")

def test_no_such_mode(private_number):
    private_number.send_pushes_to()

def test_of_another_kind():
    assert False, "no world here"
"""


def test_a_failure_names_the_seed_and_shows_the_line_of_the_test(tmp_path: Path) -> None:
    """Nothing of our own source, unless the fault is ours; tests without a world have no seed."""
    shown = pytest_run(tmp_path, FAILS, "--privnum-seed=4711")
    assert "4 failed, 1 error" in shown, shown
    assert shown.count("--privnum-seed=4711 makes the same") == 4
    files = {line.split(":")[0].split()[-1] for line in shown.splitlines() if ".py:" in line}
    assert files == {"test_mine.py"}
    drawn = [pytest_run(tmp_path, FAILS, "-k", "refused").partition("--privnum-seed=")[2].split()[0] for _ in range(2)]
    assert drawn[0] != drawn[1]
    again = pytest_run(tmp_path, FAILS, "-n", "2", "-k", "refused or call")
    assert len({part.split()[0] for part in again.split("--privnum-seed=")[1:]}) == 1


def test_a_fault_of_ours_is_shown_whole(tmp_path: Path) -> None:
    text = """
def test_it(private_number, monkeypatch):
    monkeypatch.setattr("privnum.mockserver.embed.handle.Wire.control", lambda *_: {}["missing"])
    private_number.advance(1)
"""
    assert "embed/handle.py" in pytest_run(tmp_path, text)


def test_events_and_cdrs_go_to_addresses_of_their_own(private_number: WorldHandle, httpserver: HTTPServer) -> None:
    for path in ("/status", "/fee"):
        httpserver.expect_request(path).respond_with_data("")
    private_number.send_pushes_to(event_url=httpserver.url_for("/status"), fee_url=httpserver.url_for("/fee"))
    x = private_number.axe.numbers[0]
    private_number.call(A, x, digits=private_number.axe.bind(B, x)["extendNum"], caller_hangs_up_after=60)
    private_number.advance(120)
    places = {push.kind: push.url.rpartition("/")[2] for push in private_number.pushes}
    assert places == {"call_event": "status", "cdr": "fee"}
    private_number.send_pushes_to(fee_url=None)
    private_number.call(A, private_number.axb.numbers[0])
    assert private_number.pushes[-1].kind == "call_event"
    with pytest.raises(TypeError, match="takes an address, or event_url= and fee_url="):
        private_number.send_pushes_to()


_INTERRUPTED = """
import os
import signal
import socket
import threading


def test_a_receiver_never_answers(private_number):
    listener = socket.create_server(("127.0.0.1", 0))

    def take_one():
        connections.append(listener.accept())
        os.kill(os.getpid(), signal.SIGINT)

    connections = []
    threading.Thread(target=take_one, daemon=True).start()
    private_number.send_pushes_to(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    private_number.call("+8613800000001", private_number.axb.numbers[0])
"""


def test_ctrl_c_waits_for_no_receiver(tmp_path: Path) -> None:
    """A receiver that has an hour to answer holds nobody up who ends the run."""
    assert "KeyboardInterrupt" in pytest_run(tmp_path, _INTERRUPTED, "--privnum-push-timeout=3600")
