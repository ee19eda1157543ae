"""Compare what came with what had to come: a binding in a query answer, a call, its events, its CDR.

Every function gives one claim per fact, each under the requirement that it would break. What came may be any JSON: it
is looked for in lists, never in sets, as a list or an object has no hash. What is compared after every step
gets its text only where it is broken: nobody reads the others.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from privnum.suites.oracle.calls import ExpectedCall
    from privnum.suites.oracle.types import Binding

__all__ = [
    "DEFAULTS",
    "NOT_MANDATORY",
    "CallView",
    "compare_binding",
    "compare_call",
    "compare_cause",
    "compare_cdrs",
    "compare_events",
    "compare_fields",
    "compare_later_user_data",
    "names_recording",
    "seconds",
]

Json = dict[str, object]
DEFAULTS: Mapping[str, object] = {
    "callDirection": 0,
    "duration": 0,
    "maxDuration": 0,
    "recordFlag": False,
    "privateSms": True,
}
INTEGERS = ("callDirection", "duration", "maxDuration")
FLAGS = ("recordFlag", "privateSms")
CHINA = 8 * 3600
"""UTC+8 in seconds."""
TOO_LONG = 8010
"""Cause of a call that the platform ends after maxDuration."""
SHORT_CALL = 3
"""A call under so many seconds has no recording (AXB-CDR-015)."""
NOT_MANDATORY = frozenset(
    (
        "callerNum",
        "fwdDisplayNum",
        "fwdDstNum",
        "callInTime",
        "fwdStartTime",
        "fwdAlertingTime",
        "serviceType",
        "userData",
    )
)
"""Fields of a CDR that the table does not call mandatory, and no other page either."""
CHANGED_BY = {"callerNum": "AXB-MODIFY-003", "calleeNum": "AXB-MODIFY-101", "callDirection": "AXB-MODIFY-007"}


class CallView(Protocol):
    """What the driver tells of a call."""

    @property
    def state(self) -> str:
        """One of forwarded, alerting, answered, ended."""
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


def seconds(text: object) -> int | None:
    """Seconds since the epoch of a platform time (`yyyy-MM-dd HH:mm:ss`, taken as UTC), or None if it is none."""
    return _seconds(str(text))


@lru_cache(maxsize=4096)
def _seconds(text: str) -> int | None:
    """The same times come again and again, and strptime is slow."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


# ── a binding in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_binding(binding: Binding, info: Mapping[str, object]) -> list[Claim]:
    """One element of relationNumList against the live binding; users, settings and its time need not be shown."""
    claims = []
    claims.append(_shown(binding, "relationNum", binding.x, info.get("relationNum"), "AXB-QUERY-001"))
    for name, number in (("callerNum", binding.a), ("calleeNum", binding.b)):
        if info.get(name) not in (None, ""):
            claims.append(_shown(binding, name, number, info.get(name), "AXB-QUERY-001"))
    for name in (*INTEGERS, *FLAGS, "userData"):
        value, shown = binding.fields.get(name, DEFAULTS.get(name)), info.get(name)
        if shown in (None, ""):
            continue
        if name in FLAGS:
            shown = {"true": True, "false": False}.get(str(shown).lower(), shown)
        claims.append(_shown(binding, name, value, shown, "AXB-QUERY-003"))
    voice = info.get("preVoice")
    for tone in ("callerHintTone", "calleeHintTone"):
        shown = voice.get(tone) if isinstance(voice, dict) else None
        if shown or (tone in binding.fields and isinstance(voice, dict)):
            claims.append(_shown(binding, tone, binding.fields.get(tone), shown, "AXB-QUERY-003"))
    if not info.get("subscribeTime"):
        return claims
    times = {binding.changed_at, *binding.stale_times}
    at = seconds(info.get("subscribeTime"))
    ok = at is not None and not times.isdisjoint({at, at - CHINA})
    claims.append(Claim("AXB-QUERY-002", ok, "" if ok else _other_time(times, info)))
    return claims


