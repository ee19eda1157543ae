"""The modes that there are checks for.

What running and cleaning up must know of each.

A new mode is one entry here; `runner/modes` has its side of a check's context.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MODES", "Mode", "WorldApplication"]


@dataclass(frozen=True, slots=True)
class WorldApplication:
    """An application of a test world.

    X numbers with their areas, and settings of its own.
    """

    numbers: tuple[tuple[str, str], ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode: fields of a bind for users and X; a test world's applications.

    Who is called comes last.
    """

    name: str
    users: tuple[str, ...]
    x_field: str
    world: tuple[WorldApplication, ...]

    def operation(self, name: str) -> str:
        """Return the id of an operation: such as bind, modify or query."""
        return f"{self.name.lower()}.{name}"

    def body(self, x: str, *users: str) -> dict[str, str]:
        """Return a bind's body for the last of these users, on X.

        As many users as the mode has.
        """
        return dict(zip(self.users, users[-len(self.users) :], strict=True)) | {self.x_field: x}


def _numbers(series: str, *areas: str) -> tuple[tuple[str, str], ...]:
    """Return X numbers of a series such as +86170, one in each of these areas."""
    return tuple((f"{series}{index:08d}", area) for index, area in enumerate(areas, start=1))


_FOUR, _TWO, _NEAR = ("0755", "0755", "020", "010"), ("0755", "020"), ("0755", "0755")

MODES: Final[Mapping[str, Mode]] = {
    mode.name: mode
    for mode in (
        Mode(
            "AXB",
            users=("callerNum", "calleeNum"),
            x_field="relationNum",
            world=(
                WorldApplication(_numbers("+86170", *_FOUR), {}),
                WorldApplication(_numbers("+86171", *_TWO), {}),
            ),
        ),
        Mode(
            "AXE",
            users=("bindNum",),
            x_field="virtualNum",
            world=(
                WorldApplication(_numbers("+86173", *_FOUR), {}),
                WorldApplication(_numbers("+86174", *_TWO), {"extension_digits": 2}),
                WorldApplication(_numbers("+86175", *_NEAR), {"extension_digits": 1}),
            ),
        ),
    )
}
"""By name, the one first on which rules of all modes are tried where there is a choice."""
