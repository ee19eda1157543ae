"""How a command says in one line that it cannot be carried out."""

from __future__ import annotations

import sys

from privnum.ends import shorten_words
from privnum.options import BAD_USAGE
from privnum.suites.base.printing import printable

__all__ = ["refuse"]


def refuse(command: str, problem: str) -> int:
    """Print a problem under the name of the command; return the status."""
    sys.stderr.write(f"privnum {command}: {shorten_words(printable(problem))}\n")
    return BAD_USAGE
