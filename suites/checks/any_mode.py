"""What rules of all modes are tried on.

The mode of the target that comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import claim_success
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.profile import BindingProfile
    from privnum.suites.runner.context import CheckContext

__all__ = ["any_mode", "claim_served"]

OF_KEYS = ("1010003", "1010004", "1010008", "1010010", "1010013", "1010029", "1020166", "1020176")
"""Codes, beside those that begin with 1023, by which a request is refused for how it is signed, or by whom."""


def claim_served(context: CheckContext, requirement: str, bind: Answer, what: str) -> None:
    """Claim that a bind is served in the form that it has, as a plain one is.

    Raises SetUpFailed where it is refused for another reason than its form, and so is a plain one.
    """
    of_form = bind.status == 401 or (bind.code or "").startswith("1023") or bind.code in OF_KEYS
    if not bind.ok and not of_form:
        any_mode(context).bind_users()
    claim_success(context, requirement, bind, what)


def any_mode(context: CheckContext) -> BindingProfile:
    """The bindings in which rules of all modes are tried on the target.

    Raises NotExercised where it has only a mode without bindings.
    """
    mode = context.session.plain_mode
    if mode not in BINDINGS:
        raise NotExercised(f"nothing is bound in {mode}; the rule is tried on a mode with bindings", "application")
    return BINDINGS[mode](context)
