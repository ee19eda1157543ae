"""What no order allows is found, and nothing else: who may have been gone is not counted."""

from __future__ import annotations

import pytest

from privnum.suites.history.breaches import crowds, double_unbinds, held_bindings, lost_writes, pairs
from privnum.suites.history.operations import Operation, Request, Seen


def bind(sub: str, invoked: float, answered: float) -> Operation:
    return Operation(1, Request("bind", {"user": "u"}), Seen(True, "200/0", sub, "x"), invoked, answered)


def change(verb: str, invoked: float, answered: float, *, ok: bool = True, **fields: object) -> Operation:
    request = Request(verb, {"subscriptionId": "s1", **fields})  # type: ignore[arg-type]
    return Operation(1, request, Seen(ok, "200/0" if ok else "403/1"), invoked, answered)


def query(invoked: float, **row: object) -> Operation:
    return Operation(1, Request("query", {}), Seen(True, "200/0", rows={"s1": row}), invoked, invoked + 1)


def ends(request: Operation, of: Operation) -> bool:
    return request.request.verb == "unbind" and request.request.fields["subscriptionId"] == of.seen.sub


def alike(*_: Operation) -> tuple[str, str]:
    return "RULE", "one user"


def found_pairs(*operations: Operation) -> list[str]:
    return [breach.what for breach in pairs(held_bindings(operations, ends), alike)]


def test_two_bindings_at_one_time_are_found() -> None:
    assert found_pairs(bind("s1", 0, 2), bind("s2", 1, 3)) == ["two bindings have one user at one time"]


@pytest.mark.parametrize("ok", [True, False])
def test_a_binding_that_may_have_been_dissolved_is_not_counted(ok: bool) -> None:
    """Nor where the unbind failed, or was answered later: it was on its way."""
    assert found_pairs(bind("s1", 0, 1), change("unbind", 2, 9, ok=ok), bind("s2", 3, 4)) == []
    assert found_pairs(bind("s1", 0, 1), bind("s2", 1, 2), change("unbind", 3, 4, ok=ok)) != []


def test_who_never_met_is_not_found() -> None:
    """The first may have been gone before the second was there."""
    assert found_pairs(bind("s1", 0, 1), change("unbind", 1, 2), bind("s2", 0, 3)) == []


def test_more_than_allowed_at_one_instant_are_found() -> None:
    binds = [bind(f"s{place}", place, place + 1) for place in range(3)]
    held = held_bindings(binds, ends)
    assert [*crowds(held, 3, "RULE", "an A")] == []
    (breach,) = crowds(held, 2, "RULE", "an A")
    assert (breach.rule, breach.what) == ("RULE", "an A has 3 bindings at one time, 2 are allowed")
    assert breach.operations == tuple(binds)


def test_one_of_two_unbinds_that_succeeded_found_nothing() -> None:
    once, again = change("unbind", 0, 5), change("unbind", 1, 2)
    assert [breach.operations for breach in double_unbinds([once, again], "RULE")] == [(once, again)]
    assert [*double_unbinds([once, change("unbind", 1, 2, ok=False)], "RULE")] == []


FIRST = Operation(1, Request("bind", {"direction": 0, "limit": 0}), Seen(True, "200/0", "s1", "x"), -2, -1)


def values_lost(*operations: Operation, first: Operation = FIRST) -> list[str]:
    return [breach.what for breach in lost_writes([first, *operations], "RULE")]


WRITE, OTHER = change("modify", 0, 3, direction=2), change("modify", 1, 4, limit=7)


def test_a_value_that_another_modify_put_back_is_found() -> None:
    assert values_lost(WRITE, OTHER, query(5, direction=0, limit=7)) == ["direction of s1 was set, and is 0"]


@pytest.mark.parametrize(
    "operations",
    [
        (WRITE, OTHER, query(5, direction=2, limit=7)),
        (WRITE, query(5, direction=0)),
        (OTHER, query(5, direction=0, limit=7)),
        (change("modify", 0, 9, direction=2), OTHER, query(5, direction=0)),
        (WRITE, change("modify", 1, 9, limit=7), query(5, direction=0)),
        (WRITE, OTHER, change("modify", 0, 9, direction=0), query(5, direction=0)),
        (WRITE, change("modify", 1, 4, ok=False, limit=7), query(5, direction=0)),
        (WRITE, OTHER, query(5, direction="two", limit="7")),
        (WRITE, OTHER, query(5, direction="2")),
    ],
    ids=[
        "kept",
        "nobody else",
        "not set",
        "not answered yet",
        "other not answered yet",
        "set by another",
        "refused",
        "another form",
        "as text",
    ],
)
def test_what_may_be_otherwise_is_no_loss(operations: tuple[Operation, ...]) -> None:
    assert values_lost(*operations) == []


def test_a_modify_that_was_answered_before_can_have_put_nothing_back() -> None:
    """Then the value is not there for another reason, such as a query that is late; that has no rule here."""
    assert (
        values_lost(change("modify", 0, 1, limit=7), change("modify", 2, 3, direction=2), query(5, direction=0)) == []
    )


def test_without_the_value_of_the_bind_nobody_knows_what_was_put_back() -> None:
    assert values_lost(WRITE, OTHER, query(5, direction=0, limit=7), first=bind("s1", -2, -1)) == []
