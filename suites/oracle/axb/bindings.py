"""AXB as dictionaries and a clock.

What each bind, modify, unbind, query and call must bring.

Ask first (`expect_…`, which changes nothing), then enter what came (`record_bind`, `record_modify`, `record_unbind`,
`record_call`). A situation that the contract leaves open raises `Undecided`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axb.number_selection import expect_pick
from privnum.suites.oracle.axb.routing import expect_call
from privnum.suites.oracle.axb.sms import expect_sms
from privnum.suites.oracle.axb.state import AxbState, fields_of
from privnum.suites.oracle.axb.types import AxbBinding, AxbExpected
from privnum.suites.oracle.faults import (
    MALFORMED,
    Codes,
    fault_of_subscription,
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

    from privnum.suites.oracle.axb.routing import AxbCall
    from privnum.suites.oracle.calls import CallPlan, ExpectedCall
    from privnum.suites.oracle.sms import ExpectedSms

__all__ = ["AxbOracle"]

TONES = ("recordHintTone", "lastMinVoice", "callerHintTone", "calleeHintTone")
GONE, BOUND = "403/1012007", "403/1012010"
BLOCKED_CHANGE = Codes("binding.blocked_x_changes", "COM-OPEN-074")
X_CODES = Codes("axb.x_of_other_application", "AXB-OPEN-028", ("1012001", "1012007"))
BLOCKED_CODES = Codes("axb.blocked_x", "AXB-OPEN-030", ("1012102", "1012007", "1012008", "1012001"))


class AxbOracle(AxbState):
    """The model of one application's AXB numbers."""

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_bind(self, body: Mapping[str, object]) -> AxbExpected:
        """What this bind must bring."""
        a, b = str(body["callerNum"]), str(body["calleeNum"])
        fields = fields_of(body)
        faults = [*self._faults_of_users(a, b), *self._faults_of_settings(fields, "AXB-BIND-021")]
        if not body.get("relationNum"):
            return expect_pick(self, body, faults)
        x = str(body["relationNum"])
        if body.get("areaCode") and kind_of(a) != "mobile":
            raise Undecided("relationNum and areaCode with a fixed-line callerNum")
        faults += self._faults_of_x(x, a, b)
        requirement = "AXB-BIND-014" if body.get("areaCode") else "AXB-BIND-001"
        if not {kind_of(a), kind_of(b)} <= {"mobile"}:
            requirement = "AXB-BIND-028"
        return AxbExpected(
            requirement,
            tuple(faults),
            collision=self._collision(x, a, b),
            x=frozenset((x,)),
            x_requirement=requirement,
        )

    def _faults_of_users(self, a: str, b: str) -> list[Fault]:
        faults = faults_of_users(self, (a, b))
        if a == b:
            code = self.assumptions.choose("axb.a_equals_b", "1010002", "1012010")
            faults.append(Fault.of("AXB-OPEN-002", f"403/{code}"))
        return faults

    def _faults_of_settings(self, fields: Mapping[str, object], recording: str) -> list[Fault]:
        faults = faults_of_tones(self, fields, TONES)
        if fields.get("recordFlag") and not self.around.recording:
            faults.append(Fault.of(recording, "403/1012012"))
        return faults

    def _faults_of_x(self, x: str, a: str, b: str) -> list[Fault]:
        if (fault := self.not_ours(x, "AXB-BIND-010", X_CODES)) is not None:
            return [fault]
        faults = []
        if (
            x in {a, b}
            and (code := self.assumptions.choose("axb.a_equals_x", "accept", "1010002", "1012010")) != "accept"
        ):
            faults.append(Fault.of("AXB-OPEN-003", f"403/{code}"))
        faults += faults_of_blocked_x(self, x, BLOCKED_CODES)
        if any((a, b) == (binding.a, binding.b) for binding in self.on(x)):
            faults.append(Fault.of("AXB-BIND-005", BOUND))
        elif any({a, b} & binding.users for binding in self.on(x)):
            faults.append(Fault.of("AXB-BIND-102", BOUND))
        if len(self.on(x)) >= self.around.capacity:
            faults.append(Fault.of("AXB-BIND-103", "403/1012009"))
        return faults

    def _collision(self, x: str, a: str, b: str) -> str:
        """Which rule a refusal with 1012010 on `x` would break."""
        for user in (a, b):
            if (x, user) in self.freed:
                return self.freed[x, user]
        if self.binds_elsewhere(a, b):
            return "AXB-BIND-008"
        return "AXB-BIND-007"

    def record_bind(self, body: Mapping[str, object], subscription_id: str, x: str) -> AxbBinding:
        """A bind succeeded."""
        fields = {name: value for name, value in fields_of(body).items() if value != ""}
        duration = int(str(fields.get("duration", 0)))
        binding = AxbBinding(
            subscription_id,
            x,
            str(body["callerNum"]),
            str(body["calleeNum"]),
            changed_at=self.now,
            expires_at=self.now + duration if duration else None,
            fields=fields,
            lifetime="AXB-LIFE-001" if duration else "AXB-LIFE-002",
        )
        self.bindings[subscription_id] = binding
        for user in binding.users:
            self.freed.pop((x, user), None)
        return binding

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    def expect_unbind(self, query: Mapping[str, str]) -> AxbExpected:
        """What this unbind must bring; `bindings` are those that it dissolves."""
        expected = self._select(query)
        for x in sorted({binding.x for binding in expected.bindings}):
            if faults := faults_of_change(self, x, BLOCKED_CHANGE):
                return AxbExpected(expected.requirement, tuple(faults))
        return expected

    def _select(self, query: Mapping[str, str]) -> AxbExpected:
        """Whom an unbind names."""
        chosen = {k: v for k, v in query.items() if v}
        if "subscriptionId" in chosen:
            requirement = "AXB-UNBIND-003" if "relationNum" in chosen else "AXB-UNBIND-001"
            return self._one(chosen["subscriptionId"], requirement, "AXB-UNBIND-004", "AXB-UNBIND-006", "AXB-LIFE-007")
        if "relationNum" not in chosen:
            code = self.assumptions.choose("axb.unbind_without_selector", "1012001", "1010002")
            return AxbExpected("AXB-UNBIND-002", (Fault.of("AXB-UNBIND-002", f"403/{code}", code="AXB-OPEN-007"),))
        x = chosen["relationNum"]
        if (fault := self.not_ours(x, "AXB-UNBIND-005")) is not None:
            return AxbExpected("AXB-UNBIND-101", (fault,))
        if not self.on(x):
            return AxbExpected("AXB-UNBIND-101", (Fault.of("AXB-UNBIND-004", GONE),))
        return AxbExpected("AXB-UNBIND-101", bindings=tuple(self.on(x)))

    def _one(self, sub: str, requirement: str, unknown: str, foreign: str, expired: str) -> AxbExpected:
        """Selection by subscriptionId, with the rules for one that is unknown.

        Foreign or expired.
        """
        if sub in self.bindings:
            return AxbExpected(requirement, bindings=(self.bindings[sub],))
        others = Fault.of(foreign, GONE)
        fault = fault_of_subscription(self, sub, GONE, unknown=unknown, expired=expired, foreign=others)
        return AxbExpected(requirement, (fault,))

    def record_unbind(self, bindings: Iterable[AxbBinding], by: str) -> None:
        """An unbind succeeded, by the rule `by`."""
        for binding in bindings:
            self.drop(binding, by, "AXB-UNBIND-007")

    def expect_query(self, query: Mapping[str, str]) -> AxbExpected:
        """What this query must show."""
        chosen = {k: v for k, v in query.items() if v}
        users = "callerNum" in chosen or "calleeNum" in chosen
        if "subscriptionId" in chosen:
            more = "relationNum" in chosen or users
            requirement = "AXB-QUERY-004" if more else "AXB-QUERY-001"
            return self._one(chosen["subscriptionId"], requirement, "AXB-QUERY-005", "AXB-QUERY-007", "AXB-LIFE-001")
        if "relationNum" not in chosen:
            assumption = "axb.query_users_without_x" if users else "axb.query_without_selector"
            code = self.assumptions.choose(assumption, "1010002", "1012001", "1012007")
            return AxbExpected("", (Fault.of("AXB-OPEN-009" if users else "AXB-OPEN-008", f"403/{code}"),))
        x = chosen["relationNum"]
        if (fault := self.not_ours(x, "AXB-QUERY-006")) is not None:
            return AxbExpected("AXB-QUERY-101", (fault,))
        found = tuple(
            b for b in self.on(x) if chosen.get("callerNum", b.a) == b.a and chosen.get("calleeNum", b.b) == b.b
        )
        requirement = "AXB-QUERY-102" if users else "AXB-QUERY-101"
        if not found:
            return AxbExpected(requirement, (Fault.of("AXB-QUERY-005", GONE),))
        if not users and int(chosen.get("pageIndex", "1")) > 1:
            return self._past_last_page(len(found), chosen)
        return AxbExpected(requirement, bindings=found)

    def _past_last_page(self, count: int, chosen: Mapping[str, str]) -> AxbExpected:
        size = int(chosen.get("pageSize", "50"))
        size = size if 10 <= size <= 100 else 50
        if (int(chosen["pageIndex"]) - 1) * size < count:
            raise Undecided("which binding stands on which page")
        if self.assumptions.choose("axb.query_past_last_page", "empty", "1012007") == "empty":
            return AxbExpected("AXB-OPEN-010", may_be_empty=True)
        return AxbExpected("AXB-OPEN-010", (Fault.of("AXB-OPEN-010", GONE),))

    # ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_modify(self, body: Mapping[str, object]) -> AxbExpected:
        """What this modify must bring."""
        sub = str(body["subscriptionId"])
        one = self._one(sub, "AXB-MODIFY-006", "AXB-MODIFY-002", "AXB-MODIFY-002", "AXB-LIFE-007")
        if not one.ok:
            return one
        binding, fields = self.bindings[sub], fields_of(body)
        if "maxDuration" in fields and any(c.subscription_id == sub for c in self.running()):
            self.assumptions.choose("call.max_duration_of_running_call", "next_call")
        new_a, new_b = body.get("callerNum") is not None, body.get("calleeNum") is not None
        faults = faults_of_change(self, binding.x, BLOCKED_CHANGE)
        faults += self._faults_of_settings(fields, "AXB-MODIFY-011")
        faults += self._faults_of_new_users(binding, body)
        requirement = self._modify_requirement(new_a, new_b, fields)
        if not (new_a or new_b or fields):
            requirement = "COM-OPEN-062"
            if self.assumptions.choose("binding.modify_nothing", "success", "1010002") != "success":
                faults.append(Fault.of(requirement, MALFORMED))
        collision = requirement
        for user in (str(body.get("callerNum")), str(body.get("calleeNum"))):
            collision = self.freed.get((binding.x, user), collision)
        return AxbExpected(requirement, tuple(faults), collision=collision)

    def _faults_of_new_users(self, binding: AxbBinding, body: Mapping[str, object]) -> list[Fault]:
        """What speaks against the new A and B of a modify."""
        a, b = str(body.get("callerNum") or binding.a), str(body.get("calleeNum") or binding.b)
        taken = {user for other in self.on(binding.x) if other is not binding for user in other.users}
        faults = []
        if {a, b} & taken:
            faults.append(Fault.of("AXB-MODIFY-102", BOUND))
        if a == b:
            faults.append(Fault.of("AXB-OPEN-002", MALFORMED, BOUND))
        elif (a, b) == (binding.b, binding.a):
            if self.assumptions.choose("axb.modify_swap", "success", "1012010") != "success":
                faults.append(Fault.of("AXB-OPEN-014", BOUND))
        elif a == binding.b or b == binding.a:
            raise Undecided("a number changes sides alone")
        same = body.get("callerNum") == binding.a or body.get("calleeNum") == binding.b
        if same and self.assumptions.choose("axb.modify_same_number", "success", "1012010") != "success":
            faults.append(Fault.of("AXB-OPEN-013", BOUND))
        for user in {a, b} - binding.users:
            if kind_of(user) not in {"mobile", "fixed_line"} or user == binding.x:
                raise Undecided("a modify to a number that is no user's")
        return faults

    @staticmethod
    def _modify_requirement(new_a: bool, new_b: bool, fields: Mapping[str, object]) -> str:
        if new_a or new_b:
            return "AXB-MODIFY-003" if new_a else "AXB-MODIFY-101"
        if "duration" in fields:
            return "AXB-LIFE-003" if fields["duration"] else "AXB-LIFE-004"
        return "AXB-MODIFY-007" if "callDirection" in fields else "AXB-MODIFY-006"

    def record_modify(self, body: Mapping[str, object]) -> None:
        """A modify succeeded."""
        binding = self.bindings[str(body["subscriptionId"])]
        fields = self._without_empty_tones(binding, fields_of(body))
        a, b = str(body.get("callerNum") or binding.a), str(body.get("calleeNum") or binding.b)
        for user, rule in ((binding.a, "AXB-MODIFY-003"), (binding.b, "AXB-MODIFY-101")):
            if user not in {a, b}:
                self.freed[binding.x, user] = rule
        for user in (a, b):
            self.freed.pop((binding.x, user), None)
        changes = (a, b) != (binding.a, binding.b) or any(binding.fields.get(k) != v for k, v in fields.items())
        changes = changes or "duration" in fields
        if (a, b) != (binding.a, binding.b):
            self._change_users_of_calls(binding, swapped=(a, b) == (binding.b, binding.a))
        binding.stale_times = frozenset() if changes else binding.stale_times | {binding.changed_at}
        binding.a, binding.b, binding.changed_at = a, b, self.now
        binding.fields.update(fields)
        binding.carried = frozenset(fields) | {k for k in ("callerNum", "calleeNum") if body.get(k)}
        if "duration" in fields:
            duration = int(str(fields["duration"]))
            binding.expires_at = self.now + duration if duration else None
            binding.lifetime = "AXB-LIFE-003" if duration else "AXB-LIFE-004"
        elif binding.expires_at is not None and binding.lifetime == "AXB-LIFE-001":
            binding.lifetime = "AXB-LIFE-005"
        note_change(self, binding)

    def _change_users_of_calls(self, binding: AxbBinding, *, swapped: bool) -> None:
        """What a new A or B does to the calls of `binding` that run."""

        def turn(call: ExpectedCall) -> None:
            call.directions |= {0, 1}  # A called B, but who is A now was B then

        users_change(self, binding, turn if swapped else None)

    def _without_empty_tones(self, binding: AxbBinding, fields: dict[str, object]) -> dict[str, object]:
        """What a modify sets.

        An empty tone takes that of the binding away, or leaves it.
        """
        empty, cleared = cleared_by(self, fields, TONES)
        for tone in cleared:
            binding.fields.pop(tone, None)
        return {name: value for name, value in fields.items() if name not in empty}

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_call(self, caller: str, x: str, plan: CallPlan) -> AxbCall:
        """How a call that is placed now must go."""
        return expect_call(self, caller, x, plan)

    def expect_sms(self, sender: str, x: str, text: str) -> ExpectedSms:
        """What must become of an SMS that is written now."""
        return expect_sms(self, sender, x, text)
