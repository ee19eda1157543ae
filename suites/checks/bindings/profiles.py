"""The modes whose bindings are checked, each by its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.suites.checks.ax.bindings import AxBindings
from privnum.suites.checks.axb.bindings import AxbBindings
from privnum.suites.checks.axe.bindings import AxeBindings
from privnum.suites.checks.axyb.bindings import AxybBindings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.checks.bindings.profile import BindingProfile

__all__ = ["BINDINGS"]

BINDINGS: Final[Mapping[str, type[BindingProfile]]] = {
    profile.mode: profile for profile in (AxbBindings, AxeBindings, AxBindings, AxybBindings)
}
