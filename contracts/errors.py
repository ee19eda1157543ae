"""Errors of the contract room.

ContractError          anything wrong with a question to the contract
├── UnknownName        a name the contract does not have; tells the nearest one it has
└── IllegalValue       a value that a setting does not take; tells those it takes
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ContractError", "IllegalValue", "UnknownName"]


class ContractError(ValueError):
    """The contract was asked for something it does not have, or given something it does not allow."""


class UnknownName(ContractError):  # noqa: N818 - says what it is without a suffix
    """A name that is not in a table of the contract.

    `kind` says which table ("assumption", "operation", …), `name` what was asked, `near` the closest names there are.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        names = list(known)
        self.near = tuple(difflib.get_close_matches(name, names, n=3, cutoff=0.5))
        hint = f"did you mean {' or '.join(self.near)}?" if self.near else f"there are: {', '.join(names)}."
        super().__init__(f"unknown {kind} {name!r}; {hint}")


class IllegalValue(ContractError):  # noqa: N818 - as above
    """A value that an assumption does not take; `legal` are the values it does take."""

    def __init__(
        self, name: str, value: object, legal: Iterable[object], *, open_ended: bool, requirement: str
    ) -> None:
        self.name = name
        self.value = value
        self.legal = tuple(legal)
        choices = ", ".join(repr(item) for item in self.legal)
        extra = " or any whole number from 0" if open_ended else ""
        super().__init__(f"assumption {name} does not take {value!r}; legal: {choices}{extra} ({requirement})")
