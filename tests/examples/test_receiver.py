"""The example receiver is right by every rule; with a fault that rule is broken, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from examples.receiver.faults import FAULTS
from examples.receiver.receiver import Receiver
from examples.receiver.server import serving

from privnum import contracts
from privnum.suites.base.claims import fails_a_target
from privnum.suites.commands.check_receiver.run import run
from privnum.suites.commands.check_receiver.settings import Settings
from privnum.suites.report import model
from privnum.suites.runner.events import Journal
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY, SECRET = "receiver-key-1", "receiver-secret-1"
MODES = ("AXB", "AXE", "AX", "AXYB", "X")


class Clock:
    """Real time that passes only where a receiver takes it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


def settings_for(url: str, modes: Sequence[str] = MODES, **more: Any) -> Settings:
    """The addresses of the example."""
    return Settings(
        urls={
            "call_event": f"{url}/status",
            "cdr": f"{url}/fee",
            "sms_notify": f"{url}/notify",
            "sms_block": f"{url}/block",
        },
        key=KEY,
        secret=SECRET,
        modes=tuple(modes),
        seed=1,
        within=5.0,
        asked_within=5.0,
        longest=30.0,
        **more,
    )


def report_on(kind: type[Receiver], modes: Sequence[str] = MODES) -> dict[str, Any]:
    """What check-receiver says of such a receiver."""
    clock = Clock()
    journal = Journal()
    with serving(kind(KEY, SECRET, pause=clock.pause)) as url:
        run(settings_for(url, modes), journal, Deadline(300), clock)
    validator = contracts.validator("report/event")
    assert all(validator.is_valid(event) for event in journal.events)
    assert not [event for event in journal.events if SECRET in str(event)]
    return model.build(journal.events)


def rules_not_passed(report: dict[str, Any]) -> dict[str, str]:
    """The rules that did not pass, with the verdict."""
    return {rule["id"]: rule["verdict"] for rule in report["requirements"] if rule["verdict"] != "passed"}


def test_the_good_receiver_passes_every_rule() -> None:
    report = report_on(Receiver)
    assert rules_not_passed(report) == {}
    assert {rule["id"] for rule in report["requirements"]} == set(contracts.receiver_requirements())
    assert model.exit_code(report) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_its_rule_and_no_other(fault: str) -> None:
    kind, rule = FAULTS[fault]
    report = report_on(kind, ("AX", "X"))
    found = {id_: verdict for id_, verdict in rules_not_passed(report).items() if verdict != "not_exercised"}
    documented = fails_a_target(rule)
    assert found == {rule: "failed" if documented else "differs"}
    assert model.exit_code(report) == (1 if documented else 0)


def test_each_rule_has_a_fault() -> None:
    assert {rule for _, rule in FAULTS.values()} == set(contracts.receiver_requirements())