def _other_time(times: set[int], info: Mapping[str, object]) -> str:
    wanted = " or ".join(str(datetime.fromtimestamp(t, UTC)) for t in sorted(times))
    return f"subscribeTime: expected {wanted}, came {info.get('subscribeTime')}"


def _shown(binding: Binding, name: str, value: object, shown: object, plain: str) -> Claim:
    """A claim that the query answer shows `value` for `name`, under the rule that a difference breaks."""
    requirement = plain
    if name in binding.carried:
        requirement = CHANGED_BY.get(name, plain)
    elif binding.carried:
        requirement = "AXB-MODIFY-010" if name == "relationNum" else "AXB-MODIFY-006"
        if name.endswith("HintTone") and name != "recordHintTone":
            requirement = "AXB-MODIFY-009"
    same = value == shown and type(value) is type(shown)
    return Claim(requirement, same, "" if same else f"query shows {name}: expected {value!r}, came {shown!r}")


# ── a call ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_call(call: ExpectedCall, view: CallView, now: int) -> list[Claim]:
    """State, destination and cause of a call, as the driver sees it at `now`."""
    ok = view.forwarded_to == call.forwarded_to
    claims = [Claim(call.requirement, ok, "" if ok else _reached(call, view))]
    if call.forwarded and view.displayed is not None:
        ok = view.displayed == call.x
        claims.append(Claim(call.requirement, ok, "" if ok else f"callee sees {view.displayed}, not X"))
    state = call.state(now)
    if state is None:
        return claims
    if state != "ended":
        ok = view.state == state
        text = "" if ok else f"call: expected {state}, is {view.state} {view.release_cause}"
        claims.append(Claim(_runs_by(call, view, now), ok, text))
        return claims
    rule = call.cause_requirement
    claims.append(Claim(rule, view.state == "ended", f"call: expected ended, is {view.state}"))
    ok = view.state == "ended" and view.release_cause in call.causes
    claims.append(Claim(rule, ok, f"release cause: expected {sorted(call.causes)}, came {view.release_cause}"))
    return claims


def _reached(call: ExpectedCall, view: CallView) -> str:
    return f"call {call.caller} to {call.x}: expected to reach {call.forwarded_to}, reached {view.forwarded_to}"


def _runs_by(call: ExpectedCall, view: CallView, now: int) -> str:
    """The rule by which a call still runs at `now`; where it was ended by the limit, the rule of the limit."""
    if view.state == "ended" and view.release_cause == TOO_LONG:
        return "AXB-CALL-011" if call.limited else "AXB-CALL-012"
    unlimited = call.answered_at <= now and call.ends_by == NEVER
    return "AXB-CALL-012" if unlimited and not call.limited else call.requirement


def compare_events(call: ExpectedCall, bodies: Sequence[Json]) -> Iterator[Claim]:
    """The call events of an ended call, each sent successfully once, in the order of arrival."""
    kinds = [str(body.get("eventType")) for body in bodies]
    told = {kind: _info(body) for kind, body in zip(kinds, bodies, strict=True)}
    wanted = call.events()
    if "answer" in wanted:
        yield Claim("AXB-EVENT-001", sorted(kinds) == sorted(wanted), f"events: expected {wanted}, came {kinds}")
    else:
        ok = "answer" not in kinds and kinds.count("disconnect") == 1
        yield Claim("AXB-EVENT-002", ok, f"events: expected a disconnect and no answer, came {kinds}")
    order = [kind for kind in wanted if kind in kinds]
    yield Claim("AXB-EVENT-011", kinds == order, f"order of events: expected {order}, came {kinds}")
    sessions = {str(info.get("sessionId")) for info in told.values()}
    yield Claim("AXB-EVENT-004", len(sessions) == 1, f"one sessionId expected, came {sorted(sessions)}")
    yield from _compare_times(call, told)
    if (callin := told.get("callin")) is not None:
        yield from compare_fields("AXB-EVENT-006", callin, caller=call.caller, called=call.x)
        if call.forwarded:
            data = callin.get("userData") or None
            expected = call.callin_user_data
            yield Claim("AXB-EVENT-010", data == expected, f"userData in callin: expected {expected!r}, came {data!r}")
    if (callout := told.get("callout")) is not None:
        yield from compare_fields("AXB-EVENT-007", callout, called=call.forwarded_to)
    if call.forwarded:
        for info in told.values():
            yield from compare_fields("AXB-EVENT-008", info, subscriptionId=call.subscription_id)
        yield from compare_later_user_data(call.user_data, told)
    if (gone := told.get("disconnect")) is not None:
        yield from compare_cause("AXB-EVENT-009", call.cause_requirement, call.causes, gone)


