"""What a push is about, as its body and headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.transport.client import read_token

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BLOCK", "Kind", "asks_about", "fees_of", "keys_of", "kind_of", "sessions_of"]

Kind = Literal["call_event", "cdr", "number_status", "sms_notify", "sms_block"]
BLOCK = "Block"
"""notificationMode of a notice of an SMS that is a question."""
_KINDS: Mapping[object, Kind] = {"fee": "cdr", "numStatus": "number_status"}
"""Kind of a push by its eventType; any other is a call event. The status of numbers comes to the address of those."""


def kind_of(body: Mapping[str, Any]) -> Kind:
    """What a push is about, by its eventType, or by what it has in its place."""
    sms = body.get("smsEvent")
    if isinstance(sms, dict):
        return "sms_block" if sms.get("notificationMode") == BLOCK else "sms_notify"
    event_type = body.get("eventType")
    return _KINDS.get(event_type, "call_event") if isinstance(event_type, str) else "call_event"


def asks_about(body: Mapping[str, Any]) -> str:
    """Who calls or writes, where a push asks what becomes of that.

    Empty for any other push.

    A callin of X mode need not say that it is a question: to a caller of another mode nobody has an answer.
    """
    sms = body.get("smsEvent")
    if isinstance(sms, dict) and sms.get("notificationMode") == BLOCK:
        return f"{BLOCK} {sms.get('calling')}"
    info = body.get("statusInfo")
    if body.get("eventType") != "callin" or not isinstance(info, dict) or info.get("notifyMode") == "Notify":
        return ""
    caller = info.get("caller")
    return caller if isinstance(caller, str) else ""


def fees_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The CDRs of a CDR message; none where it has no list of objects."""
    fees = body.get("feeLst")
    return [fee for fee in fees if isinstance(fee, dict)] if isinstance(fees, list) else []


def sessions_of(body: Mapping[str, Any]) -> frozenset[str]:
    """The sessionIds that a push is about."""
    items = [item for item in (body.get("statusInfo"), *fees_of(body)) if isinstance(item, dict)]
    return frozenset(str(item["sessionId"]) for item in items if "sessionId" in item)


def keys_of(headers: Mapping[str, str]) -> list[str]:
    """The app_keys that a push names."""
    return [
        value
        for header in ("x-aksk", "x-wsse")
        for name, value in read_token(headers.get(header, ""))
        if name == "Username"
    ]
