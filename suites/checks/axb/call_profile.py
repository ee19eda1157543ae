"""AXB's calls: A and B reach each other through X.

As the direction of the binding allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.axb.scenarios import Pair, bind_users
from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way
from privnum.suites.runner.scheduler import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["AxbCalls"]

LONG = 86400


class AxbCalls(CallProfile):
    """See CallProfile."""

    mode, service_type = "AXB", "004"
    along: ClassVar[Mapping[str, tuple[str, ...]]] = {"first": ("AXB-CALL-101",), "second": ("AXB-CALL-102",)}
    limit, unlimited = "maxDuration", ({}, {"maxDuration": 0})
    recording_domain = modifies_user_data = True
    settings = (
        "callDirection",
        "duration",
        "maxDuration",
        "lastMinVoice",
        "recordFlag",
        "privateSms",
        "preVoice",
        "userData",
    )

    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Pair:
        """See CallProfile."""
        return bind_users(self.context, a, by=by, **fields)

    def ways(self, binding: Pair) -> Sequence[Way]:
        """A calls B, and B calls A."""
        return tuple(
            Way(
                *(name, caller, binding.x, callee, binding.sub),
                {**self.numbers(binding.x, caller, callee), "fwdDisplayNum": binding.x},
                rule,
                direction,
            )
            for name, caller, callee, rule, direction in (
                ("A calls B", binding.a, binding.b, "AXB-CALL-101", 1),
                ("B calls A", binding.b, binding.a, "AXB-CALL-102", 0),
            )
        )

    def in_vain(self) -> Iterable[CallInVain]:
        """B where A alone may call, A where B alone may, and a stranger."""
        others = self.bind_users(callDirection=2)
        yield CallInVain("A barred", others.a, others.x, 8016)
        pair = self.bind_users(callDirection=1)
        yield CallInVain("barred", pair.b, pair.x, 8016)
        yield CallInVain("stranger", self.context.user(), pair.x, 8014, direction=2)

    def crowd(self, count: int) -> Sequence[Way]:
        """See CallProfile."""
        return [way for _ in range((count + 1) // 2) for way in self.ways(self.bind_users())][:count]

    def recording(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone()}

    def lifetime(self, seconds: int, *, real: int) -> tuple[dict[str, Any], int]:
        """See CallProfile."""
        life = span(self.context, seconds, real=real)
        return {"duration": life}, life

    def lasting(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"duration": LONG}

    def change(self, setting: str) -> dict[str, Any]:
        """See CallProfile."""
        if setting == "lastMinVoice":
            return {setting: self.side.tone()}
        if setting == "preVoice":
            return {setting: {"callerHintTone": self.side.tone()}}
        values: dict[str, Any] = {"callDirection": 2, "duration": 2 * LONG, "maxDuration": 600, "userData": "later"}
        return {setting: values.get(setting, "false")}

    def open_after(self, ways: Sequence[Way], setting: str) -> Sequence[Way]:
        """Direction 2 bars A."""
        return ways[1:] if setting == "callDirection" else ways

    def bind_again(self, binding: Pair, way: Way, by: str) -> Pair:
        """The caller with somebody else, in the other role.

        So the direction of his calls is the other one.
        """
        other = self.context.user()
        a, b = (other, way.caller) if way.caller == binding.a else (way.caller, other)
        return bind_users(self.context, a, b, binding.x, by=by)
