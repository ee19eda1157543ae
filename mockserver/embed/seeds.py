"""Seeds of worlds: of a run, and of a test in it."""

from __future__ import annotations

import hashlib
import os
from typing import Final

__all__ = ["draw", "of_test"]

#: Six bytes: every such number is one that the control plane takes.
_BYTES: Final = 6


def draw() -> int:
    """Return a seed that nobody has had.

    It is the system's: tests seed Python's generators alike.
    """
    return int.from_bytes(os.urandom(_BYTES))


def of_test(seed: int, test: str) -> tuple[str, int]:
    """Return name and seed of the world of a test.

    They are the same whichever tests run before it, or in another process.
    """
    digest = hashlib.blake2b(f"{seed} {test}".encode(errors="replace"), digest_size=_BYTES).digest()
    return f"t{digest.hex()}", int.from_bytes(digest)
