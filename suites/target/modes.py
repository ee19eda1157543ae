"""The modes that there are checks for.

What running and cleaning up must know of each.

A new mode is one entry here; `runner/modes` has its side of a check's context.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.target.config import App, XNumber

__all__ = ["ANY_AREA", "BINDING_MODES", "MODES", "Mode", "WorldApplication", "takes_digits"]

ANY_AREA = "0755"
"""The area that is named where X is in none that is known; it is matched loosely."""


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
    """Also the parameter by which a query asks for X."""
    world: tuple[WorldApplication, ...]
    shown: Mapping[str, str] = field(default_factory=dict)
    """What a query calls the fields of a bind, and subscriptionId, where it has another name for them."""
    picks_x: bool = False
    """Whether the platform always picks X, so that a bind names an area in its place."""
    key_in_query: bool = False
    """Whether every request has app_key in its query string."""
    takes_digits: bool = False
    """Whether callers enter digits, for which an application has settings, and a call takes its time."""
    binds: bool = True
    """Whether it has bindings. X has none: the customer is asked of each call."""

    def operation(self, name: str) -> str:
        """Return the id of an operation: such as bind, modify or query."""
        return f"{self.name.lower()}.{name}"

    def body(self, x: XNumber, *users: str) -> dict[str, str]:
        """Return the body of a bind of the last of these users.

        As many as the mode has; on X, or near it.
        """
        place = {self.x_field: x.number}
        if self.picks_x:
            place = {"areaCode": x.area_code or ANY_AREA, "areaMatchMode": "1"}
        return dict(zip(self.users, users[-len(self.users) :], strict=True)) | place

    def query(self, app: App, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return the whole query of a request of that application."""
        return {"app_key": app.key, **query} if self.key_in_query else dict(query)

    def shown_as(self, name: str) -> str:
        """Return what a query calls that field."""
        return self.shown.get(name, name)


def _numbers(series: str, *areas: str) -> tuple[tuple[str, str], ...]:
    """Return X numbers of a series such as +86170, one in each of these areas."""
    return tuple((f"{series}{index:08d}", area) for index, area in enumerate(areas, start=1))


_SIXTEEN = (*("0755",) * 7, *("020",) * 5, *("010",) * 4)
"""Enough for 55 pairs of AXYB: seven X, and nine Y, of which each A has as many as he has B."""
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
            takes_digits=True,
        ),
        Mode(
            "AX",
            users=("origNum",),
            x_field="privateNum",
            world=(
                WorldApplication(_numbers("+86176", *_FOUR, *_FOUR), {}),
                WorldApplication(_numbers("+86178", *_FOUR), {}),
            ),
        ),
        Mode(
            "AXYB",
            users=("origNum",),
            x_field="relationNum",
            world=(
                WorldApplication(_numbers("+86184", *_SIXTEEN), {}),
                WorldApplication(_numbers("+86185", *_FOUR), {}),
            ),
            shown={"origNum": "numA", "relationNum": "numX", "subscriptionId": "bindId"},
            picks_x=True,
            key_in_query=True,
        ),
        Mode(
            "X",
            users=(),
            x_field="",
            world=(
                WorldApplication(_numbers("+86187", *_FOUR), {}),
                WorldApplication(_numbers("+86188", *_TWO), {}),
            ),
            binds=False,
        ),
    )
}
"""By name, the one first on which rules of all modes are tried where there is a choice."""
BINDING_MODES: Final = tuple(mode.name for mode in MODES.values() if mode.binds)
"""Those in which something can be bound."""


def takes_digits(mode: str) -> bool:
    """Return whether callers enter digits in that mode; it may be unknown."""
    return mode in MODES and MODES[mode].takes_digits
