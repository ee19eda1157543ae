"""AX's calls: anybody to A through X, and A to his temporary callee.

The temporary callee is set before each call.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.ax.scenarios import Binding, bind_users, call_for_a
from privnum.suites.checks.calls.profile import CallInVain, CallProfile, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["AxCalls"]


class AxCalls(CallProfile):
    """See CallProfile."""

    mode, service_type = "AX", "003"
    along: ClassVar[Mapping[str, tuple[str, ...]]] = {"first": ("AX-CALL-101",), "second": ("AX-CALL-102",)}
    limit, unlimited = "maxDuration", ({}, {"maxDuration": 0})
    recording_domain = modifies_user_data = True
    settings = ("callDirection", "maxDuration", "lastMinVoice", "recordFlag", "privateSms", "turnFlag", "userData")

    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Binding:
        """See CallProfile."""
        return bind_users(self.context, a, by=by, **fields)

    def ways(self, binding: Binding) -> Sequence[Way]:
        """Somebody calls A, and A calls his temporary callee."""
        return (self.to_a(binding), self.from_a(binding))

    def to_a(self, binding: Binding) -> Way:
        """Somebody calls A."""
        caller, x = self.context.user(), binding.x
        return Way(
            *("N calls A", caller, x, binding.a, binding.sub),
            {**self.numbers(x, caller, binding.a), "fwdDisplayNum": x},
            "AX-CALL-101",
            direction=0,
        )

    def from_a(self, binding: Binding) -> Way:
        """A's call to his temporary callee, who is set anew for each call."""
        callee, x = call_for_a(self.context, binding.sub), binding.x
        return Way(
            *("A calls out", binding.a, x, callee, binding.sub),
            {**self.numbers(x, binding.a, callee), "fwdDisplayNum": x},
            "AX-CALL-102",
            direction=1,
            before=partial(call_for_a, self.context, binding.sub, callee),
        )

    def in_vain(self) -> Iterable[CallInVain]:
        """Calls that reach nobody: direction, no callee, no binding.

        Somebody where A alone may call, A without a temporary callee, and a call to an X without a binding.
        """
        binding = self.bind_users(callDirection=1)
        yield CallInVain("barred", self.context.user(), binding.x, 8016)
        yield CallInVain("no callee", binding.a, binding.x, 8013)
        yield CallInVain("no binding", self.context.user(), self.side.free_x(), 8018, direction=2)

    def crowd(self, count: int) -> Sequence[Way]:
        """See CallProfile."""
        binding = self.bind_users()
        return [self.to_a(binding) for _ in range(count)]

    def recording(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone()}

    def change(self, setting: str) -> dict[str, Any]:
        """See CallProfile."""
        if setting == "lastMinVoice":
            return {setting: self.side.tone()}
        values: dict[str, Any] = {"callDirection": 2, "maxDuration": 600, "turnFlag": "on", "userData": "later"}
        return {setting: values.get(setting, "false")}

    def open_after(self, ways: Sequence[Way], setting: str) -> Sequence[Way]:
        """Direction 2 bars A."""
        return ways[:1] if setting == "callDirection" else ways

    def dialled_by_a(self, binding: Binding) -> str:
        """See CallProfile; with a temporary callee."""
        call_for_a(self.context, binding.sub)
        return binding.x

    def bind_again(self, binding: Binding, way: Way, by: str) -> Binding:
        """Another A on X."""
        del way
        return bind_users(self.context, None, binding.x, by=by)
