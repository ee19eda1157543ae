"""The modes of the contract, and what belongs to those that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["COMMON", "every_mode", "known_modes", "of_modes"]

COMMON: Final = "common"
"""What is of every mode is in every document."""


class _OfMode(Protocol):
    @property
    def mode(self) -> str: ...


_T = TypeVar("_T", bound=_OfMode)


def every_mode() -> tuple[str, ...]:
    """Return the modes that have operations or pushes, in their order."""
    every: tuple[_OfMode, ...] = (*contracts.operations().values(), *contracts.callbacks().values())
    return tuple(dict.fromkeys(each.mode for each in every if each.mode != COMMON))


def known_modes(names: Iterable[str]) -> tuple[str, ...]:
    """Return these modes in the order of the contract; all without a name.

    Raises UnknownName for one that the contract does not have.
    """
    wanted = {name.upper() for name in names}
    for name in sorted(wanted - set(every_mode())):
        raise contracts.UnknownName("mode", name, every_mode())
    return tuple(mode for mode in every_mode() if mode in wanted or not wanted)


def of_modes(table: Mapping[str, _T], modes: Sequence[str]) -> list[_T]:
    """Return the entries of these modes and the common ones."""
    return [entry for entry in table.values() if entry.mode in modes or entry.mode == COMMON]
