"""The rules of receivers: what a customer's server owes the platform.

They are apart from those of platforms, so that neither stands as "not exercised" in a report about the other.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml, _tuples, requirements
from privnum.contracts._model import Requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["every_rule", "receiver_requirements"]

RECEIVER = "receiver"


@cache
def receiver_requirements() -> Mapping[str, Requirement]:
    """Every rule of a receiver by its id, e.g. "RECEIVER-ANSWER-001"."""
    tables = _toml("requirements/receiver.toml")
    return MappingProxyType(
        {id_: Requirement(id=id_, mode=RECEIVER, **_tuples(table)) for id_, table in tables.items()}
    )


@cache
def every_rule() -> Mapping[str, Requirement]:
    """Every rule by its id, of platforms and of receivers."""
    return MappingProxyType({**requirements(), **receiver_requirements()})
