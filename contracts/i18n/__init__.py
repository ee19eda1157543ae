"""The contract's texts in other languages, beside the English ones.

A folder such as `zh/` mirrors the tables: a table of the same name has the texts of each entry, and in `of` a digest of
the English words that they were made of. Where the English has changed since, the text is stale, and the English
is shown in its place. `python -m privnum.contracts.i18n` lists what is missing, stale or left over.

A mode of a family whose English words are those of an earlier one has `as = "AX"` in place of texts.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from privnum.contracts._load import _toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "LANGUAGES",
    "TEXTS",
    "Gap",
    "Place",
    "digest",
    "english_texts",
    "gaps",
    "own_texts",
    "sentences",
    "terms",
    "worded_table",
]

LANGUAGES: Final = ("en", "zh")

_FAMILY: Final = ("title", "text", "also")
TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"requirements/{name}.toml": ("title", "text") for name in ("common", "ax", "axb", "axe", "axyb", "x")},
    **{f"requirements/{name}.toml": _FAMILY for name in ("bindings", "calls", "sms")},
    "requirements/receiver.toml": ("title", "text"),
    "assumptions.toml": ("text", "why"),
    "variations.toml": ("text", "why"),
    "untested.toml": ("title", "text", "why"),
    "reserved.toml": ("why",),
    "result_codes.toml": ("text", "meaning"),
    "release_causes.toml": ("meaning", "point"),
    "q850.toml": (),
    "harms.toml": ("title", "text"),
    "remarks.toml": ("title", "advice"),
    "faults.toml": ("text",),
    "operations.toml": ("title",),
    "callbacks.toml": ("title",),
    "driver.toml": ("title",),
    "control.toml": ("title",),
}
"""The columns of each table that people read."""

_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "q850.toml": ("causes",),
    "driver.toml": ("capabilities", "rules"),
    "control.toml": ("rules",),
}
"""Tables in them that are sentences by id; such a sentence is the `text` of its entry."""

_ROOT: Final = Path(__file__).parent

_Kind = Literal["missing", "stale", "left over", "incomplete"]

Place = tuple[str, ...]
"""Where an entry stands in its file: ("CDR-006", "modes", "AXB")."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An entry that is not the same in both languages.

    `now` is the digest of its English words; None where it has none.
    """

    file: str
    place: Place
    kind: _Kind
    now: str | None = None

    @property
    def name(self) -> str:
        """The entry as people call it: "CDR-006 modes AXB"."""
        return " ".join(self.place)


def digest(texts: Mapping[str, str]) -> str:
    """Eight hex digits that change with any of the texts."""
    joined = "\n".join(f"{field}={texts[field]}" for field in sorted(texts))
    return hashlib.sha256(joined.encode()).hexdigest()[:8]


def english_texts(file: str) -> dict[Place, dict[str, str]]:
    """The English words of each entry of a table, by its place."""
    return dict(_entries(file, _toml(file), ()))


def _entries(file: str, table: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, dict[str, str]]]:
    if len(place) == 1 and place[0] in _SENTENCES.get(file, ()):
        yield from ((((*place, key), {"text": text}) for key, text in table.items()))
        return
    texts = {field: table[field] for field in TEXTS[file] if isinstance(table.get(field), str)}
    if texts and place:
        yield place, texts
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _entries(file, value, (*place, key))


@cache
def own_texts(language: str, file: str) -> Mapping[Place, Mapping[str, str]]:
    """What the language's file has for each entry, with `of`.

    Of an entry with `as` it is that of the entry named.
    """
    content = tomllib.loads((_ROOT / language / file).read_text(encoding="utf-8"))
    found = dict(_written_entries(content, ()))
    for place, texts in found.items():
        if "as" in texts:
            found[place] = found.get((*place[:-1], texts["as"]), {})
    return found


def _written_entries(table: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, dict[str, str]]]:
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    if texts:
        yield place, texts
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _written_entries(value, (*place, key))


def _gap_kind(
    english: Mapping[str, str], own: Mapping[str, str] | None
) -> Literal["missing", "stale", "incomplete"] | None:
    if own is None:
        return "missing"
    if own.get("of") != digest(english):
        return "stale"
    return None if own.keys() - {"of"} == english.keys() else "incomplete"


def gaps(language: str) -> Iterator[Gap]:
    """Every entry that is not the same in English and in the language."""
    for file in TEXTS:
        english, own = english_texts(file), own_texts(language, file)
        for place, texts in english.items():
            kind = _gap_kind(texts, own.get(place))
            if kind is not None:
                yield Gap(file, place, kind, digest(texts))
        yield from (Gap(file, place, "left over") for place in own if place not in english)


def worded_table(language: str, file: str) -> dict[str, Any]:
    """A table of the contract with the language's words in it.

    Where they are missing or stale, the English ones stand.
    """
    table = _toml(file)
    if language == "en":
        return table
    own = own_texts(language, file)
    for place, english in english_texts(file).items():
        texts = own.get(place)
        if texts is None or _gap_kind(english, texts) is not None:
            continue
        *way, last = place
        row = table
        for key in way:
            row = row[key]
        if len(way) == 1 and way[0] in _SENTENCES.get(file, ()):
            row[last] = texts["text"]
        else:
            row[last].update((field, texts[field]) for field in english)
    return table


@cache
def sentences(language: str) -> Mapping[str, str]:
    """The sentences and stops of which code puts texts together.

    `open_title` and `open_text` of an open point, what stands `between` choices, and the `stop` of a sentence.
    """
    content = tomllib.loads((_ROOT / language / "terms.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = content["sentences"]
    return found


@cache
def terms(language: str) -> Mapping[str, tuple[str, ...]]:
    """What the words of the field are called in the language.

    The English term to the words that may stand for it, the usual one first.
    """
    content = tomllib.loads((_ROOT / language / "terms.toml").read_text(encoding="utf-8"))
    return {term: tuple(words) for term, words in content["terms"].items()}
