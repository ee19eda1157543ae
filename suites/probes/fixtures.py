"""What probes have in common: a binding to try things on, and words for what was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.axb.scenarios import Pair
from privnum.suites.runner.check import CannotSettle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.profile import AnyBinding
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["Way", "cdr_of", "code_or", "given", "key_or", "one", "some_x", "tied", "way", "without_axb"]


def given(
    context: CheckContext, a: str | None = None, b: str | None = None, x: str | None = None, **fields: Any
) -> Pair:
    """A binding. Raises CannotSettle where the target takes none."""
    a, b, x = a or context.user(), b or context.user(), x or context.axb.x()
    answer = context.axb.bind(a, b, x, **fields)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return Pair(a, b, x, str(answer["subscriptionId"]), answer)


def without_axb(context: CheckContext) -> bool:
    """Whether AXE alone is checked; what holds in every mode is found out with it then."""
    return context.session.plain_mode == "AXE"


def tied(context: CheckContext, **fields: Any) -> AnyBinding:
    """A binding of whichever mode is tried. Raises CannotSettle where the target takes none."""
    api = any_mode(context)
    body = api.body(**fields)
    answer = api.ask("bind", body=body)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return api.read(body, answer)


def some_x(context: CheckContext) -> str:
    """An X that may be called by a stranger."""
    return context.axe.x() if without_axb(context) else context.axb.x()


@dataclass(frozen=True, slots=True)
class Way:
    """A call that is put through: `plan` is what the caller enters."""

    caller: str
    x: str
    callee: str
    sub: str
    plan: dict[str, Any] = field(default_factory=dict)


def way(context: CheckContext, **fields: Any) -> Way:
    """A binding and a call through it. Raises CannotSettle where the target takes none."""
    if not without_axb(context):
        pair = given(context, **fields)
        return Way(pair.a, pair.x, pair.b, pair.sub)
    answer = context.axe.bind(a := context.user(), x := context.axe.x(), **fields)
    if not answer.ok:
        raise CannotSettle(f"a plain bind was answered with {answer.key}")
    return Way(context.user(), x, a, str(answer["subscriptionId"]), {"digits": [str(answer["extendNum"])]})


def code_or(answer: Answer, success: str) -> str:
    """The code of a refusal, or the word for a success."""
    return success if answer.ok else str(answer.code)


def key_or(answer: Answer, success: str) -> str:
    """Status and code of a refusal, or the word for a success."""
    return success if answer.ok else answer.key


def one(seen: Iterable[str]) -> str:
    """The one word that was seen each time; where there were several, all of them, which is no reading."""
    return " / ".join(dict.fromkeys(seen))


def cdr_of(context: CheckContext, call: CallView) -> dict[str, Any]:
    """The CDR of an ended call. Raises CannotSettle where none comes."""
    for _ in range(PATIENCE):
        if cdrs := context.cdrs(call):
            return cdrs[0]
        context.advance(1)
    raise CannotSettle(f"no CDR came within {PATIENCE} s")
