"""The few sentences in which the checks speak.

It succeeds, it is refused, it shows, it is as before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.callbacks.completion import PATIENCE
from privnum.suites.printed.causes import KNOWN
from privnum.suites.runner.call_timing import wait_for_state
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.scheduler import Moment, poll_call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.number_pool import Kind

__all__ = [
    "CLOCKS_APART",
    "PATIENCE",
    "UNKNOWN",
    "answer_call",
    "cdr_of",
    "choice_of",
    "claim_cause",
    "claim_fields",
    "claim_one_cdr",
    "claim_put_through",
    "claim_refusal",
    "claim_success",
    "completed_call",
    "has_chosen",
    "known_fields",
    "longest_wait",
    "require_course",
    "seconds_to_events",
    "set_up_succeeds",
    "take_users",
    "wait_for_stragglers",
    "wait_until_ended",
]

UNKNOWN = "00000000-0000-4000-8000-00000000dead"
"""A subscriptionId that there is not."""
PARAMETER_ERROR = "500/1020001"
"""A refusal that the tables print among the failures of the platform: AXE's, and stop call's."""
CLOCKS_APART = 120
"""Seconds by which our clock and that of a target whose time we cannot read may differ."""
PAIR = 2
"""Users without whom there is nothing to bind."""


def take_users(context: CheckContext, *wanted: tuple[Kind, str]) -> list[str]:
    """A user of each kind and home.

    A plain mobile where there is none of it, and where there are no more, one again.

    Raises NotExercised where there are not even two.
    """
    users: list[str] = []
    for kind, home in wanted:
        try:
            users.append(_anybody(context, kind, home))
        except NotExercised:
            distinct = list(dict.fromkeys(users))
            if len(distinct) < PAIR:
                raise
            users.append(distinct[len(users) % len(distinct)])
    return users


def _anybody(context: CheckContext, kind: Kind, home: str) -> str:
    try:
        return context.user(kind, home)
    except NotExercised:
        return context.user()


def choice_of(context: CheckContext, assumption: str) -> contracts.Value:
    """What the target has chosen at an open point.

    For a rule that asks for no more than that. Raises NotExercised where neither target.toml nor a probe says what:
    then nothing is right, and nothing wrong.
    """
    if assumption in context.unsettled:
        raise NotExercised(f"it is not known what the target has chosen for {assumption}")
    return context.assumptions[assumption]


def has_chosen(context: CheckContext, assumption: str, value: contracts.Value) -> bool:
    """Whether the target is known to have chosen this at an open point."""
    return assumption not in context.unsettled and context.assumptions[assumption] == value


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_success(context: CheckContext, requirement: str, answer: Answer, what: str) -> bool:
    """Claim that `answer` is a success; give whether it is.

    Raises SetUpFailed where the check is not about that.
    """
    context.expect(requirement, answer.ok, f"{what}: expected success, came {answer.key} {answer.desc}")
    return answer.ok


def set_up_succeeds(context: CheckContext, by: str | None, plain: str, answer: Answer, what: str) -> bool:
    """Whether a bind that a check stands on succeeded.

    By the rule `by`, or as any `plain` one does.
    """
    message = f"{what}: expected success, came {answer.key} {answer.desc}"
    context.expect(by or plain, answer.ok, message, stands=by is None)
    return answer.ok


def claim_refusal(context: CheckContext, requirement: str, answer: Answer, what: str, code: str | None = None) -> None:
    """Claim that `answer` is a refusal; with `code`, that it has that code."""
    wanted = f"a refusal with {code}" if code else "a refusal"
    failure = answer.status >= 500 and answer.key != PARAMETER_ERROR
    ok = not answer.ok and not failure and code in (None, answer.code)
    context.claim(requirement, ok, f"{what}: expected {wanted}, came {answer.key} {answer.desc}")


def known_fields(operation: str, answer: Answer) -> Answer:
    """The answer without the fields that no document names, at any depth.

    They may say and do anything.
    """
    return answer if answer.body is None else replace(answer, body=_known_parts(_schema_of(operation), answer.body))


@cache
def _schema_of(operation: str) -> dict[str, Any]:
    return contracts.schema(contracts.operations()[operation].response)


def _known_parts(schema: dict[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_known_parts(schema.get("items", {}), element) for element in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    return {
        name: _known_parts(schema["properties"][name], v) for name, v in value.items() if name in schema["properties"]
    }


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_put_through(context: CheckContext, requirement: str, call: CallView, callee: str) -> None:
    """Claim that the call reaches `callee`."""
    came = f"reached {call.forwarded_to}, cause {call.release_cause}"
    ok = call.forwarded_to == callee
    context.expect(requirement, ok, f"{call.caller} calls X: expected to reach {callee}, {came}")


def completed_call(context: CheckContext, caller: str, x: str, *, seconds: int = 200, **plan: Any) -> CallView:
    """Place a call, let `seconds` pass, hang up what still runs.

    The call as it is then.
    """
    return wait_until_ended(context, context.call(caller, x, **plan), seconds)


def wait_until_ended(context: CheckContext, call: CallView, seconds: int = 200) -> CallView:
    """The call after `seconds`, hung up if it still runs.

    In real time as soon as it has ended.
    """
    if call.state != "ended":
        call = poll_call(context, call, lambda view: view.state == "ended", seconds)
    return call if call.state == "ended" else context.hang_up(call)


def longest_wait(context: CheckContext) -> int:
    """Seconds after its end in which the CDR of a call must have come.

    With those in which CDRs are collected.
    """
    return PATIENCE + int(context.assumptions["cdr.merge_seconds"])


def answer_call(context: CheckContext, call: CallView, seconds: int = 5) -> Moment:
    """When the call was answered, which takes this many seconds by its plan.

    Raises NotExercised where nobody does.
    """
    with Moment(context) as answered:
        call = wait_for_state(context, call, "answered", seconds)
    if context.controls_clock and call.answered_at is not None:
        answered.before = answered.after = call.answered_at.timestamp()
    if call.state != "answered" and not context.controls_clock:
        raise NotExercised(f"the telephone that was to answer the call did not: it is {call.state}")
    return answered


def require_course(call: CallView, with_: Iterable[str] = (), *, without: Iterable[str] = ()) -> None:
    """Raise NotExercised where the call did not go as planned.

    By the events that the driver reports.
    """
    came = {"callout": call.forwarded_at, "alerting": call.alerting_at, "answer": call.answered_at}
    wrong = [kind for kind in without if came[kind]] + [kind for kind in with_ if not came[kind]]
    if wrong:
        raise NotExercised(f"the call did not go as planned, by what the driver reports of it: {', '.join(wrong)}")


def seconds_to_events(context: CheckContext, call: CallView, **planned: int) -> dict[str, float]:
    """Seconds from the start of an ended call to each of these events.

    As the driver reports them.

    No platform and no telephone need keep to the second of a plan. What the driver does not report is left out; by a
    clock that stands it is as planned.
    """
    known = {"callin": call.started_at, "alerting": call.alerting_at, "answer": call.answered_at}
    known |= {"collectInfo": call.forwarded_at, "callout": call.forwarded_at, "disconnect": call.ended_at}
    reported = {kind: (at - call.started_at).total_seconds() for kind in planned if (at := known[kind]) is not None}
    return {**planned, **reported} if context.controls_clock else reported


def claim_fields(context: CheckContext, requirement: str, untold: str, info: Mapping[str, Any], **fields: Any) -> None:
    """Claim that an event has these values.

    One that it need not show, and does not, breaks `untold` alone.
    """
    for name, value in fields.items():
        came = info.get(name)
        sent = came not in (None, "")
        context.claim(untold, sent, f"the event does not carry {name}")
        if sent:
            same = came == value and type(came) is type(value)
            context.claim(requirement, same, f"{name}: expected {value!r}, came {came!r}")


def claim_cause(
    context: CheckContext, requirement: str, untold: str, what: str, info: Mapping[str, Any], cause: int | None
) -> None:
    """Claim that the disconnect of a call has `cause` and a text.

    The cause is a number of the table. `what` says in messages which call it is. What the event need not show, and does
    not, breaks `untold` alone.
    """
    code, desc = info.get("stateCode"), info.get("stateDesc")
    context.claim(untold, code not in (None, ""), f"{what}: the disconnect does not carry stateCode")
    if code is not None:
        known = type(code) is int and code in KNOWN
        context.claim(requirement, known, f"{what}: stateCode: expected a release cause, an integer, came {code!r}")
        context.claim(requirement, code == cause, f"{what}: stateCode: expected {cause}, came {code!r}")
    context.claim(untold, desc is not None, f"{what}: the disconnect does not carry stateDesc")
    if desc is not None:
        ok = isinstance(desc, str) and bool(desc)
        context.claim(requirement, ok, f"{what}: stateDesc: expected a text, came {desc!r}")


def wait_for_stragglers(context: CheckContext) -> None:
    """Let the time pass within which a push must come.

    In real time that after which none is waited for.
    """
    context.advance(longest_wait(context) if "clock" in context.session.capabilities else context.session.patience)


def cdr_of(context: CheckContext, call: CallView, requirement: str) -> dict[str, Any]:
    """The CDR of an ended call, waiting for the merge window.

    Claims `requirement` that there is one.
    """
    cdrs = context.cdrs(call)
    waited = 0 if "clock" in context.capabilities else longest_wait(context)
    while not cdrs and waited < longest_wait(context):
        context.advance(5)
        waited += 5
        cdrs = context.cdrs(call)
    context.expect(requirement, bool(cdrs), f"no CDR came within {waited} s after the end of the call")
    return dict(cdrs[0]) if cdrs else {}


def claim_one_cdr(context: CheckContext, call: CallView, requirement: str, what: str = "a call") -> None:
    """Claim that no second CDR of the call has come."""
    count = len(context.cdrs(call))
    context.claim(requirement, count <= 1, f"{what}: expected one CDR, came {count}")
