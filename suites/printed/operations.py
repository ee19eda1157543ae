"""Addresses and methods of the APIs, and what is pushed where.

As the API reference prints them.

Sources: AXB 02_0002 to 02_0005 (2026-01), AXE 02_0022 to 02_0025 and 02_0027 (2026-01), stop call axyb_0023
(2024-11-11), pushes 02_0006, 02_0006a, 02_0006_3, 02_0006_3a (2026-01).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AXB_CODES",
    "HEADER_CODES",
    "MODE_CODES",
    "OPERATIONS",
    "PAIRS_PER_X",
    "PUSHES",
    "STOP_CODES",
    "UNBUILT",
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


_AXB = "/rest/caas/relationnumber/partners/v1.0"
_AXE = "/rest/caas/extendnumber/v1.0"

OPERATIONS: Mapping[str, Address] = {
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
    "common.stop_call": Address("common", "POST", "/rest/httpsessions/callStop/v2.0", "body"),
}
"""Every API of AXB and AXE."""

UNBUILT: Mapping[str, tuple[str, str, str]] = {
    "ax.bind": ("AX", "POST", "/rest/provision/caas/privatenumber/v1.0"),
    "ax.unbind": ("AX", "DELETE", "/rest/provision/caas/privatenumber/v1.0"),
    "ax.modify": ("AX", "PUT", "/rest/provision/caas/privatenumber/v1.0"),
    "ax.query": ("AX", "GET", "/rest/provision/caas/privatenumber/v1.0"),
    "ax.set_callee": ("AX", "PUT", "/rest/caas/privatenumber/calleenumber/v1.0"),
    "axyb.bind": ("AXYB", "POST", "/rest/omp/xyrelationnumber/v1.0"),
    "axyb.unbind": ("AXYB", "DELETE", "/rest/omp/xyrelationnumber/v1.0"),
    "axyb.query": ("AXYB", "GET", "/rest/omp/xyrelationnumber/v1.0"),
    "common.recording": ("common", "GET", "/rest/provision/voice/record/v1.0"),
}
"""Mode, method and path of APIs that the platform has besides (02_0011 to 02_0015, axyb_0017 to 0019, 02_0007_3)."""

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
"""What the pages of AXB and AXE print besides, each of them."""
AXB_CODES: Mapping[str, tuple[str, ...]] = {
    "axb.bind": ("1012001", "1012007", "1012008", "1012009", "1012010", "1012012", "1012102"),
    "axb.unbind": ("1012001", "1012007"),
    "axb.modify": ("1012007", "1012010", "1012012"),
    "axb.query": ("1012001", "1012007"),
}
"""Codes of status 403 of the single page; the ends of AXE's tables are in no public copy."""
STOP_CODES = ("500/1010001", "500/1020001", "500/1020002", "500/1020150", "500/1020152")
"""What stop call prints behind the headers."""


class Sent(NamedTuple):
    """A push: how it is sent, its kind, and the setting of its address."""

    mode: str
    method: str
    kind: str
    setting: str


PUSHES: Mapping[str, Sent] = {
    "axb.call_event": Sent("AXB", "POST", "call_event", "event_url"),
    "axb.cdr": Sent("AXB", "POST", "cdr", "fee_url"),
    "axe.call_event": Sent("AXE", "POST", "call_event", "event_url"),
    "axe.cdr": Sent("AXE", "POST", "cdr", "fee_url"),
}
"""What the platform sends to the customer."""

PAIRS_PER_X = 5000
"""Pairs that one X of AXB carries (02_0002, 2026-01)."""
