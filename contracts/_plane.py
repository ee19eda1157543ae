"""Messages of privnum's control plane: the driver's, and its own."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _toml, control_operations, control_rules
from privnum.contracts._model import ControlOperation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["plane_operations", "plane_rules"]


@cache
def plane_operations() -> Mapping[str, ControlOperation]:
    """Every message of the control plane by its id, e.g. "snapshots.list".

    Those of the driver protocol are among them.
    """
    optional = {"query": None, "body": None, "response": None, "capability": None}
    tables = _toml("control.toml")["operations"]
    own = {id_: ControlOperation(id=id_, **{**optional, **table}) for id_, table in tables.items()}
    return MappingProxyType({**control_operations(), **own})


@cache
def plane_rules() -> Mapping[str, str]:
    """Rules of these messages beyond their schemas, by id."""
    return MappingProxyType({**control_rules(), **_toml("control.toml")["rules"]})
