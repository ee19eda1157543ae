"""The profile of each mode, and the decorator of shared checks.

They are run for each mode whose profile has the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.checks.ax.call_profile import AxCalls
from privnum.suites.checks.axb.call_profile import AxbCalls
from privnum.suites.checks.axe.call_profile import AxeCalls
from privnum.suites.checks.axyb.call_profile import AxybCalls
from privnum.suites.checks.x.call_profile import XCalls
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from privnum.suites.checks.calls.profile import CallProfile

__all__ = ["NEEDS", "PROFILES", "check"]

NEEDS = ("calls", "receiver", "clock")
"""What most checks of pushes need."""
PROFILES: Final[Mapping[str, type[CallProfile]]] = {
    profile.mode: profile for profile in (AxbCalls, AxeCalls, AxCalls, AxybCalls, XCalls)
}


def check(
    *families: str,
    needs: Iterable[str] | None = None,
    where: Callable[[type[CallProfile]], object] = bool,
    cases: tuple[str, Callable[[type[CallProfile]], Iterable[object]]] | None = None,
    along: Iterable[str] = (),
) -> Callable[[Callable[..., object]], Callable[..., None]]:
    """Make a function of a profile the check of these rules in each mode.

    See check_each_mode.

    `along` are keys of CallProfile.along: the rules that a mode has under them are checked too.
    """
    keys, main = tuple(along), families[0]

    def also(profile: type[CallProfile], family: str) -> list[str]:
        return [rule for key in keys if family == main for rule in profile.along.get(key, ())]

    return check_each_mode(PROFILES, *families, needs=needs, where=where, cases=cases, along=also)
