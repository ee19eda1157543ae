"""Every seeded bug of AXE."""

from __future__ import annotations

from privnum.suites.mutation.axe import (
    alike as axe_alike,
)
from privnum.suites.mutation.axe import (
    bind as axe_bind,
)
from privnum.suites.mutation.axe import (
    callbacks as axe_callbacks,
)
from privnum.suites.mutation.axe import (
    calls as axe_calls,
)
from privnum.suites.mutation.axe import (
    combined as axe_combined,
)
from privnum.suites.mutation.axe import (
    ends as axe_ends,
)
from privnum.suites.mutation.axe import (
    pushes as axe_pushes,
)
from privnum.suites.mutation.axe import (
    settings as axe_settings,
)
from privnum.suites.mutation.axe import (
    tables as axe_tables,
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
