"""AX as dictionaries and a clock.

What each bind, modify, unbind, query, callee and call must bring.

Ask first (`expect_…`, which changes nothing), then enter what came (`record_bind`, `record_modify`, `record_unbind`,
`callee_set`, `record_call`). A situation that the contract leaves open raises `Undecided`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.ax.number_selection import expect_pick
from privnum.suites.oracle.ax.routing import expect_call
from privnum.suites.oracle.ax.selectors import nothing_named, select
from privnum.suites.oracle.ax.sms import expect_sms
from privnum.suites.oracle.ax.state import AxState, fields_of
from privnum.suites.oracle.ax.types import AxBinding, AxExpected, TemporaryCallee
from privnum.suites.oracle.faults import (
    MALFORMED,
    Codes,
    faults_of_blocked_x,
    faults_of_change,
    faults_of_tones,
    faults_of_users,
)
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.settings import cleared_by, note_change, users_change
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.oracle.ax.routing import AxCall
    from privnum.suites.oracle.calls import CallPlan
    from privnum.suites.oracle.sms import ExpectedSms

__all__ = ["AxOracle"]

TONES = ("recordHintTone", "lastMinVoice", "callerHintTone", "calleeHintTone")
FULL_A, OTHER_A, SAME_A = "403/1011003", "403/1011005", "403/1016002"
FOREIGN_X = "403/1011001"
MALFORMED_X = Codes("ax.malformed_x", "AX-OPEN-001")
BLOCKED_CODES = Codes("ax.blocked_x", "AX-OPEN-010", ("1012102", "1011001", "1011002", "1011004"))
BLOCKED_CHANGE = Codes("binding.blocked_x_changes", "COM-OPEN-074")
FULL_A_CODES = Codes("ax.modify_full_a", "AX-OPEN-018", ("1011003", "1016002"))
CALLEE_SECONDS = 60
"""How long a temporary callee holds where nothing else is said."""


class AxOracle(AxState):
    """The model of one application's AX numbers."""

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_bind(self, body: Mapping[str, object]) -> AxExpected:
        """What this bind must bring."""
        a, x = str(body["origNum"]), str(body.get("privateNum") or "")
        fields = fields_of(body)
        faults = [*faults_of_users(self, (a,)), *self._faults_of_settings(fields), *self._faults_of_area_mode(body)]
        if fields.get("calleeNumDisplay") == "1":
            code = self.assumptions.choose("ax.display_real_caller", "1020178", "intercept")
            faults += [] if code == "intercept" else [Fault.of("AX-OPEN-014", f"403/{code}")]
        if len(self.of(a)) >= self.around.x_per_a:
            faults.append(Fault.of("AX-BIND-032", FULL_A))
        if not x:
            return expect_pick(self, body, faults)
        faults += self._faults_of_x(x, a)
        requirement = self._bind_requirement(x, a, body)
        return AxExpected(requirement, tuple(faults), x=frozenset((x,)), x_requirement=requirement)

    def _faults_of_settings(self, fields: Mapping[str, object]) -> list[Fault]:
        faults = faults_of_tones(self, fields, TONES)
        if fields.get("recordFlag") and not self.around.recording:
            code = self.assumptions.choose("ax.recording_not_open", "1012012", "ignore")
            faults += [] if code == "ignore" else [Fault.of("AX-OPEN-015", f"403/{code}")]
        return faults

    def _faults_of_area_mode(self, body: Mapping[str, object]) -> list[Fault]:
        if body.get("areaMatchMode") is None or body.get("areaCode"):
            return []
        code = self.assumptions.choose("ax.area_mode_without_area", "ignore", "1010002")
        return [] if code == "ignore" else [Fault.of("AX-OPEN-013", MALFORMED)]

    def _faults_of_x(self, x: str, a: str) -> list[Fault]:
        if x not in self.around.own:
            others = Fault.of("AX-BIND-010", FOREIGN_X)
            return [others if kind_of(x) == "mobile" else MALFORMED_X.fault(self, "AX-OPEN-001")]
        faults = [*self._fault_of_own_x(x, a), *faults_of_blocked_x(self, x, BLOCKED_CODES)]
        bound = self.bound_on(x)
        if bound is not None:
            same = bound.a == a
            faults.append(Fault.of("AX-BIND-005" if same else "AX-BIND-031", SAME_A if same else OTHER_A))
        return faults

    def _fault_of_own_x(self, x: str, user: str) -> list[Fault]:
        """What speaks against a user, or a temporary callee, who is X itself."""
        if x != user or self.assumptions.choose("ax.a_equals_x", "1010002", "accept") == "accept":
            return []
        return [Fault.of("AX-OPEN-011", MALFORMED)]

    def _bind_requirement(self, x: str, a: str, body: Mapping[str, object]) -> str:
        """The requirement by which a bind on X succeeds: the most special one."""
        if (x, x) in self.freed:
            return self.freed[x, x]
        if body.get("areaCode"):
            return "AX-BIND-014" if body.get("privateNumType") else "AX-BIND-109"
        if kind_of(a) == "fixed_line":
            return "AX-BIND-028"
        return "AX-BIND-008" if self.of(a) else "AX-BIND-001"

    def record_bind(self, body: Mapping[str, object], subscription_id: str, x: str) -> AxBinding:
        """A bind succeeded."""
        fields = {name: value for name, value in fields_of(body).items() if value != ""}
        binding = AxBinding(
            subscription_id,
            x,
            str(body["origNum"]),
            bound_at=self.now,
            expires_at=None,
            fields=fields,
            lifetime="AX-LIFE-101",
        )
        self.bindings[subscription_id] = binding
        self.freed.pop((x, x), None)
        return binding

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    def expect_unbind(self, query: Mapping[str, str]) -> AxExpected:
        """What this unbind must bring; `bindings` are those that it dissolves."""
        a = query.get("origNum")
        if a and not query.get("subscriptionId") and not query.get("privateNum"):
            return self._unless_blocked(self._expect_unbind_by_a(a))
        return self._unless_blocked(select(self, query, "unbind"))

    def _expect_unbind_by_a(self, a: str) -> AxExpected:
        if self.assumptions.choose("ax.unbind_by_a", "refuse", "all") == "refuse":
            return AxExpected("AX-OPEN-007", (nothing_named(self, "AX-OPEN-007"),))
        if not self.of(a):
            raise Undecided("an unbind of all X of an A who has none")
        return AxExpected("AX-OPEN-007", bindings=tuple(self.of(a)))

    def _unless_blocked(self, expected: AxExpected) -> AxExpected:
        for binding in expected.bindings:
            if faults := faults_of_change(self, binding.x, BLOCKED_CHANGE):
                return AxExpected(expected.requirement, tuple(faults))
        return expected

    def record_unbind(self, bindings: Iterable[AxBinding], by: str) -> None:
        """An unbind succeeded, by the rule `by`."""
        for binding in bindings:
            self.drop(binding, by, "AX-UNBIND-007")

    def expect_query(self, query: Mapping[str, str]) -> AxExpected:
        """What this query must show."""
        return select(self, query, "query")

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_modify(self, body: Mapping[str, object]) -> AxExpected:
        """What this modify must bring."""
        one = self._unless_blocked(select(self, body, "modify"))
        if not one.ok:
            return one
        binding, fields = one.bindings[0], fields_of(body)
        if "maxDuration" in fields and any(c.subscription_id == binding.subscription_id for c in self.running()):
            self.assumptions.choose("call.max_duration_of_running_call", "next_call")
        a = str(body.get("origNum") or "")
        faults = [*self._faults_of_settings(fields), *self._faults_of_new_a(binding, body, a)]
        requirement = self._modify_requirement(one.requirement, fields, new_a=a not in {"", binding.a})
        if a == binding.a and not body.get("subscriptionId"):
            requirement = "AX-MODIFY-105"
        if not a and not fields:
            requirement = "COM-OPEN-062"
            if self.assumptions.choose("binding.modify_nothing", "success", "1010002") != "success":
                faults.append(Fault.of(requirement, MALFORMED))
        return AxExpected(requirement, tuple(faults), bindings=(binding,))

    def _faults_of_new_a(self, binding: AxBinding, body: Mapping[str, object], a: str) -> list[Fault]:
        """What speaks against the new A.

        Raises Undecided where he may be no new A.
        """
        by_id = bool(body.get("subscriptionId"))
        if not a:
            return []
        if a == binding.a:
            if self.assumptions.choose("ax.modify_same_a", "success", "1016002") == "success":
                return []
            if not by_id:
                raise Undecided("the present A beside X, where a modify may not name the present A")
            return [Fault.of("AX-OPEN-017", SAME_A)]
        if not by_id and self.assumptions.choose("ax.modify_orig_num", "new_a", "selector") != "new_a":
            raise Undecided("an A beside X who is not the one of X")
        faults = [*faults_of_users(self, (a,)), *self._fault_of_own_x(binding.x, a)]
        if len(self.of(a)) >= self.around.x_per_a:
            faults.append(FULL_A_CODES.fault(self, "AX-MODIFY-103"))
        return faults

    @staticmethod
    def _modify_requirement(selected_by: str, fields: Mapping[str, object], *, new_a: bool) -> str:
        if new_a:
            return "AX-MODIFY-003"
        if "turnFlag" in fields:
            return "AX-MODIFY-104"
        return "AX-MODIFY-007" if "callDirection" in fields else selected_by

    def record_modify(self, binding: AxBinding, body: Mapping[str, object]) -> None:
        """A modify of `binding` succeeded."""
        fields = fields_of(body)
        empty, cleared = cleared_by(self, fields, TONES)
        for tone in cleared:
            binding.fields.pop(tone, None)
        binding.fields.update({name: value for name, value in fields.items() if name not in empty})
        binding.carried = frozenset(fields)
        a = str(body.get("origNum") or binding.a)
        if a != binding.a:
            binding.carried |= {"origNum"}
            binding.a = a
            users_change(self, binding)
            self._keep_callee(binding)
        note_change(self, binding)

    def _keep_callee(self, binding: AxBinding) -> None:
        """A binding has a new A: its temporary callee is his, or is gone."""
        if binding.callee is None:
            return
        kept = self.assumptions.any_of("ax.callee_after_new_a", "holds", "gone")
        if kept == {"gone"}:
            binding.callee, binding.without_callee = None, "AX-OPEN-026"
        elif kept != {"holds"}:
            binding.callee.is_open = True

    # ── temporary callee ─────────────────────────────────────────────────────────────────────────────────────────────

    def expect_set_callee(self, body: Mapping[str, object]) -> AxExpected:
        """What the setting of this temporary callee must bring."""
        one = self._unless_blocked(select(self, body, "set_callee"))
        number = str(body["calleeNum"])
        faults = [*one.faults]
        if kind_of(number) == "malformed":
            raise Undecided("a temporary callee whose number is none")
        if body.get("origNum") == number and number not in {b.a for b in one.bindings}:
            code = self.assumptions.choose("ax.callee_orig_num", "ignore", "1010002")
            faults += [] if code == "ignore" else [Fault.of("AX-OPEN-021", MALFORMED)]
        for binding in one.bindings:
            faults += self._fault_of_own_x(binding.x, number)
            if number == binding.a:
                faults.append(Fault("AX-CALLEE-107", frozenset(), "AX-CALLEE-107"))
        return AxExpected(one.requirement, tuple(faults), bindings=one.bindings)

    def callee_set(self, binding: AxBinding, body: Mapping[str, object]) -> None:
        """A temporary callee was set for `binding`."""
        carried = body.get("duration")
        seconds = CALLEE_SECONDS if carried is None else int(str(carried))
        rule = "AX-CALLEE-103" if body.get("subscriptionId") and body.get("privateNum") else "AX-CALL-102"
        binding.callee = TemporaryCallee(
            str(body["calleeNum"]),
            self.now + seconds,
            rule if binding.callee is None else "AX-CALLEE-111",
            "AX-CALLEE-109" if carried is None else "AX-CALLEE-110",
            str(body.get("userData") or ""),
        )

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_call(self, caller: str, x: str, plan: CallPlan) -> AxCall:
        """How a call that is placed now must go."""
        return expect_call(self, caller, x, plan)

    def expect_sms(self, sender: str, x: str, text: str) -> ExpectedSms:
        """What must become of an SMS that is written now."""
        return expect_sms(self, sender, x, text)
