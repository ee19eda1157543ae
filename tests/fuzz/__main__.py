"""Sends made-up bytes and messages to both planes, and is a hostile target and a hostile customer.

It prints figures, and fails where one of them is not as it should be.

No input may bring an answer of 5xx, a line in the log, more state than before unless it was answered with success, or
more than a second of work; and all of them together must not make the process grow. The number of inputs bounds a run.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer
from tests.contracts.strategies import faulty
from tests.fuzz.guided import figures_of
from tests.fuzz.peers import Customer, Target, answers, hear, pushes
from tests.hostile.snapshot import snapshot
from tests.hostile.test_control_messages import OPERATIONS, WITH_BODY, Desk, messages
from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.rig import AKSK, CLIENT, EDGE_MS, STOP, C, signed_headers
from tests.mockserver.support import Wire
from tests.mockserver.worlds import test_pipeline as plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Most nanoseconds of this thread's processor time for one input.
_MOST_NS: Final = 1_000_000_000
#: Most KiB by which the process may grow after the first tenth of the inputs; Hypothesis remembers what it has tried.
_MOST_GROWTH: Final = 96 * 1024
#: stop call answers its refusals with 500, as its own table prints them.
_STOP_CODES: Final = ("1020001", "1020152")


class _Log(logging.Handler):
    """Counts lines of warnings and errors: each would be a fault that nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Figures:
    """What came of the inputs of one part."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.answers: Counter[int] = Counter()
        self.slowest_ns = 0
        self.inputs = 0

    def take(self, work: Callable[[], int]) -> None:
        """Try one input; `work` returns the status of its answer."""
        began = time.thread_time_ns()
        status = work()
        took = time.thread_time_ns() - began
        self.inputs += 1
        self.answers[status] += 1
        self.slowest_ns = max(self.slowest_ns, took)
        assert took < _MOST_NS, f"an input took {took / 1e9:.2f} s of work"

    def __str__(self) -> str:
        answers = ", ".join(f"{count} × {status or 'none'}" for status, count in sorted(self.answers.items()))
        return f"{self.part:14} {self.inputs:7} inputs, slowest {self.slowest_ns / 1e6:6.1f} ms; answers: {answers}"


# ── raw bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Words of HTTP, right and wrong; those that end a line can be headers.
_WORDS: Final = [
    *(b"GET ", b"POST ", b"PUT ", b"HEAD ", b"get ", b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b" HTTP/2.0\r\n"),
    *(AXB_PATH.encode(), b"/_privnum/health", b"/_privnum/worlds/w/clock", b"?", b"%", b"a" * 9000),
    *(b"\r\n", b"\n", b"\r", b": ", b"\x00", b"\xff\xfe", b"{}", b"5\r\nabcde\r\n", b"0\r\n\r\n", b"ffffffffff\r\n"),
    *(b"Host: x\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(b"Content-Length: 99999999999999999999\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n"),
    *(b"Connection: keep-alive\r\n", b"Connection: Upgrade\r\nUpgrade: h2c\r\n"),
    *(b"Authorization: " + AKSK + b"\r\n", b'X-AKSK: UsernameToken Username="'),
]
_GOOD_FIELDS: Final = [
    b"Host: x\r\n",
    b"Connection: close\r\n",
    b"Connection: keep-alive\r\n",
    b"Expect: 100-continue\r\n",
]
_heads = st.lists(st.sampled_from(_WORDS) | st.binary(max_size=12), max_size=14).map(b"".join)
_requests = st.builds(
    lambda method, path, version, fields, body: b"".join(
        (method, path, version, *fields, b"Content-Length: %d\r\n" % len(body), b"\r\n", body)
    ),
    st.sampled_from([b"GET ", b"POST ", b"PUT ", b"DELETE "]),
    st.sampled_from([AXB_PATH.encode(), b"/_privnum/health", b"/", b"*"]) | st.binary(max_size=8),
    st.sampled_from([b" HTTP/1.1\r\n", b" HTTP/1.0\r\n"]),
    st.lists(st.sampled_from(_GOOD_FIELDS), max_size=2)
    | st.lists(st.sampled_from([word for word in _WORDS if word.endswith(b"\r\n")]), max_size=3),
    st.binary(max_size=30),
)
_bytes = _heads | st.lists(_requests, min_size=1, max_size=3).map(b"".join) | st.binary(max_size=200)


def _fuzz_bytes(figures: Figures, count: int, number: int) -> None:
    with LiveServer() as server:
        platform = server._server._app.edge.platform
        before = snapshot(platform)

        def exchange(data: bytes) -> int:
            with Wire(server.url) as wire:
                wire.send(data).half_close()
                came = bytearray()
                while part := wire.socket.recv(65536):  # a silence of ten seconds ends it: that would be a hang
                    came += part
            assert not came or came.startswith(b"HTTP/1.1 "), bytes(came[:200])
            status = int(came[9:12]) if came else 0
            assert status < 500, bytes(came[:400])
            return status

        _run(_bytes, lambda data: figures.take(lambda: exchange(data)), count, number)
        with Wire(server.url) as wire:
            assert wire.send(b"GET /_privnum/health HTTP/1.1\r\nHost: x\r\n\r\n").read().status == 200
        assert _without_clients(snapshot(platform)) == _without_clients(before)


def _without_clients(state: Any) -> str:
    """The state as text; what the last request was for, and why it was refused, is none."""
    return repr([each for each in state[1] if each[0] not in ("served", "visited", "refused_by")])


# ── both planes ──────────────────────────────────────────────────────────────────────────────────────────────────────

_api = st.tuples(
    plain.methods,
    plain.paths | st.sampled_from([operation.path for operation in contracts.operations().values()]),
    plain.queries,
    plain.bodies | st.sampled_from(sorted(contracts.operations())).flatmap(
        lambda id_: faulty(contracts.schema(contracts.operations()[id_].body or "axb/bind.body"))
    ).map(lambda message: json.dumps(message).encode()),
    st.none() | plain.token_values,
    st.just(AKSK) | st.binary(max_size=60),
)  # fmt: skip


def _fuzz_api(figures: Figures, count: int, number: int) -> None:
    rig = AxbRig()
    rig.new_binding_id()
    rig.new_binding_id(C, "+8613900000005", duration=60)

    def send(request: tuple[str, str, str, bytes, bytes | None, bytes]) -> int:
        method, path, query, body, token, authorization = request
        headers = signed_headers(rig.app) if token is None else [(b"authorization", authorization), (b"x-aksk", token)]
        before = rig.state()
        answer = rig.platform.handle(method, path, query, headers, body, client=CLIENT, edge_now_ms=EDGE_MS)
        code = json.loads(answer.body)["resultcode"]
        assert answer.status < 500 or (path == STOP and code in _STOP_CODES), answer
        assert answer.status == 200 or rig.state() == before, request
        rig.world.failures.clear()
        return answer.status

    _run(_api, lambda request: figures.take(lambda: send(request)), count, number)


_control = st.sampled_from(WITH_BODY).flatmap(
    lambda operation: st.tuples(st.just(operation), messages(operation) | st.binary(max_size=60))
) | st.tuples(st.sampled_from(sorted(OPERATIONS)), st.none() | st.binary(max_size=20))


def _fuzz_control(figures: Figures, count: int, number: int) -> None:
    desks = [Desk()]

    def send(request: tuple[str, Any]) -> int:
        if figures.inputs % 200 == 0 or "w" not in desks[0].platform.worlds:
            desks[0] = Desk()  # worlds that were made shall not slow down what is measured
        desk = desks[0]
        before = snapshot((desk.platform, desk.edge.offsets))
        answer = desk.send(*request)
        assert answer.status < 500, (request, answer)
        assert answer.status < 300 or snapshot((desk.platform, desk.edge.offsets)) == before, request
        return answer.status

    _run(_control, lambda request: figures.take(lambda: send(request)), count, number)


def _run(inputs: st.SearchStrategy[Any], take: Callable[[Any], None], count: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def each(given_input: Any) -> None:
        take(given_input)

    each()


# ── peers ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fuzz_target(figures: Figures, count: int, number: int) -> None:
    with Target() as target:
        _run(answers, lambda answer: figures.take(lambda: target.ask(answer)), count, number)


def _fuzz_customer(figures: Figures, count: int, number: int) -> None:
    with Customer() as customer:
        _run(answers, lambda answer: figures.take(lambda: customer.push(answer)), count, number)


def _fuzz_pushes(figures: Figures, count: int, number: int) -> None:
    _run(pushes, lambda push: figures.take(lambda: hear(push)), count, number)


# ── led by coverage ──────────────────────────────────────────────────────────────────────────────────────────────────


def _fuzz_guided(plane: str, figures: Figures, count: int, number: int) -> None:
    """Let atheris make up bytes for one plane, in a process of its own.

    Raises AssertionError where an input was not answered as it should be; libFuzzer's report is the message.
    """
    command = [sys.executable, "-m", "tests.fuzz.guided", plane, str(count), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + count, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    told = figures_of(done.stdout)
    figures.inputs += told["inputs"]
    figures.answers.update({int(status): times for status, times in told["answers"].items()})


#: Parts that need atheris, which is not there for every system.
GUIDED: Final = ("guided-api", "guided-control")

PARTS: Final[dict[str, Callable[[Figures, int, int], None]]] = {
    "bytes": _fuzz_bytes,
    "api": _fuzz_api,
    "control": _fuzz_control,
    "target": _fuzz_target,
    "customer": _fuzz_customer,
    "pushes": _fuzz_pushes,
    "guided-api": partial(_fuzz_guided, "api"),
    "guided-control": partial(_fuzz_guided, "control"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the parts that were asked for; return 0 if every figure is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {' '.join(PARTS)}; default: all")
    parser.add_argument("--inputs", type=int, default=3000, help="of each part (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown part {min(unknown)!r}; there are: {' '.join(PARTS)}")
    log = _Log()
    logging.getLogger().addHandler(log)
    try:
        _run_parts(options.parts or list(PARTS), options.inputs, options.seed, log)
    finally:
        logging.getLogger().removeHandler(log)
    return 0


def _run_parts(parts: Sequence[str], inputs: int, number: int, log: _Log) -> None:
    for part in parts:
        if part in GUIDED and find_spec("atheris") is None:
            print(f"{part:14} not run: atheris is not installed (the extra fuzz)", flush=True)
            continue
        warm_up = Figures(part)
        PARTS[part](warm_up, max(inputs // 10, 1), number + 1)
        begin = _resident_kib()
        figures = Figures(part)
        PARTS[part](figures, inputs, number)
        grown = _resident_kib() - begin
        print(f"{figures}; grown by {grown} KiB; {len(log.lines)} lines in the log", flush=True)
        assert grown < _MOST_GROWTH, f"the process grew by {grown} KiB"
        assert not log.lines, log.lines[0]


def _resident_kib() -> int:
    """What the process holds in memory; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