def compare_fields(requirement: str, info: Mapping[str, object], **fields: object) -> Iterator[Claim]:
    """Fields of an event that need not be told; where they are, they have these values."""
    for name, value in fields.items():
        came = info.get(name)
        if came not in (None, ""):
            ok = came == value
            yield Claim(requirement, ok, "" if ok else f"{name} of an event: expected {value!r}, came {came!r}")


def compare_cause(
    requirement: str, of_cause: str, causes: frozenset[int], info: Mapping[str, object]
) -> Iterator[Claim]:
    """StateCode and stateDesc of a disconnect: an integer and a text, where they are told; the code is the cause."""
    code, desc = info.get("stateCode"), info.get("stateDesc")
    ok = (code is None or type(code) is int) and (desc is None or (isinstance(desc, str) and bool(desc)))
    yield Claim(requirement, ok, f"disconnect: expected stateCode and stateDesc, came {code!r} and {desc!r}")
    if code is not None:
        wanted = sorted(causes)
        yield Claim(of_cause, code in wanted, f"stateCode: expected {wanted}, came {code!r}")


def compare_later_user_data(known: Collection[str], told: Mapping[str, Json]) -> Iterator[Claim]:
    """What events behind callin tell as userData, if they tell any, is one of the binding's texts."""
    for kind in ("callout", "alerting", "answer", "disconnect"):
        data = told.get(kind, {}).get("userData")
        if data:
            yield Claim("AXB-OPEN-036", data in known, f"userData in {kind}: expected {known}, came {data!r}")


def _compare_times(call: ExpectedCall, told: Mapping[str, Json]) -> Iterator[Claim]:
    expected = {"callin": call.placed_at, "alerting": call.alerting_at, "answer": call.answered_at}
    if call.ends_from == call.ends_by:
        expected["disconnect"] = call.ends_by
    for kind, info in told.items():
        at, wanted = seconds(info.get("timestamp")), expected.get(kind)
        ok = at is not None and wanted in {None, NEVER, at}
        rule = _rule_of_end(call, "AXB-EVENT-005") if kind == "disconnect" else "AXB-EVENT-005"
        yield Claim(rule, ok, f"timestamp of {kind}: expected {_time(wanted)}, came {info.get('timestamp')}")


def _rule_of_end(call: ExpectedCall, rule: str) -> str:
    """The rule of the limit where that ends the call: then it rules the second of the end too."""
    return "AXB-CALL-011" if call.causes == {TOO_LONG} else rule


def _info(body: Mapping[str, object]) -> Json:
    info = body.get("statusInfo")
    return info if isinstance(info, dict) else {}


