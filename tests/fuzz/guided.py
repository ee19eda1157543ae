"""Sends bytes that atheris makes up to one plane, led by what code they reach.

A process of its own: atheris instruments modules as they are imported, and ends the process when it has sent enough.
The last line of its standard output is the figures, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Most bytes of an input.
_LONGEST: Final = 2000


def api() -> tuple[Callable[[bytes], int], list[bytes]]:
    """Return what sends an input to the API, and requests to begin with.

    The first byte chooses the operation; the others are its body, or its query string.
    """
    from privnum import contracts
    from tests.mockserver.axb_rig import AxbRig
    from tests.mockserver.rig import CLIENT, EDGE_MS, STOP, C, signed_headers

    rig = AxbRig()
    rig.new_binding_id()
    rig.new_binding_id(C, "+8613900000005", duration=60)
    operations = sorted(contracts.operations().values(), key=lambda operation: operation.id)

    def send(data: bytes) -> int:
        operation = operations[data[0] % len(operations)] if data else operations[0]
        query, body = ("", data[1:]) if operation.body else (data[1:].decode("latin-1"), b"")
        before = rig.state()
        answer = rig.platform.handle(
            operation.method, operation.path, query, signed_headers(rig.app), body, client=CLIENT, edge_now_ms=EDGE_MS
        )
        assert answer.status < 500 or operation.path == STOP, answer
        assert answer.status < 400 or rig.state() == before, (operation.id, data)
        rig.world.failures.clear()
        return answer.status

    body = b'{"callerNum":"+8613800000001","calleeNum":"+8613900000002","relationNum":"+8617000000001","duration":60}'
    return send, [bytes([place]) + body for place in range(len(operations))]


def control() -> tuple[Callable[[bytes], int], list[bytes]]:
    """Return what sends an input to the control plane, and messages to begin with."""
    from tests.hostile.snapshot import snapshot
    from tests.hostile.test_control_messages import WITH_BODY, Desk

    desks = [Desk()]
    sent = Counter[str]()

    def send(data: bytes) -> int:
        operation = WITH_BODY[data[0] % len(WITH_BODY)] if data else WITH_BODY[0]
        sent["all"] += 1
        if sent["all"] % 200 == 0 or "w" not in desks[0].platform.worlds:
            desks[0] = Desk()
        desk = desks[0]
        before = snapshot((desk.platform, desk.edge.offsets))
        answer = desk.send(operation, data[1:])
        assert answer.status < 500, (operation, data, answer)
        assert answer.status < 300 or snapshot((desk.platform, desk.edge.offsets)) == before, (operation, data)
        return answer.status

    message = (
        b'{"caller":"+8613800000001","called":"+8617000000001","mode":"AXE","numbers":["+8617000000031"],"status":"5"}'
    )
    return send, [bytes([place]) + message for place in range(len(WITH_BODY))]


PLANES: Final = {"api": api, "control": control}


def main(arguments: Sequence[str]) -> None:
    """Send `arguments[1]` inputs to the plane `arguments[0]`, from the seed `arguments[2]`."""
    import atheris

    plane, count, seed = arguments[0], int(arguments[1]), arguments[2]
    with atheris.instrument_imports(include=["privnum.mockserver", "privnum.contracts"]):
        send, first = PLANES[plane]()
    answers: Counter[int] = Counter()

    def one(data: bytes) -> None:
        answers[send(data)] += 1
        if answers.total() >= count:
            print(json.dumps({"inputs": answers.total(), "answers": dict(answers)}), flush=True)
            os._exit(0)  # libFuzzer would go on until its own bound, and end the process from C

    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(first):
            (Path(corpus) / str(number)).write_bytes(data)
        bounds = [
            f"-runs={count + len(first) + 10}",
            f"-seed={seed}",
            f"-max_len={_LONGEST}",
            "-timeout=10",
            "-rss_limit_mb=512",
        ]
        atheris.Setup([sys.argv[0], *bounds, corpus], one)
        atheris.Fuzz()


def figures_of(output: str) -> dict[str, Any]:
    """Return the figures that the last line of a process's output has."""
    found: dict[str, Any] = json.loads(output.rstrip().rpartition("\n")[2])
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
