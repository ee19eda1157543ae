"""Answers that put a call through, or close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import cdr_of, claim_put_through, wait_until_ended
from privnum.suites.checks.x.scenarios import answered_with, claim_refused, close, connect
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

NO_TONE, REAL_CALLER = 8006, 8024
NOT_UPLOADED = "never-uploaded.wav"
USED_TONES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("waitVoice", {}),
    ("lastMinVoice", {"maxDuration": 60}),
    ("recordHintTone", {"recordFlag": "true"}),
)
"""Tones that a call needs, and what makes it need them."""


@check("X-CALL-104")
def test_each_call_goes_where_its_answer_says(context: CheckContext) -> None:
    """Calls to one X reach the callee of their own answer.

    One after the other, and at a time.
    """
    x, callers, callees = context.x.x(), (context.user(), context.user()), (context.user(), context.user())
    for first, second in (callees, callees[::-1]):
        for caller, callee in zip(callers, (first, second), strict=True):
            call = answered_with(context, connect(callee), caller=caller)
            claim_put_through(context, "X-CALL-104", call, callee)
    context.claim("X-CALL-104", x == context.x.x(), "the X of the application has changed")


@check("X-CALL-104", needs=("calls", "receiver", "two_x"))
def test_each_x_of_the_application(context: CheckContext) -> None:
    """Every X of an application asks the same customer."""
    for place in range(2):
        caller, callee = context.user(), context.user()
        context.x.connects(caller, callee)
        call = context.call(caller, context.x.x(place))
        call = wait_until_ended(context, call, 0) if call.state == "ended" else call
        claim_put_through(context, "X-CALL-104", call, callee)


@check("X-CALL-008")
def test_a_callee_on_a_fixed_line(context: CheckContext) -> None:
    """A fixed line that the answer names is reached."""
    line = context.user("fixed_line")
    claim_put_through(context, "X-CALL-008", answered_with(context, connect(line)), line)


@check("X-CALL-105", needs=("calls", "receiver", "clock"))
@pytest.mark.parametrize("named", [False, True])
def test_the_callee_sees_x(context: CheckContext, *, named: bool) -> None:
    """X is shown, where the answer names it and where it names nothing.

    The CDR says so.
    """
    callee, x = context.user(), context.x.x()
    fields = {"displayCalleeNum": x} if named else {}
    call = answered_with(context, connect(callee, **fields), hang_up_after=5)
    claim_put_through(context, "X-CALL-105", call, callee)
    context.claim("X-CALL-105", call.displayed in (None, x), f"the callee sees {call.displayed}, not {x}")
    shown = cdr_of(context, wait_until_ended(context, call), "X-CDR-001").get("fwdDisplayNum")
    context.claim("X-CDR-005", shown in (None, "", x), f"fwdDisplayNum: expected {x}, came {shown!r}")


@check("X-CALL-106")
def test_the_real_caller_is_not_shown(context: CheckContext) -> None:
    """A call that would show the real caller is intercepted with 8024."""
    caller = context.user()
    call = answered_with(context, connect(context.user(), displayCalleeNum=caller), caller=caller)
    call = wait_until_ended(context, call, 60) if call.forwarded_to is None else call
    claim_refused(context, "X-CALL-106", call, "displayCalleeNum is the caller", REAL_CALLER)


@check("X-CALL-107")
@pytest.mark.parametrize("form", ["object", "list"])
def test_an_object_or_a_list_of_one(context: CheckContext, form: str) -> None:
    """ConnectInfo and closeInfo in both forms say the same."""
    callee = context.user()
    info: Any = {"calleeNum": callee, "userData": "form"}
    call = answered_with(context, {"operation": "connect", "connectInfo": info if form == "object" else [info]})
    claim_put_through(context, "X-CALL-107", call, callee)
    info = {"userData": "form"}
    call = answered_with(context, {"operation": "close", "closeInfo": info if form == "object" else [info]})
    claim_refused(context, "X-CALL-107", call, f"close with closeInfo as {form}")


@check("X-CALL-108", "X-CALL-104")
@pytest.mark.parametrize(("tone", "beside"), USED_TONES, ids=[name for name, _ in USED_TONES])
def test_tones_of_a_connection(context: CheckContext, tone: str, beside: dict[str, Any]) -> None:
    """A tone that was not uploaded ends the call with 8006.

    With one that was, it is put through.
    """
    _require_tones(context)
    callee = context.user()
    hint = {"recordHintTone": context.x.tone()} if "recordFlag" in beside else {}
    good = {**beside, **hint, tone: context.x.tone()}
    claim_put_through(context, "X-CALL-104", answered_with(context, connect(callee, **good)), callee)
    call = answered_with(context, connect(callee, **{**good, tone: NOT_UPLOADED}))
    claim_refused(context, "X-CALL-108", call, f"{tone} that was not uploaded", NO_TONE)


@check("X-CALL-108", "X-CALL-109")
def test_the_tone_of_a_closing(context: CheckContext) -> None:
    """So does closeHintTone."""
    _require_tones(context)
    call = answered_with(context, close(closeHintTone=context.x.tone()))
    claim_refused(context, "X-CALL-109", call, "close with a tone")
    call = answered_with(context, close(closeHintTone=NOT_UPLOADED))
    claim_refused(context, "X-CALL-108", call, "closeHintTone that was not uploaded", NO_TONE)


@check("X-CALL-109")
@pytest.mark.parametrize("fields", [{}, {"userData": "no"}], ids=["bare", "with userData"])
def test_close_ends_the_call(context: CheckContext, fields: dict[str, Any]) -> None:
    """Close reaches nobody, whatever else the answer has."""
    claim_refused(context, "X-CALL-109", answered_with(context, close(**fields)), "close")
    both = {**close(**fields), "connectInfo": {"calleeNum": context.user()}}
    claim_refused(context, "X-CALL-109", answered_with(context, both), "close beside a connectInfo")


def _require_tones(context: CheckContext) -> None:
    """Raise NotExercised where every name counts as uploaded."""
    if context.x.app.tones is None:
        raise NotExercised("it is not known which tones are uploaded", "tones")
