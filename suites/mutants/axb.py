"""Every seeded bug of AXB."""

from __future__ import annotations

from privnum.suites.mutants import (
    axb_after,
    axb_bind,
    axb_calls,
    axb_changes,
    axb_combined,
    axb_lifetimes,
    axb_pushes,
    axb_queries,
)

__all__ = ["MUTANTS"]

MUTANTS = (
    *axb_bind.MUTANTS,
    *axb_lifetimes.MUTANTS,
    *axb_changes.MUTANTS,
    *axb_queries.MUTANTS,
    *axb_calls.MUTANTS,
    *axb_pushes.MUTANTS,
    *axb_combined.MUTANTS,
    *axb_after.MUTANTS,
)
