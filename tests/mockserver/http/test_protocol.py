"""What the server does with bytes: real sockets, nothing in between."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.mockserver.control.edge import MAX_BODY, MAX_HEAD, MAX_TARGET
from privnum.mockserver.embed.live import LiveServer
from tests.mockserver.support import AXB_PATH, A, Told, Wire, axb_bind_body, request_bytes

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle

HEALTH = b"GET /_privnum/health HTTP/1.1\r\nHost: x\r\n\r\n"


def claim_refused(told: Told, status: int) -> None:
    """The answer is JSON with both result fields, and says that the connection ends."""
    assert told.status == status
    assert told.headers["content-type"] == "application/json;charset=utf-8"
    assert told.headers["connection"] == "close"
    assert told.json["resultcode"] == "1010002"
    assert told.json["resultdesc"].startswith("Invalid request.")


GARBAGE = {
    "words": b"this is no HTTP at all\r\n\r\n",
    "binary": bytes(range(256)),
    "tls hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "unknown method": b"FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n",
    "lower-case method": b"get / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /\r\nHost: x\r\n\r\n",
    "version 2.0": b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    "version 9.9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "header without colon": b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "negative length": b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "bad chunk": b"POST /rest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "length and chunks": b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a proxy's request": b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
    "raw bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_gets_an_error_answer_and_others_are_served_on(live: LiveServer, data: bytes) -> None:
    """COM-ENV-011: 400, both result fields, the connection closes, and the next client is served."""
    with Wire(live.url) as wire:
        claim_refused(wire.send(data).read(), 400)
        assert wire.half_close().at_end()
    with Wire(live.url) as wire:
        assert wire.send(HEALTH).read().status == 200


@pytest.mark.parametrize("step", [1, 7])
def test_garbage_in_small_pieces(live: LiveServer, step: int) -> None:
    with Wire(live.url) as wire:
        for i in range(0, 24, step):
            wire.send(b"GET / HTTP/1.1\r\nHost x\r\n\r\n"[i : i + step])
        claim_refused(wire.read(), 400)


def test_requests_ahead_of_garbage_are_answered_first(world: WorldHandle, live: LiveServer) -> None:
    """Pipelined: two good requests, then garbage; three answers in order, then the end."""
    x = world.axb.numbers[0]
    with Wire(live.url) as wire:
        wire.send(request_bytes(world, body=axb_bind_body(x)) + HEALTH + b"garbage\r\n\r\n" + HEALTH)
        assert wire.read().json["resultcode"] == "0"
        assert wire.read().json["status"] == "ok"
        claim_refused(wire.read(), 400)
        assert wire.half_close().at_end()


def test_requests_ahead_of_a_broken_body_are_answered_first(world: WorldHandle, live: LiveServer) -> None:
    broken = b"POST /rest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    with Wire(live.url) as wire:
        wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0])) + HEALTH + broken)
        assert wire.read().json["resultcode"] == "0"
        assert wire.read().json["status"] == "ok"
        claim_refused(wire.read(), 400)
        assert wire.half_close().at_end()


@pytest.mark.parametrize("end", [b"garbage\r\n\r\n", b"GET / HT", b"POST /rest HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"])
def test_answers_ahead_are_given_though_the_client_has_stopped_sending(live: LiveServer, end: bytes) -> None:
    with Wire(live.url) as wire:
        wire.send(HEALTH + HEALTH + end).half_close()
        assert [wire.read().status for _ in range(2)] == [200, 200]
        claim_refused(wire.read(), 400)
        assert wire.at_end()


def test_pipelined_requests_are_answered_in_order(world: WorldHandle, live: LiveServer) -> None:
    x = world.axb.numbers[0]
    users = [f"+861380000{i:04}" for i in range(20)]
    binds = b"".join(request_bytes(world, body=axb_bind_body(x, users[i], users[i + 1])) for i in range(0, 20, 2))
    with Wire(live.url) as wire:
        wire.send(binds)
        ids = [wire.read().json["subscriptionId"] for _ in range(10)]
    listed = world.query(relationNum=x)["relationNumList"]
    assert [entry["subscriptionId"] for entry in listed] == ids
    assert [entry["callerNum"] for entry in listed] == users[::2]


def test_keep_alive_is_the_default_and_close_is_kept(world: WorldHandle, live: LiveServer) -> None:
    query = request_bytes(world, "GET", f"{AXB_PATH}?relationNum=%2B8617000000001")
    with Wire(live.url) as wire:
        for _ in range(3):
            told = wire.send(query).read()
            assert told.status == 403
            assert "connection" not in told.headers
        wire.send(request_bytes(world, "GET", AXB_PATH, headers={"Connection": "close"}))
        assert wire.read().headers["connection"] == "close"
        assert wire.at_end()


def test_http_1_0_is_answered_and_closed(world: WorldHandle, live: LiveServer) -> None:
    with Wire(live.url) as wire:
        wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]), version="1.0"))
        assert wire.read().json["resultcode"] == "0"
        assert wire.at_end()


def test_an_offer_of_http_2_is_passed_over(world: WorldHandle, live: LiveServer) -> None:
    """Java's client offers h2c with its first request, body and all, and goes on with HTTP/1.1 on the connection."""
    offer = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAA"}
    with Wire(live.url) as wire:
        wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]), headers=offer))
        assert wire.read().json["resultcode"] == "0"
        assert wire.send(HEALTH).read().status == 200


