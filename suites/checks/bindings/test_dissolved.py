"""The id of a dissolved binding.

It selects nothing, also when the same users are bound anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import NotExercised, check_each_mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.profile import BindingProfile


def selects_nothing(mode: BindingProfile, rule: str, ask: Callable[[str], Answer]) -> None:
    """Dissolve a binding and bind the same anew.

    Claim that a request by the first id is refused.
    """
    former = mode.bind_users()
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=former.sub), "unbind")
    again = mode.bind_users(**mode.anew(former), by="UNBIND-007")
    if again.sub == former.sub:
        raise NotExercised("the platform gives the binding the id that it had: nothing says that it may not")
    with mode.claim_unchanged(rule, again):
        mode.claim_not_found(rule, ask(former.sub), "a request by a dissolved id")


@check_each_mode(BINDINGS, "QUERY-005")
def test_a_query_by_a_dissolved_id(mode: BindingProfile) -> None:
    """It finds nothing."""
    selects_nothing(mode, "QUERY-005", lambda sub: mode.query(subscriptionId=sub))


@check_each_mode(BINDINGS, "MODIFY-002")
def test_a_modify_by_a_dissolved_id(mode: BindingProfile) -> None:
    """It changes nothing."""
    selects_nothing(mode, "MODIFY-002", mode.modify)


@check_each_mode(BINDINGS, "UNBIND-004")
def test_an_unbind_by_a_dissolved_id(mode: BindingProfile) -> None:
    """It dissolves nothing."""
    selects_nothing(mode, "UNBIND-004", lambda sub: mode.unbind(subscriptionId=sub))
