"""Many requests at once are sent where they are asked for; two clients also on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

import privnum.suites.probes  # noqa: F401  # a session needs them
from privnum.suites.base import profiles
from privnum.suites.checks.concurrency import test_at_once
from privnum.suites.report import model
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.inventory import NOT_ASKED
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED

LAST, TWO = "AX-BIND-032", "COM-STATE-001"


def verdicts(*, asked: bool, elsewhere: bool = False) -> dict[str, tuple[str, str | None]]:
    """The verdict and the reason of the last of five X, and of two clients."""
    profiles.load("quick")
    session = Session(EMBEDDED)
    session.concurrency = asked
    if elsewhere:
        session.target = replace(EMBEDDED, driver_url="https://example.com")
    session.journal.run_started(session.target.describe(), {"profile": "quick", "seed": 0, "rules": [LAST, TWO]})
    last = test_at_once.test_the_last_of_five_x_is_given_once
    two = test_at_once.test_two_clients_are_answered_as_one_after_another
    for check in (two,) if asked else (last, two):
        try:
            check(context=CheckContext(session, check.__name__))
        except pytest.skip.Exception:
            continue
    session.journal.run_finished(interrupted=False)
    session.close()
    found = model.build(session.journal.events)
    return {rule["id"]: (rule["verdict"], rule["reason"]) for rule in found["requirements"]}


def test_without_the_option_they_say_so_and_two_clients_are_tried() -> None:
    found = verdicts(asked=False)
    assert found[LAST] == ("not_exercised", NOT_ASKED)
    assert found[TWO][0] == "passed"


def test_off_this_machine_two_clients_need_the_option_too() -> None:
    assert verdicts(asked=False, elsewhere=True)[TWO] == ("not_exercised", NOT_ASKED)
    assert verdicts(asked=True, elsewhere=True)[TWO][0] == "passed"