@pytest.mark.parametrize("count", [2, 3000])
def test_many_offers_at_once_are_passed_over_one_by_one(count: int, world: WorldHandle, live: LiveServer) -> None:
    """A client may make one with each of the requests that it pipelines; the first has a body, the last no offer."""
    offer = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQ"}
    bind = request_bytes(world, body=axb_bind_body(world.axb.numbers[0]), headers=offer)
    query = request_bytes(world, "GET", AXB_PATH, headers=offer)
    sender = threading.Thread(
        target=lambda: wire.send(bind + query * (count - 1) + request_bytes(world, "GET", AXB_PATH))
    )
    with Wire(live.url) as wire:
        sender.start()
        assert wire.read().json["resultcode"] == "0"
        assert [wire.read().status for _ in range(count)] == [403] * count
        sender.join()


def test_expect_100_continue(world: WorldHandle, live: LiveServer) -> None:
    body = axb_bind_body(world.axb.numbers[0])
    data = request_bytes(world, body=body, headers={"Expect": "100-continue"})
    with Wire(live.url) as wire:
        wire.send(data[: -len(body)])
        assert wire.read().status == 100
        assert wire.send(body).read().json["resultcode"] == "0"


def test_a_body_in_chunks_and_in_pieces(world: WorldHandle, live: LiveServer) -> None:
    body = axb_bind_body(world.axb.numbers[0])
    fields = "".join(f"{name}: {value}\r\n" for name, value in world.headers().items())
    path = world.url.removeprefix(live.url) + AXB_PATH
    with Wire(live.url) as wire:
        wire.send(f"POST {path} HTTP/1.1\r\nHost: x\r\n{fields}Transfer-Encoding: chunked\r\n\r\n".encode())
        for i in range(0, len(body), 10):
            wire.send(b"%x\r\n%b\r\n" % (len(body[i : i + 10]), body[i : i + 10]))
        assert wire.send(b"0\r\n\r\n").read().json["resultcode"] == "0"


def test_the_body_of_a_get_is_ignored(world: WorldHandle, live: LiveServer) -> None:
    """COM-ENV-008, whether the body comes with its head or after the answer."""
    world.bind(A, "+8613900000002", world.axb.numbers[0])
    query = request_bytes(world, "GET", f"{AXB_PATH}?relationNum=%2B8617000000001", b'{"stale":"body"}')
    with Wire(live.url) as wire:
        assert wire.send(query).read().json["totalCount"] == 1
        wire.send(query[:-16])
        assert wire.read().json["totalCount"] == 1
        assert wire.send(b'{"stale":"body"}' + HEALTH).read().json["status"] == "ok"


@pytest.mark.parametrize("target", ["/%ff%fe", "/w/%ff/rest", "/rest/%00", "//", "/nowhere?%zz"])
def test_an_odd_path_is_no_api(live: LiveServer, target: str) -> None:
    """COM-ENV-005: 404 with both result fields, and the connection stays."""
    with Wire(live.url) as wire:
        for _ in range(2):
            told = wire.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).read()
            assert told.status == 404
            assert set(told.json) == {"resultcode", "resultdesc"}


def test_a_head_request_gets_no_body(world: WorldHandle, live: LiveServer) -> None:
    with Wire(live.url) as wire:
        wire.send(request_bytes(world, "HEAD", AXB_PATH)).send(HEALTH)
        head = wire.read_head()
        assert head.status == 403
        assert int(head.headers["content-length"]) > 0
        assert wire.read().json["status"] == "ok"


