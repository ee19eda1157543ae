"""The log of a server that runs as a command.

Each line as it is shown, whatever a peer has put into it.
"""

from __future__ import annotations

import logging
import sys

__all__ = ["show_log", "visible"]


def visible(text: str) -> str:
    """Return a text with all signs that act on a terminal written out.

    Such signs move, colour or turn what it shows.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


class _Visible(logging.Formatter):
    """Formats a line, with a traceback, so that it cannot act on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def show_log() -> None:
    """Write warnings and errors to stderr where logging is not set up.

    So does Python itself.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Visible("%(message)s"))
    logging.getLogger().addHandler(handler)
