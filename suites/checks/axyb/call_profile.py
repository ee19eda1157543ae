"""AXYB's calls: B reaches A through X, A reaches B through Y.

The direction of the binding may forbid one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.axyb.scenarios import Pair, bind_users, bound_a, bound_b
from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["AxybCalls"]

LONG = 86400
LEAST = 60
"""Seconds that a lifetime has at least."""


class AxybCalls(CallProfile):
    """See CallProfile."""

    mode, service_type = "AXYB", "007"
    along: ClassVar[Mapping[str, tuple[str, ...]]] = {"first": ("AXYB-CALL-101",), "second": ("AXYB-CALL-102",)}
    recording_domain = True
    settings = ()

    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Pair:
        """See CallProfile."""
        pair = bind_users(self.context, a, by=by, **fields)
        if not {pair.x, pair.y} <= {x.number for x in self.side.app.numbers}:
            raise NotExercised("the platform gave a number that the target does not name; only those are dialled")
        return pair

    def ways(self, binding: Pair) -> Sequence[Way]:
        """B calls A by X, and A calls B by Y."""
        a, x, y, b = binding.relation
        return (
            Way(
                *("B calls A", b, x, a, binding.sub_b),
                {**self.numbers(x, b, a), "fwdDisplayNum": y},
                "AXYB-CALL-101",
                direction=0,
            ),
            Way(
                *("A calls B", a, y, b, binding.sub_b),
                {**self.numbers(y, a, b), "fwdDisplayNum": x},
                "AXYB-CALL-102",
                direction=1,
            ),
        )

    def numbers(self, x: str, caller: str, callee: str | None = None) -> dict[str, str]:
        """See CallProfile; which number bindNum has is a choice."""
        numbers = super().numbers(x, caller, callee)
        del numbers["bindNum"]
        return numbers

    def in_vain(self) -> Iterable[CallInVain]:
        """A and B who dial their own numbers, and a stranger to Y."""
        pair = self.bind_users()
        yield CallInVain("A dials X", pair.a, pair.x, 8032)
        yield CallInVain("B dials Y", pair.b, pair.y, 8032)
        yield CallInVain("stranger", self.context.user(), pair.y, 8030, direction=2)

    def crowd(self, count: int) -> Sequence[Way]:
        """See CallProfile: of n A, each with a B on every number that is left."""
        numbers = len(self.side.app.numbers)
        most = numbers // 2
        x = next((x for x in range(1, most + 1) if x * (numbers - x) >= count), most)
        self.context.axyb.require_numbers(
            2 if count == 1 else next(n for n in range(2, count + 2) if _room(n) >= count)
        )
        every = [bound_a(self.context) for _ in range(x)]
        pairs = [bound_b(self.context, every[place % x]) for place in range(count)]
        return [self.ways(pair)[0] for pair in pairs]

    def recording(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone()}

    def lifetime(self, seconds: int, *, real: int) -> tuple[dict[str, Any], int]:
        """See CallProfile."""
        life = max(LEAST, span(self.context, seconds, real=real))
        return {"duration": life}, life

    def lasting(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"duration": LONG}

    def bind_again(self, binding: Pair, way: Way, by: str) -> Pair:
        """The caller with somebody else, in the other role."""
        if way.caller == binding.a:
            return bind_users(self.context, b=way.caller, by=by)
        return bind_users(self.context, way.caller, by=by)

    def dialled_by_a(self, binding: Pair) -> str:
        """See CallProfile."""
        return binding.y


def _room(numbers: int) -> int:
    """How many relations there can be on this many private numbers."""
    return (numbers // 2) * (numbers - numbers // 2)
