"""Numbers of each kind, as the sources print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.axe.scenarios import bind_users, shows
from privnum.suites.printed.numbers import FIXED_LINES, MOBILES
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-BIND-001")
@pytest.mark.parametrize("number", MOBILES)
def test_mobiles_of_every_beginning(context: CheckContext, number: str) -> None:
    """Mobiles that begin with 13, 15, 17, 18 and 19 can be A."""
    _is_bound(context, "AXE-BIND-001", number)


@check("AXE-BIND-028")
@pytest.mark.parametrize("number", FIXED_LINES)
def test_fixed_lines_of_every_form(context: CheckContext, number: str) -> None:
    """Fixed lines with all lengths of area codes can be A.

    Of two and three digits, with 7 and 8 digits behind them.
    """
    _is_bound(context, "AXE-BIND-028", number)


def _is_bound(context: CheckContext, requirement: str, number: str) -> None:
    if context.target.only_named_numbers:
        raise NotExercised("only the numbers of target.toml may be named")
    binding = bind_users(context, number, by=requirement)
    shows(context, requirement, binding, bindNum=number)
