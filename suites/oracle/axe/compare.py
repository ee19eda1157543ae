"""Compare what came with what had to come in AXE.

A query answer, and what calls have beside those of other modes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from privnum.suites.oracle import calls, cdr, events
from privnum.suites.oracle.axe.times import shown_times
from privnum.suites.oracle.shown import claim_shown, flag_of
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.axe.routing import AxeCall
    from privnum.suites.oracle.axe.types import AxeBinding
    from privnum.suites.oracle.types import Assumptions

__all__ = ["compare_call", "compare_cdrs", "compare_events", "compare_query"]

Json = dict[str, object]
NUMBERS = {"subscription_id": "subscriptionId", "x": "virtualNum", "extension": "extendNum", "a": "bindNum"}
TEXTS = ("callbackTone", "callbackNum", "userData")
CHANGEABLE = {"callbackNum", "recordFlag", "callbackExpiredTime"}


class View(calls.CallView, Protocol):
    """What the driver says of a call to somebody who may hear a tone."""

    @property
    def played(self) -> tuple[str, ...] | None:
        """What the caller heard."""
        ...


# ── a binding in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_query(binding: AxeBinding, info: Mapping[str, object], assumptions: Assumptions) -> Iterator[Claim]:
    """The answer of query v1 against the live binding.

    But for its id nothing need be shown.
    """
    stay = "AXE-MODIFY-010" if binding.carried else "AXE-QUERY-001"
    for slot, name in NUMBERS.items():
        if name == "subscriptionId" or info.get(name) is not None:
            yield claim_shown(stay, name, getattr(binding, slot), info.get(name))
    for name in TEXTS:
        if info.get(name):
            yield from _text_shown(binding, name, info.get(name))
    if info.get("displayNumMode") is not None:
        mode = binding.fields.get("displayNumMode", "0")
        yield claim_shown(_rule(binding, "displayNumMode"), "displayNumMode", mode, info.get("displayNumMode"))
    flag = bool(binding.fields.get("recordFlag"))
    if info.get("recordFlag") is not None:
        yield claim_shown(_rule(binding, "recordFlag"), "recordFlag", flag, flag_of(info.get("recordFlag")))
    if flag and binding.text("recordHintTone") and info.get("recordHintTone"):
        wanted = binding.text("recordHintTone")
        yield claim_shown(_rule(binding, "recordHintTone"), "recordHintTone", wanted, info.get("recordHintTone"))
    yield from _times_shown(binding, info, assumptions)


def _text_shown(binding: AxeBinding, name: str, shown: object) -> Iterator[Claim]:
    """A text that was set stands there.

    One that was cleared is empty or absent.
    """
    rule = _rule(binding, name)
    if binding.fields.get(name) == "":
        rule = "AXE-MODIFY-103"
    yield claim_shown(rule, name, binding.text(name), shown or "")


def _rule(binding: AxeBinding, name: str) -> str:
    """The requirement that a wrong value of that setting breaks."""
    if name in binding.last:
        return "AXE-MODIFY-104" if name in CHANGEABLE else "AXE-QUERY-003"
    return "AXE-MODIFY-006" if binding.last else "AXE-QUERY-003"


def _times_shown(binding: AxeBinding, info: Mapping[str, object], assumptions: Assumptions) -> Iterator[Claim]:
    callback = binding.callback
    shown = info.get("callbackExpiredTime") is not None
    if shown and callback is not None and callback.unit == binding.unit and _unit_stayed(binding):
        rule = _rule(binding, "callbackExpiredTime")
        yield claim_shown(rule, "callbackExpiredTime", callback.amount, info.get("callbackExpiredTime"))
    wanted = shown_times(binding, assumptions)
    if info.get("bindExpiredTime") is None or any(time is None for time, _ in wanted):
        return  # one that was not carried may be shown, or not
    came = (info.get("bindExpiredTime"), info.get("timeUnit", "0"))
    ok = came in [(time, unit or "0") for time, unit in wanted]
    yield Claim("AXE-OPEN-020", ok, f"query shows bindExpiredTime and timeUnit: expected {wanted}, came {came}")


def _unit_stayed(binding: AxeBinding) -> bool:
    """Whether no modify named a unit, so that the shown one is certain."""
    return "timeUnit" not in binding.carried


# ── a call ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_call(call: AxeCall, view: View, now: int) -> Iterator[Claim]:
    """State, destination, tones and cause of a call at `now`.

    As the driver sees it.
    """
    if call.lost:
        return
    yield from calls.compare_call(call, view, now)
    if view.played is not None and call.state(now) is not None:
        heard, wanted = list(view.played), call.played
        if not call.calls_back:  # which tone follows on a wrong extension, or on none, turns on those that are set
            heard, wanted = heard[:1], wanted[:1]
        whom = f"call of {call.caller} to {call.x}"
        yield Claim(call.requirement, heard == wanted, f"{whom}: expected to hear {wanted}, heard {heard}")


# ── its events ───────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_events(call: AxeCall, bodies: Sequence[Json], assumptions: Assumptions) -> Iterator[Claim]:
    """The call events of an ended call, its digits, and what callin has."""
    if call.lost:
        return
    yield from events.compare_events(call, bodies)
    infos = events.infos_of(bodies)
    yield from _compare_collecting(call, [info for kind, info in infos if kind == "collectInfo"], assumptions)
    if (callin := dict(infos).get("callin")) is not None:
        sub = callin.get("subscriptionId")
        yield Claim("AXE-EVENT-104", not sub, f"callin has the subscriptionId {sub}")
        if call.calls_back and call.forwarded:
            shown = assumptions.any_of("axe.callin_user_data", "present", "absent")
            wanted = [call.callin_user_data if choice == "present" else None for choice in shown]
            yield from events.compare_callin(call, bodies, "AXE-OPEN-046", wanted)


def _compare_collecting(call: AxeCall, infos: list[Json], assumptions: Assumptions) -> Iterator[Claim]:
    """collectInfo: one for each entry, or one for the last.

    For an empty one none, or one.
    """
    if call.calls_back:
        yield Claim("AXE-EVENT-101", not infos, f"a call-back has {len(infos)} collectInfo")
        return
    if any(len(digits) > 4 for digits in call.collected):
        return
    expected = []
    for each in assumptions.any_of("axe.wrong_extension_events", "each", "last"):
        for empty in assumptions.any_of("axe.empty_extension_event", "none", "empty"):
            expected_digits = call.collected if empty == "empty" else call.entered
            expected.append(expected_digits if each == "each" else expected_digits[-1:])
    if not any(info.get("digitInfo") for info in infos) and infos:
        return  # a collectInfo need not show what was entered (AXE-EVENT-012)
    came = [str(info.get("digitInfo", "")) for info in infos]
    plainly = bool(call.collected) and len(call.collected) == len(call.entered) == 1
    rule = "AXE-EVENT-102" if plainly else "AXE-OPEN-026" if not all(call.collected) else "AXE-OPEN-025"
    yield Claim(rule, came in expected, f"digitInfo of collectInfo: expected {expected}, came {came}")


# ── its CDR ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_cdrs(
    call: AxeCall, cdrs: Sequence[Json], app_key: str, assumptions: Assumptions, *, recording: bool
) -> Iterator[Claim]:
    """The CDRs of an ended call, with the extension and the direction.

    `recording`: the application may record.
    """
    if call.lost:
        yield from cdr.compare_count(call, cdrs)
        return
    yield from cdr.compare_cdrs(call, cdrs, app_key, recording=recording)
    if not cdrs:
        return
    if call.extension is not None:
        given = [cdrs[0][name] for name in ("extendNumber", "extendNum") if cdrs[0].get(name)]
        ok = bool(given) and all(extension == call.extension for extension in given)
        yield Claim("AXE-CDR-101", ok, f"extension in the CDR: expected {call.extension}, came {given}")
    yield from _compare_direction(call, cdrs[0].get("direction"), assumptions)


def _compare_direction(call: AxeCall, direction: object, assumptions: Assumptions) -> Iterator[Claim]:
    wanted: set[object]
    if call.calls_back:
        if not call.forwarded:
            return
        rule, wanted = "AXE-OPEN-028", set(assumptions.any_of("axe.cdr_direction_of_callback", 1, 0, 2))
    elif call.forwarded:
        rule, wanted = "AXE-CDR-004", {0}
    elif call.collected and all(call.collected) and call.requirement not in {"AXE-CALL-106", "COM-OPEN-077"}:
        rule, wanted = "AXE-CDR-004", {2}
    elif call.requirement in {"AXE-CALL-105", "AXE-CALL-106", "AXE-OPEN-044"}:
        rule, wanted = "AXE-OPEN-047", set(assumptions.any_of("axe.cdr_direction_without_extension", 2, 0))
        wanted |= {2} if call.entered else set()
    else:
        return
    yield Claim(rule, direction in [*wanted], f"CDR direction: expected {wanted}, came {direction!r}")
