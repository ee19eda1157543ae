"""What the processes of one run have found out, each for the others.

Each has a server of its own, and all of these servers are alike: a choice that one process has probed holds for all.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import orjson

from privnum.suites.base.ended import write_all

if TYPE_CHECKING:
    from privnum import contracts

__all__ = ["SharedFindings"]


class SharedFindings:
    """A file without a name, open in the process that made it and its forks."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # see close
        self._read = 0

    def close(self) -> None:
        """Let go of the file, in this process."""
        self._file.close()

    def add(self, assumption: str, choice: contracts.Value) -> None:
        """Enter what a probe has found out."""
        write_all(self._file.fileno(), orjson.dumps([assumption, choice]) + b"\n")

    def news(self) -> dict[str, contracts.Value]:
        """What was entered since the last time, also by this process."""
        size = os.fstat(self._file.fileno()).st_size
        if size <= self._read:
            return {}
        whole = os.pread(self._file.fileno(), size - self._read, self._read)
        lines, end, _ = whole.rpartition(b"\n")  # the rest is a line that another process is writing
        self._read += len(lines) + len(end)
        return dict(orjson.loads(line) for line in lines.splitlines())
