"""Seeded bugs of SMS, each once for every mode that has the case."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.sms import notices, results, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["bugs"]


def bugs() -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return chain(notices.BUGS, results.BUGS, verdicts.BUGS)
