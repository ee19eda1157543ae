"""What the processes of one run have found out, each for the others."""

from __future__ import annotations

import os

import pytest

from privnum.suites.probes import PROBES
from privnum.suites.runner.session import Session
from privnum.suites.runner.shared_findings import SharedFindings
from privnum.suites.runner.workers import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="no process can be forked here")


def test_each_process_reads_what_any_has_entered_and_only_once(request: pytest.FixtureRequest) -> None:
    shared = SharedFindings()
    request.addfinalizer(shared.close)
    assert shared.news() == {}
    shared.add("one", 1)
    process = os.fork()
    if process == 0:
        shared.add("two", "of a fork" if shared.news() == {"one": 1} else "late")
        os._exit(0)
    os.waitpid(process, 0)
    assert shared.news() == {"one": 1, "two": "of a fork"}
    assert shared.news() == {}


def test_a_choice_that_another_has_found_out_is_not_probed_again() -> None:
    assumption = "stop_call.release_cause"
    session = Session(world_assumptions={assumption: 8017}, probes=PROBES)
    session.findings.shared = SharedFindings()
    try:
        session.findings.shared.add(assumption, 8016)  # nobody found that here
        assert session.assumptions[assumption] == 8016
        assert assumption not in session.unsettled
    finally:
        session.findings.shared.close()
        session.close()


def test_what_is_found_out_here_is_entered() -> None:
    assumption = "stop_call.release_cause"
    session = Session(world_assumptions={assumption: 8017}, probes=PROBES)
    session.findings.shared = SharedFindings()
    try:
        assert session.assumptions[assumption] == 8017
        assert session.findings.shared.news()[assumption] == 8017
    finally:
        session.findings.shared.close()
        session.close()
