"""The events of a run that several machines shared, from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.suites.report.load import EventsError, read_events
from privnum.suites.runner.joined_events import join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["join_files"]

Event = dict[str, Any]

#: What parts of a run have in common, and how people call it.
_COMMON: Final = {
    "privnum": "version of privnum",
    "profile": "profile",
    "seed": "seed",
    "modes": "modes",
    "rules": "rules asked for",
    "edition": "edition",
    "assumed": "assumptions",
    "varied": "variations",
}


def join_files(paths: Sequence[Path]) -> list[Event]:
    """Return the events that one machine would have written.

    A part whose file was cut off, or which was interrupted, makes the whole an interrupted run. Raises EventsError
    where a file holds no part, where one is missing or there twice, and where they are of different runs.
    """
    parts = [read_events(path) for path in paths]
    shards = [_shard_of(path, events[0]) for path, events in zip(paths, parts, strict=True)]
    for path, events in zip(paths[1:], parts[1:], strict=True):
        _compare(paths[0], parts[0][0], path, events[0])
    _count(paths, shards)
    joined = join(list(map(_with_end, parts)), shards[0]["checks"])
    started = joined[0]
    return [{**started, "run": {name: value for name, value in started["run"].items() if name != "shard"}}, *joined[1:]]


def _shard_of(path: Path, started: Event) -> Mapping[str, Any]:
    shard: Mapping[str, Any] | None = started["run"].get("shard")
    if shard is None:
        raise EventsError(f"{path}: is a whole run, no part of one; privnum check --shard I/N writes parts")
    return shard


def _compare(first: Path, one: Event, second: Path, other: Event) -> None:
    """Raise EventsError unless both are parts of one run."""
    differing = [
        f"{word} {one['run'].get(name)} and {other['run'].get(name)}"
        for name, word in _COMMON.items()
        if one["run"].get(name) != other["run"].get(name)
    ]
    if one["target"].get("name") != other["target"].get("name"):
        differing.append(f"target {one['target'].get('name')} and {other['target'].get('name')}")
    if one["run"]["shard"]["of"] != other["run"]["shard"]["of"]:
        differing.append(f"{one['run']['shard']['of']} parts and {other['run']['shard']['of']}")
    elif one["run"]["shard"]["checks"] != other["run"]["shard"]["checks"]:
        differing.append("not the same checks")
    if differing:
        raise EventsError(f"{first} and {second} are parts of different runs: {'; '.join(differing)}")


def _count(paths: Sequence[Path], shards: Sequence[Mapping[str, Any]]) -> None:
    """Raise EventsError unless each part is there once."""
    found: dict[int, Path] = {}
    for path, shard in zip(paths, shards, strict=True):
        if shard["number"] in found:
            raise EventsError(f"{found[shard['number']]} and {path} are both part {shard['number']} of the run")
        found[shard["number"]] = path
    of = shards[0]["of"]
    missing = [str(number) for number in range(1, of + 1) if number not in found]
    if missing:
        raise EventsError(f"of {of} parts {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")


def _with_end(events: list[Event]) -> list[Event]:
    """Return the part with an end, also where its file was cut off."""
    if events[-1]["event"] == "run_finished":
        return events
    end = {"event": "run_finished", "time": events[0]["time"], "interrupted": True, "reason": None}
    return [*events, end]
