"""What events and CDRs of X mode have that those of other modes do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import answer_call, cdr_of, require_course, wait_until_ended
from privnum.suites.checks.x.scenarios import answered_with, close, connect
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext

PUSHED = ("calls", "receiver", "clock")
LATER = ("callout", "alerting", "answer", "disconnect")
SIDES: dict[str, int] = {"caller": 1, "callee": 2}


def _info_by_event(context: CheckContext, call: CallView) -> dict[str, dict[str, Any]]:
    """The statusInfo of each event of a call, by eventType."""
    return {push.event_type: push.info for push in context.events(call)}


@check("X-EVENT-101", "X-EVENT-102", "X-EVENT-012", needs=PUSHED)
def test_questions_and_notes(context: CheckContext) -> None:
    """Callin is a question, whatever its answer; what comes later is a note."""
    answers = (connect(context.user()), close(), b"no JSON")
    for answer in answers:
        call = wait_until_ended(context, answered_with(context, answer, hang_up_after=5))
        for kind, info in _info_by_event(context, call).items():
            mode = info.get("notifyMode")
            if kind == "callin":
                context.claim("X-EVENT-012", mode is not None, "callin does not have notifyMode")
                ok = mode in (None, "Block")
                context.claim("X-EVENT-101", ok, f"notifyMode of callin: expected Block, came {mode!r}")
            else:
                ok = mode in (None, "Notify")
                context.claim("X-EVENT-102", ok, f"notifyMode of {kind}: expected Notify, came {mode!r}")


@check("X-EVENT-103", "X-CDR-012", needs=PUSHED)
@pytest.mark.parametrize("behaviour", ["answer", "busy"])
def test_user_data_comes_back(context: CheckContext, behaviour: str) -> None:
    """UserData of the answer is in each later event and in the CDR.

    Of this call and no other.
    """
    for data in ("order-42", "", "order-43 !#%&*()[]|~"):
        call = answered_with(context, connect(context.user(), userData=data), behaviour=behaviour, hang_up_after=5)
        call = wait_until_ended(context, call)
        told = _info_by_event(context, call)
        for kind in told.keys() & {*LATER}:
            came = told[kind].get("userData") or ""
            context.claim("X-EVENT-103", came == data, f"userData of {kind}: expected {data!r}, came {came!r}")
        _claim_user_data_of_cdr(context, call, data)


@check("X-EVENT-103", "X-CDR-012", needs=PUSHED)
def test_user_data_of_a_closing(context: CheckContext) -> None:
    """So is that of a closing answer, in disconnect and in the CDR."""
    call = answered_with(context, close(userData="closed-42"))
    came = _info_by_event(context, call).get("disconnect", {}).get("userData")
    context.claim("X-EVENT-103", came == "closed-42", f"userData of disconnect: expected 'closed-42', came {came!r}")
    _claim_user_data_of_cdr(context, call, "closed-42")


def _claim_user_data_of_cdr(context: CheckContext, call: CallView, data: str) -> None:
    """Claim that it is there, and that it is that of the answer."""
    came = cdr_of(context, call, "X-CDR-001").get("userData")
    message = f"userData of the CDR: expected {data!r}, came {came!r}"
    context.claim("X-EVENT-103", (came or "") == data, message)
    context.claim("X-CDR-012", came is None or came == data, message)


@check("X-EVENT-104", needs=PUSHED)
def test_no_subscription_id_in_callin(context: CheckContext) -> None:
    """Callin names no binding."""
    for answer in (connect(context.user()), close()):
        call = wait_until_ended(context, answered_with(context, answer, hang_up_after=5))
        sub = _info_by_event(context, call).get("callin", {}).get("subscriptionId")
        context.claim("X-EVENT-104", not sub, f"callin carries the subscriptionId {sub!r}")


@check("X-EVENT-105", "X-CDR-102", needs=PUSHED)
@pytest.mark.parametrize("how", ["plan", "driver"])
@pytest.mark.parametrize("side", ["caller", "callee"])
def test_who_hung_up(context: CheckContext, side: Any, how: str) -> None:
    """CallRelDirection is 1 where the caller hung up, 2 where the callee did.

    Where it has one.
    """
    plan: dict[str, Any] = {}
    if how == "plan":
        plan = {"hang_up_after": 5} if side == "callee" else {"caller_hangs_up_after": 30}
    call = answered_with(context, connect(context.user()), **plan)
    if how == "driver":
        answer_call(context, call)
        call = context.hang_up(context.look(call), side)
    call = wait_until_ended(context, call)
    require_course(call, ("answer",))
    wanted = SIDES[side]
    cdr = cdr_of(context, call, "X-CDR-001")
    for rule, where, told in (
        ("X-EVENT-105", "disconnect", _info_by_event(context, call).get("disconnect", {})),
        ("X-CDR-102", "the CDR", cdr),
    ):
        came = told.get("callRelDirection")
        context.claim(rule, came in (None, wanted), f"callRelDirection of {where}: expected {wanted}, came {came!r}")


@check("X-CDR-101", needs=PUSHED)
def test_a_cdr_of_x_mode_says_so(context: CheckContext) -> None:
    """NotifyMode of a CDR is Block, whatever became of the call."""
    for answer in (connect(context.user()), close(), b"no JSON"):
        call = wait_until_ended(context, answered_with(context, answer, hang_up_after=5))
        mode = cdr_of(context, call, "X-CDR-001").get("notifyMode")
        context.claim("X-CDR-101", mode == "Block", f"CDR notifyMode: expected 'Block', came {mode!r}")
