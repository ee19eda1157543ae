"""Recorded files: where they are, what they are, whose, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.checks.assertions import claim_refusal
from privnum.suites.checks.calls.profiles import NEEDS, check
from privnum.suites.oracle.recordings import DAYS, wav_format
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.download import download, is_address, is_of_target

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.calls.profile import CallProfile
    from privnum.suites.target.config import App

RECORDED = (*NEEDS, "recording")
FOUND, MOVED = 200, 301
LONGEST = 512
"""Characters of an address in Location."""
HOUR, DAY = 3600, 86_400
NOBODYS = "26010100000050000000000.wav"
"""A fileName of the form that captured ones have."""


class Recording(NamedTuple):
    """A recording as a CDR names it."""

    name: str
    domain: str


def new_recording(calls: CallProfile) -> Recording:
    """The recording of a new call.

    Raises NotExercised where the CDR names none, or has its address itself.
    """
    way = calls.ways(calls.bind_users(**calls.recording()))[0]
    cdr = calls.cdr(calls.completed_call(way, hang_up_after=10))
    name, domain = cdr.get("recordObjectName"), cdr.get("recordDomain")
    if not name or not domain:
        raise NotExercised("the CDR of a recorded call has no recordObjectName and recordDomain to ask with")
    return Recording(str(name), str(domain))


def ask_for_recording(calls: CallProfile, recording: Recording, app: App | None = None) -> Answer:
    """The answer to the question where a recording is."""
    query = {"fileName": recording.name, "recordDomain": recording.domain}
    return calls.context.request("common.recording", query=query, app=app or calls.side.app)


def claim_address(calls: CallProfile, rule: str, recording: Recording) -> str:
    """The address of a recording, which must be there."""
    answer = ask_for_recording(calls, recording)
    address = answer.header("location") or ""
    ok = answer.status == MOVED and is_address(address)
    calls.claim(
        rule, ok, f"where the recording of a CDR is: expected 301 and an address in Location, came {answer.summary}"
    )
    return address


def claim_no_recording(calls: CallProfile, rule: str, answer: Answer, what: str, code: str | None = None) -> None:
    """Claim that somebody asked in vain; with `code`, that the answer has it."""
    calls.claim(rule, answer.status != MOVED, f"{what}: expected a refusal, came {answer.summary}")
    claim_refusal(calls.context, rule, answer, what, code)


@check("COM-RECORD-001", "COM-RECORD-002", "COM-RECORD-008", needs=RECORDED)
def test_a_cdr_leads_to_its_recording(calls: CallProfile) -> None:
    """A CDR leads to an address, and that to a .wav file, signed or not."""
    recording = new_recording(calls)
    answer = ask_for_recording(calls, recording)
    address = claim_address(calls, "COM-RECORD-001", recording)
    calls.claim(
        "COM-RECORD-001", len(address) <= LONGEST, f"Location has {len(address)} characters, not 1 to {LONGEST}"
    )
    ok = answer.code is None
    calls.claim("COM-RECORD-001", ok, f"a redirect to a recording has the resultcode {answer.code!r}")
    file = download(calls.context, address)
    ok = file.status == FOUND and wav_format(file.content) is not None
    begin = file.content[:12]
    calls.claim(
        "COM-RECORD-002", ok, f"the address of a recording: expected a .wav, came HTTP {file.status}, {begin!r}"
    )
    if is_of_target(calls.context, address):
        again = download(calls.context, address, calls.side.app)
        ok = again.status == file.status and again.content == file.content
        calls.claim("COM-RECORD-008", ok, f"the address with a signature: expected the file, came HTTP {again.status}")


@check("COM-RECORD-003", "COM-RECORD-001", needs=RECORDED)
def test_recordings_are_there_for_seven_days(calls: CallProfile) -> None:
    """A recording is there an hour before its 7 days end, not an hour after."""
    recording = new_recording(calls)
    claim_address(calls, "COM-RECORD-001", recording)
    calls.context.advance(DAYS * DAY - HOUR)
    claim_address(calls, "COM-RECORD-003", recording)
    calls.context.advance(2 * HOUR)
    claim_no_recording(
        calls, "COM-RECORD-003", ask_for_recording(calls, recording), "a recording of 7 days ago", "1012007"
    )


@check("COM-RECORD-004", needs=("recording",))
def test_names_of_no_recording(calls: CallProfile) -> None:
    """Names that no CDR had are refused with 1012007."""
    for name in (NOBODYS, ".wav", "none"):
        answer = ask_for_recording(calls, Recording(name, "recordings.example.com"))
        claim_no_recording(calls, "COM-RECORD-004", answer, f"the recording {name!r}", "1012007")


@check("COM-RECORD-004", "COM-RECORD-001", needs=RECORDED)
def test_names_like_that_of_a_recording(calls: CallProfile) -> None:
    """What only begins or ends as the name of a recording is none."""
    recording = new_recording(calls)
    claim_address(calls, "COM-RECORD-001", recording)
    for name in (
        recording.name[1:],
        recording.name[:-1],
        f"{recording.name}x",
        recording.name.removesuffix(".wav")[:-1],
    ):
        answer = ask_for_recording(calls, recording._replace(name=name))
        claim_no_recording(calls, "COM-RECORD-004", answer, f"the recording {name!r}", "1012007")


@check("COM-RECORD-005", needs=("application_settings",))
def test_recording_must_be_open(calls: CallProfile) -> None:
    """An application without recording that asks for one gets 1012012."""
    calls.context.set_application(calls.side.app, recording=False)
    answer = ask_for_recording(calls, Recording(NOBODYS, "recordings.example.com"))
    claim_no_recording(calls, "COM-RECORD-005", answer, "a recording of an application without recording", "1012012")


@check("COM-RECORD-006", "COM-RECORD-001", needs=RECORDED)
def test_name_and_domain_are_required(calls: CallProfile) -> None:
    """Without fileName or recordDomain, or with a long one, a request fails."""
    recording = new_recording(calls)
    claim_address(calls, "COM-RECORD-001", recording)
    good = {"fileName": recording.name, "recordDomain": recording.domain}
    for name in good:
        rest = {other: value for other, value in good.items() if other != name}
        for query, how in (
            (rest, "without"),
            (rest | {name: ""}, "with an empty"),
            (rest | {name: "n" * 129}, "with a long"),
        ):
            answer = calls.context.request("common.recording", query=query, app=calls.side.app)
            claim_no_recording(calls, "COM-RECORD-006", answer, f"a request for a recording {how} {name}")


@check("COM-RECORD-007", "COM-RECORD-001", needs=(*RECORDED, "second_application"))
def test_recordings_of_others(calls: CallProfile) -> None:
    """A recording of one application is not given to another."""
    other = calls.side.second_app
    if not other.recording:
        raise NotExercised("the second application has no recording", "recording")
    recording = new_recording(calls)
    claim_address(calls, "COM-RECORD-001", recording)
    claim_no_recording(
        calls, "COM-RECORD-007", ask_for_recording(calls, recording, other), "a recording of another application"
    )
