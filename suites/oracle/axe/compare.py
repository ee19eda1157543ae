"""Compare what came with what had to come in AXE: a query answer, a call, its events, its CDR.

Every function gives one claim per fact, each under the requirement that it would break. What came may be any JSON: it
is looked for in lists, never in sets, as a list or an object has no hash.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from privnum.suites.oracle.axb.compare import (
    NOT_MANDATORY,
    compare_cause,
    compare_fields,
    compare_later_user_data,
    names_recording,
    seconds,
)
from privnum.suites.oracle.axe.types import Span
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.axe.routing import AxeCall
    from privnum.suites.oracle.axe.types import AxeBinding
    from privnum.suites.oracle.types import Assumptions

__all__ = ["compare_call", "compare_cdrs", "compare_events", "compare_query"]

Json = dict[str, object]
SHORT_CALL = 3
"""A call under so many seconds has no recording."""
NUMBERS = {"subscription_id": "subscriptionId", "x": "virtualNum", "extension": "extendNum", "a": "bindNum"}
TEXTS = ("callbackTone", "callbackNum", "userData")
CHANGEABLE = {"callbackNum", "recordFlag", "callbackExpiredTime"}


class View(Protocol):
    """What the driver tells of a call."""

    @property
    def state(self) -> str:
        """How far it has come."""
        ...

    @property
    def forwarded_to(self) -> str | None:
        """Whom it reached."""
        ...

    @property
    def displayed(self) -> str | None:
        """What the callee sees."""
        ...

    @property
    def release_cause(self) -> int | None:
        """Why it ended."""
        ...

    @property
    def played(self) -> tuple[str, ...] | None:
        """What the caller heard."""
        ...


# ── a binding in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_query(binding: AxeBinding, info: Mapping[str, object], assumptions: Assumptions) -> Iterator[Claim]:
    """The answer of query v1 against the live binding; but for its id nothing need be shown."""
    stay = "AXE-MODIFY-010" if binding.carried else "AXE-QUERY-001"
    for slot, name in NUMBERS.items():
        if name == "subscriptionId" or info.get(name) is not None:
            yield _shown(stay, name, getattr(binding, slot), info.get(name))
    for name in TEXTS:
        if info.get(name):
            yield from _text_shown(binding, name, info.get(name))
    if info.get("displayNumMode") is not None:
        mode = binding.fields.get("displayNumMode", "0")
        yield _shown(_rule(binding, "displayNumMode"), "displayNumMode", mode, info.get("displayNumMode"))
    flag = bool(binding.fields.get("recordFlag"))
    if info.get("recordFlag") is not None:
        shown = {"true": True, "false": False}.get(str(info.get("recordFlag")).lower())
        yield _shown(_rule(binding, "recordFlag"), "recordFlag", flag, shown)
    if flag and binding.text("recordHintTone") and info.get("recordHintTone"):
        wanted = binding.text("recordHintTone")
        yield _shown(_rule(binding, "recordHintTone"), "recordHintTone", wanted, info.get("recordHintTone"))
    yield from _times_shown(binding, info, assumptions)


def _text_shown(binding: AxeBinding, name: str, shown: object) -> Iterator[Claim]:
    """A text that was set stands there; one that was cleared is empty or absent."""
    rule = _rule(binding, name)
    if binding.fields.get(name) == "":
        rule = "AXE-MODIFY-103"
    yield _shown(rule, name, binding.text(name), shown or "")


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
        yield _shown(rule, "callbackExpiredTime", callback.amount, info.get("callbackExpiredTime"))
    if binding.bind_life is None or info.get("bindExpiredTime") is None:
        return
    wanted = {binding.bind_life}
    if {"bindExpiredTime", "timeUnit"} & binding.carried:
        told = assumptions.any_of("axe.query_times_after_modify", "bind_where_carried", "bind", "current")
        # Where the bind carried one of the two and the modify both, nobody says which is shown.
        carried = "bind_where_carried" in told
        now = {Span(binding.life.amount, unit) for unit in ("0", "1")}
        wanted = (wanted if "bind" in told or carried else set()) | (now if "current" in told or carried else set())
    came = (info.get("bindExpiredTime"), info.get("timeUnit", "0"))
    ok = came in [*wanted]
    yield Claim("AXE-OPEN-020", ok, f"query shows bindExpiredTime and timeUnit: expected {wanted}, came {came}")


def _unit_stayed(binding: AxeBinding) -> bool:
    """Whether no modify named a unit, so that the unit of what is shown is beyond doubt."""
    return "timeUnit" not in binding.carried


def _shown(requirement: str, name: str, value: object, shown: object) -> Claim:
    same = value == shown and type(value) is type(shown)
    return Claim(requirement, same, f"query shows {name}: expected {value!r}, came {shown!r}")


# ── a call ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_call(call: AxeCall, view: View, now: int) -> Iterator[Claim]:
    """State, destination, tones and cause of a call, as the driver sees it at `now`."""
    if call.lost:
        return
    rule = call.requirement
    whom = f"call of {call.caller} to {call.x}"
    ok = view.forwarded_to == call.forwarded_to
    yield Claim(rule, ok, f"{whom}: expected to reach {call.forwarded_to}, reached {view.forwarded_to}")
    if call.forwarded and view.displayed is not None:
        sees = "AXE-CALLBACK-112" if call.calls_back else rule
        yield Claim(sees, view.displayed == call.x, f"{whom}: the callee sees {view.displayed}, not X")
    state = call.state(now)
    if view.played is not None and state is not None:
        heard, wanted = list(view.played), call.played
        if not call.calls_back:  # which tone follows on a wrong extension, or on none, turns on those that are set
            heard, wanted = heard[:1], wanted[:1]
        yield Claim(rule, heard == wanted, f"{whom}: expected to hear {wanted}, heard {heard}")
    if state is None:
        return
    if state != "ended":
        going_on = "AXE-CALL-012" if call.answered_at <= now and call.ends_by == NEVER else rule
        yield Claim(going_on, view.state == state, f"{whom}: expected {state}, is {view.state} {view.release_cause}")
        return
    rule = call.cause_requirement
    yield Claim(rule, view.state == "ended", f"{whom}: expected ended, is {view.state}")
    ok = view.state == "ended" and view.release_cause in call.causes
    yield Claim(rule, ok, f"{whom}: release cause: expected {sorted(call.causes)}, came {view.release_cause}")


# ── its events ───────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_events(call: AxeCall, bodies: Sequence[Json], assumptions: Assumptions) -> Iterator[Claim]:
    """The call events of an ended call, each sent successfully once, in the order of arrival."""
    if call.lost:
        return
    kinds = [str(body.get("eventType")) for body in bodies]
    infos = [_info(body) for body in bodies]
    yield from _compare_kinds(call, kinds)
    yield from _compare_collecting(
        call, [i for kind, i in zip(kinds, infos, strict=True) if kind == "collectInfo"], assumptions
    )
    sessions = {str(info.get("sessionId")) for info in infos}
    yield Claim("AXE-EVENT-004", len(sessions) == 1, f"one sessionId expected, came {sorted(sessions)}")
    told = {kind: info for kind, info in zip(kinds, infos, strict=True) if kind != "collectInfo"}
    yield from _compare_times(call, told)
    yield from _compare_numbers(call, told, assumptions)
    if (gone := told.get("disconnect")) is not None:
        yield from compare_cause("AXE-EVENT-009", call.cause_requirement, call.causes, gone)


def _compare_kinds(call: AxeCall, kinds: list[str]) -> Iterator[Claim]:
    wanted = call.events()
    plain = [kind for kind in kinds if kind != "collectInfo"]
    if "answer" in wanted and call.calls_back:
        yield Claim("AXE-EVENT-101", sorted(kinds) == sorted(wanted), f"events: expected {wanted}, came {kinds}")
    elif "answer" in wanted:
        ok = sorted(plain) == sorted(wanted) and "collectInfo" in kinds
        yield Claim("AXE-EVENT-001", ok, f"events: expected {wanted} and collectInfo, came {kinds}")
    else:
        ok = "answer" not in kinds and kinds.count("disconnect") == 1
        yield Claim("AXE-EVENT-002", ok, f"events: expected a disconnect and no answer, came {kinds}")
    order = [kind for kind in (*wanted[:1], "collectInfo", *wanted[1:]) for _ in range(kinds.count(kind))]
    yield Claim("AXE-EVENT-011", kinds == order, f"order of events: expected {order}, came {kinds}")


def _compare_collecting(call: AxeCall, infos: list[Json], assumptions: Assumptions) -> Iterator[Claim]:
    """collectInfo: one for each entry, or one for the last; for an empty one none, or one."""
    if call.calls_back:
        yield Claim("AXE-EVENT-101", not infos, f"a call-back has {len(infos)} collectInfo")
        return
    if any(len(digits) > 4 for digits in call.collected):
        return
    expected = []
    for each in assumptions.any_of("axe.wrong_extension_events", "each", "last"):
        for empty in assumptions.any_of("axe.empty_extension_event", "none", "empty"):
            told = call.collected if empty == "empty" else call.entered
            expected.append(told if each == "each" else told[-1:])
    if not any(info.get("digitInfo") for info in infos) and infos:
        return  # a collectInfo need not tell what was entered (AXE-EVENT-012)
    came = [str(info.get("digitInfo", "")) for info in infos]
    plainly = bool(call.collected) and len(call.collected) == len(call.entered) == 1
    rule = "AXE-EVENT-102" if plainly else "AXE-OPEN-026" if not all(call.collected) else "AXE-OPEN-025"
    yield Claim(rule, came in expected, f"digitInfo of collectInfo: expected {expected}, came {came}")


def _compare_times(call: AxeCall, told: Mapping[str, Json]) -> Iterator[Claim]:
    expected = {"callin": call.placed_at, "callout": call.forwarded_at}
    expected |= {"alerting": call.alerting_at, "answer": call.answered_at}
    if call.ends_from == call.ends_by:
        expected["disconnect"] = call.ends_by
    for kind, info in told.items():
        at, wanted = seconds(info.get("timestamp")), expected.get(kind)
        ok = at is not None and wanted in {None, NEVER, at}
        yield Claim("AXE-EVENT-005", ok, f"timestamp of {kind}: expected {_time(wanted)}, came {info.get('timestamp')}")


def _compare_numbers(call: AxeCall, told: Mapping[str, Json], assumptions: Assumptions) -> Iterator[Claim]:
    if (callin := told.get("callin")) is not None:
        yield from compare_fields("AXE-EVENT-006", callin, caller=call.caller, called=call.x)
        sub = callin.get("subscriptionId")
        yield Claim("AXE-EVENT-104", not sub, f"callin has the subscriptionId {sub}")
        if call.calls_back and call.forwarded:
            shown = assumptions.any_of("axe.callin_user_data", "present", "absent")
            wanted = [call.callin_user_data if choice == "present" else None for choice in shown]
            data = callin.get("userData") or None
            yield Claim("AXE-OPEN-046", data in wanted, f"userData in callin: expected {wanted}, came {data!r}")
    if (callout := told.get("callout")) is not None:
        yield from compare_fields("AXE-EVENT-007", callout, called=call.forwarded_to)
    if call.forwarded:
        for kind, info in told.items():
            if kind != "callin":
                yield from compare_fields("AXE-EVENT-008", info, subscriptionId=call.subscription_id)
        yield from compare_later_user_data(call.user_data, told)


def _info(body: Mapping[str, object]) -> Json:
    info = body.get("statusInfo")
    return info if isinstance(info, dict) else {}


# ── its CDR ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_cdrs(call: AxeCall, cdrs: Sequence[Json], assumptions: Assumptions, *, recording: bool) -> Iterator[Claim]:
    """The CDRs of an ended call. `recording`: the application may record."""
    yield Claim("AXE-CDR-001", bool(cdrs), "expected a CDR, came none")
    yield Claim("AXE-CDR-018", len(cdrs) <= 1, f"expected one CDR, came {len(cdrs)}")
    if not cdrs or call.lost:
        return
    cdr = cdrs[0]
    expected: list[tuple[str, str, object]] = [
        ("AXE-CDR-005", "bindNum", call.x),
        ("AXE-CDR-005", "callerNum", call.caller),
        ("AXE-CDR-005", "calleeNum", call.x),
        ("AXE-CDR-009", "serviceType", "005"),
    ]
    if call.forwarded:
        expected.append(("AXE-CDR-005", "fwdDstNum", call.forwarded_to))
        expected.append(("AXE-CDR-010", "subscriptionId", call.subscription_id))
    for requirement, name, value in expected:
        came = cdr.get(name)
        if came or name not in NOT_MANDATORY:
            yield Claim(requirement, came == value, f"CDR {name}: expected {value!r}, came {came!r}")
    if call.extension is not None:
        given = [cdr[name] for name in ("extendNumber", "extendNum") if cdr.get(name)]
        ok = bool(given) and all(extension == call.extension for extension in given)
        yield Claim("AXE-CDR-101", ok, f"extension in the CDR: expected {call.extension}, came {given}")
    yield from _compare_direction(call, cdr.get("direction"), assumptions)
    reason, wanted = cdr.get("ulFailReason"), sorted(call.causes)
    ok = fits(reason, call.causes)
    yield Claim("AXE-CDR-008", ok, f"ulFailReason: expected one that says as much as {wanted}, came {reason!r}")
    yield from _compare_cdr_times(call, cdr)
    if call.forwarded:
        yield from _compare_cdr_settings(call, cdr, recording=recording)


def _compare_direction(call: AxeCall, direction: object, assumptions: Assumptions) -> Iterator[Claim]:
    wanted: set[object]
    if call.calls_back:
        if not call.forwarded:
            return
        rule, wanted = "AXE-OPEN-028", set(assumptions.any_of("axe.cdr_direction_of_callback", 1, 0, 2))
    elif call.forwarded:
        rule, wanted = "AXE-CDR-004", {0}
    elif call.collected and all(call.collected) and call.requirement != "AXE-CALL-106":
        rule, wanted = "AXE-CDR-004", {2}
    elif call.requirement in {"AXE-CALL-105", "AXE-CALL-106", "AXE-OPEN-044"}:
        rule, wanted = "AXE-OPEN-047", set(assumptions.any_of("axe.cdr_direction_without_extension", 2, 0))
        wanted |= {2} if call.entered else set()
    else:
        return
    yield Claim(rule, direction in [*wanted], f"CDR direction: expected {wanted}, came {direction!r}")


def _compare_cdr_times(call: AxeCall, cdr: Json) -> Iterator[Claim]:
    expected = [("callInTime", call.placed_at)]
    if call.answered_at != NEVER:
        expected += [("fwdStartTime", call.forwarded_at), ("fwdAlertingTime", call.alerting_at)]
        expected += [("fwdAnswerTime", call.answered_at)]
    else:
        at = cdr.get("fwdAnswerTime")
        yield Claim("AXE-CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")
    if call.ends_from == call.ends_by:
        expected.append(("callEndTime", call.ends_by))
    for name, wanted in expected:
        came = cdr.get(name)
        if not came and name in NOT_MANDATORY:
            continue
        yield Claim("AXE-CDR-006", seconds(came) == wanted, f"CDR {name}: expected {_time(wanted)}, came {came!r}")


def _compare_cdr_settings(call: AxeCall, cdr: Json, *, recording: bool) -> Iterator[Claim]:
    data = str(cdr.get("userData") or "")
    ok = not data or data in call.user_data
    yield Claim("AXE-CDR-012", ok, f"CDR userData: expected {call.user_data}, came {data!r}")
    flag, name = cdr.get("recordFlag"), cdr.get("recordObjectName")
    if len(call.recorded) > 1:
        return
    if not (recording and call.recorded == {True} and call.answered_at != NEVER):
        yield Claim("AXE-CDR-011", flag in (0, None), f"recordFlag: expected 0, came {flag!r}")
    elif call.talk_seconds() >= SHORT_CALL:
        ok = flag == 1 and names_recording(cdr, domain=False)
        yield Claim("AXE-CDR-011", ok, f"expected recordFlag 1 with a name, came {flag!r}, {name!r}")
    else:
        yield Claim("AXE-CDR-015", not name, f"a call of {call.talk_seconds()} s has the recording {name!r}")


def _time(at: int | None) -> str:
    return "any" if at is None or at == NEVER else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"