# ── its CDR ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_cdrs(call: ExpectedCall, cdrs: Sequence[Json], app_key: str, *, recording: bool) -> Iterator[Claim]:
    """The CDRs of an ended call. `recording`: the application may record."""
    yield Claim("AXB-CDR-001", bool(cdrs), "expected a CDR, came none")
    yield Claim("AXB-CDR-018", len(cdrs) <= 1, f"expected one CDR, came {len(cdrs)}")
    if not cdrs:
        return
    cdr = cdrs[0]
    expected: list[tuple[str, str, object]] = [
        ("AXB-CDR-005", "bindNum", call.x),
        ("AXB-CDR-005", "callerNum", call.caller),
        ("AXB-CDR-005", "calleeNum", call.x),
        ("AXB-CDR-009", "serviceType", "004"),
        ("AXB-CDR-013", "appKey", app_key),
    ]
    if call.forwarded:
        expected.append(("AXB-CDR-005", "fwdDisplayNum", call.x))
        expected.append(("AXB-CDR-005", "fwdDstNum", call.forwarded_to))
        expected.append(("AXB-CDR-010", "subscriptionId", call.subscription_id))
    for requirement, name, value in expected:
        came = cdr.get(name)
        if came or name not in NOT_MANDATORY:
            yield Claim(requirement, came == value, f"CDR {name}: expected {value!r}, came {came!r}")
    direction = cdr.get("direction")
    wanted = sorted(call.directions)
    yield Claim("AXB-CDR-004", direction in wanted, f"CDR direction: expected {wanted}, came {direction!r}")
    yield from _compare_cdr_end(call, cdr)
    yield from _compare_cdr_times(call, cdr)
    if call.forwarded:
        yield from _compare_cdr_settings(call, cdr, recording=recording)


def _compare_cdr_end(call: ExpectedCall, cdr: Json) -> Iterator[Claim]:
    reason, wanted = cdr.get("ulFailReason"), sorted(call.causes)
    ok = fits(reason, call.causes)
    yield Claim("AXB-CDR-008", ok, f"ulFailReason: expected one that says as much as {wanted}, came {reason!r}")
    if call.answered_at == NEVER:
        at = cdr.get("fwdAnswerTime")
        yield Claim("AXB-CDR-007", not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


def _compare_cdr_times(call: ExpectedCall, cdr: Json) -> Iterator[Claim]:
    expected = [("callInTime", call.placed_at)]
    if call.answered_at != NEVER:
        expected += [("fwdAlertingTime", call.alerting_at), ("fwdAnswerTime", call.answered_at)]
    if call.ends_from == call.ends_by:
        expected.append(("callEndTime", call.ends_by))
    for name, at in expected:
        came = cdr.get(name)
        if not came and name in NOT_MANDATORY:
            continue
        rule = _rule_of_end(call, "AXB-CDR-006") if name == "callEndTime" else "AXB-CDR-006"
        yield Claim(rule, seconds(came) == at, f"CDR {name}: expected {_time(at)}, came {came!r}")


def _compare_cdr_settings(call: ExpectedCall, cdr: Json, *, recording: bool) -> Iterator[Claim]:
    data = str(cdr.get("userData") or "")
    ok = not data or data in call.user_data
    yield Claim("AXB-CDR-012", ok, f"CDR userData: expected {call.user_data}, came {data!r}")
    flag, name = cdr.get("recordFlag"), cdr.get("recordObjectName")
    if len(call.recorded) > 1:
        return
    if not (recording and call.recorded == {True} and call.answered_at != NEVER):
        yield Claim("AXB-CDR-011", flag in (0, None), f"recordFlag: expected 0, came {flag!r}")
    elif call.talk_seconds() >= SHORT_CALL:
        ok = flag == 1 and names_recording(cdr)
        yield Claim("AXB-CDR-011", ok, f"expected recordFlag 1 with name and domain, came {flag!r}, {name!r}")
    else:
        yield Claim("AXB-CDR-015", not name, f"a call of {call.talk_seconds()} s has the recording {name!r}")


def names_recording(cdr: Mapping[str, object], *, domain: bool = True) -> bool:
    """Whether a CDR says where its recording is: by name and domain, or where these are empty by an address."""
    by_name = bool(cdr.get("recordObjectName")) and (not domain or bool(cdr.get("recordDomain")))
    return by_name or bool(cdr.get("recordFileDownloadUrl"))


def _time(at: int | None) -> str:
    return "any" if at is None or at == NEVER else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"
