"""What a check and a probe are, and the register of probes.

`runner.check` has the decorators that make them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.runner.context import CheckContext

__all__ = ["MARK", "PROBES", "CannotSettle", "Check", "Probe", "check_of"]

MARK = "__privnum_check__"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check cites and needs.

    `requirements` ids it checks; `needs` words of equipment without which it cannot run; `disruptive` whether it may
    lock out, exhaust or flood: it runs last, and off loopback only where asked for; `waits` whether time has to pass in
    it, for which real time will do (scheduler.py); `timed` whether it is a generator that yields the seconds.

    One that is run for each mode cites the rules of all of them; `by_mode` has what it is in each.
    """

    requirements: tuple[str, ...]
    needs: tuple[str, ...]
    disruptive: bool
    waits: bool = False
    timed: bool = False
    by_mode: Mapping[str, Check] = field(default_factory=dict)

    def of(self, mode: object) -> Check:
        """What the check is in that mode.

        Of one that is not run for each mode, itself.
        """
        return self.by_mode.get(str(mode), self)

    @property
    def modes(self) -> frozenset[str]:
        """Modes of the requirements, "common" among them."""
        rules = contracts.requirements()
        return frozenset(rules[id_].mode for id_ in self.requirements)


def check_of(function: object) -> Check | None:
    """What `@check` said of a test function; None if it is none of ours."""
    found = getattr(function, MARK, None)
    return found if isinstance(found, Check) else None


class CannotSettle(Exception):
    """A probe saw nothing by which the choices could be distinguished.

    The text says what it saw.
    """


@dataclass(frozen=True, slots=True)
class Probe:
    """Finds out the target's choice at an assumption."""

    assumption: str
    needs: tuple[str, ...]
    find: Callable[[CheckContext], contracts.Value]


PROBES: dict[str, Probe] = {}
"""Every probe by its assumption, in the order of definition; filled when `privnum.suites.probes` is imported.

Anybody who makes a session imports that first; the package is above this one."""
