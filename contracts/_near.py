"""The word that was probably meant by a wrong one."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["nearest", "nearest_choice"]

#: The words that a setting takes, as a problem lists them.
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
#: Signs of a word that are compared: it may be a stranger's, and of any length.
_COMPARED: Final = 64


def nearest(word: str, words: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the word that is nearest to a wrong one, None where none is near.

    In capitals or not. The word itself is never returned: where it is right, something else is wrong.
    """
    known = {each.lower(): each for each in words if each != word}
    near = difflib.get_close_matches(word[:_COMPARED].lower(), known, n=1, cutoff=likeness)
    return known[near[0]] if near else None


def nearest_choice(expected: str, got: str | None) -> str | None:
    """Return the nearest of the words that a problem expects."""
    return None if got is None else nearest(got.strip('"'), _QUOTED.findall(expected))
