"""The log of a server that runs as a command: each line as it is shown, whatever a peer has put into it."""

from __future__ import annotations

import logging
import sys

__all__ = ["show_log", "visible"]


def visible(text: str) -> str:
    """Return a text in which every sign that would move, colour or turn what a terminal shows is written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


class _Visible(logging.Formatter):
    """Formats a line, with its traceback where it has one, so that no stranger's text can act on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def show_log() -> None:
    """Write warnings and errors to stderr, as Python does where nobody has said anything of logging."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Visible("%(message)s"))
    logging.getLogger().addHandler(handler)
