"""The tables of numbers: their kinds, and the area codes."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["area_codes", "number_kinds"]


@cache
def number_kinds() -> Mapping[str, str]:
    """Mobile, fixed_line and service to the pattern of a whole number."""
    return MappingProxyType({kind: t["pattern"] for kind, t in _toml("numbers.toml").items()})


@cache
def area_codes() -> Mapping[str, str]:
    """Area code with its 0 ("0755") to the province ("Guangdong")."""
    provinces = _toml("area_codes.toml")["provinces"]
    return MappingProxyType({code: province for province, codes in provinces.items() for code in codes})
