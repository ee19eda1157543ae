"""What each mode asks for at once, and what may never be there twice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from privnum.suites.checks.concurrency.models import MODELS
from privnum.suites.history.operations import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.history.operations import Operation
    from privnum.suites.runner.context import CheckContext

__all__ = ["PROFILES", "RaceProfile"]


class RaceProfile(ABC):
    """Requests of a mode, and the rules that overlapping ones may break."""

    mode: ClassVar[str]
    changes: ClassVar[Sequence[Mapping[str, Any]]] = (
        {"callDirection": 2},
        {"maxDuration": 7},
        {"callDirection": 1},
        {"maxDuration": 9},
    )
    """What modifies carry that overlap: some one field, some another."""
    settings: ClassVar[Mapping[str, Any]] = {"callDirection": 0, "maxDuration": 0}
    """What a bind carries of it."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    @classmethod
    def rule(cls, family: str) -> str:
        """The id of a rule of a family in this mode."""
        return f"{cls.mode}-{family}"

    @property
    def x_field(self) -> str:
        """The field that names X."""
        return MODELS[self.mode].x_field

    def bind(self, x: str, *users: str, **fields: Any) -> Request:
        """A bind of these users on `x`."""
        names = self.context.of(self.mode).mode.users
        return Request("bind", dict(zip(names, users, strict=True)) | {self.x_field: x, **fields})

    def query(self, x: str, subs: Sequence[str]) -> list[Request]:
        """Queries that show what is left on an X, where these ids were seen."""
        return [Request("query", {self.x_field: x}), *(Request("query", {"subscriptionId": sub}) for sub in subs)]

    def modifies(self) -> Sequence[Mapping[str, Any]]:
        """What modifies of one binding carry."""
        return self.changes

    def first_settings(self) -> Mapping[str, Any]:
        """What the bind carries of that binding."""
        return self.settings

    def people(self) -> Sequence[str]:
        """Fresh users for one bind."""
        return [self.context.user() for _ in self.context.of(self.mode).mode.users]

    @abstractmethod
    def alike(self, one: Operation, other: Operation) -> tuple[str, str] | None:
        """See Alike."""


def _fields(one: Operation, other: Operation, name: str) -> tuple[Any, Any]:
    return one.request.fields.get(name), other.request.fields.get(name)


class AxbRaces(RaceProfile):
    """AXB: a user stands on an X once."""

    mode = "AXB"

    def alike(self, one: Operation, other: Operation) -> tuple[str, str] | None:
        """See RaceProfile."""
        if one.seen.x != other.seen.x:
            return None
        first, second = ([bind.request.fields[name] for name in ("callerNum", "calleeNum")] for bind in (one, other))
        if first == second:
            return "AXB-BIND-005", "the same A and B on one X"
        return ("AXB-BIND-102", "a user on one X") if {*first} & {*second} else None


class AxRaces(RaceProfile):
    """AX: an X has one A."""

    mode = "AX"

    def alike(self, one: Operation, other: Operation) -> tuple[str, str] | None:
        """See RaceProfile."""
        if one.seen.x != other.seen.x:
            return None
        a, another = _fields(one, other, "origNum")
        return ("AX-BIND-005", "the same A and X") if a == another else ("AX-BIND-031", "one X")


class AxeRaces(RaceProfile):
    """AXE: an A is on an X once, and each extension is."""

    mode = "AXE"

    def first_settings(self) -> Mapping[str, Any]:
        """See RaceProfile."""
        return {"callbackNum": self.context.user()}

    def modifies(self) -> Sequence[Mapping[str, Any]]:
        """See RaceProfile."""
        first, second = self.context.user(), self.context.user()
        return {"callbackNum": first}, {"displayNumMode": "0"}, {"callbackNum": second}, {"displayNumMode": "0"}

    def query(self, x: str, subs: Sequence[str]) -> list[Request]:  # noqa: ARG002 - other modes name it
        """See RaceProfile; nothing shows all that is on an X."""
        return [Request("query", {"subscriptionId": sub}) for sub in subs]

    def alike(self, one: Operation, other: Operation) -> tuple[str, str] | None:
        """See RaceProfile."""
        if one.seen.x != other.seen.x:
            return None
        a, another = _fields(one, other, "bindNum")
        if a == another:
            return "AXE-BIND-005", "the same A and X"
        if one.seen.extension != other.seen.extension:
            return None
        asked = all(_fields(one, other, "extendNum"))
        return ("AXE-BIND-103" if asked else "AXE-BIND-102"), f"extension {one.seen.extension} of one X"


PROFILES: Final[Mapping[str, type[RaceProfile]]] = {profile.mode: profile for profile in (AxbRaces, AxeRaces, AxRaces)}
"""By mode."""
