"""Pushes: to which addresses they go, and that these go each its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.callbacks.replies import Reply
from privnum.suites.checks.any_mode import any_calls, any_mode, binds
from privnum.suites.checks.assertions import PATIENCE, cdr_of, longest_wait
from privnum.suites.checks.common.test_push import KINDS, NEEDS, Kind, ended_call, failing_reply
from privnum.suites.checks.x.any_calls import CallsOfX
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

FULL = frozenset(("callin", "callout", "alerting", "answer", "disconnect"))
"""The events that an answered call has in every mode."""


@check("COM-PUSH-006", needs=(*NEEDS, "application_settings", "push_addresses"))
@pytest.mark.parametrize("kind", KINDS)
def test_no_address_no_push(context: CheckContext, kind: Kind) -> None:
    """Without its address a kind of push is not sent, now or later.

    The other kind is.
    """
    setting = "event_url" if kind == "call_event" else "fee_url"
    api = any_calls(context)
    context.set_application(api.app, **{setting: None})
    call = api.through(api.bind_users(), hang_up_after=4)
    context.advance(86400)
    kinds = {push.kind for push in context.pushes() if call.session_id in push.session_ids}
    context.claim("COM-PUSH-006", kinds == set(KINDS) - {kind}, f"without {setting}: came {sorted(kinds)}")


@check("COM-PUSH-009", needs=(*NEEDS, "application_settings", "push_addresses"))
@pytest.mark.parametrize("others", [True, False], ids=["with_others", "without_others"])
def test_an_address_for_callin_alone(context: CheckContext, others: bool) -> None:
    """A callin goes to its own address alone, other events to the usual one."""
    api, box = any_mode(context), context.receiver
    context.try_application(api.app, callin_url=box.callin_url)
    if not others:
        context.set_application(api.app, event_url=None)
    call = api.through(api.bind_users(), hang_up_after=4)
    cdr_of(context, call, api.rule("CDR-001"))
    context.advance(PATIENCE)  # whatever of the call comes later than its CDR
    events = [push for push in context.pushes() if push.kind == "call_event" and call.session_id in push.session_ids]
    if not any(push.event_type == "callin" for push in events):
        raise NotExercised("the call brought no callin, which is the affair of the rules of events")
    for push in events:
        wanted = box.callin_url if push.event_type == "callin" else box.event_url if others else "nowhere"
        right = box.came_to(wanted, push.path)
        context.claim("COM-PUSH-009", right, f"{push.event_type} came to {push.path}; {wanted} would be right")
    if others:
        lacking = sorted(FULL - {push.event_type for push in events})
        context.claim("COM-PUSH-009", not lacking, f"of the call no {' or '.join(lacking)} came to {box.event_url}")


@check("COM-PUSH-010", needs=(*NEEDS, "second_application"))
@pytest.mark.parametrize("way", ["500", "closed", "late"])
def test_a_failing_customer_holds_up_nobody_else(context: CheckContext, way: str) -> None:
    """While pushes of one application fail, another is served and pushed to.

    The customer refuses them, closes the connection, or answers too late.
    """
    api = any_calls(context)
    other = api.side.second_app
    context.receiver.answer_of(api.app, failing_reply(context, way))
    ended_call(context, *KINDS)
    if way == "late":
        context.receiver.answer_of(api.app, Reply())  # its repeats need not be waited for
    session = _call_of_another(context, other).session_id
    context.advance(longest_wait(context))
    kinds = {push.kind for push in context.pushes() if session in push.session_ids}
    context.claim(
        "COM-PUSH-010", kinds == set(KINDS), f"pushes of another application fail: of a call came {sorted(kinds)} only"
    )


def _call_of_another(context: CheckContext, app: App) -> CallView:
    """A finished call of an application, which must be served for it.

    Raises NotExercised where it is not, which the claim says.
    """
    if not binds(context):
        calls = CallsOfX(context)
        return calls.through(calls.bind_users(app=app), hang_up_after=4)
    api = any_mode(context)
    bind, binding = api.try_bind(app=app)
    context.claim("COM-PUSH-010", bind.ok, f"pushes of another application fail: a bind was answered with {bind.key}")
    if binding is None:
        raise NotExercised("nothing is bound by which another application has a call")
    return api.through(binding, hang_up_after=4)
