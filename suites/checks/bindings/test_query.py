"""Query: whom it finds, and what it shows of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.binding import AnyBinding
    from privnum.suites.checks.bindings.profile import BindingProfile


def that_users_are_shown(mode: type[BindingProfile], rule: str) -> Iterable[str]:
    """The rules by which a query shows the users of a binding."""
    del rule
    return {mode.rule(mode.unshown.get(user, "QUERY-008")) for user in mode.user_fields()}


@check_each_mode(BINDINGS, "QUERY-001", along=that_users_are_shown)
def test_query_by_id(mode: BindingProfile) -> None:
    """A query by subscriptionId shows that one binding with its numbers."""
    for binding in [mode.bind_users() for _ in range(3)]:
        shown = mode.shown_keys(mode.query(subscriptionId=binding.sub))
        mode.claim("QUERY-001", shown == [mode.key(binding)], f"query by id: expected {binding.sub}, came {shown}")
        mode.shows("QUERY-001", binding, **{**mode.users_as_fields(binding.users), **mode.fixed_fields(binding)})


@check_each_mode(BINDINGS, "QUERY-004")
def test_the_id_wins(mode: BindingProfile) -> None:
    """Beside subscriptionId every other selector is ignored.

    An unknown one finds nothing.
    """
    one, two = mode.bind_users(), mode.bind_users()
    selectors = [two.there, {mode.x_field: mode.context.user()}]
    if mode.narrowing:
        selectors.append({**two.there, **mode.users_as_fields(two.users)})
    for more in selectors:
        shown = mode.shown_keys(mode.query(subscriptionId=one.sub, **more))
        mode.claim("QUERY-004", shown == [mode.key(one)], f"id and {sorted(more)}: expected {one.sub}, came {shown}")
    answer = mode.query(subscriptionId=UNKNOWN, **two.there)
    mode.claim_refused("QUERY-004", answer, "query by an unknown id beside selectors of what is bound")


@check_each_mode(BINDINGS, "QUERY-005")
def test_nothing_found_is_an_error(mode: BindingProfile) -> None:
    """A query that finds nothing is refused.

    An unknown id, X where nothing is bound, and what was unbound.
    """
    mode.claim_not_found("QUERY-005", mode.query(**mode.there(mode.side.x())), "query of X where nothing was bound")
    mode.claim_not_found("QUERY-005", mode.query(subscriptionId=UNKNOWN), "query by an unknown id")
    binding = mode.bind_users()
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=binding.sub), "unbind")
    for query in ({"subscriptionId": binding.sub}, binding.there):
        mode.claim_not_found("QUERY-005", mode.query(**query), f"query of what is unbound by {sorted(query)}")


def shows_nothing(mode: BindingProfile, rule: str, answer: Answer, theirs: AnyBinding) -> None:
    """Claim that an answer has no number of a foreign binding.

    But for those that were asked for.
    """
    shown = [word for word in (*theirs.users, "theirs") if word in answer.text]
    mode.claim(rule, not shown, f"the refusal shows {shown} of the foreign binding")


@check_each_mode(BINDINGS, "QUERY-006")
def test_an_x_of_another_application(mode: BindingProfile) -> None:
    """Another application's X is refused, and its bindings stay hidden."""
    theirs = mode.bind_users(app=mode.side.second_app, userData="theirs")
    answer = mode.query(**theirs.there)
    mode.claim_refused("QUERY-006", answer, "query of a foreign X")
    shows_nothing(mode, "QUERY-006", answer, theirs)


@check_each_mode(BINDINGS, "QUERY-007")
def test_a_binding_of_another_application(mode: BindingProfile) -> None:
    """Another application's binding is refused, and stays hidden."""
    theirs = mode.bind_users(app=mode.side.second_app, userData="theirs")
    answer = mode.query(subscriptionId=theirs.sub)
    mode.claim_refused("QUERY-007", answer, "query of a foreign binding")
    shows_nothing(mode, "QUERY-007", answer, theirs)
    mode.claim("QUERY-007", theirs.x not in answer.text, "the refusal shows the X of the foreign binding")
