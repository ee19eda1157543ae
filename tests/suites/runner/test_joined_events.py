"""The events of checks that several workers ran, as one stream."""

from __future__ import annotations

from typing import Any

from privnum.suites.coverage.sightings import KEPT
from privnum.suites.runner.joined_events import join

Event = dict[str, Any]
ORDER = ("probes", "first", "second", "third", "fourth", "last")


def began(at: str = "10:00:00") -> Event:
    return {"event": "run_started", "time": at, "target": {}, "run": {}}


def run_ended(at: str = "10:01:00", *, interrupted: bool = False, reason: str | None = None) -> Event:
    return {"event": "run_finished", "time": at, "interrupted": interrupted, "reason": reason}


def check_events(name: str, *more: Event, tries: int | None = None, reproduced: bool | None = None) -> list[Event]:
    finish = {"event": "check_finished", "check": name, "reproduced": reproduced, "tries": tries}
    return [{"event": "check_started", "check": name}, *({**event, "check": name} for event in more), finish]


def seen_event(*items: str) -> Event:
    return {"event": "seen", "seen": [{"requirement": "AXB-BIND-001", "items": list(items)}]}


def failed_claim(requirement: str) -> Event:
    return {"event": "claim", "requirement": requirement, "outcome": "failed"}


def of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event["event"] == kind]


def test_checks_are_in_their_order_whoever_ran_them() -> None:
    one = [began("10:00:02"), *check_events("last"), *check_events("first"), run_ended("10:00:30")]
    two = [
        began("10:00:01"),
        *check_events("probes"),
        {"event": "probe", "assumption": "a"},
        *check_events("second"),
        run_ended(),
    ]
    joined = join([one, [], two], ORDER)
    names = [event["check"] for event in of(joined, "check_finished")]
    assert names == ["probes", "first", "second", "last"]
    assert [event["event"] for event in joined][:4] == ["run_started", "check_started", "check_finished", "probe"]
    assert (joined[0]["time"], joined[-1]["time"]) == ("10:00:01", "10:01:00")
    assert len(of(joined, "run_started")) == len(of(joined, "run_finished")) == 1


def test_where_nothing_was_begun_there_is_no_stream() -> None:
    assert join([[], []], ORDER) == []


def test_a_run_is_interrupted_if_one_of_its_parts_is() -> None:
    one = [began(), *check_events("first"), run_ended("10:00:30", interrupted=True, reason="the time was over")]
    two = [began(), *check_events("last"), run_ended("10:01:00")]
    end = join([one, two], ORDER)[-1]
    assert (end["interrupted"], end["reason"]) == (True, "the time was over")


def test_an_item_is_named_by_the_first_checks_that_showed_it() -> None:
    """By those that come first in the order, not by those that a worker ran first."""
    late = [began(), *check_events("last", seen_event("x", "y")), *check_events("first", seen_event("x")), run_ended()]
    early = [began(), *(event for name in ORDER[2:5] for event in check_events(name, seen_event("x"))), run_ended()]
    joined = join([late, early], ORDER)
    naming = {event["check"]: event["seen"][0]["items"] for event in of(joined, "seen")}
    assert KEPT == 3
    assert naming == {"first": ["x"], "second": ["x"], "third": ["x"], "last": ["y"]}


def test_a_failure_is_tried_again_for_the_first_check_alone() -> None:
    """One process tries a rule again once: so says the stream, though each worker has tried it."""
    one = [began(), *check_events("last", failed_claim("AXB-BIND-001"), tries=1, reproduced=True), run_ended()]
    two = [began(), *check_events("second", failed_claim("AXB-BIND-001"), tries=2, reproduced=True)]
    two += [*check_events("third", failed_claim("AXB-BIND-002"), tries=3, reproduced=False), run_ended()]
    found = {
        event["check"]: (event["reproduced"], event["tries"]) for event in of(join([one, two], ORDER), "check_finished")
    }
    assert found == {"second": (True, 2), "third": (False, 3), "last": (None, None)}
