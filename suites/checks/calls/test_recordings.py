"""Recordings: when a CDR has one, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.calls.profiles import NEEDS, check
from privnum.suites.oracle.cdr import names_recording

if TYPE_CHECKING:
    from privnum.suites.checks.calls.profile import CallProfile

RECORDED = (*NEEDS, "recording")
WHERE = "recordObjectName, or recordFileDownloadUrl"


@check("CDR-011", needs=RECORDED)
def test_recording(calls: CallProfile) -> None:
    """RecordFlag is 1, with a place, for a recorded answered call, else 0."""
    recorded = calls.tried_ways(calls.bind_users(**calls.recording()))
    for way in recorded:
        cdr = calls.cdr(calls.completed_call(way))
        calls.cdr_says("CDR-011", cdr, recordFlag=1)
        ok = names_recording(cdr, domain=calls.recording_domain)
        calls.claim("CDR-011", ok, f"a recorded call: expected {WHERE}, the CDR has {sorted(cdr)}")
    plain = calls.ways(calls.bind_users())[0]
    for way, how in ((plain, "answer"), (recorded[0], "busy"), (recorded[0], "reject")):
        calls.cdr_says("CDR-011", calls.cdr(calls.completed_call(way, behaviour=how)), recordFlag=0)


@check("CDR-015", "CDR-011", needs=RECORDED)
def test_short_calls_are_not_recorded(calls: CallProfile) -> None:
    """A talk of 2 seconds has no recording file, one of 4 has."""
    for way in calls.tried_ways(calls.bind_users(**calls.recording())):
        name = calls.cdr(calls.completed_call(way, hang_up_after=2)).get("recordObjectName")
        calls.claim("CDR-015", not name, f"a talk of 2 seconds has the recording {name!r}")
        cdr = calls.cdr(calls.completed_call(way, hang_up_after=4))
        ok = names_recording(cdr, domain=calls.recording_domain)
        calls.claim("CDR-011", ok, "a talk of 4 seconds has no recording")


@check("CDR-020", "CDR-021", needs=RECORDED)
def test_names_of_a_recording(calls: CallProfile) -> None:
    """RecordObjectName ends with .wav; the bucket is sp- and the app_key.

    The app_key of recordBucketName is in small letters.
    """
    way = calls.ways(calls.bind_users(**calls.recording()))[0]
    cdr = calls.cdr(calls.completed_call(way))
    name, folder = str(cdr.get("recordObjectName") or ""), cdr.get("recordBucketName")
    wanted = f"sp-{calls.side.app.key.lower()}"
    calls.claim("CDR-020", not name or name.endswith(".wav"), f"recordObjectName: expected a .wav, came {name!r}")
    ok = not folder or folder == wanted
    calls.claim("CDR-021", ok, f"recordBucketName: expected {wanted!r}, came {folder!r}")
