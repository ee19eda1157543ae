"""What a customer hears of a call whose binding has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import claim_fields, require_course, wait_until_ended

if TYPE_CHECKING:
    from collections.abc import Collection

    from privnum.suites.checks.calls.profile import CallProfile, Way
    from privnum.suites.driver.protocol import CallView

__all__ = ["PUSHED_RULES", "claim_pushes", "goes_its_way", "runs"]

PUSHED_RULES = ("EVENT-001", "EVENT-007", "EVENT-008", "CDR-001", "CDR-004", "CDR-005", "CDR-010")
"""The rules that `claim_pushes` claims, and so checks that use it cite."""


def claim_pushes(
    calls: CallProfile, call: CallView, way: Way, user_data: Collection[str] = (), *, answered: bool = True
) -> dict[str, Any]:
    """Claim that an ended call's pushes are those of its way.

    As it was when the call was put through.

    `user_data` are the binding's texts at any time of the call. Gives the CDR.
    """
    pushes = calls.context.events(call)
    kinds = sorted(push.event_type for push in pushes)
    if answered:
        calls.claim(way.events_rule, kinds == sorted(way.events), f"expected {way.events}, came {kinds}")
    else:
        ok = kinds.count("disconnect") == 1 and "answer" not in kinds
        calls.claim("EVENT-002", ok, f"expected one disconnect and no answer, came {kinds}")
    untold = calls.rule("EVENT-012")
    for push in pushes:
        if push.event_type in calls.named_in:
            claim_fields(calls.context, calls.rule("EVENT-008"), untold, push.info, subscriptionId=way.sub)
        if push.event_type == "callout":
            claim_fields(calls.context, calls.rule("EVENT-007"), untold, push.info, called=way.callee)
    cdr = calls.cdr(call)
    calls.cdr_says("CDR-005", cdr, **way.numbers)
    if calls.names_binding:
        sub = cdr.get("subscriptionId")
        calls.claim("CDR-010", sub == way.sub, f"CDR subscriptionId: expected {way.sub}, came {sub!r}")
    if way.direction is not None:
        came = cdr.get("direction")
        message = f"CDR direction: expected {way.direction}, came {came!r}"
        calls.claim("CDR-004", came == way.direction, message)
    data = cdr.get("userData")
    ok = not data or not user_data or data in user_data
    calls.claim("CDR-012", ok, f"CDR userData: expected one of {sorted(user_data)}, came {data!r}")
    for rule, (value, *names) in way.on_top.items():
        found = {cdr[name] for name in names if cdr.get(name)}
        calls.claim(rule, found == {value}, f"CDR {' or '.join(names)}: expected {value}, came {sorted(found)}")
    return cdr


def runs(calls: CallProfile, rule: str, call: CallView, way: Way, when: str) -> None:
    """Claim that the call runs and is with whom it was."""
    now = calls.context.look(call)
    ok = now.state != "ended" and now.forwarded_to == way.callee
    came = f"is {now.state} {now.release_cause}, with {now.forwarded_to}"
    calls.claim(rule, ok, f"{when}: expected the call to go on with {way.callee}, {came}")


def goes_its_way(calls: CallProfile, rule: str, call: CallView, way: Way, *user_data: str) -> dict[str, Any]:
    """Claim that the call is answered and hung up as planned; give its CDR.

    With cause 0, in its pushes too.
    """
    call = wait_until_ended(calls.context, call)
    require_course(call, ("answer",))
    ok = call.forwarded_to == way.callee and call.release_cause == 0
    came = f"came {call.forwarded_to} with {call.release_cause}"
    calls.claim(rule, ok, f"expected a call with {way.callee} that ends with 0, {came}")
    return claim_pushes(calls, call, way, user_data)
