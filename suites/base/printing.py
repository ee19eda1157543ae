"""The one way by which text that came from strangers reaches a screen."""

from __future__ import annotations

from privnum import contracts
from privnum.suites.report.html.elements import visible

__all__ = ["printable"]


def printable(text: str) -> str:
    r"""The text in one line, masked, with whatever would command a terminal, or hide, written out: \x1b, \u202e."""
    return visible(contracts.mask(" ".join(text.rstrip().splitlines())))
