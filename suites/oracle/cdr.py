"""Compare the CDR of a call with its timeline.

A mode adds what it has on top (oracle/<mode>/compare.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.calls import ANYWHERE, NEVER
from privnum.suites.oracle.release_causes import fits
from privnum.suites.oracle.times import seconds, time_text
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.calls import ExpectedCall

__all__ = ["NOT_MANDATORY", "compare_cdrs", "compare_count", "names_recording"]

Json = dict[str, object]
SHORT_CALL = 3
"""A call under this many seconds has no recording (CDR-015)."""
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


def compare_cdrs(call: ExpectedCall, cdrs: Sequence[Json], app_key: str, *, recording: bool) -> Iterator[Claim]:
    """The CDRs of an ended call. `recording`: the application may record."""
    yield from compare_count(call, cdrs)
    if not cdrs:
        return
    cdr = cdrs[0]
    expected: list[tuple[str, str, object]] = [("CDR-005", name, number) for name, number in call.numbers().items()]
    expected += [("CDR-009", "serviceType", call.service_type), ("CDR-013", "appKey", app_key)]
    if call.forwarded and call.names_binding:
        expected.append(("CDR-010", "subscriptionId", call.subscription_id))
    for family, name, value in expected:
        came = cdr.get(name)
        if came or name not in NOT_MANDATORY:
            yield Claim(call.rule(family), came == value, f"CDR {name}: expected {value!r}, came {came!r}")
    if call.directions != ANYWHERE:
        direction, wanted = cdr.get("direction"), sorted(call.directions)
        ok = direction in wanted
        yield Claim(call.rule("CDR-004"), ok, f"CDR direction: expected {wanted}, came {direction!r}")
    yield from _compare_end(call, cdr)
    yield from _compare_times(call, cdr)
    if call.forwarded:
        yield from _compare_settings(call, cdr, recording=recording)


def compare_count(call: ExpectedCall, cdrs: Sequence[Json]) -> Iterator[Claim]:
    """That an ended call has one CDR, whatever is in it."""
    yield Claim(call.rule("CDR-001"), bool(cdrs), "expected a CDR, came none")
    yield Claim(call.rule("CDR-018"), len(cdrs) <= 1, f"expected one CDR, came {len(cdrs)}")


def _compare_end(call: ExpectedCall, cdr: Json) -> Iterator[Claim]:
    reason, wanted = cdr.get("ulFailReason"), sorted(call.causes)
    ok = fits(reason, call.causes)
    message = f"ulFailReason: expected one that says as much as {wanted}, came {reason!r}"
    yield Claim(call.rule("CDR-008"), ok, message)
    if call.answered_at == NEVER:
        at = cdr.get("fwdAnswerTime")
        yield Claim(call.rule("CDR-007"), not at, f"fwdAnswerTime of a call that was not answered: {at!r}")


def _compare_times(call: ExpectedCall, cdr: Json) -> Iterator[Claim]:
    expected = [("callInTime", call.placed_at)]
    if call.answered_at != NEVER:
        expected += [("fwdStartTime", call.forwarded_at), ("fwdAlertingTime", call.alerting_at)]
        expected.append(("fwdAnswerTime", call.answered_at))
    if call.ends_from == call.ends_by:
        expected.append(("callEndTime", call.ends_by))
    for name, at in expected:
        came = cdr.get(name)
        if at == NEVER or (not came and name in NOT_MANDATORY):
            continue
        rule = call.rule_of_end("CDR-006") if name == "callEndTime" else call.rule("CDR-006")
        yield Claim(rule, seconds(came) == at, f"CDR {name}: expected {time_text(at)}, came {came!r}")


def _compare_settings(call: ExpectedCall, cdr: Json, *, recording: bool) -> Iterator[Claim]:
    data = str(cdr.get("userData") or "")
    ok = not data or data in call.user_data
    yield Claim(call.rule("CDR-012"), ok, f"CDR userData: expected {call.user_data}, came {data!r}")
    yield from _compare_recording(call, cdr, recording=recording)


def _compare_recording(call: ExpectedCall, cdr: Json, *, recording: bool) -> Iterator[Claim]:
    """RecordFlag, and where the recording is.

    Where it was switched during the call, 0 is as good as 1 with a name.
    """
    flag, name = cdr.get("recordFlag"), cdr.get("recordObjectName")
    recorded = call.answered_at != NEVER and recording and True in call.recorded
    if not recorded:
        yield Claim(call.rule("CDR-011"), flag in (0, None), f"recordFlag: expected 0, came {flag!r}")
    elif call.talk_seconds() < SHORT_CALL:
        message = f"a call of {call.talk_seconds()} s has the recording {name!r}"
        yield Claim(call.rule("CDR-015"), not name, message)
    elif call.recorded == {True} or flag not in (0, None):
        ok = flag == 1 and names_recording(cdr, domain=call.recording_domain)
        message = f"expected recordFlag 1 and where the recording is, came {flag!r}, {name!r}"
        yield Claim(call.rule("CDR-011"), ok, message)


def names_recording(cdr: Mapping[str, object], *, domain: bool = True) -> bool:
    """Whether a CDR says where its recording is.

    By name and domain, or where these are empty by an address.
    """
    by_name = bool(cdr.get("recordObjectName")) and (not domain or bool(cdr.get("recordDomain")))
    return by_name or bool(cdr.get("recordFileDownloadUrl"))
