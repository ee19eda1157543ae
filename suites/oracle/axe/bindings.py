"""AXE as dictionaries and a clock.

What each bind, modify, unbind, query and call must bring.

Ask first (`expect_…`, which changes nothing), then enter what came (`record_bind`, `record_modify`, `record_unbind`,
`record_call`). A situation that the contract leaves open raises `Undecided`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axe.number_selection import pick
from privnum.suites.oracle.axe.routing import AxeCall, AxePlan, place
from privnum.suites.oracle.axe.selectors import select
from privnum.suites.oracle.axe.state import AxeState, fields_of
from privnum.suites.oracle.axe.times import (
    LONGEST,
    TIMES,
    both_too_long,
    carried_span,
    carried_unit,
    faults_of_range,
    lifetime_rule,
    note_shown,
)
from privnum.suites.oracle.axe.types import (
    FOREVER,
    AxeBinding,
    AxeExpected,
    Span,
)
from privnum.suites.oracle.faults import (
    MALFORMED,
    Codes,
    faults_of_blocked_x,
    faults_of_change,
    faults_of_tones,
    faults_of_users,
)
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.settings import note_change
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AxeOracle"]

BOUND = "403/1013102"
BLOCKED_CODES = Codes("axe.blocked_x", "AXE-OPEN-029", ("1012102", "1012008", "1012001"))
BLOCKED_CHANGE = Codes("binding.blocked_x_changes", "COM-OPEN-074")
DEFAULT_HOURS = "axe.bind_expired_default"


class AxeOracle(AxeState):
    """The model of one application's AXE numbers."""

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_bind(self, body: Mapping[str, object]) -> AxeExpected:
        """What this bind must bring."""
        a, x = str(body["bindNum"]), str(body.get("virtualNum") or "")
        faults = [*self._faults_of_user(a, x), *self._faults_of_settings(fields_of(body), at_bind=True)]
        faults += self._faults_of_times(body)
        extension = str(body.get("extendNum") or "") or None
        if not x:
            return self._expect_pick(body, a, extension, faults)
        if (fault := self.x_fault(x)) is not None:
            return AxeExpected("AXE-BIND-001", (*faults, fault))
        faults += [*self._faults_of_x(x, a), *self._faults_of_extension(x, extension)]
        requirement = self._bind_requirement(x, a, extension, by_area=bool(body.get("areaCode")))
        is_new = (x, a) not in self.freed and self.binds_elsewhere(a)
        return AxeExpected(
            requirement,
            tuple(faults),
            collision=self.rule("BIND-008") if is_new else "",
            x=frozenset((x,)),
            x_requirement=requirement,
            extension=extension,
            collision_key=BOUND,
        )

    def _expect_pick(
        self, body: Mapping[str, object], a: str, extension: str | None, faults: list[Fault]
    ) -> AxeExpected:
        if extension is not None:
            if self.assumptions.choose("axe.extension_with_area", "ignore", "honour") == "honour":
                raise Undecided("an extension on an X that the platform picks")
            if self._faults_of_extension("", extension):
                raise Undecided("a wrong extension that is of no effect")
        return pick(self, body, a, faults)

    def _bind_requirement(self, x: str, a: str, extension: str | None, *, by_area: bool) -> str:
        """The requirement by which a bind succeeds: the most special one."""
        for key in (a, extension):
            if key is not None and (x, key) in self.freed:
                return self.freed[x, key]
        if by_area:
            return "AXE-BIND-014"
        if kind_of(a) == "fixed_line":
            return "AXE-BIND-028"
        if extension is not None:
            return "AXE-BIND-101"
        if self.binds_elsewhere(a):
            return "AXE-BIND-008"
        return "AXE-BIND-007" if self.on(x) else "AXE-BIND-001"

    def _faults_of_user(self, a: str, x: str) -> list[Fault]:
        faults = faults_of_users(self, (a,))
        if a == x and not faults:
            code = self.assumptions.choose("axe.a_equals_x", "1010002", "accept")
            faults += [] if code == "accept" else [Fault.of("AXE-OPEN-032", f"403/{code}")]
        return faults

    def _faults_of_settings(self, fields: Mapping[str, object], *, at_bind: bool) -> list[Fault]:
        faults = faults_of_tones(self, fields, ("callbackTone", "recordHintTone"))
        if at_bind and fields.get("callbackTone") and fields.get("callbackNum"):
            faults.append(Fault.of("AXE-BIND-107", MALFORMED))
        if fields.get("recordFlag") and not self.around.recording:
            code = self.assumptions.choose("axe.recording_not_open", "1012012", "ignore")
            faults += [] if code == "ignore" else [Fault.of("AXE-OPEN-031", f"403/{code}")]
        if fields.get("displayNumMode") == "1":
            code = self.assumptions.choose("axe.display_real_caller", "1020178", "intercept")
            faults += [] if code == "intercept" else [Fault.of("AXE-OPEN-015", f"403/{code}")]
        return [*faults, *self._faults_of_callback_number(str(fields.get("callbackNum") or ""))]

    def _faults_of_callback_number(self, number: str) -> list[Fault]:
        kind = kind_of(number) if number else "mobile"
        if kind == "malformed":
            raise Undecided("a callbackNum that is no phone number")
        if (
            kind == "service"
            and (code := self.assumptions.choose("axe.service_callback_num", "accept", "1010002")) != "accept"
        ):
            return [Fault.of("AXE-OPEN-033", f"403/{code}")]
        return []

    def _faults_of_times(self, body: Mapping[str, object]) -> list[Fault]:
        unit = carried_unit(body) or "0"
        life, callback = (carried_span(body, name, unit) for name in TIMES)
        faults = faults_of_range(life, callback, unit)
        if faults or life is None:
            return faults
        return self._default_too_long(life) if callback is None else both_too_long(callback, life, "AXE-BIND-113")

    def _default_too_long(self, life: Span) -> list[Fault]:
        """What speaks against a lifetime beside the default of a record's.

        Raises Undecided where that is open.
        """
        longer = [hours for hours in self._default_records() if 0 < life.seconds < Span(hours, "0").seconds]
        known = ("accept", "1010002", "as_carried")
        if not longer or "1010002" not in self.assumptions.any_of("axe.callback_default_longer", *known):
            return []
        self.assumptions.choose("axe.callback_expired_default", 0, 24)
        code = self.assumptions.choose("axe.callback_default_longer", "1010002")
        return [Fault.of("AXE-OPEN-055", f"403/{code}")]

    def _default_records(self) -> list[int]:
        return [int(hours) for hours in self.assumptions.any_of("axe.callback_expired_default", 0, 24)]

    def _written_default(self, life: Span, unit: str) -> Span | None:
        """The callbackExpiredTime of a bind that did not carry it.

        Where the platform writes its default down.
        """
        if self.assumptions.any_of("axe.callback_default_longer", "accept", "1010002", "as_carried") != {"as_carried"}:
            return None
        hours = int(self.assumptions.choose("axe.callback_expired_default", 0, 24))
        least = min(Span(hours, "0").seconds, life.seconds or Span(hours, "0").seconds)
        return Span(least // Span(1, unit).seconds, unit) if hours else None

    def _default_life(self) -> Span:
        return Span(int(self.assumptions.choose(DEFAULT_HOURS, 168, 0)), "0")

    def _faults_of_extension(self, x: str, extension: str | None) -> list[Fault]:
        if extension is None:
            return []
        if len(extension) != self.around.digits:
            return [Fault.of("AXE-BIND-104", MALFORMED)]
        if (
            not int(extension)
            and (code := self.assumptions.choose("axe.zero_extension", "1010002", "accept")) != "accept"
        ):
            return [Fault.of("AXE-OPEN-012", f"403/{code}")]
        if self.by_extension(x, extension) is not None:
            code = self.assumptions.choose("axe.extension_taken", "1020167", "1013102")
            return [Fault.of("AXE-BIND-103", f"403/{code}", code="AXE-OPEN-053")]
        return []

    def _faults_of_x(self, x: str, a: str) -> list[Fault]:
        faults = faults_of_blocked_x(self, x, BLOCKED_CODES)
        if self.by_user(x, a) is not None:
            code = self.assumptions.choose("axe.same_a_again", "1013102", "1012010")
            faults.append(Fault.of("AXE-BIND-005", f"403/{code}", code="AXE-OPEN-010"))
        if len(self.on(x)) >= self.around.capacity:
            code = self.assumptions.choose("axe.full_x", "1012008", "1020167")
            faults.append(Fault.of("AXE-BIND-106", f"403/{code}", code="AXE-OPEN-008"))
        return faults

    def record_bind(self, body: Mapping[str, object], subscription_id: str, x: str, extension: str) -> AxeBinding:
        """A bind succeeded.

        Raises Undecided where nobody knows how long the binding lives.
        """
        unit = carried_unit(body)
        carried = carried_span(body, "bindExpiredTime", unit or "0")
        life = carried or self._default_life()
        binding = AxeBinding(
            subscription_id,
            x,
            str(body["bindNum"]),
            extension,
            bound_at=self.now,
            expires_at=self.now + life.seconds if life.amount else None,
            life=life,
            bind_unit=unit,
            bind_time=carried.amount if carried else None,
            callback=carried_span(body, "callbackExpiredTime", unit or "0") or self._written_default(life, unit or "0"),
            fields={name: value for name, value in fields_of(body).items() if value != ""},
            lifetime=lifetime_rule(carried, unit or "0"),
        )
        binding.shown_now = binding.shown_where_carried = {binding.shown_at_bind}
        self.bindings[subscription_id] = binding
        for key in binding.keys:
            self.freed.pop((x, key), None)
        return binding

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    def expect_unbind(self, query: Mapping[str, str]) -> AxeExpected:
        """What this unbind must bring; `binding` is the one that it dissolves."""
        return self._unless_blocked(select(self, query, "unbind"))

    def record_unbind(self, binding: AxeBinding, by: str) -> None:
        """An unbind succeeded, by the rule `by`."""
        self.drop(binding, by, "AXE-UNBIND-007")

    def expect_query(self, query: Mapping[str, str]) -> AxeExpected:
        """What this query (v1) must show: `binding`."""
        return select(self, query, "query")

    def _unless_blocked(self, expected: AxeExpected) -> AxeExpected:
        binding = expected.binding
        faults = [] if binding is None else faults_of_change(self, binding.x, BLOCKED_CHANGE)
        return AxeExpected(expected.requirement, tuple(faults)) if faults else expected

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_modify(self, body: Mapping[str, object]) -> AxeExpected:
        """What this modify must bring."""
        one = self._unless_blocked(select(self, body, "modify"))
        binding = one.binding
        if binding is None:
            return one
        fields = fields_of(body)
        life, callback = self._new_times(binding, body)
        faults = self._faults_of_settings(fields, at_bind=False)
        faults += self._faults_of_new_times(binding, body, life, callback)
        requirement = _modify_requirement(fields, body)
        if not fields and not any(body.get(name) is not None for name in ("timeUnit", *TIMES)):
            requirement = "COM-OPEN-062"
            if self.assumptions.choose("binding.modify_nothing", "success", "1010002") != "success":
                faults.append(Fault.of(requirement, MALFORMED))
        if life is not None and self._new_end(binding, life) == self.now:
            self.assumptions.choose("binding.expiry_instant", "gone", "alive")
        return AxeExpected(requirement, tuple(faults), binding=binding)

    def _faults_of_new_times(
        self, binding: AxeBinding, body: Mapping[str, object], life: Span | None, callback: Span | None
    ) -> list[Fault]:
        """What speaks against the times that a modify brings about."""
        if life is None and callback is None:
            return []
        lasts, lives = callback or binding.callback, life or binding.life
        if lasts is None:
            return self._default_too_long(lives)
        if all(body.get(name) is not None for name in TIMES):
            return both_too_long(lasts, lives, "AXE-MODIFY-105")
        if not both_too_long(lasts, lives, "AXE-OPEN-004"):
            return []
        code = self.assumptions.choose("axe.callback_longer_than_bind", "1010002", "accept")
        return [] if code == "accept" else [Fault.of("AXE-OPEN-004", f"403/{code}")]

    def _new_times(self, binding: AxeBinding, body: Mapping[str, object]) -> tuple[Span | None, Span | None]:
        """The lifetimes that a modify sets.

        Raises Undecided where their unit is open, or they are out of range.
        """
        unit = carried_unit(body)
        timed = any(body.get(name) is not None for name in TIMES)
        hours = self.assumptions.any_of("axe.modify_unit_absent", "hours", "as_set") == {"hours"}
        if unit is None and timed and "timeUnit" in binding.carried and not hours:
            raise Undecided("whether the unit of the bind counts, or that of a modify since")
        if unit is None and timed and binding.unit == "1":
            as_set = self.assumptions.choose("axe.modify_unit_absent", "hours", "as_set") == "as_set"
            unit = binding.unit if as_set else "0"
        life, callback = (carried_span(body, name, unit or "0") for name in TIMES)
        for span, longest in zip((life, callback), LONGEST["0"], strict=True):
            if span is not None and not 0 <= span.amount <= longest:
                raise Undecided("a time of a modify that may be out of range")
        if callback is None and body.get("timeUnit") is not None:
            callback = self._callback_in_unit(binding, str(unit))
        return life, callback

    def _callback_in_unit(self, binding: AxeBinding, unit: str) -> Span | None:
        """The callbackExpiredTime in force when a modify carries another unit.

        And not the time itself.
        """
        set_before = binding.callback
        if set_before is not None and (not set_before.amount or set_before.unit == unit):
            return None
        if self.assumptions.choose("axe.callback_unit_after_modify", "as_set", "reinterpreted") == "as_set":
            return None
        if set_before is None:
            raise Undecided("a default time in another unit")
        return set_before._replace(unit=unit)

    def record_modify(self, body: Mapping[str, object]) -> None:
        """A modify succeeded."""
        binding = select(self, body, "modify").binding
        assert binding is not None
        life, callback = self._new_times(binding, body)
        fields = fields_of(body)
        if fields.get("recordHintTone") == "":
            if self.assumptions.choose("axe.modify_empty_tone", "clear", "unchanged") == "clear":
                binding.fields.pop("recordHintTone", None)
            del fields["recordHintTone"]
        binding.fields.update(fields)
        binding.last = frozenset(name for name, value in body.items() if value is not None)
        binding.carried |= binding.last
        if {"callbackTone", "callbackNum"} & fields.keys():
            binding.tone_alone = "callbackNum" not in fields and bool(fields["callbackTone"])
        if callback is not None:
            binding.callback = callback
            self._change_record(binding)
        note_shown(binding, life, carried_unit(body))
        if life is not None:
            self._restart(binding, life)
        note_change(self, binding)

    def _restart(self, binding: AxeBinding, life: Span) -> None:
        binding.life, binding.lifetime = life, "AXE-LIFE-003"
        binding.expires_at = self._new_end(binding, life)
        if not self.lives_until(binding.expires_at):
            self.drop(binding, binding.lifetime, "AXE-LIFE-006")

    def _new_end(self, binding: AxeBinding, life: Span) -> int | None:
        """When a binding ends whose lifetime a modify sets now."""
        begins = binding.bound_at
        if self.assumptions.choose("axe.modify_expiry_start", "modify", "bind") == "modify":
            begins = self.now
        return begins + life.seconds if life.amount else None

    def _change_record(self, binding: AxeBinding) -> None:
        """A new callbackExpiredTime is in force.

        An existing record may have changed with it.
        """
        record = binding.record
        if record is None or self.assumptions.any_of("axe.callback_expiry_change", "later", "existing") == {"later"}:
            return
        try:
            lasts = self.record_seconds(binding)
        except Undecided:
            lasts = None
        if lasts is None:
            record.sure_until, record.gone_from = self.now, FOREVER
            return
        ends = (record.written_at + lasts, self.now + lasts, record.sure_until, record.gone_from)
        record.sure_until, record.gone_from = min(ends), max(ends)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_call(self, caller: str, x: str, plan: AxePlan) -> AxeCall:
        """How a call that is placed now must begin.

        It changes with the time that passes, once it is `record_call`.
        """
        return place(self, caller, x, plan)


def _modify_requirement(fields: Mapping[str, object], body: Mapping[str, object]) -> str:
    if body.get("bindExpiredTime") is not None:
        return "AXE-LIFE-003"
    if fields.get("callbackTone") and fields.get("callbackNum"):
        return "AXE-MODIFY-102"
    if "" in (fields.get("callbackTone"), fields.get("callbackNum")):
        return "AXE-MODIFY-103"
    if {"callbackNum", "recordFlag"} & fields.keys() or body.get("callbackExpiredTime") is not None:
        return "AXE-MODIFY-104"
    return "AXE-MODIFY-101"
