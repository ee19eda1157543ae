"""Which reading of every open question the target takes; these run first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.probes import PROBES
from privnum.suites.runner.check import check_probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check_probe
@pytest.mark.parametrize("assumption", list(PROBES))
def test_reading(context: CheckContext, assumption: str) -> None:
    """The target takes our reading; another one is told and fails nobody."""
    from privnum.suites.runner.execute import run_probe

    run_probe(PROBES[assumption], context)
