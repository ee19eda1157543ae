"""Every seeded bug of AXE."""

from __future__ import annotations

from privnum.suites.mutants import (
    axe_alike,
    axe_bind,
    axe_callbacks,
    axe_calls,
    axe_combined,
    axe_ends,
    axe_pushes,
    axe_settings,
    axe_tables,
)

__all__ = ["MUTANTS"]

MUTANTS = (
    *axe_bind.MUTANTS,
    *axe_ends.MUTANTS,
    *axe_settings.MUTANTS,
    *axe_calls.MUTANTS,
    *axe_callbacks.MUTANTS,
    *axe_pushes.MUTANTS,
    *axe_combined.MUTANTS,
    *axe_alike.MUTANTS,
    *axe_tables.MUTANTS,
)
