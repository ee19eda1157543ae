"""The state of AXYB.

Each X has one A, and each B of a binding a Y of his own in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.axyb.routing import AxybCall
from privnum.suites.oracle.axyb.types import AxybBinding, AxybSurroundings, Relation
from privnum.suites.oracle.settings import settings_of
from privnum.suites.oracle.state import OracleState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["AxybState", "fields_of"]

NOT_SETTINGS = ("origNum", "subscriptionId", "areaCode", "areaMatchMode", "app_key")


def fields_of(body: Mapping[str, object]) -> dict[str, object]:
    """The settings that a bind carries, in one form."""
    return settings_of(body, NOT_SETTINGS)


class AxybState(OracleState[AxybBinding, AxybCall, AxybSurroundings]):
    """The state of one application's AXYB numbers."""

    mode = "AXYB"

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    def of(self, a: str) -> list[AxybBinding]:
        """The bindings of one A."""
        return [binding for binding in self.bindings.values() if binding.a == a]

    def bound_on(self, x: str) -> AxybBinding | None:
        """The binding whose X that is."""
        return next(iter(self.on(x)), None)

    def with_y(self, y: str) -> list[tuple[AxybBinding, Relation]]:
        """The bindings in which that number is a Y."""
        found = ((binding, binding.of_number(y)) for binding in self.bindings.values())
        return [(binding, relation) for binding, relation in found if relation is not None]

    def by_relation_id(self, subscription_id: str) -> tuple[AxybBinding, Relation] | None:
        """The relation with an id of its own."""
        every = ((binding, relation) for binding in self.bindings.values() for relation in binding.relations)
        return next((each for each in every if each[1].subscription_id == subscription_id), None)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def ends(self) -> Iterator[int]:
        """See OracleState: a Y can end before its binding."""
        yield from super().ends()
        for binding in self.bindings.values():
            yield from (relation.ends_at for relation in binding.relations if relation.ends_at is not None)

    def expire(self) -> None:
        """See OracleState."""
        super().expire()
        for binding in self.bindings.values():
            for relation in [*binding.relations]:
                if not self.lives_until(relation.ends_at):
                    self.drop_relation(binding, relation, relation.lifetime)

    def drop(self, binding: AxybBinding, by: str, frees: str) -> None:
        """See OracleState; every Y ends with its binding."""
        for relation in [*binding.relations]:
            self.drop_relation(binding, relation, by)
        super().drop(binding, by, frees)

    def drop_relation(self, binding: AxybBinding, relation: Relation, by: str) -> None:
        """Forget one Y of a binding, which went by the rule `by`."""
        binding.relations.remove(relation)
        relation.ended_by = by
        if relation.subscription_id != binding.subscription_id:
            self.dissolved[relation.subscription_id] = by
        for call in self.running():
            if call.relation is relation and call.state(self.now) != "answered":
                call.give_up()  # that it goes on is said of a call; whether it is one before the answer is not

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def record_given_y(self, call: AxybCall, y: str, subscription_id: str) -> None:
        """The caller of a call that was placed was given a Y.

        It lives as the bind of A says, and has that id.
        """
        binding = self.bound_on(call.x)
        assert binding is not None
        seconds = binding.yb_seconds({})
        call.relation = Relation(
            y,
            call.caller,
            subscription_id=subscription_id,
            bound_at=self.now,
            ends_at=self.now + seconds if seconds else None,
            lifetime="AXYB-CALL-105",
        )
        call.may_be_given, call.subscription_id = frozenset(), subscription_id
        binding.relations.append(call.relation)
