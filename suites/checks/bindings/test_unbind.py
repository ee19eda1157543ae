"""Unbind: what it dissolves and what it must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from privnum.suites.checks.bindings.profile import BindingProfile


@check_each_mode(BINDINGS, "UNBIND-001")
def test_unbind_by_id(mode: BindingProfile) -> None:
    """Unbind with subscriptionId dissolves that binding and no other."""
    one, two, three = mode.bind_users(), mode.bind_users(), mode.bind_users()
    before = [mode.info("UNBIND-001", binding) for binding in (one, three)]
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=two.sub), "unbind by subscriptionId")
    mode.is_gone("UNBIND-001", two, "after the unbind")
    for binding in (one, three):
        mode.is_there("UNBIND-001", binding, "after the unbind of another")
    after = [mode.info("UNBIND-001", binding) for binding in (one, three)]
    mode.claim("UNBIND-001", before == after, f"the other bindings were {before}, are {after}")


@check_each_mode(BINDINGS, "UNBIND-001", needs=("two_x",))
def test_unbind_leaves_the_same_users_elsewhere(mode: BindingProfile) -> None:
    """An unbind leaves the same users bound elsewhere.

    On another X, and where another application has bound them.
    """
    one = mode.bind_users()
    users = mode.users_as_fields(one.users)
    twin = mode.bind_users(**users, **{mode.x_field: mode.side.x(1)})
    theirs = [(app, mode.bind_users(app=app, **users)) for app in mode.side.apps if app is not mode.app]
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=one.sub), "unbind")
    mode.is_there("UNBIND-001", twin, "after the unbind of its users on another X")
    for app, binding in theirs:
        answer = mode.query(subscriptionId=binding.sub, app=app)
        mode.claim("UNBIND-001", answer.ok, f"another application's binding of them is gone: {answer.key}")


@check_each_mode(BINDINGS, "UNBIND-002")
def test_unbind_needs_a_selector(mode: BindingProfile) -> None:
    """An unbind without a whole selector dissolves nothing.

    Without any, with empty ones, with a part of one.
    """
    binding = mode.bind_users()
    with mode.claim_unchanged("UNBIND-002", binding):
        for query in mode.incomplete(binding):
            mode.claim_refused("UNBIND-002", mode.unbind(**query), f"unbind by {query or 'nothing'}")


@check_each_mode(BINDINGS, "UNBIND-003")
def test_the_id_wins(mode: BindingProfile) -> None:
    """With subscriptionId the other selectors are ignored.

    An unknown id dissolves nothing.
    """
    one, two = mode.bind_users(), mode.bind_users()
    answer = mode.unbind(subscriptionId=one.sub, **two.there)
    mode.succeeds("UNBIND-003", answer, "unbind with every selector")
    mode.is_gone("UNBIND-003", one, "after the unbind by its id")
    mode.is_there("UNBIND-003", two, "after the unbind of another by its id")
    with mode.claim_unchanged("UNBIND-003", two):
        answer = mode.unbind(subscriptionId=UNKNOWN, **two.there)
        mode.claim_refused("UNBIND-003", answer, "unbind of an unknown id beside selectors of what is bound")


@check_each_mode(BINDINGS, "UNBIND-004")
def test_what_is_not_bound_cannot_be_unbound(mode: BindingProfile) -> None:
    """An unbind that finds nothing is refused.

    An unknown id, one unbound before, and X where nothing is bound.
    """
    mode.claim_not_found("UNBIND-004", mode.unbind(**mode.there(mode.side.x())), "unbind of what was never bound on X")
    one, two = mode.bind_users(), mode.bind_users()
    with mode.claim_unchanged("UNBIND-004", one, two):
        mode.claim_not_found("UNBIND-004", mode.unbind(subscriptionId=UNKNOWN), "unbind of an unknown id")
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=one.sub), "unbind")
    mode.claim_not_found("UNBIND-004", mode.unbind(subscriptionId=one.sub), "second unbind by the id")
    there = mode.dissolving(two)[-1]
    mode.succeeds("UNBIND-001", mode.unbind(**there), f"unbind by {sorted(there)}")
    mode.claim_not_found("UNBIND-004", mode.unbind(**there), f"second unbind by {sorted(there)}")


@check_each_mode(BINDINGS, "UNBIND-005")
def test_an_x_of_another_application(mode: BindingProfile) -> None:
    """Unbind of another application's X is refused, and its bindings stay."""
    theirs = mode.bind_users(app=mode.side.second_app)
    with mode.claim_unchanged("UNBIND-005", theirs, app=mode.side.second_app):
        mode.claim_refused("UNBIND-005", mode.unbind(**theirs.there), "unbind of a foreign X")


@check_each_mode(BINDINGS, "UNBIND-006")
def test_a_binding_of_another_application(mode: BindingProfile) -> None:
    """An unbind of another application's binding is refused; it stays."""
    theirs = mode.bind_users(app=mode.side.second_app)
    with mode.claim_unchanged("UNBIND-006", theirs, app=mode.side.second_app):
        mode.claim_refused("UNBIND-006", mode.unbind(subscriptionId=theirs.sub), "unbind of a foreign id")
        if not mode.has_rule("UNBIND-005"):
            answer = mode.unbind(**theirs.there)
            mode.claim_refused("UNBIND-006", answer, f"unbind of a foreign binding by {sorted(theirs.there)}")
    answer = mode.query(subscriptionId=theirs.sub, app=mode.side.second_app)
    mode.succeeds("UNBIND-006", answer, "query of the binding by its owner")


@check_each_mode(BINDINGS, "UNBIND-007")
def test_what_was_unbound_can_be_bound(mode: BindingProfile) -> None:
    """After an unbind the same users can be bound on that X at once.

    In any role, and each with others.
    """
    binding = mode.bind_users()
    mode.succeeds("UNBIND-007", mode.unbind(subscriptionId=binding.sub), "unbind by subscriptionId")
    again = mode.bind_users(**mode.users_as_fields(binding.users[::-1]), by="UNBIND-007")
    mode.is_there("UNBIND-007", again, "bound again")
    mode.succeeds("UNBIND-007", mode.unbind(**mode.dissolving(again)[-1]), "unbind once more")
    for at in range(len(binding.users)):
        group = (*binding.users[:at], mode.context.user(), *binding.users[at + 1 :])
        mixed = mode.bind_users(**mode.users_as_fields(group), **binding.there, by="UNBIND-007")
        mode.is_there("UNBIND-007", mixed, "bound again with others")


@check_each_mode(BINDINGS, "UNBIND-007", needs=("calls",))
def test_an_unbound_x_puts_nobody_through(mode: BindingProfile) -> None:
    """Directly after the unbind X puts nobody through; bound anew it does."""
    for place in range(len(mode.dissolving(mode.bind_users()))):
        binding = mode.bind_users()
        routes = mode.routes(binding)
        query = mode.dissolving(binding)[place]
        mode.succeeds("UNBIND-007", mode.unbind(**query), f"unbind by {sorted(query)}")
        for route in routes:
            mode.reaches_nobody("UNBIND-007", route)
        again = mode.bind_users(**mode.anew(binding), by="UNBIND-007")
        for route in mode.routes(again):
            mode.reaches("UNBIND-007", route)
