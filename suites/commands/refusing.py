"""How a command says in one line that it cannot be carried out."""

from __future__ import annotations

from privnum.ends import report_problem
from privnum.options import BAD_USAGE
from privnum.suites.base.printing import printable

__all__ = ["refuse"]


def refuse(command: str, problem: str) -> int:
    """Print a problem under the name of the command; return the status."""
    report_problem(f"privnum {command}", printable(problem))
    return BAD_USAGE
