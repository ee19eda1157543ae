"""The target's choice at every open question; these run first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.probes import PROBES
from privnum.suites.runner.check import check_probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check_probe
@pytest.mark.parametrize("assumption", list(PROBES))
def test_choice(context: CheckContext, assumption: str) -> None:
    """The target has our choice; another one is reported and fails nobody."""
    from privnum.suites.runner.execute import run_probe

    run_probe(PROBES[assumption], context)
