"""What of the contract a run has exercised, counted from its events.

An item is covered when it was seen in an exchange that a check asserted on, reserved when contracts/reserved.toml says
why nobody sees it, and uncovered otherwise. A reserved item that was seen after all has a reason that no longer holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.coverage.items import KINDS, Item, items, reserved_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Coverage", "Sighting", "count"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A check that has seen an item, and the rule that it claimed of it."""

    check: str
    requirement: str


@dataclass(frozen=True)
class Coverage:
    """The items of a run's modes, who has seen each, why one cannot be.

    `seen` has the first few sightings of an item; `reserved` are the reasons that hold for this target.
    """

    items: Mapping[str, Item]
    seen: Mapping[str, tuple[Sighting, ...]]
    reserved: Mapping[str, contracts.Reserved]

    @cached_property
    def covered(self) -> list[str]:
        """What was seen, but for what is reserved."""
        return [id_ for id_ in self.items if id_ in self.seen and id_ not in self.reserved]

    @cached_property
    def uncovered(self) -> list[str]:
        """What was not seen, for no reason that is known."""
        return [id_ for id_ in self.items if id_ not in self.seen and id_ not in self.reserved]

    @cached_property
    def refuted(self) -> list[str]:
        """What is reserved and was seen all the same."""
        return [id_ for id_ in self.reserved if id_ in self.seen]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is uncovered and every reason holds."""
        return not self.uncovered and not self.refuted

    @property
    def modes(self) -> list[str]:
        """The modes of the items, what belongs to none in particular first."""
        return sorted({item.mode for item in self.items.values()}, key=lambda mode: (mode != "common", mode))

    def counts(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """How many are covered, reserved and there, by mode and kind.

        Kinds in their order; a mode without an item of a kind has no entry of it.
        """
        there = Counter(_place(item) for item in self.items.values())
        covered = Counter(_place(self.items[id_]) for id_ in self.covered)
        kept = Counter(_place(self.items[id_]) for id_ in self.reserved)
        places = [(mode, kind) for mode in self.modes for kind in KINDS if there[mode, kind]]
        return {place: (covered[place], kept[place], there[place]) for place in places}

    def reasons(self) -> Iterator[tuple[contracts.Reserved, list[str]]]:
        """Each reason with its items, in the order of the table."""
        for row in contracts.reserved().values():
            held = [id_ for id_ in row.items if self.reserved.get(id_) is row]
            if held:
                yield row, held

    def as_json(self) -> dict[str, Any]:
        """The counts as contracts/schemas/report/coverage has them."""
        return {
            "items": [{"id": item.id, "mode": item.mode, "kind": item.kind} for item in self.items.values()],
            "covered": [{"id": id_, "by": self._by(id_)} for id_ in self.covered],
            "reserved": [
                {"id": id_, "reason": row.reason, "why": row.why, "by": self._by(id_)}
                for id_, row in self.reserved.items()
            ],
            "uncovered": list(self.uncovered),
        }

    def _by(self, id_: str) -> list[dict[str, str]]:
        return [{"requirement": one.requirement, "check": one.check} for one in self.seen.get(id_, ())]


def _place(item: Item) -> tuple[str, str]:
    return item.mode, item.kind


def count(events: Iterable[Mapping[str, Any]]) -> Coverage:
    """The coverage of a run, from its events."""
    modes: set[str] | None = None
    seen: dict[str, list[Sighting]] = {}
    otherwise: set[str] = set()
    for event in events:
        match event["event"]:
            case "run_started":
                named = event["run"].get("modes")
                modes = {"common", *map(str, named)} if isinstance(named, list) and named else None
            case "probe" if _is_other(event["assumption"], event["observed"]):
                otherwise.add(event["assumption"])
            case "seen":
                for told in event["seen"]:
                    for id_ in told["items"]:
                        seen.setdefault(id_, []).append(Sighting(event["check"], told["requirement"]))
    there = {id_: item for id_, item in items().items() if modes is None or item.mode in modes}
    return Coverage(
        items=there,
        seen={id_: tuple(found) for id_, found in seen.items() if id_ in there},
        reserved={
            id_: row
            for id_, row in reserved_items().items()
            if id_ in there and not otherwise.intersection(row.assumptions)
        },
    )


def _is_other(assumption: str, observed: object) -> bool:
    """Whether a target was seen to make another choice than ours."""
    known = contracts.assumptions().get(assumption)
    return known is not None and observed is not None and observed != known.value
