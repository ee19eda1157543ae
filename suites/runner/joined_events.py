"""The event stream of a run whose checks went to several workers.

Each worker hands over the events of its own. Joined they are the stream that one process would have written: the checks
in their order, no matter which worker ran them, with one beginning and one end.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.coverage.sightings import Ration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from privnum.suites.runner.events import Event

__all__ = ["join", "write_events"]


def join(parts: Sequence[Sequence[Event]], order: Iterable[str]) -> list[Event]:
    """One stream of the parts of a run; none where no part has begun.

    `order` are the names of all checks, as one process would run them.
    """
    begun = [part for part in parts if part]
    if not begun:
        return []
    by_check: dict[str, list[Event]] = {name: [] for name in order}
    for part in begun:
        _sort_in(part, by_check)
    checked = _as_of_one_process(chain.from_iterable(by_check.values()))
    return [_first(begun), *checked, _last(begun)]


def write_events(path: Path, events: Iterable[Event]) -> str | None:
    """Write a stream; the text, one line, says why it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(orjson.dumps(event) + b"\n" for event in events))
    except OSError as error:
        return f"{path}: the events cannot be written: {error.strerror}"
    return None


def _sort_in(part: Iterable[Event], by_check: dict[str, list[Event]]) -> None:
    """Put each event to its check; that of a probe comes behind its check."""
    current = ""
    for event in part:
        if event["event"] in ("run_started", "run_finished"):
            continue
        current = event.get("check", current)
        by_check.setdefault(current, []).append(event)


def _first(parts: Iterable[Sequence[Event]]) -> Event:
    """The beginning of the run: that of the part which began first."""
    return min((part[0] for part in parts), key=lambda event: str(event["time"]))


def _last(parts: Iterable[Sequence[Event]]) -> Event:
    """The end of the run, interrupted if one of its parts was."""
    ends = sorted((part[-1] for part in parts), key=lambda event: str(event["time"]))
    reason = next((event["reason"] for event in ends if event["reason"] is not None), None)
    return {**ends[-1], "interrupted": any(event["interrupted"] for event in ends), "reason": reason}


def _as_of_one_process(events: Iterable[Event]) -> Iterable[Event]:
    """Leave out what one process would not have written.

    Sightings that enough checks before have had, and that a failure came again where another check has shown it: no
    worker knows what the others have found.
    """
    ration, broken, reproduced = Ration(), dict[str, str](), set[str]()
    for event in events:
        match event["event"]:
            case "seen":
                kept = ration.take(_sightings(event["seen"]))
                if kept:
                    yield {**event, "seen": [{"requirement": rule, "items": ids} for rule, ids in kept.items()]}
                continue
            case "claim" if event["outcome"] == "failed":
                broken[event["check"]] = event["requirement"]
            case "check_finished" if event["tries"] is not None and event["reproduced"] is not None:
                rule = broken.get(event["check"], "")
                if rule in reproduced:
                    yield {**event, "reproduced": None, "tries": None}
                    continue
                if event["reproduced"]:
                    reproduced.add(rule)
        yield event


def _sightings(told: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Items of an event, each with its rule."""
    return {item: entry["requirement"] for entry in told for item in entry["items"]}
