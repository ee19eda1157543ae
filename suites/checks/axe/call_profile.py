"""AXE's calls: anybody reaches A through X and the extension.

A reaches his last caller through X.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.axe.scenarios import PROMPTS, Binding, bind_users, other_extension
from privnum.suites.checks.calls.profile import FULL, CallInVain, CallProfile, Way
from privnum.suites.runner.call_timing import entry_delay, wait_for_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.suites.runner.context import CheckContext

__all__ = ["AxeCalls"]

EXTENSION = ("extendNumber", "extendNum")
"""The names that the extension has in a CDR."""
RECORDED: dict[str, Any] = {"callbackExpiredTime": 24}
"""Fields of a bind by which a call to A leaves a record."""


class AxeCalls(CallProfile):
    """See CallProfile."""

    mode, service_type = "AXE", "005"
    along: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "EVENT-001": ("AXE-EVENT-101",),
        "EVENT-008": ("AXE-EVENT-104",),
        "CDR-010": ("AXE-CDR-101",),
        "first": ("AXE-CALL-101",),
        "second": ("AXE-CALL-101",),
    }
    named_in = FULL[1:]
    nameless: ClassVar[Mapping[str, str]] = {"callin": "AXE-EVENT-104"}
    settings = ("callbackNum", "callbackTone", "recordFlag", "displayNumMode", "bindExpiredTime", "callbackExpiredTime")
    outlives_unbind = ("forwarded", "alerting", "answered")

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._extensions: set[str] = set()

    def bind_users(self, *, a: str | None = None, by: str | None = None, **fields: Any) -> Binding:
        """See CallProfile; a bind that says how long records live has some.

        What holds without that is a choice (axe.callback_expired_default, axe.callback_expired_zero).
        """
        binding = bind_users(self.context, a, by=by, **(RECORDED | fields))
        self._extensions.add(binding.extension)
        return binding

    def ways(self, binding: Binding) -> Sequence[Way]:
        """N calls A, and A calls back by the record that N's call has left."""
        to_a = self.to_a(binding)
        call = wait_for_state(self.context, self.reaches(to_a.rule, to_a), "answered", 10)
        self.context.hang_up(call)
        return (to_a, self.from_a(binding, to_a.caller))

    def to_a(self, binding: Binding) -> Way:
        """Somebody calls A."""
        caller, enters = self.context.user(), entry_delay(self.context, 2)
        return Way(
            *("N calls A", caller, binding.x, binding.a, binding.sub),
            self.numbers(binding.x, caller, binding.a),
            "AXE-CALL-101",
            direction=0,
            events=("callin", "collectInfo", *FULL[1:]),
            plan={"digits": [binding.extension], "digits_after": enters},
            enters=enters,
            on_top={"AXE-CDR-101": (binding.extension, *EXTENSION)},
        )

    def from_a(self, binding: Binding, callee: str) -> Way:
        """A calls X, and reaches whom his record or callbackNum names."""
        return Way(
            *("A calls back", binding.a, binding.x, callee, binding.sub),
            self.numbers(binding.x, binding.a, callee),
            "AXE-CALLBACK-101",
            direction=None,
            events_rule="AXE-EVENT-101",
        )

    def in_vain(self) -> Iterable[CallInVain]:
        """A wrong extension, none, a hang-up before it, and A without a record."""
        binding = self.bind_users()
        if self.side.app.no_record is None:
            yield CallInVain("no record", binding.a, binding.x, 8019)
        if "clock" not in self.context.session.capabilities:
            return  # nobody waits for prompts in real time
        wrong = [other_extension(self.context, *self._extensions)] * PROMPTS
        for name, cause, direction, plan in (
            ("wrong extension", 8022, 2, {"digits": wrong}),
            ("no extension", 8033, None, {}),
            ("hung up", 7516, None, {"caller_hangs_up_after": 1}),
        ):
            yield CallInVain(name, self.context.user(), binding.x, cause, direction, plan, at_once=False)

    def crowd(self, count: int) -> Sequence[Way]:
        """See CallProfile."""
        binding = self.bind_users()
        return [self.to_a(binding) for _ in range(count)]

    def pair_of_ways(self, binding: Binding) -> Sequence[Way]:
        """Two callers of A."""
        return [self.to_a(binding) for _ in range(2)]

    def recording(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone(1)}

    def lifetime(self, seconds: int, *, real: int) -> tuple[dict[str, Any], int]:
        """Whole minutes."""
        del real
        minutes = -(-seconds // 60)
        return {"timeUnit": "1", "bindExpiredTime": minutes, "callbackExpiredTime": 1}, 60 * minutes

    def lasting(self) -> dict[str, Any]:
        """See CallProfile."""
        return {"bindExpiredTime": 500, "callbackExpiredTime": 20}

    def change(self, setting: str) -> dict[str, Any]:
        """See CallProfile."""
        values: dict[str, Any] = {"recordFlag": "false", "displayNumMode": "0"}
        values |= {"bindExpiredTime": 400, "callbackExpiredTime": 30}
        if setting == "callbackTone":
            return {setting: self.side.tone()}
        return {setting: self.context.user() if setting == "callbackNum" else values[setting]}

    def bind_again(self, binding: Binding, way: Way, by: str) -> Binding:
        """Another A at the extension."""
        del way
        return bind_users(self.context, None, binding.x, binding.extension, by=by, **RECORDED)
