"""Errors of the contract room.

ContractError          anything wrong with a question to the contract
├── UnknownName        a name the contract does not have; names the nearest one it has
└── IllegalValue       a value that a setting does not take; names those it takes
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ContractError", "IllegalValue", "UnknownName"]

_FEW = 12
"""Names that an error lists; of more it has the nearest."""
_COMPARED = 40
"""Characters of a name that are compared with every name there is."""
_LEAST = 0.01
"""Likeness of a name that has a sign of another."""
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SHOWN = 100
"""Characters of a name that an error repeats."""
_LISTS = {
    "assumption": "assumptions",
    "fault": "faults",
    "operation": "operations",
    "requirement": "rules",
    "result code": "codes",
    "rule": "rules",
    "variation": "variations",
}
"""Which list of `privnum rules --list` has all names of a kind."""


def _with_that_number(name: str, names: Iterable[str]) -> list[str]:
    """Names that differ from a wrong one by zeros before a number alone.

    AXB-BIND-005 of AXB-BIND-05.
    """
    plain = _ZEROS.sub("", name)
    return [each for each in names if each != name and _ZEROS.sub("", each) == plain]


class ContractError(ValueError):
    """The contract was asked for what it lacks, or given what it forbids."""


class UnknownName(ContractError):
    """A name that is not in a table of the contract.

    `kind` says which table ("assumption", "operation", …), `name` what was asked, `near` the closest names there are.
    A long table is not printed: where nothing is close, the message has the nearest names and how to list all.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        names = list(known)
        alike = difflib.get_close_matches(name, [each for each in names if each != name], n=3, cutoff=0.5)
        self.near = tuple(_with_that_number(name, names) or alike)
        if self.near:
            hint = f"did you mean {' or '.join(self.near)}?"
        elif len(names) <= _FEW:
            hint = f"there are: {', '.join(names)}."
        else:
            # With so small a likeness every name is compared to its end, so only the beginning of a long one is.
            nearest = difflib.get_close_matches(name[:_COMPARED], names, n=3, cutoff=_LEAST)
            near = f"the nearest of {len(names)} are {', '.join(nearest)}"
            hint = near if nearest else f"none of {len(names)} is like it"
            hint += f"; privnum rules --list {_LISTS[kind]} has all" if kind in _LISTS else ""
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        super().__init__(f"unknown {kind} {shown!r}; {hint}")


class IllegalValue(ContractError):
    """A value that an assumption does not take.

    `legal` are the values it does take.
    """

    def __init__(
        self, name: str, value: object, legal: Iterable[object], *, open_ended: bool, requirement: str
    ) -> None:
        self.name = name
        self.value = value
        self.legal = tuple(legal)
        choices = ", ".join(repr(item) for item in self.legal)
        extra = " or any whole number from 0" if open_ended else ""
        super().__init__(f"assumption {name} does not take {value!r}; legal: {choices}{extra} ({requirement})")
