"""The SMS of each mode, and the decorator of shared checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.checks.ax.sms_profile import AxSms
from privnum.suites.checks.axb.sms_profile import AxbSms
from privnum.suites.checks.x.sms_profile import XSms
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from privnum.suites.checks.sms.profile import SmsProfile

__all__ = ["PROFILES", "check"]

PROFILES: Final[Mapping[str, type[SmsProfile]]] = {profile.mode: profile for profile in (AxbSms, AxSms, XSms)}


def check(
    *families: str,
    needs: Iterable[str] | None = None,
    where: Callable[[type[SmsProfile]], object] = bool,
    cases: tuple[str, Callable[[type[SmsProfile]], Iterable[object]]] | None = None,
) -> Callable[[Callable[..., object]], Callable[..., None]]:
    """Make a function of a profile the check of these rules in each mode.

    See check_each_mode.
    """
    return check_each_mode(PROFILES, *families, needs=needs, where=where, cases=cases)
