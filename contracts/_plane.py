"""Messages of privnum's control plane: the driver's, and its own."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from privnum.contracts._load import _messages_of, _toml, control_operations, control_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.contracts._model import ControlOperation

__all__ = ["plane_operations", "plane_rules"]


@cache
def plane_operations() -> Mapping[str, ControlOperation]:
    """Every message of the control plane by its id, e.g. "snapshots.list".

    Those of the driver protocol are among them.
    """
    return MappingProxyType({**control_operations(), **_messages_of("control.toml")})


@cache
def plane_rules() -> Mapping[str, str]:
    """Rules of these messages beyond their schemas, by id."""
    return MappingProxyType({**control_rules(), **_toml("control.toml")["rules"]})
