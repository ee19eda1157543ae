"""Every mutant there is."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.mutation.model import Mutant

__all__ = ["UNBREAKABLE", "mutants"]

_MODULES = ("common.shared", "common.authentication", "axb", "axb.tables", "axe")
"""Each has its mutants in MUTANTS."""

UNBREAKABLE: Mapping[str, str] = {}
"""Documented rules that have no mutant, with the reason why none could be told from a server that keeps the rule."""


@cache
def mutants() -> Mapping[str, Mutant]:
    """All mutants by id, in their order. Raises ValueError where two have one id."""
    found: dict[str, Mutant] = {}
    for name in _MODULES:
        for mutant in import_module(f"privnum.suites.mutation.{name}").MUTANTS:
            if mutant.id in found:
                raise ValueError(f"two mutants are called {mutant.id}")
            found[mutant.id] = mutant
    return found
