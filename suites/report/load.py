"""A run as its events file has it, also where the file was cut off."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson

from privnum import contracts
from privnum.suites.base.answer import DEEPEST, is_deep
from privnum.suites.report import model
from privnum.suites.report.coverage import Coverage, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["EventsError", "Run", "file_of", "read_events", "read_run", "run_of"]

Event = dict[str, Any]


class EventsError(Exception):
    """The file holds no events of a run. The text is one line.

    The file, the line in it, and what is wrong.
    """


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that reports are made from.

    `ended` is "finished", "interrupted" (someone stopped it) or "cut off" (the file has no end); `torn`: its last line
    is broken. `seconds` is how long each check took, `cited` the requirements that it cites, `claimed` what it claimed
    of each requirement. `coverage` is None where the events say of nothing that was seen.
    """

    report: dict[str, Any]
    ended: Literal["finished", "interrupted", "cut off"]
    torn: bool
    seconds: Mapping[str, float]
    cited: Mapping[str, tuple[str, ...]]
    claimed: Mapping[tuple[str, str], str]
    coverage: Coverage | None = None


def read_run(path: Path) -> Run:
    """The run of an events file.

    Raises EventsError where it is none; a last line that was cut off is left out.
    """
    return _run(*_read(path))


def read_events(path: Path) -> list[Event]:
    """The events of a file, without a last line that was cut off.

    Raises EventsError where it holds no run.
    """
    return _read(path)[0]


def run_of(events: list[Event]) -> Run:
    """The run of events that stand in no file of their own."""
    return _run(events, torn=False)


def file_of(path: Path) -> Path:
    """Return the file of events that is meant: of a folder of reports its own."""
    return path / "events.jsonl" if path.is_dir() else path


def _read(path: Path) -> tuple[list[Event], bool]:
    """Return the events, and whether the last line is broken."""
    path = file_of(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EventsError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return _events(content)
    except EventsError as error:
        raise EventsError(f"{path}: {error}") from None


def _events(content: bytes) -> tuple[list[Event], bool]:
    """The events, and whether the last line is broken."""
    lines = content.removeprefix(BOM_UTF8).split(b"\n")
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise EventsError("is empty; privnum check writes such a file")
    events: list[Event] = []
    started: set[str] = set()
    last = numbered[-1][0]
    for number, line in numbered:
        try:
            event = orjson.loads(line)
        except orjson.JSONDecodeError:
            if number == last and events:
                return events, True
            raise EventsError(f"line {number} is no JSON; an events.jsonl has one JSON object a line") from None
        if is_deep(line, event):
            raise EventsError(f"line {number} is nested deeper than {DEEPEST} levels, which no event of a run is")
        _check(number, event, started, first=not events)
        events.append(event)
    return events, False


def _check(number: int, event: Any, started: set[str], *, first: bool) -> None:
    """Raise EventsError unless the event fits its schema and its place."""
    validator = contracts.validator("report/event")
    if not validator.is_valid(event):
        problem = validator.first_problem(event)
        raise EventsError(f"line {number} is no event of a run{f': {problem.message}' if problem else ''}")
    kind = event["event"]
    if first != (kind == "run_started"):
        raise EventsError(f"line {number} is {kind}; run_started must be the first line and no other")
    if "time" in event:
        _check_time(number, event["time"])
    if kind == "check_started":
        started.add(event["check"])
    elif "check" in event and event["check"] not in started:
        raise EventsError(f"line {number} is about the check {event['check']!r:.100}, which was not started")


def _check_time(number: int, time: str) -> None:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise EventsError(f"line {number} has the time {time!r:.60}; it must be like 2026-03-01T12:00:00Z")


def _run(events: list[Event], torn: bool) -> Run:
    report = model.build(events)
    finished = {event["check"]: event for event in _of(events, "check_finished")}
    return Run(
        report=report,
        ended=report["run"]["ended"],
        torn=torn,
        seconds={check: event.get("seconds") or 0.0 for check, event in finished.items()},
        cited={event["check"]: tuple(event["requirements"]) for event in _of(events, "check_started")},
        claimed={(event["check"], event["requirement"]): event["message"] for event in _of(events, "claim")},
        coverage=count(events) if _of(events, "seen") else None,
    )


def _of(events: Iterable[Event], kind: str) -> list[Event]:
    return [event for event in events if event["event"] == kind]
