"""Answers of the customer: how long he has, and what the open ones do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.assertions import wait_until_ended
from privnum.suites.checks.x.scenarios import answered_with, close, connect
from privnum.suites.probes.common.call_timing import whole
from privnum.suites.probes.fixtures import cdr_of, one
from privnum.suites.runner.call_timing import wait_until_decided
from privnum.suites.runner.check import CannotSettle, probe
from privnum.suites.runner.scheduler import poll_call

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

PUSHED = ("calls", "receiver", "clock")
LONGEST = 600
"""Seconds after which no caller is on the line any more."""
NO_TONE, WRONG, FIXED_LINE, REAL_CALLER = 8006, 8014, 8023, 8024
NOT_UPLOADED = "never-uploaded.wav"


def causes_of(context: CheckContext, call: CallView) -> int | str:
    """The cause of a call that reached nobody, as driver and CDR have it."""
    if call.forwarded_to is not None:
        raise CannotSettle("the call was put through")
    call = wait_until_ended(context, call, 1)
    reason = cdr_of(context, call).get("ulFailReason")
    told = one(map(str, (call.release_cause, reason)))
    return int(told) if told.isdecimal() else told


def tells(context: CheckContext, call: CallView, callee: str, ok: str, **causes: int) -> str:
    """`ok` where the call reached its callee, else the word for its cause."""
    if call.forwarded_to == callee:
        context.hang_up(call)
        return ok
    call = wait_until_ended(context, call, 1)
    return next((word for word, cause in causes.items() if cause == call.release_cause), f"cause {call.release_cause}")


@probe("x.answer_seconds", needs=("calls", "clock", "application_settings", "callin_answer"))
def answer_seconds(context: CheckContext) -> int:
    """Seconds until a call ends whose customer answers a day later."""
    settings = {"event_url": "inbox:", "callin_answer": {"after": 86400, "body": close()}}
    context.set_application(context.x.app, **settings)
    call = context.call(context.user(), context.x.x())
    call = poll_call(context, call, lambda view: view.state == "ended", 0, late=LONGEST)
    return whole(call.started_at, call.ended_at, "how long a caller waits for the customer's answer")


@probe("x.no_answer_cause", needs=PUSHED)
def no_answer_cause(context: CheckContext) -> int | str:
    """The cause of calls that are answered with 500, and with nothing."""
    calls = (answered_with(context, connect(context.user()), status=500), answered_with(context, b""))
    seen = one(str(causes_of(context, call)) for call in calls)
    return int(seen) if seen.isdecimal() else seen


@probe("x.close_cause", needs=PUSHED)
def close_cause(context: CheckContext) -> int | str:
    """The cause of a call that the answer closes."""
    return causes_of(context, answered_with(context, close()))


@probe("x.several_infos", needs=("calls", "receiver"))
def several_infos(context: CheckContext) -> str:
    """A connectInfo with two objects."""
    first, second = context.user(), context.user()
    answer = {"operation": "connect", "connectInfo": [{"calleeNum": first}, {"calleeNum": second}]}
    return tells(context, answered_with(context, answer), first, "first", **{"8014": WRONG})


@probe("x.fixed_line_caller", needs=("calls", "receiver", "fixed_line_users"))
def fixed_line_caller(context: CheckContext) -> str:
    """A fixed line calls X."""
    callee = context.user()
    call = answered_with(context, connect(callee), caller=context.user("fixed_line"))
    return tells(context, call, callee, "ask", refuse=FIXED_LINE)


@probe("x.display_other_x", needs=("calls", "receiver", "two_x"))
def display_other_x(context: CheckContext) -> str:
    """Another X of the application as displayCalleeNum."""
    callee = context.user()
    call = answered_with(context, connect(callee, displayCalleeNum=context.x.x(1)))
    return tells(context, call, callee, "show", intercept=REAL_CALLER)


@probe("x.unused_tones", needs=("calls", "receiver"))
def unused_tones(context: CheckContext) -> str:
    """Tones that were not uploaded, beside no limit and no recording."""
    if context.x.app.tones is None:
        raise CannotSettle("it is not known which tones are uploaded")
    seen = []
    for tone in ("lastMinVoice", "recordHintTone"):
        callee = context.user()
        call = answered_with(context, connect(callee, **{tone: NOT_UPLOADED}))
        seen.append(tells(context, call, callee, "ignore", **{"8006": NO_TONE}))
    return one(seen)


@probe("x.recording_not_open", needs=("calls", "receiver", "application_settings"))
def recording_not_open(context: CheckContext) -> str:
    """RecordFlag true, for an application that may not record."""
    context.set_application(context.x.app, recording=False)
    callee = context.user()
    call = answered_with(context, connect(callee, recordFlag="true", recordHintTone=context.x.tone()))
    return tells(context, call, callee, "ignore", **{"8014": WRONG})


@probe("x.user_data_forbidden", needs=("calls", "receiver"))
def user_data_forbidden(context: CheckContext) -> str:
    """UserData with braces."""
    seen = []
    for sign in "{}":
        callee = context.user()
        call = answered_with(context, connect(callee, userData=f"order{sign}42"))
        seen.append(tells(context, call, callee, "accept", **{"8014": WRONG}))
    return one(seen)


@probe("x.event_repeats", needs=PUSHED)
def event_repeats(context: CheckContext) -> str:
    """A callin and a disconnect that are answered with 500.

    Ten minutes later they have been repeated, or not.
    """
    asked = answered_with(context, b"", status=500)
    call = answered_with(context, connect(context.user()))
    context.receiver.answer(status=500, kind="call_event")
    wait_until_decided(context, context.hang_up(call))
    context.advance(600)
    pushes = context.pushes()

    def count_sent(kind: str, of: CallView) -> int:
        return sum(push.event_type == kind and of.session_id in push.session_ids for push in pushes)

    counts = (count_sent("callin", asked), count_sent("disconnect", call))
    words = {(False, True): "others", (True, False): "callin"}
    return words.get((counts[0] > 1, counts[1] > 1), f"{counts} times")
