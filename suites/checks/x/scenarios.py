"""What X checks say and do again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from privnum.suites.runner.call_timing import wait_until_decided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__ = ["Customer", "answered_with", "call_asked_by_inbox", "claim_refused", "close", "connect"]


def connect(to: str, **fields: Any) -> dict[str, Any]:
    """An answer that puts a call through."""
    return {"operation": "connect", "connectInfo": {"calleeNum": to, **fields}}


def close(**fields: Any) -> dict[str, Any]:
    """An answer that ends a call; without fields it has no closeInfo."""
    return {"operation": "close", **({"closeInfo": fields} if fields else {})}


@dataclass(frozen=True, slots=True)
class Customer:
    """How the customer's server answers: in the place of a binding.

    It connects every caller to `callee`, with further `fields` of connectInfo.
    """

    x: str
    callee: str
    fields: Mapping[str, Any]
    sub: str = ""
    """There are no bindings, and so no id of one."""


def answered_with(
    context: CheckContext,
    answer: Mapping[str, Any] | bytes,
    *,
    status: int = 200,
    caller: str | None = None,
    **plan: Any,
) -> CallView:
    """A call whose callin the customer answers so, once it is decided."""
    caller = caller or context.user()
    context.x.answer_callins(caller, answer, status)
    return wait_until_decided(context, context.call(caller, context.x.x(), **plan))


def call_asked_by_inbox(context: CheckContext, answer: dict[str, Any], *, after: int, **plan: Any) -> CallView:
    """A call of which the target's own inbox is asked.

    It answers after a while of world time.
    """
    settings = {"event_url": "inbox:", "callin_answer": {"after": after, "body": answer}}
    context.set_application(context.x.app, **settings)
    return context.call(context.user(), context.x.x(), **plan)


def claim_refused(context: CheckContext, rule: str, call: CallView, what: str, *causes: int) -> None:
    """Claim that a call has reached nobody.

    With `causes`, that it ended with one of them.
    """
    came = f"reached {call.forwarded_to}, is {call.state} {call.release_cause}"
    ok = call.forwarded_to is None and call.state == "ended"
    context.claim(rule, ok, f"{what}: expected that nobody is reached, {came}")
    if causes and ok:
        message = f"{what}: release cause: expected {causes}, came {call.release_cause}"
        context.claim(rule, call.release_cause in causes, message)
