"""What the strategies of X draw names the numbers that are meant."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from privnum.suites.checks.sms.verdicts import NO_VERDICTS, no_verdict
from privnum.suites.checks.x.strategies import verdicts

A, B = "+8613800000001", "+8613900000002"


@given(verdicts(A, B))
def test_verdicts_name_the_receiver(verdict: Any) -> None:
    """No place for a number is left open: a server that took any number would send nothing to "{to}"."""
    assert "{to}" not in str(verdict)


def test_what_is_no_verdict_names_him_too() -> None:
    named = [what for what in NO_VERDICTS if B in no_verdict(what, B).decode()]
    assert named == ["an unknown operation", "no operation"]
