"""The log of a server that runs as a command.

Each line as it is shown, whatever a peer has put into it.
"""

from __future__ import annotations

import logging
import select
import sys
from datetime import UTC, datetime
from typing import TextIO

from privnum.mockserver.journal import activity

__all__ = ["Lines", "show_log", "visible"]

_LOST = "%d lines were left out here: nobody read stderr (--quiet writes fewer)"


def visible(text: str) -> str:
    """Return a text with all signs that act on a terminal written out.

    Such signs move, colour or turn what it shows.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


class _Visible(logging.Formatter):
    """Formats a line, with a traceback, so that it cannot act on a terminal.

    What was requested and pushed has its time before it, and a warning says so.
    """

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if hasattr(record, "privnum"):
            word = "warning: " if record.levelno >= logging.WARNING else ""
            text = f"{self.formatTime(record, '%H:%M:%S')} {word}{text}"
        return visible(text)


class _Json(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return activity.as_line(record, time)


class Lines(logging.StreamHandler[TextIO]):
    """Writes records to stderr.

    Lines of requests and pushes are written only where somebody reads them.

    A pipe that nobody empties would else stop the server in the middle of a request. What was left out is counted.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lost = 0
        self._poll = _poll_of(stream)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it."""
        if self._poll is not None and hasattr(record, "privnum"):
            if not self._poll.poll(0):
                self._lost += 1
                return
            if self._lost:
                lost, self._lost = self._lost, 0
                super().emit(logging.makeLogRecord({"msg": _LOST, "args": (lost,), "levelno": logging.WARNING}))
        super().emit(record)


def _poll_of(stream: TextIO) -> select.poll | None:
    """Return what tells whether a stream can be written to without waiting.

    None where that cannot be told.
    """
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLOUT)
    except (AttributeError, OSError, ValueError):  # Windows has no poll; a test's stream no number
        return None
    return poll


def show_log(level: int = logging.WARNING, *, as_json: bool = False) -> None:
    """Write warnings and errors to stderr where logging is not set up.

    So does Python itself. With `level` INFO there is a line for each request and push too, with DEBUG their bodies.
    """
    handler = Lines(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(_Json() if as_json else _Visible("%(message)s"))
    logging.getLogger().addHandler(handler)
    for name in activity.LOGGERS:
        logging.getLogger(name).setLevel(level)
