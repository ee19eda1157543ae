"""The table of faults that a stand-in can be told to make."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml, _tuples
from privnum.contracts._model import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["faults"]


@cache
def faults() -> Mapping[str, Fault]:
    """Words of faults, by what they befall: "request.code", "push.dropped"."""
    found = {}
    for befalls, words in _toml("faults.toml").items():
        for word, table in words.items():
            codes = MappingProxyType(table.pop("codes", {}))
            found[f"{befalls}.{word}"] = Fault(befalls=befalls, word=word, codes=codes, **_tuples(table))
    return MappingProxyType(found)
