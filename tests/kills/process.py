"""A server whose state is kept: started again behind each kill, and at its old port."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.bench.servers import wait_for
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

#: Seed of the servers: by it the nonce of an attempt is known.
SEED = 7
#: Inputs behind which a server makes an image: few, so that some kills strike while it does, and so many that most
#: pushes that were called delivered are known by the log alone.
EVERY = 2000


class Server:
    """A server with `--state`, which keeps all calls and pushes.

    Args:
        state: what follows `--state`.
        options: more of `privnum serve`.
        lines: the file of what it writes on stderr; None: it goes where ours goes.
    """

    def __init__(self, state: str, *options: str, lines: Path | None = None) -> None:
        self.port = free_port()
        place = ("--state", state, "--port", str(self.port), "--seed", str(SEED), "--keep", "0", "--json", "--quiet")
        self._command = (sys.executable, "-m", "tests.kills.server", str(EVERY), *place, *options)
        self._lines = lines
        self._process: subprocess.Popen[str] | None = None
        self.said: dict[str, Any] = {}

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it."""
        with contextlib.ExitStack() as stack:
            stderr = None if self._lines is None else stack.enter_context(self._lines.open("a", encoding="utf-8"))
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=stderr, text=True)

    def wait(self) -> None:
        """Return when it answers."""
        assert self._process
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"the server has ended: {self.stderr_text()[-2000:]}"
        self.said = json.loads(line)
        wait_for(self.port, "/_privnum/health")

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has ended by itself."""
        assert self._process
        return self._process.poll() is not None

    def stderr_text(self) -> str:
        """What it has written on stderr, where that is a file."""
        return "" if self._lines is None else self._lines.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it without notice."""
        assert self._process
        self._process.kill()
        self._process.communicate(timeout=30)

    def end(self) -> None:
        """End it, whatever it is at, if it was ever started."""
        if self._process is not None:
            self.kill()

    def freeze(self) -> None:
        """Let it do nothing, while its sockets stay open."""
        os.kill(self.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on where it was frozen."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> int:
        """End it; return its status."""
        assert self._process
        self._process.terminate()
        self._process.communicate(timeout=30)
        return self._process.returncode
