"""Every seeded bug of X: those that it alone can have."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.suites.mutation.x import answers, asking, pushes, sms
from privnum.suites.mutation.x.server import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["SERVER", "bugs"]


def bugs() -> Iterator[Bug]:
    """All of them."""
    return chain(asking.BUGS, answers.BUGS, pushes.BUGS, sms.BUGS)
