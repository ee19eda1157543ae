"""The faults that a driver lets be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.commands.check_driver.client import as_json

if TYPE_CHECKING:
    from privnum.suites.commands.check_driver.client import Asker

__all__ = ["try_faults"]

_FAULT: dict[str, Any] = {"operation": "axb.query", "number": "+8619999999999", "fault": "dropped", "times": 1}
"""One that strikes nothing of what is sent: no request has the number."""


def try_faults(asker: Asker, world: str) -> None:
    """One is made, listed, ended, and none is left."""
    for operation, body in (("faults.list", None), ("faults.set", {"faults": []}), ("faults.add", _FAULT)):
        asker.refuses(operation, "unknown", body, world="no-such-world")
    asker.refuses("faults.clear", "unknown", world="no-such-world")
    asker.refuses("faults.add", "bad_message", {**_FAULT, "fault": "no_such_fault"}, world=world)
    asker.refuses("faults.set", "bad_message", {"faults": [{**_FAULT, "operation": "axb.nothing"}]}, world=world)
    asker.refuses("faults.clear", "bad_message", query="id=first", world=world)
    made = asker.ask("faults.add", _FAULT, world=world)
    _expect(asker, world, [] if made is None else [made["id"]])
    made = asker.ask("faults.set", {"faults": [_FAULT, _FAULT]}, world=world)
    if made is not None and len(made["faults"]) == 2:
        first, second = (fault["id"] for fault in made["faults"])
        asker.ask("faults.clear", query=f"id={first}", world=world)
        _expect(asker, world, [second])
    asker.ask("faults.clear", world=world)
    _expect(asker, world, [])


def _expect(asker: Asker, world: str, ids: list[int]) -> None:
    """The world has these faults and no others."""
    listed = asker.ask("faults.list", world=world)
    found = None if listed is None else [fault["id"] for fault in listed["faults"]]
    if found is not None and found != ids:
        sent = asker.as_sent("faults.list", None, "", {"world": world})
        asker.breaks("faults.list", "faults", sent, as_json(found[:10]), f"those of id {ids} were made and not ended")
