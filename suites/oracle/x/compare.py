"""Compare what came of a call of mode X with what had to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle import cdr, events
from privnum.suites.oracle.calls import compare_call as compare_any_call
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.calls import CallView
    from privnum.suites.oracle.x.calls import XCall

__all__ = ["compare_call", "compare_cdrs", "compare_events"]

Json = dict[str, object]
SIDES = {"caller": 1, "callee": 2}
"""callRelDirection, by who hung up."""
ABOUT_CAUSES = frozenset(("X-EVENT-009", "X-CDR-008", "X-CDR-017"))


def compare_call(call: XCall, view: CallView, now: int) -> Iterator[Claim]:
    """State, callee, and cause of a call, as the driver shows it."""
    for claim in compare_any_call(call, view, now):
        if not (call.any_cause and claim.message.startswith("release cause")):
            yield claim


def compare_events(call: XCall, bodies: Sequence[Json]) -> Iterator[Claim]:
    """The call events of an ended call."""
    yield from _apart_from_cause(call, events.compare_events(call, bodies), "stateCode")
    for kind, info in events.infos_of(bodies):
        yield from _compare_mode(call, kind, info)
        if kind == "callin":
            sub = info.get("subscriptionId")
            yield Claim("X-EVENT-104", not sub, f"callin carries the subscriptionId {sub!r}")
        elif call.answered_data is not None:
            yield _compare_data("X-EVENT-103", kind, call.answered_data, info)
        if kind == "disconnect":
            yield from _compare_side("X-EVENT-105", call, kind, info)


def compare_cdrs(call: XCall, cdrs: Sequence[Json], app_key: str, *, recording: bool) -> Iterator[Claim]:
    """The CDRs of an ended call."""
    yield from _apart_from_cause(call, cdr.compare_cdrs(call, cdrs, app_key, recording=recording), "ulFailReason")
    for row in cdrs[:1]:
        mode = row.get("notifyMode")
        yield Claim("X-CDR-101", mode == "Block", f"CDR notifyMode: expected 'Block', came {mode!r}")
        yield from _compare_side("X-CDR-102", call, "CDR", row)
        if call.answered_data is not None:
            yield _compare_data("X-EVENT-103", "CDR", call.answered_data, row)


def _apart_from_cause(call: XCall, claims: Iterator[Claim], field: str) -> Iterator[Claim]:
    """The claims, without those about the cause where no page names one."""
    return (claim for claim in claims if not (call.any_cause and claim.message.startswith(field)))


def _compare_mode(call: XCall, kind: str, info: Mapping[str, object]) -> Iterator[Claim]:
    mode = info.get("notifyMode")
    if mode is None or (kind == "callin" and not call.asked):
        return
    rule, wanted = ("X-EVENT-101", "Block") if kind == "callin" else ("X-EVENT-102", "Notify")
    yield Claim(rule, mode == wanted, f"notifyMode of {kind}: expected {wanted!r}, came {mode!r}")


def _compare_data(rule: str, kind: str, wanted: str, info: Mapping[str, object]) -> Claim:
    came = info.get("userData") or ""
    return Claim(rule, came == wanted, f"userData of {kind}: expected {wanted!r}, came {came!r}")


def _compare_side(rule: str, call: XCall, kind: str, info: Mapping[str, object]) -> Iterator[Claim]:
    came = info.get("callRelDirection")
    if came is not None and call.hung_up_by:
        wanted = SIDES[call.hung_up_by]
        yield Claim(rule, came == wanted, f"callRelDirection of {kind}: expected {wanted}, came {came!r}")
