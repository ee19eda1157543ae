"""Notices of SMS, Notify and Block, and the verdict in their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from privnum import contracts
from privnum.mockserver.core import numbers
from privnum.mockserver.core.timestamps import milliseconds
from privnum.mockserver.pushes.outcomes import first_signs
from privnum.mockserver.sms.text import parts

if TYPE_CHECKING:
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.sms.message import Sms

__all__ = ["Discard", "NoVerdict", "Route", "body_of", "no_answer_text", "parts_of", "verdict_of"]


#: Most characters of appKey in a notice.
_LONGEST_KEY: Final = 32


class Route(NamedTuple):
    """The customer's verdict: forward the SMS to that number."""

    to: str
    user_data: str | None


class Discard(NamedTuple):
    """The customer's verdict: let the SMS go nowhere."""

    user_data: str | None


class NoVerdict(NamedTuple):
    """What the customer answered is no verdict.

    `problem` says what was wrong, and what would be right.
    """

    problem: str


def body_of(sms: Sms, mode: str, sent: int, assumptions: Assumptions) -> bytes:
    """Return a "Notify" or "Block", keys in the order of the examples.

    `sent` is its splitNum: the parts that were sent, in a Block those that there are (SMS-002, SMS-003,
    SMS-005, SMS-007, SMS-009, SMS-016, SMS-017, SMS-018, AX-SMS-026).
    """
    event: dict[str, Any] = {"smsIdentifier": sms.identifier, "notificationMode": mode, "calling": sms.sender}
    if sms.delivered_to is not None:
        event["called"] = sms.delivered_to
    event["virtualNumber"] = sms.x.number
    event["event"] = assumptions.text("sms.event")
    event["timeStamp"] = milliseconds(sms.created_ms)
    if sms.terms is not None:
        event["subscriptionId"] = sms.terms.subscription_id
    if sms.x.app.sms_content:
        event["smsContent"] = sms.text
    told = {"splitNum": sent, "direction": sms.direction}
    event["extInfo"] = {"extParas": [{"key": key, "value": str(value)} for key, value in told.items()]}
    event["sendResult"] = sms.result or 0
    if assumptions["cdr.ask_support_fields"] == "present":
        event["areaCode"] = sms.x.area_code or ""
    if sms.user_data is not None:
        event["userData"] = sms.user_data
    return orjson.dumps({"appKey": sms.x.app.app_key[:_LONGEST_KEY], "smsEvent": event})


def parts_of(sms: Sms, text: str) -> int:
    """Return in how many parts an SMS is sent (AX-SMS-006).

    What was written counts where it is longer.
    """
    return max(parts(text), parts(sms.text))


def verdict_of(body: bytes, mode: str, several: str) -> Route | Discard | NoVerdict:
    """Return the verdict in the answer to a Block, or why it is none.

    `mode` is that of the application that was asked.
    `several` says which of several actions counts, as sms.several_actions does.

    AX-SMS-027, AX-SMS-028, AX-SMS-031, AX-SMS-032, COM-OPEN-962.
    """
    try:
        answer = orjson.loads(body)
    except ValueError:
        return NoVerdict(f"The verdict must be a JSON object, not {first_signs(body)!r}. [{mode}-SMS-032]")
    validator = contracts.validator(f"{mode.lower()}/sms_block.answer")
    if not validator.is_valid(answer) and (problem := validator.first_problem(answer)) is not None:
        return NoVerdict(f"{problem.message} [{mode}-SMS-032]")
    actions = answer["actions"]
    if isinstance(actions, list) and len(actions) > 1 and several == "none":
        return NoVerdict("actions must have one action; of several none counts (sms.several_actions). [COM-OPEN-962]")
    action = actions[-1 if several == "last" else 0] if isinstance(actions, list) else actions
    user_data = action.get("userData")
    if action["operation"] == "DiscardMessage":
        return Discard(user_data)
    called = action.get("message", {}).get("called")
    if called is None or numbers.kind(called) is None:
        right = "message.called must be a phone number, like +8613900000002"
        came = "; it is missing" if called is None else f", not {contracts.mask(called)[:40]!r}"
        return NoVerdict(f"{right}{came}. [{mode}-SMS-027]")
    return Route(called, user_data)


def no_answer_text(mode: str, came: str, choice: str) -> str:
    """Return what was wrong where a Block had no answer at all.

    `came` is what came in its place, `choice` which status counts as success.
    """
    right = f"a Block must be answered in time, with {choice} and actions; no such answer came"
    return f"{right}, but: {came} [{mode}-SMS-029]"
