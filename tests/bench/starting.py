"""Start: the first answer of a new process, what the core imports, what a world costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import Any

from tests.ports import free_port

from .servers import control, privnum_server, started_server

#: Packages that the core does without; a program that only embeds it does not pay for them.
HEAVY = ("httpx", "starlette", "uvicorn", "rich", "hypothesis", "pytest")


def first_answer(rounds: int) -> dict[str, Any]:
    """Seconds from the start of `privnum serve` to its first answer, beside those of an empty Python process."""
    serve, python = [], []
    for _ in range(rounds):
        port = free_port()
        begin = time.perf_counter()
        with started_server(
            sys.executable,
            "-m",
            "privnum.cli",
            "serve",
            "--port",
            str(port),
            "--json",
            port=port,
            ready="/_privnum/health",
            pinned=False,
        ):
            serve.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        python.append(time.perf_counter() - begin)
    return {"serve_ms": statistics.median(serve) * 1000, "empty_python_ms": statistics.median(python) * 1000}


def heavy_imports() -> list[str]:
    """Which heavy packages the core and the contract load; empty is right."""
    code = (
        "import sys; from privnum.mockserver.worlds.platform import Platform; import privnum.mockserver.control.plane\n"
        "p = Platform(); p.create_world({'applications': [{'mode': 'AXB', 'numbers': ['+8617000000001']}]})\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.split()


def worlds(count: int) -> dict[str, Any]:
    """Milliseconds to make and drop a world on a running server, and bytes of a world of five applications."""
    applications = [
        {
            "mode": "AXB",
            "numbers": [f"+86170{app:02d}{n:06d}" for n in range(20)],
            "event_url": "inbox:",
            "fee_url": "inbox:",
        }
        for app in range(5)
    ]
    with privnum_server() as server:
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            made = control(server.port, "POST", "/worlds", {"applications": applications[:1]})
            control(server.port, "DELETE", f"/worlds/{made['id']}")
            times.append(time.perf_counter() - begin)
        before = server.rss
        for _ in range(count):
            control(server.port, "POST", "/worlds", {"applications": applications})
        grown = server.rss - before
    return {"make_and_drop_ms": statistics.median(times) * 1000, "kib_per_world": grown / count / 1024}