def test_a_client_that_does_not_read_is_answered_in_order_in_the_end(world: WorldHandle, live: LiveServer) -> None:
    """More answers than the kernel and the server hold for it: the later requests wait, and none is lost."""
    x, count = world.axb.numbers[0], 100
    for i in range(count):
        world.bind(f"+861380000{i:04}", f"+861390000{i:04}", x)
    asked = request_bytes(world, "GET", f"{AXB_PATH}?relationNum=%2B8617000000001&pageSize=100")
    with Wire(live.url) as wire:
        sender = threading.Thread(target=wire.send, args=(asked * 400,))
        sender.start()
        assert all(len(wire.read().json["relationNumList"]) == count for _ in range(400))
        sender.join()
        assert wire.send(HEALTH).read().json["status"] == "ok"


def test_a_server_that_stops_answers_the_request_that_is_coming_in() -> None:
    server = LiveServer()
    with server, Wire(server.url) as wire, Wire(server.url) as idle:
        wire.send(f"POST {AXB_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{".encode())
        idle.send(HEALTH).read()  # when this is answered, the head ahead of it has been read
        server._server.stop()
        assert idle.at_end()
        told = wire.send(b"}").read()
        assert told.json["resultcode"] == "1023006"
        assert told.headers["connection"] == "close"
        assert wire.at_end()


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_head_at_the_limit_passes_and_beyond_it_is_refused(live: LiveServer) -> None:
    """COM-OPEN-005; the limit counts request target, header names and values."""
    line = b"GET /rest HTTP/1.1\r\nX: %b\r\n\r\n"
    known = len("/rest") + len("X") + len(b": \r\n")
    with Wire(live.url) as wire:
        assert wire.send(line % (b"a" * (MAX_HEAD - known))).read().status == 404
        claim_refused(wire.send(line % (b"a" * (MAX_HEAD - known + 1))).read(), 403)
        assert wire.half_close().at_end()


@pytest.mark.parametrize("piece", [b"X-Long: " + b"a" * 500 + b"\r\n", b"a" * 512])
def test_a_head_without_end_is_refused_while_it_comes(live: LiveServer, piece: bytes) -> None:
    """Many lines, or one: the server does not read on for ever."""
    with Wire(live.url) as wire:
        wire.send(b"GET /rest HTTP/1.1\r\nX: ")
        wire.send(piece * (20 * MAX_HEAD // len(piece)))
        claim_refused(wire.read(), 403)


def test_a_target_beyond_the_limit_is_refused(live: LiveServer) -> None:
    with Wire(live.url) as wire:
        claim_refused(wire.send(b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * MAX_TARGET)).read(), 403)


def test_a_declared_length_beyond_the_limit_is_refused_at_once(world: WorldHandle, live: LiveServer) -> None:
    with Wire(live.url) as wire:
        claim_refused(wire.send(request_bytes(world, headers={"Content-Length": str(MAX_BODY + 1)})).read(), 403)


def test_a_client_that_sends_a_huge_body_gets_to_see_the_answer(world: WorldHandle, live: LiveServer) -> None:
    """It sends everything before it reads; the server must not reset the connection meanwhile."""
    body = b"a" * (8 * MAX_BODY)
    with Wire(live.url) as wire:
        claim_refused(wire.send(request_bytes(world, body=body)).read(), 403)


def test_a_chunked_body_beyond_the_limit_is_cut_off(world: WorldHandle, live: LiveServer) -> None:
    head = b"POST /rest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with Wire(live.url) as wire:
        claim_refused(wire.send(head + chunk * 32).read(), 403)


CONTROL = b"POST /_privnum/worlds HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("data", "status", "word"),
    [
        (CONTROL + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1), 413, str(MAX_BODY)),
        (CONTROL + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * 32, 413, "body"),
        (CONTROL + b"X: %b\r\n\r\n" % (b"a" * MAX_HEAD), 413, str(MAX_HEAD)),
        (b"GET /_privnum/worlds?a=%b HTTP/1.1\r\n\r\n" % (b"a" * MAX_TARGET), 413, str(MAX_TARGET)),
        (CONTROL + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "HTTP/1.1"),
        (CONTROL + b"bad header\r\n\r\n", 400, "HTTP/1.1"),
    ],
)
def test_a_control_message_beyond_a_limit_is_refused_as_the_control_plane_does(
    data: bytes, status: int, word: str, live: LiveServer
) -> None:
    """Not with a result code: who drives the server looks for `error` and `where`."""
    with Wire(live.url) as wire:
        told = wire.send(data).read()
        assert (told.status, told.headers["connection"]) == (status, "close")
        assert contracts.validator("driver/error").problems(told.json) == []
        assert word in told.json["error"]
    with Wire(live.url) as wire:
        assert wire.send(b"GET /_privnum/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").read().status == 200


