"""The words that an oracle speaks.

Bindings, faults, expected answers, choices of assumptions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Assumptions", "Binding", "Claim", "Expected", "Fault", "Surroundings", "Undecided"]


class Undecided(Exception):
    """The contract and the settled assumptions do not say what happens here.

    `args[0]` names what is open.
    """


class Claim(NamedTuple):
    """One verdict: `requirement` holds if `ok`; `message` gives details.

    What was expected and what came.
    """

    requirement: str
    ok: bool
    message: str


class Assumptions:
    """The settled choice at each assumption.

    Asking for one that is not settled raises `Undecided`.
    """

    def __init__(self, values: Mapping[str, str | int], unsettled: Collection[str] = ()) -> None:
        self._values = dict(values)
        self._unsettled = frozenset(unsettled)

    def choose(self, assumption: str, *known: str | int) -> str | int:
        """The choice at `assumption`, one of `known` if any are given."""
        if assumption in self._unsettled or assumption not in self._values:
            raise Undecided(assumption)
        value = self._values[assumption]
        if known and value not in known:
            raise Undecided(assumption)
        return value

    def any_of(self, assumption: str, *known: str | int) -> frozenset[str | int]:
        """The settled choice alone, or all of `known` where it is open.

        Where either can be checked.
        """
        try:
            return frozenset((self.choose(assumption, *known),))
        except Undecided:
            return frozenset(known)


@dataclass(slots=True)
class Surroundings(ABC):
    """What the bindings depend on.

    The application's numbers and settings, and the areas known.
    """

    own: Mapping[str, str | None]
    """X numbers of the application, each with its area code (None: not known)."""
    foreign: Collection[str] = ()
    """X numbers of other applications."""
    home_areas: Mapping[str, str] = field(default_factory=dict)
    """Area code by prefix of mobile numbers; the longest prefix counts."""
    recording: bool = True
    tones: Collection[str] | None = None
    """Uploaded tone files; None where every name is taken."""
    more: bool = False
    """Whether the application has X numbers beside `own`, which are not to be used but may be picked."""

    @property
    @abstractmethod
    def capacity(self) -> int:
        """How many bindings an X carries."""


@dataclass(slots=True)
class Binding(ABC):
    """A live binding of any mode. Times are whole seconds since the epoch.

    `fields` holds only what was set.
    """

    subscription_id: str
    x: str
    _: KW_ONLY
    expires_at: int | None
    fields: dict[str, object]
    lifetime: str
    """Requirement that rules its end."""

    @property
    @abstractmethod
    def keys(self) -> frozenset[str]:
        """What is taken on its X: users, an extension."""

    def text(self, name: str) -> str:
        """A text setting in force; empty where it was not set, or cleared."""
        return str(self.fields.get(name) or "")


class Fault(NamedTuple):
    """One reason to refuse. `keys` are the admissible answers ("403/1012010").

    None: whatever the refusal.
    """

    requirement: str
    keys: frozenset[str]
    code_requirement: str

    @classmethod
    def of(cls, requirement: str, *keys: str, code: str | None = None) -> Fault:
        """A fault whose code follows from `requirement` too.

        Unless `code` names the requirement that decides it.
        """
        return cls(requirement, frozenset(keys), code or requirement)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one request must bring.

    A refusal where there are `faults`, else success.

    With several faults any of their codes will do, for the order of checks is not published.
    """

    requirement: str
    faults: tuple[Fault, ...] = ()
    collision: str = ""
    """Requirement that is broken by a refusal that says that a user is bound already."""
    x: frozenset[str] = frozenset()
    """The X numbers that may be picked by a bind."""
    x_requirement: str = ""
    may_be_empty: bool = False
    """Whether a success may show nothing."""
    collision_key: str = "403/1012010"
    """The answer of one who takes a user for bound already."""

    @property
    def ok(self) -> bool:
        """Whether the request must succeed."""
        return not self.faults

    def claims(self, ok: bool, key: str, what: str) -> list[Claim]:
        """Compare success or refusal of `what`, answered with `key`."""
        if not self.faults:
            broken = self.collision if key == self.collision_key and self.collision else self.requirement
            return [Claim(broken, ok, f"{what}: expected success, came {key}")]
        fault = self.faults[0]
        claims = [Claim(fault.requirement, not ok, f"{what}: expected a refusal, came {key}")]
        if not ok and all(f.keys for f in self.faults):
            keys = frozenset().union(*(f.keys for f in self.faults))
            claims.append(Claim(fault.code_requirement, key in keys, f"{what}: expected {_any(keys)}, came {key}"))
        return claims


def _any(keys: frozenset[str]) -> str:
    return " or ".join(sorted(keys))
