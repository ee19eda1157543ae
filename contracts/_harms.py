"""The table of what the breach of a rule can do to people."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml
from privnum.contracts._model import Harm

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["harms"]


@cache
def harms() -> Mapping[str, Harm]:
    """Kinds of harm by id, the worst first."""
    return MappingProxyType({id_: Harm(id=id_, **table) for id_, table in _toml("harms.toml").items()})
