"""Bounds of a run that its options name, apart from what a run needs."""

from __future__ import annotations

__all__ = ["PERMISSION", "SLOWEST"]

PERMISSION = "--yes-i-may-test-this"
"""The option by which somebody says that he may test a target that is not on this machine."""
SLOWEST = 0.1
"""The lowest rate, in a second: a request is signed before it waits for its turn, and signatures grow old."""
