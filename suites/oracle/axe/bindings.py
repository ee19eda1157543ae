"""AXE as dictionaries and a clock: what each bind, modify, unbind, query and call must bring.

Ask first (`expect_…`, which changes nothing), then tell what came (`bound`, `modified`, `unbound`, `placed`).
A situation that the contract leaves open raises `Undecided`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.oracle.axe.number_selection import pick
from privnum.suites.oracle.axe.routing import AxeCall, AxePlan, place
from privnum.suites.oracle.axe.state import AxeState, fields_of
from privnum.suites.oracle.axe.types import (
    FOREVER,
    AxeBinding,
    AxeExpected,
    Span,
)
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AxeOracle"]

GONE, MALFORMED = "403/1016001", "403/1010002"
LONGEST = {"0": (720, 168), "1": (43200, 10080)}
"""The longest bindExpiredTime and callbackExpiredTime by unit."""
DEFAULT_HOURS = "axe.bind_expired_default"


class Selector(NamedTuple):
    """Rules of an operation for a binding by id, by X and extension, by both; an unknown one, a foreign one, none."""

    by_id: str
    by_extension: str
    by_both: str
    unknown: str
    foreign: str
    missing: str


SELECTORS = {
    "unbind": Selector(
        "AXE-UNBIND-001", "AXE-UNBIND-101", "AXE-UNBIND-003", "AXE-UNBIND-004", "AXE-UNBIND-006", "AXE-UNBIND-002"
    ),
    "modify": Selector(
        "AXE-MODIFY-101", "AXE-MODIFY-101", "AXE-MODIFY-101", "AXE-MODIFY-002", "AXE-MODIFY-002", "AXE-MODIFY-001"
    ),
    "query": Selector(
        "AXE-QUERY-001", "AXE-QUERY-101", "AXE-QUERY-004", "AXE-QUERY-005", "AXE-QUERY-007", "AXE-QUERY-105"
    ),
}


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
        return AxeExpected(
            requirement, tuple(faults), x=frozenset((x,)), x_requirement=requirement, extension=extension
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
        if any(b.a == a for b in self.bindings.values()):
            return "AXE-BIND-008"
        return "AXE-BIND-007" if self.on(x) else "AXE-BIND-001"

    def _faults_of_user(self, a: str, x: str) -> list[Fault]:
        kind = kind_of(a)
        if kind == "service":
            code = self.assumptions.choose("numbers.service_user", "1010002", "1012007")
            return [Fault.of("AXE-BIND-027", f"403/{code}", code="COM-OPEN-019")]
        if kind == "malformed" and (code := self.assumptions.choose("numbers.malformed_user")) != "accept":
            return [Fault.of("COM-OPEN-018", f"403/{code}")]
        if a == x and (code := self.assumptions.choose("axe.a_equals_x", "1010002", "accept")) != "accept":
            return [Fault.of("AXE-OPEN-032", f"403/{code}")]
        return []

    def _faults_of_settings(self, fields: Mapping[str, object], *, at_bind: bool) -> list[Fault]:
        faults = []
        if at_bind and fields.get("callbackTone") and fields.get("callbackNum"):
            faults.append(Fault.of("AXE-BIND-107", MALFORMED))
        named = {fields[t] for t in ("callbackTone", "recordHintTone") if fields.get(t)}
        if self.around.tones is not None and not named <= set(self.around.tones):
            faults.append(Fault.of("AXE-BIND-030", MALFORMED))
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
        unit = _unit(body) or "0"
        life, callback = _span(body, "bindExpiredTime", unit), _span(body, "callbackExpiredTime", unit)
        faults = []
        if life is not None and not 0 <= life.amount <= LONGEST[unit][0]:
            faults.append(Fault("AXE-BIND-108" if unit == "0" else "AXE-BIND-109", frozenset(), "AXE-BIND-108"))
        if callback is not None and not 0 <= callback.amount <= LONGEST[unit][1]:
            faults.append(Fault("AXE-BIND-111", frozenset(), "AXE-BIND-111"))
        if faults or life is None:
            return faults
        return self._default_too_long(life) if callback is None else _both_too_long(callback, life, "AXE-BIND-113")

    def _default_too_long(self, life: Span) -> list[Fault]:
        """What speaks against a lifetime beside the default of a record's. Raises Undecided where that is open."""
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
        """The callbackExpiredTime of a bind that did not carry it, where the platform writes its default down."""
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
        faults = []
        if self.blocked(x):
            code = self.assumptions.choose("axe.blocked_x", "1012102", "1012008", "1012001")
            faults.append(Fault.of("AXE-BIND-029", f"403/{code}", code="AXE-OPEN-029"))
        if self.by_user(x, a) is not None:
            code = self.assumptions.choose("axe.same_a_again", "1013102", "1012010")
            faults.append(Fault.of("AXE-BIND-005", f"403/{code}", code="AXE-OPEN-010"))
        if len(self.on(x)) >= self.around.capacity:
            code = self.assumptions.choose("axe.full_x", "1012008", "1020167")
            faults.append(Fault.of("AXE-BIND-106", f"403/{code}", code="AXE-OPEN-008"))
        return faults

    def bound(self, body: Mapping[str, object], subscription_id: str, x: str, extension: str) -> AxeBinding:
        """A bind succeeded. Raises Undecided where nobody knows how long the binding lives."""
        unit = _unit(body) or "0"
        carried = _span(body, "bindExpiredTime", unit)
        life = carried or self._default_life()
        fields = {name: value for name, value in fields_of(body).items() if value != ""}
        binding = AxeBinding(
            subscription_id,
            x,
            str(body["bindNum"]),
            extension,
            bound_at=self.now,
            expires_at=self.now + life.seconds if life.amount else None,
            life=life,
            unit=unit,
            bind_life=carried,
            callback=_span(body, "callbackExpiredTime", unit) or self._written_default(life, unit),
            fields=fields,
            lifetime=_lifetime(carried, unit),
        )
        self.bindings[subscription_id] = binding
        for key in (binding.a, extension):
            self.freed.pop((x, key), None)
        return binding

    # ── selecting ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _select(self, chosen: Mapping[str, object], rules: Selector) -> AxeExpected:
        """The binding that a request selects."""
        sub, x, extension = (str(chosen.get(name) or "") for name in ("subscriptionId", "virtualNum", "extendNum"))
        if sub:
            found = self.bindings.get(sub)
            if found is not None:
                return AxeExpected(rules.by_both if x or extension else rules.by_id, binding=found)
            if sub in self.foreign_bindings and rules.foreign != rules.unknown:
                return AxeExpected(rules.by_id, (Fault(rules.foreign, frozenset(), rules.foreign),))
            expired = self.dissolved.get(sub, "").startswith("AXE-LIFE")
            return AxeExpected(rules.by_id, (Fault.of("AXE-LIFE-007" if expired else rules.unknown, GONE),))
        if not (x and extension):
            code = self.assumptions.choose("axe.selector_missing", "1010002", "1016001", "1012001")
            return AxeExpected(rules.missing, (Fault.of(rules.missing, f"403/{code}", code="AXE-OPEN-016"),))
        if x not in self.around.own:
            code = self.assumptions.choose("axe.selector_x_of_other_application", "1016001", "1012001", "1011004")
            return AxeExpected(rules.by_extension, (Fault.of("AXE-OPEN-017", f"403/{code}"),))
        found = self.by_extension(x, extension)
        if found is None:
            return AxeExpected(rules.by_extension, (Fault.of(rules.unknown, GONE),))
        return AxeExpected(rules.by_extension, binding=found)

    def expect_unbind(self, query: Mapping[str, str]) -> AxeExpected:
        """What this unbind must bring; `binding` is the one that it dissolves."""
        return self._unless_blocked(self._select(query, SELECTORS["unbind"]))

    def unbound(self, binding: AxeBinding, by: str) -> None:
        """An unbind succeeded, by the rule `by`."""
        self.drop(binding, by, "AXE-UNBIND-007")

    def expect_query(self, query: Mapping[str, str]) -> AxeExpected:
        """What this query (v1) must show: `binding`."""
        return self._select(query, SELECTORS["query"])

    def _unless_blocked(self, expected: AxeExpected) -> AxeExpected:
        binding = expected.binding
        status = "5" if binding is None else self.status.get(binding.x, "5")
        if status == "11":
            raise Undecided("a change of a binding on an X that is frozen for binding")
        if status == "5" or self.assumptions.choose("axe.blocked_x_changes", "success", "1012102") == "success":
            return expected
        return AxeExpected(expected.requirement, (Fault.of("AXE-OPEN-030", "403/1012102"),))

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_modify(self, body: Mapping[str, object]) -> AxeExpected:
        """What this modify must bring."""
        one = self._unless_blocked(self._select(body, SELECTORS["modify"]))
        binding = one.binding
        if binding is None:
            return one
        fields = fields_of(body)
        life, callback = self._new_times(binding, body)
        faults = self._faults_of_settings(fields, at_bind=False)
        faults += self._faults_of_new_times(binding, body, life, callback)
        requirement = _modify_requirement(fields, body)
        if not fields and not any(body.get(name) is not None for name in ("timeUnit", *TIMES)):
            requirement = "AXE-OPEN-018"
            if self.assumptions.choose("axe.modify_nothing", "success", "1010002") != "success":
                faults.append(Fault.of(requirement, MALFORMED))
        if life is not None:
            self.assumptions.choose("axe.modify_expiry_start", "modify", "bind")
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
            return _both_too_long(lasts, lives, "AXE-MODIFY-105")
        if not _both_too_long(lasts, lives, "AXE-OPEN-004"):
            return []
        code = self.assumptions.choose("axe.callback_longer_than_bind", "1010002", "accept")
        return [] if code == "accept" else [Fault.of("AXE-OPEN-004", f"403/{code}")]

    def _new_times(self, binding: AxeBinding, body: Mapping[str, object]) -> tuple[Span | None, Span | None]:
        """The lifetimes that a modify sets. Raises Undecided where their unit is open, or they are out of range."""
        unit = _unit(body)
        timed = any(body.get(name) is not None for name in TIMES)
        hours = self.assumptions.any_of("axe.modify_unit_absent", "hours", "as_set") == {"hours"}
        if unit is None and timed and "timeUnit" in binding.carried and not hours:
            raise Undecided("whether the unit of the bind counts, or that of a modify since")
        if unit is None and timed and binding.unit == "1":
            as_set = self.assumptions.choose("axe.modify_unit_absent", "hours", "as_set") == "as_set"
            unit = binding.unit if as_set else "0"
        life = _span(body, "bindExpiredTime", unit or "0")
        callback = _span(body, "callbackExpiredTime", unit or "0")
        for span, longest in zip((life, callback), LONGEST["0"], strict=True):
            if span is not None and not 0 <= span.amount <= longest:
                raise Undecided("a time of a modify that may be out of range")
        if callback is None and body.get("timeUnit") is not None:
            callback = self._reinterpreted(binding, str(unit))
        return life, callback

    def _reinterpreted(self, binding: AxeBinding, unit: str) -> Span | None:
        """The callbackExpiredTime in force when a modify carries another unit and not the time itself."""
        set_before = binding.callback
        if set_before is not None and (not set_before.amount or set_before.unit == unit):
            return None
        if self.assumptions.choose("axe.callback_unit_after_modify", "as_set", "reinterpreted") == "as_set":
            return None
        if set_before is None:
            raise Undecided("a default time in another unit")
        return set_before._replace(unit=unit)

    def modified(self, body: Mapping[str, object]) -> None:
        """A modify succeeded."""
        binding = self._select(body, SELECTORS["modify"]).binding
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
        if life is not None:
            self._restart(binding, life)
        for call in self.running():
            if call.subscription_id == binding.subscription_id:
                call.note_settings(binding)

    def _restart(self, binding: AxeBinding, life: Span) -> None:
        binding.life, binding.lifetime = life, "AXE-LIFE-003"
        begins = binding.bound_at
        if self.assumptions.choose("axe.modify_expiry_start", "modify", "bind") == "modify":
            begins = self.now
        binding.expires_at = begins + life.seconds if life.amount else None
        if binding.expires_at is not None and binding.expires_at <= self.now:
            self.drop(binding, binding.lifetime, "AXE-LIFE-006")

    def _change_record(self, binding: AxeBinding) -> None:
        """A new callbackExpiredTime is in force; an existing record may have changed with it."""
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
        """How a call that is placed now must begin; it changes with the time that passes, once it is `placed`."""
        return place(self, caller, x, plan)

    def placed(self, call: AxeCall) -> None:
        """A call was placed as expected."""
        self.calls.append(call)


TIMES = ("bindExpiredTime", "callbackExpiredTime")


def _unit(body: Mapping[str, object]) -> str | None:
    """timeUnit, if it is carried."""
    return None if body.get("timeUnit") is None else str(body["timeUnit"])


def _span(body: Mapping[str, object], name: str, unit: str) -> Span | None:
    return None if body.get(name) is None else Span(int(str(body[name])), unit)


def _both_too_long(callback: Span, life: Span, requirement: str) -> list[Fault]:
    """The fault of a record that would outlive its binding; whichever code."""
    too_long = bool(life.amount) and callback.seconds > life.seconds
    return [Fault(requirement, frozenset(), requirement)] if too_long else []


def _lifetime(carried: Span | None, unit: str) -> str:
    """The requirement that rules the end of a binding."""
    if carried is None:
        return "AXE-OPEN-001"
    if not carried.amount:
        return "AXE-LIFE-002"
    return "AXE-LIFE-101" if unit == "1" else "AXE-LIFE-001"


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
