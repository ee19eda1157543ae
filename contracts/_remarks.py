"""The table of questionable forms."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml
from privnum.contracts._model import Remark

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["remarks"]


@cache
def remarks() -> Mapping[str, Remark]:
    """Forms of a request that the real platform may not take, by id."""
    return MappingProxyType({id_: Remark(id=id_, **table) for id_, table in _toml("remarks.toml").items()})
