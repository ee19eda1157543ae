"""Values that options of the commands take."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

from privnum.suites.safety.permission import SLOWEST

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["count", "folder", "jobs", "rate", "seconds", "seed", "wait", "whole_seconds"]

MOST_JOBS = 16
"""Processes beyond which a run is no faster: its longest check takes a quarter of the time that one process needs."""


def seed(digits: int) -> Callable[[str], int]:
    """Return what reads a seed of that many digits at most."""

    def value(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= digits):
            wanted = f"a whole number from 0, of at most {digits} digits"
            raise argparse.ArgumentTypeError(f"{text!r} is no seed; write {wanted}")
        return int(text)

    return value


def count(text: str) -> int:
    """Return a whole number from 0."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write a whole number from 0")
    return int(text)


def folder(text: str) -> str:
    """Return the name of a folder, which may not be there yet."""
    if not text or os.path.isfile(text):  # noqa: PTH113 - as it was written
        raise argparse.ArgumentTypeError(f"{text!r} is {'a file' if text else 'no name'}; name a folder")
    return text


def wait(text: str) -> float:
    """Return seconds from 0."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no time to wait; write seconds, from 0")
    return float(text)


def whole_seconds(text: str) -> int:
    """Return whole seconds from 0."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write whole seconds from 0")
    return int(text)


def seconds(digits: int) -> Callable[[str], float]:
    """Return what reads seconds above 0, of that many digits at most."""

    def value(text: str) -> float:
        if not re.fullmatch(rf"[0-9]{{1,{digits}}}(\.[0-9]{{1,3}})?", text) or float(text) <= 0:
            raise argparse.ArgumentTypeError(f"{text!r} is no time; write seconds, above 0")
        return float(text)

    return value


def rate(text: str) -> float:
    """Return how many in a second."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or float(text) < SLOWEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate; write how many in a second, {SLOWEST} or more")
    return float(text)


def jobs(text: str) -> int:
    """Return how many processes; auto is one for each core."""
    if text == "auto":
        return min(_cores(), MOST_JOBS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_JOBS):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; write auto, or 1 to {MOST_JOBS}")
    return int(text)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
