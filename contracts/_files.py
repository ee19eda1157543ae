"""The files of this folder. All are read when the first is needed.

Later the folder may be out of reach or updated.

A test with pyfakefs hides it, an upgrade replaces it under a server that runs. They are few and small (about 1 ms).
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT = Path(__file__).parent
_SUFFIXES = (".toml", ".json")
_APART = ("__pycache__", "i18n")
"""Folders that are no part of the contract; who prints in another language reads its texts (i18n) then."""


@cache
def contents() -> Mapping[str, bytes]:
    """The text of each file, by its path in this folder, e.g.

    "schemas/axb/bind.body.schema.json".
    """
    return MappingProxyType(dict(sorted(_read(str(_ROOT), ""))))


@cache
def digest() -> str:
    """Return a digest of all files.

    It is equal where the contract is the same, word by word.
    """
    found = blake2b(digest_size=16)
    for name, text in contents().items():
        found.update(b"%b %d " % (name.encode(), len(text)) + text)
    return found.hexdigest()


def _read(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIXES):
                yield prefix + entry.name, Path(entry.path).read_bytes()
            elif entry.is_dir() and entry.name not in _APART:
                yield from _read(entry.path, f"{prefix}{entry.name}/")
