"""A part of the checks, for a run that several machines share."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MOST_SHARDS", "Shard", "shard_option"]

MOST_SHARDS: Final = 1000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `of` parts, from 1; together they have all checks."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Return the shard that an option names, as in 2/3.

        Raises ValueError, with what would be right.
        """
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of <= MOST_SHARDS:
            raise ValueError(f"{text!r} is no shard; write I/N as in 2/3, I from 1 to N, N at most {MOST_SHARDS}")
        return cls(number, of)

    def slice_of(self, every: Sequence[_T]) -> Sequence[_T]:
        """Return what is this shard's, in order; each gets of what stands first."""
        return every[self.number - 1 :: self.of]

    def part_of(self, by_weight: Sequence[_T]) -> set[_T]:
        """Return the same as a set."""
        return set(self.slice_of(by_weight))

    def describe(self, checks: Sequence[str]) -> dict[str, Any]:
        """Return what the events say of it, with the names of all checks."""
        return {"number": self.number, "of": self.of, "checks": list(checks)}


def shard_option(text: str) -> Shard:
    """Read the value of an option of argparse.

    Raises ArgumentTypeError, with what would be right.
    """
    try:
        return Shard.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
