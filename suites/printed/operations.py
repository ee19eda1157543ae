"""Addresses and methods of the APIs, and what is pushed where.

As the API reference prints them.

Sources: AXB 02_0002 to 02_0005 (2026-01), AXE 02_0022 to 02_0025 and 02_0027 (2026-01), AXYB axyb_0017 to axyb_0019
(2022-12 to 2025-02), stop call axyb_0023 (2024-11-11), recordings 02_0007_3 (2026-01), pushes 02_0006,
02_0006a, 02_0006_3, 02_0006_3a (2026-01).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BINDINGS_PER_Y",
    "HEADER_CODES",
    "MODE_CODES",
    "OPERATIONS",
    "OWN_CODES",
    "PAIRS_PER_X",
    "PUSHES",
    "STATUSES",
    "STOP_CODES",
    "X_PER_A",
    "Address",
    "Sent",
]


class Address(NamedTuple):
    """How an API is called, and where its parameters stand.

    In the body or the query.
    """

    mode: str
    method: str
    path: str
    place: str


_AX = "/rest/provision/caas/privatenumber/v1.0"
_AXB = "/rest/caas/relationnumber/partners/v1.0"
_AXE = "/rest/caas/extendnumber/v1.0"
_AXYB = "/rest/omp/xyrelationnumber/v1.0"

OPERATIONS: Mapping[str, Address] = {
    "ax.bind": Address("AX", "POST", _AX, "body"),
    "ax.unbind": Address("AX", "DELETE", _AX, "query"),
    "ax.modify": Address("AX", "PUT", _AX, "body"),
    "ax.query": Address("AX", "GET", _AX, "query"),
    "ax.set_callee": Address("AX", "PUT", "/rest/caas/privatenumber/calleenumber/v1.0", "body"),
    "axb.bind": Address("AXB", "POST", _AXB, "body"),
    "axb.unbind": Address("AXB", "DELETE", _AXB, "query"),
    "axb.modify": Address("AXB", "PUT", _AXB, "body"),
    "axb.query": Address("AXB", "GET", _AXB, "query"),
    "axe.bind": Address("AXE", "POST", _AXE, "body"),
    "axe.unbind": Address("AXE", "DELETE", _AXE, "query"),
    "axe.modify": Address("AXE", "PUT", _AXE, "body"),
    "axe.query": Address("AXE", "GET", _AXE, "query"),
    "axe.query_v2": Address("AXE", "GET", "/rest/caas/extendnumber/v2.0", "query"),
    "axe.query_count": Address("AXE", "GET", "/rest/caas/virtualnumber/v1.0", "query"),
    "axyb.bind": Address("AXYB", "POST", _AXYB, "body"),
    "axyb.unbind": Address("AXYB", "DELETE", _AXYB, "query"),
    "axyb.query": Address("AXYB", "GET", _AXYB, "query"),
    "common.stop_call": Address("common", "POST", "/rest/httpsessions/callStop/v2.0", "body"),
    "common.recording": Address("common", "GET", "/rest/provision/voice/record/v1.0", "query"),
}
"""Every API of AX, AXB, AXE and AXYB."""

HEADER_CODES = (
    *(f"400/{code}" for code in range(1023006, 1023013)),
    *(f"400/{code}" for code in range(1023033, 1023038)),
    *("401/1010010", "401/1010013"),
)
"""What every API page prints of the headers: 1023006 to 1023012, 1023033 to 1023037, and the digest."""
MODE_CODES = (
    *("403/1010002", "403/1010003", "403/1010008", "403/1010010", "403/1010029", "403/1010040"),
    *("403/1020166", "403/1020176", "500/1010001", "500/1023001", "500/1023002"),
)
"""What the pages of every mode print besides, each of them."""
OWN_CODES: Mapping[str, tuple[str, ...]] = {
    "ax.bind": (*("1011001", "1011002", "1011003", "1011005", "1012012", "1012102", "1016002", "1020178", "1020182"),),
    "axb.bind": ("1012001", "1012007", "1012008", "1012009", "1012010", "1012012", "1012102"),
    "axb.unbind": ("1012001", "1012007"),
    "axb.modify": ("1012007", "1012010", "1012012"),
    "axb.query": ("1012001", "1012007"),
    "common.recording": ("1011006", "1012007", "1012012"),
}
"""Codes of status 403 of the single page; the ends of the other tables are in no public copy."""
STATUSES: Mapping[str, int] = {"common.recording": 301}
"""HTTP status of a success where it is not 200 (02_0007_3)."""
STOP_CODES = ("500/1010001", "500/1020001", "500/1020002", "500/1020150", "500/1020152")
"""What stop call prints behind the headers."""


class Sent(NamedTuple):
    """A push: how it is sent, its kind, and the setting of its address."""

    mode: str
    method: str
    kind: str
    setting: str


PUSHES: Mapping[str, Sent] = {
    "ax.call_event": Sent("AX", "POST", "call_event", "event_url"),
    "ax.cdr": Sent("AX", "POST", "cdr", "fee_url"),
    "axb.call_event": Sent("AXB", "POST", "call_event", "event_url"),
    "axb.cdr": Sent("AXB", "POST", "cdr", "fee_url"),
    "axe.call_event": Sent("AXE", "POST", "call_event", "event_url"),
    "axe.cdr": Sent("AXE", "POST", "cdr", "fee_url"),
    "axyb.call_event": Sent("AXYB", "POST", "call_event", "event_url"),
    "axyb.cdr": Sent("AXYB", "POST", "cdr", "fee_url"),
    "ax.sms_notify": Sent("AX", "POST", "sms_notify", "sms_notify_url"),
    "ax.sms_block": Sent("AX", "POST", "sms_block", "sms_control_url"),
    "axb.sms_notify": Sent("AXB", "POST", "sms_notify", "sms_notify_url"),
    "common.number_status": Sent("common", "POST", "number_status", "number_status_url"),
    "x.call_event": Sent("X", "POST", "call_event", "event_url"),
    "x.cdr": Sent("X", "POST", "cdr", "fee_url"),
    "x.sms_notify": Sent("X", "POST", "sms_notify", "sms_notify_url"),
    "x.sms_block": Sent("X", "POST", "sms_block", "sms_control_url"),
}
"""What the platform sends to the customer."""

X_PER_A, BINDINGS_PER_Y = 5, 1000
"""X that one A of AX or AXYB may have, and bindings in which one Y may stand (02_0011, axyb_0017)."""
PAIRS_PER_X = 5000
"""Pairs that one X of AXB carries (02_0002, 2026-01)."""
