"""AXYB as dictionaries and a clock.

What each bind, unbind, query and call must bring.

Ask first (`expect_…`, which changes nothing), then enter what came (`record_bind`, `bound_b`, `record_unbind`,
`record_call`, `record_given_y`). A situation that the contract leaves open raises `Undecided`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axyb.number_selection import numbers_for_x, numbers_for_y
from privnum.suites.oracle.axyb.routing import expect_call
from privnum.suites.oracle.axyb.selectors import NOT_FOUND, find, select_query, select_unbind
from privnum.suites.oracle.axyb.state import AxybState, fields_of
from privnum.suites.oracle.axyb.types import AxybBinding, AxybExpected, Relation
from privnum.suites.oracle.faults import MALFORMED, Codes, faults_of_change, faults_of_tones, faults_of_users
from privnum.suites.oracle.types import Fault, Undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.oracle.axyb.routing import AxybCall
    from privnum.suites.oracle.calls import CallPlan

__all__ = ["AxybOracle"]

DEFAULT_SECONDS = 7200
"""How long a binding of A lives where nothing else is said."""
OF_A, OF_B = ("callDirection", "duration", "recordFlag", "recordHintTone", "preVoiceX"), ("preVoiceY",)
"""Fields that only the bind of A has, or that of B."""
SIXTH_X = Codes("axyb.sixth_x", "AXYB-OPEN-005", ("1011003", "1012009", "1012008"))
BLOCKED_CHANGE = Codes("binding.blocked_x_changes", "COM-OPEN-074")
BIND_TO_BLOCKED = Codes("axyb.bind_b_to_blocked_x", "AXYB-OPEN-026")


class AxybOracle(AxybState):
    """The model of one application's AXYB numbers."""

    # ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_bind(self, body: Mapping[str, object]) -> AxybExpected:
        """What this bind must bring.

        An X for A, or a Y for the B of the binding that it names.
        """
        return self._expect_bind_b(body) if body.get("subscriptionId") else self._expect_bind_a(body)

    def _expect_bind_a(self, body: Mapping[str, object]) -> AxybExpected:
        a, fields = str(body["origNum"]), fields_of(body)
        faults = [*faults_of_users(self, (a,)), *self._faults_of_settings(fields, OF_B)]
        if not body.get("areaCode"):
            code = self.assumptions.choose("axyb.bind_without_area", "1010002", "any")
            faults += [] if code == "any" else [Fault.of("AXYB-OPEN-002", MALFORMED)]
        if len(self.of(a)) >= self.around.x_per_a:
            faults.append(SIXTH_X.fault(self, "AXYB-BIND-032"))
        choice = numbers_for_x(self, body)
        faults += choice.faults(self)
        requirement = "AXYB-BIND-008" if self.of(a) else choice.requirement
        if len(choice.free) == 1 and self.freed.get((min(choice.free),) * 2):
            requirement = self.freed[(min(choice.free),) * 2]
        return AxybExpected(requirement, tuple(faults), x=choice.free, x_requirement=choice.requirement)

    def _expect_bind_b(self, body: Mapping[str, object]) -> AxybExpected:
        b, sub = str(body["origNum"]), str(body["subscriptionId"])
        faults = [*faults_of_users(self, (b,)), *self._faults_of_settings(fields_of(body), OF_A)]
        found = find(self, sub)
        if found is None:
            return AxybExpected("AXYB-BIND-102", (*faults, NOT_FOUND.fault(self, "AXYB-BIND-110")))
        binding, one = found
        if one is not None:
            raise Undecided("a bind of a B by the id of another Y")
        faults += self._faults_of_blocked(binding)
        if b == binding.a:
            code = self.assumptions.choose("axyb.a_equals_b", "1010002", "1012010", "accept")
            if code == "accept":
                raise Undecided("an A who is his own B")
            faults.append(Fault.of("AXYB-OPEN-007", f"403/{code}"))
        again = binding.of_user(b)
        if again is not None:
            return self._again(body, binding, again, faults)
        choice = numbers_for_y(self, binding, b, body)
        faults += choice.faults(self)
        requirement, by = choice.requirement, choice.requirement
        return AxybExpected(requirement, tuple(faults), x=choice.free, x_requirement=by, binding=binding)

    def _again(
        self, body: Mapping[str, object], binding: AxybBinding, again: Relation, faults: list[Fault]
    ) -> AxybExpected:
        """A second bind of the same B in one binding."""
        code = self.assumptions.choose("axyb.same_b_again", "1012010", "1016002", "same_y")
        requirement = "AXYB-OPEN-006"
        if code != "same_y":
            faults = [*faults, Fault.of(requirement, f"403/{code}")]
        elif body.get("areaCode"):
            raise Undecided("a Y that is had already, of an area that is named")
        y = frozenset((again.y,))
        return AxybExpected(requirement, tuple(faults), x=y, x_requirement=requirement, binding=binding, again=again)

    def _faults_of_settings(self, fields: Mapping[str, object], others: tuple[str, ...]) -> list[Fault]:
        """What speaks against the settings of a bind.

        `others` are fields that only the other bind has.
        """
        if {*others} & fields.keys():
            if self.assumptions.choose("axyb.fields_of_other_bind", "ignore", "1010002") != "ignore":
                return [Fault.of("AXYB-OPEN-012", MALFORMED)]
            raise Undecided("whether what is ignored may be wrong")
        faults = faults_of_tones(self, fields, ("recordHintTone", "preVoiceX", "preVoiceY"))
        if fields.get("recordFlag") and not self.around.recording:
            code = self.assumptions.choose("axyb.recording_not_open", "1012012", "ignore")
            faults += [] if code == "ignore" else [Fault.of("AXYB-OPEN-025", f"403/{code}")]
        return faults

    def _faults_of_blocked(self, binding: AxybBinding) -> list[Fault]:
        """What speaks against a bind of a B to a binding whose X is blocked."""
        status = self.status.get(binding.x, "5")
        if status == "11":
            raise Undecided("a bind of a B to a binding whose X is frozen for binding")
        choices = "success", "1012102"
        if status == "5" or self.assumptions.choose("axyb.bind_b_to_blocked_x", *choices) == "success":
            return []
        return [BIND_TO_BLOCKED.fault(self, "AXYB-OPEN-026")]

    def record_bind(self, body: Mapping[str, object], subscription_id: str, x: str) -> AxybBinding:
        """The bind of an A succeeded."""
        fields = {name: value for name, value in fields_of(body).items() if value != ""}
        seconds = int(str(fields.get("duration", DEFAULT_SECONDS)))
        rule = "AXYB-LIFE-001" if seconds else "AXYB-LIFE-002"
        binding = AxybBinding(
            subscription_id,
            x,
            str(body["origNum"]),
            bound_at=self.now,
            expires_at=self.now + seconds if seconds else None,
            fields=fields,
            lifetime=rule if "duration" in fields else "AXYB-LIFE-101",
        )
        self.bindings[subscription_id] = binding
        self.freed.pop((x, x), None)
        return binding

    def bound_b(self, expected: AxybExpected, body: Mapping[str, object], subscription_id: str, y: str) -> Relation:
        """The bind of a B to the binding of `expected` succeeded."""
        binding = expected.binding
        assert binding is not None
        fields = {name: value for name, value in fields_of(body).items() if value != ""}
        seconds = binding.yb_seconds(fields)
        both = "ybDuration" in fields and "ybDuration" in binding.fields
        relation = Relation(
            y,
            str(body["origNum"]),
            subscription_id=subscription_id,
            bound_at=self.now,
            ends_at=self.now + seconds if seconds else None,
            lifetime="AXYB-LIFE-103" if both or "ybDuration" not in fields else "AXYB-LIFE-102",
            fields=fields,
        )
        if expected.again is not None:
            binding.relations.remove(expected.again)
        binding.relations.append(relation)
        return relation

    # ── unbind and query ─────────────────────────────────────────────────────────────────────────────────────────────

    def expect_unbind(self, query: Mapping[str, str]) -> AxybExpected:
        """What this unbind must bring.

        `binding` and `relations` are what it dissolves.
        """
        expected = select_unbind(self, query)
        if expected.binding is None:
            return expected
        numbers = {expected.binding.x, *(relation.y for relation in expected.binding.relations)}
        if any(self.is_blocked(number) for number in numbers - {expected.binding.x}):
            raise Undecided("an unbind of a Y that is blocked")
        if faults := faults_of_change(self, expected.binding.x, BLOCKED_CHANGE):
            return AxybExpected(expected.requirement, tuple(faults))
        return expected

    def record_unbind(self, expected: AxybExpected) -> None:
        """An unbind succeeded."""
        binding = expected.binding
        assert binding is not None
        if expected.relations is None:
            self.drop(binding, expected.requirement, "AXYB-UNBIND-007")
        for relation in expected.relations or ():
            self.drop_relation(binding, relation, expected.requirement)

    def expect_query(self, query: Mapping[str, str]) -> AxybExpected:
        """What this query must show.

        The relations of `binding`, or those that are named.
        """
        return select_query(self, query)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expect_call(self, caller: str, x: str, plan: CallPlan) -> AxybCall:
        """How a call that is placed now must go."""
        return expect_call(self, caller, x, plan)
