"""Bindings of another mode: out of reach for every operation."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import NotExercised, check_each_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.checks.bindings.binding import AnyBinding
    from privnum.suites.checks.bindings.profile import BindingProfile

NEEDS = ("other_mode_application",)


@contextmanager
def _theirs(mode: BindingProfile, rule: str) -> Iterator[AnyBinding]:
    """A binding of another mode, of which `rule` says that it stays as it is.

    Raises NotExercised where nobody knows how to bind in that mode.
    """
    app = mode.side.other_mode_app
    if app.mode not in BINDINGS:
        raise NotExercised(f"there are no checks of {app.mode}, whose binding is needed")
    others = BINDINGS[app.mode](mode.context)
    theirs = others.bind_users(app=app)
    before = others.snapshot(theirs, app=app)
    yield theirs
    mode.same(rule, before, others.snapshot(theirs, app=app))


@check_each_mode(BINDINGS, "QUERY-007", needs=NEEDS)
def test_query_of_another_modes_binding(mode: BindingProfile) -> None:
    """A query by id does not show a binding of another mode."""
    with _theirs(mode, "QUERY-007") as theirs:
        answer = mode.query(subscriptionId=theirs.sub)
        mode.claim_refused("QUERY-007", answer, f"query of a binding of {mode.side.other_mode_app.mode}")
        mode.claim("QUERY-007", theirs.x not in answer.text, "the refusal shows the X of the other mode's binding")


@check_each_mode(BINDINGS, "UNBIND-006", needs=NEEDS)
def test_unbind_of_another_modes_binding(mode: BindingProfile) -> None:
    """An unbind by id does not dissolve a binding of another mode."""
    with _theirs(mode, "UNBIND-006") as theirs:
        answer = mode.unbind(subscriptionId=theirs.sub)
        mode.claim_refused("UNBIND-006", answer, f"unbind of a binding of {mode.side.other_mode_app.mode}")


@check_each_mode(BINDINGS, "MODIFY-002", needs=NEEDS)
def test_modify_of_another_modes_binding(mode: BindingProfile) -> None:
    """A modify by id does not change a binding of another mode."""
    with _theirs(mode, "MODIFY-002") as theirs:
        answer = mode.modify(theirs.sub)
        mode.claim_not_found("MODIFY-002", answer, f"modify of a binding of {mode.side.other_mode_app.mode}")
