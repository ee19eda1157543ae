"""The users' real numbers.

Fresh ones for every check, so that checks do not stand in each other's way.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.base.printing import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from privnum.suites.target.config import App

__all__ = ["HOME_AREAS", "Kind", "MadeUp", "Occupied", "OwnNumbers", "Pool", "Pooled", "Users"]

Kind = Literal["mobile", "fixed_line", "service"]

HOME_AREAS = {"+86138": "0755", "+86139": "020", "+86137": "010"}
"""Home areas of mobile prefixes, as the worlds of the suites have them; +86177 is in none."""
_UNKNOWN_PREFIX = "+86177"
PAIR = 2
"""X numbers that `two_x` promises."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Numbers of one kind that may be used.

    A list, or a beginning and a count.
    """

    listed: tuple[str, ...] = ()
    prefix: str = ""
    width: int = 0
    count: int = 0

    @classmethod
    def read(cls, kind: str, numbers: Any) -> Pool:
        """From a value of target.toml's [users].

        Raises ContractError where a number is not of its kind.
        """
        fits = partial(re.fullmatch, contracts.number_kinds()[kind])
        if isinstance(numbers, dict):
            pool = cls(prefix=numbers["prefix"], width=_width(kind, numbers["prefix"]), count=numbers["count"])
            if pool.count > 10**pool.width:
                raise contracts.ContractError(
                    f"users.{kind}: {pool.prefix} has room for {plural(10**pool.width, 'number')} only"
                )
        else:
            pool = cls(listed=tuple(numbers), count=len(numbers))
        for number in (pool[0], pool[pool.count - 1]) if isinstance(numbers, dict) else pool.listed:
            if not fits(number):
                raise contracts.ContractError(f"users.{kind}: {contracts.mask(number)} is no {kind.replace('_', ' ')}")
        return pool

    def __len__(self) -> int:
        return self.count

    def __contains__(self, number: object) -> bool:
        if self.listed or not isinstance(number, str):
            return number in self.listed
        rest = number.removeprefix(self.prefix)
        return number.startswith(self.prefix) and len(rest) == self.width and (not rest or int(rest) < self.count)

    def __getitem__(self, index: int) -> str:
        return self.listed[index] if self.listed else f"{self.prefix}{index:0{self.width}d}"


def _width(kind: str, prefix: str) -> int:
    """How many digits are missing.

    +86 and 11 digits of a mobile, 400 and 7 digits, area code and 8 digits.
    """
    if kind == "fixed_line":
        digits = prefix.removeprefix("+86")
        area = max((len(code) - 1 for code in contracts.area_codes() if digits.startswith(code[1:])), default=3)
        return max(0, area + 8 - len(digits))
    whole = 14 if kind == "mobile" or prefix.startswith("+86") else 10
    return max(0, (whole if kind == "mobile" else 13 if prefix.startswith("+86") else 10) - len(prefix))


class Occupied(NotExercised):
    """Other checks that go on have the users."""


class Users(ABC):
    """Hands out numbers that were not handed out before on this context."""

    taken: Counter[str]
    """How many of each kind were handed out."""

    @abstractmethod
    def take(self, kind: Kind, home: str | None) -> str:
        """A number of the kind, at home in area `home` ("0755").

        None: its home is unknown to the platform.
        """


class MadeUp(Users):
    """Numbers of a world of one's own.

    As many as are wanted, the same on every context.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.taken = Counter()

    def take(self, kind: Kind, home: str | None) -> str:
        """See Users.take.

        Raises NotExercised for a mobile of an area where HOME_AREAS has none at home.
        """
        self.taken[kind] += 1
        if kind == "service":
            return self._next("+86400", 7)
        if kind == "fixed_line":
            area = (home or "0755")[1:]
            return self._next(f"+86{area}2", 7)
        prefixes = {area: prefix for prefix, area in HOME_AREAS.items()}
        if home is not None and home not in prefixes:
            raise NotExercised(f"no mobile of the suites is at home in {home}")
        return self._next(_UNKNOWN_PREFIX if home is None else prefixes[home], 8)

    def _next(self, prefix: str, width: int) -> str:
        count = self._counts.get(prefix, 0) + 1
        self._counts[prefix] = count
        return f"{prefix}{count:0{width}d}"


class Pooled(Users):
    """Numbers of target.toml, in turn.

    They come round again, but none that is `busy`: something still refers to it.
    """

    def __init__(
        self,
        pools: dict[str, Pool],
        turns: dict[str, Iterator[int]],
        leased: set[str] | None = None,
        busy: Callable[[], Container[str]] = tuple,
    ) -> None:
        self._pools = pools
        self._turns = turns
        self.taken = Counter()
        self._leased = set[str]() if leased is None else leased
        self._busy = busy
        self._own: set[str] = set()

    def take(self, kind: Kind, home: str | None) -> str:
        """See Users.take.

        Raises NotExercised where the file has no more of the kind, Occupied where others have all.
        """
        if home not in (None, "0755"):
            raise NotExercised(f"target.toml does not say which users are at home in {home}", "home_areas")
        pool = self._pools.get(kind) or Pool()
        taken = self.taken[kind] + 1
        if taken > len(pool):
            raise NotExercised(
                f"target.toml has {plural(len(pool), 'user')} of the kind {kind}; one more is needed", kind
            )
        busy, held = self._busy(), 0
        for _ in range(len(pool)):
            number = pool[next(self._turns[kind]) % len(pool)]
            if number in self._leased:
                continue
            if number in busy:
                held += 1
                continue
            self.taken[kind] = taken
            self._leased.add(number)
            self._own.add(number)
            return number
        if held:
            why = f"{held} of them are held by bindings that could not be dissolved"
            raise NotExercised(
                f"target.toml has {plural(len(pool), 'user')} of the kind {kind}, {why}; one more is needed", kind
            )
        raise Occupied(f"all users of the kind {kind} are in bindings of other checks", kind)

    def release(self) -> None:
        """Let others have the numbers."""
        self._leased -= self._own
        self._own = set()


class OwnNumbers:
    """X numbers that a check has for itself, where an X carries one binding.

    Other checks have those of `leased`.
    """

    def __init__(self, leased: set[str] | None = None) -> None:
        self._leased = set[str]() if leased is None else leased
        self._own: dict[str, list[str]] = {}

    def at(self, app: App, index: int) -> str:
        """The number at that place of those the check has.

        Raises NotExercised where the application has fewer.
        """
        own = self._own.setdefault(app.key, [])
        while len(own) <= index:
            own.append(self._take(app, own))
            self._leased.add(own[-1])
        return own[index]

    def following(self, app: App) -> str:
        """One that the check has not had before.

        Raises NotExercised as `at`, Occupied where others have all.
        """
        return self.at(app, len(self._own.get(app.key, ())))

    def release(self) -> None:
        """Let others have the numbers."""
        self._leased.difference_update(*self._own.values())
        self._own = {}

    def _take(self, app: App, own: list[str]) -> str:
        numbers = [x.number for x in app.numbers if x.number not in own]
        if not numbers:
            lack = "two_x" if len(own) < PAIR else "six_x"
            raise NotExercised(f"the application has {len(own)} X numbers; number {len(own) + 1} is needed", lack)
        found = next((number for number in numbers if number not in self._leased), None)
        if found is None:
            raise Occupied("all X numbers of the application are in bindings of other checks")
        return found
