"""What must happen: small models of the rules, written from the contract alone and never from a server.

An oracle knows no assumption by itself. It is told the reading of each; where a situation turns on one that is not
settled it raises `Undecided`, and the situation is not generated.
"""

from __future__ import annotations

from privnum.suites.oracle.axb.bindings import AxbOracle
from privnum.suites.oracle.axb.routing import AxbCall
from privnum.suites.oracle.axe.bindings import AxeOracle
from privnum.suites.oracle.axe.routing import AxeCall, AxePlan
from privnum.suites.oracle.axe.types import AxeBinding, AxeExpected, AxeSurroundings
from privnum.suites.oracle.calls import CallPlan
from privnum.suites.oracle.types import (
    Assumptions,
    Binding,
    Claim,
    Expected,
    Fault,
    Surroundings,
    Undecided,
)

__all__ = [
    "Assumptions",
    "AxbCall",
    "AxbOracle",
    "AxeBinding",
    "AxeCall",
    "AxeExpected",
    "AxeOracle",
    "AxePlan",
    "AxeSurroundings",
    "Binding",
    "CallPlan",
    "Claim",
    "Expected",
    "Fault",
    "Surroundings",
    "Undecided",
]
