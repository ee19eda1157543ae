"""What probes have in common.

A binding to try things on, and words for what was seen.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.any_mode import any_calls, any_mode, binds
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.axb.scenarios import Pair
from privnum.suites.checks.bindings.binding import Route
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import CannotSettle, NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.any_mode import AnyCalls
    from privnum.suites.checks.bindings.binding import AnyBinding
    from privnum.suites.checks.bindings.profile import BindingProfile
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = [
    "calls_of",
    "cdr_of",
    "code_or",
    "key_or",
    "one",
    "require_binding",
    "tied",
    "tied_in_each_mode",
    "way",
]


def require_binding(
    context: CheckContext, a: str | None = None, b: str | None = None, x: str | None = None, **fields: Any
) -> Pair:
    """A binding. Raises CannotSettle where the target takes none."""
    a, b, x = a or context.user(), b or context.user(), x or context.axb.x()
    answer = context.axb.bind(a, b, x, **fields)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return Pair(a, b, x, str(answer["subscriptionId"]), answer)


def tied(context: CheckContext, **fields: Any) -> AnyBinding:
    """A binding of whichever mode is tried.

    Raises CannotSettle where the target takes none.
    """
    answer, binding = any_mode(context).try_bind(**fields)
    if binding is None:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return binding


def tied_in_each_mode(context: CheckContext) -> list[tuple[BindingProfile, AnyBinding]]:
    """A binding of each mode that is checked and takes one.

    Raises CannotSettle where none does: modes that differ are no choice of the target's.
    """
    found, answers = [], []
    for mode in context.session.scope:
        if mode in BINDINGS:
            api = BINDINGS[mode](context)
            with suppress(NotExercised):  # without an application, or a number that is free
                answer, binding = api.try_bind()
                answers.append(answer.key)
                found += [] if binding is None else [(api, binding)]
    if not found:
        raise CannotSettle(f"plain binds were answered with {', '.join(answers) or 'nothing'}")
    return found


def calls_of(context: CheckContext) -> tuple[AnyCalls, Any]:
    """Calls of whichever mode is tried, and what puts them through.

    It is a binding, or in X, where nothing is bound, a customer who answers. Raises CannotSettle where the target
    takes no binding.
    """
    calls = any_calls(context)
    return calls, tied(context) if binds(context) else calls.bind_users()


def way(context: CheckContext, **fields: Any) -> Route:
    """A call that a new binding puts through, or in X a customer who answers.

    `fields` are those of the bind, or of connectInfo. Raises CannotSettle where the target takes no binding.
    """
    if binds(context):
        return any_mode(context).routes(tied(context, **fields))[0]
    caller, callee = context.user(), context.user()
    context.x.connects(caller, callee, **fields)
    return Route(caller, context.x.x(), callee, {})


def code_or(answer: Answer, success: str) -> str:
    """The code of a refusal, or the word for a success."""
    return success if answer.ok else str(answer.code)


def key_or(answer: Answer, success: str) -> str:
    """Status and code of a refusal, or the word for a success."""
    return success if answer.ok else answer.key


def one(seen: Iterable[str]) -> str:
    """The one word that was seen each time.

    Where there were several, all of them, which is no choice.
    """
    return " / ".join(dict.fromkeys(seen))


def cdr_of(context: CheckContext, call: CallView) -> dict[str, Any]:
    """The CDR of an ended call. Raises CannotSettle where none comes."""
    for _ in range(PATIENCE):
        if cdrs := context.cdrs(call):
            return cdrs[0]
        context.advance(1)
    raise CannotSettle(f"no CDR came within {PATIENCE} s")
