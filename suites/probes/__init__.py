"""One probe for each open question that a target answers by what it does.

Importing this package registers them all.

A probe returns the choice that it saw, or another text where the target does something that is no known choice.
"""

from __future__ import annotations

from privnum.suites.probes.ax import (
    bindings as ax_bindings,
)
from privnum.suites.probes.ax import (
    calls as ax_calls,
)
from privnum.suites.probes.axb import (
    bindings as axb_bindings,
)
from privnum.suites.probes.axb import (
    queries as axb_queries,
)
from privnum.suites.probes.axe import (
    bindings as axe_bindings,
)
from privnum.suites.probes.axe import (
    calls as axe_calls,
)
from privnum.suites.probes.axe import (
    faults as axe_faults,
)
from privnum.suites.probes.axe import (
    queries as axe_queries,
)
from privnum.suites.probes.axyb import (
    bindings as axyb_bindings,
)
from privnum.suites.probes.axyb import (
    calls as axyb_calls,
)
from privnum.suites.probes.axyb import (
    queries as axyb_queries,
)
from privnum.suites.probes.common import (
    authentication,
    bindings,
    call_timing,
    calls,
    number_status,
    numbers,
    pushes,
    recordings,
    sms,
    stop_call,
)
from privnum.suites.probes.common import (
    transport as edge,
)
from privnum.suites.probes.x import (
    answers as x_answers,
)
from privnum.suites.probes.x import (
    pushes as x_pushes,
)
from privnum.suites.probes.x import (
    sms as x_sms,
)
from privnum.suites.runner.check import PROBES

_FIRST = ("call.setup_seconds", "axe.collection_seconds")
"""Other probes plan their calls by these."""
_in_order = {assumption: PROBES[assumption] for assumption in (*_FIRST, *PROBES)}
PROBES.clear()
PROBES.update(_in_order)

__all__ = [
    "PROBES",
    "authentication",
    "ax_bindings",
    "ax_calls",
    "axb_bindings",
    "axb_queries",
    "axe_bindings",
    "axe_calls",
    "axe_faults",
    "axe_queries",
    "axyb_bindings",
    "axyb_calls",
    "axyb_queries",
    "bindings",
    "call_timing",
    "calls",
    "edge",
    "number_status",
    "numbers",
    "pushes",
    "recordings",
    "sms",
    "stop_call",
    "x_answers",
    "x_pushes",
    "x_sms",
]
