"""What rules of all modes are tried on.

The mode of the target that comes first. X comes last: nothing is bound in it, so its calls and the requests that every
mode has are tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from privnum.suites.checks.assertions import UNKNOWN, claim_success
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.checks.x.any_calls import CallsOfX
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.profile import BindingProfile
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.runner.mode_context import ModeContext
    from privnum.suites.target.config import App

__all__ = [
    "any_app",
    "any_calls",
    "any_mode",
    "any_request",
    "binds",
    "claim_form_accepted",
    "claim_served",
    "requests_of_all_modes",
]

OF_KEYS = ("1010003", "1010004", "1010008", "1010010", "1010013", "1010029", "1020166", "1020176")
"""Codes, beside those that begin with 1023, by which a request is refused for how it is signed, or by whom."""


def claim_served(context: CheckContext, requirement: str, bind: Answer, what: str) -> None:
    """Claim that a bind is served in the form that it has, as a plain one is.

    Raises SetUpFailed where it is refused for another reason than its form, and so is a plain one.
    """
    if not bind.ok and not _is_of_form(bind):
        any_mode(context).bind_users()
    claim_success(context, requirement, bind, what)


def _is_of_form(answer: Answer) -> bool:
    """Whether a request was refused for how it is signed, or by whom."""
    return answer.status == 401 or (answer.code or "").startswith("1023") or answer.code in OF_KEYS


def binds(context: CheckContext) -> bool:
    """Whether rules of all modes are tried on a mode with bindings."""
    return context.session.plain_mode in BINDINGS


def any_mode(context: CheckContext) -> BindingProfile:
    """The bindings in which rules of all modes are tried on the target.

    Raises NotExercised where it has only a mode without bindings.
    """
    mode = context.session.plain_mode
    if mode not in BINDINGS:
        raise NotExercised(f"nothing is bound in {mode}; the rule is tried on a mode with bindings", "application")
    return BINDINGS[mode](context)


class AnyCalls(Protocol):
    """What calls of any mode are tried with: see BindingProfile."""

    @property
    def side(self) -> ModeContext:
        """The applications of the mode."""
        ...

    @property
    def app(self) -> App:
        """The application that is tried."""
        ...

    def rule(self, family: str) -> str:
        """Return the id of a rule in this mode."""
        ...

    def bind_users(self, *, app: Any = None, **fields: Any) -> Any:
        """Bind fresh users; in X, the customer who answers."""
        ...

    def through(self, binding: Any, **plan: Any) -> CallView:
        """A finished call that was put through."""
        ...

    def begin_call(self, binding: Any) -> CallView:
        """A call that is answered 7 seconds later at the latest."""
        ...

    def refused_call(self) -> CallView:
        """A call that reaches nobody. It has ended."""
        ...


def any_calls(context: CheckContext) -> AnyCalls:
    """The calls in which rules of all modes are tried on the target."""
    return any_mode(context) if binds(context) else CallsOfX(context)


def any_app(context: CheckContext) -> App:
    """The application on which rules of all modes are tried."""
    return context.of(context.session.plain_mode).app


def requests_of_all_modes(context: CheckContext, *, app: App | None = None, sign: Any = None) -> Mapping[str, Answer]:
    """The answers to the requests that need no binding, by what they are.

    To stop a call that there is not, and to find a recording that there is not.
    """
    recording = {"recordDomain": "recordings.example.com", "fileName": f"{UNKNOWN}.wav"}
    return {
        "stop call": _stop_of_no_call(context, app, sign),
        "voice record address": context.request("common.recording", query=recording, app=app, sign=sign),
    }


def any_request(context: CheckContext, sign: Any = None) -> Answer:
    """The answer to a request that changes nothing.

    To the query of a binding that there is not, or to stop call of no call.
    """
    if binds(context):
        return any_mode(context).query(subscriptionId=UNKNOWN, sign=sign)
    return _stop_of_no_call(context, None, sign)


def _stop_of_no_call(context: CheckContext, app: App | None, sign: Any) -> Answer:
    """The answer to stop call of a call that there is not."""
    stop = {"sessionid": UNKNOWN, "signal": "call_stop"}
    return context.request("common.stop_call", body=stop, app=app, sign=sign)


def claim_form_accepted(context: CheckContext, requirement: str, answer: Answer, what: str) -> None:
    """Claim that a request is not refused for how it is signed.

    What it asks for there is not, so it is refused for that.
    """
    refused = _is_of_form(answer)
    context.claim(requirement, not refused, f"{what}: expected that it is read, came {answer.key} {answer.desc}")
