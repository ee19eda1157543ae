"""Every mutant there is."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.mutants.model import Mutant

__all__ = ["mutants"]


@cache
def mutants() -> Mapping[str, Mutant]:
    """All mutants by id, in their order."""
    from privnum.suites.mutants import axb, axe

    return {mutant.id: mutant for mutant in (*axb.MUTANTS, *axe.MUTANTS)}
