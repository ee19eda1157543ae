"""Every seeded bug of AXB."""

from __future__ import annotations

from privnum.suites.mutation.axb import (
    after as axb_after,
)
from privnum.suites.mutation.axb import (
    bind as axb_bind,
)
from privnum.suites.mutation.axb import (
    calls as axb_calls,
)
from privnum.suites.mutation.axb import (
    changes as axb_changes,
)
from privnum.suites.mutation.axb import (
    combined as axb_combined,
)
from privnum.suites.mutation.axb import (
    lifetimes as axb_lifetimes,
)
from privnum.suites.mutation.axb import (
    pushes as axb_pushes,
)
from privnum.suites.mutation.axb import (
    queries as axb_queries,
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
