"""What the AXE probes have in common.

A binding to try things on, a caller who is known, and whom A reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import completed_call
from privnum.suites.checks.axe.scenarios import Binding, with_both_times
from privnum.suites.runner.check import CannotSettle

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AREA", "completed_extension_call", "reached_word", "require_binding", "wrong_digits"]

AREA = "0755"


def require_binding(
    context: CheckContext, a: str | None = None, x: str | None = None, *, app: App | None = None, **fields: Any
) -> Binding:
    """A binding. Raises CannotSettle where the target takes none."""
    a, x = a or context.user(), x or context.axe.x(app=app)
    answer = context.axe.bind(a, x, app=app, **with_both_times(fields))
    if not answer.ok:
        raise CannotSettle(f"a bind with {sorted(fields) or 'nothing more'} was answered with {answer.key}")
    return Binding(a, x, str(answer["extendNum"]), str(answer["subscriptionId"]), answer)


def completed_extension_call(context: CheckContext, binding: Binding, **plan: Any) -> CallView:
    """A finished call through X and the extension.

    A hangs up 5 seconds after his answer unless `plan` differs.

    Raises CannotSettle where A was not reached.
    """
    whole: dict[str, Any] = {"digits": [binding.extension], "hang_up_after": 5, "seconds": 30} | plan
    call = completed_call(context, context.user(), binding.x, **whole)
    if call.forwarded_to != binding.a:
        raise CannotSettle(f"a call with the extension reached {call.forwarded_to}, cause {call.release_cause}")
    return call


def reached_word(context: CheckContext, binding: Binding, words: dict[str, str]) -> str:
    """The word for whom A reaches by dialling X; the call is hung up."""
    call = context.call(binding.a, binding.x)
    if call.state != "ended":
        context.hang_up(call)
    return words.get(str(call.forwarded_to), f"reached {call.forwarded_to}, cause {call.release_cause}")


def wrong_digits(context: CheckContext, binding: Binding) -> str:
    """An unbound extension, where `binding` is the only one on its X."""
    digits = context.axe.app.extension_digits
    return next(text for number in (1, 2) if (text := f"{number:0{digits}d}") != binding.extension)
