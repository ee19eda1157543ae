"""Seeded bugs of what all modes share; they are checked by AXB."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from privnum.mockserver.modes import common
from privnum.suites.mutation.common import (
    answers,
    authentication,
    number_status,
    pushes,
    recordings,
    stop_call,
)
from privnum.suites.mutation.model import ServerPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import Bug

__all__ = ["SERVER", "bugs"]

SERVER = ServerPart(name="common", checks="AXB", handlers=common.HANDLERS)


def bugs() -> Iterator[Bug]:
    """All of them."""
    return chain(answers.BUGS, pushes.BUGS, number_status.BUGS, stop_call.BUGS, recordings.BUGS, authentication.BUGS)