def test_a_body_at_the_limit_is_read(world: WorldHandle, live: LiveServer) -> None:
    body = axb_bind_body(world.axb.numbers[0])
    with Wire(live.url) as wire:
        told = wire.send(request_bytes(world, body=body + b" " * (MAX_BODY - len(body)))).read()
        assert told.json["resultcode"] == "0"


def test_the_worlds_reading_of_oversized_counts(live: LiveServer) -> None:
    with live.world(assumptions={"http.oversized": "413/1010002"}) as world, Wire(live.url) as wire:
        claim_refused(wire.send(request_bytes(world, headers={"Content-Length": str(MAX_BODY + 1)})).read(), 413)
        with Wire(live.url) as other:  # by app_key, without the prefix
            target = f"/anywhere?{'a' * MAX_TARGET}"
            claim_refused(other.send(request_bytes(world, "GET", target)).read(), 413)


def test_the_worlds_reading_of_connection_counts(live: LiveServer) -> None:
    """COM-OPEN-006: the platform closes after each answer."""
    with live.world(assumptions={"http.connection": "close"}) as world, Wire(live.url) as wire:
        told = wire.send(request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))).read()
        assert told.json["resultcode"] == "0"
        assert told.headers["connection"] == "close"
        assert wire.at_end()
    with live.world() as world, Wire(live.url) as wire:
        query = request_bytes(world, "GET", AXB_PATH)
        assert "connection" not in wire.send(query).read().headers
        assert wire.send(query).read().status == 403


def test_a_message_without_end_is_cut_off(live: LiveServer) -> None:
    """Trailers behind a body in chunks count too, also where the answer has been given already."""
    trailers = b"X-Trailer: " + b"a" * 10_000 + b"\r\n"
    for method, status in (("POST", 403), ("GET", 404)):
        head = f"{method} /rest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n".encode()
        with Wire(live.url) as wire:
            wire.send(head)
            if method == "GET":
                assert wire.read().status == status
            with contextlib.suppress(ConnectionError):  # the server may stop reading at any time
                for _ in range(20 * MAX_BODY // len(trailers)):
                    wire.send(trailers)
            if method == "POST":
                claim_refused(wire.read(), status)


@pytest.mark.parametrize(
    "data", [b"", b"GET / HTTP/1.1\r\nHo", b"POST /rest HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"], ids=repr
)
def test_who_stops_sending_is_not_waited_for_for_ever(data: bytes) -> None:
    server = LiveServer()
    server._server.config.timeout_keep_alive = 0.05  # type: ignore[assignment]
    with server, Wire(server.url) as wire:
        assert wire.send(data).at_end()


# ── clients that go away ─────────────────────────────────────────────────────────────────────────────────────────────


def test_half_a_request_changes_nothing(world: WorldHandle, live: LiveServer) -> None:
    data = request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))
    for cut in (10, len(data) - 100, len(data) - 1):
        with Wire(live.url) as wire:
            wire.send(data[:cut])
    for cut in (10, len(data) - 1):
        with Wire(live.url) as wire:
            claim_refused(wire.send(data[:cut]).half_close().read(), 400)
            assert wire.at_end()
    assert world.request("axb.query", query={"relationNum": world.axb.numbers[0]})["resultcode"] == "1012007"


def test_a_client_that_only_stops_sending_gets_its_answers(world: WorldHandle, live: LiveServer) -> None:
    data = request_bytes(world, body=axb_bind_body(world.axb.numbers[0]))
    with Wire(live.url) as wire:
        wire.send(HEALTH + data).half_close()
        assert wire.read().json["status"] == "ok"
        assert wire.read().json["resultcode"] == "0"
        assert wire.at_end()


def test_no_server_header(live: LiveServer) -> None:
    with Wire(live.url) as wire:
        headers = wire.send(HEALTH).read().headers
    assert set(headers) == {"date", "content-type", "content-length"}


@pytest.mark.parametrize("target", [AXB_PATH, "/_privnum/health"])
def test_a_client_of_http_1_0_is_told_that_the_connection_stays_or_sees_it_close(
    world: WorldHandle, target: str
) -> None:
    with Wire(world.url) as wire:
        wire.send(f"GET {target} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".encode())
        told = wire.read()
        if told.headers.get("connection") == "keep-alive":
            assert wire.send(f"GET {target} HTTP/1.0\r\n\r\n".encode()).read().status == told.status
        assert wire.at_end()
