"""What must happen.

Small models of the rules, written from the contract alone and never from a server.

An oracle knows no assumption by itself. It gets the choice at each; where a situation turns on one that is not
settled it raises `Undecided`, and the situation is not generated.
"""

from __future__ import annotations

from privnum.suites.oracle.ax.bindings import AxOracle
from privnum.suites.oracle.ax.routing import AxCall
from privnum.suites.oracle.ax.types import AxBinding, AxExpected, AxSurroundings
from privnum.suites.oracle.axb.bindings import AxbOracle
from privnum.suites.oracle.axb.routing import AxbCall
from privnum.suites.oracle.axb.types import AxbBinding, AxbExpected, AxbSurroundings
from privnum.suites.oracle.axe.bindings import AxeOracle
from privnum.suites.oracle.axe.routing import AxeCall, AxePlan
from privnum.suites.oracle.axe.types import AxeBinding, AxeExpected, AxeSurroundings
from privnum.suites.oracle.axyb.bindings import AxybOracle
from privnum.suites.oracle.axyb.routing import AxybCall
from privnum.suites.oracle.axyb.types import AxybBinding, AxybExpected, AxybSurroundings
from privnum.suites.oracle.calls import CallPlan
from privnum.suites.oracle.types import (
    Assumptions,
    Claim,
    Fault,
    Undecided,
)
from privnum.suites.oracle.x.calls import XCall, XOracle, XPlan, XSurroundings

__all__ = [
    "Assumptions",
    "AxBinding",
    "AxCall",
    "AxExpected",
    "AxOracle",
    "AxSurroundings",
    "AxbBinding",
    "AxbCall",
    "AxbExpected",
    "AxbOracle",
    "AxbSurroundings",
    "AxeBinding",
    "AxeCall",
    "AxeExpected",
    "AxeOracle",
    "AxePlan",
    "AxeSurroundings",
    "AxybBinding",
    "AxybCall",
    "AxybExpected",
    "AxybOracle",
    "AxybSurroundings",
    "CallPlan",
    "Claim",
    "Fault",
    "Undecided",
    "XCall",
    "XOracle",
    "XPlan",
    "XSurroundings",
]
