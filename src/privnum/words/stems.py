"""Words of a question and of a text, and whether they fit each other.

They do by their beginnings, without their endings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["SHORTEST", "fits", "is_spoken_of", "known_beginning", "parts_of", "stem_of"]

SHORTEST: Final = 4
"""Letters of a word that fits others by its beginning; a shorter one fits itself."""
_WORD: Final = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*|[\u4e00-\u9fff]+")
_ENDINGS: Final = ("ing", "ed", "es", "s", "e")
#: Letters that are left out behind a word of a question that no rule has, one after the other: wrongly is wrong.
_LEFT_OUT: Final = 4
#: One of so many pairs of signs of a Chinese word must be known: a single one may be there by chance.
_PAIRS: Final = 3


def parts_of(text: str) -> Iterator[str]:
    """The words of a text, parts of those with hyphens, pairs of signs."""
    for word in _WORD.findall(text.lower()):
        if not word.isascii():
            yield from (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
            continue
        yield word.replace("-", "")
        if "-" in word:
            yield from word.split("-")


def stem_of(word: str) -> str:
    """A word without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word


def known_beginning(stem: str, known: Collection[str]) -> str:
    """The longest beginning of a word that fits one of the known words.

    The word itself where only a much shorter one does.
    """
    least = max(len(stem) - _LEFT_OUT, SHORTEST)
    begun = (stem[:length] for length in range(len(stem), least - 1, -1))
    return next((part for part in begun if any(fits(part, word) for word in known)), stem)


def fits(stem: str, word: str) -> bool:
    """Whether a word begins with a stem; of a short stem whether it is that."""
    return word.startswith(stem) if len(stem) >= SHORTEST else word == stem


def is_spoken_of(word: str, known: Collection[str]) -> bool:
    """Whether enough of a Chinese word is known; of an English one: yes."""
    pairs = [] if word.isascii() else list(parts_of(word))
    return _PAIRS * sum(pair in known for pair in pairs) >= len(pairs)
