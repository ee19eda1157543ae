"""Who stops `python -m examples.check` leaves nothing running: neither the check nor the platform."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_platform_too(name: str, tmp_path: Path) -> None:
    """The platform has inherited stderr, so that its end is the end of that pipe."""
    with subprocess.Popen(
        [sys.executable, "-m", "examples.check", "--quiet"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().split()[-1])
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"examples.check: interrupted by {name}" in errors
    assert "Traceback" not in errors
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port)).close()
